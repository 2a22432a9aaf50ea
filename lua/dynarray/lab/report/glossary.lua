--- The words of ours that a report uses, and what they mean: said where one first occurs, and all of them at the end.
-- @module dynarray.lab.report.glossary
local glossary = {}

-- `find`: patterns, one of which occurs where the word is used (in lower case, between letters that are no part of it).
local WORDS = {
  { word = "growth", find = { "growths?", "grows?" },
    means = "An append finds no room: the array gets a larger block of memory, and its elements go there." },
  { word = "policy", find = { "policy", "policies" },
    means = "The rule that says how much larger the next block is: \"double\" makes it twice as large, \"1.5\" half as "
      .. "large again, \"increment:1000\" has room for 1000 more, \"exact\" for one more; \"golden\" multiplies by "
      .. "1.618; \"cpython\", \"go\" and others do as those languages do." },
  { word = "factor, fixed step", find = { "increment", "factors?" },
    means = "A factor makes the next block so many times as large (1.5, 2). A fixed step (increment:1000) adds "
      .. "the same room each time, whatever the size." },
  { word = "block \"copy\"", find = { "copy" },
    means = "A growth takes a new block, copies all elements into it, and frees the old block: the way of textbooks." },
  { word = "block \"auto\"", find = { "auto" },
    means = "A growth asks for a larger block in the same place; where there is no room, a small block is copied and a "
      .. "large one is moved page by page." },
  { word = "block \"stable\"", find = { "stable" },
    means = "Address space for all growths is reserved at first, so that elements never change their address." },
  { word = "moved", find = { "moved", "moves?" },
    means = "The system gives the pages of a block other addresses. No byte is copied, whatever the size." },
  { word = "in place", find = { "in place" }, means = "The block grew where it was: nothing was copied or moved." },
  { word = "capacity", find = { "capacity" }, means = "The elements that the block has room for, used or not." },
  { word = "page", find = { "pages?" },
    means = "The piece in which the system gives memory: 4 KiB mostly, 2 MiB for large blocks (huge pages)." },
  { word = "first touch", find = { "first touch", "first touches" },
    means = "The first write to a page. Only then does the system find memory for it and fill it with zeros." },
  { word = "malloc", find = { "malloc" },
    means = "The allocator of C: it takes memory from the system in large pieces and hands out small ones, the heap." },
  { word = "inline", find = { "inline" },
    means = "The elements of a small array lie inside the array's own object, not in a block beside it." },
  { word = "resident", find = { "resident" },
    means = "Memory that is in RAM now. Room that nobody has written yet is not: it costs addresses, no RAM." },
  { word = "mapped", find = { "mapped", "mapping" },
    means = "Addresses that the system has given to the process, whether there is memory behind them or not." },
  { word = "warm and cold", find = { "warm", "cold" },
    means = "Warm: the process has had the memory (or the cache has the data) before. Cold: the first touch of a page, "
      .. "for which the system must find memory, or a read that must wait for the disk." },
  { word = "page cache", find = { "page cache" },
    means = "RAM in which the system keeps what files hold. A read that finds its page there does not wait for the "
      .. "disk." },
  { word = "flush", find = { "flush" },
    means = "Waits until all changes of a file are on the disk, so that they outlive a power failure." },
  { word = "pacing", find = { "pacing", "paced?" },
    means = "Lua's collector is told of the bytes that arrays hold, so that it runs soon enough to free those "
      .. "dropped." },
  { word = "median", find = { "median" }, means = "Half of the samples lie below it, half above." },
}

local function occurs(entry, text)
  for _, pattern in ipairs(entry.find) do
    if text:find("%f[%w]" .. pattern .. "%f[^%w]") then
      return true
    end
  end
  return false
end

-- All that a section says, in lower case.
local function text_of(section)
  local parts = { section.question or "", section.answer or "", section.more or "" }
  local function add(s)
    parts[#parts + 1] = s and tostring(s) or nil
  end
  for _, spec in ipairs(section.plots) do
    add(spec.title)
    add(spec.y and spec.y.label)
    for _, line in ipairs(spec.lines or {}) do
      add(line.label)
    end
  end
  for _, table_ in ipairs(section.tables) do
    add(table_.title)
    for _, column in ipairs(table_.columns) do
      add(column.name)
    end
  end
  return table.concat(parts, "\n"):lower()
end

--- The words that occur in these sections.
-- @return for each section the list of those that occur in it first, and the list of all; { `word`, `means` } each
function glossary.of(list)
  local first, all, seen = {}, {}, {}
  for k, section in ipairs(list) do
    local text = text_of(section)
    first[k] = {}
    for _, entry in ipairs(WORDS) do
      if not seen[entry] and occurs(entry, text) then
        seen[entry] = true
        table.insert(first[k], entry)
      end
    end
  end
  for _, entry in ipairs(WORDS) do
    all[#all + 1] = seen[entry] and entry or nil
  end
  return first, all
end

return glossary
