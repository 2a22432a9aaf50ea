--- The time of every single append: how often one takes long, and how long.
local arrays = require "dynarray.lab.experiments.shared.arrays"
local combinations = require "dynarray.lab.experiments.shared.combinations"
local dynarray = require "dynarray"
local medians = require "dynarray.lab.report.medians"
local memory_state = require "dynarray.lab.experiments.shared.memory_state"
local results = require "dynarray.lab.run.results"
local sampling = require "dynarray.lab.experiments.shared.sampling"
local sentence = require "dynarray.lab.report.sentence"
local simulate = require "dynarray.lab.model.simulate"
local units = require "dynarray.lab.base.units"

local probe = dynarray.probe

local POINTS = 24 -- of the plot against time; each is the slowest append of its span
local DISTRIBUTION_POINTS = 100
local QUANTILES = { 0.5, 0.9, 0.99, 0.999, 0.9999 }
local QUANTILE_NAMES = { "p50", "p90", "p99", "p99.9", "p99.99" }

local latency = {
  name = "latency",
  question = "What does one growth cost, and which append is the slowest?",
  fresh = true,
  parameters = {
    { name = "policy", default = { "1.5", "double" }, quick = { "double" }, help = "names, factors, increment:N" },
    { name = "block", default = { "auto", "copy" }, quick = { "auto", "copy" }, help = "auto, copy or stable" },
    { name = "type", default = { "int64" }, quick = { "int64" }, help = "element type" },
    { name = "size", default = { 1e6 }, all = { 1e7 }, quick = { 1e4 }, help = "elements appended" },
    memory_state,
  },
  metrics = {
    { name = "mean", unit = "ns", better = "less" },
    { name = "p50", unit = "ns", better = "less" },
    { name = "p90", unit = "ns", better = "less" },
    { name = "p99", unit = "ns", better = "less" },
    { name = "p99.9", unit = "ns", better = "less" },
    { name = "p99.99", unit = "ns", better = "less", main = true },
    { name = "max", unit = "ns", better = "less" },
    { name = "max_at", unit = "", told = "range" },
    -- 1: the slowest append was one that grew; 0: it waited for something else
    { name = "max_grows", unit = "", told = "count" },
    { name = "last_growth", unit = "ns", better = "less" },
    { name = "clock", unit = "ns" },
  },
}

function latency.cases(parameters)
  return combinations(parameters, "size", "policy", "block", "type", "memory")
end

function latency.needed(case)
  return case.policy == "double"
end

-- The slowest append of each span, the spans growing with the append's number as growths do.
local function slowest(times, subtract)
  local ends = sampling.log_spaced(1, #times, POINTS)
  local series, first = { x = {}, y = {} }, 1
  local most, most_at = -1, 0
  for i, last in ipairs(ends) do
    local span = times:view(first, last)
    local worst = span:max()
    if worst > most then
      most, most_at = worst, first - 1 + span:index_of(worst)
    end
    series.x[i], series.y[i] = last, subtract(worst)
    first = last + 1
  end
  return series, most_at
end

-- The time that one append in x reaches; sorted: ascending.
local function distribution(sorted, subtract)
  local series = { x = {}, y = {} }
  for i, one_in in ipairs(sampling.log_spaced(1, #sorted, DISTRIBUTION_POINTS)) do
    series.x[i], series.y[i] = one_in, subtract(sorted[#sorted - (#sorted - 1) // one_in])
  end
  return series
end

-- The last growth up to that append: how many elements the array has then. The append after them finds it full.
local function full_before(case, append)
  local step = simulate.step(case.policy)
  if step then
    return (append - 1) // step * step
  end
  local next_capacity, size = simulate.next(case.policy), arrays.element_size(case.type)
  local full, capacity = 0, 0
  while capacity < append do
    full, capacity = capacity, next_capacity(capacity, capacity + 1, size)
  end
  return full
end

-- Whether that append finds the array full.
local function grows(case, append)
  return full_before(case, append) == append - 1
end

local BYTES_OF_TIME = 4

function latency.touches(case)
  return case.size * BYTES_OF_TIME + arrays.peak_bytes(case)
end

function latency.measure(case)
  arrays.need(latency.touches(case))
  local clock = probe.overhead().clock
  local function subtract(ns)
    return math.max(ns - clock, 0)
  end
  -- Written before, so that its own page faults are not measured.
  local times <close> = dynarray.filled(case.size, 1, "uint32")
  local a <close> = arrays.new(case)
  probe.appends(a, case.size, times)
  local metrics = { clock = clock, mean = subtract(times:mean()) }
  local spikes, at = slowest(times, subtract)
  metrics.max_at, metrics.max_grows = at, grows(case, at) and 1 or 0
  metrics.last_growth = subtract(times[full_before(case, case.size) + 1])
  times:sort()
  for i, q in ipairs(QUANTILES) do
    metrics[QUANTILE_NAMES[i]] = subtract(times[math.max(math.ceil(q * #times), 1)])
  end
  metrics.max = subtract(times[#times])
  return metrics, { spikes = spikes, distribution = distribution(times, subtract) }
end

local function label(case)
  return ("%s, %s"):format(case.policy, case.block)
end

-- How to read the distribution: a logarithmic axis has no place for appends that take no longer than the clock.
local function distribution_read(lines)
  local first = "Far left stands what the quickest appends take."
  for _, line in ipairs(lines) do
    if line.y[1] <= 0 then
      first = "The clock's own time is subtracted: a line begins where an append takes longer than the clock."
    end
  end
  return first .. " Each place to the right is rarer: at 1000, one append in a thousand takes that time or more, and "
    .. "far right stands the slowest of all."
end

function latency.plots(run)
  local view = medians.of(run)
  local plots = {}
  for _, size in ipairs(view:values("size")) do
    local distributions = view:median_series({ size = size }, "distribution", view:labels(label))
    plots[#plots + 1] = {
      name = ("latency-spikes-%d"):format(size), kind = "lines",
      title = ("The slowest appends on the way to %s"):format(units.digits(size)),
      x = { label = "append", log = 10 }, y = { label = "time", unit = "ns", log = 10 },
      read = "From left to right the array becomes larger; the height is the slowest append of each short span."
        .. (#view:where { size = size, block = "copy" } > 0 and " Where blocks are copied, the peaks rise with the "
        .. "size, since each growth copies more than the one before; a line that ends low had its last growth before."
        or ""),
      lines = view:median_series({ size = size }, "spikes", view:labels(label)),
    }
    plots[#plots + 1] = {
      name = ("latency-distribution-%d"):format(size), kind = "lines",
      title = ("Time that one append in x reaches, of %s"):format(units.digits(size)),
      x = { label = "one append in", log = 10 }, y = { label = "takes at least", unit = "ns", log = 10 },
      read = distribution_read(distributions), lines = distributions,
    }
  end
  return plots
end

local MOSTLY = 0.8 -- of the samples: what holds for so many of them is told

local WAITED = "an append that waited for new memory or for another program"

-- Why the slowest append of that case is it, in how many of its samples.
local function cause(view, case)
  local grew, samples = 0, 0
  for _, did in ipairs(results.samples(view.run, case, "max_grows")) do
    grew, samples = grew + math.tointeger(did), samples + 1
  end
  local told = case.block == "copy" and "a growth, which copies all elements" or "a growth, whose block gets new pages"
  if grew == samples then
    return told
  elseif grew >= MOSTLY * samples then
    return ("%s, in %d of %d samples"):format(told, grew, samples)
  elseif grew == 0 then
    return "no growth, but " .. WAITED
  elseif samples - grew >= MOSTLY * samples then
    return ("in %d of %d samples no growth, but %s"):format(samples - grew, samples, WAITED)
  end
  return ("in %d of %d samples a growth, else %s"):format(grew, samples, WAITED)
end

-- What the last growth of each of these cases costs, in words; nil if none tells.
local function growths_part(rows, is_copied)
  local parts = {}
  for _, row in ipairs(rows) do
    local ns, full = row.metrics.last_growth, full_before(row.case, row.case.size)
    parts[#parts + 1] = ns and ("%s with %s%s"):format(units.number(ns.median, "ns"), row.case.policy,
      is_copied and (" (%s elements)"):format(units.digits(full)) or "") or nil
  end
  return #parts > 0 and sentence.join(parts) or nil
end

local NEARLY = 1.02 -- times: the slowest append is the last growth

local function last_is_slowest(rows)
  for _, row in ipairs(rows) do
    local m = row.metrics
    if not (m.last_growth and m.max and m.max.median <= NEARLY * m.last_growth.median) then
      return false
    end
  end
  return true
end

local KINDS = {
  { block = "copy", words = "", growth = "copies all elements" },
  { block = "auto", words = ", which grows without copying", growth = "takes" },
  { block = "stable", words = ", in reserved room", growth = "takes" },
}

-- What the last growth and the slowest append of all take with that block; nil if there is none.
local function block_part(view, kind, size)
  local match = { size = size, block = kind.block }
  local rows = view:where(match)
  local row, ns = view:most(match, "max")
  if not row then
    return nil
  end
  local is_copied = kind.block == "copy"
  local growths = growths_part(rows, is_copied)
  local first = growths and ("With block %q%s, the last growth %s%s%s %s."):format(kind.block, kind.words, kind.growth,
    is_copied and last_is_slowest(rows) and " and is the slowest append of all" or "", is_copied and ":" or "", growths)
  if first and is_copied and last_is_slowest(rows) then
    return first
  end
  local longest = ("the slowest append takes %s (%s)"):format(units.number(ns, "ns"), cause(view, row.case))
  return first and ("%s; %s."):format(first:sub(1, -2), longest) or ("With block %q, %s."):format(kind.block, longest)
end

-- Where the growths are that are told: the numbers of those appends.
local function places_part(view, size)
  local parts, seen = {}, {}
  for _, row in ipairs(view:where { size = size }) do
    local policy = tostring(row.case.policy)
    parts[#parts + 1] = not seen[policy] and ("%s with %s"):format(
      units.digits(full_before(row.case, size) + 1), policy) or nil
    seen[policy] = true
  end
  return ("The last growth is append number %s."):format(sentence.join(parts))
end

local LONG_NS = 10 -- what the clock can tell from less

function latency.answer(run)
  local view = medians.of(run)
  local size = view:largest("size")
  local function range(metric)
    local low = units.number(select(2, view:least({ size = size }, metric)), "ns")
    local high = units.number(select(2, view:most({ size = size }, metric)), "ns")
    return low == high and low or low .. " to " .. high
  end
  local parts = {}
  for _, kind in ipairs(KINDS) do
    parts[#parts + 1] = block_part(view, kind, size)
  end
  local _, clock = view:most({ size = size }, "clock")
  local _, half = view:most({ size = size }, "p50")
  local more = { table.unpack(parts, 3) } -- the third kind of block, which is measured on demand
  more[#more + 1] = ("Half of %s appends, done in C, take at most %s each. One append in a hundred takes %s or more, "
    .. "one in ten thousand %s. The clock's own %s is subtracted from each time, so what takes a few ns is known "
    .. "roughly. %s Each append is timed by itself here, in a new process; in other questions, which time whole "
    .. "growths again and again, an append takes less on average."):format(units.digits(size),
    units.number(half < LONG_NS and math.ceil(half) or half, "ns"), range("p99"), range("p99.99"),
    units.number(clock, "ns"), places_part(view, size))
  return table.concat(parts, " ", 1, math.min(#parts, 2)), table.concat(more, " ")
end

return latency
