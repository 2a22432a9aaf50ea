-- Priority queues: what a comparison that fails leaves.
local dynarray = require "dynarray"
local expect = require "support.expect"

describe("heap_push", function()
  it("gives what sorting gives, by < and by a comparator, for numbers and values", function()
    for _, kind in ipairs { "value", "int16", "float32" } do
      for _, less in ipairs { false, function(x, y) return x > y end } do
        local a, sorted = dynarray.new(kind), {}
        for i = 1, 200 do
          local x = i * 7919 % 211
          a:heap_push(x, less or nil)
          sorted[i] = x
        end
        table.sort(sorted, less or nil)
        for i = 1, 200 do
          assert.equal(sorted[i], a:heap_pop(less or nil))
        end
      end
    end
  end)

  it("orders floats among integers, and gives nil when it is empty", function()
    local a = dynarray.new()
    for _, x in ipairs { 2.5, -1, 0.5, 2, -0.25, 1 << 60 } do
      a:heap_push(x)
    end
    for _, x in ipairs { -1, -0.25, 0.5, 2, 2.5, 1 << 60 } do
      assert.equal(x, a:heap_pop())
    end
    assert.is_nil(a:heap_pop())
    assert.is_nil(dynarray.new("int8"):heap_pop())
  end)

  it("changes nothing if a comparison raises an error", function()
    local a = dynarray.of(1, 2, 3)
    local before = expect.snapshot(a)
    expect.raises("attempt to compare", a.heap_push, a, "x")
    local _, message = pcall(function() return (dynarray.of({}):heap_push({})) end)
    assert.truthy(message:find "queue_spec.lua:%d+: attempt to compare two table values$", message)
    expect.raises("no", a.heap_push, a, 0, function() error("no", 0) end)
    expect.unchanged(before)
    local b = dynarray.from({ 1, 2, 3 }, "int8")
    expect.raises("no", b.heap_push, b, 0, function() error("no", 0) end)
    expect.raises("300 does not fit into int8", b.heap_push, b, 300, function() error("no", 0) end)
    expect.holds(b, 1, 2, 3)
  end)

  it("notices a comparator that changes the array", function()
    for _, kind in ipairs { "value", "int8" } do
      local a = dynarray.new(kind):append(1, 2, 3)
      expect.raises("array was changed", a.heap_push, a, 0, function() a:append(9) return true end)
      expect.holds(a, 1, 2, 3, 9)
    end
  end)

  it("orders objects by a comparator", function()
    local a = dynarray.new()
    local function by_rank(x, y) return x.rank < y.rank end
    for i = 1, 50 do
      a:heap_push({ rank = i * 31 % 53 }, by_rank)
    end
    local last = -1
    for _ = 1, 50 do
      local x = a:heap_pop(by_rank)
      assert.is_true(x.rank > last)
      last = x.rank
    end
  end)

  it("sees the objects that a comparator puts into an array that had none, or few", function()
    for _, n in ipairs { 1, 4, 10 } do
      local objects = {}
      for i = 1, n do objects[i] = { rank = i } end
      local a, calls = dynarray.from(objects), 0
      local function replacing(x, y)
        calls = calls + 1
        for i = 1, #a do a[i] = { rank = calls + i } end
        return x.rank < y.rank
      end
      assert.are.equal(n, #a:heapify(replacing))
      a:heap_push({ rank = 0 }, replacing)
      a:heap_pop(replacing)
      for i = 1, n do assert.is_number(a[i].rank) end
    end
  end)
end)

describe("a comparator", function()
  it("is called again and again without more of Lua's stack", function()
    local a, least, most = dynarray.random(30000, "int32", 1), math.huge, 0
    a:heapify(function(x, y)
      local used = collectgarbage "count"
      least, most = math.min(least, used), math.max(most, used)
      return x < y
    end)
    assert.is_true(most - least < 100, most - least)
  end)
end)
