local dynarray = require "dynarray"
local expect = require "support.expect"
local types = require "support.types"

local nan = 0 / 0
local sizes = { 0, 1, 2, 31, 33, 257, 1023, 1024, 1025, 3000 }
local operators = {
  add = function(x, y) return x + y end,
  sub = function(x, y) return x - y end,
  mul = function(x, y) return x * y end,
  div = function(x, y) return x / y end,
}

local function numeric(f)
  for _, kind in ipairs(types.all) do
    if kind ~= "value" then f(kind) end
  end
end

local function rounded(kind, x)
  return kind == "float32" and string.unpack("f", string.pack("f", x)) or x
end

local function filled(kind, n, least, greatest)
  local a = dynarray.new(kind)
  for _ = 1, n do a:append(math.random(least, greatest)) end
  return a
end

local function each(kind, result, n, expected)
  assert.equal(kind, result.type)
  assert.equal(n, #result)
  for i = 1, n do
    local want = rounded(kind, expected(i))
    if result[i] ~= want then
      error(("%s, size %d, element %d: %s instead of %s"):format(kind, n, i, result[i], want), 2)
    end
  end
end

describe("+ - * /", function()
  numeric(function(kind)
    it("give new arrays, element by element, of " .. kind, function()
      for _, n in ipairs(sizes) do
        local a, b = filled(kind, n, 50, 120), filled(kind, n, 1, 7)
        if kind == "int8" then a = filled(kind, n, 7, 18) end
        for name, f in pairs(operators) do
          if name ~= "mul" or kind ~= "uint8" then
            local result_kind = name == "div" and not kind:find "float" and "float64" or kind
            local before = expect.snapshot(a)
            each(result_kind, f(a, b), n, function(i) return f(a[i], b[i]) end)
            each(result_kind, f(a, 2), n, function(i) return f(a[i], 2) end)
            if name ~= "sub" or not kind:find "uint" then
              each(result_kind, f(5, a), n, function(i) return f(5, a[i]) end)
            end
            expect.unchanged(before)
          end
        end
      end
    end)
  end)

  it("are exact at the edges of integers", function()
    for _, t in ipairs(types.integers) do
      local a = dynarray.filled(100, t.max - 1, t.name)
      assert.equal(t.max, (a + 1)[100])
      assert.equal(t.min, (dynarray.filled(100, t.min + 1, t.name) - 1)[100])
      if t.name ~= "uint64" then -- whose elements reach past Lua's integers
        expect.raises((" + 2 does not fit into %s"):format(t.name), operators.add, a, 2)
        a[77] = t.max
        expect.raises("at index 77", operators.add, a, 1)
        expect.raises("at index 1", operators.mul, a, 2)
      end
      local least = dynarray.filled(3, t.min + 1, t.name)
      expect.raises((" - 2 does not fit into %s"):format(t.name), operators.sub, least, 2)
    end
  end)

  it("/ is true division, as in Lua", function()
    local a = dynarray.from({ 7, -7, 0 }, "int16")
    expect.holds(a / 2, 3.5, -3.5, 0.0)
    expect.holds(2 / dynarray.from({ 4 }, "uint8"), 0.5)
    expect.holds(a / 0.5, 14.0, -14.0, 0.0)
    local q = a / 0
    assert.is_true(q.type == "float64" and q[1] == math.huge and q[2] == -math.huge and q[3] ~= q[3])
    assert.equal("float32", (dynarray.from({ 1 }, "float32") / 2).type)
  end)

  it("overflow to infinity in float types", function()
    assert.equal(math.huge, (dynarray.from({ 1e308 }, "float64") * 10)[1])
    assert.equal(math.huge, (dynarray.from({ 3e38 }, "float32") * 10)[1])
  end)

  it("refuse operands that are none", function()
    local a = dynarray.from({ 1, 2 }, "int8")
    expect.raises("1000 does not fit into int8 (-128 to 127) as operand", operators.add, a, 1000)
    expect.raises("operands differ: int8 of size 2, int8 of size 1", operators.add, a, dynarray.from({ 1 }, "int8"))
    local b = dynarray.from({ 1 }, "float64")
    expect.raises("operands differ: int8 of size 2, float64 of size 1", operators.add, a, b)
    expect.raises("arithmetic on a dynarray and a string value", operators.add, a, "1")
    expect.raises("arithmetic on a nil value and a dynarray", operators.sub, nil, a)
    expect.raises("numeric array expected", operators.add, dynarray.of(1), 1)
    expect.raises("dynarray expected", debug.getmetatable(a).__add, 1, 2)
    expect.raises("dynarray expected", debug.getmetatable(a).__div)
  end)

  it("work on views and frozen arrays", function()
    local a = dynarray.from({ 1, 2, 3 }, "float64")
    expect.holds(a:view(2) * a:view(1, 2), 2.0, 6.0)
    expect.holds(a:frozen() + 1, 2.0, 3.0, 4.0)
  end)
end)

describe("add, sub, mul, div", function()
  numeric(function(kind)
    it("change the array in place, of " .. kind, function()
      for _, n in ipairs(sizes) do
        local b = filled(kind, n, 1, 7)
        for name, f in pairs(operators) do
          local a = filled(kind, n, 7, 18)
          if name == "div" then a:mul(b) end
          local before = a:copy()
          assert.equal(a, a[name](a, b))
          each(kind, a, n, function(i) return f(before[i], b[i]) end)
          a = before:copy()
          if name == "div" then
            a = dynarray.filled(n + 1, 8, kind)
            a:div(2)
            each(kind, a, n + 1, function() return 4 end)
          else
            a[name](a, 3)
            each(kind, a, n, function(i) return f(before[i], 3) end)
          end
        end
      end
    end)
  end)

  it("change nothing when an integer does not fit, wherever it is", function()
    for _, t in ipairs(types.integers) do
      for _, n in ipairs { 1, 100, 1024, 5000 } do
        local a = filled(t.name, n, 0, 10)
        a[n] = t.name == "uint64" and 0 or t.max
        local before = expect.snapshot(a)
        local ones = dynarray.filled(n, 1, t.name)
        local at = "at index " .. n
        if t.name ~= "uint64" then
          expect.raises(at, a.add, a, 1)
          expect.raises(at, a.add, a, ones)
          expect.raises(at, a.add, a, a)
          expect.raises(at, a.mul, a, 2)
          expect.raises(at, a.mul, a, a)
        end
        expect.unchanged(before)
        a = filled(t.name, n, 10, 20)
        a[n] = t.min
        before = expect.snapshot(a)
        expect.raises(at, a.sub, a, 1)
        expect.raises(at, a.sub, a, ones)
        if t.min < 0 then
          expect.raises("at index 1", a.div, dynarray.filled(n, t.min, t.name), -1)
        end
        expect.unchanged(before)
      end
    end
  end)

  it("div on integers is exact or an error", function()
    local a = dynarray.from({ 8, -6, 7 }, "int32")
    local before = expect.snapshot(a)
    expect.raises("7 / 2 does not fit into int32", a.div, a, 2)
    expect.raises("8 / 0 does not fit into int32", a.div, a, 0)
    expect.unchanged(before)
    expect.holds(a:view(1, 2):div(-2), -4, 3)
  end)

  it("div on integers of every type divides exactly, by a number and by an array", function()
    for _, t in ipairs(types.integers) do
      local cases = { { 6, 3, 2 }, { 0, 7, 0 }, { 7, 7, 1 }, { 7, 2 }, { 7, 0 }, { 0, 0 } }
      if t.min < 0 then
        table.move({ { 6, -1, -6 }, { -6, 3, -2 }, { t.min, 1, t.min }, { t.max, -1, -t.max }, { t.min, -1 },
          { -7, 2 } }, 1, 6, #cases + 1, cases)
      end
      for _, case in ipairs(cases) do
        local x, y, quotient = table.unpack(case)
        for _, operand in ipairs { y, dynarray.filled(2, y, t.name) } do
          local a = dynarray.filled(2, x, t.name)
          if quotient then
            expect.holds(a:div(operand), quotient, quotient)
          else
            expect.raises(("%d / %d does not fit into %s"):format(x, y, t.name), a.div, a, operand)
            expect.holds(a, x, x)
          end
        end
      end
    end
  end)

  it("see the operand as it was where it overlaps the array", function()
    for _, kind in ipairs { "int32", "float64", "int8" } do
      local a = dynarray.from({ 1, 2, 3, 4, 5 }, kind)
      a:view(2, 5):add(a:view(1, 4))
      expect.holds(a, table.unpack(dynarray.from({ 1, 3, 5, 7, 9 }, kind):totable()))
      a:sub(a)
      assert.equal(5, a:count(0))
      a:add(2):mul(a)
      assert.equal(5, a:count(4))
    end
  end)

  it("want an array that can be written to", function()
    local a = dynarray.from({ 1, 2 }, "int8")
    for name in pairs(operators) do
      expect.raises("read-only", a[name], a:frozen(), 1)
      expect.raises("numeric array expected", a[name], dynarray.of(1), 1)
      expect.raises("nil is not a number", a[name], a, nil)
      expect.raises("dynarray expected", a[name], 1, a)
    end
  end)
end)

describe("abs, sqrt, clamp, cumsum", function()
  numeric(function(kind)
    it("compute in place, in " .. kind, function()
      for _, n in ipairs(sizes) do
        local least = kind:find "^u" and 0 or -11
        local a = filled(kind, n, least, 11)
        local before = a:copy()
        each(kind, a:abs(), n, function(i) return math.abs(before[i]) end)
        each(kind, a:copy():mul(a):sqrt(), n, function(i) return a[i] end)
        each(kind, before:copy():clamp(2, 5), n, function(i) return math.max(2, math.min(5, before[i])) end)
        local small, sum = filled(kind, math.min(n, 10), least, 11), 0
        local sums = small:copy():cumsum()
        for i = 1, #small do
          sum = sum + small[i]
          assert.is_true(sums[i] == sum)
        end
      end
    end)
  end)

  it("change nothing when an integer does not fit", function()
    for _, t in ipairs(types.integers) do
      local a = dynarray.filled(2000, 1, t.name)
      if t.min < 0 then
        a[1990] = t.min
        local before = expect.snapshot(a)
        expect.raises(("abs(%d) does not fit into %s"):format(t.min, t.name), a.abs, a)
        expect.raises("at index 1990", a.sqrt, a)
        expect.unchanged(before)
      end
      if t.name ~= "uint64" then
        a = dynarray.from({ 1, 2, 3, t.max - 6, 1 }, t.name)
        local before = expect.snapshot(a)
        expect.raises("the sum does not fit into " .. t.name, a.cumsum, a)
        expect.raises("at index 5", a.cumsum, a)
        expect.unchanged(before)
      end
      if t.min < 0 then
        a = dynarray.from({ 0, -1, t.min }, t.name)
        local before = expect.snapshot(a)
        expect.raises("at index 3", a.cumsum, a)
        expect.unchanged(before)
      end
    end
  end)

  it("sqrt of integers is exact or an error", function()
    local root = 3037000499 -- the greatest whose square is an int64
    expect.holds(dynarray.from({ root * root, 0, 1, 1 << 62 }, "int64"):sqrt(), root, 0, 1, 1 << 31)
    for _, x in ipairs { root * root - 1, root * root + 1, math.maxinteger, 2, -4 } do
      local a = dynarray.from({ 4, x }, "int64")
      expect.raises(("sqrt(%d) does not fit into int64"):format(x), a.sqrt, a)
      expect.holds(a, 4, x)
    end
  end)

  it("sqrt of integers of every type is exact or an error", function()
    for _, t in ipairs(types.integers) do
      expect.holds(dynarray.from({ 0, 1, 4, 121 }, t.name):sqrt(), 0, 1, 2, 11)
      for _, x in ipairs { 2, 3, 120, t.max } do
        local a = dynarray.from({ 4, x }, t.name)
        expect.raises("at index 2", a.sqrt, a)
        expect.holds(a, 4, x)
      end
    end
    local most = ~dynarray.zeros(2, "uint64") -- 2^64 - 1, whose root as a double is 2^32
    expect.raises("at index 1", most.sqrt, most)
    local largest = (1 << 32) - 1
    expect.holds(dynarray.filled(1, largest, "uint64"):mul(largest):sqrt(), largest)
  end)

  it("cumsum of uint64 ends at 2^64", function()
    local a = dynarray.from({ 2.0 ^ 63, 1, 5, 2.0 ^ 63 }, "uint64")
    expect.raises("the sum does not fit into uint64", a.cumsum, a)
    expect.holds(a, 2.0 ^ 63, 1, 5, 2.0 ^ 63)
    expect.holds(a:view(1, 3):cumsum(), 2.0 ^ 63, 2.0 ^ 63, 2.0 ^ 63)
    assert.equal(6, (a - a:view(1, 1)[1])[3])
  end)

  it("are IEEE's in float types", function()
    local a = dynarray.from({ -1.0, -0.0, math.huge, nan }, "float64")
    local roots = a:copy():sqrt()
    assert.is_true(roots[1] ~= roots[1] and 1 / roots[2] == -math.huge and roots[3] == math.huge)
    local abs = a:copy():abs()
    assert.is_true(abs[1] == 1 and 1 / abs[2] == math.huge)
    local clamped = a:copy():clamp(0, 5)
    assert.is_true(clamped[1] == 0 and clamped[3] == 5 and clamped[4] ~= clamped[4])
  end)

  it("clamp wants bounds in order", function()
    local a = dynarray.from({ 1, 2 }, "int8")
    expect.raises("lower bound 5 must be at most the upper bound 3", a.clamp, a, 5, 3)
    expect.raises("300 does not fit into int8", a.clamp, a, 0, 300)
    expect.raises("nil is not a number", a.clamp, a, 1)
    expect.raises("lower bound", a.clamp, dynarray.new("float64"), nan, 1)
    expect.raises("read-only", a.clamp, a:frozen(), 1, 2)
    expect.holds(a, 1, 2)
  end)
end)

describe("an operator", function()
  it("asks the other operand, if that knows how", function()
    local a = dynarray.from({ 1, 2 }, "int32")
    for event, operate in pairs {
      __add = function(x, y) return x + y end,
      __sub = function(x, y) return x - y end,
      __mul = function(x, y) return x * y end,
      __div = function(x, y) return x / y end,
      __mod = function(x, y) return x % y end,
      __idiv = function(x, y) return x // y end,
      __pow = function(x, y) return x ^ y end,
      __band = function(x, y) return x & y end,
      __bor = function(x, y) return x | y end,
      __bxor = function(x, y) return x ~ y end,
      __shl = function(x, y) return x << y end,
      __shr = function(x, y) return x >> y end,
    } do
      local other = setmetatable({}, { [event] = function(x, y) return rawequal(x, a) and "a first" or y end })
      assert.equal("a first", operate(a, other))
      assert.equal(a, operate(other, a))
      expect.raises("attempt to perform", operate, a, setmetatable({}, {}))
      expect.raises("attempt to perform", operate, a, "2")
    end
  end)
end)

describe("arithmetic on arrays that are not numeric", function()
  it("says which operand is one", function()
    local numbers, values = dynarray.from({ 1 }, "float64"), dynarray.of("x")
    local name = _VERSION == "Lua 5.3" and "__add" or "add" -- as Lua itself calls the function in such a message
    for position, cases in ipairs { { { values, 1 }, { values, numbers } }, { { 1, values }, { numbers, values } } } do
      for _, operands in ipairs(cases) do
        local x, y = table.unpack(operands)
        local message = "bad argument #%d to '%s' (numeric array expected, got a value array: astype makes one)"
        expect.raises(message:format(position, name), function() return x + y end)
      end
    end
  end)
end)

describe("the type of a + b", function()
  it("holds both types: the larger, a signed one with room for the unsigned, or float64", function()
    local function signed(name) return name:find "^int" ~= nil end
    local function whole(name) return not name:find "float" end
    local names = require "support.types".numeric
    for _, x in ipairs(names) do
      for _, y in ipairs(names) do
        local a, b = dynarray.from({ 1 }, x), dynarray.from({ 2 }, y)
        local m, n = a.element_size, b.element_size
        local expected
        if x == y then
          expected = x
        elseif not whole(x) or not whole(y) then
          expected = "float64"
        elseif signed(x) == signed(y) then
          expected = m > n and x or y
        else
          local bytes = signed(x) and math.max(m, 2 * n) or math.max(n, 2 * m)
          expected = "int" .. math.min(bytes, 8) * 8
        end
        local c = a + b
        assert.equal(expected, c.type, x .. " + " .. y)
        assert(c[1] == 3)
      end
    end
  end)

  it("is float64 for integers and a number that none can be", function()
    local a = dynarray.from({ 7 }, "int8")
    assert.equal("float64", (a % math.huge).type)
    assert.equal("float64", (a % 2.5).type)
    assert.equal("int8", (a % 2.0).type)
  end)
end)

describe("operands that do not go together", function()
  it("are refused by operators and in place", function()
    local a = dynarray.from({ 100, 1 }, "int8")
    for _, kind in ipairs { "int8", "int16" } do
      local short = dynarray.from({ 1 }, kind)
      for _, operate in ipairs { function() return a % short end, function() return a & short end,
        function() return a + short end, function() return a:add(short) end } do
        local message = select(2, pcall(operate))
        assert.truthy(message:find("operands differ: int8 of size 2, " .. kind .. " of size 1", 1, true), message)
      end
    end
    local values = dynarray.of(1, 2)
    assert.is_false(pcall(a.add, a, values))
    assert.truthy(select(2, pcall(a.add, a, 100)):find "100 %+ 100 does not fit into int8 %(%-128 to 127%) at index 1")
    assert.truthy(select(2, pcall(function() return a + 100 end)):find "100 %+ 100 does not fit into int8")
    assert.truthy(select(2, pcall(function() return 100 + a end)):find "100 %+ 100 does not fit into int8")
    assert.truthy(select(2, pcall(a.add, a, dynarray.from({ 100, 1 }, "int16"))):find "200 does not fit into int8")
    assert.truthy(a[1] == 100 and a[2] == 1)
  end)
end)
