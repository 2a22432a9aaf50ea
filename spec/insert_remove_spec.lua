local dynarray = require "dynarray"
local expect = require "support.expect"
local types = require "support.types"

local as = types.as

-- One array for each element type, with the numbers given.
local function each_type(numbers, f)
  for _, name in ipairs(types.all) do
    f(dynarray.from(numbers, name), name)
  end
end

-- The call fails with that text and leaves the array alone.
local function fails(text, a, method, ...)
  local before = expect.snapshot(a)
  expect.raises(text, a[method], a, ...)
  expect.unchanged(before, 2)
end

describe("insert", function()
  it("puts values before a position, the end included, and returns the array", function()
    each_type({ 1, 2, 3 }, function(a, name)
      assert.equal(a, a:insert(2, 7))
      expect.holds(a, as(name, 1, 7, 2, 3))
      a:insert(1, 8, 9)
      expect.holds(a, as(name, 8, 9, 1, 7, 2, 3))
      a:insert(7, 5)
      expect.holds(a, as(name, 8, 9, 1, 7, 2, 3, 5))
    end)
  end)

  it("needs a value, so that who thinks of table.insert loses none", function()
    local a = dynarray.of(1, 2)
    fails("value expected", a, "insert", 3)
    fails("value expected", a, "insert", 4)
    expect.holds(a:insert(3, nil), 1, 2, nil)
  end)

  it("works on an empty array and in both modes", function()
    for _, bounds in ipairs { "strict", "sequence" } do
      local a = dynarray.new { bounds = bounds, capacity = 0 }
      expect.holds(a:insert(1, "x"), "x")
      expect.holds(a:insert(1, nil, {}):remove_range(2, 2), nil, "x")
      fails("index 0 out of bounds (size 2)", a, "insert", 0, 1)
      fails("index 4 out of bounds (size 2)", a, "insert", 4, 1)
      fails("index -1 out of bounds (size 2)", a, "insert", -1, 1)
    end
  end)

  it("keeps objects and their order", function()
    local t, u, v = {}, {}, {}
    local a = dynarray.of(t, u)
    a:insert(2, v, a, "s", 1 << 60)
    collectgarbage()
    expect.holds(a, t, v, a, "s", 1 << 60, u)
  end)

  it("moves large tails", function()
    local a = dynarray.new "int32"
    for i = 1, 5000 do
      a:append(i)
    end
    local many = {}
    for i = 1, 3000 do
      many[i] = -i
    end
    a:insert_all(11, many):insert(1, 0)
    assert.equal(8001, #a)
    for i = 1, 8001 do
      assert(a[i] == (i == 1 and 0 or i <= 11 and i - 1 or i <= 3011 and 11 - i or i - 3001), i)
    end
  end)

  it("refuses what does not fit, with the index it would have had", function()
    local a = dynarray.from({ 1, 2, 3 }, "uint8")
    fails("300 does not fit into uint8 (0 to 255) at index 3", a, "insert", 2, 1, 300)
    fails("1.5 has no integer representation, wanted uint8 at index 2", a, "insert", 2, 1.5)
    fails('string "10" is not a number, wanted uint8 at index 4', a, "insert", 4, "10")
    fails("nil is not a number", a, "insert", 4, nil)
  end)

  it("refuses positions that are none", function()
    local a = dynarray.of(1, 2, 3)
    fails("index expected, got string", a, "insert", "1", 1)
    fails("index expected, got nil", a, "insert", nil, 1)
    fails("value expected", a, "insert")
    fails("index 1.5 is not an integer", a, "insert", 1.5, 1)
    fails("index nan is not an integer", a, "insert", math.abs(0 / 0), 1)
    fails(("index %d out of bounds (size 3)"):format(math.maxinteger), a, "insert", math.maxinteger, 1)
    fails(("index %d out of bounds (size 3)"):format(math.mininteger), a, "insert", math.mininteger, 1)
    expect.holds(a:insert(2.0, 9), 1, 9, 2, 3)
  end)

  it("keeps to max_size and closed stays closed", function()
    local a = dynarray.from({ 1, 2, 3 }, { max_size = 4 })
    fails("size 5 exceeds max_size 4", a, "insert", 1, 8, 9)
    fails("size 5 exceeds max_size 4", a, "insert_all", 1, { 8, 9 })
    a:close()
    expect.raises("array is closed", a.insert, a, 1, 1)
    expect.raises("array is closed", a.insert_all, a, 1, { 1 })
  end)

  it("survives a growth policy and an observer that change the array", function()
    for _, change in ipairs { "clear", "close", "pop", "append" } do
      for _, option in ipairs { "growth", "on_grow" } do
        local a
        a = dynarray.new { capacity = 3, [option] = function(_, needed)
          if a and #a == 3 then
            a[change](a)
          end
          return needed and needed + 10
        end }
        a:append({}, 2, {})
        pcall(a.insert, a, 2, {}, 5)
        collectgarbage()
        expect.valid(a)
      end
    end
  end)

  it("is undone if the observer raises an error", function()
    local a = dynarray.new { capacity = 3, on_grow = function() error("no", 0) end }
    a:append({}, 2, {})
    fails("no", a, "insert", 2, {})
    fails("no", a, "insert_all", 2, { {} })
  end)
end)

describe("insert_all", function()
  it("takes tables, arrays of any type, iterators, and the array itself", function()
    each_type({ 1, 2, 3 }, function(a, name)
      assert.equal(a, a:insert_all(2, { 7, 8 }))
      expect.holds(a, as(name, 1, 7, 8, 2, 3))
      a:insert_all(6, dynarray.from({ 4, 5 }, "int16"))
      expect.holds(a, as(name, 1, 7, 8, 2, 3, 4, 5))
      local i = 0
      a:insert_all(1, function()
        i = i + 1
        return i <= 2 and i or nil
      end)
      expect.holds(a, as(name, 1, 2, 1, 7, 8, 2, 3, 4, 5))
      a:remove_range(3, 8)
      expect.holds(a:insert_all(2, a), as(name, 1, 1, 2, 5, 2, 5))
      expect.holds(a:insert_all(2, {}), as(name, 1, 1, 2, 5, 2, 5))
    end)
  end)

  it("takes views of the array itself, even if it has to grow", function()
    each_type({ 1, 2, 3 }, function(a, name)
      a:shrink_to_fit()
      expect.holds(a:insert_all(1, a:view(2, 3)), as(name, 2, 3, 1, 2, 3))
    end)
    local t, u = {}, {}
    local a = dynarray.of(t, 1, u)
    a:insert_all(2, a:view(1, 3))
    expect.holds(a, t, t, 1, u, 1, u)
  end)

  it("takes tables with metamethods", function()
    local proxy = setmetatable({}, { __len = function() return 3 end, __index = function(_, i) return i * 10 end })
    expect.holds(dynarray.from({ 1, 2 }, "int8"):insert_all(2, proxy), 1, 10, 20, 30, 2)
  end)

  it("refuses what does not fit, with the index it would have had", function()
    local a = dynarray.from({ 1, 2, 3 }, "uint8")
    local text = "300 does not fit into uint8 (0 to 255) at index 4"
    fails(text, a, "insert_all", 2, { 1, 2, 300 })
    fails(text, a, "insert_all", 2, dynarray.of(1, 2, 300))
    fails(text, a, "insert_all", 2, dynarray.of(1, 2, 300):view())
    fails(text, a, "insert_all", 2, setmetatable({ 1, 2, 300 }, {}))
    local i = 0
    fails(text, a, "insert_all", 2, function()
      i = i + 1
      return ({ 1, 2, 300 })[i]
    end)
  end)

  it("refuses other sources and positions", function()
    local a = dynarray.of(1)
    fails("table, dynarray or function expected, got number", a, "insert_all", 1, 1)
    fails("table, dynarray or function expected, got nil", a, "insert_all", 1)
    fails("index 3 out of bounds (size 1)", a, "insert_all", 3, {})
  end)

  it("survives a source that changes the array", function()
    for _, change in ipairs { "clear", "close", "pop", "append" } do
      for _, kind in ipairs { "value", "int8" } do
        local a, i = dynarray.from({ 1, 2, 3, 4 }, kind), 0
        local ok, err = pcall(a.insert_all, a, 4, function()
          i = i + 1
          if i == 2 then
            a[change](a)
          end
          return i < 4 and i or nil
        end)
        if change == "append" or change == "pop" then
          assert.is_true(ok)
        elseif change == "clear" then
          assert.is_truthy(err:find("changed by a callback", 1, true))
          assert.equal(0, #a)
        end
        expect.valid(a)
      end
    end
  end)
end)

describe("remove", function()
  it("takes an element out and returns it, the last by default", function()
    each_type({ 1, 2, 3, 4 }, function(a, name)
      local capacity = a.capacity
      assert.is_true(expect.identical(as(name, 2), a:remove(2)))
      assert.is_true(expect.identical(as(name, 4), a:remove()))
      assert.is_true(expect.identical(as(name, 1), a:remove(1)))
      expect.holds(a, as(name, 3))
      assert.equal(capacity, a.capacity)
    end)
  end)

  it("lets go of objects", function()
    local weak = setmetatable({ {}, {}, {}, {}, {} }, { __mode = "v" })
    local a = dynarray.from(weak)
    a:remove(2)
    a:swap_remove(1)
    a:remove_range(2, 3)
    collectgarbage()
    assert.is_nil(weak[1] or weak[2] or weak[3] or weak[4])
    assert.equal(weak[5], a[1])
  end)

  it("of nothing is an error, nil in a sequence", function()
    fails("remove from an empty array", dynarray.new(), "remove")
    fails("index 1 out of bounds (size 0)", dynarray.new(), "remove", 1)
    local a = dynarray.new { bounds = "sequence" }
    for _, position in ipairs { 0, 1, 1.0 } do
      assert.equal(1, select("#", a:remove(position)))
      assert.is_nil(a:remove(position))
    end
    assert.is_nil(a:remove())
    a:append(1, 2)
    assert.is_nil(a:remove(3))
    fails("index 0 out of bounds (size 2)", a, "remove", 0)
    fails("index 4 out of bounds (size 2)", a, "remove", 4)
  end)

  it("refuses positions outside", function()
    local a = dynarray.of(1, 2)
    fails("index 3 out of bounds (size 2)", a, "remove", 3)
    fails("index 0 out of bounds (size 2)", a, "remove", 0)
    fails("index 1.5 is not an integer", a, "remove", 1.5)
    fails("index expected, got table", a, "remove", {})
    fails("index expected, got nil", a, "remove", a:index_of("absent"))
  end)
end)

describe("remove_range", function()
  it("takes elements i to j out", function()
    each_type({ 1, 2, 3, 4, 5 }, function(a, name)
      assert.equal(a, a:remove_range(2, 3))
      expect.holds(a, as(name, 1, 4, 5))
      expect.holds(a:remove_range(3, 3), as(name, 1, 4))
      expect.holds(a:remove_range(1, 2))
      expect.holds(a:remove_range(1, 0))
    end)
  end)

  it("takes nothing out if the range is empty", function()
    local a = dynarray.of(1, 2, 3)
    expect.holds(a:remove_range(2, 1):remove_range(4, 3):remove_range(3, 1), 1, 2, 3)
  end)

  it("refuses ranges that reach outside, and needs both ends", function()
    local a = dynarray.of(1, 2, 3)
    fails("index 0 out of range (1 to 4)", a, "remove_range", 0, 1)
    fails("index 5 out of range (1 to 4)", a, "remove_range", 5, 3)
    fails("index 4 out of range (0 to 3)", a, "remove_range", 1, 4)
    fails("index -1 out of range (0 to 3)", a, "remove_range", 1, -1)
    fails("value expected", a, "remove_range")
    fails("value expected", a, "remove_range", 1)
    fails("index expected an integer, got nil", a, "remove_range", nil, 3)
    fails("index expected an integer, got nil", a, "remove_range", 3, nil)
    fails("index expected an integer, got string", a, "remove_range", "1", 2)
  end)
end)

describe("swap and swap_remove", function()
  it("swap exchanges two elements", function()
    each_type({ 1, 2, 3 }, function(a, name)
      assert.equal(a, a:swap(1, 3))
      expect.holds(a:swap(2, 2), as(name, 3, 2, 1))
    end)
    local t, u = {}, {}
    expect.holds(dynarray.of(t, nil, u):swap(1, 3):swap(1, 2), nil, u, t)
  end)

  it("swap_remove puts the last element into the gap", function()
    each_type({ 1, 2, 3, 4 }, function(a, name)
      assert.is_true(expect.identical(as(name, 1), a:swap_remove(1)))
      expect.holds(a, as(name, 4, 2, 3))
      assert.is_true(expect.identical(as(name, 3), a:swap_remove(3)))
      expect.holds(a, as(name, 4, 2))
      a:swap_remove(1)
      a:swap_remove(1)
      expect.holds(a)
    end)
  end)

  it("refuse positions outside, in both modes", function()
    for _, bounds in ipairs { "strict", "sequence" } do
      local a = dynarray.from({ 1, 2 }, { bounds = bounds })
      fails("index 3 out of bounds (size 2)", a, "swap", 1, 3)
      fails("index 0 out of bounds (size 2)", a, "swap", 0, 1)
      fails("index expected, got no value", a, "swap", 1)
      fails("index 3 out of bounds (size 2)", a, "swap_remove", 3)
      fails("index expected, got no value", a, "swap_remove")
      expect.raises("index 1 out of bounds (size 0)", a.swap_remove, a:clear(), 1)
    end
  end)
end)

describe("reverse and rotate", function()
  it("reverse turns the order round", function()
    each_type({ 1, 2, 3, 4 }, function(a, name)
      assert.equal(a, a:reverse())
      expect.holds(a, as(name, 4, 3, 2, 1))
      a:pop()
      expect.holds(a:reverse(), as(name, 2, 3, 4))
      expect.holds(a:clear():reverse())
    end)
  end)

  it("rotate moves elements towards the end, the last to the front", function()
    each_type({ 1, 2, 3, 4, 5 }, function(a, name)
      assert.equal(a, a:rotate(1))
      expect.holds(a, as(name, 5, 1, 2, 3, 4))
      expect.holds(a:rotate(-1), as(name, 1, 2, 3, 4, 5))
      expect.holds(a:rotate(-2), as(name, 3, 4, 5, 1, 2))
      expect.holds(a:rotate(2 + 5 * 7), as(name, 1, 2, 3, 4, 5))
      expect.holds(a:rotate(0):rotate(5):rotate(-10), as(name, 1, 2, 3, 4, 5))
      expect.holds(a:clear():rotate(3))
    end)
  end)

  it("rotate takes every integer and nothing else", function()
    for _, k in ipairs { math.maxinteger, math.mininteger, 3.0 } do
      local a = dynarray.of(1, 2, 3, 4, 5)
      local first = (0 - k % 5) % 5 + 1
      assert.equal(math.tointeger(first), a:rotate(k)[1])
    end
    fails("number has no integer representation", dynarray.of(1, 2), "rotate", 1.5)
    fails("number expected, got no value", dynarray.of(1, 2), "rotate")
    fails("number expected, got string", dynarray.of(1, 2), "rotate", "1")
  end)
end)

describe("fill", function()
  it("writes a value over elements, all by default", function()
    each_type({ 1, 2, 3, 4, 5 }, function(a, name)
      assert.equal(a, a:fill(7))
      expect.holds(a, as(name, 7, 7, 7, 7, 7))
      expect.holds(a:fill(8, 4), as(name, 7, 7, 7, 8, 8))
      expect.holds(a:fill(9, 2, 3), as(name, 7, 9, 9, 8, 8))
      expect.holds(a:fill(1, 3, 2):fill(1, 6):fill(1, 1, 0), as(name, 7, 9, 9, 8, 8))
      expect.holds(a:fill(2, nil, 1), as(name, 2, 9, 9, 8, 8))
    end)
  end)

  it("keeps the object as long as one element is it", function()
    local weak = setmetatable({ {} }, { __mode = "v" })
    local a = dynarray.of({}, {}, {}, {}):fill(weak[1], 2, 3)
    a:swap_remove(2)
    collectgarbage()
    assert.equal(a[3], weak[1])
    a:fill(nil)
    collectgarbage()
    assert.is_nil(weak[1])
    expect.holds(a, nil, nil, nil)
  end)

  it("fills millions, no element more or less", function()
    for _, name in ipairs { "int8", "int16", "float32", "float64" } do
      for extra = 0, 9 do
        local n = (5 << 20) // dynarray.new(name).element_size + extra
        local a = dynarray.new { type = name, capacity = n }:resize(n)
        a:fill(7, 2, n - 1)
        assert(a:count(7) == n - 2 and a[1] == 0 and a[n] == 0 and a[2] == 7 and a[n - 1] == 7, name)
        a:close()
      end
    end
  end)

  it("fills with an object that only this array held", function()
    local a = dynarray.of({ "kept" }, 2, 3)
    a:fill(a[1])
    collectgarbage()
    assert.equal("kept", a[3][1])
    a:fill(a)
    assert.equal(a, a[2])
  end)

  it("refuses what does not fit and ranges outside", function()
    local a = dynarray.from({ 1, 2, 3 }, "int8")
    fails("200 does not fit into int8 (-128 to 127) at index 2", a, "fill", 200, 2)
    fails("value expected", a, "fill")
    fails("index 4 out of range (0 to 3)", a, "fill", 1, 1, 4)
    fails("index 0 out of range (1 to 4)", a, "fill", 1, 0)
  end)
end)

describe("remove of an empty sequence", function()
  it("takes numbers alone for indices", function()
    local a = dynarray.new { bounds = "sequence" }
    assert.is_nil(a:remove(1))
    expect.raises("index expected, got string", a.remove, a, "1")
  end)
end)

describe("dedup", function()
  it("keeps the first of equal neighbours", function()
    each_type({ 1, 1, 2, 3, 3, 3, 1 }, function(a, name)
      local capacity = a.capacity
      assert.equal(a, a:dedup())
      expect.holds(a, as(name, 1, 2, 3, 1))
      assert.equal(capacity, a.capacity)
      expect.holds(a:dedup(), as(name, 1, 2, 3, 1))
      expect.holds(a:clear():dedup())
    end)
  end)

  it("compares as == does", function()
    local t, u = {}, {}
    expect.holds(dynarray.of(1, 1.0, "1", "1", t, t, u, nil, nil, false):dedup(), 1, "1", t, u, nil, false)
    assert.equal(2, #dynarray.of(0 / 0, 0 / 0):dedup())
    assert.equal(2, #dynarray.from({ 0 / 0, 0 / 0 }, "float64"):dedup())
    expect.holds(dynarray.from({ -0.0, 0.0 }, "float64"):dedup(), -0.0)
    assert.equal(1, #dynarray.of(dynarray.of(1), dynarray.of(1)):dedup())
  end)

  it("lets go of the objects that went", function()
    local eq = { __eq = function() return true end }
    local weak = setmetatable({}, { __mode = "v" })
    for i = 1, 4 do
      weak[i] = setmetatable({}, eq)
    end
    local a = dynarray.from(weak):dedup()
    collectgarbage()
    assert.equal(1, #a)
    assert.is_nil(weak[2] or weak[3] or weak[4])
    assert.is_true(rawequal(weak[1], a[1]))
  end)

  it("changes nothing if a comparison raises an error", function()
    local calls = 0
    local eq = { __eq = function()
      calls = calls + 1
      return calls < 3 or error("stop", 0)
    end }
    local a = dynarray.new()
    for _ = 1, 5 do
      a:append(setmetatable({}, eq))
    end
    fails("stop", a, "dedup")
  end)

  it("is an error if a comparison changes the size", function()
    for _, change in ipairs { "clear", "close", "pop", "append", "shrink_to_fit" } do
      local a = dynarray.new()
      local eq = { __eq = function()
        a[change](a, change == "append" and 1 or nil)
        return true
      end }
      a:append(setmetatable({}, eq), setmetatable({}, eq), setmetatable({}, eq))
      local ok, err = pcall(a.dedup, a)
      assert.equal(change == "shrink_to_fit", ok)
      if not ok then
        assert.is_truthy(err:find("array was changed by a callback", 1, true))
      end
      expect.valid(a)
    end
  end)
end)

describe("every edit", function()
  local edits = { insert = { 1, 1 }, insert_all = { 1, { 1 } }, remove = { 1 }, remove_range = { 1, 1 },
    swap = { 1, 2 }, swap_remove = { 1 }, reverse = {}, rotate = { 1 }, fill = { 1 }, dedup = {} }

  it("needs an array", function()
    local a = dynarray.of(1, 2)
    for name, arguments in pairs(edits) do
      for _, other in ipairs { 1, "x", {}, print, io.stdout, false } do
        expect.raises("dynarray expected", a[name], other, table.unpack(arguments))
      end
      expect.raises("dynarray expected", a[name])
    end
  end)

  it("leaves a closed array closed", function()
    for name, arguments in pairs(edits) do
      local a = dynarray.of(1, 2)
      a:close()
      pcall(a[name], a, table.unpack(arguments))
      assert.equal(0, #a)
      expect.valid(a)
    end
  end)

  it("keeps value arrays whole while finalizers change them", function()
    for name, arguments in pairs(edits) do
      for _, change in ipairs { "clear", "close", "pop", "shrink_to_fit", "reverse" } do
        local a = dynarray.of({}, {}, {}, "x", "x")
        local stop = false
        local function litter()
          setmetatable({}, { __gc = function()
            if not stop then
              a[change](a)
              litter()
            end
          end })
        end
        local mode = collectgarbage("incremental", 100, 400)
        litter()
        for _ = 1, 50 do
          pcall(a[name], a, table.unpack(arguments))
          pcall(a.insert, a, 1, {}, { {} }, "y" .. #a)
          pcall(a.fill, a, {})
        end
        stop = true
        collectgarbage(mode)
        expect.valid(a)
      end
    end
  end)
end)
