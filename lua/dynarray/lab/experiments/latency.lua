--- The time of every single append: how often one takes long, and how long.
local arrays = require "dynarray.lab.experiments.arrays"
local combinations = require "dynarray.lab.experiments.combinations"
local dynarray = require "dynarray"
local medians = require "dynarray.lab.report.medians"
local memory_state = require "dynarray.lab.experiments.memory_state"
local results = require "dynarray.lab.run.results"
local sampling = require "dynarray.lab.experiments.sampling"
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
    { name = "max_at", unit = "" },
    { name = "max_grows", unit = "" }, -- 1: the slowest append was one that grew; 0: it waited for something else
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

-- Whether that append finds the array full.
local function grows(case, append)
  local next_capacity, size = simulate.next(case.policy), arrays.element_size(case.type)
  local capacity = 0
  while capacity < append - 1 do
    capacity = next_capacity(capacity, capacity + 1, size)
  end
  return capacity == append - 1
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

function latency.plots(run)
  local view = medians.of(run)
  local plots = {}
  for _, size in ipairs(view:values("size")) do
    plots[#plots + 1] = {
      name = ("latency-spikes-%d"):format(size), kind = "lines",
      title = ("The slowest appends on the way to %s"):format(units.digits(size)),
      x = { label = "append", log = 10 }, y = { label = "time", unit = "ns", log = 10 },
      read = "From left to right the array becomes larger; the height is the slowest append of each short span. Where "
        .. "blocks are copied, the peaks rise with the size, since each growth copies more than the one before.",
      lines = view:series({ size = size }, "spikes", view:labels(label)),
    }
    plots[#plots + 1] = {
      name = ("latency-distribution-%d"):format(size), kind = "lines",
      title = ("Time that one append in x reaches, of %s"):format(units.digits(size)),
      x = { label = "one append in", log = 10 }, y = { label = "takes at least", unit = "ns", log = 10 },
      read = "Far left stands what every append takes, far right the slowest of all. Each place to the right is rarer: "
        .. "at 1000, one append in a thousand takes that time or more.",
      lines = view:series({ size = size }, "distribution", view:labels(label)),
    }
  end
  return plots
end

local MOSTLY = 0.8 -- of the samples: what holds for so many of them is told

-- Why the slowest append is it, in the samples of the cases with that block.
local function cause(view, match)
  local grew, samples = 0, 0
  for _, row in ipairs(view:where(match)) do
    for _, did in ipairs(results.samples(view.run, row.case, "max_grows")) do
      grew, samples = grew + did, samples + 1
    end
  end
  if grew >= MOSTLY * samples then
    return match.block == "copy" and "the growth that copies most elements" or "a growth, whose block gets new pages"
  elseif samples - grew >= MOSTLY * samples then
    return "no growth, but an append that waited for new memory or for another program"
  end
  return "at times a growth, at times an append that waited for new memory or for another program"
end

-- The slowest append of all cases with that block, in words; nil if there is none.
local function slowest_part(view, match, words)
  local row, ns = view:most(match, "max")
  return row and ("%s it takes %s (%s)"):format(words, units.number(ns, "ns"), cause(view, match))
end

function latency.answer(run)
  local view = medians.of(run)
  local size = view:largest("size")
  local function range(metric)
    local low = units.number(select(2, view:least({ size = size }, metric)), "ns")
    local high = units.number(select(2, view:most({ size = size }, metric)), "ns")
    return low == high and low or low .. " to " .. high
  end
  local parts = {}
  for _, kind in ipairs { { "copy", "where blocks are copied" }, { "auto", "where they grow without copying" },
    { "stable", "where room is reserved" } } do
    parts[#parts + 1] = slowest_part(view, { size = size, block = kind[1] }, kind[2])
  end
  local _, clock = view:most({ size = size }, "clock")
  return ("Half of %s appends take at most %s each. But one append is far slower than all others: %s."):format(
    units.digits(size), range("p50"), table.concat(parts, "; ")),
    ("One append in a hundred takes %s or more, one in ten thousand %s. The clock's own %s is subtracted from each "
    .. "time."):format(range("p99"), range("p99.99"), units.number(clock, "ns"))
end

return latency
