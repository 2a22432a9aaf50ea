--- Which growth policy should a program use? A workload is run under every policy and kind of block, each run in a
-- process of its own; the answer is the cheapest in memory of those that are fast enough. Here the script is only
-- compiled: what it does when it is loaded is done in the processes that measure.
-- @module dynarray.lab.experiments.advise
local dynarray = require "dynarray"
local medians = require "dynarray.lab.report.medians"
local race = require "dynarray.lab.statistics.race"
local results = require "dynarray.lab.run.results"
local simulate = require "dynarray.lab.model.simulate"
local statistics = require "dynarray.lab.statistics"
local units = require "dynarray.lab.base.units"
local workload = require "dynarray.lab.experiments.shared.workload"

local probe = dynarray.probe

local TIME_MARGIN = 10 -- % over the best time
local MEMORY_MARGIN = 5 -- % over the least memory
local LEAST_BYTES = 1 << 18 -- of a difference in memory: Linux counts resident pages in lots of 64 a processor
local LEAST_RUNS = 4 -- of each: with fewer, no difference can be significant at 5%
local RACE_RUNS = 3 -- of each, before one is given up: one that was disturbed does not move the median of three
local FIRST_BYTES = 1 << 26 -- that are warmed up before the first run: it tells how many the workload takes
local MOST_STABLE = 100 -- arrays: each stable block is a mapping, and at least a huge page once written
local DEFAULT = { policy = "double", block = "auto" }

local names = table.move(simulate.policies, 1, #simulate.policies, 1, {})
table.move({ 1.125, 1.25, 3 }, 1, 3, #names + 1, names)

local advise = {
  name = "advise",
  module = "dynarray.lab.experiments.advise",
  question = "Which growth policy should this program use?",
  fresh = true,
  shifts_heap = true, -- see lua/dynarray/lab/run/child.lua
  parameters = {
    { name = "workload", default = {}, quick = {}, help = "Lua file that returns function(new)" },
    { name = "policy", default = names, quick = { "double", "1.5", "cpython" }, help = "names, factors, increment:N" },
    { name = "block", default = { "auto", "copy", "stable" }, quick = { "auto", "copy" }, help = "of the arrays" },
  },
  metrics = {
    { name = "ms", unit = "ms", better = "less" },
    { name = "peak_bytes", unit = "bytes", better = "less" }, -- above what the process held at the start
    { name = "held_bytes", unit = "bytes" },
    { name = "growths", unit = "" },
    { name = "arrays", unit = "" },
  },
}

function advise.check(parameters)
  for _, path in ipairs(parameters.workload) do
    workload.version(path)
  end
end

local TOO_MANY_STABLE = ("not measured: more than %d arrays, each of which would be a mapping"):format(MOST_STABLE)

-- Every policy is run with the first kind of block. Of the others, a stable block never moves, so that policies hardly
-- differ: it is run with the first. To copy all there is at each step of a constant takes minutes, and is not run.
local function makes_sense(case, parameters)
  if case.block == parameters.block[1] or case.policy == parameters.policy[1] then
    return true
  end
  return case.block ~= "stable" and not simulate.step(case.policy)
end

function advise.cases(parameters)
  local cases = {}
  for _, path in ipairs(parameters.workload) do
    local version = workload.version(path) -- so that samples of a script that was edited are of other cases
    for _, block in ipairs(parameters.block) do
      for _, policy in ipairs(parameters.policy) do
        local case = { workload = path, version = version, block = block, policy = policy }
        cases[#cases + 1] = makes_sense(case, parameters) and case or nil
      end
    end
  end
  return cases
end

function advise.measure(case)
  local run = workload.load(case.workload, case.version)
  collectgarbage()
  probe.reset_peak()
  local before = probe.memory()
  local start = probe.clock()
  local most = case.block == "stable" and MOST_STABLE or nil
  local arrays = workload.run(case.workload, run, simulate.growth(case.policy), case.block, most)
  local ns = probe.clock() - start
  if not arrays then
    return {}
  end
  local after, held = probe.memory(), dynarray.memory()
  return {
    ms = ns / 1e6, peak_bytes = after.peak and math.max(after.peak - before.resident, 0) or held.peak,
    held_bytes = held.peak, growths = held.growths, arrays = arrays,
  }
end

-- A difference in memory of so many bytes does not count.
local function margin(bytes)
  return math.max(bytes * MEMORY_MARGIN / 100, LEAST_BYTES)
end

function advise.touches(_, entry)
  local last = entry.samples[#entry.samples]
  return last and last.metrics.peak_bytes or FIRST_BYTES
end

local function is_default(case)
  return case.policy == DEFAULT.policy and case.block == DEFAULT.block
end

local function median_bytes(entry)
  return statistics.median(results.values(entry, "peak_bytes"))
end

-- The least memory of those that are fast enough for certain.
local function least_bytes(entries, standing)
  local least = math.huge
  for i, entry in ipairs(entries) do
    if standing[i] == "as good" then
      least = math.min(least, median_bytes(entry))
    end
  end
  return least
end

-- Of one workload: finds those that the recommendation will certainly not name, and tells whether the others are
-- settled.
local function losers_of(entries, losers)
  local standing = race.standing(results.by_round(entries, "ms"), TIME_MARGIN / 100)
  local least, decided = least_bytes(entries, standing), true
  for i, entry in ipairs(entries) do
    local seldom = #entry.samples < RACE_RUNS
    local lost = standing[i] == "worse" or not seldom and median_bytes(entry) > least + margin(least)
    if lost and not seldom and not is_default(entry.case) then
      losers[entry] = true
    elseif standing[i] == "open" or #entry.samples < statistics.enough then
      decided = false
    end
  end
  return decided
end

-- Time by memory. Of less memory than differs between two runs of the same, all count alike.
local function product_of(ms, bytes)
  return ms * math.max(bytes, LEAST_BYTES)
end

-- The most promising first: the default, then those with the least time, or the least product of time and memory. The
-- least time of a few runs is that of the least disturbed.
local function ranked(entries)
  local list, ms, product = table.move(entries, 1, #entries, 1, {}), {}, {}
  for _, entry in ipairs(entries) do
    local is_measured = entry.samples[1].metrics.peak_bytes
    ms[entry] = is_default(entry.case) and 0 or math.min(math.huge, table.unpack(results.values(entry, "ms")))
    product[entry] = is_measured and product_of(ms[entry], median_bytes(entry)) or math.huge
  end
  local function by(value)
    table.sort(list, function(x, y)
      if value[x] ~= value[y] then
        return value[x] < value[y]
      end
      return ms[x] < ms[y] or ms[x] == ms[y] and x.id < y.id
    end)
  end
  local place = {}
  by(ms)
  for k, entry in ipairs(list) do
    place[entry] = k
  end
  by(product)
  for k, entry in ipairs(list) do
    place[entry] = math.min(place[entry], k)
  end
  by(place)
  return list
end

-- Arms that are certainly too slow, or need certainly more memory than one that is certainly fast enough, leave their
-- time to the others. The default stays, to be compared with.
advise.race = {
  least = RACE_RUNS, ends_early = true, ranked = ranked,
  losers = function(entries)
    local workloads, losers, decided = {}, {}, true
    for _, entry in ipairs(entries) do
      local measured = entry.samples[1].metrics.ms and entry.samples[1].metrics.peak_bytes
      local key = entry.case.version .. entry.case.workload
      workloads[key] = workloads[key] or {}
      table.insert(workloads[key], measured and entry or nil)
      losers[entry] = not measured or nil
    end
    for _, group in pairs(workloads) do
      decided = #group > 0 and losers_of(group, losers) and decided
    end
    return losers, decided
  end,
}

local function label(case)
  return ("%s, %s"):format(case.policy, case.block)
end

-- The rows that were measured, by time.
local function measured(view)
  local rows = {}
  for i, row in ipairs(view.rows) do
    if row.metrics.ms and row.metrics.peak_bytes then
      rows[#rows + 1] = { case = row.case, ms = row.metrics.ms.median, bytes = row.metrics.peak_bytes.median,
        metrics = row.metrics, place = i }
    end
  end
  table.sort(rows, function(x, y)
    if x.ms ~= y.ms then
      return x.ms < y.ms
    end
    return x.bytes < y.bytes or x.bytes == y.bytes and x.place < y.place
  end)
  return rows
end

-- The rows, by time, to which no other is better in one of time and memory and as good in the other. Rows that are
-- equal in both are there together.
local function front_of(rows)
  local front = {}
  for _, row in ipairs(rows) do
    local last = front[#front]
    if not last or row.bytes < last.bytes or row.bytes == last.bytes and row.ms == last.ms then
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

-- Whether the row's samples are above the limit of the other's beyond chance, by Mann-Whitney.
local function above(run, row, other, metric, limit)
  local limits = {}
  for i, value in ipairs(results.samples(run, other.case, metric)) do
    limits[i] = limit(value)
  end
  return statistics.compare(limits, results.samples(run, row.case, metric)).verdict == "more"
end

local function times(x, y)
  return ("%.2f x"):format(x == y and 1 or x / y)
end

-- The run as one for each workload, and for each version of it that was measured.
local function by_workload(run)
  local list, known = {}, {}
  for _, entry in ipairs(run.cases) do
    local key = ("%s\0%s"):format(entry.case.workload, entry.case.version)
    local one = known[key]
    if not one then
      one = setmetatable({ cases = {} }, { __index = run })
      known[key] = one
      list[#list + 1] = one
    end
    table.insert(one.cases, entry)
  end
  for _, one in ipairs(list) do
    local case = one.cases[1].case
    local twice = known[case.workload]
    known[case.workload] = true
    local version = twice and (", version %s"):format(case.version) or ""
    one.title = #list == 1 and "The workload" or case.workload .. version
  end
  return list
end

-- Those that were run often enough to be compared; all if none was.
local function comparable(rows)
  local found = {}
  for _, row in ipairs(rows) do
    found[#found + 1] = row.metrics.ms.n >= LEAST_RUNS and row or nil
  end
  return #found > 0 and found or rows
end

local function too_slow(best)
  return best * (1 + TIME_MARGIN / 100)
end

local function too_large(least)
  return least + margin(least)
end

-- Those fast enough; and of them, those that need hardly more memory than the one with the least.
local function candidates(rows)
  local cheapest, found = rows[1], {}
  for _, row in ipairs(rows) do
    if row.ms <= too_slow(rows[1].ms) and row.bytes < cheapest.bytes then
      cheapest = row
    end
  end
  for _, row in ipairs(rows) do
    if row.ms <= too_slow(rows[1].ms) and row.bytes <= too_large(cheapest.bytes) then
      found[#found + 1] = row
    end
  end
  return found, cheapest
end

-- The least product of time and memory: one at the edge of either limit may be there by luck.
local function best_of(rows)
  local best = rows[1]
  for _, row in ipairs(rows) do
    if product_of(row.ms, row.bytes) < product_of(best.ms, best.bytes) then
      best = row
    end
  end
  return best
end

local function reason_for(pick, fastest, default, candidates_)
  local limits = ("within %d%% of the best time (%s, %s) and, of all so fast, within %d%% of the least memory"):format(
    TIME_MARGIN,
    label(fastest.case), units.number(fastest.ms * 1e6, "ns"), MEMORY_MARGIN)
  if pick == default then
    local others = candidates_ - 1
    local also = others == 1 and ", as is another" or others > 1 and (", as are %d others"):format(others) or ""
    return "the default is " .. limits .. also
  elseif not default then
    return "it is the best " .. limits
  end
  return ("it is the best %s, at %s the time and %s the memory of the default"):format(limits,
    times(pick.ms, default.ms), times(pick.bytes, default.bytes))
end

-- Why the default stands although its medians are above the limits; nil if they are beyond chance.
local function chance(run, pick, default, fastest, cheapest)
  local runs = math.min(pick.metrics.ms.n, default.metrics.ms.n)
  if runs < LEAST_RUNS then
    return ("%s looked better, but %d of each are too few runs to tell, so that the default stands: give it more time")
      :format(label(pick.case), runs)
  elseif above(run, default, fastest, "ms", too_slow) or above(run, default, cheapest, "peak_bytes", too_large) then
    return nil
  end
  return ("the default, since what %s gains over it may be chance (%s its time, %s its memory; Mann-Whitney test)")
    :format(label(pick.case), times(pick.ms, default.ms), times(pick.bytes, default.bytes))
end

--- The recommendation, for a run of one workload. Those that were run fewer than four times are not compared, if there
-- are others: the race gives up early what is certainly worse. Those within 10% of the best median time are fast
-- enough; of these, those within 5% (or 256 KiB) of the least peak memory are cheap enough; of these, the default if it
-- is one, else that with the least product of time and memory. The default also stands if it may be outside these
-- limits by chance (Mann-Whitney, of its samples and the limits that the best one's samples set).
-- @param run the run of this experiment
-- @return a table { case, ms, bytes, reason, front = rows of the Pareto front, rows = all, by time }; nil if nothing
-- was measured
function advise.recommend(run)
  local rows = measured(medians.of(run))
  if #rows == 0 then
    return nil
  end
  local compared = comparable(rows)
  local chosen, cheapest = candidates(compared)
  local default = find(rows, DEFAULT)
  local pick = find(chosen, DEFAULT) or best_of(chosen)
  local objection = default and pick ~= default and chance(run, pick, default, compared[1], cheapest)
  if objection then
    pick = default
  end
  return {
    case = pick.case, ms = pick.ms, bytes = pick.bytes,
    reason = objection or reason_for(pick, compared[1], default, #chosen),
    front = front_of(rows), rows = rows,
  }
end

-- The policy as dynarray.new takes it.
local function literal(policy)
  local growth = simulate.growth(policy)
  return type(growth) == "string" and ("%q"):format(growth) or ("%.14g"):format(growth)
end

local function sentence(run)
  local advice = advise.recommend(run)
  if not advice then
    return "Nothing was measured."
  end
  return ("Use growth = %s, block = %q: %s. It takes %s and up to %s of RAM."):format(literal(advice.case.policy),
    advice.case.block, advice.reason, units.number(advice.ms * 1e6, "ns"), units.number(advice.bytes, "bytes"))
end

function advise.answer(run)
  local list, sentences = by_workload(run), {}
  for i, one in ipairs(list) do
    sentences[i] = (#list > 1 and one.title .. ": " or "") .. sentence(one)
  end
  return #list > 0 and table.concat(sentences, " ") or "Nothing was measured."
end

local function interval(line)
  if line.n < statistics.least then
    return "-"
  end
  local low, high = units.number(line.low * 1e6, "ns"), units.number(line.high * 1e6, "ns")
  local has_same_unit = low:match "%a+$" == high:match "%a+$"
  return ("%s to %s"):format(has_same_unit and low:match "^%S+" or low, high)
end

local function table_of(run)
  local advice = advise.recommend(run)
  if not advice then
    return nil
  end
  local on_front, rows = {}, {}
  for _, row in ipairs(advice.front) do
    on_front[row.case] = true
  end
  for i, row in ipairs(advice.rows) do
    local m = row.metrics
    local remark = row.case == advice.case and "recommended" or on_front[row.case] and "Pareto front" or ""
    rows[i] = {
      tostring(row.case.policy), row.case.block, units.number(row.ms * 1e6, "ns"),
      interval(m.ms), row.bytes, m.held_bytes and m.held_bytes.median, m.growths and m.growths.median, m.ms.n, remark,
    }
  end
  for _, entry in ipairs(run.cases) do
    local sample = entry.samples[1]
    local remark = entry.error or sample and not sample.metrics.ms and TOO_MANY_STABLE
    if remark then
      rows[#rows + 1] = { tostring(entry.case.policy), entry.case.block, nil, nil, nil, nil, nil, nil, remark }
    end
  end
  return {
    title = run.title .. " under each policy, by time; peak: the most RAM, above what the process had at "
      .. "first; Pareto front: no other is faster with as little memory, or as fast with less",
    columns = {
      { name = "policy" }, { name = "block" }, { name = "time" }, { name = "95% interval" },
      { name = "peak", unit = "bytes" }, { name = "in arrays", unit = "bytes" }, { name = "growths" },
      { name = "runs" }, { name = "" },
    },
    rows = rows,
  }
end

-- What make(run, number) gives for each workload of the run.
local function each(run, make)
  local made = {}
  for i, one in ipairs(by_workload(run)) do
    made[#made + 1] = make(one, i)
  end
  return made
end

function advise.tables(run)
  return each(run, table_of)
end

local function plot_of(run, number)
  local advice = advise.recommend(run)
  if not advice then
    return nil
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
  -- The first is the one that finds a place for its label.
  local marks = { { x = advice.ms, y = advice.bytes, label = label(advice.case) .. " (recommended)" } }
  for i, row in ipairs(advice.front) do
    front.x[i], front.y[i] = row.ms, row.bytes
    if row.case ~= advice.case then
      marks[#marks + 1] = { x = row.ms, y = row.bytes, label = label(row.case) }
    end
  end
  lines[#lines + 1] = front
  return {
    name = number == 1 and "advise" or ("advise-%d"):format(number),
    title = run.title .. ": time and peak memory under each policy", kind = "points",
    x = { label = "time", unit = "ms" }, y = { label = "peak above start", unit = "bytes" }, lines = lines,
    marks = marks, finding = ("Recommended is %s: %s, and %s at the peak."):format(label(advice.case),
      units.number(advice.ms * 1e6, "ns"), units.number(advice.bytes, "bytes")),
  }
end

function advise.plots(run)
  return each(run, plot_of)
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
  local all = require("dynarray.lab.run.runner").run(asked)
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
