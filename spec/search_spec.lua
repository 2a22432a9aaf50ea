local dynarray = require "dynarray"
local expect = require "support.expect"
local types = require "support.types"

local nan, huge = 0 / 0, math.huge

local function numeric_types()
  local i = 0
  return function()
    repeat i = i + 1 until types.all[i] ~= "value"
    return types.all[i]
  end
end

describe("index_of, contains, count", function()
  for kind in numeric_types() do
    it("find what a loop finds, in " .. kind, function()
      for _, n in ipairs { 0, 1, 2, 31, 32, 33, 63, 64, 65, 255, 256, 257, 600, 1000 } do
        local a, t = dynarray.new(kind), {}
        for i = 1, n do
          t[i] = math.random(0, 100)
        end
        a:extend(t)
        for _ = 1, 20 do
          local v, from = math.random(0, 101), math.random(1, n + 2)
          local first, count
          count = 0
          for i = 1, n do
            if t[i] == v then
              count = count + 1
              first = first or i >= from and i or nil
            end
          end
          assert.equal(first, a:index_of(v, from))
          assert.equal(count, a:count(v))
          assert.equal(count > 0, a:contains(v))
        end
        for i = 1, n do
          assert.is_true(a:index_of(t[i]) <= i and t[a:index_of(t[i])] == t[i])
        end
      end
    end)
  end

  it("count more matches than a byte can", function()
    for kind in numeric_types() do
      assert.equal(100000, dynarray.filled(100000, 7, kind):count(7))
    end
  end)

  it("know no element that the type cannot hold", function()
    local a = dynarray.from({ 1, 2, 44 }, "uint8")
    for _, v in ipairs { 300, -1, 1.5, "1", {}, true, nan, math.huge } do
      assert.is_nil(a:index_of(v))
      assert.is_false(a:contains(v))
      assert.equal(0, a:count(v))
    end
    assert.is_nil(a:index_of(nil))
    assert.equal(2, a:index_of(2.0))
  end)

  it("say what takes a condition, if they get a function", function()
    local a = dynarray.from({ 1, 2, 44 }, "uint8")
    for _, name in ipairs { "index_of", "contains", "count" } do
      expect.raises("number expected, got function: indices and where take a condition as text",
        a[name], a, function(x) return x > 2 end)
    end
    assert.equal(2, dynarray.of(1, print):index_of(print))
  end)

  it("treat zeros as equal and NaN as equal to nothing", function()
    for _, kind in ipairs { "float32", "float64", "value" } do
      local a = dynarray.from({ nan, -0.0, 0.0, nan }, kind)
      assert.equal(2, a:index_of(0))
      assert.equal(2, a:index_of(0.0))
      assert.equal(2, a:count(-0.0))
      assert.is_nil(a:index_of(nan))
      assert.equal(0, a:count(nan))
    end
  end)

  it("compare values as Lua does, integers with floats and with __eq", function()
    local equal = setmetatable({}, { __eq = function() return true end })
    local t = {}
    local a = dynarray.of(1, "1", 2.0, nil, false, t, 1 << 60, 2.0 ^ 61, equal, -0.0, math.mininteger)
    assert.equal(1, a:index_of(1.0))
    assert.equal(2, a:index_of("1"))
    assert.equal(3, a:index_of(2))
    assert.equal(4, a:index_of(nil))
    assert.equal(5, a:index_of(false))
    assert.is_nil(a:index_of(true))
    assert.equal(6, a:index_of(t))
    assert.equal(7, a:index_of(2.0 ^ 60))
    assert.equal(8, a:index_of(1 << 61))
    assert.equal(9, a:index_of({}))
    assert.equal(10, a:index_of(0))
    assert.equal(11, a:index_of(-2.0 ^ 63))
    assert.equal(9, a:index_of(t, 7))
    assert.equal(2, a:count(t))
  end)

  it("stay inside when __eq shortens the array", function()
    local a
    a = dynarray.from { {}, {}, {} }
    local v = setmetatable({}, { __eq = function() a:resize(1) return false end })
    assert.is_nil(a:index_of(v))
    assert.equal(1, #a)
  end)

  it("search views", function()
    local a = dynarray.from({ 5, 6, 7, 6 }, "int16")
    assert.equal(1, a:view(2, 4):index_of(6))
    assert.equal(2, a:view(2, 4):count(6))
    assert.is_nil(a:frozen():index_of(9))
  end)

  it("find no integer that float64 would round", function()
    local a = dynarray.from({ 2 ^ 53, 2 ^ 63 }, "float64")
    assert.is_false(a:contains((1 << 53) + 1))
    assert.equal(1, a:index_of(1 << 53))
    assert.equal(2, a:index_of(2 ^ 63))
    assert.equal(0, a:count(math.maxinteger))
  end)

  it("find no float32 that is only near", function()
    local a = dynarray.from({ 0, 0.1, 0.5 }, "float32")
    for _, near in ipairs { 1e-320, 0.1, 0.5 + 2 ^ -40 } do
      assert.is_false(a:contains(near))
      assert.is_nil(a:index_of(near))
      assert.equal(0, a:count(near))
    end
    assert.equal(2, a:index_of(a[2]))
    assert.equal(3, a:index_of(0.5))
    assert.equal(1, a:index_of(-0.0))
  end)

  it("refuse what is no index", function()
    local a = dynarray.of(1)
    expect.raises("index 0 out of range", a.index_of, a, 1, 0)
    expect.raises("index -1 out of range", a.index_of, a, 1, -1)
    expect.raises("index expected an integer", a.index_of, a, 1, "x")
    expect.raises("value expected", a.index_of, a)
    expect.raises("dynarray expected", a.count, {}, 1)
    assert.is_nil(a:index_of(1, 100))
  end)
end)

describe("lower_bound and upper_bound", function()
  it("find the places of a linear search", function()
    for _, kind in ipairs(types.all) do
      for n = 0, 40 do
        local t = {}
        for i = 1, n do
          t[i] = math.random(0, 20)
        end
        table.sort(t)
        local a = dynarray.from(t, kind)
        for _, v in ipairs { -1, 0, 3, 3.5, 10, 20, 21, math.huge } do
          local lower, upper = 1, 1
          while lower <= n and t[lower] < v do lower = lower + 1 end
          while upper <= n and t[upper] <= v do upper = upper + 1 end
          assert.equal(lower, a:lower_bound(v))
          assert.equal(upper, a:upper_bound(v))
        end
      end
    end
  end)

  it("place NaN last", function()
    local a = dynarray.from({ 1, 2, nan, nan }, "float64")
    assert.equal(3, a:lower_bound(nan))
    assert.equal(5, a:upper_bound(nan))
    assert.equal(3, a:upper_bound(2))
    assert.equal(3, a:lower_bound(math.huge))
  end)

  it("follow a comparator", function()
    local function greater(x, y) return x > y end
    for _, kind in ipairs(types.all) do
      local a = dynarray.from({ 9, 7, 7, 7, 2 }, kind)
      assert.equal(2, a:lower_bound(7, greater))
      assert.equal(5, a:upper_bound(7, greater))
      assert.equal(6, a:lower_bound(1, greater))
      assert.equal(1, a:upper_bound(10, greater))
    end
    local by_length = dynarray.of("a", "bb", "cc", "dddd")
    local function shorter(x, y) return #x < #y end
    assert.equal(2, by_length:lower_bound("xx", shorter))
    assert.equal(4, by_length:upper_bound("xx", shorter))
    expect.raises("function expected", by_length.lower_bound, by_length, "x", 5)
  end)

  it("raise what the comparator raises, and an error if it takes elements away", function()
    local a = dynarray.of(1, 2, 3, 4, 5)
    local before = expect.snapshot(a)
    expect.raises("stop here", a.lower_bound, a, 3, function() error("stop here") end)
    expect.unchanged(before)
    expect.raises("array was changed", a.lower_bound, a, 9, function()
      a:resize(1)
      return true
    end)
  end)

  it("find the places of all elements of an array, whatever the types", function()
    local samples = { -huge, -2.0 ^ 63, -2.0 ^ 53 - 2, -300, -129, -128.5, -128, -1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2, 127,
      128, 255, 256, 2.0 ^ 24 + 1, 2.0 ^ 31, 2.0 ^ 53, (1 << 53) + 1, (1 << 62) + 1, math.maxinteger, 2.0 ^ 63,
      2.0 ^ 63 + 2048, 2.0 ^ 64, huge, nan }
    local function before(x, y) return x == x and (y ~= y or x < y) end
    local arrays = {}
    for i, kind in ipairs(types.all) do
      local a = dynarray.new(kind)
      for _, x in ipairs(samples) do pcall(a.append, a, x) end
      arrays[i] = a:extend(a):sort()
    end
    for _, a in ipairs(arrays) do
      for _, values in ipairs(arrays) do
        local lower, upper = a:lower_bound(values), a:upper_bound(values)
        assert.equal("int64", lower.type)
        for k = 1, #values do
          local low, high = 1, 1
          for i = 1, #a do
            if before(a[i], values[k]) then low = low + 1 end
            if not before(values[k], a[i]) then high = high + 1 end
          end
          if lower[k] ~= low or upper[k] ~= high then
            error(("%s among %s: %d and %d, not %d and %d"):format(values[k], a.type, lower[k], upper[k], low, high))
          end
        end
      end
    end
  end)

  it("find places in arrays of any size, and none for no values", function()
    for n = 0, 70 do
      local a = dynarray.range(1, n):mul(2)
      local values = dynarray.range(0, 2 * n + 2, "int32")
      local lower, upper = a:lower_bound(values), a:upper_bound(values)
      for k = 1, #values do
        assert.equal(a:lower_bound(values[k]), lower[k])
        assert.equal(a:upper_bound(values[k]), upper[k])
      end
      expect.holds(a:lower_bound(dynarray.new()))
    end
  end)

  it("compare the elements of an array by a comparator, which may change neither", function()
    local function shorter(x, y) return #x < #y end
    local a, values = dynarray.of("a", "bb", "cc", "dddd"), dynarray.of("", "xx", "xxxxx")
    expect.holds(a:lower_bound(values, shorter), 1, 2, 5)
    expect.holds(a:upper_bound(values, shorter), 1, 4, 5)
    for _, b in ipairs { a, values } do
      expect.raises("array was changed", a.lower_bound, a, values, function()
        b:resize(1)
        return true
      end)
    end
  end)

  it("raise Lua's error for what cannot be compared", function()
    local a = dynarray.of(1, 2)
    expect.raises("attempt to compare", a.lower_bound, a, "x")
    expect.raises("attempt to compare", a.lower_bound, a, dynarray.of("x"))
    expect.raises("value expected", a.upper_bound, a)
  end)
end)

describe("insert_sorted", function()
  it("raises an error if a metamethod takes elements away in the last comparison", function()
    local once
    local a = dynarray.new()
    local mt = { __lt = function(x, y)
      if not once then
        once = true
        a:clear()
      end
      return x.v < y.v
    end }
    a:append(setmetatable({ v = 1 }, mt))
    expect.raises("array was changed", a.insert_sorted, a, setmetatable({ v = 2 }, mt))
    assert.equal(0, #a)
  end)

  it("keeps an array sorted, equal elements in the order they came", function()
    for _, kind in ipairs(types.all) do
      local a, t = dynarray.new(kind), {}
      for _ = 1, 200 do
        local v = math.random(0, 100)
        local same, place = a:insert_sorted(v)
        assert.equal(a, same)
        assert.is_true(a[place] == v and (place == #a or a[place + 1] > v))
        t[#t + 1] = v
      end
      table.sort(t)
      for i, v in ipairs(t) do
        assert.is_true(a[i] == v)
      end
    end
  end)

  it("takes strings too", function()
    local a = dynarray.new()
    for s in ("the quick brown fox jumps over the lazy dog"):gmatch("%a+") do
      a:insert_sorted(s)
    end
    assert.equal("brown dog fox jumps lazy over quick the the", table.concat({ a:unpack() }, " "))
  end)

  it("follows a comparator", function()
    local a = dynarray.new()
    local function sooner(x, y) return x.at < y.at end
    for i, at in ipairs { 5, 1, 5, 3 } do
      local _, place = a:insert_sorted({ at = at, i = i }, sooner)
      assert.equal(i, a[place].i)
    end
    assert.same({ 2, 4, 1, 3 }, a:map(function(task) return task.i end):totable())
  end)

  it("raises an error if the comparator changes the size", function()
    for _, change in ipairs { function(a) a:append(9) end, function(a) a:clear() end, function(a) a:close() end } do
      local a = dynarray.of(2)
      expect.raises("array was changed", a.insert_sorted, a, 1, function()
        change(a)
        return true
      end)
      assert.is_nil(a:index_of(1))
    end
  end)

  it("raises an error if an observer changes the size, and leaves what that made", function()
    for what, left in pairs { insert = { -5, 1, 2, 4, 5 }, clear = {}, pop = { 1, 2, 4 } } do
      for _, kind in ipairs { "int32", "value" } do
        local a
        a = dynarray.new { type = kind, capacity = 4, on_grow = function()
          if what == "insert" then a:insert(1, -5) else a[what](a) end
        end }
        a:append(1, 2, 4, 5)
        expect.raises("array was changed by a callback", a.insert_sorted, a, 3)
        expect.holds(a, table.unpack(left))
      end
    end
  end)

  it("puts float32 elements behind those that are equal once they are rounded", function()
    local a = dynarray.new("float32")
    for i = 1, 3 do
      assert.equal(i, select(2, a:insert_sorted(0.1)))
    end
    assert.equal(4, select(2, a:insert_sorted(a[1])))
  end)

  it("changes nothing when it fails", function()
    local a = dynarray.from({ 1, 2, 3 }, { type = "int8", max_size = 3 })
    local before = expect.snapshot(a)
    expect.raises("300 does not fit into int8", a.insert_sorted, a, 300)
    expect.raises("size 4 exceeds max_size 3", a.insert_sorted, a, 2)
    expect.raises("a view cannot grow", a.insert_sorted, a:view(), 2)
    expect.raises("read-only", a.insert_sorted, a:frozen(), 2)
    expect.unchanged(before)
  end)
end)

describe("unique", function()
  it("gives back the room that its results do not use", function()
    for _, x in ipairs { 1.5, "x" } do
      local values, counts = dynarray.filled(10000, x, type(x) == "number" and "float64" or "value"):unique()
      assert.same({ 1, 1, 1, 1 }, { #values, values.capacity, #counts, counts.capacity })
    end
    assert.equal(3, (dynarray.from({ 1, 2, 2 }, "int8"):unique().capacity))
  end)

  it("has each string once, sorted, and how often it occurs", function()
    local values, counts = dynarray.of("plum", "fig", "plum", "pear", "fig", "plum"):unique()
    expect.holds(values, "fig", "pear", "plum")
    expect.holds(counts, 2, 1, 3)
    values, counts = dynarray.new():unique()
    expect.holds(values)
    expect.holds(counts)
  end)

  it("has each number of a value array once, the first of those that are equal", function()
    for _, case in ipairs {
      { { 3, -1, 3, 1 << 40, -1 }, { -1, 3, 1 << 40 }, { 2, 2, 1 } },
      { { 0.5, -2.5, 0.5, huge, -huge }, { -huge, -2.5, 0.5, huge }, { 1, 1, 2, 1 } },
      { { 2, 1.0, 2.0, 1, math.maxinteger, 2.0 ^ 63 }, { 1.0, 2, math.maxinteger, 2.0 ^ 63 }, { 2, 2, 1, 1 } },
      { { nan, 1, nan }, { 1, nan }, { 1, 2 } },
      { { 1 << 60, (1 << 60) + 1, 1 << 60 }, { 1 << 60, (1 << 60) + 1 }, { 2, 1 } },
    } do
      local a = dynarray.from(case[1])
      local before = expect.snapshot(a)
      local values, counts = a:unique()
      expect.holds(values, table.unpack(case[2]))
      expect.holds(counts, table.unpack(case[3]))
      expect.unchanged(before)
    end
    expect.holds((dynarray.of(0.0, -0.0, 0.0):unique()), -0.0)
  end)

  it("is that of a numeric array for the same numbers", function()
    for kind in numeric_types() do
      local a = dynarray.new(kind)
      for _ = 1, 300 do a:append(math.random(0, 60)) end
      local values, counts = a:unique()
      local same, as_often = a:astype("value"):unique()
      assert.equal(values:astype "value", same)
      assert.equal(counts, as_often)
    end
  end)

  it("compares objects by their __lt, and notices when that changes the array", function()
    local meta, a = {}, dynarray.new()
    function meta.__lt(x, y) return x[1] < y[1] end
    for i = 1, 20 do a:append(setmetatable({ i % 3 }, meta)) end
    local values, counts = a:unique()
    expect.holds(values, a[3], a[1], a[2])
    expect.holds(counts, 6, 7, 7)
    local calls = 0
    function meta.__lt(x, y)
      calls = calls + 1
      return x[1] < y[1]
    end
    a:unique()
    local all = calls
    for _, when in ipairs { 1, all // 2, all - 1 } do -- while it sorts, and while it compares neighbours
      local b = a:copy()
      calls = 0
      function meta.__lt(x, y)
        calls = calls + 1
        if calls == when then b:clear() end
        return x[1] < y[1]
      end
      expect.raises("changed", b.unique, b)
    end
    expect.raises("attempt to compare", a.unique, dynarray.of(1, "x"))
    expect.raises("attempt to compare", a.unique, dynarray.of(true, false))
  end)
end)

describe("a number with a fraction", function()
  it("is found among values", function()
    local a = dynarray.of(1, 1.5, "x")
    assert.equal(2, a:index_of(1.5))
    assert.is_false(a:contains(2.5))
    assert.equal(1, a:count(1.5))
  end)
end)

describe("take", function()
  it("gives values with their objects, and refuses an index of 0 as a mask", function()
    local t = {}
    local a = dynarray.of(1, "x", t)
    expect.holds(a:take { 3, 3, 1 }, t, t, 1)
    expect.raises("index 0 out of bounds (size 3), at place 2 of the indices: where takes a mask", a.take, a, { 1, 0 })
    expect.raises("index 4 out of bounds (size 3), at place 1 of the indices", a.take, a, { 4 })
    expect.raises("index 0 out of bounds", a.put, a, { 0 }, 1)
    expect.raises("index 4 out of bounds", a.put, a, { 4 }, 1)
    expect.holds(a:put({ 1, 3 }, "y"), "y", "x", "y")
  end)
end)
