-- bench/container.lua: compares operations on whole arrays with a Lua loop over a table and with NumPy.
--
-- All arms of a line do the same to the same data; in each round every arm runs once, in random order,
-- and a ratio is the median of the rounds' ratios. NumPy runs in a process of its own (bench/container.py)
-- and times itself; it waits while the others run.
package.path = "bench/?.lua;" .. package.path
local support = require "support"
local dynarray = require "dynarray"
local floor = support.floor()

-- ARGS: --quick, and --only "diff,csv" for some operations alone: csv is dynarray.read, objects are lists of strings.
local quick, only = arg[1] == "--quick", nil
for i = 1, #arg do
   if arg[i] == "--only" then only = "," .. assert(arg[i + 1], "--only needs names") .. "," end
end
local SIZES = quick and { 1000, 100000 } or { 1000, 100000, 10000000 }
local SECONDS = quick and 0.001 or 0.004 -- of a sample, at least
local ROUNDS = quick and 5 or 11
local MANY = 1000000 -- from this size on fewer rounds
local LUA_MOST = 1000000 -- elements of a table
local MOST = SIZES[#SIZES]

local now = floor.now
math.randomseed(20)

-- Data: integers that every type here holds exactly, as doubles in a file for NumPy.
local file = support.products .. "/container.bin"
os.execute("mkdir -p " .. support.products)
local source = dynarray.new{ type = "float64", capacity = MOST }
for _ = 1, MOST do source:append(math.random(0, 1 << 30)) end
local out = assert(io.open(file, "wb"))
for i = 1, MOST, 1000 do
   out:write(string.pack(("d"):rep(1000), source:view(i, i + 999):unpack()))
end
out:close()

-- NumPy, through two pipes.
local numpy = {}
do
   local fifo = support.products .. "/container.fifo"
   os.execute("rm -f " .. fifo .. " && mkfifo " .. fifo)
   local python = os.getenv("PYTHON") or "/usr/bin/python3"
   if os.execute(python .. " -c 'import numpy' 2>/dev/null") then
      numpy.input = assert(io.popen(("env -u OPENBLAS_CORETYPE %s bench/container.py %s > %s")
         :format(python, file, fifo), "w"))
      numpy.output = assert(io.open(fifo))
      numpy.version = numpy.output:read()
      numpy.numexpr = numpy.version:find "numexpr"
   end
end

function numpy.time(operation, kind, size, repeats)
   numpy.input:write(table.concat({ operation, kind, size, repeats }, "|"), "\n")
   numpy.input:flush()
   return tonumber(numpy.output:read())
end

-- Each operation: how the array does it, how a loop over a table does it. `t` and `a` are the data, `u` and
-- `b` are as large and may be written to, ones are ones.
local operations = {
   { "sum", function(s) return s.a:sum() end, function(s)
      local sum, t = 0, s.t
      for i = 1, #t do sum = sum + t[i] end
      return sum
   end },
   { "min", function(s) return s.a:min() end, function(s)
      local t = s.t
      local least = t[1]
      for i = 2, #t do if t[i] < least then least = t[i] end end
      return least
   end },
   { "max", function(s) return s.a:max() end, function(s)
      local t = s.t
      local greatest = t[1]
      for i = 2, #t do if t[i] > greatest then greatest = t[i] end end
      return greatest
   end },
   { "fill", function(s) s.b:fill(7) end, function(s)
      local u = s.u
      for i = 1, #u do u[i] = 7 end
   end },
   { "copy", function(s) local _ <close> = s.a:copy() end, function(s)
      local t, u = s.t, {}
      for i = 1, #t do u[i] = t[i] end
      return u
   end },
   { "add", function(s) local _ <close> = s.a + s.ones end, function(s)
      local t, v, u = s.t, s.v, {}
      for i = 1, #t do u[i] = t[i] + v[i] end
      return u
   end },
   { "add in place", function(s) s.b:add(s.ones) end, function(s)
      local u, v = s.u, s.v
      for i = 1, #u do u[i] = u[i] + v[i] end
   end },
   { "cumsum", function(s) s.b:cumsum() end, function(s)
      local sum, v, u = 0, s.v, s.u
      for i = 1, #v do
         sum = sum + v[i]
         u[i] = sum
      end
   end },
   { "index_of", function(s) return s.a:index_of(-5) end, function(s)
      local t = s.t
      for i = 1, #t do if t[i] == -5 then return i end end
   end },
   { "reverse", function(s) s.b:reverse() end, function(s)
      local u = s.u
      local i, j = 1, #u
      while i < j do
         u[i], u[j] = u[j], u[i]
         i, j = i + 1, j - 1
      end
   end },
   { "compute", function(s) local _ <close> = dynarray.compute("2*x + y*y", s.xy) end, function(s)
      local t, v, u = s.t, s.v, {}
      for i = 1, #t do u[i] = 2 * t[i] + v[i] * v[i] end
      return u
   end },
   { "three operators", function(s)
      local twice <close> = 2.0 * s.fa
      local square <close> = s.fones * s.fones
      local _ <close> = twice + square
   end, alone = true, unbound = true },
   { "mask", function(s) local _ <close> = dynarray.compute("x > 500000000 and y < 2", s.xy) end, function(s)
      local t, v, u = s.t, s.v, {}
      for i = 1, #t do u[i] = (t[i] > 500000000 and v[i] < 2) and 1 or 0 end
      return u
   end },
   { "take", function(s) local _ <close> = s.a:take(s.places) end, function(s)
      local t, p, u = s.t, s.p, {}
      for i = 1, #t do u[i] = t[p[i]] end
      return u
   end },
   { "where", function(s) local _ <close> = s.a:where(s.mask) end, function(s)
      local t, m, u, n = s.t, s.m, {}, 0
      for i = 1, #t do
         if m[i] ~= 0 then
            n = n + 1
            u[n] = t[i]
         end
      end
      return u
   end, bound = 10 },
   { "diff", function(s) local _ <close> = s.a:diff() end, function(s)
      local t, u = s.t, {}
      for i = 2, #t do u[i - 1] = t[i] - t[i - 1] end
      return u
   end },
   { "cummax", function(s) s.b:cummax() end, function(s)
      local u = s.u
      local best = u[1]
      for i = 2, #u do
         if u[i] > best then best = u[i] end
         u[i] = best
      end
   end },
   { "var", function(s) return s.a:var() end, function(s)
      local t, sum, squares = s.t, 0, 0
      for i = 1, #t do sum = sum + t[i] end
      local mean = sum / #t
      for i = 1, #t do squares = squares + (t[i] - mean) ^ 2 end
      return squares / #t
   end },
   { "histogram", function(s)
      local counts, edges = s.a:histogram(50, 0, 1 << 30)
      counts:close()
      edges:close()
   end, function(s)
      local t, u = s.t, {}
      local scale = 50 / (1 << 30)
      for i = 1, 50 do u[i] = 0 end
      for i = 1, #t do
         local x = t[i]
         if x >= 0 and x <= 1 << 30 then
            local k = x * scale // 1 | 0
            if k == 50 then k = 49 end
            u[k + 1] = u[k + 1] + 1
         end
      end
      return u
   end },
   { "rolling mean", function(s) local _ <close> = s.a:rolling(50, "mean") end, function(s)
      local t, u, sum = s.t, {}, 0
      for i = 1, #t do
         sum = sum + t[i]
         if i > 50 then sum = sum - t[i - 50] end
         if i >= 50 then u[i - 49] = sum / 50 end
      end
      return u
   end, unbound = true },
   { "argsort", function(s) local _ <close> = s.a:argsort() end, function(s)
      local t, u = s.t, {}
      for i = 1, #t do u[i] = i end
      table.sort(u, function(i, j) return t[i] < t[j] end)
      return u
   end, bound = 10, table_most = 100000 },
   { "top", function(s)
      local best, places = s.a:top(10)
      best:close()
      places:close()
   end, function(s)
      local t, best = s.t, {}
      for i = 1, #t do
         local x = t[i]
         if #best < 10 or x > best[#best] then
            local k = #best + 1
            while k > 1 and best[k - 1] < x do k = k - 1 end
            table.insert(best, k, x)
            best[11] = nil
         end
      end
      return best
   end, bound = 10 },
   { "unique", function(s)
      local values, counts = s.a:unique()
      values:close()
      counts:close()
   end, function(s)
      local t, seen, u = s.t, {}, {}
      for i = 1, #t do
         local x = t[i]
         if not seen[x] then u[#u + 1] = x end
         seen[x] = (seen[x] or 0) + 1
      end
      table.sort(u)
      return u
   end, bound = 10, table_most = 100000 },
   { "lower_bound", function(s) local _ <close> = s.ordered:lower_bound(s.a) end, function(s)
      local t, o, u = s.t, s.o, {}
      for i = 1, #t do
         local x, low, high = t[i], 1, #o + 1
         while low < high do
            local middle = (low + high) // 2
            if o[middle] < x then low = middle + 1 else high = middle end
         end
         u[i] = low
      end
      return u
   end, bound = 10 },
   { "shuffle", function(s) s.b:shuffle(1) end, function(s)
      local u = s.u
      for i = #u, 2, -1 do
         local j = math.random(i)
         u[i], u[j] = u[j], u[i]
      end
   end, bound = 10 },
   { "sort", function(s) s.b:sort() end, function(s) table.sort(s.u) end, fresh = true },
   { "sort(less)", function(s) s.b:sort(s.less) end, function(s) table.sort(s.u, s.less) end, fresh = true,
      bound = 1, most = 100000, alone = true },
}
local wanted = { sort = 10 } -- times faster than the loop; else 30
local NUMEXPR = { compute = true, mask = true }
local UNBOUND = { ["add in place"] = true, cumsum = true, max = true }
local ZEROED = { ["add in place"] = true, cumsum = true } -- sums must not leave the type's range
local NO_NUMPY_BOUND = { ["add in place"] = true, reverse = true, ["rolling mean"] = true }
local NUMPY_BOUND = { compute = 1.5, mask = 1.5 }

local function state(kind, size)
   local s = { less = function(x, y) return x < y end }
   s.a = dynarray.from(source:view(1, size), kind)
   s.b = s.a:copy()
   s.ones = dynarray.filled(size, 1, kind)
   s.xy = { x = s.a, y = s.ones }
   s.fa, s.fones = s.a:astype("float64"), s.ones:astype("float64")
   s.places = dynarray.range(1, size):shuffle(1)
   s.ordered = s.a:copy():sort()
   s.mask = dynarray.compute("x > 0.5", dynarray.random(size, "float64", 2))
   if size <= LUA_MOST then
      s.t, s.u, s.v = s.a:totable(), s.a:totable(), s.ones:totable()
      s.p, s.m, s.o = s.places:totable(), s.mask:totable(), s.ordered:totable()
   end
   return s
end

-- Seconds of one repetition. Where each needs fresh data, making them is not timed.
local function sample(operation, f, s, repeats)
   local start = now()
   if not operation.fresh then
      for _ = 1, repeats do f(s) end
      return (now() - start) / repeats
   end
   local total = 0
   for _ = 1, repeats do
      if f == operation[2] then s.b:copy_from(s.a) else table.move(s.t, 1, #s.t, 1, s.u) end
      start = now()
      f(s)
      total = total + now() - start
   end
   return total / repeats
end

local function repeats_for(run)
   local repeats = 1
   while run(repeats) * repeats < SECONDS do repeats = repeats * 2 end
   return repeats
end

local function measure(operation, kind, size, s)
   local name = operation[1]
   local arms = {
      array = function(repeats) return sample(operation, operation[2], s, repeats) end,
      table = s.t and operation[3] and size <= (operation.table_most or size) and function(repeats)
         return sample(operation, operation[3], s, repeats)
      end,
      numpy = numpy.version and not operation.alone and function(repeats)
         return numpy.time(name, kind, size, repeats)
      end,
      numexpr = numpy.numexpr and NUMEXPR[name] and function(repeats)
         return numpy.time("numexpr " .. name, kind, size, repeats)
      end,
   }
   local names, repeats, times, ratios = {}, {}, {}, { table = {}, numpy = {}, numexpr = {} }
   if ZEROED[name] then s.b:fill(0) end
   for arm, run in pairs(arms) do
      if run then
         names[#names + 1], repeats[arm], times[arm] = arm, repeats_for(run), {}
      end
   end
   table.sort(names)
   local rounds = size >= MANY and math.min(ROUNDS, 5) or ROUNDS
   for round = 1, rounds do
      collectgarbage()
      if ZEROED[name] then s.b:fill(0) end
      for _, arm in ipairs(support.shuffled(names)) do times[arm][round] = arms[arm](repeats[arm]) end
      for arm, list in pairs(ratios) do
         if times[arm] then list[round] = times[arm][round] / times.array[round] end
      end
   end
   local result = {}
   for arm, list in pairs(times) do
      result[arm] = { support.median(list) / size * 1e9, ratios[arm] and support.median(ratios[arm]) }
   end
   return result
end

print(support.environment())
print((numpy.version or "no numpy") .. [[

ns an element, medians; ratios: how many times faster the array is than the loop over a table, than NumPy.
copy and add make a new array, which is closed where its scope ends; index_of looks for what is not there (NumPy:
(a == v).argmax()); cumsum is in place, of zeros. compute is 2*x + y*y, mask x > 5e8 and y < 2, both to a new array;
three operators are the same as compute one after another, of float64 (no table: compare with compute); NumExpr has
one thread. unique's table counts with a hash table.]])

local heading = { "", "array", "table", "ratio", "numpy", "ratio", "numexpr", "ratio" }
for _, kind in ipairs{ "float64", "int32" } do
   for _, size in ipairs(SIZES) do
      local s = state(kind, size)
      local rows = {}
      for _, operation in ipairs(operations) do
         local name = operation[1]
         if size <= (operation.most or MOST) and (not only or only:find("," .. name .. ",", 1, true)) then
            local result = measure(operation, kind, size, s)
            local function cell(arm) return result[arm] and support.number(result[arm][1]) or "" end
            local function ratio(arm, bound)
               if not result[arm] then return "" end
               return bound and support.verdict(result[arm][2], bound, true) or support.number(result[arm][2])
            end
            rows[#rows + 1] = { name, cell("array"), cell("table"),
               ratio("table", not UNBOUND[name] and not operation.unbound and (operation.bound or wanted[name] or 30)),
               cell("numpy"), ratio("numpy", not NO_NUMPY_BOUND[name] and (NUMPY_BOUND[name] or 1)),
               cell("numexpr"), ratio("numexpr", size > 1000 and 1) }
         end
      end
      print(("\n%s, %d elements"):format(kind, size))
      support.print_table(heading, rows)
      s = nil -- luacheck: ignore
      collectgarbage()
   end
end

-- A CSV of three columns.
local function print_csv()
   local rows, path = quick and 100000 or 1000000, support.products .. "/container.csv"
   local output = assert(io.open(path, "w"))
   for i = 1, rows do output:write(("%.6f,%d,%.3f\n"):format(math.random(), i, math.random(0, 1 << 30) / 1000)) end
   output:close()
   local arms = {
      array = function() return dynarray.read(path, { separator = "," }) end,
      table = function()
         local x, y, z, n = {}, {}, {}, 0
         for line in io.lines(path) do
            local first, second, third = line:match "^([^,]*),([^,]*),([^,]*)$"
            n = n + 1
            x[n], y[n], z[n] = tonumber(first), tonumber(second), tonumber(third)
         end
         return x, y, z
      end,
      numpy = numpy.version and true,
   }
   local times, names = {}, {}
   for arm, f in pairs(arms) do
      if f then times[arm], names[#names + 1] = {}, arm end
   end
   table.sort(names)
   for round = 1, quick and 3 or 5 do
      for _, arm in ipairs(support.shuffled(names)) do
         collectgarbage()
         local start = now()
         if arm == "numpy" then
            times[arm][round] = numpy.time("loadtxt", path, rows, 1)
         else
            arms[arm]()
            times[arm][round] = now() - start
         end
      end
   end
   os.remove(path)
   local lines = {}
   for i, arm in ipairs { "array", "table", "numpy" } do
      local list = times[arm]
      lines[i] = { arm == "array" and "read" or arm == "table" and "io.lines, tonumber" or "numpy.loadtxt",
         list and ("%.0f"):format(support.median(list) / rows * 1e9) or "absent",
         list and i > 1 and support.verdict(support.ratio(list, times.array), 5, true) or "" }
   end
   print(("\na CSV of three columns and %d rows, ns a row; how many times faster read is"):format(rows))
   support.print_table({ "", "ns", "ratio" }, lines)
end
if not only or only:find(",csv,", 1, true) then print_csv() end

-- Lists of strings, small and large, each way in a process of its own.
local function print_objects(count, size, ways)
   local arms = {}
   for i, way in ipairs(ways) do arms[i] = { name = way } end
   local result = support.measure(arms, quick and 3 or ROUNDS, 2, function(arm)
      return ("%s bench/objects.lua '%s' %d %d"):format(support.lua, arm.name, count, size)
   end)
   local least = support.median(result.table[1])
   local most = size > 10 and least + 8.4 * size or 450 -- the last page has 2 MiB
   local rows = {}
   for i, way in ipairs(ways) do
      local bytes = support.median(result[way][1])
      rows[i] = { way, support.number(bytes / size), support.number(support.median(result[way][2]) / size) }
      if way ~= "table" then
         rows[i][4] = ("%.0f bytes, wanted <= %.0f: %s"):format(bytes, most, bytes <= most and "ok" or "MISSED")
         rows[i][5] = size > 10 and support.number(support.ratio(result[way][2], result.table[2])) or
            support.verdict(support.ratio(result[way][2], result.table[2]), 1.5)
      end
   end
   print(("\n%d lists of %d strings: resident bytes and ns an element; a list; time / a table's"):format(count, size))
   support.print_table({ "", "bytes", "ns", "a list", "/ table" }, rows)
end
if not only or only:find(",objects,", 1, true) then
   print_objects(quick and 20000 or 100000, 10, { "table", "of", "from", "append(...)", "append" })
   print_objects(1, 1000000, { "table", "from", "append" })
end

if not only then -- memory: resident bytes an element
   collectgarbage()
   local before = support.resident()
   local a <close> = dynarray.filled(10000000, 1.5, "float64")
   print(("\nresident, 1e7 float64: %.2f bytes an element (wanted <= 8.1)"):format((support.resident() - before) / #a))
end
if numpy.input then numpy.input:close() end
os.remove(file)
