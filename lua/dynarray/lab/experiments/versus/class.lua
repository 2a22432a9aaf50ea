--- The article's idea as a Lua programmer would write it: a class around a fixed block, here a table that is filled in
-- advance, which is copied to one twice as large when it is full. Checked access, from 1.
local Class = {}

local function allocate(size, fill)
  local block = {}
  for i = 1, size do
    block[i] = fill
  end
  return block
end

local methods = {}

local function check(self, index)
  if not (index >= 1 and index <= self.size) then
    error(("index %s out of bounds (size %d)"):format(index, self.size), 3)
  end
end

function Class.__index(self, index)
  if methods[index] then
    return methods[index]
  end
  check(self, index)
  return self.block[index]
end

function Class.__newindex(self, index, value)
  check(self, index)
  self.block[index] = value
end

function methods:append(value)
  local size = self.size
  if size == self.capacity then
    local larger = allocate(2 * self.capacity, 0)
    for i = 1, size do
      larger[i] = self.block[i]
    end
    rawset(self, "capacity", 2 * self.capacity)
    rawset(self, "block", larger)
  end
  self.block[size + 1] = value
  rawset(self, "size", size + 1)
end

--- An empty one with room for `capacity` elements.
return function(capacity)
  return setmetatable({ size = 0, capacity = capacity, block = allocate(capacity, 0) }, Class)
end
