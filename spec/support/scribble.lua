--- Calls every method on memory that another thread writes to meanwhile: `scribble.lua LIBRARY SECONDS SEED`,
-- see scribbled_spec.lua. What a call returns may be anything, but it returns, and touches nothing else. Prints the
-- name of each case before it runs, and "sound" at the end.
local dynarray = require "dynarray"
local methods = require "support.members"
local types = require "support.types"

local library, seconds, seed = arg[1], tonumber(arg[2]), tonumber(arg[3])
local scribble = assert(package.loadlib(library, "luaopen_scribble"))()
math.randomseed(seed)

local now = dynarray.probe.clock
local path = os.tmpname()

-- An index that the library gave is one.
local function place(i, n)
  assert(i == nil or math.type(i) == "integer" and i >= 1 and i <= n, i)
end

local function random_number(a)
  return a.type:find "float" and math.random() or math.random(0, 100)
end

-- For each method and operator, what is done with two arrays of the same type and size, both written to.
local cases = {
  abs = function(a) a:abs() end,
  add = { function(a, b) a:add(b) end, function(a) a:add(1) end, function(a) a:copy():add(a) end },
  append = function(a) a:append(1) end,
  clamp = function(a) a:clamp(0, 100) end,
  clear = function(a) a:clear() end,
  close = function(a) a:view():close() end,
  contains = function(a) a:contains(random_number(a)) end,
  copy = function(a) assert(#a:copy() == #a) end,
  copy_from = {
    function(a, b) a:copy_from(b) end,
    function(a) dynarray.filled(#a, 0, a.type):copy_from(a) end,
    function(a) dynarray.filled(#a, 0, "int16"):copy_from(a) end,
    function(a) dynarray.filled(#a, {}):copy_from(a):append({}):copy_from(a) end,
  },
  count = function(a) assert(a:count(0) <= #a) end,
  cumsum = function(a) a:cumsum() end,
  dedup = function(a) a:dedup() end,
  div = { function(a, b) a:div(b) end, function(a) a:div(1) end, function(a) a:copy():div(a) end },
  dot = {
    function(a, b) a:dot(b) end,
    function(a) a:dot(dynarray.filled(#a, 3, "int16")) end,
    function(a) a:dot(dynarray.filled(#a, 3, "float32")) end,
  },
  each = function(a) a:each(function() end) end,
  extend = {
    function(a) dynarray.new(a.type):extend(a) end,
    function(a) dynarray.new("int8"):extend(a) end,
    function(a) dynarray.of({}, "x"):extend(a):extend { {} } end,
    function(a) a:extend { 1 } end,
  },
  fill = function(a) a:fill(1) end,
  filter = function(a) assert(#a:filter(function(x) return x ~= 0 end) <= #a) end,
  flush = function(a) a:flush() end,
  frozen = function(a) a:frozen():sum() end,
  get = function(a) a:get(math.random(#a)) end,
  index_of = {
    function(a) place(a:index_of(0), #a) end,
    function(a) place(a:index_of(random_number(a), math.random(#a)), #a) end,
  },
  insert = function(a) a:insert(1, 1) end,
  insert_all = {
    function(a) dynarray.of(1, 2, 3):insert_all(2, a) end,
    function(a) dynarray.filled(3, 0, a.type):insert_all(2, a) end,
  },
  insert_sorted = function(a) a:insert_sorted(1) end,
  is_sorted = { function(a) a:is_sorted() end, function(a) a:is_sorted(function(x, y) return x < y end) end },
  iter = function(a) for _ in a:iter() do end end,
  lower_bound = function(a)
    place(a:lower_bound(random_number(a)), #a + 1)
    local places = a:lower_bound(a)
    place(places:min(), #a + 1)
    place(places:max(), #a + 1)
  end,
  map = function(a) a:map(function(x) return x end) end,
  max = function(a) place(select(2, a:max()), #a) end,
  mean = function(a) a:mean() end,
  min = function(a) place(select(2, a:min()), #a) end,
  mul = { function(a, b) a:mul(b) end, function(a) a:mul(1) end },
  nth = { function(a) a:nth(math.random(#a)) end, function(a) a:nth(#a) end, function(a) a:nth(1) end },
  percentile = { function(a) a:percentile(math.random() * 100) end, function(a) a:percentile(100) end },
  pointer = function(a) a:pointer() end,
  pop = function(a) a:pop() end,
  reduce = function(a) a:reduce(function(x) return x end) end,
  remove = function(a) a:remove(1) end,
  remove_range = function(a) a:remove_range(1, 2) end,
  reserve = function(a) a:reserve(#a + 1) end,
  resize = function(a) a:resize(#a - 1) end,
  reverse = function(a) a:reverse() end,
  rotate = function(a) a:rotate(math.random(#a)) end,
  save = function(a) a:save(path) end,
  set = function(a) a:set(math.random(#a), 1) end,
  set_growth = function(a) a:set_growth(2) end,
  shrink_to_fit = function(a) a:shrink_to_fit() end,
  slice = function(a) a:slice(1, math.random(#a)) end,
  sort = {
    function(a) a:sort() end,
    function(a) a:view():sort() end,
    function(a) a:sort(function(x, y) return x < y end) end,
  },
  sort_stable = function(a) a:sort_stable() end,
  sqrt = function(a) a:sqrt() end,
  stats = function(a) a:stats() end,
  sub = { function(a, b) a:sub(b) end, function(a) a:sub(1) end },
  sum = function(a) a:sum() end,
  swap = function(a) a:swap(1, #a) end,
  swap_remove = function(a) a:swap_remove(1) end,
  tobytes = function(a) assert(#a:tobytes() == #a * a.element_size) end,
  totable = function(a) assert(#a:totable() == #a) end,
  unpack = function(a) a:unpack(1, math.min(#a, 200)) end,
  upper_bound = function(a)
    place(a:upper_bound(random_number(a)), #a + 1)
    local places = a:upper_bound(a)
    place(places:min(), #a + 1)
    place(places:max(), #a + 1)
  end,
  view = function(a) a:view(1, math.random(#a)):sum() end,
  argsort = { function(a) assert(#a:argsort() == #a) end, function(a) a:argsort "descending" end },
  astype = { function(a) a:astype "float64" end, function(a) a:astype "value" end, function(a) a:astype "int8" end },
  column = function(a) a:column(1, 3) end,
  concat = function(a) a:concat(",", 1, math.min(#a, 300)) end,
  corr = { function(a, b) a:corr(b) end, function(a) a:corr(dynarray.range(1, #a)) end },
  cummax = function(a) a:cummax() end,
  cummin = function(a) a:cummin() end,
  diff = function(a) assert(#a:diff() == #a - 1) end,
  heap_pop = function(a) a:heap_pop() end,
  heap_push = { function(a) a:heap_push(1) end, function(a) a:heap_push(1, function(x, y) return x < y end) end },
  heapify = { function(a) a:heapify() end, function(a) a:heapify(function(x, y) return x < y end) end },
  histogram = {
    function(a) a:histogram(7) end,
    function(a) a:histogram(100, 0, 1) end,
    function(a) a:histogram(3, -100, 1e300) end,
    function(a) dynarray.range(1, 50):histogram(a) end,
    function(a) a:histogram { 0, 1, 100 } end,
  },
  indices = { function(a) a:indices "x > 1" end, function(a) a:indices(a) end },
  median = function(a) a:median() end,
  put = {
    function(a, b) a:put(dynarray.range(1, #a), b) end,
    function(a) dynarray.zeros(#a, "int16"):put(a, 1) end,
    function(a) dynarray.filled(#a, {}):put(a, a) end,
    function(a) a:put(a, a) end,
  },
  rolling = {
    function(a) a:rolling(5, "min") end,
    function(a) a:rolling(#a // 2 + 1, "max") end,
    function(a) a:rolling(2, "sum") end,
    function(a) a:rolling(3, "mean") end,
  },
  set_column = {
    function(a, b) a:set_column(1, 2, b:view(1, #a // 2)) end,
    function(a) dynarray.zeros(2 * #a, "int16"):set_column(1, 2, a) end,
    function(a) dynarray.filled(2 * #a, {}):set_column(1, 2, a) end,
  },
  set_where = {
    function(a, b) a:set_where("x > 1", b) end,
    function(a) a:set_where(a, 1) end,
    function(a, b) dynarray.zeros(#a, a.type):set_where(b, 1) end,
    function(a) dynarray.filled(#a, {}):set_where(a, {}) end,
  },
  shuffle = function(a) a:shuffle(1) end,
  std = function(a) a:std() end,
  take = {
    function(a) a:take(dynarray.range(1, #a)) end,
    function(a) dynarray.zeros(#a, "int16"):take(a) end,
    function(a) dynarray.filled(#a, "x"):take(a) end,
  },
  top = {
    function(a) a:top(3) end,
    function(a) a:top(#a) end,
    function(a) a:top(3, function(x, y) return x < y end) end,
    function(a) a:top(#a // 2) end,
  },
  tuples = function(a) for _ in a:tuples(2) do end end,
  unique = function(a)
    local elements, counts = a:unique()
    assert(#elements == #counts and counts:sum() == #a)
  end,
  update = {
    function(a) a:update(function(x) return x end) end,
    function(a) a:update(function() return 1 end, 2, 5) end,
  },
  var = function(a) a:var(1) end,
  where = {
    function(a) a:where "x > 1" end,
    function(a) a:where(a) end,
    function(a) dynarray.filled(#a, "x"):where(a) end,
  },
  write = {
    function(a) a:write({ write = function(self) return self end }, a) end,
    function(a, b) a:write(path, b) end,
  },
  ["// % ^ & | ~ << >>"] = {
    function(a, b) return a // b end, function(a, b) return a % b end, function(a, b) return a ^ b end,
    function(a, b) return a & b, a | b, a ~ b end, function(a, b) return a << b, a >> b, ~a, -a end,
  },
  compute = {
    function(a, b) dynarray.compute("x // y + x % y", { x = a, y = b }) end,
    function(a, b) dynarray.compute("min(x, y) * 2 - sqrt(abs(x))", { x = a, y = b }, "float32") end,
    function(a, b) dynarray.compute("x + y", { x = a, y = b }, a) end,
    function(a) dynarray.compute("max(x)", a) end,
    function(a, b) dynarray.compute("x < y and not (x ~= 3)", { x = a, y = b }) end,
    function(a, b) dynarray.compute("select(x > y, x // 3, y % 7) << 1", { x = a, y = b }, b) end,
    function(a) dynarray.compute("mean(x)", a) end,
    function(a) dynarray.compute("int8(x)", a) end,
    function(a) dynarray.compute("x ^ 2 + i", a, dynarray.zeros(#a, "float32")) end,
  },
  ["+ - * /"] = function(a, b) return a + b, a - b, a * 2, a / b, 1 / a end,
  ["=="] = function(a, b) return a == b end,
  [".."] = function(a, b) return a .. b end,
  ["a[i]"] = function(a) local i = math.random(#a) a[i] = 1 return a[i] end,
  pairs = function(a) for _, v in pairs(a) do assert(v) end end,
  tostring = function(a) return tostring(a) end,
  from = { function(a) return dynarray.from(a, "value") end, function(a) return dynarray.from(a, "float32") end },
  ["probe.chase"] = function(a) dynarray.probe.chase(a, 1000) end,
  ["probe.appends"] = function(a) dynarray.probe.appends(dynarray.new "int8", #a, a) end,
}

for _, method in ipairs(methods) do
  assert(cases[method], "what is " .. method .. " on memory that changes?")
end

local names = {}
for name in pairs(cases) do
  names[#names + 1] = name
end
table.sort(names)

-- What works in a way of its own on many elements, and for each type.
local kernels = { "sort", "nth", "percentile", "min", "max", "add", "mul", "div", "index_of", "count", "sum", "reverse",
  "rotate", "fill", "cumsum", "is_sorted", "tobytes", "argsort", "cummax", "histogram", "rolling", "set_where", "take",
  "put", "top", "unique", "where", "compute", "// % ^ & | ~ << >>" }

-- Runs each case for its share of the time, but at least a few times. loose: the size may change, too, so what is
-- asserted need not hold.
local function attack(what, a, b, list, share, loose)
  for _, name in ipairs(list) do
    print(("%s of %d %s, seed %d: %s"):format(what, #a, a.type, seed, name))
    local all = cases[name]
    for _, case in ipairs(type(all) == "table" and all or { all }) do
      local till, rounds = now() + share * 1e9 // (type(all) == "table" and #all or 1), 0
      repeat
        local ok, err = pcall(case, a, b)
        assert(ok or loose or type(err) == "string" and not err:find "assert", err)
        rounds = rounds + 1
      until now() >= till and rounds >= 3
    end
  end
end

io.stdout:setvbuf "line"

local function lent(kind, n, list, share)
  local a, b = scribble.lend(kind, n), scribble.lend(kind, n)
  scribble.start()
  attack("lent memory", a, b, list, share)
  scribble.stop()
  a:close()
  b:close()
end

local function mapped(kind, n, list, share)
  dynarray.filled(n, 7, kind):save(path)
  local a, b = assert(dynarray.map(path, "rw")), assert(dynarray.map(path, "rw"))
  scribble.file(path, 128)
  scribble.start()
  attack("a mapped file", a, b, list, share)
  scribble.stop()
  a:close()
  b:close()
end

-- The same for a file that grows: `a` writes to it, `b` reads it. What makes the array shorter is undone, as the file
-- must not become shorter where the other thread writes.
local function opened(kind, n, list, share)
  local file = path .. ".npy"
  local a = assert(dynarray.open(file, kind)):resize(n, 7)
  local b = assert(dynarray.open(file, { mode = "r" }))
  local undone = {}
  for _, name in ipairs(list) do
    local all = cases[name]
    for k, case in ipairs(type(all) == "table" and all or { all }) do
      undone[#undone + 1] = name .. " " .. k
      cases[undone[#undone]] = function(x, y)
        local ok, err = pcall(case, x, y)
        a:resize(n)
        assert(ok, err)
      end
    end
  end
  scribble.file(file, 128, n * a.element_size)
  scribble.start()
  attack("a file that is written to", a, b, undone, share)
  attack("a file that is read", b, a, undone, share)
  scribble.stop()
  b:close()
  a:close()
  os.remove(file)
end

-- Header, elements and mark of a file that somebody reads and somebody else writes to: no reader has more elements than
-- are there.
local function marked(kind, n, list, share)
  local file = path .. ".npy"
  local a = assert(dynarray.open(file, kind)):resize(n, 7)
  local b = assert(dynarray.open(file, { mode = "r" }))
  scribble.file(file, 0)
  scribble.start()
  attack("a file with its mark", b, dynarray.zeros(n, kind), list, share, true)
  attack("a file with its mark", b, b, list, share, true)
  pcall(a.append, a, 1)
  pcall(a.flush, a)
  pcall(dynarray.open, file, { mode = "r" })
  pcall(dynarray.load, file)
  pcall(dynarray.map, file)
  scribble.stop()
  b:close()
  a:close()
  os.remove(file)
end

-- A quarter of the time for each way.
for _, kind in ipairs { "float64", "uint64", "int8" } do
  lent(kind, 50, names, seconds / 4 / 3 / #names / 2)
  mapped(kind, 700, names, seconds / 4 / 3 / #names / 2)
end
if dynarray.open then
  for _, kind in ipairs { "float64", "uint8" } do
    opened(kind, 600, names, seconds / 4 / 2 / #names / 4)
    marked(kind, 600, names, seconds / 4 / 2 / #names / 4)
  end
end
for _, kind in ipairs(types.numeric) do
  lent(kind, 40, kernels, seconds / 4 / #types.numeric / #kernels / 2)
  mapped(kind, 1500, kernels, seconds / 4 / #types.numeric / #kernels / 2)
end
for _, kind in ipairs { "uint8", "int32", "float64" } do
  lent(kind, 100000, kernels, seconds / 4 / 3 / #kernels)
end
os.remove(path)
print "sound"
