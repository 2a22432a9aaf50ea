-- lua_append.lua ARM N: prints ns an append and peak resident bytes an element. Run by run.lua.
package.path = "bench/?.lua;" .. package.path
local support = require "support"
local kind, n = arg[1], math.tointeger(tonumber(arg[2]))
local type, how = kind:match("^(%a+%d*) (%a+)$")

local X = 0.5

local function append_all(a, append)
   for _ = 1, n do append(a, X) end
end

local function append_to_table(t)
   for _ = 1, n do t[#t + 1] = X end
end

local before, start
if type then
   local dynarray = require "dynarray"
   before, start = support.resident(), os.clock()
   local a = dynarray.new{ type = type, capacity = how == "reserved" and n or nil }
   append_all(a, a.append)
   assert(#a == n)
else
   before, start = support.resident(), os.clock()
   append_to_table({})
end
local elapsed = os.clock() - start
print(elapsed / n * 1e9, (support.memory("VmHWM") - before) / n)
os.exit(true, false)
