local build = require "support.build"
local dynarray = require "dynarray"
local expect = require "support.expect"
local types = require "support.types"

local nan = 0 / 0
local sizes = { 0, 1, 2, 3, 8, 47, 48, 49, 50, 100, 300, 1000, 1025, 2000, 5000 }

-- The order of typed arrays, written down anew: NaN last, -0.0 before 0.0.
local function less(x, y)
  if y ~= y then return x == x end
  if x == 0 and y == 0 then return 1 / x < 1 / y end
  return x < y
end

local ranges = {}
for _, t in ipairs(types.integers) do
  ranges[t.name] = { t.min, t.max }
end

local kinds = { -- of data
  random = function(kind)
    local range = ranges[kind]
    if range then return math.random(range[1], range[2]) end
    return (math.random() - 0.5) * 2.0 ^ math.random(-30, 30)
  end,
  few = function() return math.random(0, 3) end,
  special = function(kind)
    if kind:find "^u?int" then return ranges[kind][math.random(2)] end
    return ({ 0.0, -0.0, 1 / 0, -1 / 0, nan, 1.0, -1.0 })[math.random(7)]
  end,
  ascending = function(_, i) return i % 120 // 1 end,
  descending = function(_, _, n) return math.max(0, 100 - n) end,
}

local function same(x, y)
  return expect.identical(x, y) and (x ~= 0 or 1 / x == 1 / y)
end

local function check(kind, n, make)
  local t, a = {}, dynarray.new { type = kind, capacity = n }
  for i = 1, n do
    a:append(make(kind, i, i))
  end
  for i = 1, n do t[i] = a[i] end
  table.sort(t, less)
  if n > 0 then
    local k = math.random(n)
    assert.is_true(same(t[k], a:nth(k)) or t[k] == 0 and a:nth(k) == 0)
  end
  assert.equal(a, a:sort())
  assert.equal(n, #a)
  for i = 1, n do
    if not same(t[i], a[i]) then
      error(("%s, size %d, element %d: %s instead of %s"):format(kind, n, i, a[i], t[i]))
    end
  end
  assert.is_true(a:is_sorted())
end

describe("sort", function()
  for _, kind in ipairs(types.all) do
    if kind ~= "value" then
      it("puts every kind of data in order, in " .. kind, function()
        for _, make in pairs(kinds) do
          for _, n in ipairs(sizes) do
            check(kind, n, make)
          end
        end
      end)
    end
  end

  -- sort.c calls what is no part of the library's face: one that was compiled as one file (WHOLE) hides it, so the
  -- program gets sources instead: sorting, and what that needs.
  local function from_sources(flags)
    local sources = build.array "sort sort_avx512"
    table.insert(sources, 1, "spec/support/sort.c")
    return build.product("sort", sources, "-Isrc -Isrc/include " .. flags, build.files("src/core src/include", ".h"))
  end
  local programs = {
    this = function()
      local library = build.out .. "/libdynarray.a"
      if not build.output(("nm '%s'"):format(library)):find("T dynarray_sort\n", 1, true) then
        return from_sources ""
      end
      return build.product("sort", { "spec/support/sort.c" }, ("-Isrc -Isrc/include '%s'"):format(library), { library })
    end,
    any = function() return from_sources "-DDYNARRAY_NO_CLONES" end,
  }
  for processor, program in pairs(programs) do
    it(("is right with code for %s processor, with memory to spare and without"):format(processor), function()
      local seed = math.tointeger(tonumber(os.getenv("DYNARRAY_SEED"))) or os.time()
      local said = build.output(("%s ./%s %d 2>&1 || echo DYNARRAY_SEED=%d"):format(build.run, program(), seed, seed))
      assert.equal("", (said:gsub("==%d+==WARNING: %w+ failed to allocate [^\n]*\n?", "")))
    end)
  end

  it("sorts arrays larger than its scratch memory, skewed ones too", function()
    for _, kind in ipairs { "int32", "uint64", "float64", "int8" } do
      local function skewed(k, i) return i % 1000 == 0 and kinds.random(k) or 1 end
      for _, make in ipairs { kinds.random, kinds.few, skewed } do
        local a = dynarray.new(kind)
        for i = 1, 300000 do a:append(make(kind, i)) end
        local sum = kind:find "float" and 0 or a:sum()
        a:sort()
        assert.is_true(a:is_sorted())
        assert.equal(sum, kind:find "float" and 0 or a:sum())
      end
    end
  end)

  it("sorts values by Lua's <, with Lua's errors", function()
    expect.holds(dynarray.of(3, 1, 2):sort(), 1, 2, 3)
    expect.holds(dynarray.of(-3, 1, -1 << 48, 5):sort(), -1 << 48, -3, 1, 5)
    expect.holds(dynarray.of(2.5, -1.5, -0.5):sort(), -1.5, -0.5, 2.5)
    expect.holds(dynarray.of(2.5, 1, 1 << 60, -7):sort(), -7, 1, 2.5, 1 << 60)
    expect.holds(dynarray.of("b", "a", "c", "aa"):sort(), "a", "aa", "b", "c")
    local a = dynarray.of(2, "x", 1)
    local before = expect.snapshot(a)
    expect.raises("attempt to compare", a.sort, a)
    expect.unchanged(before)
    expect.raises("attempt to compare", a.sort, dynarray.of({}, {}))
    for _, other in ipairs { dynarray.of({}, {}), dynarray.of(setmetatable({}, {}), setmetatable({}, {})) } do
      for _, name in ipairs { "sort", "argsort", "is_sorted", "top", "unique" } do
        local argument = name == "top" and 2 or nil
        local _, message = pcall(function() return (other[name](other, argument)) end)
        assert.truthy(message:find "sort_spec.lua:%d+: attempt to compare two table values$", name .. ": " .. message)
      end
    end
    local mt = { __lt = function(x, y) return x.v < y.v end }
    local x, y = setmetatable({ v = 1 }, mt), setmetatable({ v = 2 }, mt)
    expect.holds(dynarray.of(y, x):sort(), x, y)
  end)

  it("places NaN last in value arrays as well", function()
    local a = dynarray.of(nan, 2, nan, 1.5):sort()
    assert.is_true(a[1] == 1.5 and a[2] == 2 and a[3] ~= a[3] and a[4] ~= a[4])
  end)

  it("takes a comparator, for every type", function()
    for _, kind in ipairs(types.all) do
      for _, n in ipairs { 0, 1, 2, 7, 8, 9, 17, 100, 1000 } do
        local a, t = dynarray.new(kind), {}
        for i = 1, n do t[i] = math.random(0, 100) end
        a:extend(t):sort(function(x, y) return x > y end)
        table.sort(t, function(x, y) return x > y end)
        for i = 1, n do assert.is_true(a[i] == t[i]) end
      end
    end
  end)

  it("keeps objects alive and in place through a comparator", function()
    local a = dynarray.new()
    for i = 1, 500 do a:append({ v = math.random(50), i = i }) end
    a:sort_stable(function(x, y) collectgarbage("step", 1) return x.v < y.v end)
    for i = 2, 500 do
      assert.is_true(a[i - 1].v < a[i].v or a[i - 1].v == a[i].v and a[i - 1].i < a[i].i)
    end
    expect.valid(a)
  end)

  it("sorts views, and what lies around them stays", function()
    local a = dynarray.from({ 9, 3, 2, 1, 0 }, "int32")
    a:view(2, 4):sort()
    expect.holds(a, 9, 1, 2, 3, 0)
    local v = dynarray.of("z", "c", "b", "a")
    v:view(2):sort()
    expect.holds(v, "z", "a", "b", "c")
    expect.raises("read-only", a.sort, a:frozen())
  end)

  it("leaves the array alone when the comparator raises", function()
    for _, kind in ipairs { "value", "float32" } do
      local a = dynarray.from({ 5, 4, 3, 2, 1, 0, 9, 8, 7, 6, 5, 4 }, kind)
      for fatal = 1, 30 do
        local before, calls = expect.snapshot(a), 0
        local ok, err = pcall(a.sort, a, function(x, y)
          calls = calls + 1
          if calls == fatal then error({ "mine" }) end
          return x < y
        end)
        if not ok then
          assert.same({ "mine" }, err)
          expect.unchanged(before)
        end
      end
    end
  end)

  it("keeps all elements under comparators that contradict themselves", function()
    for _, f in ipairs { function() return true end, function() return false end,
      function() return math.random(2) == 1 end, function() return nil end } do
      for _, kind in ipairs { "value", "int16" } do
        local a, t = dynarray.new(kind), {}
        for i = 1, 300 do t[i] = i end
        a:extend(t):sort(f)
        assert.equal(300, #a)
        a:sort()
        for i = 1, 300 do assert.equal(i, a[i]) end
      end
    end
  end)

  it("says so when the comparator changes the array, and leaves it valid", function()
    local changes = {
      function(a) a:append(1) end, function(a) a:pop() end, function(a) a:clear() end,
      function(a) a[1] = -a[1] - 1 end, function(a) a:resize(1):shrink_to_fit() end,
      function(a) a:close() end, function(a) a:resize(1000) end,
    }
    for _, change in ipairs(changes) do
      for _, kind in ipairs { "value", "int64", "float32" } do
        local a, done = dynarray.from({ 4, 3, 2, 1, 7, 6, 5, 9, 8, 10, 12, 11 }, kind), false
        expect.raises("array was changed by the comparator", a.sort, a, function(x, y)
          if not done then
            done = true
            change(a)
          end
          return x < y
        end)
        expect.valid(a)
      end
    end
  end)

  it("is not misled by a comparator that replaces objects", function()
    local a = dynarray.new()
    for i = 1, 100 do a:append({ i }) end
    local ok = pcall(a.sort, a, function(x, y)
      a[math.random(#a)] = { math.random(100) }
      collectgarbage("step", 10)
      return type(x) == "table" and type(y) == "table" and x[1] > y[1]
    end)
    assert.is_boolean(ok)
    assert.equal(100, #a)
    for i = 1, 100 do assert.equal("table", type(a[i])) end
    expect.valid(a)
  end)

  it("refuses a comparator that is no function", function()
    local a = dynarray.of(2, 1)
    expect.raises("function expected, got table", a.sort, a, {})
    expect.raises('order expected "descending" or a function, got "<"', a.sort_stable, a, "<")
    expect.raises("dynarray expected", a.sort, {})
    expect.holds(a, 2, 1)
  end)
end)

describe("is_sorted", function()
  it("says what a loop says", function()
    for _, kind in ipairs(types.all) do
      for n = 0, 300, 7 do
        local a = dynarray.new(kind)
        for i = 1, n do a:append(i // 3) end
        assert.is_true(a:is_sorted())
        if n > 1 then
          local i = math.random(n - 1)
          a[i] = 120
          assert.is_false(a:is_sorted())
        end
      end
    end
  end)

  it("takes a comparator", function()
    local a = dynarray.from({ 3, 2, 2, 1 }, "int8")
    assert.is_true(a:is_sorted(function(x, y) return x > y end))
    assert.is_false(a:is_sorted())
    expect.raises("mine", a.is_sorted, a, function() error("mine") end)
  end)

  it("knows that NaN is last", function()
    assert.is_true(dynarray.from({ 1, nan, nan }, "float64"):is_sorted())
    assert.is_false(dynarray.from({ nan, 1 }, "float32"):is_sorted())
  end)
end)

describe("nth and percentile", function()
  it("select without changing the array", function()
    local a = dynarray.from({ 5, 1, 4, 2, 3 }, "int32")
    for k = 1, 5 do assert.equal(k, a:nth(k)) end
    expect.holds(a, 5, 1, 4, 2, 3)
    assert.equal(2, a:frozen():nth(2))
    assert.equal("b", dynarray.of("c", "a", "b"):nth(2))
  end)

  it("raise an error if a comparison takes the elements away", function()
    local array
    local mt = { __lt = function(x, y)
      if array then
        array:close()
        array = nil
      end
      return x.v < y.v
    end }
    local function two()
      return dynarray.of(setmetatable({ v = 2 }, mt), setmetatable({ v = 1 }, mt))
    end
    for _, window in ipairs { function(a) return a end, function(a) return a:view() end } do
      local a = two()
      array = a
      expect.raises("array was changed by the comparator", a.nth, window(a), 1)
    end
    assert.equal(1, two():nth(1).v)
  end)

  it("give percentiles as NumPy's default does", function()
    local a = dynarray.from({ 15, 20, 35, 40, 50 }, "float64")
    assert.equal(15.0, a:percentile(0))
    assert.equal(35.0, a:percentile(50))
    assert.equal(50.0, a:percentile(100))
    assert.is_true(math.abs(a:percentile(40) - 29.0) < 1e-12)
    assert.equal(1.5, dynarray.from({ 2, 1 }, "int8"):percentile(50))
    assert.equal(math.huge, dynarray.filled(3, math.huge, "float32"):percentile(20))
    assert.is_nil(dynarray.new("float64"):percentile(50))
    assert.is_nil(dynarray.new():percentile(50))
    assert.equal(2.75, dynarray.of(10, 1, 3.5, 2):percentile(50))
    assert.equal(10.0, dynarray.of(10, 1, 3.5, 2):percentile(100))
  end)

  it("refuse what lies outside", function()
    local a = dynarray.from({ 1, 2 }, "int8")
    expect.raises("index 3 out of bounds (size 2)", a.nth, a, 3)
    expect.raises("index 0 out of bounds (size 2)", a.nth, a, 0)
    expect.raises("index 1.5 is not an integer", a.nth, a, 1.5)
    expect.raises("index expected, got nil", a.nth, a, nil)
    expect.raises("got string: (-a):top(k) has the least elements", a.top, a, 2, "ascending")
    expect.raises("each percentage is an argument of its own", a.percentile, a, { 5, 25 })
    expect.raises("percentile out of range (0 to 100)", a.percentile, a, 101)
    expect.raises("percentile out of range (0 to 100)", a.percentile, a, nan)
    expect.raises("number expected", a.percentile, a)
    expect.raises("percentile needs numbers, got a string value", a.percentile, dynarray.of("a", "b"), 5)
    expect.raises("attempt to compare", a.percentile, dynarray.of("a", 1), 5)
  end)
end)

describe("the order of no elements", function()
  local function never() error "nothing to compare" end

  it("is empty, by < and by a comparator", function()
    for _, kind in ipairs { "value", "int8" } do
      local a = dynarray.new(kind)
      expect.holds(a:sort(never))
      expect.holds(a:argsort(never))
      expect.holds(a:argsort())
      expect.holds((a:top(3, never)))
      expect.holds((a:top(3)))
      expect.holds((dynarray.new(kind):append(1):top(0, never)))
    end
  end)
end)

describe("a comparator that empties the array", function()
  it("ends is_sorted, which has found nothing out of order", function()
    local a = dynarray.from({ 1, 2, 3, 4 }, "int8")
    local calls = 0
    assert.is_true(a:is_sorted(function()
      calls = calls + 1
      a:clear()
      return false
    end))
    assert.equal(1, calls)
  end)
end)

describe("userdata without <", function()
  it("is not compared", function()
    expect.raises("attempt to compare", dynarray.of().sort, dynarray.of(io.stdout, io.stderr))
    expect.raises("attempt to compare", dynarray.of().sort, dynarray.of(1, io.stderr))
    expect.raises("attempt to compare", dynarray.of().sort, dynarray.of(io.stdout, "x"))
  end)
end)
