local dynarray = require "dynarray"
local expect = require "support.expect"
local native = require "support.native"
local types = require "support.types"

local function counter(n)
  local i = 0
  return function()
    i = i + 1
    if i <= n then
      return i
    end
  end
end

describe("extend", function()
  it("adds the elements of a table and returns the array", function()
    local a = dynarray.of("x")
    assert.equal(a, a:extend { 1, 2, 3 })
    expect.holds(a, "x", 1, 2, 3)
    expect.holds(a:extend {}, "x", 1, 2, 3)
  end)

  it("adds the elements of an array, for every two types", function()
    for _, from in ipairs(types.all) do
      for _, to in ipairs(types.all) do
        local a, b = dynarray.new(to):append(1), dynarray.new(from):append(2, 3)
        a:extend(b)
        assert(#a == 3 and a[1] == 1 and a[2] == 2 and a[3] == 3)
        assert(#b == 2 and b[1] == 2 and b[2] == 3)
      end
    end
  end)

  it("adds an array to itself", function()
    for _, name in ipairs(types.all) do
      for capacity = 3, 8 do
        local a = dynarray.new { type = name, capacity = capacity }:append(1, 2, 3)
        a:extend(a)
        assert.equal(6, #a)
        for i = 1, 3 do
          assert(a[i] == i and a[i + 3] == i)
        end
      end
    end
  end)

  it("adds what an iterator gives until nil, calling it without arguments", function()
    for n = 0, 40 do
      local a = dynarray.new { type = "int16", capacity = 1 }
      local arguments, next_number = 0, counter(n)
      a:extend(function(...)
        arguments = arguments + select("#", ...)
        return next_number()
      end)
      assert.equal(n, #a)
      assert.equal(0, arguments)
      for i = 1, n do
        assert(a[i] == i)
      end
    end
  end)

  it("asks a table for __len and __index", function()
    local t = setmetatable({}, { __len = function() return 4 end, __index = function(_, i)
      return i % 2 == 0 and i or nil
    end })
    expect.holds(dynarray.of(0):extend(t), 0, nil, 2, nil, 4)
  end)

  it("adds many at once", function()
    local t = {}
    for i = 1, 10000 do
      t[i] = i
    end
    for _, name in ipairs { "value", "int32", "float32", "float64" } do
      local a = dynarray.new(name):extend(t):extend(dynarray.from(t))
      assert.equal(20000, #a)
      for i = 1, 10000 do
        assert(a[i] == i and a[10000 + i] == i)
      end
    end
  end)

  it("grows at most once for a source whose size is known", function()
    local t = {}
    for i = 1, 1000 do
      t[i] = i
    end
    for _, source in ipairs { t, dynarray.from(t), dynarray.from(t, "int16") } do
      local a = dynarray.new { capacity = 1 }
      a:extend(source)
      assert.equal(1, a:stats().growths)
    end
  end)

  it("adds all or nothing", function()
    local i = 0
    local sources = {
      function() return { 1, 2, 300 } end,
      function() return dynarray.of(1, 2, 300) end,
      function() return dynarray.from({ 1, 2, 300 }, "int16") end,
      function() return dynarray.from({ 1, 2, 300 }, "float64") end,
      function()
        i = 0
        return function()
          i = i + 1
          return i == 3 and 300 or 1
        end
      end,
      function()
        return setmetatable({ 1, 2 }, { __len = function() return 3 end, __index = function() return 300 end })
      end,
    }
    for _, capacity in ipairs { 2, 3, 4, 16 } do
      for _, source in ipairs(sources) do
        local a = dynarray.new { type = "uint8", capacity = capacity }:append(7, 8)
        local before = expect.snapshot(a)
        local err = expect.error(a.extend, a, source())
        assert.truthy(err:find("300", 1, true) and err:find("does not fit into uint8 (0 to 255) at index 5", 1, true),
          err)
        expect.unchanged(before)
        expect.holds(a:append(9), 7, 8, 9)
      end
    end
  end)

  it("keeps the array when its source raises an error", function()
    for _, name in ipairs { "value", "int8" } do
      local a = dynarray.new { type = name, capacity = 2 }:append(1, 2)
      local before = expect.snapshot(a)
      for last = 1, 20 do
        local n = 0
        expect.raises("stop here", a.extend, a, function()
          n = n + 1
          return n < last and n or error("stop here")
        end)
        expect.unchanged(before)
      end
      local object = {}
      assert.equal(object, expect.error(a.extend, a, setmetatable({}, { __len = function() error(object) end })))
      assert.equal(object, expect.error(a.extend, a, setmetatable({}, {
        __len = function() return 100 end,
        __index = function(_, i) return i < 50 and i or error(object) end,
      })))
      expect.unchanged(before)
    end
  end)

  it("runs no code of a table that gets a metatable while the array grows", function()
    for _, name in ipairs(types.all) do
      local calls, source = 0, { 1, 2, 3, 4 }
      local a = dynarray.new { type = name, capacity = 1, growth = function(_, needed)
        if name == "value" then source[3] = nil end
        setmetatable(source, { __index = function() calls = calls + 1 return 9 end })
        return needed
      end }
      a:extend(source)
      assert(a[1] == 1 and a[2] == 2 and a[4] == 4 and a[3] == rawget(source, 3))
      assert.equal(0, calls)
    end
  end)

  it("refuses other sources", function()
    local a = dynarray.of(1)
    for _, wrong in ipairs { 5, true, "abc", io.stdout } do
      expect.error(a.extend, a, wrong)
    end
    expect.error(a.extend, a)
    expect.error(a.extend, a, nil)
    expect.holds(a, 1)
  end)

  it("refuses a length that is none", function()
    local a = dynarray.of(1)
    local before = expect.snapshot(a)
    for _, length in ipairs { "x", 1.5, {}, math.maxinteger, 1 << 61 } do
      expect.error(a.extend, a, setmetatable({}, { __len = function() return length end }))
    end
    expect.unchanged(before)
  end)

  it("refuses to pass max_size", function()
    local a = dynarray.new { max_size = 4, capacity = 2 }:append(1, 2)
    local before = expect.snapshot(a)
    expect.raises("size 5 exceeds max_size 4", a.extend, a, { 3, 4, 5 })
    expect.raises("size 5 exceeds max_size 4", a.extend, a, dynarray.of(3, 4, 5))
    expect.raises("size 5 exceeds max_size 4", a.extend, a, counter(3))
    expect.raises("size 5 exceeds max_size 4", a.extend, a, setmetatable({}, {
      __len = function() return 3 end,
      __index = function(_, i) return i end,
    }))
    local asked = 0
    expect.raises("size 5 exceeds max_size 4", a.extend, a, function() -- which never ends by itself
      asked = asked + 1
      return asked <= 100 and asked or error "asked on"
    end)
    expect.unchanged(before)
    expect.holds(a:extend(counter(2)), 1, 2, 1, 2)
  end)

  it("takes userdata that has a length and elements, as from, copy_from and insert_all do", function()
    local list = native.userdata(8)
    local length, reads = 3, 0
    debug.setmetatable(list, {
      __len = function() return length end,
      __index = function(_, i)
        reads = reads + 1
        return i * 10
      end,
    })
    expect.holds(dynarray.of(1):extend(list), 1, 10, 20, 30)
    expect.holds(dynarray.from(list, "int16"), 10, 20, 30)
    expect.holds(dynarray.of(1, 2):insert_all(2, list), 1, 10, 20, 30, 2)
    expect.holds(dynarray.new { capacity = 5, type = "int8" }:copy_from(list), 10, 20, 30)
    assert.equal(12, reads)
    length = 20
    local a = dynarray.from({ 1 }, "int8")
    expect.raises("130 does not fit into int8 (-128 to 127) at index 14", a.extend, a, list)
    expect.holds(a, 1)
  end)

  it("takes no other userdata", function()
    local list = native.userdata(8)
    for _, meta in ipairs { {}, { __len = function() return 3 end }, { __index = function() return 3 end } } do
      debug.setmetatable(list, meta)
      expect.raises("table, dynarray or function expected, got userdata", dynarray.from, list)
      expect.raises("dynarray or table expected, got userdata", dynarray.of(1).copy_from, dynarray.of(1), list)
    end
  end)
end)

describe("extend without room on Lua's stack", function()
  it("is an error that loses nothing", function()
    local a, t = dynarray.of(1), { 2, 3 }
    local refused = 0
    for n = 999880, 999980, 20 do -- of a million values that Lua's stack may have
      local entered = false
      local ok, message = coroutine.wrap(function()
        return pcall(function()
          return (function(...)
            entered = true
            a:extend(t)
            return (...)
          end)(table.unpack({}, 1, n))
        end)
      end)()
      if entered and not ok then
        refused = refused + 1
        assert.truthy(message:find("stack overflow", 1, true), message)
        expect.holds(a, 1)
      end
      a:resize(1)
    end
    assert.is_true(refused > 0)
  end)
end)
