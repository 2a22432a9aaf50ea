--- Where the elements of an array lie, and what a place costs: inside the array's own object, in malloc's heap, in
-- pages of their own; and what an array of C costs on the stack, where no array of Lua can lie: what a function has
-- there is gone when it returns.
local arrays = require "dynarray.lab.experiments.shared.arrays"
local combinations = require "dynarray.lab.experiments.shared.combinations"
local dynarray = require "dynarray"
local filesystem = require "dynarray.lab.base.filesystem"
local medians = require "dynarray.lab.report.medians"
local sentence = require "dynarray.lab.report.sentence"
local statistics = require "dynarray.lab.statistics"
local units = require "dynarray.lab.base.units"

local probe = dynarray.probe

local ARRAYS = 64 -- whose addresses are looked at

-- Arrays made one after the other, and how often: the first write to pages takes long.
local SMALL_MADE, SMALL_ROUNDS = 1000, 21
local LARGE_MADE, LARGE_ROUNDS = 4, 9

-- Bytes of an array that lies in each place; `block` is what it must say then.
local PLACES = {
  stack = { bytes = 4096, words = "on C's stack" },
  inline = { bytes = 32, block = "inline", words = "inside the array's object" },
  heap = { bytes = 4096, block = "heap", words = "in malloc's heap" },
  pages = { bytes = 4 << 20, block = "pages", words = "in pages of its own" },
}

local names = { "stack", "inline", "heap", "pages" }

local places = {
  name = "places",
  question = "Stack and heap: what is the difference? Where does an array lie, and what does the place cost?",
  fresh = true,
  parameters = {
    { name = "place", default = names, quick = names,
      help = "stack (of C), inline (inside the array's object), heap (malloc) or pages" },
  },
  metrics = {
    { name = "create", unit = "ns", better = "less", main = true },
    { name = "first_write", unit = "ns", better = "less" },
    { name = "bytes", unit = "bytes" },
    { name = "in_heap", unit = "%" },
    { name = "below_stack", unit = "bytes" },
  },
}

function places.check(parameters)
  for _, place in ipairs(parameters.place) do
    if not PLACES[place] then
      error(("place = %s is unknown (stack, inline, heap or pages)"):format(place), 0)
    end
  end
end

function places.cases(parameters)
  return combinations(parameters, "place")
end

function places.needed()
  return true
end

function places.touches(case)
  return PLACES[case.place].bytes
end

-- The first and the last address of that mapping of this process, nil where the system does not tell.
local function mapping(name)
  local maps = filesystem.contents "/proc/self/maps" or ""
  for first, last, rest in maps:gmatch("(%x+)%-(%x+)([^\n]*)") do
    if rest:find(name, 1, true) then
      return tonumber(first, 16), tonumber(last, 16)
    end
  end
end

-- An array that a function of C has on its stack: to make it and to write its first element is one call.
local function measured_stack()
  local times, address = {}, nil
  for round = 1, SMALL_ROUNDS do
    local ns
    ns, address = probe.stack(SMALL_MADE)
    times[round] = ns / SMALL_MADE
  end
  local _, top = mapping "[stack]"
  return { create = statistics.median(times), bytes = PLACES.stack.bytes, below_stack = top and top - address or nil }
end

local function make(place)
  return dynarray.new { type = "int64", capacity = place.bytes // 8 }
end

-- Shares and distances of addresses that arrays really have, all of them alive.
local function addresses(place)
  local list, kept = {}, {}
  for i = 1, ARRAYS do
    kept[i] = make(place)
    assert(kept[i].block == place.block, ("a block %q, wanted %q"):format(kept[i].block, place.block))
    list[i] = tonumber(("%p"):format(kept[i]:pointer()):match("%x+$"), 16)
  end
  local heap_first, heap_last = mapping "[heap]"
  local _, stack = mapping "[stack]"
  local inside, below = 0, {}
  for i, address in ipairs(list) do
    inside = inside + (heap_first and address >= heap_first and address < heap_last and 1 or 0)
    below[i] = stack and stack - address
  end
  for _, a in ipairs(kept) do
    a:close()
  end
  return heap_first and inside / ARRAYS * 100, stack and statistics.median(below), list
end

function places.measure(case)
  local place = PLACES[case.place]
  arrays.need(place.bytes)
  if case.place == "stack" then
    return measured_stack()
  end
  local count, rounds = SMALL_MADE, SMALL_ROUNDS
  if place.block == "pages" then
    count, rounds = LARGE_MADE, LARGE_ROUNDS
  end
  local create, write = {}, {}
  dynarray.collector { keep = 0 } -- no block of a closed array for the next one
  for round = 1, rounds do
    local list = {}
    collectgarbage "stop" -- its steps are no part of a place's price
    local start = probe.clock()
    for i = 1, count do
      list[i] = make(place)
    end
    create[round] = (probe.clock() - start) / count
    start = probe.clock()
    for i = 1, count do
      list[i]:append(i)
    end
    write[round] = (probe.clock() - start) / count
    collectgarbage "restart"
    for i = 1, count do
      list[i]:close()
    end
  end
  local in_heap, below = addresses(place)
  return {
    create = statistics.median(create), first_write = statistics.median(write), bytes = place.bytes,
    in_heap = in_heap or nil, below_stack = below or nil,
  }
end

-- How far the addresses lie from each other; nil where the system does not tell.
local function addresses_plot(view)
  local line = { label = "below the stack", x = {}, y = {} }
  for _, row in ipairs(view.rows) do
    if row.metrics.below_stack then
      table.insert(line.x, PLACES[row.case.place].words)
      table.insert(line.y, row.metrics.below_stack.median)
    end
  end
  return #line.x > 0 and {
    name = "places-addresses", title = "How far below the top of the stack the elements lie", kind = "bars",
    x = { label = "" }, y = { label = "distance", unit = "bytes", log = 10 }, lines = { line },
    read = "A bar is the distance from the top of the stack down to an array: the stack is at high addresses, the heap "
      .. "far below it. The scale goes by factors.",
    notes = "The system chooses the places anew for each process, and these are medians: objects and malloc's blocks "
      .. "share one heap.",
  } or nil
end

function places.plots(run)
  local view = medians.of(run)
  local lines = {}
  for _, one in ipairs { { "create", "to make it" }, { "first_write", "the first element" } } do
    local line = { label = one[2], x = {}, y = {} }
    for _, row in ipairs(view.rows) do
      if row.metrics[one[1]] then
        table.insert(line.x, PLACES[row.case.place].words)
        table.insert(line.y, row.metrics[one[1]].median)
      end
    end
    lines[#lines + 1] = #line.x > 0 and line or nil
  end
  local plots = { {
    name = "places", title = "To make an array, and to write its first element", kind = "bars",
    x = { label = "" }, y = { label = "time", unit = "ns", log = 10 }, lines = lines,
    read = "Short bars are better; the scale goes by factors, so read the numbers, too. The stack is used from C, the "
      .. "other places from Lua.",
    notes = view:value({ place = "pages" }, "create") and "An array in pages of its own is dear to make, and pays once "
      .. "more when its first page is touched." or nil,
  } }
  plots[2] = addresses_plot(view)
  return plots
end

-- Addresses differ from process to process, so that more digits would say nothing.
local function rough_bytes(bytes)
  local number, unit = units.number(bytes, "bytes"):match "^(%S+) (%S+)$"
  return ("%s %s"):format(units.rough(tonumber(number)), unit)
end

local function create_part(view)
  local parts, on_stack = {}, view:value({ place = "stack" }, "create")
  for _, row in ipairs(view.rows) do
    local place = PLACES[row.case.place]
    parts[#parts + 1] = place.block and row.metrics.create and ("%s %s (place %q, %s)"):format(
      units.number(row.metrics.create.median, "ns"), place.words, row.case.place, units.number(place.bytes, "bytes"))
      or nil
  end
  local call = on_stack and (" (a call in C of a function that has an array of %s there takes %s)"):format(
    units.number(PLACES.stack.bytes, "bytes"), units.number(on_stack, "ns"))
  return #parts > 0 and ("The stack holds what functions need while they run: room on it is made by one instruction, "
    .. "and is gone when the function returns%s. What must live longer gets memory that it keeps until it is freed: to "
    .. "make such an array from Lua takes %s."):format(call or "", sentence.join(parts))
end

local function distance_part(view)
  local distance = view:value({ place = "heap" }, "below_stack") or view:value({ place = "inline" }, "below_stack")
  return distance and ("The heap lies about %s below the stack."):format(rough_bytes(distance)) or nil
end

local function address_part(view)
  local heap, pages = view:value({ place = "heap" }, "in_heap"), view:value({ place = "pages" }, "in_heap")
  local inline = view:value({ place = "inline" }, "in_heap")
  local far, near = view:value({ place = "heap" }, "below_stack"), view:value({ place = "pages" }, "below_stack")
  if not (heap and pages and inline and far and near) then
    return nil
  end
  return ("The heap segment, about %s below the top of the stack, holds the objects (%s of the addresses seen) "
    .. "and malloc's blocks (%s), but not pages of their own (%s): these are mappings, about %s below the top of the "
    .. "stack. The system chooses all of these places anew for each process. The stack itself is small: Linux "
    .. "gives a program 8 MiB, as a rule."):format(rough_bytes(far), units.number(inline, "%"), units.number(heap, "%"),
    units.number(pages, "%"), rough_bytes(near))
end

-- What is no price of the place, and what comes after it.
local function price_part(view)
  local inline, row, write = view:value({ place = "inline" }, "create"), view:most({}, "first_write")
  local text = inline and ("About %s ns of each time from Lua is the call and the array's object, whatever the "
    .. "place."):format(units.rough(inline))
  local touch = row and ("The first element then takes up to %s (%s), where it is the first touch of a page, "
    .. "which may be one of 2 MiB."):format(
    units.number(write, "ns"), PLACES[row.case.place].words)
  return text and touch and text .. " " .. touch or text or touch
end

function places.answer(run)
  local view = medians.of(run)
  local answer, more = create_part(view), {}
  more[1] = price_part(view)
  more[#more + 1] = address_part(view) or distance_part(view)
  if not answer then
    return more[1] or "Nothing of it could be measured here."
  end
  return answer, #more > 0 and table.concat(more, "\n") or nil
end

return places
