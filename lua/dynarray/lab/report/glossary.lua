--- The words of ours that a report uses, and what they mean: said where one first occurs, and all of them at the end.
-- @module dynarray.lab.report.glossary
local glossary = {}

-- `find`: patterns, one of which occurs where the word is used (in lower case, between letters that are no part of it).
-- `at_end`: it is explained at the end alone, as are words of tables and units.
local WORDS = {
  { word = "block", find = { "blocks?" },
    means = "The piece of memory in which an array has its elements, side by side." },
  { word = "growth", find = { "growths?", "grows?" },
    means = "An append finds no room: the array gets a larger block of memory, and its elements go there." },
  { word = "policy", find = { "policy", "policies" },
    means = "The rule that says how much larger the next block is: \"double\" makes it twice as large, \"1.5\" half as "
      .. "large again, \"increment:1000\" has room for 1000 more, \"exact\" for one more; \"golden\" multiplies by "
      .. "1.618; \"cpython\", \"go\" and others do as those languages do." },
  { word = "factor, fixed step", find = { "increment", "factors?" },
    means = "A factor makes the next block so many times as large (1.5, 2). A fixed step (increment:1000) adds "
      .. "the same room each time, whatever the size." },
  { word = "golden ratio", find = { "golden ratio", "golden" }, at_end = true,
    means = "1.618, the number that is 1 less than its square." },
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
  { word = "reserved", find = { "reserved" },
    means = "Room for all elements was asked for before the first append (a:reserve(n), or capacity = n)." },
  { word = "done in C", find = { "done in c" },
    means = "A loop in C does the appends: no time goes into calls from Lua." },
  { word = "1e6", find = { "%de%d+" }, at_end = true,
    means = "A 1 with so many zeros: 1e3 is a thousand, 1e6 a million, 1e9 a thousand million." },
  { word = "KiB, MiB, GiB, TiB", find = { "kib", "mib", "gib", "tib" }, at_end = true,
    means = "1024 bytes, 1024 KiB, 1024 MiB and 1024 GiB." },
  { word = "int64, float64", find = { "int64", "float64" }, at_end = true,
    means = "Types of elements, of 8 bytes each: whole numbers, and numbers that may have a fraction." },
  { word = "case, sample, ±", find = { "cases?", "samples?" }, at_end = true,
    means = "A case is one setting, such as one policy at one size. A sample is one measurement of it. Figures are "
      .. "medians of all samples of a case; ±3% says that the true one is within 3%, with 95% certainty. An "
      .. "outlying sample lies far from the others." },
  { word = "median", find = { "median" }, means = "Half of the samples lie below it, half above." },
  { word = "p50, p99", find = { "p50", "p99" }, at_end = true,
    means = "50 and 99 of 100 appends take no longer than that." },
  { word = "max at, max grows", find = { "max at", "max grows" }, at_end = true,
    means = "The number of the slowest append, and in how many samples that append was a growth." },
  { word = "RAM", find = { "ram" }, at_end = true,
    means = "The memory that holds the data of the programs that run. It forgets when the power goes." },
  { word = "cache", find = { "cache", "caches" },
    means = "A small, fast memory that keeps what the processor used last. L1 is the smallest and fastest, then "
      .. "come L2 and L3." },
  { word = "working set", find = { "working set" }, at_end = true,
    means = "The memory that a program goes through again and again." },
  { word = "sequential, strided, random", find = { "strided" },
    means = "Reads in order; each on another page, at the same distance from the one before; at places in no order." },
  { word = "page", find = { "pages?" },
    means = "The piece in which the system gives memory: 4 KiB mostly, 2 MiB for large blocks (huge pages)." },
  { word = "first touch", find = { "first touch", "first touches" },
    means = "The first write to a page. Only then does the system find memory for it and fill it with zeros. How long "
      .. "that takes differs from moment to moment, so figures of different questions differ, too." },
  { word = "fault", find = { "faults?" }, at_end = true,
    means = "The processor finds no memory behind a page. A minor fault gets memory from the system, a major one waits "
      .. "for the disk." },
  { word = "address", find = { "address", "addresses" }, at_end = true,
    means = "The number of a place in memory. A process can have addresses that no memory is behind yet." },
  { word = "heap", find = { "heap" },
    means = "Memory that a program asks for and gives back when it likes. The heap segment is the stretch of addresses "
      .. "where malloc has its small blocks." },
  { word = "stack", find = { "stack" },
    means = "Memory for the functions that run now: it grows with each call, and shrinks when a function returns." },
  { word = "malloc", find = { "malloc" },
    means = "The allocator of C: it takes memory from the system in large pieces and hands out small ones." },
  { word = "brk", find = { "brk" }, at_end = true,
    means = "How a process asks the system for a longer heap segment." },
  { word = "inline", find = { "inline" },
    means = "The elements of a small array lie inside the array's own object, not in a block beside it." },
  { word = "hole", find = { "holes?" }, means = "Free memory between memory in use." },
  { word = "reused, kept address, span", find = { "kept address", "span" }, at_end = true,
    means = "Growths whose block went where freed ones had been; growths whose block kept its address; the stretch "
      .. "from the lowest to the highest address of all blocks, in % of the last one." },
  { word = "resident", find = { "resident" },
    means = "Memory that is in RAM now. Room that nobody has written yet is not: it costs addresses, no RAM." },
  { word = "mapped", find = { "mapped", "mapping", "mappings" },
    means = "Addresses that the system has given to the process, whether there is memory behind them or not." },
  { word = "warm and cold", find = { "warm", "cold" },
    means = "Warm: before a sample, as much memory was written and given back, so that the system has it at hand; "
      .. "the first touch is still to come. Cold: without that. A cold read of a file must wait for the disk." },
  { word = "page cache", find = { "page cache" },
    means = "RAM in which the system keeps what files hold. A read that finds its page there does not wait for the "
      .. "disk." },
  { word = "flush", find = { "flush" },
    means = "Waits until all changes of a file are on the disk, so that they outlive a power failure. In tables, "
      .. "sync is what it takes for an element, and waits is the share of reads that waited for the disk." },
  { word = "collector", find = { "collector" }, at_end = true,
    means = "The garbage collector: from time to time Lua looks for what no variable refers to any more, and frees it. "
      .. "In incremental mode it goes through all that there is, in steps; in generational mode it looks at what is "
      .. "new more often." },
  { word = "pacing", find = { "pacing", "paced?" },
    means = "Lua's collector is told of the bytes that arrays hold, so that it runs soon enough to free those "
      .. "dropped." },
  { word = "class in Lua, class in Python", find = { "class in lua", "class in python" },
    means = "A dynamic array written in that language itself, as textbooks show it." },
  { word = "NumPy", find = { "numpy" }, at_end = true,
    means = "The usual library of Python for arrays of numbers." },
  { word = "std::vector", find = { "std::vector" }, at_end = true, means = "The dynamic array of C++." },
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
  local parts = { section.question or "", section.answer or "", section.more or "", section.effort or "",
    section.command or "" }
  local function add(s)
    parts[#parts + 1] = s and tostring(s) or nil
  end
  for _, spec in ipairs(section.plots) do
    add(spec.title)
    add(spec.read)
    add(spec.notes)
    add(spec.x and spec.x.label)
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
-- @return for each section the list of those that occur in it first and are explained there, and the list of all;
-- { `word`, `means` } each
function glossary.of(list)
  local first, all, seen = {}, {}, {}
  for k, section in ipairs(list) do
    local text = text_of(section)
    first[k] = {}
    for _, entry in ipairs(WORDS) do
      if not seen[entry] and occurs(entry, text) then
        seen[entry] = true
        table.insert(first[k], not entry.at_end and entry or nil)
      end
    end
  end
  for _, entry in ipairs(WORDS) do
    all[#all + 1] = seen[entry] and entry or nil
  end
  return first, all
end

return glossary
