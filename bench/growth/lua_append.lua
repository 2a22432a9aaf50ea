-- lua_append.lua ARM N [warm]: prints ns an append, peak resident bytes an element and page faults. warm: of
-- arrays that are built and closed one after another. Run by run.lua.
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

local dynarray = require "dynarray"
local AGAIN = 9 -- times that a warm array is built, the first aside

local function build()
   if not type then return append_to_table({}) end
   local a = dynarray.new{ type = type, capacity = how == "reserved" and n or nil }
   append_all(a, a.append)
   assert(#a == n)
   a:close()
end

local function faults() return dynarray.probe.memory().minor_faults end

local times = 1
if arg[3] == "warm" then
   times = AGAIN
   build()
   collectgarbage()
end
local before, first_faults, start = support.resident(), faults(), os.clock()
for _ = 1, times do build() end
local elapsed = (os.clock() - start) / times
print(elapsed / n * 1e9, (support.memory("VmHWM") - before) / n, faults() - first_faults)
os.exit(true, false)
