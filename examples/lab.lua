-- Uses the laboratory from Lua: measures some policies, compares two of them, and simulates a policy of our own.
-- usage: lua5.4 examples/lab.lua [seconds]: how long to measure; 0 measures each policy once.
local lab = require "dynarray.lab"
local simulate = require "dynarray.lab.model.simulate"

local SIZE = 100000

local all = lab.run {
  names = { "policies" }, parameters = { policy = { "double", 1.5, "cpython" }, block = { "copy" }, size = { SIZE } },
  budget = tonumber(arg[1]) or 1,
}
local run = all.runs[1]

print(("Appending %d numbers to an array that copies when it grows:"):format(SIZE))
for _, line in ipairs(lab.results.summary(run)) do
  if line.metric == "ns_per_append" then
    print(("  %-8s %5.1f ns an append (95%% interval %.1f to %.1f, %d samples)"):format(line.case.policy, line.median,
      line.low, line.high, line.n))
  end
end

local function samples(policy)
  return lab.results.samples(run, { policy = policy }, "ns_per_append")
end

local double, cpython = samples "double", samples "cpython"
if #double > 0 and #cpython > 0 then
  local compared = lab.stats.compare(double, cpython)
  print(("cpython takes %.2f times as long as double (p = %.3f): %s"):format(compared.ratio, compared.p,
    compared.verdict))
else
  print "A slow machine: not every policy was measured. Give it more seconds."
end

-- A policy of our own, tried without an array: a quarter more, in whole pages of 4096 bytes.
local function pages(capacity, needed, element_size)
  local bytes = math.max(needed, capacity + capacity // 4) * element_size
  return (bytes + 4095) // 4096 * 4096 // element_size
end

local figures = simulate.run(pages, 10 ^ 9 // 1 | 0)
print(("a quarter more, in whole pages: %d growths to 1e9 elements, %.1f copied for each, %.1f%% unused on average")
  :format(figures.growths, figures.copied_per_append, figures.unused_average * 100))
