local dynarray = require "dynarray"
local expect = require "support.expect"
local types = require "support.types"

describe("dynarray.new", function()
  it("makes an empty value array of capacity 16", function()
    local a = dynarray.new()
    assert.equal("userdata", type(a))
    assert.equal(0, #a)
    assert.equal(0, a.size)
    assert.equal(16, a.capacity)
    assert.equal(16, a.allocated_size)
    assert.equal("value", a.type)
    assert.equal("strict", a.bounds)
    assert.equal(2, a.growth)
    assert.is_nil(a.max_size)
  end)

  it("takes the name of an element type", function()
    for _, name in ipairs(types.all) do
      local a = dynarray.new(name)
      assert.equal(name, a.type)
      assert.equal(0, #a)
      assert.equal(16, a.capacity)
    end
  end)

  it("knows the size of an element", function()
    for _, name in ipairs(types.numeric) do
      assert.equal(types[name].size, dynarray.new(name).element_size)
    end
    assert.is_true(dynarray.new().element_size >= 8)
  end)

  it("takes options", function()
    local a = dynarray.new { type = "int16", capacity = 3, bounds = "sequence", growth = 1.5, max_size = 100 }
    assert.equal("int16", a.type)
    assert.equal(3, a.capacity)
    assert.equal("sequence", a.bounds)
    assert.equal(1.5, a.growth)
    assert.equal(100, a.max_size)
    assert.equal(0, #a)
  end)

  it("takes the article's names for capacity and fill", function()
    local a = dynarray.new { initial_size = 1, initial_fill = 7, debug = false }
    assert.equal(1, a.capacity)
    expect.holds(a:resize(2), 7, 7)
  end)

  it("makes an array that has no capacity yet", function()
    local a = dynarray.new { capacity = 0 }
    assert.equal(0, a.capacity)
    expect.holds(a:append(1, 2, 3), 1, 2, 3)
  end)

  it("refuses both names of one option", function()
    local err = expect.error(dynarray.new, { capacity = 1, initial_size = 1 })
    assert.truthy(err:find("capacity", 1, true) and err:find("initial_size", 1, true), err)
    err = expect.error(dynarray.new, { fill = 1, initial_fill = 1 })
    assert.truthy(err:find("fill", 1, true) and err:find("initial_fill", 1, true), err)
  end)

  it("names an unknown option and lists the known ones", function()
    local err = expect.error(dynarray.new, { capcity = 5 })
    assert.truthy(err:find("capcity", 1, true), err)
    for _, known in ipairs { "type", "capacity", "initial_size", "fill", "initial_fill", "debug", "growth", "bounds",
      "max_size", "on_grow", "block" } do
      assert.truthy(err:find(known, 1, true), err)
    end
    expect.error(dynarray.new, { 5 })
    expect.error(dynarray.new, { [true] = 5 })
  end)

  it("names an unknown type and lists the known ones", function()
    for _, wrong in ipairs { "int128", "", "Value", "int8\0" } do
      for _, options in ipairs { { type = wrong }, wrong } do
        local err = expect.error(dynarray.new, options)
        for _, known in ipairs(types.all) do
          assert.truthy(err:find(known, 1, true), err)
        end
      end
    end
    assert.truthy(expect.error(dynarray.new, "int128"):find("int128", 1, true))
  end)

  it("names an option whose value is of the wrong kind", function()
    local wrong = {
      type = { 5, true, {}, print },
      capacity = { "16", true, {}, -1, 1.5, 0 / 0, math.huge, -math.huge, math.mininteger },
      initial_size = { "16", true, {}, -1, 1.5, 0 / 0 },
      debug = { 1, "true", {} },
      growth = { true, {}, 1, 0, -2, 0.5, 0 / 0, "no such policy" },
      bounds = { 1, true, {}, "loose", "" },
      max_size = { "16", true, {}, -1, 1.5, 0 / 0 },
      on_grow = { 1, true, "print", {} },
      block = { 1, true, {}, "no such block" },
    }
    for option, values in pairs(wrong) do
      for _, value in ipairs(values) do
        local ok, err = pcall(dynarray.new, { [option] = value })
        assert.is_false(ok, option .. " = " .. tostring(value))
        assert.truthy(err:find(option, 1, true), err)
      end
    end
  end)

  it("lists the bounds it knows", function()
    local err = expect.error(dynarray.new, { bounds = "loose" })
    assert.truthy(err:find("loose", 1, true) and err:find("strict", 1, true) and err:find("sequence", 1, true), err)
  end)

  it("lists the blocks it knows", function()
    local err = expect.error(dynarray.new, { block = "stone" })
    assert.truthy(err:find("stone", 1, true) and err:find("copy", 1, true) and err:find("stable", 1, true), err)
  end)

  it("refuses an argument that is neither a type nor options", function()
    for _, wrong in ipairs { 5, true, print, dynarray.new(), io.stdout } do
      expect.error(dynarray.new, wrong)
    end
  end)

  it("refuses a fill that the type cannot hold", function()
    expect.raises("uint8", dynarray.new, { type = "uint8", fill = 300 })
    expect.raises("int32", dynarray.new, { type = "int32", fill = 0.5 })
    expect.raises("float64", dynarray.new, { type = "float64", fill = "0" })
    expect.raises("float32", dynarray.new, { type = "float32", initial_fill = {} })
  end)

  it("takes any value as the fill of a value array", function()
    local t = {}
    for _, fill in ipairs { t, "x", true, 0.5, print } do
      expect.holds(dynarray.new { fill = fill }:resize(2), fill, fill)
    end
    expect.holds(dynarray.new { fill = false }:resize(1), false)
  end)

  it("leaves its options alone", function()
    local options = { type = "int8", capacity = 2 }
    dynarray.new(options)
    assert.same({ type = "int8", capacity = 2 }, options)
  end)

  it("takes each kind of block", function()
    for _, block in ipairs { "copy", "stable" } do
      local a = dynarray.new { type = "float64", block = block, capacity = 4, max_size = 1000 }
      assert.equal(block, a.block)
      for i = 1, 1000 do
        a:append(i)
      end
      for i = 1, 1000 do
        assert(a[i] == i)
      end
    end
  end)
end)

describe("dynarray.of", function()
  it("makes a value array of its arguments", function()
    local t = {}
    local a = dynarray.of(1, "two", t, 4.0)
    assert.equal("value", a.type)
    expect.holds(a, 1, "two", t, 4.0)
  end)

  it("keeps nils, the last ones too", function()
    expect.holds(dynarray.of(nil, 1, nil, nil), nil, 1, nil, nil)
  end)

  it("makes an empty array of nothing", function()
    expect.holds(dynarray.of())
    expect.holds(dynarray.of():append(1), 1)
  end)

  it("takes hundreds of arguments", function()
    local t = {}
    for i = 1, 250 do
      t[i] = i
    end
    expect.holds(dynarray.of(table.unpack(t)), table.unpack(t))
  end)
end)

describe("dynarray.from", function()
  it("copies a table", function()
    local a = dynarray.from { 1, "two", 3.0 }
    assert.equal("value", a.type)
    expect.holds(a, 1, "two", 3.0)
    expect.holds(dynarray.from {})
  end)

  it("refuses a table that has keys and no element 1", function()
    expect.raises('table has no element 1, but the key "apple"', dynarray.from, { apple = 3 })
    expect.raises("table has no element 1, but the key 2", dynarray.from, { [2] = 1 }, "int8")
    expect.raises('table has no element 1, but the key "x"', dynarray.from, { n = 0, x = 1 })
    for i = 1, 50 do -- the order in which a table has its keys is another in each process
      local key, early, late = "x" .. i, {}, { n = 0 }
      early[key], late[key] = 1, 1
      early.n = 0
      for _, t in ipairs { early, late } do
        expect.raises(('table has no element 1, but the key "%s"'):format(key), dynarray.from, t)
      end
    end
    expect.holds(dynarray.from(table.pack()))
    expect.holds(dynarray.from(setmetatable({ apple = 3 }, {})))
  end)

  it("converts to the type asked for", function()
    local a = dynarray.from({ 1, 2.0, 3 }, "int8")
    assert.equal("int8", a.type)
    expect.holds(a, 1, 2, 3)
    expect.holds(dynarray.from({ 1, 2 }, "float32"), 1.0, 2.0)
  end)

  it("takes options", function()
    local a = dynarray.from({ 1, 2, 3 }, { type = "int8", bounds = "sequence", capacity = 50 })
    assert.equal("int8", a.type)
    assert.equal("sequence", a.bounds)
    assert.equal(50, a.capacity)
    expect.holds(a, 1, 2, 3)
  end)

  it("takes the type of an array", function()
    for _, name in ipairs(types.all) do
      local a = dynarray.new(name):append(1, 2, 3)
      local b = dynarray.from(a)
      assert.equal(name, b.type)
      expect.holds(b, a[1], a[2], a[3])
      b[1] = 9
      assert.equal(1, a[1])
      assert.equal(name, dynarray.from(a, { capacity = 5 }).type)
    end
  end)

  it("converts between every two types", function()
    for _, from in ipairs(types.all) do
      for _, to in ipairs(types.all) do
        local a = dynarray.from(dynarray.new(from):append(1, 100), to)
        assert.equal(to, a.type)
        assert.equal(2, #a)
        assert(a[1] == 1 and a[2] == 100)
      end
    end
  end)

  it("keeps the nils of an array", function()
    expect.holds(dynarray.from(dynarray.of(nil, 2, nil)), nil, 2, nil)
  end)

  it("calls an iterator without arguments until its first result is nil", function()
    local i, arguments = 0, 0
    local a = dynarray.from(function(...)
      i, arguments = i + 1, arguments + select("#", ...)
      if i <= 3 then
        return i * 10, "ignored"
      end
      return nil, "ignored"
    end)
    expect.holds(a, 10, 20, 30)
    assert.equal(4, i)
    assert.equal(0, arguments)
  end)

  it("takes false from an iterator as an element", function()
    local i = 0
    expect.holds(dynarray.from(function()
      i = i + 1
      if i < 3 then
        return false
      end
    end), false, false)
  end)

  it("reads what a library gives as an iterator", function()
    expect.holds(dynarray.from(("a b c"):gmatch("%a")), "a", "b", "c")
  end)

  it("asks a table for __len and __index", function()
    local t = setmetatable({}, { __len = function() return 3 end, __index = function(_, i) return i * i end })
    expect.holds(dynarray.from(t), 1, 4, 9)
    expect.holds(dynarray.from(t, "int8"), 1, 4, 9)
  end)

  it("names the element that does not fit", function()
    expect.raises("300 does not fit into uint8 (0 to 255) at index 3", dynarray.from, { 1, 2, 300 }, "uint8")
    expect.raises("1.5 has no integer representation, wanted int8 at index 2", dynarray.from, dynarray.of(1, 1.5),
      "int8")
  end)

  it("refuses other sources", function()
    for _, wrong in ipairs { 5, true, "abc", io.stdout } do
      expect.error(dynarray.from, wrong)
    end
    expect.error(dynarray.from)
    expect.error(dynarray.from, nil)
  end)

  it("passes on an error of its iterator", function()
    expect.raises("stop here", dynarray.from, function() error("stop here") end)
    local object = {}
    assert.equal(object, expect.error(dynarray.from, function() error(object) end))
  end)
end)

describe("dynarray.filled", function()
  it("makes n equal elements", function()
    expect.holds(dynarray.filled(3, "x"), "x", "x", "x")
    expect.holds(dynarray.filled(1, nil), nil)
    expect.holds(dynarray.filled(2, 7, "int8"), 7, 7)
    expect.holds(dynarray.filled(2, 7, "float64"), 7.0, 7.0)
  end)

  it("takes options", function()
    local a = dynarray.filled(2, 1, { type = "uint16", bounds = "sequence", capacity = 9 })
    assert.equal("uint16", a.type)
    assert.equal("sequence", a.bounds)
    assert.equal(9, a.capacity)
    expect.holds(a, 1, 1)
  end)

  it("fills for every type, many elements", function()
    for _, name in ipairs(types.all) do
      local a = dynarray.filled(1000, 100, name)
      assert.equal(name, a.type)
      assert.equal(1000, #a)
      for i = 1, 1000 do
        assert(a[i] == 100)
      end
    end
  end)

  it("refuses arguments that mean nothing", function()
    expect.raises("too many arguments", dynarray.new, "float64", 100)
    expect.raises("too many arguments", dynarray.filled, 1, 2, "int8", 3)
    expect.raises("too many arguments", dynarray.from, {}, "int8", 3)
    expect.raises("three values, such as those of pairs, need a loop", function() dynarray.from(pairs {}) end)
    expect.raises("unknown option '1' (known: ", dynarray.new, { 1, 2 })
    expect.raises("): dynarray.from takes elements", dynarray.new, { 1, 2 })
    expect.raises("option 'type' among the elements", dynarray.from, { 1, 2, type = "int8" })
    expect.holds(dynarray.from({ 1, 2, x = 3 }, "int8"), 1, 2)
  end)

  it("of no elements is an empty array", function()
    expect.holds(dynarray.filled(0, 1))
    assert.equal("int8", dynarray.filled(0, 1, "int8").type)
  end)

  it("refuses fewer than no elements", function()
    for _, n in ipairs { -1, math.mininteger } do
      expect.raises(tostring(n), dynarray.filled, n, 0)
    end
  end)

  it("refuses what is no size", function()
    for _, n in ipairs { 1.5, 0 / 0, math.huge, "x", {}, true } do
      expect.error(dynarray.filled, n, 0)
    end
    expect.error(dynarray.filled)
  end)

  it("refuses more elements than there can be", function()
    for _, name in ipairs(types.all) do
      expect.error(dynarray.filled, math.maxinteger, 0, name)
    end
    expect.error(dynarray.filled, 1 << 61, 0, "float64")
  end)

  it("names a value that does not fit", function()
    expect.raises("300 does not fit into uint8 (0 to 255)", dynarray.filled, 2, 300, "uint8")
  end)
end)

describe("the module", function()
  it("has a version", function()
    local header = assert(io.open "src/include/dynarray.h")
    assert.equal(header:read("a"):match '#define DYNARRAY_VERSION "(.-)"', dynarray.version)
    header:close()
  end)

  it("lists the element types", function()
    local known, count = {}, 0
    for _, name in ipairs(dynarray.types) do
      known[name], count = true, count + 1
    end
    assert.equal(#types.all, count)
    for _, name in ipairs(types.all) do
      assert.is_true(known[name], name)
    end
  end)

  it("leaves no globals behind", function()
    local child = require "support.child"
    assert.equal("", child.output [[
      local before = {}
      for k in pairs(_G) do before[k] = true end
      require "dynarray"
      for k in pairs(_G) do if not before[k] then print(k) end end
    ]])
  end)

  it("can be loaded twice, and both know each other's arrays", function()
    local path = assert(package.searchpath("dynarray", package.cpath))
    local again = assert(package.loadlib(path, "luaopen_dynarray"))()
    local a, b = dynarray.of(1, 2), again.of(1, 2)
    assert.is_true(a == b)
    expect.holds(a:extend(b), 1, 2, 1, 2)
    expect.holds(again.from(a), 1, 2, 1, 2)
    expect.holds(a .. b, 1, 2, 1, 2, 1, 2)
  end)
end)

describe("dynarray.from", function()
  it("makes as much room as there are elements, or as is asked for", function()
    for _, n in ipairs { 0, 5, 21 } do
      local t = {}
      for i = 1, n do
        t[i] = i
      end
      assert.equal(n, dynarray.from(t).capacity)
      assert.equal(n, dynarray.from(t, "float64").capacity)
      assert.equal(32, dynarray.from(t, { capacity = 32 }).capacity)
    end
  end)
end)

describe("range and linspace", function()
  it("go up and down, in integers and floats", function()
    expect.holds(dynarray.range(5, 1, -2), 5, 3, 1)
    expect.holds(dynarray.range(1, 2, 0.25), 1.0, 1.25, 1.5, 1.75, 2.0)
    expect.holds(dynarray.range(2.0, 1.0, -0.5), 2.0, 1.5, 1.0)
    expect.holds(dynarray.range(1, 3, "int8"), 1, 2, 3)
    expect.holds(dynarray.range(1, 2, 0.5, "float32"), 1.0, 1.5, 2.0)
    expect.holds(dynarray.range(math.mininteger, math.maxinteger, 1 << 62), math.mininteger, -(1 << 62), 0, 1 << 62)
    expect.holds(dynarray.linspace(0, 1, 5), 0.0, 0.25, 0.5, 0.75, 1.0)
    expect.holds(dynarray.linspace(3, 4, 1), 3.0)
    expect.holds(dynarray.linspace(0, 10, 3, "int8"), 0, 5, 10)
  end)

  it("are empty where the step leads away, or nothing is asked for", function()
    for _, arguments in ipairs { { 5, 1 }, { 1, 5, -1 }, { 1.5, 0.5 }, { 0.5, 1.5, -1 } } do
      assert.equal(0, #dynarray.range(table.unpack(arguments)))
    end
    assert.equal(0, #dynarray.linspace(1, 2, 0))
  end)

  it("refuse a step of 0, and what is no number", function()
    expect.raises("step must not be 0", dynarray.range, 1, 2, 0)
    expect.raises("step must not be 0", dynarray.range, 1, 2, 0.0)
    expect.raises("bad argument #2", dynarray.range, 1, "x")
    expect.raises("bad argument #3", dynarray.range, 1, 2, {})
    expect.raises("bad argument #2", dynarray.linspace, 1, "x", 3)
    expect.raises("size", dynarray.linspace, 1, 2, -1)
  end)
end)

describe("range", function()
  it("refuses more elements than there can be, and ends that are no numbers", function()
    expect.raises("range has too many elements", dynarray.range, math.mininteger, math.maxinteger)
    expect.raises("range has too many elements", dynarray.range, 1, math.huge)
    expect.raises("range has too many elements", dynarray.range, 1, 1e300)
    expect.raises("range has too many elements", dynarray.range, 0 / 0, 1)
    expect.raises("bad argument #3", dynarray.range, 1, 2, "int8", "int8")
  end)

  it("counts in floats where one of the three is one", function()
    expect.holds(dynarray.range(1.0, 2), 1.0, 2.0)
    expect.holds(dynarray.range(1, 2.0), 1.0, 2.0)
    expect.holds(dynarray.range(1, 2, 1.0), 1.0, 2.0)
  end)
end)

describe("dynarray.random", function()
  it("makes numbers of the type that is asked for, from a seed", function()
    local a = dynarray.random(100, "int8", 1)
    assert.equal("int8", a.type)
    assert.is_true(a == dynarray.random(100, "int8", 1))
    assert.equal("float64", dynarray.random(3, nil, 1).type)
  end)

  it("needs a seed where there is no math.random", function()
    assert.equal("false\ta seed is needed: there is no math.random\n3\n", require "support.child".output [[
      local dynarray = require "dynarray"
      package.loaded.math = nil
      print(pcall(dynarray.random, 3))
      print(#dynarray.random(3, "int8", 1))
    ]])
  end)
end)

describe("a capacity that is less than is filled", function()
  it("is raised, and the elements of a table come one after the other", function()
    assert.equal(5, dynarray.filled(5, 0, { capacity = 3 }).capacity)
    for _, key in ipairs { "a", "b", "c", "d", "e", "f", "g", "h" } do -- whichever comes first
      expect.raises(('but the key "%s"'):format(key), dynarray.from, { n = 0, [key] = 1 })
    end
  end)
end)

describe("the name of a type that is none", function()
  it("is shown in quotes, with what cannot be printed as numbers", function()
    expect.raises([["a\"b\\c\010\127"]], dynarray.new, 'a"b\\c\n\127')
  end)
end)

describe("the module without functions of the standard library", function()
  local child = require "support.child"

  it("treats ipairs and table.move as it treats any code", function()
    for _, replaced in ipairs { "nil, nil", "function(t) return ipairs0(t) end, {}", "1, 1" } do
      assert.equal("false\tindex 3 out of bounds (size 2)\nfalse\tindex 5 out of bounds (size 3)\n", child.output(([[
        local ipairs0, move = ipairs, table.move
        ipairs, table = %s
        local dynarray = require "dynarray"
        local a = dynarray.of(1, 2)
        print(pcall(function() for _ in ipairs0(a) do end end))
        print(pcall(move, dynarray.new { bounds = "sequence" }:append(1, 2, 3), 1, 3, 3))
      ]]):format(replaced)))
    end
  end)

  it("does not take another function of C for table.move by what its arguments are", function()
    assert.equal("false\tindex 3 out of bounds (size 1)\n", child.output [[
      local move = table.move
      table.move = table.sort
      local dynarray = require "dynarray"
      table.move = move
      local s = dynarray.from({ 1, 1, 1 }, { type = "int64", bounds = "sequence" })
      print(pcall(table.sort, s, function() s:pop() s:pop() return true end))
    ]])
  end)

  it("is what closes the state, once, whoever calls its finalizer", function()
    assert.equal("0\tdynarray<int8>(closed)\nfalse\n", child.output [[
      local dynarray = require "dynarray"
      local a = dynarray.filled(1000, 1, "int8")
      local finalizer, state
      for key, value in pairs(debug.getregistry()) do
        local metatable = type(key) == "userdata" and debug.getmetatable(value)
        if type(metatable) == "table" and type(metatable.__gc) == "function" and type(value) == "userdata" then
          finalizer, state = metatable.__gc, value
        end
      end
      finalizer(1)
      assert(#a == 1000)
      finalizer(state)
      finalizer(state)
      print(#a, a)
      print((pcall(dynarray.new)))
    ]])
  end)
end)
