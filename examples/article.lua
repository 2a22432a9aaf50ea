-- The experiment of the article "All about Memory Management in Python": start with room for one element, append 1000
-- numbers, and watch the array grow.
local dynarray = require "dynarray"

-- block = "copy" grows as the class in the article does: allocate, copy, free.
local a = dynarray.new { initial_size = 1, initial_fill = 0, debug = true, block = "copy" }
for i = 1, 1000 do
  a:append(i)
end

print(("a[5] = %s, a[1] = %s, size %d, allocated size %d"):format(a[5], a[1], a.size, a.allocated_size))
a[1] = 30
print(("a[1] = %s after a[1] = 30"):format(a[1]))

-- Lua counts from one, so there is no a[0].
print(select(2, pcall(function() return a[0] end)))

local stats = a:stats()
print(("%d growths copied %d elements for %d appends: %.3f each, %d of %d places unused"):format(stats.growths,
  stats.elements_copied, #a, stats.elements_copied / #a, a.capacity - #a, a.capacity))
