local dynarray = require "dynarray"
local expect = require "support.expect"
local native = require "support.native"
local types = require "support.types"

local as = types.as

describe("a view", function()
  it("is a window on elements, read and written through", function()
    for _, name in ipairs(types.all) do
      local a = dynarray.from({ 1, 2, 3, 4, 5 }, name)
      local v = a:view(2, 4)
      expect.holds(v, as(name, 2, 3, 4))
      v[1] = 9
      a[4] = 8
      expect.holds(v, as(name, 9, 3, 8))
      expect.holds(a, as(name, 1, 9, 3, 8, 5))
      expect.holds(a:view(), as(name, 1, 9, 3, 8, 5))
      expect.holds(a:view(4), as(name, 8, 5))
      expect.holds(a:view(6))
      expect.holds(a:view(3, 2))
    end
  end)

  it("tells what it is", function()
    local a = dynarray.from({ 1, 2, 3 }, { type = "int16", bounds = "sequence" })
    local v = a:view(2)
    assert.equal("view", v.block)
    assert.equal("int16", v.type)
    assert.equal(2, v.element_size)
    assert.equal(2, v.size)
    assert.equal(2, v.capacity)
    assert.equal("strict", v.bounds)
    assert.equal("dynarray<int16>(size 2, capacity 2): 2, 3", tostring(v))
    assert.equal(0, v:stats().growths)
  end)

  it("has the bounds of its window", function()
    local a = dynarray.from({ 1, 2, 3, 4 }, "int8")
    local v = a:view(2, 3)
    expect.raises("index 3 out of bounds (size 2)", function() return v[3] end)
    expect.raises("index 0 out of bounds (size 2)", function() return v[0] end)
    expect.raises("index 3 out of bounds (size 2)", function() v[3] = 1 end)
    expect.raises("300 does not fit into int8 (-128 to 127) at index 1", function() v[1] = 300 end)
    expect.holds(a, 1, 2, 3, 4)
  end)

  it("refuses ranges that reach outside the present size", function()
    local a = dynarray.of(1, 2)
    expect.raises("index 3 out of range (0 to 2)", a.view, a, 1, 3)
    expect.raises("index 4 out of range (1 to 3)", a.view, a, 4)
    expect.raises("index 0 out of range (1 to 3)", a.view, a, 0)
    expect.raises("index -1 out of range", a.view, a, -1)
    expect.raises("index expected an integer, got table", a.view, a, {})
  end)

  it("is worth as much as an array of the same elements", function()
    for _, name in ipairs(types.all) do
      local a = dynarray.from({ 7, 1, 2, 3 }, name)
      local v, b = a:view(2), dynarray.from({ 1, 2, 3 }, name)
      assert.is_true(v == b)
      assert.is_true(b == v)
      assert.is_true(v == a:view(2, 4))
      assert.is_false(v == a)
      expect.holds(v .. v, as(name, 1, 2, 3, 1, 2, 3))
      expect.holds(dynarray.from(v), as(name, 1, 2, 3))
      expect.holds(v:copy(), as(name, 1, 2, 3))
      expect.holds(b:extend(v), as(name, 1, 2, 3, 1, 2, 3))
      local sum, n = 0, 0
      for i, x in pairs(v) do
        sum, n = sum + x, n + i
      end
      for _, x in ipairs(v) do
        sum = sum + x
      end
      for _, x in dynarray.ipairs(v) do
        sum = sum + x
      end
      assert.equal(18, sum)
      assert.equal(6, n)
      assert.same({ as(name, 1, 2, 3) }, { table.unpack(v) })
    end
  end)

  it("follows its parent when that grows and moves", function()
    for _, name in ipairs(types.all) do
      for _, block in ipairs { "auto", "copy", "stable" } do
        local a = dynarray.new { type = name, capacity = 3, block = block }:append(1, 2, 3)
        local v = a:view(2, 3)
        for i = 1, 20000 do
          a:append(i & 127)
        end
        expect.holds(v, as(name, 2, 3))
        a:reserve(1000000)
        v[2] = 7
        assert.equal(7, a[3])
        a:resize(3):shrink_to_fit()
        expect.holds(v, as(name, 2, 7))
      end
    end
  end)

  it("loses what its parent loses, and shows it again when it is back", function()
    for _, name in ipairs(types.all) do
      local a = dynarray.from({ 1, 2, 3, 4 }, name)
      local v = a:view(2, 3)
      a:resize(2)
      expect.holds(v, as(name, 2))
      expect.raises("index 2 out of bounds (size 1)", function() return v[2] end)
      expect.raises("index 2 out of bounds (size 1)", function() v[2] = 1 end)
      a:clear():shrink_to_fit()
      expect.holds(v)
      expect.raises("index 1 out of bounds (size 0)", v.get, v, 1)
      a:append(5, 6, 7, 8)
      expect.holds(v, as(name, 6, 7))
      a:remove(1)
      expect.holds(v, as(name, 7, 8))
    end
  end)

  it("is empty once its parent is closed, and does not mind", function()
    for _, name in ipairs(types.all) do
      local a = dynarray.from({ 1, 2, 3 }, name)
      local v, w = a:view(), a:frozen()
      a:close()
      expect.holds(v)
      expect.holds(w)
      expect.raises("index 1 out of bounds (size 0)", function() v[1] = 1 end)
      expect.holds(v:copy())
      expect.holds(v:view())
      assert.equal(name, v.type)
      v:close()
      w:close()
      expect.holds(v)
    end
  end)

  it("closes without its parent", function()
    local a = dynarray.of(1, {}, 3)
    local v = a:view(2)
    v:close()
    v:close()
    expect.holds(v)
    assert.equal("dynarray<value>(closed)", tostring(v))
    expect.raises("array is closed", v.view, v)
    expect.raises("array is closed", v.frozen, v)
    expect.raises("array is closed", v.append, v, 1)
    collectgarbage()
    assert.equal("table", type(a[2]))
    assert.equal(3, #a)
    do
      local w <close> = a:view()
      assert.equal(3, #w)
    end
    assert.equal(3, #a)
  end)

  it("keeps its parent alive", function()
    for _, name in ipairs(types.all) do
      local v = dynarray.filled(1000, 7, name):view(2, 999):view(2):frozen()
      collectgarbage()
      collectgarbage()
      assert.equal(997, #v)
      assert.equal(7, v[997])
    end
    local v = dynarray.of({ 1 }, { 2 }):view(2)
    collectgarbage()
    assert.equal(2, v[1][1])
  end)

  it("goes when nothing holds it, and its parent after it", function()
    collectgarbage()
    collectgarbage()
    local before = dynarray.memory()
    for _ = 1, 100 do
      dynarray.filled(1000, 1, "float64"):view(2):view(3):frozen()
    end
    collectgarbage()
    collectgarbage()
    local after = dynarray.memory()
    assert.equal(before.arrays, after.arrays)
    assert.equal(before.bytes, after.bytes)
  end)

  it("holds no memory of its own", function()
    collectgarbage()
    local a = dynarray.filled(100000, 1, "float64")
    local before = dynarray.memory()
    local views = {}
    for i = 1, 100 do
      views[i] = a:view(i)
    end
    local after = dynarray.memory()
    assert.equal(before.bytes, after.bytes)
    assert.equal(before.arrays + 100, after.arrays)
    assert.equal(99901, #views[100])
  end)

  it("of a view is one of the parent, within the first", function()
    for _, name in ipairs(types.all) do
      local a = dynarray.from({ 1, 2, 3, 4, 5, 6 }, name)
      local v = a:view(2, 5)
      local w = v:view(2, 3)
      expect.holds(w, as(name, 3, 4))
      v:close()
      a:reserve(10000)
      w[1] = 9
      assert.equal(9, a[3])
      expect.raises("index 3 out of range (0 to 2)", w.view, w, 1, 3)
      a:append(7)
      expect.holds(w:view(), as(name, 9, 4))
      expect.holds(w:frozen(), as(name, 9, 4))
      a:resize(3)
      expect.holds(w, as(name, 9))
      expect.holds(w:view(), as(name, 9))
    end
  end)

  it("of a frozen array is frozen", function()
    local f = dynarray.of(1, 2, 3):frozen()
    for _, v in ipairs { f:view(2), f:frozen(), f:view():view(), f:view():frozen():view(1, 1) } do
      expect.raises("array is read-only", function() v[1] = 1 end)
    end
  end)

  it("writes objects that the parent keeps", function()
    local a = dynarray.of(1, "x", 3)
    local v = a:view(2)
    local weak = setmetatable({}, { __mode = "v" })
    weak[1], weak[2] = {}, {}
    v[1], v[2] = weak[1], weak[2]
    v:close()
    collectgarbage()
    assert.equal(weak[1], a[2])
    assert.equal(weak[2], a[3])
    v = a:view()
    v:set(2, nil):fill(0, 3)
    collectgarbage()
    assert.is_nil(weak[1] or weak[2])
    expect.holds(a, 1, nil, 0)
  end)

  it("may hold itself and its parent", function()
    local weak = setmetatable({}, { __mode = "k" })
    do
      local a = dynarray.of(1, 2, 3)
      local v = a:view()
      v[1], v[2], a[3] = v, a, v
      weak[a], weak[v] = true, true
      collectgarbage()
      assert.equal(v, a[1][3])
    end
    collectgarbage()
    collectgarbage()
    assert.is_nil(next(weak))
  end)

  it("is told apart from arrays that had its address", function()
    for _ = 1, 300 do
      local a = dynarray.of(1, 2, 3)
      local v = a:view()
      local _ = a[1] + v[1]
      a:append(4, 5, 6, 7, 8, 9, 10)
      assert(v[3] == 3 and #v == 3)
      collectgarbage("step", 50)
    end
  end)

  it("cannot change its size", function()
    for _, name in ipairs(types.all) do
      local a = dynarray.new { type = name, capacity = 10, bounds = "sequence" }:append(1, 2, 3, 4)
      local v = a:view(2, 3)
      local text = "a view cannot grow or shrink"
      local before = expect.snapshot(a)
      expect.raises(text, v.append, v, 1)
      expect.raises(text, v.extend, v, { 1 })
      expect.raises(text, v.extend, v, v)
      expect.raises(text, v.extend, v, dynarray.of(1))
      expect.raises(text, v.extend, v, a:iter())
      expect.raises(text, v.extend, v, function() return 1 end) -- without asking it for all it has
      expect.raises(text, v.pop, v)
      expect.raises(text, v.clear, v)
      expect.raises(text, v.reserve, v, 3)
      expect.raises(text, v.resize, v, 1)
      expect.raises(text, v.resize, v, 3)
      expect.raises(text, v.resize, v, 3, 1)
      expect.raises(text, v.insert, v, 1, 1)
      expect.raises(text, v.insert_all, v, 1, { 1 })
      expect.raises(text, v.remove, v)
      expect.raises(text, v.remove, v, 1)
      expect.raises(text, v.remove_range, v, 1, 1)
      expect.raises(text, v.swap_remove, v, 1)
      expect.raises(text, v.dedup, v)
      expect.raises("Not enough space to copy into", v.copy_from, v, { 1, 2, 3 })
      expect.unchanged(before)
      assert.equal(v, v:append():reserve(1):shrink_to_fit():resize(2):extend({}):insert_all(1, {}):remove_range(1, 0))
      expect.unchanged(before)
    end
  end)

  it("changes elements in place", function()
    for _, name in ipairs(types.all) do
      local a = dynarray.from({ 0, 1, 2, 3, 0 }, name)
      local v = a:view(2, 4)
      assert.equal(v, v:reverse():rotate(1):swap(1, 2))
      expect.holds(a, as(name, 0, 3, 1, 2, 0))
      v:fill(7, 2):set(1, 9)
      expect.holds(a, as(name, 0, 9, 7, 7, 0))
      v:copy_from({ 4, 5 })
      expect.holds(a, as(name, 0, 4, 5, 7, 0))
      v:copy_from(dynarray.from({ 1, 2, 3 }, "int8"))
      expect.holds(a, as(name, 0, 1, 2, 3, 0))
    end
  end)

  it("is copied onto its parent and its neighbours, overlapping or not", function()
    for _, objects in ipairs { false, true } do
      local function list()
        local t = {}
        for i = 1, 5 do
          t[i] = objects and { i } or i
        end
        return t, dynarray.from(t)
      end
      local t, a = list()
      a:copy_from(a:view(3, 5))
      expect.holds(a, t[3], t[4], t[5], t[4], t[5])
      t, a = list()
      a:view(2, 4):copy_from(a:view(1, 3))
      expect.holds(a, t[1], t[1], t[2], t[3], t[5])
      t, a = list()
      a:view(1, 3):copy_from(a:view(2, 4))
      expect.holds(a, t[2], t[3], t[4], t[4], t[5])
      t, a = list()
      a:view(4):copy_from(a:view(1, 2))
      expect.holds(a, t[1], t[2], t[3], t[1], t[2])
      t, a = list()
      local v = a:view()
      v:copy_from(a)
      a:copy_from(v)
      a:copy_from(a)
      collectgarbage()
      expect.holds(a, table.unpack(t))
      for _ = 1, 1000 do -- slots that leaked would show as growth of the table behind
        v:copy_from(a:view())
      end
      a:clear()
      collectgarbage()
      expect.holds(a:append("x"), "x")
    end
    for _, name in ipairs(types.numeric) do
      local a = dynarray.from({ 1, 2, 3, 4 }, name)
      a:view(2):copy_from(a:view(1, 3))
      expect.holds(a, as(name, 1, 1, 2, 3))
    end
  end)

  it("extends its own parent", function()
    for _, name in ipairs(types.all) do
      for n = 1, 40 do
        local a = dynarray.new { type = name, capacity = n }
        for i = 1, n do
          a:append(i)
        end
        a:extend(a:view(n, n)):extend(a:view(1, 1))
        assert.equal(n + 2, #a)
        assert.equal(n, a[n + 1])
        assert.equal(1, a[n + 2])
      end
    end
    local t, u = {}, {}
    local a = dynarray.of(t, u)
    a:extend(a:view(1, 2)):extend(a:view(2, 3))
    collectgarbage()
    expect.holds(a, t, u, t, u, u, t)
  end)

  it("copies keep their own elements, and can grow", function()
    local t = {}
    local a = dynarray.of(t, 2)
    local b = a:view():copy()
    a:close()
    expect.holds(b:append(3), t, 2, 3)
    assert.equal("integer", math.type(b:resize(4)[4]))
  end)

  it("works with the functions of table that stay in bounds", function()
    local a = dynarray.from({ 9, 3, 1, 2, 9 }, "int32")
    local v = a:view(2, 4)
    table.sort(v)
    expect.holds(a, 9, 1, 2, 3, 9)
    assert.equal("1,2,3", table.concat(v, ","))
    table.move(v, 1, 2, 2)
    expect.holds(a, 9, 1, 1, 2, 9)
  end)

  it("survives functions that change the parent while elements are visited", function()
    for _, change in ipairs { "clear", "close", "pop", "shrink_to_fit" } do
      for _, name in ipairs { "value", "int64" } do
        for _, method in ipairs { "map", "filter", "each", "reduce" } do
          local a = dynarray.from({ 1, 2, 3, 4, 5 }, name)
          local v = a:view(2, 4)
          v[method](v, function()
            a[change](a)
            return 1
          end, method == "reduce" and 0 or nil)
          expect.valid(a)
          expect.holds(v, table.unpack({ table.unpack(a:totable(), 2, 4) }))
        end
      end
    end
  end)

  it("survives metamethods that change the parent while it is compared", function()
    for _, change in ipairs { "clear", "close", "pop", "shrink_to_fit" } do
      local a, b
      local eq = { __eq = function()
        a[change](a)
        collectgarbage()
        return true
      end }
      local function three()
        return setmetatable({}, eq), setmetatable({}, eq), setmetatable({}, eq)
      end
      a, b = dynarray.of(three()), dynarray.of(three())
      local _ = a:view() == b
      expect.valid(a)
      a, b = dynarray.of(three()), dynarray.of(three())
      _ = b:view(1, 3) == a:view()
      expect.valid(a)
    end
  end)

  it("survives finalizers that change the parent", function()
    for _, change in ipairs { "clear", "close", "pop", "shrink_to_fit", "reverse" } do
      local a = dynarray.of({}, {}, {}, "x", "x")
      local v = a:view(2)
      local stop = false
      local function litter()
        setmetatable({}, { __gc = function()
          if not stop then
            if #a == 0 then
              a = dynarray.of({}, {}, {}, "x", "x")
              v = a:view(2)
            end
            a[change](a)
            litter()
          end
        end })
      end
      local mode = collectgarbage("incremental", 100, 400)
      litter()
      for i = 1, 60 do
        pcall(function() v[1] = { "y" .. i } end)
        pcall(v.fill, v, { i })
        pcall(v.copy_from, v, { {}, {}, {} })
        pcall(v.view, v, 1, 2)
        pcall(v.slice, v, 1, 2)
        pcall(v.copy, v)
        pcall(v.totable, v)
        pcall(tostring, v)
        pcall(a.extend, a, v)
        pcall(a.insert_all, a, 1, v)
      end
      stop = true
      collectgarbage(mode)
      expect.valid(a)
    end
  end)

  it("may be used in finalizers, in any order, also when the state closes", function()
    local child = require "support.child"
    assert.equal("", child.output([[
      local dynarray = require "dynarray"
      for _ = 1, 100 do
        local a = dynarray.of({}, 2, 3)
        local v, w = a:view(2), a:frozen()
        local function use()
          for _, x in ipairs { a, v, w } do
            local _ = #x, x[1] ~= nil or 0, tostring(x), x == a
            pcall(function() x[1] = {} end)
            pcall(x.append, x, {})
            pcall(x.view, x)
          end
          saved = { a, v, w } -- back to life
        end
        setmetatable({}, { __gc = use })
        a[1] = setmetatable({}, { __gc = function() pcall(use) end })
        a, v, w = nil, nil, nil
        collectgarbage()
      end
      collectgarbage()
      for _, x in ipairs(saved or {}) do pcall(function() return x[1] end) pcall(x.append, x, 1) end
    ]]))
  end)
end)

describe("a frozen array", function()
  it("shows all elements, whatever their number", function()
    for _, name in ipairs(types.all) do
      local a = dynarray.from({ 1, 2 }, name)
      local f = a:frozen()
      expect.holds(f, as(name, 1, 2))
      a:append(3)
      expect.holds(f, as(name, 1, 2, 3))
      a:reserve(100000):pop()
      expect.holds(f, as(name, 1, 2))
      a[1] = 9
      assert.equal(9, f[1])
    end
  end)

  it("refuses every change", function()
    for _, name in ipairs(types.all) do
      local a = dynarray.new { type = name, capacity = 10 }:append(1, 2, 3)
      local f = a:frozen()
      local before = expect.snapshot(a)
      local changes = {
        append = { 1 }, pop = {}, extend = { { 1 } }, set = { 1, 1 }, clear = {}, resize = { 1 },
        copy_from = { { 1 } },
        insert = { 1, 1 }, insert_all = { 1, { 1 } }, remove = {}, remove_range = { 1, 1 }, swap = { 1, 2 },
        swap_remove = { 1 }, reverse = {}, rotate = { 1 }, fill = { 1 }, dedup = {}, reserve = { 10 },
      }
      for method, arguments in pairs(changes) do
        expect.raises("array is read-only", f[method], f, table.unpack(arguments))
      end
      for i = 0, 5 do
        expect.raises("array is read-only", function() f[i] = 1 end)
        expect.raises("array is read-only", function() f[i] = nil end)
      end
      expect.raises("array is read-only", table.sort, f, function(x, y) return x > y end)
      expect.unchanged(before)
    end
  end)

  it("refuses to write in methods found later", function()
    -- Whatever method there is: called with arguments that change others, it leaves the frozen array as it is.
    local members = require "support.members"
    local left_out = { save = true, close = true, each = true, reduce = true, map = true, filter = true }
    for _, kind in ipairs(types.all) do
      local a = dynarray.from({ 3, 1, 2, 2 }, kind)
      local f = a:frozen()
      local before = expect.snapshot(a)
      for _, name in ipairs(members) do
        for _, arguments in ipairs { {}, { 1 }, { 1, 1 }, { 1, { 1 } }, { { 1 } }, { f }, { a }, { 2, 1 } } do
          if not left_out[name] then
            pcall(f[name], f, table.unpack(arguments))
          end
          expect.unchanged(before)
        end
      end
      expect.holds(f, as(kind, 3, 1, 2, 2))
    end
  end)

  it("gives what reading gives", function()
    local f = dynarray.from({ 1, 2, 3 }, "int8"):frozen()
    assert.equal(3, f:get(3))
    expect.holds(f:copy():append(4), 1, 2, 3, 4)
    expect.holds(f:slice(2), 2, 3)
    expect.holds(f:map(function(v) return v * 2 end), 2, 4, 6)
    assert.same({ 1, 2, 3 }, f:totable())
    assert.equal("\1\2\3", f:tobytes())
  end)
end)

describe("views when memory runs out", function()
  local prologue = [[
    dynarray = require "dynarray"
    a = dynarray.of({ 1 }, { 2 }, 3, 4)
    v = a:view(2)
    f = a:frozen()
  ]]
  local cases = {
    { "view", "b = a:view(2, 3)", "#b == 2 and b[1] == a[2]" },
    { "view of a view", "b = v:view(2)", "#b == 2 and b[1] == 3" },
    { "frozen", "b = a:frozen()", "#b == 4" },
    { "slice", "b = a:slice(1, 3)", "#b == 3 and b[1] == a[1]" },
    { "slice of a view", "b = v:slice(1, 2)", "#b == 2 and b[1] == a[2]" },
    { "copy", "b = v:copy()", "b == v" },
    { "writing an object", "v[2] = { 'new' }", "a[3][1] == 'new'" },
    { "filling with an object", "v:fill({})", "a[2] == a[4] and a[1][1] == 1" },
    { "copying onto itself", "v:copy_from(a:view(1, 3))", "a[2] == a[1] and a[4] == 3" },
    { "extending the parent", "a:extend(v)", "#a == 7 and a[5] == a[2]" },
    { "map", "b = v:map(function(x) return { x } end)", "#b == 3" },
    { "iter", "b = dynarray.from(v:iter())", "b == v" },
    { "==", "b = v == f", "b == false" },
    { "tostring", "b = tostring(f)", "#b > 20" },
  }
  for _, case in ipairs(cases) do
    for _, once in ipairs { false, true } do
      it(("nothing is lost%s: %s"):format(once and " for a moment" or "", case[1]), function()
        local name, operation, done = table.unpack(case)
        native.every_failure {
          name = name, setup = prologue, code = operation, once = once, done = done,
          failed = [[#a == 4 and a[1][1] == 1 and a[2][1] == 2 and a[3] == 3 and a[4] == 4 and
                     #v == 3 and v[1] == a[2] and #f == 4]],
        }
      end)
    end
  end
end)
