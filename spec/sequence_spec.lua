-- An array with bounds = "sequence" beside a plain table: the same calls, the same results.
local dynarray = require "dynarray"
local expect = require "support.expect"
local types = require "support.types"

local kinds = {
  { type = "value", element = function(i) return i end },
  { type = "value", element = function(i) return "s" .. i end },
  { type = "int8", element = function(i) return i end },
  { type = "uint64", element = function(i) return i end },
  { type = "float64", element = function(i) return i + 0.5 end },
  { type = "float32", element = function(i) return i + 0.5 end },
}

-- An array and a table with the same n elements.
local function pair(kind, n)
  local a, t = dynarray.new { type = kind.type, bounds = "sequence", capacity = n }, {}
  for i = 1, n do
    a:append(kind.element(i))
    t[i] = kind.element(i)
  end
  return a, t
end

local furthest = 16

-- Both read the same everywhere.
local function assert_same(a, t, what)
  for i = -3, furthest do
    if not expect.identical(a[i], t[i]) then
      error(("%s: element %d is %s, of the table %s"):format(what, i, tostring(a[i]), tostring(t[i])), 0)
    end
  end
end

-- Both were called with pcall: the same results, or the same error but for the place.
local function assert_same_results(got, expected, what)
  if not got[1] and not expected[1] then
    got[2] = tostring(got[2]):gsub("^[^:]*:%d+: ", "")
    expected[2] = tostring(expected[2]):gsub("^[^:]*:%d+: ", "")
  end
  if got.n ~= expected.n then
    error(("%s: %d results, with the table %d"):format(what, got.n, expected.n), 0)
  end
  for i = 1, got.n do
    if not expect.identical(got[i], expected[i]) then
      error(("%s: result %d is %s, with the table %s"):format(what, i, tostring(got[i]), tostring(expected[i])), 0)
    end
  end
end

-- Calls f with an array and with a table; all must agree.
local function both(kind, n, what, f, ...)
  local a, t = pair(kind, n)
  local got, expected = table.pack(pcall(f, a, ...)), table.pack(pcall(f, t, ...))
  if rawequal(got[2], a) and rawequal(expected[2], t) then
    got[2], expected[2] = nil, nil
  end
  assert_same_results(got, expected, what)
  assert_same(a, t, what)
  return a, t
end

local function describe_call(name, n, ...)
  local words = table.pack(...)
  for i = 1, words.n do
    words[i] = tostring(words[i])
  end
  return ("%s on %d elements, (%s)"):format(name, n, table.concat(words, ", "))
end

describe("a sequence", function()
  it("reads nil outside", function()
    for _, name in ipairs(types.all) do
      for n = 0, 3 do
        local a = dynarray.new { type = name, bounds = "sequence" }
        for i = 1, n do
          a:append(i)
        end
        for _, i in ipairs { 0, -1, n + 1, n + 2, 1000, 1 << 32, 1 << 61, math.maxinteger, math.mininteger } do
          assert.is_nil(a[i])
          assert.is_nil(a:get(i))
        end
        assert.equal(n, #a)
      end
    end
  end)

  it("appends what is written behind the last element", function()
    for _, name in ipairs(types.all) do
      local a = dynarray.new { type = name, bounds = "sequence", capacity = 1 }
      for i = 1, 100 do
        if i % 2 == 0 then
          a[#a + 1] = i
        else
          a:set(#a + 1, i)
        end
        assert(#a == i and a[i] == i)
      end
    end
  end)

  it("pops when nil is written at the last element", function()
    for _, name in ipairs(types.all) do
      local a = dynarray.new { type = name, bounds = "sequence" }:append(1, 2, 3)
      a[3] = nil
      assert.equal(2, #a)
      a:set(2, nil)
      assert.equal(1, #a)
      a[1] = nil
      assert.equal(0, #a)
    end
  end)

  it("takes nil inside as an element where it can", function()
    local a = dynarray.from({ 1, 2, 3 }, { bounds = "sequence" })
    a[1] = nil
    expect.holds(a, nil, 2, 3)
    local b = dynarray.from({ 1, 2, 3 }, { type = "int8", bounds = "sequence" })
    expect.raises("wanted int8 at index 1", function() b[1] = nil end)
    expect.holds(b, 1, 2, 3)
  end)

  it("takes nil outside for nothing", function()
    for _, name in ipairs(types.all) do
      for n = 0, 2 do
        local a = dynarray.new { type = name, bounds = "sequence", capacity = n }
        for i = 1, n do
          a:append(i)
        end
        local before = expect.snapshot(a)
        for _, i in ipairs { 0, -1, n + 1, n + 2, 1000, 1 << 61, math.maxinteger, math.mininteger } do
          a[i] = nil
          a:set(i, nil)
        end
        expect.unchanged(before)
      end
    end
  end)

  it("refuses other writes outside", function()
    for _, name in ipairs(types.all) do
      local a = dynarray.new { type = name, bounds = "sequence" }:append(1, 2, 3)
      local before = expect.snapshot(a)
      for _, i in ipairs { 0, -1, 5, 6, 1000, 1 << 32, 1 << 61, math.maxinteger, math.mininteger } do
        local text = ("index %d out of bounds (size 3)"):format(i)
        expect.raises(text, function() a[i] = 1 end)
        expect.raises(text, a.set, a, i, 1)
      end
      expect.unchanged(before)
    end
  end)

  it("appends nothing that does not fit", function()
    local a = dynarray.new { type = "uint8", bounds = "sequence", capacity = 1 }:append(1)
    local before = expect.snapshot(a)
    expect.raises("300 does not fit into uint8 (0 to 255) at index 2", function() a[2] = 300 end)
    expect.raises('string "x" is not a number, wanted uint8 at index 2', function() a[2] = "x" end)
    expect.unchanged(before)
  end)

  it("refuses to pass max_size", function()
    local a = dynarray.new { bounds = "sequence", max_size = 2, capacity = 2 }:append(1, 2)
    local before = expect.snapshot(a)
    expect.raises("size 3 exceeds max_size 2", function() a[3] = 3 end)
    expect.raises("size 3 exceeds max_size 2", table.insert, a, 1, 0)
    expect.unchanged(before)
  end)
end)

describe("a sequence in the table library", function()
  it("table.insert at the end", function()
    for _, kind in ipairs(kinds) do
      for n = 0, 5 do
        local a = both(kind, n, "insert at the end", table.insert, kind.element(9))
        assert.equal(n + 1, #a)
      end
    end
  end)

  it("table.insert at every position, and where there is none", function()
    for _, kind in ipairs(kinds) do
      for n = 0, 5 do
        for position = -2, n + 3 do
          local a = both(kind, n, describe_call("insert", n, position), table.insert, position, kind.element(9))
          assert.equal(position >= 1 and position <= n + 1 and n + 1 or n, #a)
        end
      end
    end
  end)

  it("table.insert of nil", function()
    for n = 0, 5 do
      both(kinds[1], n, "insert nil at the end", table.insert, nil)
      for position = -2, n + 3 do
        both(kinds[1], n, describe_call("insert nil", n, position), table.insert, position, nil)
      end
    end
  end)

  it("table.insert with wrong numbers of arguments", function()
    both(kinds[1], 2, "insert", table.insert)
    both(kinds[1], 2, "insert", table.insert, 1, 2, 3)
    both(kinds[1], 2, "insert", table.insert, "x", 2)
  end)

  it("table.remove at the end, down to empty and once more", function()
    for _, kind in ipairs(kinds) do
      for n = 0, 5 do
        local a, t = pair(kind, n)
        for left = n, -2, -1 do
          local got, expected = table.pack(pcall(table.remove, a)), table.pack(pcall(table.remove, t))
          assert_same_results(got, expected, "remove")
          assert_same(a, t, "remove")
          assert.equal(math.max(left - 1, 0), #a)
        end
      end
    end
  end)

  it("table.remove at every position, and where there is none", function()
    for _, kind in ipairs(kinds) do
      for n = 0, 5 do
        for position = -2, n + 3 do
          local a = both(kind, n, describe_call("remove", n, position), table.remove, position)
          assert.equal(position >= 1 and position <= n and n - 1 or n, #a)
        end
        both(kind, n, "remove at nil", table.remove, nil)
      end
    end
  end)

  it("table.concat over every range", function()
    for _, kind in ipairs(kinds) do
      for n = 0, 4 do
        both(kind, n, "concat", table.concat)
        for _, separator in ipairs { "", ", " } do
          both(kind, n, "concat", table.concat, separator)
          for i = -1, n + 2 do
            both(kind, n, describe_call("concat", n, i), table.concat, separator, i)
            for j = -1, n + 2 do
              both(kind, n, describe_call("concat", n, i, j), table.concat, separator, i, j)
            end
          end
        end
      end
    end
  end)

  it("table.unpack over every range", function()
    for _, kind in ipairs(kinds) do
      for n = 0, 4 do
        both(kind, n, "unpack", table.unpack)
        for i = -1, n + 2 do
          both(kind, n, describe_call("unpack", n, i), table.unpack, i)
          for j = -1, n + 2 do
            both(kind, n, describe_call("unpack", n, i, j), table.unpack, i, j)
          end
        end
      end
    end
  end)

  it("table.sort of every order of up to five, and of equal elements", function()
    local function permute(list, k, visit)
      if k == 0 then
        visit(list)
      end
      for i = 1, k do
        list[i], list[k] = list[k], list[i]
        permute(list, k - 1, visit)
        list[i], list[k] = list[k], list[i]
      end
    end
    local down = function(x, y) return x > y end
    for _, kind in ipairs(kinds) do
      for n = 0, 5 do
        local list = {}
        for i = 1, n do
          list[i] = kind.element(i - i // 4)
        end
        permute(list, n, function(order)
          for _, less in ipairs { false, down } do
            local a, t = dynarray.from(order, { type = kind.type, bounds = "sequence" }), table.move(order, 1, n, 1, {})
            table.sort(a, less or nil)
            table.sort(t, less or nil)
            assert_same(a, t, "sort")
            assert.equal(n, #a)
          end
        end)
      end
    end
  end)

  it("table.sort of a thousand", function()
    local a, t = dynarray.new { type = "int32", bounds = "sequence" }, {}
    for i = 1, 1000 do
      t[i] = (i * 7919) % 1009
      a:append(t[i])
    end
    table.sort(a)
    table.sort(t)
    for i = 1, 1000 do
      assert(a[i] == t[i])
    end
  end)

  it("table.sort with an order that errors or is none", function()
    both(kinds[1], 5, "sort", table.sort, function() error("no order", 0) end)
    both(kinds[1], 5, "sort", table.sort, function() return true end)
    local a = dynarray.from({ 1, "x", {} }, { bounds = "sequence" })
    expect.error(table.sort, a)
    assert.equal(3, #a)
  end)

  -- The first write of table.move that a sequence refuses, if any; told by a table that writes them down. Refused is
  -- what would leave a hole. A move onto itself that writes from its far end fills the hole that it begins with.
  local function refused_write(n, arguments, inside)
    local size, refused = n, nil
    local function write(i, v)
      if v ~= nil and i == size + 1 then
        size = size + 1
      elseif v == nil and i == size and size > 0 then
        size = size - 1
      elseif v ~= nil and (i < 1 or i > size) then
        refused = refused or i
      end
    end
    local recorder
    if inside then -- source and destination
      local content = {}
      for i = 1, n do
        content[i] = i
      end
      recorder = setmetatable({}, {
        __len = function() return n end,
        __index = function(_, i) return content[i] end,
        __newindex = function(_, i, v)
          content[i] = v
          write(i, v)
        end,
      })
      local f, e, to = table.unpack(arguments)
      if f < to and to <= e and to <= n + 1 then
        return nil
      end
      table.move(recorder, f, e, to)
    else
      recorder = setmetatable({}, { __len = function() return n end, __newindex = function(_, i, v) write(i, v) end })
      table.move(arguments.source, arguments[1], arguments[2], arguments[3], recorder)
    end
    return refused
  end

  it("table.move within, overlapping in both directions, and beyond the end", function()
    for _, kind in ipairs { kinds[1], kinds[2] } do
      for n = 0, 5 do
        for f = -1, n + 2 do
          for e = -1, n + 3 do
            for to = -1, n + 3 do
              local what = describe_call("move", n, f, e, to)
              if refused_write(n, { f, e, to }, true) then
                local a = pair(kind, n)
                local ok, err = pcall(table.move, a, f, e, to)
                assert.is_false(ok, what)
                assert.truthy(err:find("out of bounds", 1, true), what .. err)
                expect.valid(a)
              else
                both(kind, n, what, table.move, f, e, to)
              end
            end
          end
        end
      end
    end
  end)

  it("table.move within, for numbers, where no nil comes up", function()
    for _, kind in ipairs(kinds) do
      for n = 1, 5 do
        for f = 1, n do
          for e = f, n do
            for to = 1, n + 1 do
              if not refused_write(n, { f, e, to }, true) then
                both(kind, n, describe_call("move", n, f, e, to), table.move, f, e, to)
              end
            end
          end
        end
      end
    end
  end)

  it("table.move beyond the end, but not across a hole", function()
    for _, kind in ipairs(kinds) do
      local a = both(kind, 3, "move", table.move, 1, 3, 3)
      assert.equal(5, #a)
      a = both(kind, 3, "move", table.move, 1, 3, 2)
      assert.equal(4, #a)
      a = both(kind, 3, "move", table.move, 1, 3, 4)
      assert.equal(6, #a)
      a = pair(kind, 3)
      local before = expect.snapshot(a)
      expect.raises("index 5 out of bounds (size 3)", table.move, a, 1, 3, 5)
      expect.raises("index 9 out of bounds (size 3)", table.move, { a[1] }, 1, 1, 9, a)
      expect.unchanged(before)
    end
  end)

  it("table.move out of an array, into an array, and between two", function()
    for _, kind in ipairs { kinds[1], kinds[2] } do
      for n = 0, 4 do
        for f = 0, n + 1 do
          for e = f - 1, n + 1 do
            for to = 1, 5 do
              local what = describe_call("move", n, f, e, to)
              local a, t = pair(kind, n)
              local out, expected = { "x", "y" }, { "x", "y" }
              assert.equal(out, table.move(a, f, e, to, out))
              table.move(t, f, e, to, expected)
              for i = 1, furthest do
                assert(expect.identical(expected[i], out[i]), what)
              end
              assert_same(a, t, what)
              for _, source in ipairs { a, t } do
                -- Elements of its own: table.move asks == whether source and destination are the same.
                local b, u = dynarray.from({ "b1", "b2" }, { bounds = "sequence" }), { "b1", "b2" }
                local refused = refused_write(2, { f, e, to, source = t })
                local ok, result = pcall(table.move, source, f, e, to, b)
                if refused then
                  assert.is_false(ok, what)
                  assert.truthy(result:find(("index %d out of bounds"):format(refused), 1, true), what .. result)
                else
                  assert.is_true(ok, what .. tostring(result))
                  assert(rawequal(result, b))
                  table.move(t, f, e, to, u)
                  assert_same(b, u, what)
                end
              end
            end
          end
        end
      end
    end
  end)

  it("serves as a stack and as a queue", function()
    for _, kind in ipairs(kinds) do
      local a, t = pair(kind, 0)
      for i = 1, 12 do
        table.insert(a, kind.element(i))
        table.insert(t, kind.element(i))
        if i % 3 == 0 then
          assert.equal(table.remove(t, 1), table.remove(a, 1))
        end
        if i % 4 == 0 then
          assert.equal(table.remove(t), table.remove(a))
        end
        a[#a + 1] = kind.element(1)
        t[#t + 1] = kind.element(1)
        assert_same(a, t, "queue")
      end
      while #t > 0 do
        a[#a], t[#t] = nil, nil
        assert_same(a, t, "emptying")
      end
      assert.equal(0, #a)
    end
  end)
end)

describe("the bounds of an array", function()
  local function made_from(a)
    local made = { copy = a:copy(), slice = a:slice(1, 2), concat = a .. dynarray.new(a.type),
      map = a:map(function(x) return x end), filter = a:filter(function() return true end) }
    if a.type ~= "value" then
      made.sum, made.quotient, made.difference = a + a, a / 2, 9 - a
    end
    return made
  end

  it("are those of the arrays made from it", function()
    for _, name in ipairs(types.all) do
      for _, bounds in ipairs { "strict", "sequence" } do
        local a = dynarray.from({ 1, 2, 3 }, { type = name, bounds = bounds })
        for how, b in pairs(made_from(a)) do
          assert.equal(bounds, b.bounds, how)
        end
      end
    end
  end)

  it("are strict for views, which can neither grow nor shrink", function()
    local a = dynarray.from({ 1, 2 }, { bounds = "sequence" })
    assert.equal("strict", a:view().bounds)
    assert.equal("strict", a:frozen().bounds)
    assert.equal("strict", a:view():slice().bounds)
  end)
end)

describe("a strict array in the table library", function()
  it("does all that stays in bounds", function()
    for _, name in ipairs(types.all) do
      local a = dynarray.new(name):append(3, 1, 2)
      table.sort(a)
      assert(a[1] == 1 and a[2] == 2 and a[3] == 3)
      local x, y, z = table.unpack(a)
      assert(x == 1 and y == 2 and z == 3)
      table.move(a, 1, 2, 2)
      assert(a[1] == 1 and a[2] == 1 and a[3] == 2)
      assert.equal(table.concat({ a[1], a[2], a[3] }, ","), table.concat(a, ","))
    end
  end)

  it("refuses to leave the bounds", function()
    local a = dynarray.of(1, 2, 3)
    expect.raises("index 4 out of bounds (size 3)", table.insert, a, 4)
    expect.raises("index 4 out of bounds (size 3)", table.insert, a, 1, 4)
    expect.raises("index 4 out of bounds (size 3)", table.unpack, a, 1, 4)
    expect.raises("index 4 out of bounds (size 3)", table.move, a, 1, 3, 2)
    expect.holds(a, 1, 2, 3)
  end)
end)

describe("a sequence of userdata", function()
  it("is moved by table.move as numbers are, also where source and target overlap", function()
    local other = dynarray.of(7)
    local t = { io.stdout, io.stderr, other }
    local a = dynarray.new { bounds = "sequence" }:extend(t)
    assert.equal(a, table.move(a, 1, 3, 3))
    expect.holds(a, table.unpack(table.move(t, 1, 3, 3)))
    assert.equal(a, table.move(a, 2, 5, 4, a))
    expect.holds(a, table.unpack(table.move(t, 2, 5, 4)))
    local b = dynarray.new { bounds = "sequence" }:append(io.stdout)
    expect.raises("index 5 out of bounds (size 1)", table.move, a, 1, 3, 5, b)
    expect.holds(b, io.stdout)
  end)
end)

describe("a write past the end of a sequence", function()
  it("is refused also where no function calls it", function()
    local a = dynarray.new { bounds = "sequence" }:append(1)
    expect.raises("index 5 out of bounds (size 1)", coroutine.wrap(a.set), a, 5, 1)
    expect.raises("index 2 out of bounds (size 1)", coroutine.wrap(a.get), dynarray.of(1), 2)
    expect.holds(a, 1)
  end)

  it("is no matter of remove, which takes integers", function()
    local a = dynarray.new { bounds = "sequence" }:append(1)
    expect.raises("index 1.5 is not an integer", a.remove, a, 1.5)
    expect.raises("index 0.5 is not an integer", a.remove, a:clear(), 0.5)
    assert.is_nil(a:remove(0))
  end)
end)
