--- How long a growth takes, from a few constants of the machine: what a store costs, a copied byte, the first touch of
-- a page, a call of the allocator. The constants are measured by dynarray.lab.experiments.costs; here they are put
-- together, growth by growth, for any policy and size, also for what would take hours.
--
-- What is assumed of the allocator is what glibc does: it maps blocks from 128 KiB on, and gives the mapping back when
-- the block is freed. A freed mapping raises that limit to its size, up to 32 MiB: from the second growth in a process
-- on, smaller blocks come from the heap, see dynarray.lab.model.heap.
-- @module dynarray.lab.model.cost
local heap = require "dynarray.lab.model.heap"
local simulate = require "dynarray.lab.model.simulate"

local cost = {}

local KIB, MIB = 1 << 10, 1 << 20
local PAGE, HUGE_PAGE = 4 * KIB, 2 * MIB
local MAPPED_FIRST, MAPPED_ALWAYS = 128 * KIB, 32 * MIB -- bytes: what malloc maps at first, and what it always maps
local TIMED_FROM = 64 * KIB -- bytes: growths to more are timed, which takes longer than the growth
local PAGES_FROM = 80 * KIB -- bytes: from here on, a block "auto" that grows is one of pages, and grows in place
local KEPT = 16 * MIB      -- bytes of the last freed block that stay for the next one: dynarray.collector
local NEAR = 4 * MIB       -- bytes of pages that the system gives again as they come back: they are still in the cache
local MOST_FOLLOWED = 1e5  -- growths by a constant that are followed through the heap
local IN_PLACE = 0.25      -- a block of malloc that adds less than so much of its size mostly grows in place

--- The constants: name, unit and what it is. All are times in ns.
cost.constants = {
  { name = "store", unit = "ns", what = "an append to a block with room, in the cache" },
  { name = "store_far", unit = "ns", what = "the same in memory that is in no cache" },
  { name = "copy_small", unit = "ns/KiB", what = "copying 64 KiB" },
  { name = "copy_medium", unit = "ns/KiB", what = "copying 1 MiB" },
  { name = "copy_large", unit = "ns/KiB", what = "copying 16 MiB" },
  { name = "copy_huge", unit = "ns/KiB", what = "copying 64 MiB" },
  { name = "small_page", unit = "ns", what = "the first touch of a page of 4 KiB" },
  { name = "small_page_back", unit = "ns", what = "giving it back" },
  { name = "near_page", unit = "ns", what = "the first touch of a page of 4 KiB that came back a moment ago" },
  { name = "near_page_back", unit = "ns", what = "giving it back" },
  { name = "huge_page", unit = "ns", what = "the first touch of 2 MiB in a block of pages that grows" },
  { name = "huge_page_back", unit = "ns", what = "giving it back" },
  { name = "growth", unit = "ns", what = "a growth in place: asking the policy and the allocator" },
  { name = "large_growth", unit = "ns", what = "the same from 64 KiB on, where growths are timed" },
  { name = "call", unit = "ns", what = "a growth to another block, without the copying" },
  { name = "mapping", unit = "ns", what = "mapping a block and giving the mapping back" },
}

--- The parts of a time, in the order of display: name and what it is called.
cost.parts = {
  { name = "storing", label = "storing" }, { name = "copying", label = "copying" },
  { name = "touching", label = "first touches" }, { name = "allocating", label = "allocator" },
}

-- Copying: from how many bytes on which constant holds; the places in between those that were measured.
local COPIED = {
  { 0, "copy_small" }, { 256 * KIB, "copy_medium" }, { 4 * MIB, "copy_large" }, { 32 * MIB, "copy_huge" },
}

-- Bytes at which what a growth costs changes: all blocks between two of them cost the same for each byte.
local STEPS = { TIMED_FROM, MAPPED_FIRST, PAGES_FROM, NEAR, MAPPED_ALWAYS }
for k = 2, #COPIED do
  STEPS[#STEPS + 1] = COPIED[k][1]
end
table.sort(STEPS)

local function copied(constants, bytes, of)
  local name
  for _, step in ipairs(COPIED) do
    name = of >= step[1] and step[2] or name
  end
  return bytes / KIB * constants[name]
end

-- Growths in place of a block of so many bytes.
local function in_place(c, growths, bytes)
  return growths * (bytes >= TIMED_FROM and c.large_growth or c.growth)
end

-- Growths to another block.
local function to_another(c, growths, bytes)
  return growths * (c.call + (bytes >= TIMED_FROM and c.large_growth - c.growth or 0))
end

-- Touches so many pages of 4 KiB, and gives some back; `of` is what is in use of such pages.
local function touches(parts, c, touched, returned, of)
  local is_near = of <= NEAR
  parts.touching = parts.touching + touched / PAGE * (is_near and c.near_page or c.small_page)
  parts.allocating = parts.allocating + returned / PAGE * (is_near and c.near_page_back or c.small_page_back)
end

-- Growths of one kind: so many, from blocks of `old` bytes on average to such of `new`.
local adders = {}

function adders.copy(parts, c, growths, old, new, context)
  local touched = math.min(new, context.bytes)
  parts.copying = parts.copying + growths * copied(c, old, old)
  parts.allocating = parts.allocating + to_another(c, growths, new)
  if new > (context.again and MAPPED_ALWAYS or MAPPED_FIRST) then
    touches(parts, c, growths * touched, growths * touched, touched)
    parts.allocating = parts.allocating + growths * c.mapping
    context.is_fresh = true
  elseif context.heap then
    local before = context.heap.touched
    context.heap:grow(new, touched)
    context.is_fresh = context.heap.touched > before
  end
end

function adders.auto(parts, c, growths, old, new)
  if old <= PAGES_FROM and new > PAGES_FROM then
    parts.allocating = parts.allocating + c.mapping + in_place(c, growths, new)
    parts.copying = parts.copying + copied(c, old, old)
  elseif new <= PAGES_FROM and new - old >= old * IN_PLACE then
    parts.allocating = parts.allocating + to_another(c, growths, new)
    parts.copying = parts.copying + growths * copied(c, old, old)
  else
    parts.allocating = parts.allocating + in_place(c, growths, new)
  end
end

--- The kinds of block that are known: a set.
cost.blocks = { copy = true, auto = true }

-- The growths by a constant step, in runs between places where the cost of a byte changes: visit(growths, old, new).
local function evenly(step, bytes, visit)
  local growths = math.ceil(bytes / step)
  local first = 0 -- growths so far
  for k = 1, #STEPS + 1 do
    local last = STEPS[k] and math.min(STEPS[k] // step, growths) or growths
    if last > first then
      local middle = (first + last + 1) / 2 * step -- of the new blocks, from (first + 1) * step to last * step
      visit(last - first, middle - step, middle)
      first = last
    end
  end
end

-- The capacities of growths, in bytes, one by one.
local function capacities(policy, n, size)
  local next_capacity, capacity, list = simulate.next(policy), 0, {}
  while capacity < n do
    capacity = next_capacity(capacity, capacity + 1, size)
    list[#list + 1] = capacity * size
  end
  return list
end

local function singly(list, visit)
  local old = 0
  for _, new in ipairs(list) do
    visit(1, old, new)
    old = new
  end
end

-- Grows once more than is counted, so that the heap is as it is after such an array.
local function grown_heap(list, bytes)
  local grown = heap.new(list[#list])
  for _, new in ipairs(list) do
    if new <= MAPPED_ALWAYS then
      grown:grow(new, math.min(new, bytes))
    end
  end
  grown:close()
  grown.touched, grown.returned = 0, 0
  return grown
end

-- Elements are stored to the cache if they were just touched for the first time, or if there are few.
local function storing(c, bytes, n, is_fresh)
  if is_fresh then
    return n * c.store
  end
  local near = math.min(bytes, MIB) / bytes
  return n * (near * c.store + (1 - near) * c.store_far)
end

--- The time of n appends to an empty array.
-- @param constants a table: ns by the names of `cost.constants`
-- @param policy a name, a factor or "increment:N"
-- @param n elements
-- @param options `block` ("auto", or "copy" for blocks that are copied at each growth), `element_size` (8), `again`:
-- the process has grown such an array before
-- @return a table: `total` and each of `cost.parts` in ns, `growths`, `copied_bytes`
function cost.predict(constants, policy, n, options)
  local size, block = options.element_size or 8, options.block or "auto"
  local add = adders[block] or error(("no cost is known for block %q (auto or copy)"):format(block), 2)
  local parts = { storing = 0, copying = 0, touching = 0, allocating = 0, growths = 0, copied_bytes = 0 }
  local context = { bytes = n * size, again = options.again }
  local function visit(growths, old, new)
    parts.growths, parts.copied_bytes = parts.growths + growths, parts.copied_bytes + growths * old
    add(parts, constants, growths, old, new, context)
  end
  local step = simulate.step(policy)
  if step and not (options.again and block == "copy" and n / step < MOST_FOLLOWED) then
    evenly(step * size, n * size, visit)
  else
    local list = capacities(policy, n, size)
    context.heap = options.again and block == "copy" and grown_heap(list, n * size) or nil
    singly(list, visit)
  end
  if context.heap then
    context.heap:close()
    touches(parts, constants, context.heap.touched, context.heap.returned, context.heap.touched)
  elseif block == "auto" then
    local fresh = math.max(context.bytes - (options.again and KEPT or 0), 0)
    if context.bytes >= HUGE_PAGE then
      parts.touching = parts.touching + fresh / HUGE_PAGE * constants.huge_page
    else
      touches(parts, constants, fresh, 0, fresh)
    end
    context.is_fresh = fresh > 0
  end
  parts.storing = storing(constants, context.bytes, n, context.is_fresh)
  parts.total = parts.storing + parts.copying + parts.touching + parts.allocating
  return parts
end

return cost
