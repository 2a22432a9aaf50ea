-- bench/sequence.lua: compares functions of `table` on a sequence with those on a table and with methods of arrays.
--
-- ms a call, medians of rounds; in each round every arm runs once, in random order.
package.path = "bench/?.lua;" .. package.path
local support = require "support"
local dynarray = require "dynarray"
local now = support.floor().now

local N, ROUNDS = 200000, 9
local numbers = {}
for i = 1, N do numbers[i] = math.random(1 << 30) end

local function less(x, y) return x < y end
local function sequence() return dynarray.from(numbers, { bounds = "sequence" }) end
local function copy() return table.move(numbers, 1, N, 1, {}) end

-- An arm: its name, what makes the data, what is timed.
local operations = {
   { "remove(1)", {
      { name = "table", make = copy, run = function(t) table.remove(t, 1) end },
      { name = "table.remove(a, 1)", make = sequence, run = function(a) table.remove(a, 1) end },
      { name = "a:remove(1)", make = sequence, run = function(a) a:remove(1) end },
   } },
   { "sort(less)", {
      { name = "table", make = copy, run = function(t) table.sort(t, less) end },
      { name = "table.sort(a, less)", make = sequence, run = function(a) table.sort(a, less) end },
      { name = "a:sort(less)", make = sequence, run = function(a) a:sort(less) end },
   } },
}

print(support.environment())
print(("%d elements, ms a call; ratio: to the table"):format(N))
for _, operation in ipairs(operations) do
   local times, rows = {}, {}
   for _ = 1, ROUNDS do
      for _, arm in ipairs(support.shuffled(operation[2])) do
         local data = arm.make()
         local start = now()
         arm.run(data)
         times[arm.name] = times[arm.name] or {}
         table.insert(times[arm.name], (now() - start) * 1e3)
      end
   end
   for _, arm in ipairs(operation[2]) do
      local ms = support.median(times[arm.name])
      rows[#rows + 1] = { arm.name, support.number(ms), support.number(ms / support.median(times.table)) }
   end
   print()
   support.print_table({ operation[1], "ms", "ratio" }, rows)
end
