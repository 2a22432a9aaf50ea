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

function arms.call(a) -- the method is looked up once
   local append = a.append
   for i = 1, n do append(a, i) end
end

function arms.eight(a) -- a program that has several values at a time
   for i = 1, n, 8 do a:append(i, i + 1, i + 2, i + 3, i + 4, i + 5, i + 6, i + 7) end
end

function arms.gather(a)
   local chunk = {}
   for first = 1, n, CHUNK do
      for i = 0, CHUNK - 1 do chunk[i + 1] = first + i end
      a:extend(chunk)
   end
end

function arms.extend(a)
   local chunk = dynarray.filled(CHUNK, 1.5, "float64")
   for _ = 1, n // CHUNK do a:extend(chunk) end
end

function arms.bytes(a) -- a program that has the elements as they came, in a string
   local chunk = string.pack("<d", 1.5):rep(CHUNK)
   for _ = 1, n // CHUNK do a:extend(dynarray.frombytes(chunk, "float64")) end
end

-- Without an array: what a user would write otherwise.
local others = {}

function others.write()
   local file = assert(io.open(path, "wb"))
   local pack = string.pack
   for i = 1, n do file:write(pack("<d", i)) end
   file:close()
end

others["write-gather"] = function()
   local file = assert(io.open(path, "wb"))
   local pack, unpack, chunk, format = string.pack, table.unpack, {}, "<" .. ("d"):rep(CHUNK)
   for first = 1, n, CHUNK do
      for i = 0, CHUNK - 1 do chunk[i + 1] = first + i end
      file:write(pack(format, unpack(chunk)))
   end
   file:close()
end

function others.sqlite() -- the package lua-sql-sqlite3, which has no prepared statements
   os.remove(path)
   local base = assert(require("luasql.sqlite3").sqlite3():connect(path))
   assert(base:execute "create table samples (x real)")
   base:setautocommit(false)
   for i = 1, n do base:execute("insert into samples values (" .. i .. ".0)") end
   assert(base:commit())
   base:close()
end

local function timed(f, ...)
   local before = os.clock()
   f(...)
   print((os.clock() - before) * 1e9 / n)
end

-- Appends to memory and to a file in turns, where there is room: the call alone. Prints what a tenth of the turns were
-- faster than: other work on the machine makes the rest slower.
local function turns()
   local size, count <const> = 20000, 400
   local file = assert(dynarray.open(path, { type = "float64", mode = "w", capacity = size }))
   local arrays = { dynarray.new { type = "float64", capacity = size }, file }
   local times = { {}, {} }
   for i = 1, count do
      for k, a in ipairs(arrays) do
         a:clear()
         local before = os.clock()
         for j = 1, size do a:append(j) end
         times[k][i] = (os.clock() - before) * 1e9 / size
      end
   end
   for k = 1, 2 do table.sort(times[k]) end
   print(times[1][count // 10], times[2][count // 10])
   file:close()
end

if arm == "turns" then
   turns()
elseif arm:find "^floor" then -- an object whose method does nothing
   package.path = "bench/?.lua;" .. package.path
   timed(arms[arm:match "%-(.*)"], require("support").floor().new())
elseif others[arm] then
   timed(others[arm])
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
elseif arm:find "^sum" then
   local ways = { memory = dynarray.load, map = dynarray.map }
   local way = ways[arm:match "%-(.*)"]
   local a = assert(way and way(path) or dynarray.open(path, { mode = "r" }))
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
   timed(arms[arm:match "%-(.*)"], a)
   a:close()
end
