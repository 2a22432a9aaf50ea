local dynarray = require "dynarray"
local expect = require "support.expect"
local types = require "support.types"

describe("append", function()
  it("adds one element and returns the array", function()
    local a = dynarray.new()
    assert.equal(a, a:append("x"))
    expect.holds(a, "x")
  end)

  it("adds many, nils included", function()
    local a = dynarray.of(0)
    assert.equal(a, a:append(1, nil, 3, nil))
    expect.holds(a, 0, 1, nil, 3, nil)
  end)

  it("adds nothing when given nothing", function()
    local a = dynarray.new { capacity = 0 }
    assert.equal(a, a:append())
    expect.holds(a)
    assert.equal(0, a.capacity)
  end)

  it("adds one nil when given one", function()
    expect.holds(dynarray.new():append(nil), nil)
    expect.holds(dynarray.new { bounds = "sequence" }:append(nil), nil)
  end)

  it("grows from every small capacity, for every type", function()
    for _, name in ipairs(types.all) do
      for capacity = 0, 9 do
        local a = dynarray.new { type = name, capacity = capacity }
        for i = 1, 100 do
          a:append(i)
          assert(#a == i and a[i] == i and a.capacity >= i)
        end
        for i = 1, 100 do
          assert(a[i] == i)
        end
      end
    end
  end)

  it("holds a hundred thousand", function()
    for _, name in ipairs { "value", "int32", "float64", "uint8" } do
      local a = dynarray.new(name)
      for i = 1, 100000 do
        a:append(i & 127)
      end
      assert.equal(100000, #a)
      for i = 1, 100000 do
        if a[i] ~= i & 127 then
          error(name .. " lost element " .. i)
        end
      end
    end
  end)

  it("grows once for many arguments", function()
    local a = dynarray.new { capacity = 1 }
    local t = {}
    for i = 1, 200 do
      t[i] = i
    end
    a:append(table.unpack(t))
    expect.holds(a, table.unpack(t))
    assert.equal(1, a:stats().growths)
  end)

  it("adds all or nothing", function()
    for _, capacity in ipairs { 2, 16 } do
      local a = dynarray.new { type = "uint8", capacity = capacity }:append(1, 2)
      local before = expect.snapshot(a)
      expect.raises("300 does not fit into uint8 (0 to 255) at index 5", a.append, a, 3, 4, 300)
      expect.raises("1.5 has no integer representation, wanted uint8 at index 3", a.append, a, 1.5)
      expect.raises('string "10" is not a number, wanted uint8 at index 4', a.append, a, 3, "10")
      expect.error(a.append, a, nil)
      expect.unchanged(before)
      expect.holds(a:append(3), 1, 2, 3)
    end
  end)

  it("adds any number of values where the array must grow, all or nothing", function()
    for _, name in ipairs(types.all) do
      for _, n in ipairs { 1, 2, 15, 16, 17, 18, 40 } do
        local t = {}
        for i = 1, n do
          t[i] = name:find "^float" and i + 0.5 or i
        end
        local a = dynarray.new { type = name, capacity = 1 }:append(t[1])
        expect.holds(a:append(table.unpack(t)), t[1], table.unpack(t))
        assert.equal(1, a:stats().growths)
        a:shrink_to_fit()
        local before = expect.snapshot(a)
        if name ~= "value" then
          t[n] = "x"
          expect.raises(("at index %d"):format(n + n + 1), a.append, a, table.unpack(t))
          expect.unchanged(before)
        end
      end
    end
  end)

  it("adds objects at any place among numbers, with room or not", function()
    local object = {}
    for _, capacity in ipairs { 1, 100 } do
      for n = 1, 20 do
        for place = 1, n do
          local a, t = dynarray.new { capacity = capacity }:append(7), {}
          for i = 1, n do
            t[i] = i
          end
          t[place], t[n - place + 1] = object, "text"
          expect.holds(a:append(table.unpack(t)), 7, table.unpack(t))
        end
      end
    end
  end)

  it("works as a function kept in a local", function()
    local a, b = dynarray.new("int8"), dynarray.new()
    local append = a.append
    append(a, 1)
    append(b, "x")
    expect.holds(a, 1)
    expect.holds(b, "x")
  end)

  it("refuses to pass max_size", function()
    local a = dynarray.new { max_size = 10, capacity = 4 }
    for i = 1, 10 do
      a:append(i)
    end
    local before = expect.snapshot(a)
    expect.raises("size 11 exceeds max_size 10", a.append, a, 11)
    expect.raises("size 13 exceeds max_size 10", a.append, a, 11, 12, 13)
    expect.unchanged(before)
    assert.equal(10, a:pop())
    expect.raises("size 11 exceeds max_size 10", a.append, a, 1, 2)
    a:append(10)
    expect.unchanged(before)
  end)
end)

describe("pop", function()
  it("takes the last element and gives it back", function()
    for _, name in ipairs(types.all) do
      local a = dynarray.new(name):append(1, 2, 3)
      local capacity = a.capacity
      assert(a:pop() == 3 and a:pop() == 2 and a:pop() == 1)
      assert.equal(0, #a)
      assert.equal(capacity, a.capacity)
    end
  end)

  it("gives back nil where nil was", function()
    local a = dynarray.of(1, nil)
    assert.equal(1, select("#", a:pop()))
    expect.holds(a, 1)
  end)

  it("is an error on an empty strict array", function()
    local a = dynarray.new("int8")
    expect.raises("pop from an empty array", a.pop, a)
    a:append(1)
    a:pop()
    expect.raises("pop from an empty array", a.pop, a)
    expect.holds(a)
  end)

  it("gives nil on an empty sequence", function()
    local a = dynarray.new { bounds = "sequence" }
    assert.is_nil(a:pop())
    expect.holds(a)
  end)

  it("lets go of the element", function()
    local a = dynarray.new()
    local weak = setmetatable({}, { __mode = "k" })
    do
      local t = {}
      weak[t] = true
      a:append(t)
    end
    collectgarbage()
    assert.is_not_nil(next(weak))
    a:pop()
    collectgarbage()
    collectgarbage()
    assert.is_nil(next(weak))
  end)
end)
