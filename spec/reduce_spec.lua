local dynarray = require "dynarray"
local expect = require "support.expect"
local types = require "support.types"

local nan = 0 / 0
local sizes = { 1, 2, 31, 32, 33, 63, 64, 65, 257, 1000, 4095, 4096, 4097, 9000 }

local function filled(kind, n)
  local a, t = dynarray.new(kind), {}
  for i = 1, n do t[i] = math.random(0, 100) end
  return a:extend(t), t
end

-- What a call raises at the line of its caller.
local function raised_here(call)
  local _, message = pcall(call)
  return message:match "^.*reduce_spec.lua:%d+: (.*)$" or "not at the caller's line: " .. message
end

describe("sum and mean", function()
  it("add up what a loop adds up", function()
    for _, kind in ipairs(types.all) do
      for _, n in ipairs(sizes) do
        local a, t = filled(kind, n)
        local sum = kind:find "float" and 0.0 or 0
        for i = 1, n do sum = sum + t[i] end
        assert.is_true(expect.identical(sum, a:sum()), kind)
        assert.equal(sum / n, a:mean())
      end
    end
  end)

  it("of nothing are zero and nil", function()
    assert.is_true(expect.identical(0.0, dynarray.new("float64"):sum()))
    assert.is_true(expect.identical(0, dynarray.new("int8"):sum()))
    assert.is_true(expect.identical(0, dynarray.new():sum()))
    assert.is_nil(dynarray.new("float64"):mean())
    assert.is_nil(dynarray.new():mean())
  end)

  it("wrap integers as Lua does", function()
    assert.equal(math.mininteger, dynarray.from({ math.maxinteger, 1 }, "int64"):sum())
    assert.equal(-2, dynarray.filled(2, math.maxinteger, "uint64"):sum())
    assert.equal(-128 * 1000, dynarray.filled(1000, -128, "int8"):sum())
    assert.equal(4294967295 * 1000, dynarray.filled(1000, 4294967295, "uint32"):sum())
  end)

  it("do not wrap the mean", function()
    assert.equal(2.0 ^ 63, dynarray.filled(4, math.maxinteger, "int64"):mean())
    assert.equal(2.0 ^ 63, dynarray.filled(3, math.maxinteger, "uint64"):mean())
    assert.equal(2.0 ^ 63, dynarray.filled(4, math.maxinteger):mean())
  end)

  it("keep their accuracy over many floats", function()
    local a = dynarray.filled(10000000, 0.1, "float64")
    assert.is_true(math.abs(a:sum() / 1000000 - 1) < 1e-14)
    local naive = 0.0
    for _ = 1, 10000000 do naive = naive + 0.1 end
    assert.is_true(math.abs(naive / 1000000 - 1) > 1e-12)
    local f = dynarray.filled(1000000, 0.1, "float32")
    assert.is_true(math.abs(f:sum() / (f[1] * 1000000) - 1) < 1e-14)
  end)

  it("keep their accuracy over 1e8 floats, as means and products do", function()
    local n <const> = 100000000
    local a <close> = dynarray.filled(n, 0.1, "float32") -- whose sums are float64, too
    a:fill(1e-5, n // 2 + 1) -- its last bits are beyond what a sum of the first half has room for
    local exact = (a[1] + a[n]) * (n // 2)
    assert.is_true(math.abs(a:sum() / exact - 1) < 1e-14)
    assert.is_true(math.abs(a:mean() / exact * n - 1) < 1e-14)
    assert.is_true(math.abs(a:dot(a) / ((a[1] * a[1] + a[n] * a[n]) * (n // 2)) - 1) < 1e-14)
  end)

  it("of all integers of 64 bits have a mean", function()
    for _, kind in ipairs { "int64", "uint64" } do
      for _, n in ipairs { 1, 40, 5000 } do
        assert.equal(2.0 ^ 62, dynarray.filled(n, 1 << 62, kind):mean())
      end
    end
  end)

  it("of float64 have a mean where the sum is too large for a double", function()
    for _, n in ipairs { 2, 33, 5000, 13000 } do
      assert.equal(2.0 ^ 1023, dynarray.filled(n, 2.0 ^ 1023, "float64"):mean())
    end
  end)

  it("carry NaN and infinities", function()
    assert.equal(math.huge, dynarray.from({ 1, math.huge }, "float64"):sum())
    assert.equal(math.huge, dynarray.from({ 1, math.huge }, "float32"):mean())
    assert.equal(-math.huge, dynarray.from({ 1, -math.huge }, "float64"):mean())
    local sum = dynarray.from({ 1, nan }, "float32"):sum()
    assert.is_true(sum ~= sum)
  end)

  it("of values are Lua's", function()
    assert.equal(3.5, dynarray.of(1, 2.5):sum())
    expect.raises("attempt to perform arithmetic on a nil value", dynarray.of().sum, dynarray.of(1, nil, 2))
    expect.raises("attempt to perform arithmetic on a table value", dynarray.of().mean, dynarray.of({}))
  end)

  it("of values that cannot be added say which one it is, at the caller's line", function()
    local class = {}
    for _, name in ipairs { "sum", "mean" } do
      for k, a in ipairs { dynarray.of({}), dynarray.of(1, {}), dynarray.of(1, 2, setmetatable({}, class)) } do
        local text = ("attempt to perform arithmetic on a table value (element %d)"):format(k)
        assert.equal(text, raised_here(function() return (a[name](a)) end))
      end
    end
    assert.equal("attempt to perform arithmetic on a string value (element 2)",
      raised_here(function() return (dynarray.of(1, "x"):sum()) end))
    local number = setmetatable({}, { __add = function(x, y) return (type(x) == "table" and 5 or x) + (y and 5) end })
    assert.equal(10, dynarray.of(number, number):sum())
  end)
end)

describe("min and max", function()
  it("give the first least and greatest element and its index", function()
    for _, kind in ipairs(types.all) do
      for _, n in ipairs(sizes) do
        local a, t = filled(kind, n)
        local least, greatest = 1, 1
        for i = 2, n do
          if t[i] < t[least] then least = i end
          if t[i] > t[greatest] then greatest = i end
        end
        local v, i = a:min()
        assert.is_true(v == t[least] and i == least)
        v, i = a:max()
        assert.is_true(v == t[greatest] and i == greatest)
      end
    end
  end)

  it("find the edges of the types", function()
    for _, t in ipairs(types.integers) do
      local a = dynarray.from({ 1, t.max, t.min, t.max }, t.name)
      assert.same({ t.min, t.min == 1 and 1 or 3 }, { a:min() })
      assert.same({ t.max, 2 }, { a:max() })
    end
    assert.same({ -math.huge, 2 }, { dynarray.from({ 1, -math.huge, 2 }, "float32"):min() })
  end)

  it("give the first NaN if there is one", function()
    for _, kind in ipairs { "float32", "float64", "value" } do
      for _, at in ipairs { 1, 40, 500, 5000 } do
        local a = dynarray.filled(5000, 1.0, kind)
        a[at], a[5000] = nan, nan
        local v, i = a:min()
        assert.is_true(v ~= v and i == at)
        v, i = a:max()
        assert.is_true(v ~= v and i == at)
      end
    end
  end)

  it("of nothing are nil", function()
    assert.same({}, { dynarray.new("int8"):min() })
    assert.equal(2, select("#", dynarray.new():max()))
  end)

  it("of values are Lua's", function()
    assert.same({ "a", 2 }, { dynarray.of("b", "a", "c"):min() })
    assert.same({ 2.5, 2 }, { dynarray.of(1, 2.5, 2):max() })
    expect.raises("attempt to compare", dynarray.of().min, dynarray.of(1, "x"))
  end)

  it("of values that cannot be compared say which one it is, at the caller's line", function()
    local class = {}
    local function object() return setmetatable({}, class) end
    for _, name in ipairs { "min", "max" } do
      for _, a in ipairs { dynarray.of({}, {}), dynarray.of(object(), object()) } do
        assert.equal("attempt to compare two table values (element 2)",
          raised_here(function() return (a[name](a)) end))
      end
    end
    assert.equal("attempt to compare table with number (element 3)",
      raised_here(function() return (dynarray.of(1, 2, object()):max()) end))
  end)
end)

describe("rolling", function()
  local function plain(t, k, what)
    local results = {}
    for i = 1, #t - k + 1 do
      local sum, least, greatest = 0, math.huge, -math.huge
      for j = i, i + k - 1 do
        sum, least, greatest = sum + t[j], math.min(least, t[j]), math.max(greatest, t[j])
      end
      results[i] = ({ sum = sum, mean = sum / k, min = least, max = greatest })[what]
    end
    return results
  end

  it("gives the sum, mean, least and greatest of each window, of every type", function()
    local t = {}
    for i = 1, 40 do
      t[i] = i * 7 % 11
    end
    for _, kind in ipairs(types.all) do
      if kind ~= "value" then
        for _, what in ipairs { "sum", "mean", "min", "max" } do
          for _, k in ipairs { 1, 2, 7, 40, 41 } do
            local got, wanted = dynarray.from(t, kind):rolling(k, what), plain(t, k, what)
            assert.equal(#wanted, #got)
            for i, x in ipairs(wanted) do
              assert.is_true(math.abs(x - got[i]) < 1e-6, ("%s %s %d %d"):format(kind, what, k, i))
            end
          end
        end
      end
    end
  end)

  it("is NaN where a window has one, and right behind it", function()
    for _, kind in ipairs { "float32", "float64" } do
      local a = dynarray.from({ 1, 5, nan, 4, 0, 3 }, kind)
      for what, wanted in pairs { sum = { 6, nan, nan, 4, 3 }, mean = { 3, nan, nan, 2, 1.5 },
        min = { 1, nan, nan, 0, 0 }, max = { 5, nan, nan, 4, 3 } } do
        for i, x in ipairs(a:rolling(2, what):totable()) do
          assert.is_true(x == wanted[i] or (x ~= x and wanted[i] ~= wanted[i]), what .. i)
        end
      end
    end
  end)
end)

describe("rolling", function()
  it("has NaN in exactly the windows that hold one, wherever it is", function()
    for _, kind in ipairs { "float32", "float64" } do
      for k = 1, 4 do
        for at = 1, 11 do
          local a = dynarray.range(1, 11, kind)
          a[at] = nan
          for _, what in ipairs { "sum", "mean", "min", "max" } do
            for i, x in ipairs(a:rolling(k, what):totable()) do
              local wanted = ({ sum = (2 * i + k - 1) * k / 2, mean = i + (k - 1) / 2, min = i, max = i + k - 1 })[what]
              local has_nan = i <= at and at < i + k
              assert.is_true(has_nan and x ~= x or not has_nan and x == wanted, what .. i)
            end
          end
        end
      end
    end
  end)
end)

describe("dot", function()
  it("adds up the products", function()
    for _, kind in ipairs(types.all) do
      if kind ~= "value" then
        for _, n in ipairs(sizes) do
          local a, t = filled(kind, n)
          local b, u = filled(kind, n)
          local sum = kind:find "float" and 0.0 or 0
          for i = 1, n do sum = sum + t[i] * u[i] end
          assert.is_true(expect.identical(sum, a:dot(b)), kind)
        end
      end
    end
    local least = dynarray.from({ math.mininteger + 1 }, "int64")
    assert.equal(1, least:dot(least))
  end)

  it("wraps integers as Lua does", function()
    for _, t in ipairs(types.integers) do
      local a = dynarray.filled(3, t.max, t.name)
      assert.equal(3 * t.max * t.max, a:dot(a))
      if t.min < 0 then assert.equal(2 * t.min * t.max, dynarray.filled(2, t.min, t.name):dot(a:view(1, 2))) end
    end
  end)

  it("takes arrays of two types", function()
    for _, one in ipairs(types.numeric) do
      for _, other in ipairs(types.numeric) do
        for _, n in ipairs { 0, 1, 33, 4097 } do
          local a, t = filled(one, n)
          local b, u = filled(other, n)
          local sum = (one:find "float" or other:find "float") and 0.0 or 0
          for i = 1, n do sum = sum + t[i] * u[i] end
          assert.is_true(expect.identical(sum, a:dot(b)), one .. " " .. other)
        end
      end
    end
    local most = dynarray.from({ 2.0 ^ 63, 1 }, "uint64")
    assert.equal(math.mininteger + 3, most:dot(dynarray.from({ -1, 3 }, "int8")))
    assert.equal(-2.0 ^ 62, most:dot(dynarray.from({ -0.5, 0 }, "float32")))
  end)

  it("wants arrays of numbers, of the same size", function()
    local a = dynarray.from({ 1, 2 }, "int8")
    expect.raises("operands differ: int8 of size 2, int8 of size 1", a.dot, a, dynarray.from({ 1 }, "int8"))
    expect.raises("operands differ: int8 of size 2, int16 of size 1", a.dot, a, dynarray.from({ 1 }, "int16"))
    expect.raises("numeric array expected, got a value array: astype makes one", a.dot, a, dynarray.of(1, 2))
    expect.raises("dynarray expected, got number", a.dot, a, 5)
    expect.raises("numeric array expected", a.dot, dynarray.of(1), dynarray.of(1))
  end)
end)

describe("the sum of values", function()
  it("goes on with what metamethods give", function()
    local native = require "support.native"
    local log = {}
    local object = setmetatable({}, { __add = function(x, y)
      log[#log + 1] = { x, y }
      return x == 0 and y or x
    end })
    assert.equal(object, dynarray.of(object, "x", true):sum())
    assert.same({ { 0, object }, { object, "x" }, { object, true } }, log)
    local data = native.userdata(8)
    debug.setmetatable(data, { __add = function(x) return x + 1 end })
    assert.equal(3, dynarray.of(2, data):sum())
    expect.raises("attempt to perform arithmetic on a boolean value", dynarray.of().sum, dynarray.of("1", true))
  end)

  it("ends where a metamethod has emptied the array", function()
    local a
    local object = setmetatable({}, { __add = function() a:clear() return 5 end })
    a = dynarray.of(object, 1, 1)
    assert.equal(5, a:sum())
  end)
end)

describe("the least of values", function()
  it("asks the metamethod of either value, as sum asks one that somebody gave to strings", function()
    local least = setmetatable({}, { __lt = function(x) return type(x) == "table" end })
    assert.equal(least, dynarray.of(5, least):min())
    assert.equal(least, dynarray.of(least, 5):min())
    assert.equal(5, dynarray.of(5, least):max())
    local strings = getmetatable ""
    local before = strings.__add
    finally(function() strings.__add = before end)
    local a = dynarray.of "abc"
    expect.raises("attempt to perform arithmetic on a string value", a.sum, a)
    strings.__add = function(x, y) return (x == 0 and 100 or #x) + (type(y) == "number" and y or #y) end
    assert.equal(103, a:sum())
  end)

  it("is the best so far where __lt has emptied the array", function()
    local a
    local metatable = { __lt = function() a:clear() return true end }
    local x, y = setmetatable({}, metatable), setmetatable({}, metatable)
    a = dynarray.of(x, y, x)
    local least, place = a:min()
    assert.equal(y, least)
    assert.equal(2, place)
  end)

  it("is not found between booleans", function()
    expect.raises("attempt to compare two boolean values", dynarray.of().min, dynarray.of(true, false))
  end)
end)
