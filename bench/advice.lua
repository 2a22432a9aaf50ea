-- bench/advice.lua [--rounds N] [--final SECONDS] [--budget SECONDS] [WORKLOAD ...]: is the advice of `dynarray-lab
-- advise` right?
--
-- What is truly best is found in two steps. Each workload (examples/workloads, if none is named) runs under every
-- policy and block in N rounds, by default 6, in random order and without giving any up. The least of so many medians
-- is the luckiest, not the best. So the finalists (the fastest, those with little memory, the advice and the default)
-- are measured anew, in turns, and only these samples count. The advice is right if, by their medians, it is within 12%
-- of the best time and within 6% (or 300 KiB) of the least memory of those within 10%: what advise promises, and room
-- for the noise of both; or if the finals alone give the same advice. Ten workloads take half an hour, with
-- `--rounds 3 --final 25 --budget 40` a quarter, on an idle machine.
package.path = "lua/?.lua;lua/?/init.lua;" .. package.path
local advise = require "dynarray.lab.experiments.advise"
local lab = require "dynarray.lab"
local units = require "dynarray.lab.base.units"

local TIME, FAST, MEMORY, BYTES = 1.12, 1.10, 1.06, 300 << 10

local FINALISTS = 6 -- by time, and half as many by memory

local rounds, final, budget, paths = 6, 40, 60, {}
do
  local i = 1
  while arg[i] do
    if arg[i] == "--rounds" then
      rounds, i = tonumber(arg[i + 1]), i + 1
    elseif arg[i] == "--final" then
      final, i = tonumber(arg[i + 1]), i + 1
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

-- Advise without its race; with only the cases for which keep(case), if that is given.
local function every_case(keep)
  return setmetatable({ race = false, cases = function(parameters)
    local kept = {}
    for _, case in ipairs(advise.cases(parameters)) do
      kept[#kept + 1] = (not keep or keep(case)) and case or nil
    end
    return kept
  end }, { __index = advise })
end

-- One round a run, the runs joined.
local function exhaustive(path)
  local joined
  for round = 1, rounds do
    local results = lab.run { names = { every_case() }, parameters = { workload = { path } }, budget = 0, seed = round }
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

-- Those that may be truly best, measured anew.
local function finals(path, first, advice)
  local chosen = { [label(advice.case)] = true, [label(first.case)] = true, ["double, auto"] = true }
  local cheap = {}
  for k, row in ipairs(first.rows) do
    chosen[label(row.case)] = chosen[label(row.case)] or k <= FINALISTS
    cheap[k] = row.ms <= first.rows[1].ms * FAST * FAST and row or nil
  end
  table.sort(cheap, function(x, y) return x.bytes < y.bytes end)
  for k = 1, math.min(FINALISTS // 2, #cheap) do
    chosen[label(cheap[k].case)] = true
  end
  local run = lab.run { names = { every_case(function(case) return chosen[label(case)] end) },
    parameters = { workload = { path } }, budget = final, width = 0 }
  return advise.recommend(run.runs[1])
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
  local first = exhaustive(path)
  local start = os.time()
  local results = lab.advise(path, { budget = budget, width = 0 })
  local seconds = os.time() - start
  local advice = advise.recommend(results.runs[1])
  local truth = finals(path, first, advice)
  local is_right, time, bytes, least = judged(advice, truth)
  right = right + (is_right and 1 or 0)
  print(("%-36s %-22s %s: %.2f x the best time, %s (least %s); truth: %s; %d s"):format(path, label(advice.case),
    is_right and "right" or "WRONG", time, units.number(bytes, "bytes"), units.number(least, "bytes"),
    label(truth.case), seconds))
  for _, row in ipairs(truth.rows) do
    local ms = row.metrics.ms
    print(("    %-24s %8s (%s to %s, %d runs) %9s"):format(label(row.case), units.number(row.ms * 1e6, "ns"),
      units.number((ms.low or 0) * 1e6, "ns"), units.number((ms.high or 0) * 1e6, "ns"), ms.n,
      units.number(row.bytes, "bytes")))
  end
end
print(("%d of %d right"):format(right, #paths))
