--- How the operating system gives memory to a process, and what it gets back.
--
-- The thresholds are found by taking blocks from the allocator, none of them written or freed, and looking at the
-- mappings of the process after each: the heap segment ends where brk put it, all else was mapped.
--
-- What is freed in small blocks stays with the allocator, for later ones: only what lies at the end of the heap goes.
local combinations = require "dynarray.lab.experiments.shared.combinations"
local dynarray = require "dynarray"
local filesystem = require "dynarray.lab.base.filesystem"
local medians = require "dynarray.lab.report.medians"
local memory_state = require "dynarray.lab.experiments.shared.memory_state"
local results = require "dynarray.lab.run.results"
local sentence = require "dynarray.lab.report.sentence"
local units = require "dynarray.lab.base.units"

local probe = dynarray.probe

local KIB, MIB = 1 << 10, 1 << 20
local MOST_THRESHOLD = 64 * MIB -- where the search for thresholds ends
local FREED_BYTES = MIB         -- of the mapped block that is freed before the second search
local PAGE = 4 * KIB
local BRK_BLOCK, BRK_BLOCKS = 4 * KIB, 256
local SHRUNK = 16               -- the array that is shrunk keeps one in so many
local SMALL_BYTES = 2000        -- of the many arrays that are collected

local process = {
  name = "process",
  question = "How does the system give memory to a process, and when does it get it back?",
  fresh = true,
  parameters = {
    { name = "what", default = { "brk", "mmap", "pages", "touch", "clear", "shrink_to_fit", "close", "collect",
      "collect small" }, quick = { "brk", "mmap", "pages", "touch", "clear", "shrink_to_fit", "close", "collect",
      "collect small" }, help = "what is looked at" },
    { name = "block", default = { "auto", "copy" }, all = { "auto", "copy", "stable" }, quick = { "auto", "copy" },
      help = "of the arrays" },
    { name = "bytes", default = { 16 * MIB }, all = { 64 * MIB }, quick = { 8 * MIB }, unit = "bytes",
      help = "of the array touched and given back" },
    { name = "memory", default = { "warm", "cold" }, quick = { "warm" },
      help = memory_state.help .. "; of touch alone" },
  },
  metrics = {
    { name = "brk_step", unit = "bytes" },
    { name = "mmap_threshold", unit = "bytes" },
    { name = "mmap_threshold_after_free", unit = "bytes" },
    { name = "pages_threshold", unit = "bytes" },
    { name = "faults_reserve", unit = "faults/MiB", better = "less" },
    { name = "faults_first", unit = "faults/MiB", better = "less" },
    { name = "faults_again", unit = "faults/MiB", better = "less" },
    { name = "first_touch", unit = "ns/page", better = "less", main = true },
    { name = "second_touch", unit = "ns/page", better = "less" },
    { name = "huge_pages", unit = "%" },
    { name = "returned", unit = "%", better = "more" },
  },
}

-- Bytes of the heap segment, and of all other mappings; nil where the system does not tell.
local function mappings()
  local maps = filesystem.contents("/proc/self/maps")
  if not maps then
    return nil
  end
  local heap, others = 0, 0
  for first, last, rest in maps:gmatch("(%x+)%-(%x+)([^\n]*)") do
    -- addresses of the kernel's own do not fit in 63 bits; they are no mapping of ours
    local bytes = (tonumber(last, 16) or 0) - (tonumber(first, 16) or 0)
    if rest:find("[heap]", 1, true) then
      heap = heap + bytes
    elseif not rest:find("[vsyscall]", 1, true) then
      others = others + bytes
    end
  end
  return heap, others
end

local function bytes_array(bytes, block)
  return dynarray.new { type = "uint8", capacity = bytes, block = block }
end

-- The least block for which at least `factor` times its bytes are newly mapped. What is taken stays taken.
local function threshold(block, least, factor, kept)
  local function mapped(bytes)
    local _, before = mappings()
    kept[#kept + 1] = bytes_array(bytes, block)
    local _, after = mappings()
    return after - before >= factor * bytes
  end
  local low, high = least, MOST_THRESHOLD
  if not mapped(high) then
    return nil
  end
  while high - low > 1 do
    local middle = (low + high) // 2
    if mapped(middle) then
      high = middle
    else
      low = middle
    end
  end
  return high
end

local measures = {}

function measures.brk()
  local taken, heap, steps = {}, { x = {}, y = {} }, {} -- taken: nothing is freed
  local last = mappings()
  if not last then
    return {}
  end
  for i = 1, BRK_BLOCKS do
    taken[i] = bytes_array(BRK_BLOCK, "copy")
    local now = mappings()
    heap.x[i], heap.y[i] = i * BRK_BLOCK, now
    if now > last then
      steps[#steps + 1] = now - last
    end
    last = now
  end
  table.sort(steps)
  return { brk_step = #taken > 0 and steps[#steps // 2 + 1] or nil }, { heap = heap }
end

function measures.mmap()
  if not mappings() then
    return {}
  end
  local kept = {}
  local before = threshold("copy", KIB, 1, kept)
  bytes_array(FREED_BYTES, "copy"):close()
  return { mmap_threshold = before, mmap_threshold_after_free = threshold("copy", KIB, 1, kept) }
end

-- Blocks of pages are mapped with room to grow, much more than malloc maps.
function measures.pages()
  return { pages_threshold = mappings() and threshold("auto", MIB, 2, {}) or nil }
end

local function huge_bytes()
  local rollup = filesystem.contents("/proc/self/smaps_rollup")
  local kib = rollup and rollup:match("AnonHugePages:%s*(%d+) kB")
  return kib and tonumber(kib) * KIB
end

function measures.touch(case)
  local mib, pages = case.bytes / MIB, case.bytes / PAGE
  local huge_before, start = huge_bytes(), probe.memory()
  local a <close> = bytes_array(case.bytes, case.block)
  local reserved, t0 = probe.memory(), probe.clock()
  a:resize(case.bytes)
  local t1, first = probe.clock(), probe.memory()
  local t2 = probe.clock()
  a:fill(1)
  local t3, again = probe.clock(), probe.memory()
  local metrics = { first_touch = (t1 - t0) / pages, second_touch = (t3 - t2) / pages }
  if start.minor_faults then
    metrics.faults_reserve = (reserved.minor_faults - start.minor_faults) / mib
    metrics.faults_first = (first.minor_faults - reserved.minor_faults) / mib
    metrics.faults_again = (again.minor_faults - first.minor_faults) / mib
  end
  metrics.huge_pages = huge_before and (huge_bytes() - huge_before) / case.bytes * 100
  return metrics
end

-- The share of what was resident that is no longer once `give_back` has run, with nothing kept for the next array.
local function returned(bytes, make, give_back)
  dynarray.collector { keep = 0 }
  collectgarbage()
  local before = probe.memory().resident
  local held = make()
  local full = probe.memory().resident
  give_back(held)
  held = nil -- luacheck: ignore 311
  collectgarbage()
  local after = probe.memory().resident
  -- Where the array lies in memory that was resident already, there is nothing to tell.
  local took = before and full - before >= bytes / 2
  return { returned = took and math.max(full - after, 0) / (full - before) * 100 or nil }
end

local givers = {
  clear = function(list) list[1]:clear() end,
  shrink_to_fit = function(list)
    list[1]:resize(#list[1] // SHRUNK)
    list[1]:shrink_to_fit()
  end,
  close = function(list) list[1]:close() end,
}

for name, give_back in pairs(givers) do
  measures[name] = function(case)
    local kept -- the array lives on
    return returned(case.bytes, function()
      kept = { dynarray.filled(case.bytes, 1, { type = "uint8", block = case.block }) }
      return kept
    end, give_back)
  end
end

local function drop(list)
  for i = #list, 1, -1 do
    list[i] = nil
  end
end

function measures.collect(case)
  return returned(case.bytes, function()
    return { dynarray.filled(case.bytes, 1, { type = "uint8", block = case.block }) }
  end, drop)
end

measures["collect small"] = function(case)
  return returned(case.bytes, function()
    local list = {}
    for i = 1, case.bytes // SMALL_BYTES do
      list[i] = dynarray.filled(SMALL_BYTES, 1, { type = "uint8", block = case.block })
    end
    return list
  end, drop)
end

function process.check(parameters)
  for _, what in ipairs(parameters.what) do
    if not measures[what] then
      error(("what = %s is unknown (%s)"):format(what, table.concat(process.parameters[1].default, ", ")), 0)
    end
  end
end

local BLOCKLESS = { brk = true, mmap = true, pages = true }

-- Thresholds do not depend on the array, and only a touch on the state of memory; many small stable blocks would be a
-- mapping of gigabytes each.
function process.cases(parameters)
  local cases = {}
  for _, what in ipairs(parameters.what) do
    local of_what = { what = { what }, block = parameters.block, bytes = parameters.bytes, memory = parameters.memory }
    local list
    if BLOCKLESS[what] then
      list = { { what = what } }
    elseif what == "touch" then
      list = combinations(of_what, "what", "block", "bytes", "memory")
    else
      list = combinations(of_what, "what", "block", "bytes")
    end
    for _, case in ipairs(list) do
      cases[#cases + 1] = not (what == "collect small" and case.block == "stable") and case or nil
    end
  end
  return cases
end

function process.needed(case)
  return case.block ~= "copy" and case.what ~= "collect small" and case.memory ~= "cold"
end

function process.once(case)
  return BLOCKLESS[case.what] or false
end

function process.touches(case)
  return case.bytes or 0
end

-- What the library keeps of freed blocks for the next array is not what is asked for here.
function process.measure(case)
  dynarray.collector { keep = 0 }
  return measures[case.what](case)
end

local function returned_plot(view)
  local bars = {}
  for _, block in ipairs(view:values("block")) do
    local line = { label = ("block %q"):format(block), x = {}, y = {} }
    for _, row in ipairs(view:where { block = block }) do
      if row.metrics.returned then
        table.insert(line.x, row.case.what)
        table.insert(line.y, row.metrics.returned.median)
      end
    end
    bars[#bars + 1] = #line.x > 0 and line or nil
  end
  return #bars > 0 and {
    name = "process-returned", title = "What the system gets back", kind = "bars", x = { label = "" },
    y = { label = "returned", unit = "%" }, lines = bars,
    read = "Each bar is the share of an array's memory that the system has back after it. clear keeps the block for "
      .. "the next elements" .. (view:value({ what = "collect small" }, "returned")
      and "; what lies in many small blocks may stay with the allocator for later ones." or "."),
  } or nil
end

local function heap_plot(run)
  local heap = results.last_series(run, { what = "brk" }, "heap")
  return heap and {
    name = "process-brk", title = "The heap segment while blocks of 4 KiB are taken", kind = "steps",
    x = { label = "taken", unit = "bytes" }, y = { label = "heap", unit = "bytes" },
    lines = { { label = "heap", x = heap.x, y = heap.y } },
    read = "The allocator asks the system for much at once, and hands it out block by block: one step, many blocks.",
  } or nil
end

function process.plots(run)
  local plots = { returned_plot(medians.of(run)) }
  plots[#plots + 1] = heap_plot(run)
  return plots
end

local MOSTLY_HUGE = 50 -- percent of the block: then a page is a part of a huge one

-- Rows of touches that cannot be told apart: the same block and kind of page, intervals that overlap.
local function alike(row, other)
  local p, q = row.metrics.first_touch, other.metrics.first_touch
  return row.case.block == other.case.block and row.is_huge == other.is_huge and p.low <= q.high and q.low <= p.high
end

local function touch_part(view)
  local groups = {}
  for _, row in ipairs(view:where { what = "touch" }) do
    local m, home = row.metrics, nil
    row.is_huge = m.huge_pages and m.huge_pages.median >= MOSTLY_HUGE or false
    for _, group in ipairs(m.first_touch and groups or {}) do
      home = alike(group[1], row) and group or home
    end
    if home then
      home[#home + 1] = row
    elseif m.first_touch then
      groups[#groups + 1] = { row }
    end
  end
  local parts = {}
  for k, group in ipairs(groups) do
    local states, sum = {}, 0
    for i, row in ipairs(group) do
      states[i], sum = row.case.memory or "cold", sum + row.metrics.first_touch.median
    end
    parts[k] = ("%s%s (block %q, %s)"):format(units.number(sum / #group, "ns"),
      group[1].is_huge and " in huge pages" or "", group[1].case.block, table.concat(states, " or "))
  end
  return #parts > 0 and ("Memory has a price when it is first written: each page of %s takes %s"):format(
    units.number(PAGE, "bytes"), sentence.join(parts))
end

local WORDS = {
  clear = "clear (which keeps the block)", collect = "a collection of large arrays",
  ["collect small"] = "a collection of many small arrays",
  shrink_to_fit = ("shrink_to_fit (which keeps the 1 element in %d that is left)"):format(SHRUNK),
}

-- "close 100%", or "close 90 to 100%" where the blocks differ.
local function returned_part(view)
  local parts = {}
  for _, what in ipairs(view:values("what")) do
    local _, least = view:least({ what = what }, "returned")
    local _, most = view:most({ what = what }, "returned")
    if least then
      local range = most - least < 1 and "" or (" to %.0f"):format(most)
      parts[#parts + 1] = ("%s %.0f%s%%"):format(WORDS[what] or what, least, range)
    end
  end
  return #parts > 0 and "What the system gets back of an array's memory: " .. sentence.join(parts)
end

function process.answer(run)
  local view = medians.of(run)
  local answer, more = {}, {}
  local function bytes(metric, words)
    local value = view:value({}, metric)
    more[#more + 1] = value and words:format(units.number(value, "bytes")) or nil
  end
  answer[1] = touch_part(view) or nil
  answer[#answer + 1] = returned_part(view) or nil
  bytes("mmap_threshold", "Malloc takes each block from %s on from the system by itself (a mapping), and gives it back "
    .. "when it is freed")
  bytes("mmap_threshold_after_free", "Once a mapped block was freed, it does so only for larger ones: here from %s on")
  bytes("pages_threshold", "An array that gets its size at once has pages of its own from %s on")
  if #answer + #more == 0 then
    return "This system does not tell what a process holds."
  elseif #answer == 0 then
    answer, more = more, {}
  elseif #answer == 2 then
    more[#more + 1] = "For this the library was told to keep nothing, dynarray.collector{ keep = 0 }: as a rule it "
      .. "keeps up to 16 MiB of freed blocks for the next arrays"
  end
  return table.concat(answer, ". ") .. ".", #more > 0 and table.concat(more, ". ") .. "." or nil
end

return process
