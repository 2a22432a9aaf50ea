local dynarray = require "dynarray"
local expect = require "support.expect"
local types = require "support.types"

local outside = { 0, 4, -1, -3, 5, 16, 17, 1000000, 1 << 31, 1 << 32, (1 << 32) + 1, 1 << 61, (1 << 61) + 1,
  math.maxinteger, math.mininteger, math.mininteger + 1 }

local function write(a, i, v)
  a[i] = v
end

local function read(a, i)
  return a[i]
end

describe("an index, strict bounds", function()
  it("reads and writes what lies inside", function()
    for _, name in ipairs(types.all) do
      local a = dynarray.new(name):append(1, 2, 3)
      a[1], a[3] = 30, 10
      assert(a[1] == 30 and a[2] == 2 and a[3] == 10)
      assert(a:get(1) == 30 and a:get(3) == 10)
      assert.equal(a, a:set(2, 20))
      assert(a[2] == 20 and #a == 3)
    end
  end)

  it("is an error outside, reading", function()
    for _, name in ipairs(types.all) do
      local a = dynarray.new(name):append(1, 2, 3)
      for _, i in ipairs(outside) do
        local text = ("index %d out of bounds (size 3)"):format(i)
        expect.raises(text, read, a, i)
        expect.raises(text, a.get, a, i)
      end
    end
  end)

  it("is an error outside, writing, and changes nothing", function()
    for _, name in ipairs(types.all) do
      local a = dynarray.new(name):append(1, 2, 3)
      local before = expect.snapshot(a)
      for _, i in ipairs(outside) do
        local text = ("index %d out of bounds (size 3)"):format(i)
        expect.raises(text, write, a, i, 9)
        expect.raises(text, a.set, a, i, 9)
      end
      expect.unchanged(before)
    end
  end)

  it("reaches the size, not the capacity", function()
    local a = dynarray.new { type = "int32", capacity = 10 }
    expect.raises("index 1 out of bounds (size 0)", read, a, 1)
    expect.raises("index 1 out of bounds (size 0)", write, a, 1, 1)
    a:append(1, 2)
    a:pop()
    expect.raises("index 2 out of bounds (size 1)", read, a, 2)
  end)

  it("refuses nil outside as well", function()
    local a = dynarray.of(1)
    expect.raises("index 2 out of bounds (size 1)", write, a, 2, nil)
    expect.raises("index 0 out of bounds (size 1)", write, a, 0, nil)
  end)
end)

describe("a table or an array as an index", function()
  it("is an error that names what chooses elements", function()
    local a = dynarray.of(1, 2)
    for key, kind in pairs { [{ 1 }] = "table", [dynarray.of(1)] = "userdata" } do
      local message = ("a %s cannot be an index: take, put, where and set_where choose elements"):format(kind)
      expect.raises(message, read, a, key)
      expect.raises(message, write, a, key, 1)
    end
  end)

  it("reads as nil in a sequence, and any other object in all arrays", function()
    assert.is_nil(dynarray.new { bounds = "sequence" }[{}])
    assert.is_nil(dynarray.of(1)[print])
    assert.is_nil(dynarray.of(1)[io.stdout])
  end)
end)

describe("an index of any array", function()
  for _, bounds in ipairs { "strict", "sequence" } do
    it("may be a float with an integer value, " .. bounds, function()
      local a = dynarray.from({ 5, 6, 7 }, { bounds = bounds })
      assert.equal(6, a[2.0])
      a[3.0] = 8
      assert.equal(8, a[3])
      assert.equal(5, a:get(1.0))
      a:set(1.0, 4)
      assert.equal(4, a[1])
    end)

    it("is an error when it is no integer, " .. bounds, function()
      local a = dynarray.from({ 5, 6, 7 }, { bounds = bounds })
      local before = expect.snapshot(a)
      local function cannot_be_read(text, i)
        if bounds == "sequence" then -- as in a table
          assert.is_nil(a[i])
        else
          expect.raises(text, read, a, i)
        end
      end
      cannot_be_read("index 1.5 is not an integer", 1.5)
      cannot_be_read("index nan is not an integer", 0 / 0)
      cannot_be_read("index nan is not an integer", -(0 / 0))
      expect.raises("index 1.5 is not an integer", write, a, 1.5, 1)
      for _, i in ipairs { 0 / 0, math.huge, -math.huge, 2 ^ 63, -0.5 } do
        cannot_be_read("is not an integer", i)
        expect.raises("is not an integer", write, a, i, 1)
        expect.error(a.get, a, i)
        expect.error(a.set, a, i, 1)
      end
      expect.error(a.get, a, 1.5)
      expect.error(a.get, a)
      expect.error(a.get, a, {})
      expect.error(a.set, a)
      expect.error(a.set, a, "x", 1)
      expect.unchanged(before)
    end)
  end
end)

describe("a field", function()
  it("that is unknown reads as nil", function()
    local a = dynarray.of(1)
    for _, key in ipairs { "foo", "", "1", "Size", "size ", true, print, io.stdout } do
      assert.is_nil(a[key])
    end
    assert.is_nil(a[nil])
  end)

  it("that is known cannot be written", function()
    local a = dynarray.new { max_size = 100 }
    for _, field in ipairs { "size", "capacity", "allocated_size", "type", "element_size", "growth", "bounds",
      "max_size", "block" } do
      expect.raises(("field '%s' is read-only"):format(field), write, a, field, 1)
    end
    expect.error(write, a, "append", print)
    assert.equal("function", type(a.append))
  end)

  it("that is unknown cannot be written", function()
    local a = dynarray.of(1)
    expect.raises("no field 'foo'", write, a, "foo", 1)
    expect.raises("no field '1'", write, a, "1", 1)
    expect.raises("no field 'foo'", write, a, "foo", nil)
  end)

  it("cannot be a key of another type", function()
    local a = dynarray.of(1)
    for _, key in ipairs { true, {}, print, io.stdout, coroutine.create(print) } do
      expect.raises(type(key), write, a, key, 1)
    end
    expect.raises("nil", write, a, nil, 1)
  end)

  it("of an array is there in every array", function()
    for _, name in ipairs(types.all) do
      local a = dynarray.new(name)
      for _, method in ipairs { "append", "pop", "extend", "get", "set", "clear", "reserve", "resize",
        "shrink_to_fit", "copy", "copy_from", "close", "stats", "set_growth" } do
        assert.equal("function", type(a[method]), method)
      end
      assert.equal(a.capacity, a.allocated_size)
      assert.equal("string", type(a.block))
    end
  end)

  it("follows the array", function()
    local a = dynarray.new { type = "int8", capacity = 1 }
    a:append(1, 2, 3)
    assert.equal(3, a.size)
    assert.equal(#a, a.size)
    assert.is_true(a.capacity >= 3)
    a:pop()
    assert.equal(2, a.size)
  end)

  it("is not shadowed by the library's metatable", function()
    local a = dynarray.of(1)
    assert.equal("dynarray", getmetatable(a))
    expect.error(setmetatable, a, {})
    assert.is_nil(a.__index)
    assert.is_nil(a.__gc)
  end)
end)
