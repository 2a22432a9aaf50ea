local dynarray = require "dynarray"
local expect = require "support.expect"
local types = require "support.types"

local no_sizes = { -1, math.mininteger, 1.5, 0 / 0, math.huge, -math.huge, 2 ^ 63, "x", {}, true }
local too_many = { math.maxinteger, math.maxinteger - 1, 1 << 62, 1 << 61, (1 << 61) + 1, 2.0 ^ 61, (1 << 60) + 1 }

describe("resize", function()
  it("grows with the fill of the array", function()
    local a = dynarray.new { type = "int8", fill = 7 }:append(1)
    assert.equal(a, a:resize(3))
    expect.holds(a, 1, 7, 7)
    expect.holds(dynarray.of("x"):resize(3), "x", 0, 0)
    expect.holds(dynarray.new("float64"):resize(2), 0.0, 0.0)
  end)

  it("grows with the fill it is given", function()
    local t = {}
    expect.holds(dynarray.of(1):resize(3, t), 1, t, t)
    expect.holds(dynarray.new { type = "int8", fill = 7 }:resize(2, 5.0), 5, 5)
    expect.holds(dynarray.of(1):resize(2, false), 1, false)
  end)

  it("grows with nil when that is what it is given", function()
    expect.holds(dynarray.of(1):resize(3, nil), 1, nil, nil)
  end)

  it("cuts, and does not bring back what it cut", function()
    for _, name in ipairs(types.all) do
      local a = dynarray.new(name):append(1, 2, 3)
      a:resize(1)
      assert(#a == 1 and a[1] == 1)
      a:resize(3)
      assert(#a == 3 and a[1] == 1 and a[2] == 0 and a[3] == 0)
      a:resize(0)
      assert.equal(0, #a)
    end
  end)

  it("keeps the capacity while it suffices", function()
    local a = dynarray.new { capacity = 10 }
    a:resize(10)
    assert.equal(10, a.capacity)
    a:resize(2)
    assert.equal(10, a.capacity)
    a:resize(11)
    assert.is_true(a.capacity >= 11)
  end)

  it("takes a float with an integer value", function()
    expect.holds(dynarray.new():resize(2.0), 0, 0)
  end)

  it("fills every element of a large array", function()
    for _, name in ipairs(types.all) do
      local a = dynarray.new { type = name, fill = 3 }:append(1)
      a:resize(100000)
      assert(a[1] == 1)
      for i = 2, 100000 do
        if a[i] ~= 3 then
          error(name .. " at " .. i)
        end
      end
    end
  end)

  it("refuses a fill that does not fit, and changes nothing", function()
    local a = dynarray.new { type = "uint8", capacity = 2 }:append(1, 2)
    local before = expect.snapshot(a)
    expect.raises("300 does not fit into uint8 (0 to 255) at index 3", a.resize, a, 10, 300)
    expect.raises("wanted uint8 at index 3", a.resize, a, 10, nil)
    expect.unchanged(before)
  end)

  it("refuses to pass max_size", function()
    local a = dynarray.new { max_size = 4, capacity = 2 }:append(1)
    local before = expect.snapshot(a)
    expect.raises("size 5 exceeds max_size 4", a.resize, a, 5)
    expect.unchanged(before)
    expect.holds(a:resize(4), 1, 0, 0, 0)
  end)
end)

describe("reserve", function()
  it("raises the capacity to exactly what is asked", function()
    for _, name in ipairs(types.all) do
      for _, n in ipairs { 17, 18, 100, 1000, 4097, 100003, 1000001 } do
        local a = dynarray.new(name):append(1, 2)
        assert.equal(a, a:reserve(n))
        assert.equal(n, a.capacity)
        assert(#a == 2 and a[1] == 1 and a[2] == 2)
      end
    end
  end)

  it("never lowers it", function()
    local a = dynarray.new { capacity = 20 }
    for n = 0, 20 do
      a:reserve(n)
      assert.equal(20, a.capacity)
    end
  end)

  it("saves the growths of what follows", function()
    local a = dynarray.new("float64"):reserve(1000)
    local growths = a:stats().growths
    for i = 1, 1000 do
      a:append(i)
    end
    assert.equal(growths, a:stats().growths)
    assert.equal(1000, a.capacity)
  end)
end)

describe("shrink_to_fit", function()
  it("lowers the capacity to the size", function()
    for _, name in ipairs(types.all) do
      for _, n in ipairs { 0, 1, 2, 15, 100, 5000, 100000 } do
        local a = dynarray.new { type = name, fill = 3, capacity = n * 2 + 5 }:resize(n)
        assert.equal(a, a:shrink_to_fit())
        assert.equal(n, a.capacity)
        assert.equal(n, #a)
        for i = 1, n do
          assert(a[i] == 3)
        end
        expect.valid(a)
      end
    end
  end)
end)

describe("clear", function()
  it("empties the array and keeps the capacity", function()
    for _, name in ipairs(types.all) do
      local a = dynarray.new(name)
      for i = 1, 100 do
        a:append(i)
      end
      local capacity = a.capacity
      assert.equal(a, a:clear())
      assert.equal(0, #a)
      assert.equal(capacity, a.capacity)
      a:append(7)
      assert(#a == 1 and a[1] == 7)
    end
  end)
end)

describe("a size", function()
  local a, before
  before_each(function()
    a = dynarray.new { type = "float64", capacity = 4 }:append(1, 2, 3)
    before = expect.snapshot(a)
  end)

  it("that is negative, no integer or no number is refused, and named", function()
    for _, n in ipairs(no_sizes) do
      for _, f in ipairs { a.resize, a.reserve } do
        local err = expect.error(f, a, n)
        if math.type(n) and n == n then
          assert.truthy(err:find(tostring(n), 1, true) or err:find(("%.14g"):format(n), 1, true), err)
        end
      end
      expect.error(dynarray.new, { capacity = n })
    end
    expect.error(a.resize, a)
    expect.error(a.reserve, a)
    expect.unchanged(before)
  end)

  it("beyond all memory is refused, and nothing is lost", function()
    for _, name in ipairs(types.all) do
      local b = dynarray.new { type = name, capacity = 4 }:append(1, 2, 3)
      local state = expect.snapshot(b)
      for _, n in ipairs(too_many) do
        expect.error(b.resize, b, n)
        expect.error(b.reserve, b, n)
        expect.error(dynarray.new, { type = name, capacity = n })
        expect.error(dynarray.filled, n, 0, name)
        expect.unchanged(state)
      end
      expect.valid(b)
    end
  end)

  it("names a bound when it can never be", function()
    local err = expect.error(a.reserve, a, math.maxinteger)
    assert.truthy(err:find("9223372036854775807", 1, true), err)
  end)
end)
