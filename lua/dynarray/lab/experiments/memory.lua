--- What a process holds while an array grows: resident pages, faults, mapped bytes, and the peak while it grows.
local arrays = require "dynarray.lab.experiments.arrays"
local combinations = require "dynarray.lab.experiments.combinations"
local dynarray = require "dynarray"
local medians = require "dynarray.lab.report.medians"
local sampling = require "dynarray.lab.experiments.sampling"
local simulate = require "dynarray.lab.model.simulate"
local units = require "dynarray.lab.base.units"

local probe = dynarray.probe

local POINTS = 100 -- at which the growth is looked at

local memory = {
  name = "memory",
  question = "How much memory is unused, and is it really used up?",
  fresh = true,
  parameters = {
    { name = "what", default = { "array", "reserved", "table" }, quick = { "array", "reserved", "table" },
      help = "array, reserved (an array that reserves first) or table (Lua's)" },
    { name = "policy", default = { "cpython", "1.5", "double" }, quick = { "double" }, help = "of the array" },
    { name = "block", default = { "auto", "copy" }, all = { "auto", "copy", "stable" }, quick = { "auto", "copy" },
      help = "of the array" },
    { name = "type", default = { "int64" }, quick = { "int64" }, help = "element type of the array" },
    { name = "size", default = { 3e6 }, quick = { 3e5 }, help = "elements appended" },
  },
  metrics = {
    { name = "peak_bytes", unit = "bytes", better = "less" },
    { name = "resident_bytes", unit = "bytes", better = "less" },
    { name = "peak_per_element", unit = "bytes", better = "less" },
    { name = "mapped_bytes", unit = "bytes", better = "less" },
    { name = "minor_faults", unit = "", better = "less" },
    { name = "major_faults", unit = "", better = "less" },
    { name = "ms", unit = "ms", better = "less" },
  },
}

local WHATS = { array = true, reserved = true, table = true }

function memory.check(parameters)
  for _, what in ipairs(parameters.what) do
    if not WHATS[what] then
      error(("what = %s is unknown (array, reserved or table)"):format(what), 0)
    end
  end
end

-- What has no policy or block is one case, not one for each.
function memory.cases(parameters)
  local cases = {}
  for _, case in ipairs(combinations(parameters, "size", "type", "what")) do
    if case.what == "array" then
      for _, more in ipairs(combinations(parameters, "policy", "block")) do
        more.size, more.type, more.what = case.size, case.type, case.what
        cases[#cases + 1] = more
      end
    else
      cases[#cases + 1] = case
    end
  end
  return cases
end

local function table_appender()
  local t, n = {}, 0
  return function(count)
    for _ = 1, count do
      n = n + 1
      t[n] = n
    end
    return t
  end
end

local function array_appender(case)
  local a = arrays.new(case)
  if case.what == "reserved" then
    a:reserve(case.size)
  end
  return function(count)
    probe.appends(a, count)
    return a
  end
end

local BYTES_OF_ENTRY = 16 -- of a Lua table

function memory.touches(case)
  if case.what == "array" then
    return arrays.peak_bytes(case)
  elseif case.what == "reserved" then
    return case.size * arrays.element_size(case.type)
  end
  return simulate.run("double", case.size, { element_size = BYTES_OF_ENTRY }).peak_bytes
end

function memory.measure(case)
  arrays.need(memory.touches(case))
  local resident, mapped = { x = {}, y = {} }, { x = {}, y = {} }
  local points = sampling.log_spaced(1, POINTS, POINTS)
  collectgarbage()
  probe.reset_peak()
  local before = probe.memory()
  local append = case.what == "table" and table_appender() or array_appender(case)
  local done, ns, last = 0, 0, before
  for i, point in ipairs(points) do
    local upto = case.size * point // POINTS
    local start = probe.clock()
    append(upto - done)
    ns = ns + probe.clock() - start
    done = upto
    last = probe.memory()
    resident.x[i], resident.y[i] = done, last.resident and math.max(last.resident - before.resident, 0)
    mapped.x[i], mapped.y[i] = done, last.mapped and math.max(last.mapped - before.mapped, 0)
  end
  local function grown(name)
    return last[name] and last[name] - before[name]
  end
  -- The peak does not begin anew where the system cannot reset it: then it is what lies above the first reading.
  local peak = last.peak and last.peak - before.resident
  return {
    peak_bytes = peak, peak_per_element = peak and peak / case.size, resident_bytes = grown("resident"),
    mapped_bytes = grown("mapped"), minor_faults = grown("minor_faults"), major_faults = grown("major_faults"),
    ms = ns / 1e6,
  }, { resident = resident, mapped = mapped }
end

local function label(case)
  if case.what == "array" then
    return ("%s, %s"):format(case.policy, case.block)
  end
  return case.what == "table" and "Lua table" or "reserved"
end

local function plot(view, size, series_name, title)
  return {
    name = ("memory-%s-%d"):format(series_name, size), title = title, kind = "lines",
    x = { label = "elements" },
    y = { label = series_name, unit = "bytes", log = series_name == "mapped" and 10 or nil },
    lines = view:series({ size = size }, series_name, view:labels(label)),
  }
end

function memory.plots(run)
  local view = medians.of(run)
  local plots = {}
  for _, size in ipairs(view:values("size")) do
    local bars = { label = "peak", x = {}, y = {} }
    for i, row in ipairs(view:where { size = size }) do
      bars.x[i], bars.y[i] = view:labels(label)(row.case), row.metrics.peak_bytes and row.metrics.peak_bytes.median or 0
    end
    plots[#plots + 1] = plot(view, size, "resident", "Resident memory while an array grows")
    plots[#plots + 1] = plot(view, size, "mapped", "Mapped address space while an array grows")
    plots[#plots + 1] = {
      name = ("memory-peak-%d"):format(size), title = ("The peak on the way to %s elements"):format(units.digits(size)),
      kind = "bars", x = { label = "" }, y = { label = "peak", unit = "bytes" }, lines = { bars },
    }
  end
  return plots
end

function memory.answer(run)
  local view = medians.of(run)
  local size = view:largest("size")
  local least, least_bytes = view:least({ size = size }, "peak_per_element")
  local most, most_bytes = view:most({ size = size }, "peak_per_element")
  if not least then
    return "This system does not tell how much memory a process holds."
  end
  local of_table = most.case.what ~= "table" and view:value({ size = size, what = "table" }, "peak_per_element")
  -- What is freed by a growth that copies may stay with the allocator: then more is resident than was written.
  return ("While it grows to %s elements of %d bytes, an array holds at most %s bytes of memory for each element (%s) "
    .. "to %s (%s, of which %s stay afterwards)%s. Room that was never written takes none."):format(
    units.digits(size), arrays.element_size(least.case.type), units.digits(least_bytes), label(least.case),
    units.digits(most_bytes), label(most.case), units.digits(most.metrics.resident_bytes.median / size),
    of_table and (", a Lua table %s"):format(units.digits(of_table)) or "")
end

return memory
