-- Whole-array methods on arrays of several blocks, where the model (spec/model/operations/whole.lua) has small ones.
local dynarray = require "dynarray"
local expect = require "support.expect"
local types = require "support.types"

local seed = math.tointeger(tonumber(os.getenv("DYNARRAY_SEED"))) or os.time()
local sizes = { 65, 1024, 1025, 5000 }

--- Numbers of few different values, so that many are equal, and of many.
local function numbers(kind, n)
  local most = math.random(2) == 1 and 5 or 100
  local a = dynarray.compute(("floor(x * %d)"):format(most), dynarray.random(n, "float64", math.random(1 << 30)), kind)
  if kind:find "float" then
    for i = 1, n, 97 do a[i] = ({ 0 / 0, -0.0, 1 / 0, -1 / 0 })[i % 4 + 1] end
  end
  return a
end

local function each(f)
  math.randomseed(seed)
  for _, kind in ipairs(types.numeric) do
    for _, n in ipairs(sizes) do
      local ok, err = pcall(f, numbers(kind, n), n)
      if not ok then error(("DYNARRAY_SEED=%d: %s of size %d: %s"):format(seed, kind, n, err), 0) end
    end
  end
end

--- Whether x sorts before y: NaN comes last.
local function before(x, y, descending)
  if x ~= x or y ~= y then return x == x and y ~= y end
  if descending then return x > y end
  return x < y
end

local function check_order(a, order, n, descending)
  local seen = {}
  for k = 1, #order do
    local i, previous = order[k], order[k - 1 > 0 and k - 1 or 1]
    assert(not seen[i] and i >= 1 and i <= n)
    seen[i] = true
    if k > 1 then
      assert(not before(a[i], a[previous], descending), "order")
      assert(before(a[previous], a[i], descending) or previous < i, "stability")
    end
  end
end

describe("whole arrays of several blocks", function()
  it("are ordered by argsort, top and sort", function()
    each(function(a, n)
      local up, down = a:argsort(), a:argsort "descending"
      assert(#up == n and #down == n)
      check_order(a, up, n, false)
      check_order(a, down, n, true)
      for _, k in ipairs { 1, 10, n } do
        local best, where = a:top(k)
        assert(where == down:slice(1, k))
        for i = 1, k do assert(best[i] == a[where[i]] or best[i] ~= best[i]) end
      end
      local sorted, taken = a:copy():sort "descending", a:take(down)
      for i = 1, n do assert(sorted[i] == taken[i] or sorted[i] ~= sorted[i] and taken[i] ~= taken[i]) end
    end)
  end)

  it("are taken and put by index, and give errors that name it", function()
    each(function(a, n)
      local places = dynarray.range(1, n, "int32"):shuffle(3)
      local shuffled, back = a:take(places), dynarray.zeros(n, a.type)
      back:put(places, shuffled)
      for i = 1, n do assert(back[i] == a[i] or a[i] ~= a[i]) end
      places[n] = n + 1
      local snapshot = expect.snapshot(back)
      local message = "index %d out of bounds (size %d), at place %d of the indices"
      expect.raises(message:format(n + 1, n, n), a.take, a, places)
      expect.raises(("index %d out of bounds"):format(n + 1), back.put, back, places, 1)
      expect.unchanged(snapshot)
    end)
  end)

  it("have running maxima and minima as a loop finds them, whatever the elements are", function()
    local shapes = {
      rising = function(i) return i // 3 end,
      falling = function(i) return 120 - i // 3 end,
      ["seldom higher"] = function(i) return i % 50 == 0 and i // 50 or 1 end,
      ["of both zeros"] = function(i) return i % 3 == 0 and -0.0 or 0.0 end,
      ["with NaN late"] = function(i) return i == 150 and 0 / 0 or i % 7 end,
    }
    for _, kind in ipairs(types.numeric) do
      for name, shape in pairs(shapes) do
        for _, n in ipairs { 1, 64, 65, 200, 360 } do
          local is_float = kind:find "float" ~= nil
          local a = dynarray.new(kind)
          for i = 1, n do
            local x = shape(i)
            a:append(is_float and x or x == x and math.tointeger(x) or 0)
          end
          local high, low, max, min = a:copy():cummax(), a:copy():cummin(), a[1], a[1]
          for i = 1, n do
            local x = a[i]
            max = (max > x or max ~= max) and max or x
            min = (min < x or min ~= min) and min or x
            assert(expect.identical(high[i], max) and expect.identical(low[i], min), kind .. " " .. name .. " " .. i)
          end
        end
      end
    end
  end)

  it("are chosen by masks and expressions", function()
    each(function(a, n)
      local mask, chosen = dynarray.compute("x >= 2", a), {}
      for i = 1, n do
        if a[i] >= 2 then chosen[#chosen + 1] = i end
      end
      assert(a:indices(mask) == dynarray.from(chosen, "int64") and a:indices "x >= 2" == a:indices(mask))
      local where = a:where(mask)
      assert(#where == #chosen)
      for k, i in ipairs(chosen) do assert(where[k] == a[i]) end
      local set = a:copy():set_where(mask, 1)
      for i = 1, n do assert(set[i] == (a[i] >= 2 and 1 or a[i]) or a[i] ~= a[i]) end
    end)
  end)

  it("have elements replaced by those of another array", function()
    each(function(a, n)
      local mask, other = dynarray.compute("i % 3 == 0", {}, dynarray.zeros(n, "uint8")), a:copy():reverse()
      local set = a:copy():set_where(mask, other)
      for i = 1, n do
        local want = i % 3 == 0 and other[i] or a[i]
        assert(set[i] == want or want ~= want)
      end
    end)
    for _, kind in ipairs(types.numeric) do
      assert.equal(0, #dynarray.new(kind):set_where(dynarray.new "uint8", 1))
    end
  end)

  it("have columns that are copied out and in", function()
    each(function(a, n)
      local k = n % 5 == 0 and 5 or 1
      local column, copy = a:column(k, k), a:copy()
      for i = 1, n // k do assert(column[i] == a[i * k] or column[i] ~= column[i]) end
      copy:set_column(1, k, column)
      for i = 1, n // k do assert(copy[(i - 1) * k + 1] == column[i] or column[i] ~= column[i]) end
    end)
    for _, kind in ipairs(types.numeric) do
      local none = dynarray.new(kind)
      assert.equal(0, #none:column(2, 3))
      assert.equal(0, #none:set_column(2, 3, none:copy()))
    end
  end)

  it("are rotated by any number of places, and filled", function()
    each(function(a, n)
      for _, k in ipairs { 0, 1, n // 5, n // 3, n // 2, n - n // 3, n - n // 5, n - 1, n, -3 } do
        local rotated = a:copy():rotate(k)
        for i = 1, n do
          local moved = rotated[(i - 1 + k) % n + 1]
          assert(moved == a[i] or a[i] ~= a[i])
        end
      end
      assert(a:fill(1, 2, n - 1):count(1) >= n - 2)
    end)
  end)

  it("are sorted with all NaN behind, also if there is nothing else", function()
    for _, kind in ipairs { "float32", "float64" } do
      local a = dynarray.filled(100, 0 / 0, kind):sort "descending"
      assert(a[1] ~= a[1] and a[100] ~= a[100])
      a[50] = 3
      assert.equal(3.0, a:sort("descending")[1])
    end
    assert.equal(0, #dynarray.new("int8"):sort "descending")
    assert.equal(0, #dynarray.new("int8"):argsort())
    assert.equal(0, #dynarray.new("int8"):cummax())
    local few = dynarray.from({ 3, 1, 2, 1 }, "int16")
    expect.holds(few:argsort(), 2, 4, 3, 1)
    expect.holds(few:top(3), 3, 2, 1)
  end)

  it("have the first few of many", function()
    each(function(a, n)
      local down = a:argsort "descending"
      for _, k in ipairs { 0, 64, 2048, 2049, 4000 } do
        local _, where = a:top(k)
        assert(where == down:slice(1, math.min(k, n)))
      end
    end)
  end)

  it("differ in any of their elements", function()
    each(function(a, n)
      a:set_where("x ~= x", 3)
      for _, at in ipairs { 1, n // 2, n } do
        local b = a:copy()
        assert(a == b)
        b[at] = b[at] == 1 and 2 or 1
        assert(a ~= b)
      end
    end)
  end)

  it("have no elements at indices past Lua's integers", function()
    local a = dynarray.from({ 1, 2, 3 }, "int32")
    for _, index in ipairs { 2.0 ^ 63, 2.0 ^ 63 + 2048, 0, 4 } do
      local indices = dynarray.from({ 1, index }, "uint64")
      local said = math.tointeger(index) or math.maxinteger
      expect.raises(("index %d out of bounds (size 3), at place 2 of the indices"):format(said), a.take, a, indices)
      expect.raises(("index %d out of bounds (size 3)"):format(said), a.put, a, indices, 7)
    end
    expect.raises("index -1 out of bounds (size 3)", a.take, a, dynarray.from({ -1 }, "int8"))
  end)

  it("are taken by any number of indices, and the first one that is outside is named", function()
    for _, kind in ipairs { "int8", "uint16", "float32", "float64" } do
      local a = dynarray.range(11, 15, 1, kind)
      for n = 0, 13 do
        local places, want = {}, {}
        for k = 1, n do
          places[k] = (k * 3) % 5 + 1
          want[k] = a[places[k]]
        end
        assert.same(want, a:take(dynarray.from(places, "int64")):totable())
        for k = 1, n do
          for _, index in ipairs { 0, 6, -1, math.mininteger, math.maxinteger } do
            local wrong = dynarray.from(places, "int64")
            wrong[k], wrong[n] = index, k < n and 9 or index
            expect.raises(("index %d out of bounds (size 5), at place %d of the indices"):format(index, k), a.take, a,
              wrong)
          end
        end
      end
    end
  end)

  it("have running results and windows", function()
    each(function(a, n)
      if a.type:find "float" then a:set_where("isnan(x) or isinf(x)", 1) end
      local high, differences, sums = a:copy():cummax(), a:diff(), a:rolling(70 <= n and 70 or n, "sum")
      local lows, best, window = a:rolling(33, "min"), a[1], 70 <= n and 70 or n
      for i = 1, n do
        best = math.max(best, a[i])
        assert(high[i] == best and (i == n or differences[i] == a[i + 1] - a[i]))
      end
      for i = 1, n - window + 1, 13 do assert(sums[i] == a:sum(i, i + window - 1)) end
      for i = 1, n - 32, 13 do assert(lows[i] == a:min(i, i + 32)) end
    end)
  end)

  it("have histograms and different elements", function()
    each(function(a, n)
      local counts, values, times = {}, a:unique()
      for i = 1, n do
        local x = a[i]
        if x >= 0 and x <= 100 then
          local bin = math.min(math.floor(x * (20 / 100)), 19) + 1
          counts[bin] = (counts[bin] or 0) + 1
        end
      end
      local got = a:histogram(20, 0, 100)
      for bin = 1, 20 do assert(got[bin] == (counts[bin] or 0)) end
      assert(times:sum() == n)
      for k = 1, #values do
        if values[k] == values[k] then assert(times[k] == a:count(values[k])) end
      end
      local many = a:histogram(2000, 0, 100)
      assert(many:sum() == got:sum())
    end)
  end)

  it("have histograms whose bins are narrower than any number", function()
    local least = 2.0 ^ -1074
    local a = dynarray.from({ 0.0, least, 2 * least, -least, 3 * least, 0 / 0, math.huge }, "float64")
    assert.same({ 1, 1, 1 }, a:histogram(3, 0, 2 * least):totable())
    local counts = a:histogram(1 << 20, 0, 2 * least)
    assert.equal(3, counts:sum())
    assert.equal(1, counts[1])
    assert.equal(1, counts[(1 << 19) + 1])
    assert.equal(1, counts[1 << 20])
  end)

  it("of every type are shuffled and filled with random numbers", function()
    for _, t in ipairs(types.integers) do
      local a = dynarray.range(1, 100, t.name)
      assert.equal(5050, a:copy():shuffle(1):sum())
      assert(a ~= a:copy():shuffle(1) and a == a:copy():shuffle(1):sort())
      local random = dynarray.random(2000, t.name, 5)
      assert(#random:unique() > 200 and random:max() > t.max // 2 and random:min() <= t.min // 2 + t.max // 8)
    end
    for _, t in ipairs(types.floats) do
      local random = dynarray.random(2000, t.name, 5)
      assert(random:min() >= 0 and random:max() < 1 and math.abs(random:mean() - 0.5) < 0.03)
      assert(random ~= random:copy():shuffle(2) and random:copy():shuffle(2):sort() == random:sort())
    end
  end)

  it("are shuffled in every order", function()
    local seen = {}
    for shuffle = 1, 600 do
      seen[dynarray.range(1, 3):shuffle(shuffle):concat()] = true
    end
    local n = 0
    for _ in pairs(seen) do n = n + 1 end
    assert.equal(6, n)
    math.randomseed(5)
    local one = dynarray.random(5)
    math.randomseed(5)
    assert.equal(one, dynarray.random(5))
  end)

  it("meet in a type that holds both", function()
    local meetings = { { "int8", "int16", "int16" }, { "int8", "uint8", "int16" }, { "uint8", "int8", "int16" },
      { "uint32", "int8", "int64" }, { "uint64", "int64", "int64" }, { "int64", "float64", "float64" },
      { "float32", "int8", "float64" }, { "float32", "float64", "float64" }, { "uint16", "uint8", "uint16" } }
    for _, m in ipairs(meetings) do
      local a, b = dynarray.range(1, 9, m[1]), dynarray.range(2, 10, m[2])
      for _, f in ipairs { function(x, y) return x + y end, function(x, y) return y * x end,
        function(x, y) return x % y end, function(x, y) return y // x end } do
        local result = f(a, b)
        assert.equal(m[3], result.type, m[1] .. " and " .. m[2])
        for i = 1, 9 do assert.is_true(result[i] == f(a[i], b[i])) end
      end
    end
    local a = dynarray.from({ 1.5, 2 }, "float64")
    expect.holds(a:add(dynarray.range(1, 2, "int8")), 2.5, 4.0)
    local b = dynarray.range(1, 2, "int8")
    expect.raises("3.5 has no integer representation, wanted int8 at index 1", b.add, b, a)
    expect.holds(b, 1, 2)
  end)
end)
