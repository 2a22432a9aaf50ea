--- Dropping many arrays: what the collector leaves uncollected, and what it costs to leave less.
local arrays = require "dynarray.lab.experiments.shared.arrays"
local combinations = require "dynarray.lab.experiments.shared.combinations"
local dynarray = require "dynarray"
local medians = require "dynarray.lab.report.medians"
local units = require "dynarray.lab.base.units"

local probe = dynarray.probe

local POINTS = 200

local collector = {
  name = "collector",
  question = "What does the garbage collector do with my arrays?",
  fresh = true,
  parameters = {
    { name = "pacing", default = { "on", "off" }, quick = { "on", "off" }, help = "dynarray.collector: on or off" },
    { name = "mode", default = { "incremental", "generational" }, quick = { "incremental", "generational" },
      help = "of Lua's collector" },
    { name = "tables", default = { 20000 }, all = { 0, 200000 }, quick = { 20000 },
      help = "living in the Lua heap beside the arrays" },
    { name = "bytes", default = { 65536 }, quick = { 65536 }, unit = "bytes", help = "of an array" },
    { name = "count", default = { 1024 }, all = { 8192 }, quick = { 1024 }, help = "arrays made and dropped" },
  },
  metrics = {
    { name = "peak_bytes", unit = "bytes", better = "less" },
    { name = "peak_resident", unit = "bytes", better = "less" },
    { name = "us_per_array", unit = "us", better = "less" },
  },
}

local ALLOWED = { pacing = { on = true, off = true }, mode = { incremental = true, generational = true } }

function collector.check(parameters)
  for name, allowed in pairs(ALLOWED) do
    for _, value in ipairs(parameters[name]) do
      if not allowed[value] then
        error(("%s = %s is unknown (%s)"):format(name, value, name == "mode" and "incremental or generational" or
          "on or off"), 0)
      end
    end
  end
end

function collector.cases(parameters)
  return combinations(parameters, "bytes", "count", "tables", "mode", "pacing")
end

-- The mode of the standalone interpreter.
function collector.needed(case)
  return case.mode == "generational"
end

-- Each has a table of its own in it, so that a cycle has something to do.
local function lua_heap(count)
  local heap = {}
  for i = 1, count do
    heap[i] = { i }
  end
  return heap
end

function collector.touches(case)
  return case.bytes * case.count
end

-- Without pacing all arrays may be held at once: what would not fit is not measured.
function collector.measure(case)
  if arrays.too_large(case.bytes * case.count) then
    return {}
  end
  local mode, settings = collectgarbage(case.mode), dynarray.collector { off = case.pacing == "off" }
  local heap = lua_heap(case.tables)
  collectgarbage()
  probe.reset_peak()
  local before, peak = probe.memory(), 0
  local held = { x = {}, y = {} }
  local elements = case.bytes // 8
  local start = probe.clock()
  for i = 1, case.count do
    dynarray.filled(elements, i, "float64")
    local bytes = dynarray.memory().bytes
    peak = math.max(peak, bytes)
    if i * POINTS // case.count > (i - 1) * POINTS // case.count then
      table.insert(held.x, i)
      table.insert(held.y, bytes)
    end
  end
  local ns = probe.clock() - start
  local after = probe.memory()
  dynarray.collector(settings)
  collectgarbage(mode)
  return {
    peak_bytes = peak, us_per_array = ns / 1e3 / case.count,
    peak_resident = after.peak and #heap == case.tables and after.peak - before.resident or nil,
  }, { held = held }
end

local function label(case)
  return ("%s, pacing %s"):format(case.mode, case.pacing)
end

local function each_setting(view, visit)
  for _, tables in ipairs(view:values("tables")) do
    for _, bytes in ipairs(view:values("bytes")) do
      visit { tables = tables, bytes = bytes }
    end
  end
end

function collector.plots(run)
  local view = medians.of(run)
  local plots = {}
  each_setting(view, function(match)
    plots[#plots + 1] = {
      name = ("collector-%d-%d"):format(match.tables, match.bytes), kind = "lines",
      title = ("Held by dropped arrays of %s, %s tables beside them"):format(units.number(match.bytes, "bytes"),
        units.digits(match.tables)),
      x = { label = "arrays made" }, y = { label = "held", unit = "bytes", log = 10 },
      lines = view:series(match, "held", label),
      read = "All arrays are dropped as soon as they are made, so a perfect collector would hold one. A line that "
        .. "climbs is memory that nobody uses and nobody has freed yet; each fall is a collection.",
      notes = "The tables are what else a program has: a collection goes through them, too.",
    }
  end)
  return plots
end

-- The least and the most of time with pacing / time without, over the settings that have both.
local function slowdown(view)
  local least, most
  for _, row in ipairs(view:where { pacing = "on" }) do
    local match = {}
    for key, value in pairs(row.case) do
      match[key] = value
    end
    match.pacing = "off"
    local off = view:value(match, "us_per_array")
    local ratio = off and row.metrics.us_per_array and row.metrics.us_per_array.median / off
    if ratio then
      least, most = math.min(least or ratio, ratio), math.max(most or ratio, ratio)
    end
  end
  return least, most
end

local function price_part(view)
  local least, most = slowdown(view)
  if not least then
    return nil
  end
  local low, high = units.rough(least), units.rough(most)
  local range = low == high and low or low .. " to " .. high
  return ("Your program need not do anything for it. To free an array at once, call "
    .. "a:close(). With pacing the collector runs more often, and the program takes %s times as long as without%s. "
    .. "What is freed stays with the library or with malloc for the next arrays, or goes back to the system."):format(
    range, most < 1 and ": it is quicker, since memory that is freed soon is used again" or "")
end

local PACING = "With pacing, the library tells the collector of the bytes in arrays. Without it, Lua sees a small "
  .. "object for each array, and no reason to collect."

function collector.answer(run)
  local view = medians.of(run)
  local _, on = view:most({ pacing = "on" }, "peak_bytes")
  local worst, off = view:most({ pacing = "off" }, "peak_bytes")
  if not (on and off) then
    return "Nothing to compare: pacing was not measured both on and off."
  end
  local count, bytes = units.digits(worst.case.count), units.number(worst.case.bytes, "bytes")
  local more = { PACING }
  more[2] = price_part(view)
  return ("The collector frees arrays that nothing refers to any more, but not at once. A program that makes and "
    .. "drops %s arrays of %s holds up to %s of them at a time with pacing, which is on by default, and up to %s "
    .. "without."):format(count, bytes, units.number(on, "bytes"), units.number(off, "bytes")), table.concat(more, "\n")
end

return collector
