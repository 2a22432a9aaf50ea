local dynarray = require "dynarray"
local expect = require "support.expect"
local types = require "support.types"

describe("==", function()
  it("holds for the same type and elements", function()
    for _, name in ipairs(types.all) do
      local a, b = dynarray.new(name):append(1, 2, 3), dynarray.new { type = name, capacity = 99 }:append(1, 2, 3)
      assert.is_true(a == b)
      assert.is_false(a ~= b)
      b[2] = 9
      assert.is_false(a == b)
      b[2] = 2
      assert.is_true(a == b)
      b:append(4)
      assert.is_false(a == b)
      b:resize(2)
      assert.is_false(a == b)
      assert.is_true(dynarray.new(name) == dynarray.new(name))
      assert.is_true(a == a:copy())
    end
  end)

  it("fails for another type", function()
    for _, name in ipairs(types.all) do
      for _, other in ipairs(types.all) do
        assert.equal(name == other, dynarray.new(name):append(1) == dynarray.new(other):append(1))
        assert.equal(name == other, dynarray.new(name) == dynarray.new(other))
      end
    end
  end)

  it("does not ask for bounds, growth or capacity", function()
    assert.is_true(dynarray.new { bounds = "sequence", growth = 3 }:append(1) == dynarray.of(1))
  end)

  it("compares values as Lua does", function()
    local t = {}
    assert.is_true(dynarray.of(nil, t, "x", false, 1) == dynarray.of(nil, t, "x", false, 1))
    assert.is_false(dynarray.of({}) == dynarray.of({}))
    assert.is_false(dynarray.of(nil) == dynarray.of(false))
    assert.is_false(dynarray.of(nil) == dynarray.of())
    assert.is_false(dynarray.of("1") == dynarray.of(1))
    assert.is_true(dynarray.of(math.maxinteger) == dynarray.of(math.maxinteger))
    assert.is_false(dynarray.of(math.maxinteger) == dynarray.of(math.maxinteger - 1))
    assert.is_true(dynarray.of(("long"):rep(100)) == dynarray.of(("long"):rep(100)))
  end)

  it("takes the two zeros for equal", function()
    for _, name in ipairs { "value", "float32", "float64" } do
      assert.is_true(dynarray.new(name):append(0.0) == dynarray.new(name):append(-0.0))
    end
  end)

  it("fails for anything else", function()
    local a = dynarray.of(1)
    for _, other in ipairs { { 1 }, 1, "1", true, io.stdout, print } do
      assert.is_false(a == other)
      assert.is_false(other == a)
    end
    assert.is_false(a == nil)
  end)
end)

describe("..", function()
  it("makes a new array of both, of the type of the first", function()
    for _, name in ipairs(types.all) do
      for _, other in ipairs(types.all) do
        local a, b = dynarray.new(name):append(1, 2), dynarray.new(other):append(3)
        local c = a .. b
        assert.equal(name, c.type)
        assert(#c == 3 and c[1] == 1 and c[2] == 2 and c[3] == 3)
        assert(#a == 2 and #b == 1)
        expect.valid(c)
      end
    end
  end)

  it("takes empty arrays and the same array twice", function()
    local a, empty = dynarray.of(1, nil), dynarray.of()
    expect.holds(a .. empty, 1, nil)
    expect.holds(empty .. a, 1, nil)
    expect.holds(empty .. empty)
    expect.holds(a .. a, 1, nil, 1, nil)
    expect.holds(a .. a .. a, 1, nil, 1, nil, 1, nil)
  end)

  it("is another array than either", function()
    local a, b = dynarray.of(1), dynarray.of()
    local c = a .. b
    c[1] = 9
    expect.holds(a, 1)
  end)

  it("names an element that does not fit", function()
    local a, b = dynarray.new("uint8"):append(1), dynarray.new("int16"):append(2, 300)
    expect.raises("300 does not fit into uint8 (0 to 255) at index 3", function() return a .. b end)
    expect.raises("wanted uint8 at index 2", function() return a .. dynarray.of("x") end)
    expect.holds(a, 1)
  end)

  it("takes arrays only", function()
    local a = dynarray.of(1)
    for _, other in ipairs { "x", 5, { 1 }, true, print, io.stdout } do
      expect.error(function() return a .. other end)
      expect.error(function() return other .. a end)
    end
    expect.error(function() return a .. nil end)
    expect.error(function() return nil .. a end)
  end)

  it("asks the other operand, if that knows how", function()
    local a = dynarray.of(1)
    local meta = { __concat = function(x) return rawequal(x, a) and "a .. other" or "other .. a" end }
    local other = setmetatable({}, meta)
    assert.equal("a .. other", a .. other)
    assert.equal("other .. a", other .. a)
    local concat = debug.getmetatable(a).__concat
    assert.equal("other .. a", concat(other, a))
    meta.__concat = function() error("not so", 0) end
    expect.raises("not so", function() return a .. other end)
    meta.__concat = nil
    expect.raises("attempt to concatenate", function() return a .. other end)
  end)
end)

describe("== of value arrays whose elements change them", function()
  it("looks no further than both have elements", function()
    local a, b
    local metatable = {}
    metatable.__eq = function() b:clear() return true end
    local function object() return setmetatable({}, metatable) end
    a, b = dynarray.of(object(), object()), dynarray.of(object(), object())
    assert.is_false(a == b)
    local equal = debug.getmetatable(a).__eq
    assert.is_true(equal(a, a))
    assert.is_false(equal(a, 1))
    expect.raises("dynarray expected, got number", equal, 1, 2)
  end)
end)
