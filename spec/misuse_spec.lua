-- Whatever is done to an array: an error or a defined result, never a crash.
local dynarray = require "dynarray"
local annotations = require "support.annotations"
local expect = require "support.expect"
local child = require "support.child"
local fresh = require "support.fresh"
local methods = require "support.members"
local native = require "support.native"
local types = require "support.types"

local nan = 0 / 0

local function foreign_values()
  return {
    n = 23, false, true, 0, 1, -1, 1.5, nan, math.maxinteger, math.mininteger, "", "x", {}, select, function() end,
    io.stdout, coroutine.create(print), native.lightuserdata(), native.userdata(0), native.userdata(8),
    native.userdata(512), setmetatable({}, { __index = function() return 1 end, __len = function() return 3 end }),
    setmetatable({}, { __name = "dynarray" }), nil,
  }
end

describe("a metamethod called by hand", function()
  local metatable = debug.getmetatable(dynarray.new())

  it("is there", function()
    for _, event in ipairs { "__index", "__newindex", "__len", "__eq", "__concat", "__tostring", "__pairs", "__close",
      "__gc" } do
      assert.equal("function", type(metatable[event]), event)
    end
    assert.equal("dynarray", metatable.__name)
    assert.equal("dynarray", metatable.__metatable)
  end)

  it("refuses every value that is no array", function()
    for event, f in pairs(metatable) do
      if type(f) == "function" then
        local values = foreign_values()
        for i = 1, values.n do
          local v = values[i]
          for _, arguments in ipairs { { n = 0 }, { n = 1, 1 }, { n = 2, 1, 2 }, { n = 2, "size", 1 }, { n = 1, v },
            { n = 2, v, v } } do
            local ok, err = pcall(f, v, table.unpack(arguments, 1, arguments.n))
            -- == is false, not an error, for what is no array.
            assert.is_true(not ok or event == "__eq" and err == false, event .. " took " .. tostring(v))
            assert.is_true(ok or type(err) == "string")
          end
        end
        assert.is_false(pcall(f), event .. " without arguments")
      end
    end
  end)

  it("takes other arguments of every kind with an array", function()
    for _, f in pairs(metatable) do
      if type(f) == "function" then
        local values = foreign_values()
        for i = 1, values.n do
          for j = 1, values.n do
            for _, name in ipairs { "value", "int8" } do
              local a = fresh(name)
              pcall(f, a, values[i], values[j])
              pcall(f, values[i], a, values[j])
              expect.valid(a)
            end
          end
        end
        pcall(f, (fresh("value")))
      end
    end
  end)

  it("finalizes and closes as often as asked", function()
    for _, name in ipairs(types.all) do
      for _, order in ipairs { { "__gc", "__gc" }, { "__gc", "__close" }, { "__close", "__gc", "__gc" } } do
        local a = fresh(name)
        for _, event in ipairs(order) do
          metatable[event](a)
        end
        expect.valid(a)
        assert.equal(0, #a)
      end
    end
    collectgarbage()
  end)

  it("on a table that was given the metatable is an error", function()
    local impostor = debug.setmetatable({}, metatable)
    expect.error(function() return impostor[1] end)
    expect.error(function() impostor[1] = 1 end)
    expect.error(function() return #impostor end)
    expect.error(function() return impostor .. impostor end)
    expect.error(tostring, impostor)
    expect.error(pairs, impostor)
    expect.error(dynarray.from, impostor)
    local a = fresh("int8")
    expect.error(a.extend, a, impostor)
    expect.error(a.copy_from, a, impostor)
    pcall(function() return a == impostor end)
    debug.setmetatable(impostor, nil)
    expect.holds(a, 1, 2, 3)
  end)

  it("lets the metatable be taken off an array", function()
    local a = fresh("value")
    local other = fresh("value")
    debug.setmetatable(a, nil)
    expect.error(function() return a[1] end)
    for _, method in ipairs { "get", "append", "stats", "copy", "resize" } do
      pcall(other[method], a, 3)
    end
    pcall(other.extend, other, a)
    pcall(dynarray.from, a)
    debug.setmetatable(a, metatable)
    expect.valid(a)
    assert.equal(2, a[2])
  end)
end)

describe("a method", function()
  it("refuses every value that is no array", function()
    local a = fresh("value")
    for _, method in ipairs(methods) do
      local f = a[method]
      local values = foreign_values()
      for i = 1, values.n do
        local ok, err = pcall(f, values[i], 1, 1)
        assert.is_false(ok, method .. " took " .. tostring(values[i]))
        assert.equal("string", type(err))
      end
      assert.is_false(pcall(f), method)
    end
  end)

  it("names what it wanted and what it got", function()
    local append = fresh("value").append
    expect.raises("dynarray expected, got table", append, {}, 1)
    expect.raises("dynarray expected, got number", append, 5, 1)
    expect.raises("dynarray expected, got FILE*", append, io.stdout, 1)
    expect.raises("dynarray expected, got no value", append)
    expect.raises("dynarray expected, got nil", append, nil)
  end)

  it("takes arguments of every kind", function()
    for _, method in ipairs(methods) do
      local values = foreign_values()
      for i = 1, values.n do
        for j = 1, values.n do
          for _, name in ipairs { "value", "uint8", "float32" } do
            -- A policy of nothing is an error later; save and write would leave files behind.
            local later = method == "set_growth" and type(values[i]) == "function"
            if method ~= "save" and method ~= "write" and not later then
              local a = fresh(name, { max_size = 1000000 })
              if not pcall(a[method], a, values[i], values[j]) then
                assert.equal(3, #a)
              end
              expect.valid(a)
            end
          end
        end
      end
    end
  end)
end)

describe("a function of the module", function()
  it("takes arguments of every kind", function()
    for name, f in pairs(dynarray) do
      if type(f) == "function" and name ~= "collector" and name ~= "limit" then
        local values = foreign_values()
        for i = 1, values.n do
          for j = 1, values.n do
            local ok, a = pcall(f, values[i], values[j])
            if ok and type(a) == "userdata" and getmetatable(a) == "dynarray" then
              expect.valid(a)
            end
          end
        end
        pcall(f)
      end
    end
  end)
end)

describe("a huge size", function()
  it("as max_size or factor bounds, and does not break", function()
    for _, n in ipairs { 1 << 61, math.maxinteger } do
      local a = dynarray.new { max_size = n }:append(1)
      assert.equal(n, a.max_size)
      expect.valid(a)
    end
    assert.equal(0, #dynarray.new { max_size = 1, capacity = 0 })
  end)
end)

-- What collects often, in processes of their own: see support/misuse.lua.
describe("the array survives", function()
  for _, case in ipairs {
    "a huge, negative or broken size wherever a size is asked for",
    "a huge size of a source",
    "a callback that is a growth policy",
    "a callback that is an observer",
    "a callback that is the iterator of extend",
    "a callback that is a metamethod of the source of extend, from or copy_from",
    "a callback that is the comparator of table.sort",
    "a callback that is a metamethod of an element",
    "a callback that is a finalizer which runs meanwhile",
  } do
    it(case, function()
      child.succeeds("spec/support/misuse.lua", case)
    end)
  end
end)

describe("a callback", function()
  it("that is an iterator of dynarray.from may raise at any element", function()
    for _, name in ipairs(types.all) do
      for last = 1, 40 do
        local n = 0
        expect.raises("callback fails", dynarray.from, function()
          n = n + 1
          return n < last and 1 or error("callback fails")
        end, name)
      end
    end
  end)

  it("is told that it cannot yield", function()
    local a = fresh("int8", { growth = function() coroutine.yield() end })
    a:append(4)
    local before = expect.snapshot(a)
    local co = coroutine.create(function() a:append(5) end)
    local ok, err = coroutine.resume(co)
    assert.is_false(ok)
    assert.truthy(err:find("yield", 1, true), err)
    expect.unchanged(before)
  end)

  it("may recurse without end, and gets an error for it", function()
    local a
    a = dynarray.new { capacity = 0, growth = function() a:append(1) end }
    expect.error(a.append, a, 1)
    assert.equal(0, #a)
    local b
    local endless = true
    b = dynarray.new { capacity = 0, on_grow = function()
      if endless then
        b:reserve(b.capacity + 1)
      end
    end }
    expect.error(b.append, b, 1)
    endless = false
    expect.valid(b)
  end)
end)

describe("elements that hold arrays in a circle", function()
  it("compare with an error or a result", function()
    local a, b = dynarray.new(), dynarray.new()
    a:append(b)
    b:append(a)
    pcall(function() return a == b end)
    local c, d = dynarray.new(), dynarray.new()
    c:append(c)
    d:append(d)
    pcall(function() return c == d end)
    expect.valid(a)
    expect.valid(c)
  end)

  it("compare when nested a hundred thousand deep", function()
    local a, b = dynarray.of(1), dynarray.of(1)
    for _ = 1, 100000 do
      a, b = dynarray.of(a), dynarray.of(b)
    end
    pcall(function() return a == b end)
    expect.valid(a)
  end)
end)

describe("a coroutine", function()
  it("may make an array that outlives it", function()
    local made = {}
    for k, name in ipairs(types.all) do
      local made_here = { asked = 0, seen = 0 }
      made_here.array = coroutine.wrap(function()
        local b = dynarray.new { type = name, capacity = 1,
          growth = function(capacity, needed)
            made_here.asked = made_here.asked + 1
            return math.max(capacity * 2, needed)
          end,
          on_grow = function() made_here.seen = made_here.seen + 1 end }
        return b:append(1)
      end)()
      made[k] = made_here
    end
    collectgarbage()
    collectgarbage()
    for _, made_here in ipairs(made) do
      local a = made_here.array
      for i = 2, 100 do
        a:append(i)
      end
      assert.equal(7, made_here.asked)
      assert.equal(7, made_here.seen)
      for i = 1, 100 do
        assert(a[i] == i)
      end
    end
  end)

  it("shares an array with others", function()
    local a = dynarray.new("int32")
    local threads = {}
    for t = 1, 10 do
      threads[t] = coroutine.wrap(function()
        for i = 1, 50 do
          a:append(i)
          coroutine.yield(#a)
        end
      end)
    end
    for round = 1, 50 do
      for t = 1, 10 do
        assert.equal((round - 1) * 10 + t, threads[t]())
      end
    end
    assert.equal(500, #a)
  end)

  it("may be left between the steps of an iteration", function()
    local a = dynarray.of(1, 2, 3)
    for _, iterate in ipairs { pairs, ipairs, dynarray.ipairs } do
      local step = coroutine.wrap(function()
        for _, v in iterate(a) do
          coroutine.yield(v)
        end
      end)
      assert.equal(1, step())
      collectgarbage()
      assert.equal(2, step())
      assert.equal(3, step())
      assert.is_nil(step())
    end
  end)

  it("may yield inside a protected call after an error of an array", function()
    local a = dynarray.of(1)
    local co = coroutine.wrap(function()
      local ok = pcall(function()
        coroutine.yield(1)
        return a[9]
      end)
      coroutine.yield(ok)
      return #a
    end)
    assert.equal(1, co())
    assert.is_false(co())
    assert.equal(1, co())
  end)
end)

describe("an array resurrected by a finalizer", function()
  it("is empty and closed, or as it was, and sound", function()
    local saved = {}
    for _, name in ipairs(types.all) do
      -- Finalizers run in the reverse order of creation: one of the two sees the array before its own finalizer,
      -- the other after it.
      local before, after
      before = setmetatable({}, { __gc = function(t) saved[#saved + 1] = t.array end })
      local a = dynarray.new(name)
      for i = 1, 100 do
        a:append(i)
      end
      after = setmetatable({}, { __gc = function(t)
        saved[#saved + 1] = t.array
        assert(#t.array == 100 and t.array[100] == 100)
      end })
      before.array, after.array = a, a
    end
    collectgarbage()
    collectgarbage()
    assert.equal(2 * #types.all, #saved)
    for _, a in ipairs(saved) do
      expect.valid(a)
      pcall(tostring, a)
      pcall(a.extend, a, a)
      pcall(a.copy, a)
      pcall(a.resize, a, 10)
      for _, v in pairs(a) do
        assert(v)
      end
      a:close()
      a:close()
    end
    saved = nil -- luacheck: ignore 311 (the value is dropped on purpose)
    collectgarbage()
  end)

  it("keeps no object that is gone", function()
    local saved
    do
      local a = dynarray.new()
      a:append({ "element" }, "a string of its own " .. #types.all)
      setmetatable({}, { __gc = function(t) saved = t.array or saved end }).array = a
      local keeper = setmetatable({ array = a }, { __gc = function(t) saved = t.array end })
      assert(keeper)
    end
    collectgarbage()
    collectgarbage()
    collectgarbage()
    for _, v in pairs(saved) do
      assert(type(v) == "table" and v[1] == "element" or type(v) == "string")
    end
    expect.valid(saved)
  end)
end)

describe("a process", function()
  it("asks in vain for more than an address space, and loses nothing", function()
    assert.equal("sound\n", child.output [[
      local dynarray = require "dynarray"
      local a = dynarray.new { type = "float64", capacity = 4 }:append(1, 2, 3)
      local ok, err = pcall(a.reserve, a, 1 << 45)
      assert(not ok and err == "not enough memory", err)
      ok, err = pcall(a.resize, a, 1 << 45)
      assert(not ok and err == "not enough memory", err)
      ok, err = pcall(dynarray.new, { type = "float64", capacity = 1 << 45 })
      assert(not ok and err == "not enough memory", err)
      assert(#a == 3 and a[3] == 3 and a.capacity == 4)
      print "sound"
    ]])
  end)

  it("survives finalizers that run in the midst of an operation and change its array", function()
    assert.equal("sound\n", child.output [[
      local dynarray = require "dynarray"
      collectgarbage "generational" -- a young collection ends with all finalizers, in whatever allocates
      local operations = {
        append = function(a, t) a:append(t) end,
        ["append many"] = function(a, t) a:append(t, 1 << 60, t) end,
        write = function(a, t) a[3] = t end,
        ["write behind the end"] = function(a, t) a[#a + 1] = t end,
        set = function(a, t) a:set(2, t) end,
        extend = function(a, t) a:extend { t, t, t } end,
        ["extend itself"] = function(a, t) a[1] = t a:extend(a) end,
        resize = function(a, t) a:resize(30, t) end,
        ["copy_from"] = function(a, t) a:copy_from { t, t } end,
        tostring = function(a) return tostring(a) end,
        concat = function(a) return a .. a end,
        copy = function(a, t) a[1] = t return a:copy() end,
        from = function(a) return dynarray.from(a), dynarray.from(a, "int8") end,
        pop = function(a, t) a:append(t) return a:pop() end,
        compare = function(a, t) return a == dynarray.of(1, 2, 3, t) end,
        iterate = function(a) for i, v in pairs(a) do v = { v } end end,
        grow = function(a, t) a:append(table.unpack({ t, t, t }, 1, 50)) end,
      }
      local changes = {
        function(a) a:close() end,
        function(a) a:clear():shrink_to_fit() end,
        function(a) a:resize(1):shrink_to_fit() end,
        function(a) while #a < a.capacity do a:append(1) end end,
        function(a) a:resize(1000) end,
      }
      local hit = 0
      for _, kind in ipairs { "value", "float64" } do
        for name, operation in pairs(operations) do
          for _, change in ipairs(changes) do
            for round = 1, 120 do
              local a = dynarray.new { type = kind, capacity = 40, bounds = "sequence" }:append(1, 2, 3)
              local within = false
              setmetatable({}, { __gc = function()
                if within then
                  hit = hit + 1
                  pcall(change, a)
                end
              end })
              local t, garbage = {}, nil
              for _ = 1, round % 60 do garbage = {} end
              within = true
              pcall(operation, a, t)
              within = false
              assert(a.size == #a and #a <= a.capacity, name)
              for i = 1, #a do local _ = a[i] end
              pcall(a.append, a, t, 1, 2)
            end
          end
        end
      end
      print(hit > 100 and "sound" or hit)
    ]])
  end)

  it("ends well when finalizers and arrays chase each other", function()
    assert.equal("end\n", child.output [[
      local dynarray = require "dynarray"
      collectgarbage("setpause", 100)
      local pool = {}
      local seed = 42
      local function random(n)
        seed = (seed * 1103515245 + 12345) & 0x7fffffff
        return seed // 65536 % n + 1
      end
      local function disturb()
        local a = pool[random(20)]
        if not a then return end
        local deed = random(8)
        if deed == 1 then a:append(1, {}) elseif deed == 2 then a:clear() elseif deed == 3 then a:close()
        elseif deed == 4 then a:shrink_to_fit() elseif deed == 5 then a:resize(random(50))
        elseif deed == 6 then a:extend(a:copy()) elseif deed == 7 then pool[random(20)] = a
        else setmetatable({}, { __gc = function() pcall(disturb) end }) end
        if #a > 1000 then a:clear() end
      end
      for i = 1, 20000 do
        local slot = random(20)
        if not pool[slot] or random(50) == 1 then pool[slot] = dynarray.new { capacity = random(5) - 1 } end
        setmetatable({}, { __gc = function() pcall(disturb) end })
        pcall(disturb)
        local a = pool[slot]
        pcall(a.append, a, { i }, "s" .. i)
        if i % 7 == 0 then pcall(function() return a == a:copy(), a .. a, tostring(a) end) end
      end
      pool = nil
      collectgarbage()
      print "end"
    ]])
  end)
end)

describe("an argument too many", function()
  -- For speed, these two do not count their arguments; new, of, from and filled say more of their own (construct_spec).
  local UNCOUNTED = { get = true, set = true, close = true, new = true, from = true, filled = true, ipairs = true }

  it("is an error that names it, for every method and function", function()
    local counted = 0
    for _, f in ipairs(annotations.functions) do
      local most = select(2, f.arguments:gsub("%w+", ""))
      local is_method = f.owner == "a"
      if (is_method or f.owner == "dynarray") and not (UNCOUNTED[f.name] or f.arguments:find("...", 1, true)) then
        local a = dynarray.from({ 1, 2, 3 }, "float64")
        local arguments = is_method and { a } or {}
        local n = #arguments + most + 1
        arguments[n] = "more"
        local ok, err = pcall((is_method and a or dynarray)[f.name], table.unpack(arguments, 1, n))
        assert.is_false(ok, f.name)
        assert.is_truthy(err:find('no argument expected, got "more"', 1, true), f.name .. ": " .. err)
        expect.holds(a, 1.0, 2.0, 3.0)
        counted = counted + 1
      end
    end
    assert.is_true(counted > 60)
  end)

  it("may be nil", function()
    assert.equal(3, dynarray.of(1, 2):sum(nil, nil, nil, nil))
    assert.equal(0, #dynarray.of(1):clear(nil))
  end)

  it("is counted as the caller counts", function()
    local a = dynarray.of(1, 2)
    expect.raises("bad argument #1 to 'clear' (no argument expected, got 1)", function() a:clear(1) end)
    expect.raises("bad argument #3 to 'sum' (no argument expected, got 3)", function() a:sum(1, 2, 3) end)
    expect.raises("bad argument #2 to 'clear' (no argument expected, got 1)", function() a.clear(a, 1) end)
  end)
end)

describe("a message", function()
  it("tells strings from what they look like", function()
    expect.raises('type "8" is not one of value, int8', dynarray.new, { type = "8" })
    expect.raises("type 8 is not one of value, int8", dynarray.new, { type = 8 })
    expect.raises('capacity expected an integer >= 0, got "8"', dynarray.new, { capacity = "8" })
    expect.raises('growth "2" is not a policy', dynarray.new, { growth = "2" })
    expect.raises('pause "150" out of range', dynarray.collector, { pause = "150" })
  end)

  it("names what is too large", function()
    expect.raises("capacity 4611686018427387904 out of range (0 to 1152921504606846975)", dynarray.new,
      { capacity = 1 << 62 })
    expect.raises("got no value", dynarray.new().extend, dynarray.new())
  end)

  it("has the operands in their order", function()
    local a = dynarray.of(1)
    expect.raises("concatenate a dynarray and a table value", function() return a .. {} end)
    expect.raises("concatenate a table value and a dynarray", function() return {} .. a end)
  end)
end)
