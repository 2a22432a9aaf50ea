local dynarray = require "dynarray"
local expect = require "support.expect"
local types = require "support.types"

describe("copy", function()
  it("has the same type and elements, and a capacity of its size", function()
    for _, name in ipairs(types.all) do
      for _, n in ipairs { 0, 1, 2, 16, 17, 1000 } do
        local a = dynarray.new(name)
        for i = 1, n do
          a:append(i & 127)
        end
        local b = a:copy()
        assert.equal(name, b.type)
        assert.equal(n, #b)
        assert.equal(n, b.capacity)
        for i = 1, n do
          assert(b[i] == i & 127)
        end
        expect.valid(b)
      end
    end
  end)

  it("is another array", function()
    local a = dynarray.of(1, 2)
    local b = a:copy()
    assert.is_false(rawequal(a, b))
    b[1] = 9
    b:append(3)
    expect.holds(a, 1, 2)
    a:clear()
    expect.holds(b, 9, 2, 3)
    a:close()
    expect.holds(b, 9, 2, 3)
  end)

  it("shares the objects, not copies of them", function()
    local t = {}
    local a = dynarray.of(t, nil)
    a:append(a)
    local b = a:copy()
    expect.holds(b, t, nil, a)
  end)

  it("keeps the fill of an array of numbers, and of none else", function()
    for _, name in ipairs { "int32", "float32", "uint64" } do
      local a = dynarray.new { type = name, fill = 7 }
      assert.equal(7, a:copy():resize(2)[2])
      assert.equal(0, a:slice():resize(2)[2])
      a:close()
      assert.equal(0, dynarray.new(name):copy():resize(1)[1])
    end
  end)

  it("keeps growth, bounds, fill and max_size", function()
    local policy = function(capacity, needed) return math.max(capacity + 3, needed) end
    local a = dynarray.new { growth = policy, bounds = "sequence", fill = "f", max_size = 50 }
    local b = a:copy()
    assert.equal(policy, b.growth)
    assert.equal("sequence", b.bounds)
    assert.equal(50, b.max_size)
    expect.holds(b:resize(1), "f")
    assert.equal(1.5, dynarray.new { growth = 1.5 }:copy().growth)
  end)

  it("does not keep the observer", function()
    local seen = 0
    local a = dynarray.new { capacity = 1, on_grow = function() seen = seen + 1 end }
    a:copy():append(1, 2, 3)
    assert.equal(0, seen)
    a:append(1, 2, 3)
    assert.equal(1, seen)
  end)

  it("keeps its objects alive", function()
    local a = dynarray.of({ "kept" })
    local b = a:copy()
    a:close()
    collectgarbage()
    collectgarbage()
    assert.equal("kept", b[1][1])
  end)
end)

describe("copy_from", function()
  it("copies an array into this one and returns it", function()
    for _, from in ipairs(types.all) do
      for _, to in ipairs(types.all) do
        local a, old = dynarray.new { type = to, capacity = 8 }, dynarray.new(from):append(1, 2, 3)
        assert.equal(a, a:copy_from(old))
        assert(#a == 3 and a[1] == 1 and a[2] == 2 and a[3] == 3)
        assert.equal(8, a.capacity)
        assert.equal(3, #old)
      end
    end
  end)

  it("copies a table", function()
    expect.holds(dynarray.new { type = "int8", capacity = 3 }:copy_from { 1, 2.0, 3 }, 1, 2, 3)
    expect.holds(dynarray.new():copy_from {})
  end)

  it("keeps what lies behind", function()
    expect.holds(dynarray.of(1, 2, 3):copy_from { 8, 9 }, 8, 9, 3)
    expect.holds(dynarray.of(1, 2, 3):copy_from(dynarray.of(nil)), nil, 2, 3)
    expect.holds(dynarray.of(1, 2, 3):copy_from {}, 1, 2, 3)
  end)

  it("copies an array into itself", function()
    local a = dynarray.of(1, 2, 3)
    expect.holds(a:copy_from(a), 1, 2, 3)
  end)

  it("uses the whole capacity and not more", function()
    local a = dynarray.new { capacity = 3 }
    expect.holds(a:copy_from { 1, 2, 3 }, 1, 2, 3)
    local before = expect.snapshot(a)
    expect.raises("Not enough space to copy into", a.copy_from, a, { 1, 2, 3, 4 })
    expect.raises("Not enough space to copy into", a.copy_from, a, dynarray.of(1, 2, 3, 4))
    expect.unchanged(before)
  end)

  it("copies all or nothing", function()
    local a = dynarray.new { type = "uint8", capacity = 5 }:append(7, 8)
    local before = expect.snapshot(a)
    expect.raises("300 does not fit into uint8 (0 to 255) at index 3", a.copy_from, a, { 1, 2, 300 })
    expect.raises("does not fit into uint8 (0 to 255) at index 2", a.copy_from, a,
      dynarray.from({ 1, 300 }, "float64"))
    expect.raises("does not fit into uint8 (0 to 255) at index 2", a.copy_from, a, dynarray.from({ 1, 300 }, "int16"))
    local object = {}
    assert.equal(object, expect.error(a.copy_from, a, setmetatable({}, {
      __len = function() return 3 end,
      __index = function(_, i) return i < 3 and i or error(object) end,
    })))
    expect.unchanged(before)
  end)

  it("refuses to pass max_size", function()
    local a = dynarray.new { capacity = 4, max_size = 4 }:append(1)
    local before = expect.snapshot(a)
    expect.error(a.copy_from, a, { 1, 2, 3, 4, 5 })
    expect.unchanged(before)
  end)

  it("refuses other sources", function()
    local a = dynarray.of(1)
    for _, wrong in ipairs { 5, true, "abc", io.stdout } do
      expect.error(a.copy_from, a, wrong)
    end
    expect.error(a.copy_from, a)
    expect.holds(a, 1)
  end)
end)

describe("copy_from", function()
  it("of an empty array changes nothing", function()
    for _, kind in ipairs { "value", "int8" } do
      expect.holds(dynarray.new(kind):append(1):copy_from(dynarray.new(kind)), 1)
      expect.holds(dynarray.new(kind):append(1):copy_from(dynarray.new("float64")), 1)
    end
  end)

  it("of a view of another type that shares memory writes what was there", function()
    local a = dynarray.range(1, 8)
    local b = dynarray.of(1, 2, 3, "x")
    expect.holds(b:copy_from(b:view(2, 4)), 2, 3, "x", "x")
    expect.holds(a:copy_from(a:view(3, 6)), 3, 4, 5, 6, 5, 6, 7, 8)
  end)
end)

describe("put at indices that are the array itself", function()
  it("uses them as they were, however many", function()
    for _, n in ipairs { 3, 20000 } do
      local a = dynarray.range(2, n):append(1)
      a:put(a, dynarray.range(1, n))
      for k = 1, n do
        assert(a[k % n + 1] == k)
      end
    end
  end)
end)
