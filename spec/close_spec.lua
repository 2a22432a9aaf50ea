local dynarray = require "dynarray"
local expect = require "support.expect"
local types = require "support.types"

local function closed(name, bounds)
  local a = dynarray.new { type = name, bounds = bounds }
  for i = 1, 50 do
    a:append(i)
  end
  a:close()
  return a
end

local function assert_closed(a)
  assert.equal(0, #a)
  assert.equal(0, a.size)
  assert.equal(0, a.capacity)
  assert.equal("none", a.block)
  expect.raises("array is closed", a.append, a, 1)
end

describe("close", function()
  it("frees the block; the array stays empty for good", function()
    for _, name in ipairs(types.all) do
      local a = closed(name)
      assert_closed(a)
      expect.raises("index 1 out of bounds (size 0)", function() return a[1] end)
      expect.raises("index 1 out of bounds (size 0)", a.get, a, 1)
      expect.raises("pop from an empty array", a.pop, a)
      expect.error(function() a[1] = 1 end)
      expect.error(a.set, a, 1, 1)
      assert_closed(a)
    end
  end)

  it("makes adding an error, in every way", function()
    for _, name in ipairs(types.all) do
      for _, bounds in ipairs { "strict", "sequence" } do
        local a = closed(name, bounds)
        expect.raises("array is closed", a.append, a, 1, 2)
        expect.raises("array is closed", a.extend, a, { 1 })
        expect.raises("array is closed", a.extend, a, dynarray.of(1))
        expect.raises("array is closed", a.extend, a, string.gmatch("1", "()1"))
        expect.raises("array is closed", a.resize, a, 1)
        expect.raises("array is closed", a.reserve, a, 1)
        expect.error(a.copy_from, a, { 1 })
        assert_closed(a)
      end
    end
  end)

  it("leaves a sequence that reads as nil", function()
    local a = closed("value", "sequence")
    assert.is_nil(a[1])
    assert.is_nil(a[0])
    assert.is_nil(a:get(1))
    assert.is_nil(a:pop())
    expect.raises("array is closed", function() a[1] = 1 end)
    a[1] = nil
    assert.is_nil(table.remove(a))
    assert_closed(a)
  end)

  it("may be called again", function()
    local a = closed("int8")
    a:close()
    a:close()
    assert_closed(a)
  end)

  it("leaves no array to be counted, nor to be finalized", function()
    collectgarbage()
    collectgarbage("stop")
    local metatable = debug.getmetatable(dynarray.new())
    local before = dynarray.memory().arrays
    local a, view = dynarray.of({}, "x", 1), dynarray.of(1):view()
    assert.equal(before + 3, dynarray.memory().arrays)
    a:close()
    view:close()
    assert.equal(before + 1, dynarray.memory().arrays)
    for event, f in pairs(debug.getmetatable(a)) do
      assert.equal(metatable[event], f, event)
    end
    assert.is_nil(debug.getmetatable(a).__gc)
    a:close()
    metatable.__gc(a)
    assert.equal(before + 1, dynarray.memory().arrays)
    collectgarbage("restart")
    assert_closed(a)
  end)

  it("leaves no figures of growth", function()
    local a = closed("value")
    for what, n in pairs(a:stats()) do
      assert.equal(0, n, what)
    end
  end)

  it("leaves the fields and what adds nothing usable", function()
    for _, name in ipairs(types.all) do
      local a = closed(name)
      assert.equal(name, a.type)
      assert.equal("strict", a.bounds)
      for _ in pairs(a) do
        error("a closed array has no elements")
      end
      for _ in ipairs(a) do
        error("a closed array has no elements")
      end
      assert.equal("table", type(a:stats()))
      assert.is_true(a == a)
      pcall(a.clear, a)
      pcall(a.shrink_to_fit, a)
      pcall(a.resize, a, 0)
      pcall(a.reserve, a, 0)
      pcall(a.append, a)
      pcall(a.extend, a, {})
      pcall(a.extend, a, a)
      pcall(a.copy, a)
      pcall(a.copy_from, a, {})
      pcall(a.set_growth, a, 3)
      pcall(function() return a .. a end)
      assert_closed(a)
    end
  end)

  it("gives the memory back at once", function()
    collectgarbage()
    collectgarbage("stop")
    local before = dynarray.memory().bytes
    local a = dynarray.filled(100000, 1, "float64")
    assert.is_true(dynarray.memory().bytes >= before + 800000)
    a:close()
    local after = dynarray.memory().bytes
    collectgarbage("restart")
    assert.is_true(after < before + 10000)
  end)

  it("serves as a source of nothing", function()
    local a = closed("value")
    expect.holds(dynarray.of(1):extend(a), 1)
    expect.holds(dynarray.from(a))
    expect.holds(dynarray.of(1) .. a, 1)
    expect.holds(dynarray.of(1):copy_from(a), 1)
  end)
end)

describe("<close>", function()
  it("closes the array at the end of the block", function()
    local outer
    do
      local a <close> = dynarray.of(1, 2, 3)
      outer = a
      assert.equal(3, #outer)
    end
    assert_closed(outer)
  end)

  it("closes it when an error leaves the block", function()
    local outer
    expect.raises("left", function()
      local a <close> = dynarray.new("float64")
      outer = a
      a:append(1)
      error("left")
    end)
    assert_closed(outer)
  end)

  it("closes it when a coroutine is closed", function()
    local outer
    local co = coroutine.create(function()
      local a <close> = dynarray.of(1)
      outer = a
      coroutine.yield()
    end)
    coroutine.resume(co)
    expect.holds(outer, 1)
    assert.is_true(coroutine.close(co))
    assert_closed(outer)
  end)

  it("does no harm to an array closed before", function()
    local outer
    do
      local a <close> = dynarray.of(1)
      outer = a
      a:close()
    end
    assert_closed(outer)
  end)

  it("ends a generic for that holds the array", function()
    local a = dynarray.of(1, 2)
    for _ in function(_, i) if not i then return 1 end end, nil, nil, a do -- luacheck: ignore 512
      assert.equal(2, #a)
    end
    assert_closed(a)
  end)
end)
