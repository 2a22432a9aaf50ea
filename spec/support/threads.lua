-- Run by each thread of threads.c: uses the library widely, and gives arrays of every kind of block away.
local dynarray = require "dynarray"

local kinds = { "int64", "float64", "uint16", "int32", "float32", "uint8" }
local policies = { 2, 1.5, "golden", "cpython", "python-array", "rust", "go", "folly", "lua", "v8", "increment:100" }
local sizes = { 3, 100, 5000, 300000 } -- in the userdata, pool or heap, heap, pages

-- What a state may do on its own: all that could share something with the other states if it were written so.
local function wander(n)
  local a = dynarray.new { type = "float64", growth = policies[n % #policies + 1], capacity = 0 }
  for i = 1, 300 do
    a:append(i * n % 17)
  end
  local values = dynarray.from { 3, "x", {}, 1.5, true }
  local sorted = a:copy():sort()
  assert(sorted:is_sorted() and sorted:nth(1) == sorted[1] and a:percentile(50) <= a:max())
  assert((a + a):sum() == 2 * a:sum() and a:map(math.sqrt):add(1):min() >= 1)
  assert(sorted:sort_stable(function(x, y) return x > y end)[1] == a:max())
  assert(dynarray.frombytes(a:tobytes(), "float64") == a and #a:filter(function(x) return x > 3 end) < #a)
  assert(#(values .. values) == 10 and values:index_of("x") == 2)
  local path = os.tmpname()
  assert(a:save(path) and dynarray.load(path) == a and dynarray.map(path):sum() == a:sum())
  os.remove(path)
  local ok, message = pcall(function() return a[#a + n] end)
  assert(not ok and message:find(("index %d out of bounds (size 300)"):format(300 + n), 1, true))
  assert(not pcall(a.set_growth, a, "nonsense") and not pcall(values.append, sorted:frozen(), 1))
  assert(dynarray.memory().arrays > 0 and a:stats().growths > 0)
  dynarray.limit(dynarray.memory().bytes + (1 << 24))
  assert(not pcall(dynarray.filled, 1 << 25, 0, "uint8"))
  dynarray.limit(false)
end

local function make(thread, round)
  wander(thread + round)
  local n = sizes[round % #sizes + 1]
  local kind, policy = kinds[(thread + round) % #kinds + 1], policies[(thread * round) % #policies + 1]
  local a = dynarray.new { type = kind, growth = policy }
  for _ = 1, math.min(n, 5000) do
    a:append(thread)
  end
  a:resize(n, round)
  return a, math.tointeger(a:sum())
end

local function take(a)
  local sum = math.tointeger(a:sum())
  a:append(1)
  assert(a:pop() == 1)
  if #a % 2 == 0 then
    a:close() -- the others are collected
  end
  return sum
end

return make, take
