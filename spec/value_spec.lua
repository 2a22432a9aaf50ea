local dynarray = require "dynarray"
local expect = require "support.expect"
local child = require "support.child"
local native = require "support.native"

local nan = 0 / 0

local function samples()
  return table.pack(nil, false, true, 0, -1, 1, math.maxinteger, math.mininteger, (1 << 53) + 1, 0.0, 1.0, 0.1,
    math.huge, -math.huge, 5e-324, 1e308, "", "x", "a\0b", ("long"):rep(100), {}, print, function() end, io.stdout,
    coroutine.create(print), dynarray.of(1), native.lightuserdata(), nil)
end

describe("a value array", function()
  it("holds anything", function()
    local s = samples()
    local a = dynarray.of(table.unpack(s, 1, s.n))
    expect.holds(a, table.unpack(s, 1, s.n))
    local b = dynarray.new { capacity = 0 }
    for i = 1, s.n do
      b:append(s[i])
    end
    expect.holds(b, table.unpack(s, 1, s.n))
    local c = dynarray.filled(s.n, 0)
    for i = 1, s.n do
      c[i] = s[i]
    end
    expect.holds(c, table.unpack(s, 1, s.n))
  end)

  it("lets every value take the place of every other", function()
    local s = samples()
    local a = dynarray.of("before", 0, "behind")
    for i = 1, s.n do
      for j = 1, s.n do
        a[2] = s[i]
        a[2] = s[j]
        assert(expect.identical(s[j], a[2]))
      end
    end
    expect.holds(a, "before", nil, "behind")
  end)

  it("keeps all 64 bits of an integer, and its subtype", function()
    local a = dynarray.new()
    for shift = 0, 63 do
      a:append(1 << shift, (1 << shift) - 1, -(1 << shift), (1 << shift) + 0.0)
    end
    for shift = 0, 63 do
      local i = shift * 4
      assert(expect.identical(1 << shift, a[i + 1]))
      assert(expect.identical((1 << shift) - 1, a[i + 2]))
      assert(expect.identical(-(1 << shift), a[i + 3]))
      assert(expect.identical((1 << shift) + 0.0, a[i + 4]))
    end
  end)

  it("keeps every bit of a float", function()
    local payload = string.unpack("d", string.pack("I8", 0x7ff8000012345678))
    local tagged = string.unpack("d", string.pack("I8", 0xfffc00000000cafe))
    local a = dynarray.of(nan, -nan, -0.0, 0.0, payload, tagged)
    assert.equal(string.pack("d", nan), string.pack("d", a[1]))
    assert.equal(string.pack("d", -nan), string.pack("d", a[2]))
    assert.equal(-math.huge, 1 / a[3])
    assert.equal(math.huge, 1 / a[4])
    assert.equal(string.pack("d", payload), string.pack("d", a[5]))
    assert.equal(string.pack("d", tagged), string.pack("d", a[6]))
  end)

  it("has a size that does not depend on nil", function()
    local a = dynarray.of(nil, nil, nil)
    assert.equal(3, #a)
    a[3] = 1
    a[3] = nil
    assert.equal(3, #a)
    a:append(nil)
    assert.equal(4, #a)
    a:pop()
    assert.equal(3, #a)
  end)

  it("holds itself", function()
    local a = dynarray.new()
    a:append(a, a)
    assert.equal(a, a[1])
    assert.equal(a, a[1][2][1])
    assert.equal("string", type(tostring(a)))
  end)

  it("grows with mixed values", function()
    local t = {}
    local a = dynarray.new { capacity = 0 }
    for i = 1, 3000 do
      local v = ({ i, i + 0.5, "s" .. i, { i }, nil, i % 2 == 0 })[i % 6 + 1]
      t[i] = v
      a:append(v)
    end
    for i = 1, 3000 do
      assert(rawequal(t[i], a[i]))
    end
  end)
end)

-- Objects are in user values of the array, up to ten, or in a table. An array that begins empty has such user values if
-- the one before it got an object.
describe("few objects", function()
  local function expect_objects()
    dynarray.new():append("")
  end

  it("are kept among numbers, and more of them than there are user values", function()
    for _, n in ipairs { 1, 9, 10, 11, 16, 17, 100 } do
      expect_objects()
      local t, a = {}, dynarray.new()
      for i = 1, n do
        t[i] = i % 3 == 0 and i or { i }
        a:append(t[i])
      end
      collectgarbage()
      expect.holds(a, table.unpack(t))
      expect.holds(dynarray.from(t), table.unpack(t))
      expect.holds(dynarray.from(a), table.unpack(t))
      expect.holds(dynarray.of(table.unpack(t)), table.unpack(t))
      expect.holds(a:copy():reverse():reverse(), table.unpack(t))
    end
  end)

  it("take the places that others left", function()
    local a = dynarray.of("a", "b", "c")
    for i = 0, 1000 do
      a[i % 3 + 1] = { i }
      a[(i + 1) % 3 + 1] = i
    end
    collectgarbage()
    assert.equal(999, a[1][1])
    assert.equal(1000, a[2][1])
    assert.equal(1000, a[3])
    a:resize(0)
    for i = 1, 20 do
      a:append({ i })
    end
    collectgarbage()
    for i = 1, 20 do
      assert.equal(i, a[i][1])
    end
  end)

  it("are those of a view's parent", function()
    local a = dynarray.of("a", 2, "c")
    local v = a:view(2, 3)
    v[1], v[2] = { "b" }, 3
    collectgarbage()
    assert.equal("b", a[2][1])
    expect.holds(a:view(1, 2):view(1, 1), "a")
    v[1] = 0
    expect.holds(a, "a", 0, 3)
  end)

  it("are sorted although the comparator closes the array, which is an error", function()
    for _, n in ipairs { 2, 9, 40 } do
      local t = {}
      for i = 1, n do
        t[i] = ("x"):rep(n - i)
      end
      for _, method in ipairs { "sort", "argsort", "heapify" } do
        local a = dynarray.from(t)
        expect.raises("changed", function()
          a[method](a, function(x, y)
            a:close()
            return x < y
          end)
        end)
      end
    end
  end)

  it("that finalizers remove meanwhile are not lost elsewhere", function()
    local a = dynarray.of("a", "b")
    for _ = 1, 200 do
      setmetatable({}, { __gc = function() a[1] = a[1] == 1 and "a" or 1 end })
      a[2] = { "b" }
      collectgarbage("step")
      assert.equal("b", a[2][1])
    end
  end)

  it("take at most 96 bytes more than a table of them, where Lua has many user values", function()
    if _VERSION == "Lua 5.3" then return pending "Lua 5.3 has one user value" end
    local function bytes_of(make)
      local keep = {}
      for i = 1, 1000 do keep[i] = false end
      collectgarbage()
      collectgarbage()
      local before = collectgarbage("count")
      for i = 1, 1000 do keep[i] = make() end
      collectgarbage()
      collectgarbage()
      return (collectgarbage("count") - before) * 1.024, keep
    end
    local function fill(list)
      for i = 1, 10 do list[i] = "x" end
      return list
    end
    expect_objects()
    local array = bytes_of(function() return fill(dynarray.new { bounds = "sequence" }) end)
    assert.is_true(array <= bytes_of(function() return fill {} end) + 96 + 1, array)
  end)

  it("have places in the array itself, 16 bytes each, if the first value needs one", function()
    if _VERSION == "Lua 5.3" then return pending "Lua 5.3 has one user value" end
    local object, mode = {}, collectgarbage "incremental"
    local function bytes_of(make, ...)
      collectgarbage "stop"
      local before = collectgarbage "count"
      local a = make(...)
      local bytes = (collectgarbage "count" - before) * 1024
      collectgarbage "restart"
      return bytes, a
    end
    local function from_table(...) return dynarray.from({ ... }, "value") end
    local function from_array(...) return dynarray.from(dynarray.of(...)) end
    for make, arrays in pairs { [dynarray.of] = 1, [from_table] = 1, [from_array] = 2 } do
      bytes_of(make, object, 2, 3) -- Lua's stack is as large as it will be
      local plain = bytes_of(make, 1, 2, 3)
      assert.equal(plain, (bytes_of(make, 1.5, 2, 3)))
      assert.equal(plain, (bytes_of(make, true, 2, 3)))
      for _, first in ipairs { object, "x", print } do
        assert.equal(plain + arrays * 3 * 16, (bytes_of(make, first, 2, 3)))
      end
    end
    local plain = bytes_of(dynarray.of, 1, 2, 3)
    assert.equal(plain, (bytes_of(dynarray.of, nil, 2, 3)))
    assert.equal(plain + 3 * 16, (bytes_of(dynarray.of, object, 2, 3)))
    local in_table = bytes_of(function() return { object } end)
    assert.is_true(bytes_of(dynarray.of, 1, 2, object) >= plain + in_table)
    collectgarbage(mode)
  end)

  it("leave arrays of numbers as small as they were", function()
    local function bytes_of(first)
      local keep = {}
      dynarray.of(first):close()
      for i = 1, 1000 do keep[i] = false end
      collectgarbage()
      collectgarbage()
      local before = collectgarbage("count")
      for i = 1, 1000 do keep[i] = dynarray.of(1, 2, 3) end
      collectgarbage()
      collectgarbage()
      return (collectgarbage("count") - before) * 1.024, keep
    end
    assert.is_true(bytes_of("object") <= bytes_of(1) + 1)
  end)
end)

describe("a value array that was emptied and shrunk", function()
  it("keeps its policy and its observer", function()
    local seen = {}
    local a = dynarray.new { capacity = 1, growth = function(_, needed) return needed + 1 end,
      on_grow = function(event) seen[#seen + 1] = event.new_capacity end }
    a:append({}, {}, {}):clear():shrink_to_fit()
    assert.equal(0, a.capacity)
    a:append({}, {})
    assert.same({ 4, 3 }, seen)
  end)
end)

describe("the collector", function()
  local function collect()
    collectgarbage()
    collectgarbage()
  end

  for _, mode in ipairs { "incremental", "generational" } do
    describe("in " .. mode .. " mode", function()
      local previous
      before_each(function() previous = collectgarbage(mode) end)
      after_each(function() collectgarbage(previous) end)

      it("keeps what an array holds", function()
        local a = dynarray.new()
        for i = 1, 1000 do
          a:append({ i }, "string " .. i)
        end
        collect()
        for i = 1, 1000 do
          assert(a[2 * i - 1][1] == i and a[2 * i] == "string " .. i)
        end
      end)

      it("keeps what is stored into an old array", function()
        local a = dynarray.filled(100, 0)
        collect()
        collect()
        for i = 1, 100 do
          a[i] = { i }
          collectgarbage("step", 0)
        end
        collect()
        for i = 1, 100 do
          assert(a[i][1] == i)
        end
      end)

      it("frees what an array held", function()
        local weak = setmetatable({}, { __mode = "k" })
        local function fresh()
          local t = {}
          weak[t] = true
          return t
        end
        local ways = {
          overwritten = function(a) a[1] = 0 end,
          popped = function(a) a:pop() end,
          cleared = function(a) a:clear() end,
          ["resized away"] = function(a) a:resize(0) end,
          closed = function(a) a:close() end,
          ["set to nil"] = function(a) a[1] = nil end,
          ["copied over, from a table"] = function(a) a:copy_from { 0 } end,
          ["copied over, from an array"] = function(a) a:copy_from(dynarray.of(0)) end,
        }
        for name, let_go in pairs(ways) do
          local a = dynarray.new()
          a:append(fresh())
          collect()
          assert.is_not_nil(next(weak), name)
          let_go(a)
          collect()
          assert.is_nil(next(weak), name)
          expect.valid(a)
        end
      end)

      it("frees an element of many, not its neighbours", function()
        local weak = setmetatable({}, { __mode = "v" })
        local a = dynarray.new()
        for i = 1, 10 do
          weak[i] = { i }
          a:append(weak[i])
        end
        a[3] = a[4]
        a:resize(8)
        collect()
        assert.is_nil(weak[3])
        assert.is_nil(weak[9])
        assert.is_nil(weak[10])
        for _, i in ipairs { 1, 2, 4, 5, 6, 7, 8 } do
          assert.equal(i, weak[i][1])
        end
      end)

      it("frees an array that holds itself", function()
        local weak = setmetatable({}, { __mode = "k" })
        do
          local a = dynarray.new()
          a:append(a)
          weak[a] = true
        end
        collect()
        assert.is_nil(next(weak))
      end)

      it("frees a cycle of arrays, tables and closures", function()
        local weak = setmetatable({}, { __mode = "k" })
        do
          local a, b, t = dynarray.new(), dynarray.new { capacity = 100 }, {}
          a:append(b)
          b:append(t)
          t[1] = function() return a end
          b:append(t[1])
          weak[a], weak[b], weak[t] = true, true, true
        end
        collect()
        assert.is_nil(next(weak))
      end)

      it("frees a cycle through a growth policy or an observer", function()
        local weak = setmetatable({}, { __mode = "k" })
        do
          local a, b
          a = dynarray.new { growth = function() return a and 100 end }
          b = dynarray.new { on_grow = function() return b end }
          weak[a], weak[b] = true, true
        end
        collect()
        assert.is_nil(next(weak))
      end)

      it("frees an array whose fill is itself made of it", function()
        local weak = setmetatable({}, { __mode = "k" })
        do
          local t = {}
          local a = dynarray.new { fill = t }
          t[1] = a
          weak[a] = true
          a:resize(3)
          assert.equal(t, a[2])
        end
        collect()
        assert.is_nil(next(weak))
      end)

      it("keeps the fill of an array", function()
        local a = dynarray.new { fill = { "fill" } }
        collect()
        a:resize(2)
        assert.equal("fill", a[2][1])
      end)

      it("frees many arrays", function()
        collect()
        local before = dynarray.memory().arrays
        for i = 1, 2000 do
          dynarray.of(i, {})
        end
        collect()
        assert.is_true(dynarray.memory().arrays <= before)
      end)
    end)
  end

  it("frees ten thousand nested arrays", function()
    local a = dynarray.new()
    for _ = 1, 10000 do
      a = dynarray.of(a)
    end
    a = nil -- luacheck: ignore 311 (the value is dropped on purpose)
    collectgarbage()
    collectgarbage()
    assert.is_nil(a)
  end)
end)

describe("a state that closes", function()
  it("runs finalizers that use arrays, whatever the order", function()
    assert.equal("done\n", child.output [[
      local dynarray = require "dynarray"
      local function use(a)
        pcall(function() a:append(1) end)
        pcall(function() return a[1], #a, tostring(a) end)
        pcall(function() a[1] = {} end)
        pcall(function() a:resize(1000) end)
        pcall(function() a:extend(a) end)
        pcall(function() return a .. a, a:copy(), a == a:copy() end)
        pcall(function() a:shrink_to_fit() end)
        pcall(function() dynarray.of(1, 2, 3):append(a) end)
        pcall(function() a:close() end)
        pcall(function() return a:pop() end)
      end
      for _, kind in ipairs { "value", "int8", "float64" } do
        local a = dynarray.new(kind)
        first = setmetatable({ a }, { __gc = function(t) use(t[1]) end })
        a:append(1)
        second = setmetatable({ dynarray.new(kind) }, { __gc = function(t) use(t[1]) end })
        local b = dynarray.new()
        b:append(setmetatable({}, { __gc = function() use(b) end }), b)
        _G["kept" .. kind] = b
      end
      last = setmetatable({}, { __gc = function() print("done") end })
    ]])
  end)

  it("runs finalizers that make new arrays", function()
    assert.equal("3\n", child.output [[
      local dynarray = require "dynarray"
      kept = setmetatable({}, { __gc = function()
        late = dynarray.of(1, 2, 3)
        print(#late)
      end })
    ]])
  end)

  it("closes in a coroutine that never ended", function()
    assert.equal("ok\n", child.output [[
      local dynarray = require "dynarray"
      co = coroutine.wrap(function()
        local a <close> = dynarray.of(1)
        a:append(a)
        coroutine.yield()
      end)
      co()
      print("ok")
    ]])
  end)

  it("ends well through os.exit", function()
    for _, close in ipairs { "true", "false" } do
      assert.equal("ok\n", child.output(([[
        local dynarray = require "dynarray"
        a = dynarray.of(1, {})
        a:append(a)
        print("ok")
        io.stdout:flush()
        os.exit(true, %s)
      ]]):format(close)))
    end
  end)
end)
