--- The time of every single append: how often one takes long, and how long.
local arrays = require "dynarray.lab.experiments.arrays"
local combinations = require "dynarray.lab.experiments.combinations"
local dynarray = require "dynarray"
local medians = require "dynarray.lab.report.medians"
local memory_state = require "dynarray.lab.experiments.memory_state"
local sampling = require "dynarray.lab.experiments.sampling"
local simulate = require "dynarray.lab.model.simulate"
local units = require "dynarray.lab.base.units"

local probe = dynarray.probe

local POINTS = 300 -- of the plot against time; each is the slowest append of its span
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
  for i, one_in in ipairs(sampling.log_spaced(1, #sorted, POINTS // 3)) do
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
      lines = view:series({ size = size }, "spikes", view:labels(label)),
    }
    plots[#plots + 1] = {
      name = ("latency-distribution-%d"):format(size), kind = "lines",
      title = ("Time that one append in x reaches, of %s"):format(units.digits(size)),
      x = { label = "one append in", log = 10 }, y = { label = "takes at least", unit = "ns", log = 10 },
      lines = view:series({ size = size }, "distribution", view:labels(label)),
    }
  end
  return plots
end

local function slowest_part(row, ns)
  local grew = row.metrics.max_grows and row.metrics.max_grows.median == 1
  local why = not grew and "" or row.case.block == "copy" and ", a growth that copies all elements"
    or ", a growth, whose block gets new pages"
  return ("%s (%s%s)"):format(units.number(ns, "ns"), label(row.case), why)
end

function latency.answer(run)
  local view = medians.of(run)
  local match = { size = view:largest("size") }
  local function range(low, high)
    return low == high and low or low .. " to " .. high
  end
  local function extreme(which, metric)
    return units.number(select(2, view[which](view, match, metric)), "ns")
  end
  return ("Half of %s appends take at most %s each; the clock's own %s is subtracted. The slowest one "
    .. "takes %s."):format(
    units.digits(match.size), range(extreme("least", "p50"), extreme("most", "p50")), extreme("most", "clock"),
    range(slowest_part(view:least(match, "max")), slowest_part(view:most(match, "max"))))
end

return latency
