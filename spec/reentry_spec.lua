-- What happens when the code that an operation calls, or the collector runs, changes the array at hand.
local dynarray = require "dynarray"
local child = require "support.child"
local native = require "support.native"

-- Finalizers that find, with the debug library, an array that is being made, and change it.
describe("an array that is changed while it is made", function()
  for what, change in pairs {
    ["gets another block"] = function(a) a:append(1) end,
    ["is closed"] = function(a) a:close() end,
  } do
    it("and " .. what .. ", is an error", function()
      collectgarbage()
      dynarray.filled(60 << 20, 1, "int8") -- enough for a cycle before the next large block
      local found = 0
      setmetatable({}, { __gc = function()
        for i = 1, 20 do
          local _, v = debug.getlocal(2, i)
          if getmetatable(v) == "dynarray" then
            found = found + 1
            change(v)
            return
          end
        end
      end })
      local ok, message = pcall(dynarray.new, { type = "int8", capacity = 30 << 20 })
      assert.equal(1, found)
      assert.is_false(ok)
      assert.truthy(message:find("array was changed by a callback", 1, true), message)
    end)
  end
end)

describe("an array that a finalizer closes while it gets a policy", function()
  it("is closed as others are", function()
    local was_mode = collectgarbage("incremental", 100, 1000, 1)
    local refused = 0
    local function policy(_, needed) return needed end
    for _ = 1, 10 do
      local a, t = dynarray.new("int32"), {}
      setmetatable({}, { __gc = function() a:close() end })
      for i = 1, 200000 do t[i] = i end -- so that the collector is behind, and works in what comes next
      local ok, message = pcall(a.set_growth, a, policy)
      assert.equal(200000, #t)
      if not ok then
        refused = refused + 1
        assert.truthy(message:find("array is closed", 1, true), message)
      end
      a:close()
      assert.equal(2, a.growth)
    end
    collectgarbage(was_mode)
    assert.is_true(refused > 0)
  end)
end)

describe("a view whose array is closed", function()
  it("by an __eq in the middle of a comparison, is then empty", function()
    local calls = 0
    local a
    local mt = {}
    mt.__eq = function()
      calls = calls + 1
      if calls == 1 then a:close() end
      return true
    end
    local function objects()
      local array = dynarray.new { capacity = 0 }
      for _ = 1, 100 do
        array:append(setmetatable({}, mt))
      end
      return array
    end
    a = objects()
    assert.is_false(a:view() == objects())
    assert.equal(1, calls)
  end)

  it("by a finalizer while its text is made, shows what was there, or nothing", function()
    local was_mode = collectgarbage("incremental", 100, 1000, 1)
    for _ = 1, 1000 do
      local a = dynarray.filled(100, 7.25)
      local view = a:view()
      setmetatable({}, { __gc = function() a:close() end })
      local text = tostring(view)
      assert.truthy(text:find("^dynarray<value>%(size %d+, capacity %d+%)"), text)
      assert.falsy(text:gsub("7%.25", ""):find("%d%.%d"), text)
    end
    collectgarbage(was_mode)
  end)
end)

describe("extend, when a finalizer uses the array in between", function()
  local function with_finalizers(capacity, source, meddle)
    local was_mode = collectgarbage("incremental", 100, 400)
    for _ = 1, 300 do
      local a = dynarray.new { capacity = capacity }
      local t = source()
      setmetatable({}, { __gc = function() meddle(a) end })
      if pcall(a.extend, a, t) then
        for i, v in ipairs(t) do
          assert(rawequal(a[i], v), i)
        end
      else
        assert(#a == 0)
      end
    end
    collectgarbage(was_mode)
  end

  it("holds the source's elements, or none", function()
    with_finalizers(8, function() return { 111, {} } end, function(a)
      if #a == 0 then
        a:append({})
        a:pop()
      end
    end)
  end)

  it("holds them also if the block was replaced", function()
    local t = {}
    for i = 1, 100 do
      t[i] = i
    end
    t[101] = {}
    with_finalizers(200, function() return t end, function(a)
      a:shrink_to_fit()
      a:reserve(200)
    end)
  end)
end)

describe("copy_from a table with metamethods", function()
  it("is bound by the capacity, not by the elements that it writes over", function()
    local a = dynarray.filled(10, 0, { max_size = 10 })
    a:copy_from(setmetatable({ 1, 2, 3 }, {}))
    assert.equal(10, #a)
    assert.equal(3, a[3])
  end)
end)

describe("pacing", function()
  local MiB = 2 ^ 20 // 1 | 0

  local function peak_of_churn(arrays)
    local peak = 0
    for _ = 1, arrays do
      dynarray.new { type = "uint8", capacity = MiB }
      peak = math.max(peak, dynarray.memory().bytes)
    end
    return peak
  end

  it("forgets what was live once that is given back", function()
    local large = dynarray.new { type = "uint8", capacity = 1024 * MiB }
    dynarray.new { type = "uint8", capacity = MiB }:close()
    large:close()
    assert.is_true(peak_of_churn(300) < 128 * MiB)
  end)

  it("goes on after collector() was called in a finalizer, or again and again", function()
    local called = false
    setmetatable({}, { __gc = function()
      called = true
      dynarray.collector { pause = 200 }
    end })
    collectgarbage()
    collectgarbage()
    assert.is_true(called)
    assert.is_true(peak_of_churn(300) < 128 * MiB)
    local peak = 0
    for _ = 1, 300 do
      dynarray.collector { pause = 200 }
      peak = math.max(peak, peak_of_churn(1))
    end
    assert.is_true(peak < 128 * MiB)
  end)
end)

describe("a light userdata", function()
  it("with the address of an array is not taken for it", function()
    assert.equal("none\n", child.output [[
      local dynarray = require "dynarray"
      local append = dynarray.of().append
      collectgarbage("stop")
      local lights, blocks = {}, {}
      for b = 1, 4 do
        blocks[b] = dynarray.filled(8000, 0, "float64")
      end
      for b = 1, 3 do
        for i = 2, 8000 do
          lights[#lights + 1] = blocks[b]:view(i):pointer()
        end
        blocks[b]:close() -- new arrays come to lie there
      end
      local keep = {}
      for k = 1, 100 do
        keep[k] = dynarray.of("an object")
        if k % 10 == 0 then
          for i = 1, #lights do
            if pcall(append, lights[i]) then
              print("taken", lights[i])
              os.exit(1)
            end
          end
        end
      end
      print "none"
    ]])
  end)
end)

describe("arithmetic whose operand a finalizer closes while the error message is made", function()
  it("names what was there", function()
    for _, operate in ipairs { function(a, b) return a + b end, function(a, b) return a:add(b) end } do
      local was_mode = collectgarbage("incremental", 1, 400, 63)
      local was_pause = collectgarbage("setpause", 0)
      local a, b = dynarray.filled(1000, 100, "int8"), dynarray.filled(1000, 101, "int8")
      collectgarbage("stop")
      setmetatable({}, { __gc = function() b:close() end })
      collectgarbage("restart")
      local ok, message = pcall(operate, a, b)
      collectgarbage("setpause", was_pause)
      collectgarbage(was_mode)
      assert.is_false(ok)
      assert.truthy(message:find("100 + 101 does not fit into int8", 1, true) or message:find("was changed"), message)
    end
  end)
end)

describe("a finalizer that Lua drops for lack of C stack", function()
  it("costs the array's memory, and nothing else", function()
    local printed = child.output [[
      local dynarray = require "dynarray"
      local function nest(n)
        for _ = 1, 20 do
          dynarray.new("int8")
        end
        collectgarbage()
        return (string.gsub("x", "x", function() return nest(n + 1) end))
      end
      print(pcall(nest, 1))
      collectgarbage()
      for _ = 1, 1000 do
        dynarray.new("int8"):append(1)
      end
      collectgarbage()
      print "end"
    ]]
    assert.truthy(printed:find("C stack overflow", 1, true) and printed:find("end\n$"), printed)
  end)

  it("costs it until the state closes, and is counted so long", function()
    local s = native.state(package.path, package.cpath)
    assert.same({ true, true }, { s:run [[
      local dynarray = require "dynarray"
      dynarray.collector { off = true }
      collectgarbage "stop"
      local function nest(n)
        for _ = 1, 10 do
          dynarray.filled(1000, 1, "float64")
          dynarray.new { growth = function(_, needed) return needed end, max_size = 10 }
        end
        collectgarbage()
        return (string.gsub("x", "x", function() return nest(n + 1) end))
      end
      pcall(nest, 1)
      collectgarbage()
      return dynarray.memory().bytes >= 80000
    ]] })
    assert.same({ 0, 0 }, { s:close() })
  end)
end)

-- In a process of its own, whose heap is so small that each allocation may end a cycle.
describe("an operand that a finalizer changes at any place of an operation", function()
  for name, call in pairs {
    ["compute, which looks for other operands"] =
      'sum = dynarray.compute("sum(x + " .. long .. ")", { x = x, [long] = a })',
    put = "a:put(dynarray.range(1, #a), x) sum = a:sum()",
    set_where = 'a:set_where(dynarray.filled(#a, 1, "uint8"), x) sum = a:sum()',
    set_column = "a:set_column(1, 1, x) sum = a:sum()",
  } do
    for _, kind in ipairs { "float64", "int32" } do
      it("gives " .. name .. " all its elements of " .. kind .. ", or raises an error", function()
        assert.equal("", child.output(([[
          local dynarray = require "dynarray"
          local long = ("z"):rep(60) -- a name that is a new string each time
          local acted = 0
          collectgarbage("incremental", 100, 1000, 1)
          collectgarbage("restart") -- at once, not when twice the memory is used
          for places = 0, 40 do
            local a, x, sum, other, over = dynarray.zeros(2000), dynarray.filled(2000, 1, "%s")
            local function arm(more)
              setmetatable({}, { __gc = function()
                if over then return end
                if more > 0 then return arm(more - 1) end
                acted = acted + 1
                x:clear():shrink_to_fit()
                other = dynarray.filled(2000, 7, "%s") -- where x was
              end })
            end
            arm(places)
            local ok, message = pcall(function() %s end)
            over = true
            assert(ok and sum == 2000 or tostring(message):find("array was changed", 1, true)
              or tostring(message):find("differ", 1, true) or tostring(message):find("2000", 1, true), message or sum)
            assert(other == nil or other:sum() == 14000)
          end
          assert(acted > 0)]]):format(kind, kind, call)))
      end)
    end
  end
end)

describe("a source of objects that a finalizer closes or empties", function()
  for name, call in pairs {
    copy_from = "a:copy_from(x)",
    extend = "a:extend(x)",
    ["copy_from to a view"] = "a:view(1, 20):copy_from(x)",
  } do
    it("gives " .. name .. " all its objects, or raises an error", function()
      assert.equal("", child.output(([[
        local dynarray = require "dynarray"
        local acted, failed = 0, 0
        collectgarbage("incremental", 100, 1000, 1)
        collectgarbage "restart" -- at once, not when twice the memory is used
        for places = 0, 60 do
          for _, change in ipairs { "close", "clear" } do
            local a, x, over = dynarray.filled(20, false), dynarray.new()
            for i = 1, 20 do x:append({ i }) end
            local function arm(more)
              setmetatable({}, { __gc = function()
                if over then return end
                if more > 0 then return arm(more - 1) end
                acted = acted + 1
                x[change](x)
              end })
            end
            arm(places)
            local ok, message = pcall(function() %s end)
            over = true
            if ok then
              local n = #a
              for i = 1, 20 do assert(a[n - 20 + i] == false or a[n - 20 + i][1] == i) end
            else
              failed = failed + 1
              assert(message:find("array was changed", 1, true) or message:find("closed", 1, true), message)
              assert(#a == 20)
            end
          end
        end
        assert(acted > 0)]]):format(call)))
    end)
  end
end)

describe("put of a view, whose parent a finalizer empties", function()
  it("puts all its objects, or raises an error", function()
    assert.equal("", child.output [[
      local dynarray = require "dynarray"
      local acted, failed = 0, 0
      collectgarbage("incremental", 100, 1000, 1)
      collectgarbage "restart" -- at once, not when twice the memory is used
      for places = 0, 60 do
        local a, x, over = dynarray.filled(200, false), dynarray.new()
        for i = 1, 200 do x:append { i } end
        local v, indices = x:view(), dynarray.range(1, 200)
        local function arm(more)
          setmetatable({}, { __gc = function()
            if over then return end
            if more > 0 then return arm(more - 1) end
            acted = acted + 1
            x:clear():shrink_to_fit()
          end })
        end
        arm(places)
        local ok, message = pcall(a.put, a, indices, v)
        over = true
        if ok then
          for i = 1, 200 do assert(a[i][1] == i) end
        else
          failed = failed + 1
          assert(message:find("array was changed", 1, true) or message:find("0 values for 200", 1, true), message)
        end
      end
      assert(acted > 0 and failed > 0)]])
  end)
end)

describe("put to a view, by a table that changes its parent while it is read", function()
  it("finds the view as it is then", function()
    local a = dynarray.zeros(200000)
    local view = a:view(1, 1000)
    local indices = setmetatable({}, {
      __len = function() return 1 end,
      __index = function()
        a:clear():shrink_to_fit()
        return 5
      end,
    })
    local ok, message = pcall(view.put, view, indices, 7)
    assert.is_false(ok)
    assert.truthy(message:find("index 5 out of bounds (size 0)", 1, true), message)
  end)
end)

describe("an array that a finalizer empties while a table is made for its elements", function()
  for _, change in ipairs { "clear", "close" } do
    it("gives what there is by then: " .. change, function()
      assert.equal("", child.output(([[
        local dynarray = require "dynarray"
        local empty = 0
        collectgarbage("incremental", 100, 1000, 1)
        collectgarbage "restart" -- at once, not when twice the memory is used
        for _ = 1, 20 do
          local a = dynarray.range(1, 5000)
          setmetatable({}, { __gc = function() a:%s() end })
          local ok, t = pcall(a.totable, a)
          assert(ok and (#t == 5000 or #t == 0) or not ok and t:find "closed", t)
          if #a == 0 then empty = empty + 1 end
        end
        assert(empty > 0)]]):format(change)))
    end)
  end
end)

describe("set_column from a part of the same array that a finalizer shortens", function()
  it("replaces all elements or none", function()
    child.output [[
      local dynarray = require "dynarray"
      collectgarbage("incremental", 10, 1000, 20)
      local refused = 0
      for round = 1, 4000 do
        local a = dynarray.from { {}, {}, {}, {}, {}, {}, {}, {} }
        local left, right = a:view(1, 4), a:view(5, 8)
        local first, armed = a[1], true
        setmetatable({}, { __gc = function() if armed then a:pop() end end })
        for _ = 1, round % 40 do local _ = {} end
        local ok = pcall(left.set_column, left, 1, 1, right)
        armed = false
        refused = refused + (ok and 0 or 1)
        assert(ok or a[1] == first)
      end
      assert(refused > 0)
    ]]
  end)
end)

-- A function that makes a text or a table of an array allocates memory; then a finalizer may change the array.
describe("an array that a finalizer shortens while its elements are read", function()
  for name, case in pairs {
    ["tobytes in the other order"] = { "float64", "a:tobytes(string.pack('=I2', 1) == '\\1\\0' and '>' or '<')",
      "#result == 8 * 600 or #result == 8 * 599 or #result == 0" },
    concat = { "value", "a:concat(', ')", "result == text(600) or result == text(599) or result == ''" },
    ["concat of a view"] = { "value", "a:view(1, 600):concat(', ')",
      "result == text(600) or result == text(599) or result == ''" },
    tostring = { "value", "tostring(a)", "result:find('^dynarray<value>')" },
    ["tostring of a view"] = { "value", "tostring(a:view())", "result:find('^dynarray<value>')" },
    unpack = { "float64", "select('#', a:unpack())", "result == 600 or result == 599 or result == 0" },
    ["set_column of values"] = { "value", "dynarray.filled(1200, false):set_column(1, 2, a)", "#result == 1200" },
  } do
    it("gives what there was, or raises an error: " .. name, function()
      child.output(([[
        local dynarray = require "dynarray"
        local kind, acted = %q, 0
        collectgarbage("incremental", 100, 1000, 1)
        collectgarbage "restart" -- at once, not when twice the memory is used
        local elements = {}
        for i = 1, 600 do elements[i] = kind == "value" and i %% 2 == 0 and "text " .. i or i end
        local function text(n) return table.concat(elements, ", ", 1, n) end
        for places = 0, 80 do
          local a, over = dynarray.from(elements, kind), false
          local function arm(more)
            setmetatable({ ("x"):rep(places * 10) }, { __gc = function()
              if over then return end
              if more > 0 then return arm(more - 1) end
              acted = acted + 1
              a:resize(places %% 3 == 0 and 599 or 0)
            end })
          end
          arm(places)
          local ok, result = pcall(function() return %s end)
          over = true
          assert(ok and (%s) or tostring(result):find "changed" or tostring(result):find "wanted 600"
            or tostring(result):find "out of" or tostring(result):find "column has", result)
        end
        assert(acted > 0)]]):format(case[1], case[2], case[3]))
    end)
  end
end)

describe("an array that gets a function while a finalizer gives it objects", function()
  it("keeps both", function()
    child.output [[
      local dynarray = require "dynarray"
      collectgarbage("incremental", 100, 1000, 1)
      collectgarbage "restart"
      local acted = 0
      for places = 0, 60 do
        local a, over = dynarray.new { capacity = 100 }, false
        local function arm(more)
          setmetatable({}, { __gc = function()
            if over then return end
            if more > 0 then return arm(more - 1) end
            acted = acted + 1
            for i = 1, 50 do a:append({ i }) end
          end })
        end
        arm(places)
        local function policy(_, n) return n end
        a:set_growth(policy)
        over = true
        assert(a.growth == policy)
        for i = 1, #a do assert(a[i][1] == i) end
      end
      assert(acted > 0)
    ]]
  end)
end)

describe("extend of a table whose objects become more while there is made room for them", function()
  for what, change in pairs {
    ["more objects"] = "for i = 1, 40 do t[i] = {} end",
    ["less room"] = "a:shrink_to_fit()",
  } do
    it("stores all of them, or is an error: " .. what, function()
      child.output(([[
        local dynarray = require "dynarray"
        collectgarbage("incremental", 100, 1000, 1)
        collectgarbage "restart"
        local acted, failed = 0, 0
        for places = 0, 80 do
          local a, t, over = dynarray.new { capacity = 50 }, {}, false
          for i = 1, 40 do t[i] = i < 40 and i or {} end
          local function arm(more)
            setmetatable({}, { __gc = function()
              if over then return end
              if more > 0 then return arm(more - 1) end
              acted = acted + 1
              %s
            end })
          end
          arm(places)
          local ok, message = pcall(a.extend, a, t)
          over = true
          if ok then
            for i = 1, 40 do assert(rawequal(a[i], t[i]) or a[i] == i) end
          else
            failed = failed + 1
            assert(message:find "array was changed" and #a == 0, message)
          end
        end
        assert(acted > 0)]]):format(change))
    end)
  end
end)

-- A finalizer runs at each place of the operation where Lua may collect, one after the other.
describe("an operation during which a finalizer changes what it works on", function()
  local changed = "array was changed by a callback"

  local function ends(case)
    case.name = case.code
    local list = native.every_finalizer(case)
    for message in pairs(list) do
      assert.truthy(message == "" or case.errors:find(message, 1, true), case.code .. ": " .. message)
    end
    return list
  end

  it("extends by all objects of a table or by none, where the array gets another size", function()
    local list = ends {
      setup = [[
        dynarray = require "dynarray"
        a, t = dynarray.new { capacity = 60 }, {}
        for i = 1, 40 do t[i] = i < 40 and i or {} end
      ]],
      code = "a:extend(t)",
      meddle = "a:append(7)",
      errors = changed,
      holds = [[#a == 1 and a[1] == 7 or (#a == 41 and (a[41] == 7 and a[40] == t[40] and a[39] == 39
        or a[1] == 7 and a[41] == t[40] and a[40] == 39))]],
    }
    assert.is_true(list[changed] > 0)
  end)

  it("copies all values or none, where there is less room, or the source has more objects or fewer elements", function()
    local holds = "(a[1] == 0 or a[1] == 1) and (a[1] == 0 or #a < 40 or a[40] == last or a[40] == t[40])"
    for meddle, refused in pairs {
      ["a:resize(1):shrink_to_fit()"] = changed .. ", Not enough space to copy into",
      ["for i = 2, 40 do t[i] = {} end"] = changed,
    } do
      local list = ends {
        setup = [[
          dynarray = require "dynarray"
          a, t = dynarray.filled(40, 0, "value"), {}
          for i = 1, 40 do t[i] = i < 40 and i or {} end
          last = t[40]
        ]],
        code = "a:copy_from(t)",
        meddle = meddle,
        errors = refused,
        holds = holds,
      }
      assert.is_true(list[changed] > 0, meddle)
    end
    local list = ends {
      setup = [[
        dynarray = require "dynarray"
        a, b = dynarray.filled(40, 0, "value"), dynarray.new()
        for i = 1, 40 do b:append(i < 40 and i or {}) end
      ]],
      code = "a:copy_from(b)",
      meddle = "b:resize(3)",
      errors = changed,
      holds = "#a == 40 and #b == 3 and (a[1] == 0 or a[1] == 1) and (a[40] == 0 or type(a[40]) == 'table')",
    }
    assert.is_true(list[changed] > 0)
  end)

  it("grows from the capacity that there is, or not at all", function()
    for meddle, wanted in pairs {
      ["a:reserve(200)"] = changed,
      ["a:resize(2):shrink_to_fit()"] = changed,
      ["a:close()"] = "array is closed, " .. changed,
    } do
      for _, option in ipairs { "on_grow = function() end", "growth = function(_, needed) return needed end" } do
        local list = ends {
          setup = ([[
            dynarray = require "dynarray"
            a = dynarray.new { type = "int64", capacity = 64, %s }:resize(64, 7)
          ]]):format(option),
          code = "a:append(5)",
          meddle = meddle,
          errors = wanted,
          holds = "#a == 0 or (#a >= 2 and #a <= 65 and a[1] == 7 and (#a ~= 65 or a[65] == 5))",
        }
        assert.is_true((list[changed] or 0) > 0 or option:find "growth" ~= nil, meddle .. option)
      end
    end
  end)

  it("joins all elements or none, where the array is closed while a separator is added", function()
    local list = ends {
      setup = [[
        dynarray = require "dynarray"
        a, separator = dynarray.of("one", "two", 3), ("-"):rep(3000)
      ]],
      code = "text = a:concat(separator)",
      meddle = "a:close()",
      errors = changed,
      holds = "text == nil or text == '' or text == 'one' .. separator .. 'two' .. separator .. '3'",
    }
    assert.is_true(list[changed] > 0)
  end)

  it("reads a file to its end, or finds that it was closed", function()
    local path = os.tmpname()
    finally(function() os.remove(path) end)
    dynarray.range(1, 20000):write(path)
    local closed = "attempt to use a closed file"
    local list = ends {
      setup = ([[
        dynarray = require "dynarray"
        file = io.open(%q)
      ]]):format(path),
      code = "a = dynarray.read(file)",
      meddle = "file:close()",
      errors = closed,
      holds = "a == nil or a == dynarray.range(1, 20000, 1, 'float64')",
    }
    assert.is_true(list[closed] > 1)
  end)
end)

describe("unpack for whose results there is memory only once a finalizer has run", function()
  it("gives the elements that were asked for, or says that the array was changed", function()
    local state = native.state(package.path, package.cpath)
    assert.same({ true }, { state:run [[
      dynarray = require "dynarray"
      a, ballast = dynarray.filled(20000, 7, "int8"), dynarray.filled(4000000, 7, "int8")
      function armed(change)
        setmetatable({}, { __gc = function()
          ballast:close()
          if change then a:resize(10) end
        end })
      end
      armed(true)
      collectgarbage "stop"
    ]] })
    state:limit(state:bytes() + 10000)
    assert.same({ true, false, "array was changed by a callback", 10 }, { state:run [[
      local ok, message = pcall(a.unpack, a)
      return ok, message, #a
    ]] })
    state:limit()
    assert.same({ true, 20000 }, { state:run [[
      a, ballast = dynarray.filled(20000, 7, "int8"), dynarray.filled(4000000, 7, "int8")
      armed(false)
      return #a
    ]] })
    state:limit(state:bytes() + 10000)
    assert.same({ true, 20000 }, { state:run "return select('#', a:unpack())" })
    assert.same({ 0, 0 }, { state:close() })
  end)
end)
