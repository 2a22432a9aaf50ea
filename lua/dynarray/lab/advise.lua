--- Which growth policy should a program use? A workload is run under every policy and kind of block, each run in a
-- process of its own; the answer is the cheapest in memory of those that are fast enough.
-- @module dynarray.lab.advise
local dynarray = require "dynarray"
local figures = require "dynarray.lab.experiments.figures"
local results = require "dynarray.lab.results"
local simulate = require "dynarray.lab.simulate"
local stats = require "dynarray.lab.stats"
local text = require "dynarray.lab.text"
local workload = require "dynarray.lab.workload"

local probe = dynarray.probe

local TIME_MARGIN = 10 -- % over the best time
local MEMORY_MARGIN = 5 -- % over the least memory
local LEAST_RUNS = 4 -- of each: with fewer, no difference can be significant at 5%
local MOST_STABLE = 100 -- arrays: each stable block is a mapping, and at least a huge page once written
local DEFAULT = { policy = "double", block = "auto" }

local names = table.move(simulate.policies, 1, #simulate.policies, 1, {})
table.move({ 1.125, 1.25, 3 }, 1, 3, #names + 1, names)

local advise = {
  name = "advise",
  module = "dynarray.lab.advise",
  question = "Which growth policy should this program use?",
  fresh = true,
  parameters = {
    { name = "workload", default = {}, quick = {}, help = "Lua file that returns function(new)" },
    { name = "policy", default = names, quick = { "double", "1.5", "cpython" }, help = "names, factors, increment:N" },
    { name = "block", default = { "auto", "copy", "stable" }, quick = { "auto", "copy" }, help = "of the arrays" },
  },
  metrics = {
    { name = "ms", unit = "ms", better = "less" },
    { name = "peak_bytes", unit = "bytes", better = "less" }, -- of the whole process
    { name = "held_bytes", unit = "bytes" },
    { name = "growths", unit = "" },
    { name = "arrays", unit = "" },
  },
}

function advise.check(parameters)
  for _, path in ipairs(parameters.workload) do
    workload.load(path)
  end
end

local TOO_MANY_STABLE = ("not measured: more than %d arrays, each of which would be a mapping"):format(MOST_STABLE)

-- Every policy is run with the first kind of block, the other kinds with the first policy: a stable block never moves,
-- so that policies hardly differ, and copying is never better than not.
local function makes_sense(case, parameters)
  return case.block == parameters.block[1] or case.policy == parameters.policy[1]
end

function advise.cases(parameters)
  local cases = {}
  for _, path in ipairs(parameters.workload) do
    for _, block in ipairs(parameters.block) do
      for _, policy in ipairs(parameters.policy) do
        local case = { workload = path, block = block, policy = policy }
        cases[#cases + 1] = makes_sense(case, parameters) and case or nil
      end
    end
  end
  return cases
end

function advise.measure(case)
  local run = workload.load(case.workload)
  collectgarbage()
  probe.reset_peak()
  local start = probe.clock()
  local most = case.block == "stable" and MOST_STABLE or nil
  local arrays = workload.run(case.workload, run, simulate.growth(case.policy), case.block, most)
  local ns = probe.clock() - start
  if not arrays then
    return {}
  end
  local after, held = probe.memory(), dynarray.memory()
  return {
    ms = ns / 1e6, peak_bytes = after.peak or held.peak,
    held_bytes = held.peak, growths = held.growths, arrays = arrays,
  }
end

local function label(case)
  return ("%s, %s"):format(case.policy, case.block)
end

-- The rows that were measured, by time.
local function measured(view)
  local rows = {}
  for _, row in ipairs(view.rows) do
    if row.metrics.ms and row.metrics.peak_bytes then
      rows[#rows + 1] = { case = row.case, ms = row.metrics.ms.median, bytes = row.metrics.peak_bytes.median,
        metrics = row.metrics }
    end
  end
  table.sort(rows, function(x, y)
    if x.ms ~= y.ms then
      return x.ms < y.ms
    end
    return x.bytes < y.bytes
  end)
  return rows
end

-- By time, those that no other beats in time and memory.
local function front_of(rows)
  local front, least = {}, math.huge
  for _, row in ipairs(rows) do
    if row.bytes < least then
      least = row.bytes
      front[#front + 1] = row
    end
  end
  return front
end

local function find(rows, wanted)
  for _, row in ipairs(rows) do
    if row.case.policy == wanted.policy and row.case.block == wanted.block then
      return row
    end
  end
end

-- Whether x takes significantly less than y, by Mann-Whitney.
local function less(run, x, y, metric)
  local compared = stats.compare(results.samples(run, y.case, metric), results.samples(run, x.case, metric))
  return compared.verdict == "less"
end

local function times(x, y)
  return ("%.2f x"):format(x / y)
end

-- Of those fast enough, those that need hardly more memory than the least.
local function candidates(rows)
  local fast, least, found = {}, math.huge, {}
  for _, row in ipairs(rows) do
    if row.ms <= rows[1].ms * (1 + TIME_MARGIN / 100) then
      fast[#fast + 1] = row
      least = math.min(least, row.bytes)
    end
  end
  for _, row in ipairs(fast) do
    if row.bytes <= least * (1 + MEMORY_MARGIN / 100) then
      found[#found + 1] = row
    end
  end
  return found
end

local function reason_for(pick, fastest, default)
  local limits = ("within %d%% of the best time (%s, %s) and then within %d%% of the least memory"):format(TIME_MARGIN,
    label(fastest.case), text.number(fastest.ms * 1e6, "ns"), MEMORY_MARGIN)
  if pick == default then
    return "the default is " .. limits
  elseif not default then
    return "it is the fastest " .. limits
  end
  return ("it is the fastest %s, at %s the time and %s the memory of the default"):format(limits,
    times(pick.ms, default.ms), times(pick.bytes, default.bytes))
end

-- Why a difference from the default is none; nil if it is one.
local function no_better(run, pick, default)
  local runs = math.min(pick.metrics.ms.n, default.metrics.ms.n)
  if less(run, pick, default, "ms") or less(run, pick, default, "peak_bytes") then
    return nil
  elseif runs < LEAST_RUNS then
    return ("%s looked better, but %d of each are too few runs to tell, so that the default stands: give it more time")
      :format(label(pick.case), runs)
  end
  return ("%s is no better than the default beyond noise (%s its time, %s its memory; Mann-Whitney)"):format(
    label(pick.case), times(pick.ms, default.ms), times(pick.bytes, default.bytes))
end

--- The recommendation. Those within 10% of the best median time are fast enough; of these, those within 5% of the least
-- peak memory are cheap enough; of these, the default if it is one, else the fastest. The default also stands where the
-- choice is not better than it, in time or memory, beyond chance (Mann-Whitney).
-- @param run the run of this experiment
-- @return a table { case, ms, bytes, reason, front = rows of the Pareto front, rows = all, by time }; nil if nothing
-- was measured
function advise.recommend(run)
  local rows = measured(figures.of(run))
  if #rows == 0 then
    return nil
  end
  local chosen, default = candidates(rows), find(rows, DEFAULT)
  local pick = find(chosen, DEFAULT) or chosen[1]
  local objection = default and pick ~= default and no_better(run, pick, default)
  if objection then
    pick = default
  end
  return {
    case = pick.case, ms = pick.ms, bytes = pick.bytes, reason = objection or reason_for(pick, rows[1], default),
    front = front_of(rows), rows = rows,
  }
end

function advise.answer(run)
  local advice = advise.recommend(run)
  if not advice then
    return "Nothing was measured."
  end
  return ("Use growth = %s, block = %q: %s; it takes %s and %s at its peak."):format(
    type(advice.case.policy) == "string" and ("%q"):format(advice.case.policy) or advice.case.policy,
    advice.case.block, advice.reason, text.number(advice.ms * 1e6, "ns"), text.number(advice.bytes, "bytes"))
end

function advise.tables(run)
  local advice = advise.recommend(run)
  if not advice then
    return {}
  end
  local on_front, rows = {}, {}
  for _, row in ipairs(advice.front) do
    on_front[row.case] = true
  end
  for i, row in ipairs(advice.rows) do
    local m = row.metrics
    local remark = row.case == advice.case and "recommended" or on_front[row.case] and "Pareto front" or ""
    rows[i] = {
      tostring(row.case.policy), row.case.block, text.number(row.ms * 1e6, "ns"),
      ("%s to %s"):format(text.number(m.ms.low * 1e6, "ns"), text.number(m.ms.high * 1e6, "ns")),
      row.bytes, m.held_bytes and m.held_bytes.median, m.growths and m.growths.median, m.ms.n, remark,
    }
  end
  for _, entry in ipairs(run.cases) do
    local sample = entry.samples[1]
    local remark = entry.error or sample and not sample.metrics.ms and TOO_MANY_STABLE
    if remark then
      rows[#rows + 1] = { tostring(entry.case.policy), entry.case.block, nil, nil, nil, nil, nil, nil, remark }
    end
  end
  return { {
    title = "The workload under each policy, by time",
    columns = {
      { name = "policy" }, { name = "block" }, { name = "time" }, { name = "95% interval" },
      { name = "peak", unit = "bytes" }, { name = "held in arrays", unit = "bytes" }, { name = "growths" },
      { name = "runs" }, { name = "" },
    },
    rows = rows,
  } }
end

function advise.plots(run)
  local advice = advise.recommend(run)
  if not advice then
    return {}
  end
  local lines, front = {}, { label = "Pareto front", x = {}, y = {}, style = "line" }
  for _, row in ipairs(advice.rows) do
    local line
    for _, other in ipairs(lines) do
      line = other.block == row.case.block and other or line
    end
    if not line then
      line = { label = ("block %q"):format(row.case.block), block = row.case.block, x = {}, y = {}, style = "points" }
      lines[#lines + 1] = line
    end
    table.insert(line.x, row.ms)
    table.insert(line.y, row.bytes)
  end
  local marks = {}
  for i, row in ipairs(advice.front) do
    front.x[i], front.y[i] = row.ms, row.bytes
    local recommended = row.case == advice.case and " (recommended)" or ""
    marks[i] = { x = row.ms, y = row.bytes, label = label(row.case) .. recommended }
  end
  if not find(advice.front, advice.case) then
    marks[#marks + 1] = { x = advice.ms, y = advice.bytes, label = label(advice.case) .. " (recommended)" }
  end
  lines[#lines + 1] = front
  return { {
    name = "advise", title = "Time and peak memory under each policy", kind = "points",
    x = { label = "time", unit = "ms" }, y = { label = "peak", unit = "bytes" }, lines = lines, marks = marks,
  } }
end

--- Runs a workload under every policy and block.
-- @param path the script
-- @param options as lab.run's; `parameters` may name policies and blocks
-- @return results; the advice is `advise.recommend(results.runs[1])`, in words `advise.answer(results.runs[1])`
function advise.advise(path, options)
  local asked = {}
  for key, value in pairs(options or {}) do
    asked[key] = value
  end
  asked.names, asked.parameters = { advise }, { workload = { path } }
  for key, value in pairs(options and options.parameters or {}) do
    asked.parameters[key] = value
  end
  workload.load(path)
  local all = require("dynarray.lab.runner").run(asked)
  local first
  for _, entry in ipairs(all.runs[1].cases) do
    if not entry.error then
      return all
    end
    first = first or entry.error
  end
  if first and not all.interrupted then
    error(first, 0)
  end
  return all
end

return advise
