-- lua_many.lua ARM COUNT N: prints ns an array and bytes an array, all alive. Run by run.lua.
package.path = "bench/?.lua;" .. package.path
local support = require "support"
local kind, count, n = arg[1], math.tointeger(tonumber(arg[2])), math.tointeger(tonumber(arg[3]))

local X = 0.5

local function fill_tables(keep)
   for i = 1, count do
      local t = {}
      for _ = 1, n do t[#t + 1] = X end
      keep[i] = t
   end
end

local function fill_arrays(keep, new, append, type)
   for i = 1, count do
      local a = new(type)
      for _ = 1, n do append(a, X) end
      keep[i] = a
   end
end

local found, dynarray = pcall(require, "dynarray")
local keep = {}
for i = 1, count do keep[i] = false end -- its growth is not counted
collectgarbage()
local before, start = support.resident(), os.clock()
if kind == "table" then
   fill_tables(keep)
else
   assert(found, dynarray)
   fill_arrays(keep, dynarray.new, dynarray.new(kind).append, kind)
end
local elapsed = os.clock() - start
print(elapsed / count * 1e9, (support.resident() - before) / count)
os.exit(true, false)
