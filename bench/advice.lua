-- bench/advice.lua [--rounds N] [--budget SECONDS] [WORKLOAD ...]: is the advice of `dynarray-lab advise` right?
--
-- Each workload (examples/workloads, if none is named) is run under every policy and block in N rounds, by default 15,
-- in random order and without giving any up: that tells what is truly best. Then advise has its minute. Its advice is
-- right if all rounds together give the same; or if, by their medians, it is within 12% of the best time and within 6%
-- (or 300 KiB) of the least memory of those within 10%: what advise promises, and room for the noise of both. Ten
-- workloads take an hour; with `--rounds 4 --budget 40` eleven minutes on an idle machine.
package.path = "lua/?.lua;lua/?/init.lua;" .. package.path
local advise = require "dynarray.lab.experiments.advise"
local lab = require "dynarray.lab"
local units = require "dynarray.lab.base.units"

local TIME, FAST, MEMORY, BYTES = 1.12, 1.10, 1.06, 300 << 10

local rounds, budget, paths = 15, 60, {}
do
  local i = 1
  while arg[i] do
    if arg[i] == "--rounds" then
      rounds, i = tonumber(arg[i + 1]), i + 1
    elseif arg[i] == "--budget" then
      budget, i = tonumber(arg[i + 1]), i + 1
    else
      paths[#paths + 1] = arg[i]
    end
    i = i + 1
  end
end
if #paths == 0 then
  for path in io.popen("ls examples/workloads/*.lua"):lines() do
    paths[#paths + 1] = path
  end
end

-- Advise without its race, one round a run, the runs joined.
local function exhaustive(path)
  local all = setmetatable({ race = false }, { __index = advise })
  local joined
  for round = 1, rounds do
    local results = lab.run { names = { all }, parameters = { workload = { path } }, budget = 0, seed = round }
    joined = joined or results.runs[1]
    for k, entry in ipairs(round > 1 and results.runs[1].cases or {}) do
      for _, sample in ipairs(entry.samples) do
        sample.round = round
        table.insert(joined.cases[k].samples, sample)
      end
    end
  end
  return advise.recommend(joined)
end

local function label(case)
  return ("%s, %s"):format(case.policy, case.block)
end

local function find(rows, case)
  for _, row in ipairs(rows) do
    if row.case.policy == case.policy and row.case.block == case.block then
      return row
    end
  end
end

-- How the advice stands in the truth: times the best time, times the least memory of those fast enough, and both words.
local function judged(advice, truth)
  local best, least = truth.rows[1].ms, math.huge
  for _, row in ipairs(truth.rows) do
    least = row.ms <= best * FAST and math.min(least, row.bytes) or least
  end
  local row = find(truth.rows, advice.case)
  local is_right = row.ms <= best * TIME and row.bytes <= math.max(least * MEMORY, least + BYTES)
  local is_same = advice.case.policy == truth.case.policy and advice.case.block == truth.case.block
  return is_right or is_same, row.ms / best, row.bytes, least
end

local right = 0
for _, path in ipairs(paths) do
  local truth = exhaustive(path)
  local start = os.time()
  local results = lab.advise(path, { budget = budget, width = 0 })
  local seconds = os.time() - start
  local advice = advise.recommend(results.runs[1])
  local is_right, time, bytes, least = judged(advice, truth)
  right = right + (is_right and 1 or 0)
  print(("%-36s %-22s %s: %.2f x the best time, %s (least %s); truth: %s; %d s"):format(path, label(advice.case),
    is_right and "right" or "WRONG", time, units.number(bytes, "bytes"), units.number(least, "bytes"),
    label(truth.case), seconds))
end
print(("%d of %d right"):format(right, #paths))
