-- One arm a run, in Lua: arms.lua ARM N PATH. Prints nanoseconds an element, of the processor.
local dynarray = require "dynarray"
local arm, n, path = arg[1], tonumber(arg[2]), arg[3]
local clock = dynarray.probe.clock
local CHUNK = 1000

local function array()
   return arm:find "^memory" and dynarray.new "float64"
      or assert(dynarray.open(path, { type = "float64", mode = "w" }))
end

local arms = {}

function arms.append(a)
   for i = 1, n do a:append(i) end
end

function arms.extend(a)
   local chunk = dynarray.filled(CHUNK, 1.5, "float64")
   for _ = 1, n // CHUNK do a:extend(chunk) end
end

function arms.write()
   local file = assert(io.open(path, "wb"))
   local pack = string.pack
   for i = 1, n do file:write(pack("<d", i)) end
   file:close()
end

function arms.floor(a)
   for i = 1, n do a:append(i) end
end

if arm == "floor" then -- an object whose method does nothing
   package.path = "bench/?.lua;" .. package.path
   local a = require("support").floor().new()
   local before = os.clock()
   arms.floor(a)
   print((os.clock() - before) * 1e9 / n)
elseif arm == "write" then
   local before = os.clock()
   arms.write()
   print((os.clock() - before) * 1e9 / n)
elseif arm:find "^open" then -- microseconds, of a file that is there
   local times = {}
   for i = 1, n do
      local before = clock()
      local a = assert(dynarray.open(path, { mode = arm:match "open%-(.)" }))
      times[i] = clock() - before
      a:close()
   end
   table.sort(times)
   print(times[(n + 1) // 2] / 1000)
elseif arm == "sum" or arm == "sum-memory" then
   local a = arm == "sum" and assert(dynarray.open(path, { mode = "r" })) or assert(dynarray.load(path))
   a:sum()
   local before = os.clock()
   for _ = 1, 5 do a:sum() end
   print((os.clock() - before) * 1e9 / 5 / #a)
elseif arm == "beyond" then -- seconds of each part
   local times = { clock() }
   local a = array()
   for _ = 1, n // CHUNK do
      local chunk = {}
      for i = 1, CHUNK do chunk[i] = math.random() end
      a:extend(chunk)
   end
   times[2] = clock()
   a:sum()
   times[3] = clock()
   a:sort()
   times[4] = clock()
   assert(a:is_sorted())
   a:close()
   for i = 1, 3 do io.write((times[i + 1] - times[i]) / 1e9, " ") end
else
   local a = array()
   local before = os.clock()
   arms[arm:match "%-(.*)"](a)
   print((os.clock() - before) * 1e9 / n)
   a:close()
end
