-- bench/access.lua: reads, writes, appends and iteration, beside a Lua table and beside the floor.
--
-- The floor is a userdata whose metamethods and method check their first argument and return a
-- constant (bench/floor.c). All arms of a line run the same loop. In each round every arm runs once, in random order.
-- A ratio is the median of the ratios of all rounds.
package.path = "bench/?.lua;" .. package.path
local support = require "support"
local floor = support.floor()
local found, dynarray = pcall(require, "dynarray")
if not found then
   print("no dynarray module; table and floor only")
   dynarray = nil
end

local quick = arg[1] == "--quick"
local ROUNDS = quick and 11 or 41
local SECONDS = 0.003 -- of a sample, at least
local N = 1000        -- elements
local MANY = 100000   -- of a longer extend
local X = 1.5         -- what is written

local now = floor.now

-- Loops. Each takes the array, or a function that makes one, and does N operations or as many as it returns.

local function read(a)
   for i = 1, N do local _ = a[i] end
end

local function write(a)
   for i = 1, N do a[i] = X end
end

-- The floors never end, so these loops stop at N, which takes one comparison more.
local function iterate(a, iterator)
   for _ in iterator(a) do end
end

local function iterate_by_four(a)
   for _, _, _, _, _ in a:tuples(4) do end
end

local function iterate_floor(a, iterator)
   for i in iterator(a) do if i == N then break end end
end

-- floor.next does not count
local function iterate_next(a)
   local i = 0
   for _ in floor.next, a, 0 do
      i = i + 1
      if i == N then break end
   end
end

local function append_reserved(a, append, clear)
   clear(a)
   for _ = 1, N do append(a, X) end
end

local function append_method(a)
   a:clear()
   for _ = 1, N do a:append(X) end
end

local function append_growing(new, append, type)
   local a = new(type)
   for _ = 1, N do append(a, X) end
end

local function table_growing()
   local t = {}
   for _ = 1, N do t[#t + 1] = X end
   return #t
end

local function append_eight(new, type)
   local a = new(type)
   for _ = 1, N, 8 do a:append(X, X, X, X, X, X, X, X) end
end

local function append_eight_reserved(a)
   a:clear()
   for _ = 1, N, 8 do a:append(X, X, X, X, X, X, X, X) end
end

local function append_eight_cached(a, append, clear)
   clear(a)
   for _ = 1, N, 8 do append(a, X, X, X, X, X, X, X, X) end
end

local function extend(new, source, type)
   new(type):extend(source)
   return #source
end

local function extend_reserved(a, source)
   a:clear()
   a:extend(source)
   return #source
end

-- What extend does, written in Lua: the elements come from a table.
local function table_from_table(source)
   local t = {}
   for _, v in ipairs(source) do t[#t + 1] = v end
   return #t
end

local function long_table_growing()
   local t = {}
   for _ = 1, MANY do t[#t + 1] = X end
   return #t
end

-- Arms.

local filled_table, long_table = {}, {}
for i = 1, N do filled_table[i] = X end
for i = 1, MANY do long_table[i] = X end
local a_floor = floor.new()

local function filled(type)
   return dynarray and dynarray.filled(N, X, type)
end

local function reserved(type)
   return dynarray and dynarray.new{ type = type, capacity = N }
end

local append, clear
if dynarray then
   append, clear = reserved("float64").append, reserved("float64").clear
end

-- A line: its name, arms, the arm to compare with, the bound. An arm is {loop, arguments...}.
local function line(name, arms, against, bound)
   return { name = name, arms = arms, against = against, bound = bound }
end

-- The bound is how many times faster than the table's loop it must be.
local function many_at_once(name, arms)
   return { name = name, arms = arms, against = "table", bound = 3, at_least = true }
end

-- loop and further arguments for both element types; first(type) is the array or constructor
local function arrays(arms, loop, first, ...)
   if dynarray then
      for _, type in ipairs{ "float64", "value" } do
         arms[type] = { loop, first(type), ... }
      end
   end
   return arms
end

local function new_array() return dynarray and dynarray.new end

local function with_type(arms)
   for type, arm in pairs(arms) do
      if type == "float64" or type == "value" then arm[#arm + 1] = type end
   end
   return arms
end

local function iteration(iterator, table_iterator, floor_arm)
   return arrays({ table = { iterate, filled_table, table_iterator }, floor = floor_arm },
      iterate, filled, iterator)
end

local lines = {
   line("read a[i]", arrays({ table = { read, filled_table }, floor = { read, a_floor } },
      read, filled), "floor", 1.15),
   line("write a[i] = v", arrays({ table = { write, filled_table }, floor = { write, a_floor } },
      write, filled), "floor", 1.15),
   line("append(a, v)", arrays({
      table = { table_growing },
      floor = { append_reserved, a_floor, floor.method, floor.method },
   }, append_reserved, reserved, append, clear), "floor", 1.15),
   line("append(a, v), growing", with_type(arrays({
      table = { table_growing },
      floor = { append_growing, floor.new, floor.method },
   }, append_growing, new_array, append)), "floor"),
   line("a:append(v)", arrays({
      table = { table_growing },
      floor = { append_method, a_floor },
   }, append_method, reserved), "floor", 1.15),
   line("pairs(a)", iteration(pairs, pairs, { iterate_next, a_floor }), "table", 1.3),
   line("dynarray.ipairs(a)", iteration(dynarray and dynarray.ipairs, ipairs, { iterate_next, a_floor }),
      "table", 1.3),
   line("ipairs(a)", iteration(ipairs, ipairs, { iterate_floor, a_floor, ipairs }), "floor", 1.15),
   line("a:tuples(4), an element", arrays({ table = { iterate, filled_table, ipairs } }, iterate_by_four, filled),
      "table", 0.6),
   many_at_once("a:extend(t)", arrays({ table = { table_growing } },
      extend_reserved, reserved, filled_table)),
   many_at_once("a:extend(t), from t in Lua", with_type(arrays({ table = { table_from_table, filled_table } },
      extend, new_array, filled_table))),
   many_at_once("a:extend(t), growing", with_type(arrays({ table = { table_growing } },
      extend, new_array, filled_table))),
   many_at_once("a:extend(t) of 1e5, growing", with_type(arrays({ table = { long_table_growing } },
      extend, new_array, long_table))),
   many_at_once("append(a, v1 .. v8)", arrays({
      table = { table_growing },
      floor = { append_eight_cached, a_floor, floor.method, floor.method },
   }, append_eight_cached, reserved, append, clear)),
   many_at_once("a:append(v1 .. v8)", arrays({
      table = { table_growing },
      floor = { append_eight_reserved, a_floor },
   }, append_eight_reserved, reserved)),
   many_at_once("a:append(v1 .. v8), growing", with_type(arrays({
      table = { table_growing },
      floor = { append_eight, floor.new },
   }, append_eight, new_array))),
}

-- Measuring.

-- ns an operation
local function sample(arm, repeats)
   local loop = arm[1]
   local a, b, c, d = arm[2], arm[3], arm[4], arm[5]
   local operations = N
   local start = now()
   for _ = 1, repeats do operations = loop(a, b, c, d) or N end
   return (now() - start) / (repeats * operations) * 1e9
end

local function repeats_for(arm)
   local repeats = 1
   repeat
      local start = now()
      sample(arm, repeats)
      local elapsed = now() - start
      if elapsed < SECONDS then repeats = repeats * 2 end
   until elapsed >= SECONDS
   return repeats
end

-- {arm name = {median, ratio}}; ratios against the line's arm
local function measure(entry)
   local names, repeats, times, ratios = {}, {}, {}, {}
   for name, arm in pairs(entry.arms) do
      names[#names + 1] = name
      repeats[name] = repeats_for(arm)
      times[name], ratios[name] = {}, {}
   end
   table.sort(names)
   for round = 1, ROUNDS do
      for _, name in ipairs(support.shuffled(names)) do
         collectgarbage()
         times[name][round] = sample(entry.arms[name], repeats[name])
      end
      for _, name in ipairs(names) do
         local ratio = times[name][round] / times[entry.against][round]
         ratios[name][round] = entry.at_least and 1 / ratio or ratio
      end
   end
   local result = {}
   for _, name in ipairs(names) do
      result[name] = { support.median(times[name]), support.median(ratios[name]) }
   end
   return result
end

print(support.environment())
print(([[
%d elements, ns an operation, medians of %d rounds.
floor: a userdata that checks its first argument and returns a constant; for pairs and
dynarray.ipairs a C iterator that does so. Stock ipairs calls the metamethod for each element, so its
bound is its floor. table: the same loop on a Lua table; for appends t[#t + 1] = v from an empty
table. Appends fill an array of reserved capacity that is cleared before; "growing": a new array of
the default capacity. Ratios: to what the last column names, for many at once how many times faster.
]]):format(N, ROUNDS))

local rows = {}
for _, entry in ipairs(lines) do
   local result = measure(entry)
   local function time(name) return result[name] and support.number(result[name][1]) or "" end
   local function ratio(name)
      if not result[name] then return "" end
      if not entry.bound then return support.number(result[name][2]) end
      return support.verdict(result[name][2], entry.bound, entry.at_least)
   end
   local wanted = ""
   if entry.bound then
      wanted = (entry.at_least and ">= %g x faster than table" or "<= %g x " .. entry.against)
         :format(entry.bound)
   end
   rows[#rows + 1] = { entry.name, time("table"), time("floor"), time("float64"), ratio("float64"),
      time("value"), ratio("value"), wanted }
end
support.print_table({ "", "table", "floor", "float64", "ratio", "value", "ratio" }, rows)
