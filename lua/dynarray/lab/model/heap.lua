--- Where glibc's malloc puts the blocks of an array that grows by copying, and which of their bytes are touched for the
-- first time: those of memory that the system gave anew.
--
-- The array is alone at the end of the heap. A new block goes into the hole that the blocks before left, if it fits:
-- that is what the golden ratio is said to be good for. Else it goes behind the old one, where the heap ends, and the
-- hole becomes larger by the old one. What is free at the end of the heap is given back to the system if it is more
-- than the trim threshold: glibc sets that to twice the largest mapping that was freed, 64 MiB at most.
-- @module dynarray.lab.model.heap
local heap = {}

local KIB, MIB = 1 << 10, 1 << 20
local FIRST_LIMIT = 128 * KIB -- bytes: M_MMAP_THRESHOLD, M_TRIM_THRESHOLD and M_TOP_PAD as a process begins
local MOST_MAPPED = 32 * MIB  -- DEFAULT_MMAP_THRESHOLD_MAX
local PAGE = 4 * KIB
local HEADER, GRAIN = 8, 16   -- of a block
local SMALL = 1600            -- bytes: blocks up to this find room between other things of the process

local function rounded(bytes)
  return (bytes + HEADER + GRAIN - 1) // GRAIN * GRAIN
end

local Heap = {}
Heap.__index = Heap

--- A heap in a process that has grown and freed such an array before.
-- @param largest bytes of its largest block
function heap.new(largest)
  local mapped = math.min(largest + PAGE, MOST_MAPPED)
  return setmetatable({
    hole = 0, size = 0,       -- the block lies behind a hole
    resident = 0, limit = 0,  -- what was touched, and where the heap ends
    trim = largest >= FIRST_LIMIT and 2 * mapped or FIRST_LIMIT,
    touched = 0, returned = 0, reused = 0, -- bytes, bytes, and blocks that went into the hole
  }, Heap)
end

local function touch(self, upto)
  if upto > self.resident then
    self.touched = self.touched + upto - self.resident
    self.resident = upto
  end
end

-- What lies behind `used` is free.
local function give_back(self, used)
  if self.limit - used > self.trim then
    self.limit = used + FIRST_LIMIT
    if self.resident > self.limit then
      self.returned = self.returned + self.resident - self.limit
      self.resident = self.limit
    end
  end
end

--- A new block, of which `written` bytes are written to; the old one is freed.
function Heap:grow(bytes, written)
  if bytes <= SMALL then
    return
  end
  local block = rounded(bytes)
  if self.size > 0 and self.hole >= block then
    touch(self, written)
    self.hole, self.size, self.reused = 0, block, self.reused + 1
    give_back(self, block)
    return
  end
  local place = self.hole + self.size
  if place + block > self.limit then
    self.limit = place + block + FIRST_LIMIT
  end
  touch(self, place + written)
  self.hole, self.size = place, block
end

--- The block is freed, too.
function Heap:close()
  self.hole, self.size = 0, 0
  give_back(self, 0)
end

return heap
