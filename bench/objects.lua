-- objects.lua WAY COUNT SIZE: prints the resident bytes of each of COUNT lists of SIZE strings, made in that way, with
-- its place in the table that holds it, and the ns to make one and to collect it. Run by container.lua.
package.path = "bench/?.lua;" .. package.path
local support = require "support"
local dynarray = require "dynarray"
local way, count, size = arg[1], math.tointeger(arg[2]), math.tointeger(arg[3])

local words = {}
for i = 1, size do words[i] = "word " .. i % 10 end

local ways = {
   table = function()
      local list = {}
      for i = 1, size do list[i] = words[i] end
      return list
   end,
   of = function() return dynarray.of(table.unpack(words)) end,
   from = function() return dynarray.from(words) end,
   ["append(...)"] = function() return dynarray.new():append(table.unpack(words)) end,
   append = function()
      local list = dynarray.new()
      for i = 1, size do list:append(words[i]) end
      return list
   end,
}
local make = ways[way]

local function live()
   local kept = {}
   for i = 1, count do kept[i] = false end -- its growth is not counted
   collectgarbage()
   local before = support.resident()
   for i = 1, count do kept[i] = make() end
   collectgarbage()
   return (support.resident() - before) / count, kept
end

local bytes = live()
collectgarbage()
collectgarbage()
local start = os.clock()
for _ = 1, count do make() end
print(bytes, (os.clock() - start) / count * 1e9)
