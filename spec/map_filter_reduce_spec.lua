local dynarray = require "dynarray"
local expect = require "support.expect"
local types = require "support.types"

local as = types.as

describe("map", function()
  it("makes an array of what the function returns, of the same type", function()
    for _, name in ipairs(types.all) do
      local a = dynarray.from({ 1, 2, 3 }, name)
      local b = a:map(function(v, i)
        return v * 10 + i
      end)
      assert.equal(name, b.type)
      assert.equal(3, b.capacity)
      expect.holds(b, as(name, 11, 22, 33))
      expect.holds(a, as(name, 1, 2, 3))
    end
  end)

  it("makes one of another type on request", function()
    local a = dynarray.from({ 1, 2 }, "int8")
    local halves = a:map(function(v) return v / 2 end, "float32")
    assert.equal("float32", halves.type)
    expect.holds(halves, 0.5, 1.0)
    expect.holds(a:map(tostring, "value"), "1", "2")
    expect.holds(a:map(function() end, "value"), nil, nil)
    expect.holds(a:map(function(...) return select("#", ...) end), 2, 2)
  end)

  it("refuses results that do not fit, with their index", function()
    local a = dynarray.from({ 1, 100, 3 }, "int8")
    expect.raises("200 does not fit into int8 (-128 to 127) at index 2", a.map, a, function(v) return v * 2 end)
    expect.raises("nil is not a number, wanted int8 at index 1", a.map, a, function() end)
    expect.raises('type "int9" is not one of value, int8', a.map, a, print, "int9")
    expect.raises("type 8 is not one of value, int8", a.map, a, print, 8)
    expect.raises('type "int8\\000" is not one of value, int8', a.map, a, print, "int8\0")
  end)

  it("passes on the function's error", function()
    local object = {}
    local ok, err = pcall(dynarray.of(1).map, dynarray.of(1), function() error(object) end)
    assert.is_false(ok)
    assert.equal(object, err)
  end)
end)

describe("filter", function()
  it("makes an array of the elements for which the function is true", function()
    for _, name in ipairs(types.all) do
      local a = dynarray.from({ 1, 2, 3, 4 }, name)
      local b = a:filter(function(v, i)
        assert.is_true(v == i)
        return v % 2 == 0 and 0
      end)
      assert.equal(name, b.type)
      expect.holds(b, as(name, 2, 4))
      expect.holds(a:filter(function() end))
    end
  end)

  it("keeps objects, nil and false", function()
    local t = {}
    expect.holds(dynarray.of(nil, false, t, 1):filter(function(_, i) return i < 4 end), nil, false, t)
  end)

  it("keeps elements exactly that no Lua number is", function()
    local bytes = ("\255"):rep(7) .. "\254" .. ("\255"):rep(8)
    local a = dynarray.frombytes(bytes, "uint64")
    assert.equal(bytes, a:filter(function() return true end):tobytes())
  end)

  it("takes the element as it was when the function got it", function()
    local a = dynarray.from({ 1, 2, 3 }, "int8")
    expect.holds(a:filter(function(_, i)
      a[i] = 0
      return true
    end), 1, 2, 3)
  end)
end)

describe("reduce", function()
  it("folds from the first element on, with an initial value", function()
    for _, name in ipairs(types.all) do
      local a = dynarray.from({ 1, 2, 3 }, name)
      local seen = {}
      assert.equal(16, a:reduce(function(sum, v, i)
        seen[#seen + 1] = i
        return sum + v
      end, 10))
      assert.same({ 1, 2, 3 }, seen)
    end
  end)

  it("begins with the first element if there is no initial value", function()
    local seen = {}
    assert.equal("abc", dynarray.of("a", "b", "c"):reduce(function(s, v, i)
      seen[#seen + 1] = i
      return s .. v
    end))
    assert.same({ 2, 3 }, seen)
    assert.equal(5, dynarray.of(5):reduce(error))
  end)

  it("of nothing is the initial value, nil included, and an error without one", function()
    local a = dynarray.new()
    assert.equal("x", a:reduce(print, "x"))
    assert.is_nil(a:reduce(print, nil))
    expect.raises("reduce of an empty array needs an initial value", a.reduce, a, print)
  end)
end)

describe("each", function()
  it("calls the function with each element and its index, and returns the array", function()
    local seen = {}
    local a = dynarray.of("x", nil, 3)
    assert.equal(a, a:each(function(...)
      seen[#seen + 1] = table.pack(...)
    end))
    assert.same({ { n = 2, "x", 1 }, { n = 2, nil, 2 }, { n = 2, 3, 3 } }, seen)
  end)
end)

describe("a function on elements", function()
  local methods = { "map", "filter", "reduce", "each" }

  it("is needed", function()
    local a = dynarray.of(1, 2)
    for _, name in ipairs(methods) do
      for _, other in ipairs { 1, "print", {}, a, true } do
        expect.raises("function expected", a[name], a, other)
      end
      expect.raises("function expected", a[name], a)
      expect.raises("dynarray expected", a[name], {}, print)
      expect.raises("dynarray expected", a[name])
    end
  end)

  it("may change the array: what is gone is left out, what is new is not visited", function()
    for _, kind in ipairs { "value", "int32" } do
      for _, name in ipairs(methods) do
        local changes = {
          clear = 1, close = 1, pop = 2, append = 4, shrink_to_fit = 4, remove = 2, swap_remove = 4,
        }
        for change, visits in pairs(changes) do
          local a = dynarray.from({ 1, 2, 3, 4 }, kind)
          local n = 0
          a[name](a, function()
            n = n + 1
            if change == "append" then
              a:append(1, 2, 3, 4, 5, 6)
            elseif change == "swap_remove" then
              a:append(a:swap_remove(1))
            else
              a[change](a)
            end
            return 1
          end, name == "reduce" and 0 or nil)
          assert.equal(visits, n, name .. " " .. change)
          expect.valid(a)
        end
      end
    end
  end)

  it("may call the same again, and raise errors", function()
    local a = dynarray.from({ 1, 2, 3 }, "int16")
    local sums = a:map(function(v)
      return a:map(function(w) return v * w end):reduce(function(x, y) return x + y end)
    end)
    expect.holds(sums, 6, 12, 18)
    for _, name in ipairs(methods) do
      expect.raises("stop", a[name], a, function() error("stop") end, name == "reduce" and 0 or nil)
    end
    expect.holds(a, 1, 2, 3)
  end)

  it("cannot yield", function()
    for _, name in ipairs(methods) do
      local a = dynarray.of(1, 2)
      local co = coroutine.create(function() a[name](a, coroutine.yield) end)
      local ok, err = coroutine.resume(co)
      assert.is_false(ok)
      assert.is_truthy(err:find("yield across", 1, true))
    end
  end)
end)

describe("totable", function()
  it("is a table of the elements", function()
    for _, name in ipairs(types.all) do
      local a = dynarray.from({ 1, 2, 3 }, name)
      assert.same({ as(name, 1, 2, 3) }, a:totable())
      assert.same({ as(name, 2, 3) }, a:totable(2))
      assert.same({ as(name, 2) }, a:totable(2, 2))
      assert.same({}, a:totable(4))
      assert.same({}, a:totable(2, 1))
    end
    local t = dynarray.of(nil, {}, nil, 4):totable()
    assert.is_nil(t[1])
    assert.equal(4, t[4])
  end)

  it("holds much", function()
    local t = dynarray.filled(100000, 7, "int8"):totable()
    assert.equal(100000, #t)
    assert.equal(7, t[100000])
  end)

  it("refuses ranges that reach outside", function()
    local a = dynarray.of(1, 2, 3)
    for _, name in ipairs { "totable", "unpack", "slice", "view" } do
      expect.raises("index 0 out of range (1 to 4)", a[name], a, 0)
      expect.raises("index 5 out of range (1 to 4)", a[name], a, 5)
      expect.raises("index 4 out of range (0 to 3)", a[name], a, 1, 4)
      expect.raises("index expected an integer, got string", a[name], a, "1")
      expect.raises("index 1.5 is not an integer", a[name], a, 1.5)
      expect.raises("dynarray expected", a[name], {})
    end
  end)
end)

describe("unpack", function()
  it("returns the elements", function()
    local t = {}
    local a = dynarray.of(1, nil, t, nil)
    assert.same(table.pack(1, nil, t, nil), table.pack(a:unpack()))
    assert.same(table.pack(nil, t), table.pack(a:unpack(2, 3)))
    assert.equal(0, select("#", a:unpack(3, 2)))
    assert.equal(0, select("#", dynarray.new():unpack()))
    assert.same({ 1, 2 }, { dynarray.from({ 1, 2 }, "uint8"):unpack() })
  end)

  it("returns many, but not too many", function()
    local a = dynarray.filled(100000, "x")
    assert.equal(100000, select("#", a:unpack()))
    local b = dynarray.filled(10000000, 1, "int8")
    expect.raises("too many results to unpack", b.unpack, b)
  end)
end)

describe("iter", function()
  it("gives element and index until the end", function()
    local seen = {}
    for v, i in dynarray.of("a", "b"):iter() do
      seen[i] = v
    end
    assert.same({ "a", "b" }, seen)
    local next_element = dynarray.new():iter()
    assert.is_nil(next_element())
    assert.is_nil(next_element())
  end)

  it("is a source of from and extend", function()
    local a = dynarray.from({ 1, 2, 3 }, "int8")
    expect.holds(dynarray.from(a:iter(), "float64"), 1.0, 2.0, 3.0)
    expect.holds(dynarray.of("x"):extend(a:iter()), "x", 1, 2, 3)
  end)

  it("follows the array as it is", function()
    local a = dynarray.from({ 1, 2, 3 }, "int8")
    local seen = {}
    for v, i in a:iter() do
      seen[#seen + 1] = v
      if i < 3 then
        a:append(v * 10)
      elseif i == 4 then
        a:close()
      end
    end
    assert.same({ 1, 2, 3, 10 }, seen)
  end)

  it("keeps the array alive, and views up to date", function()
    local f = dynarray.of({}, {}, {}):iter()
    collectgarbage()
    assert.equal("table", type(f()))
    local a = dynarray.of(1, 2)
    local g = a:view():iter()
    g()
    a:reserve(1000):clear()
    collectgarbage()
    assert.is_nil(g())
  end)
end)

describe("slice", function()
  it("copies elements i to j", function()
    for _, name in ipairs(types.all) do
      local a = dynarray.from({ 1, 2, 3, 4 }, name)
      local b = a:slice(2, 3)
      assert.equal(name, b.type)
      assert.equal(2, b.capacity)
      expect.holds(b, as(name, 2, 3))
      b[1] = 9
      b:append(5)
      expect.holds(a, as(name, 1, 2, 3, 4))
      expect.holds(a:slice(), as(name, 1, 2, 3, 4))
      expect.holds(a:slice(3), as(name, 3, 4))
      expect.holds(a:slice(5))
      expect.holds(a:slice(3, 2))
    end
  end)

  it("keeps objects when the array is gone", function()
    local a = dynarray.of({ "x" }, { "y" }, { "z" })
    local b = a:slice(2, 3)
    a:close()
    collectgarbage()
    assert.equal("y", b[1][1])
    assert.equal("z", b[2][1])
    expect.raises("array is closed", a.slice, a)
  end)
end)

describe("update", function()
  it("keeps objects, and ends where the function has emptied the array", function()
    local t = {}
    local a = dynarray.of(1, "x", t)
    expect.holds(a:update(function(v) return { v } end):update(function(v) return v[1] end), 1, "x", t)
    local calls = 0
    for _, kind in ipairs { "value", "int8" } do
      local b = dynarray.new(kind):append(1, 2, 3)
      expect.holds(b:update(function(v)
        calls = calls + 1
        b:clear()
        return v
      end))
      local c = dynarray.new(kind):append(1, 2, 3)
      expect.holds(c:update(function(v)
        calls = calls + 1
        c:resize(1)
        return v + 1
      end), 2)
    end
    assert.equal(4, calls)
  end)
end)
