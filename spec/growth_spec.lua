local dynarray = require "dynarray"
local expect = require "support.expect"
local child = require "support.child"
local types = require "support.types"

-- The capacities that appending n elements one by one goes through.
local function capacities(options, n)
  local a = dynarray.new(options)
  local seen = { a.capacity }
  for i = 1, n do
    a:append(i & 127)
    if a.capacity ~= seen[#seen] then
      seen[#seen + 1] = a.capacity
    end
  end
  return seen, a
end

local POLICIES = {
  "double", "1.5", "golden", "cpython", "python-array", "rust", "go", "folly", "lua", "v8", "exact",
}

describe("growth", function()
  it("doubles by default: the article's ten growths, 1 to 1024", function()
    for _, name in ipairs(types.all) do
      local seen, a = capacities({ type = name, capacity = 1 }, 1000)
      assert.same({ 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024 }, seen)
      assert.equal(1000, #a)
      assert.equal(10, a:stats().growths)
    end
  end)

  it("prints the article's line before each growth, letter for letter", function()
    local lines = {}
    for i = 0, 9 do
      lines[#lines + 1] = ("Ran out of memory: old allocated size: %d, new allocated size is %d\n"):format(1 << i,
        2 << i)
    end
    lines[#lines + 1] = "1000 1024\n"
    assert.equal(table.concat(lines), child.output [[
      local dynarray = require "dynarray"
      local a = dynarray.new { initial_size = 1, initial_fill = 0, debug = true }
      for i = 1, 1000 do a:append(i) end
      print(#a .. " " .. a.capacity)
    ]])
  end)

  it("prints in step with print and io.write", function()
    assert.equal("a\nRan out of memory: old allocated size: 1, new allocated size is 2\nb\n", child.output [[
      local a = require "dynarray".new { capacity = 1, debug = true }
      a:append(1)
      print "a"
      a:append(2)
      io.write "b\n"
    ]])
  end)

  it("prints before the observer hears of it", function()
    assert.equal("Ran out of memory: old allocated size: 1, new allocated size is 2\nobserved\n", child.output [[
      local a = require "dynarray".new { capacity = 1, debug = true, on_grow = function() print "observed" end }
      a:append(1, 2)
    ]])
  end)

  it("prints nothing unless asked to", function()
    assert.equal("", child.output [[
      local a = require "dynarray".new { capacity = 1 }
      for i = 1, 100 do a:append(i) end
    ]])
  end)

  it("follows a factor", function()
    for _, factor in ipairs { 1.125, 1.25, 1.5, 1.618, 2, 3, 4, 2.5, 10 } do
      local seen, a = capacities({ type = "int8", capacity = 8, growth = factor }, 5000)
      assert.equal(factor, a.growth)
      assert.is_true(#seen > 1)
      for i = 2, #seen do
        local exact = seen[i - 1] * factor
        local distance = math.abs(seen[i] - exact)
        assert.is_true(distance < 1 or seen[i] == seen[i - 1] + 1,
          ("factor %g: %d to %d"):format(factor, seen[i - 1], seen[i]))
      end
    end
  end)

  it("grows by at least what is needed, however small the factor", function()
    for _, factor in ipairs { 1 + 2 ^ -52, 1.0001, 1.1, 1.5 } do
      local seen = capacities({ capacity = 1, growth = factor }, 50)
      for i = 2, #seen do
        assert.is_true(seen[i] > seen[i - 1])
      end
    end
    local a = dynarray.new { capacity = 1 }
    a:append(table.unpack({}, 1, 100))
    assert.is_true(a.capacity >= 100)
  end)

  it("loses nothing to a factor that no capacity can follow", function()
    for _, factor in ipairs { math.huge, 1e308, 1e18 } do
      local ok, a = pcall(dynarray.new, { capacity = 2, growth = factor })
      if ok then
        a:append(1, 2)
        local before = expect.snapshot(a)
        if not pcall(a.append, a, 3) then
          expect.unchanged(before)
        end
        assert.is_true(#a >= 2)
      end
    end
  end)

  it("follows a name", function()
    for _, name in ipairs(POLICIES) do
      local seen, a = capacities({ capacity = 0, growth = name }, 500)
      assert.equal(name, a.growth)
      for i = 2, #seen do
        assert.is_true(seen[i] > seen[i - 1])
      end
      for i = 1, 500 do
        assert(a[i] == i & 127)
      end
    end
    assert.same({ 0, 1, 2, 3, 4, 5 }, (capacities({ capacity = 0, growth = "exact" }, 5)))
    assert.same({ 0, 10, 20, 30 }, (capacities({ capacity = 0, growth = "increment:10" }, 25)))
  end)

  it("asks a policy with capacity, needed and the size of an element", function()
    for _, name in ipairs(types.all) do
      local asked = {}
      local a = dynarray.new {
        type = name,
        capacity = 2,
        growth = function(...)
          asked[#asked + 1] = table.pack(...)
          local capacity, needed = ...
          return math.max(capacity + 3, needed)
        end,
      }
      a:append(1, 2)
      assert.equal(0, #asked)
      a:append(3)
      assert.same({ 2, 3, a.element_size, n = 3 }, asked[1])
      assert.equal(5, a.capacity)
      a:append(4, 5, 6, 7, 8, 9, 10)
      assert.same({ 5, 10, a.element_size, n = 3 }, asked[2])
      assert.equal(10, a.capacity)
      assert.equal(2, #asked)
      for i = 1, 10 do
        assert(a[i] == i)
      end
    end
  end)

  it("asks a policy once for a source whose size is known", function()
    local asked = {}
    local a = dynarray.new { capacity = 1, growth = function(capacity, needed)
      asked[#asked + 1] = { capacity, needed }
      return needed
    end }
    a:extend { 1, 2, 3, 4, 5 }
    assert.same({ { 1, 5 } }, asked)
  end)

  it("takes a float with an integer value from a policy", function()
    local a = dynarray.new { capacity = 1, growth = function() return 7.0 end }
    a:append(1, 2)
    assert.equal(7, a.capacity)
  end)

  it("keeps the array when a policy is bad", function()
    local bad = {
      ["too little"] = function(_, needed) return needed - 1 end,
      ["what there is"] = function(capacity) return capacity end,
      ["nothing"] = function() end,
      ["nil"] = function() return nil end,
      ["zero"] = function() return 0 end,
      ["a negative number"] = function() return -1 end,
      ["the smallest integer"] = function() return math.mininteger end,
      ["a fraction"] = function(_, needed) return needed + 0.5 end,
      ["NaN"] = function() return 0 / 0 end,
      ["infinity"] = function() return math.huge end,
      ["2^61"] = function() return 1 << 61 end,
      ["2^63 - 1"] = function() return math.maxinteger end,
      ["2^63"] = function() return 2.0 ^ 63 end,
      ["a string"] = function() return "x" end,
      ["a table"] = function() return {} end,
      ["true"] = function() return true end,
      ["an error"] = function() error("policy fails") end,
    }
    for what, policy in pairs(bad) do
      for _, name in ipairs { "value", "int8", "float64" } do
        local a = dynarray.new { type = name, capacity = 2, growth = policy }:append(1, 2)
        local before = expect.snapshot(a)
        local ok, err = pcall(a.append, a, 3)
        assert.is_false(ok, what)
        assert.equal("string", type(err), what)
        assert.is_false(pcall(a.extend, a, { 3, 4 }), what)
        assert.is_false(pcall(a.extend, a, dynarray.of(3, 4)), what)
        expect.unchanged(before)
        a:set_growth(2)
        expect.holds(a:append(3), table.unpack(dynarray.new(name):append(1, 2, 3)))
        assert.equal(4, a.capacity)
      end
    end
  end)

  it("names what a bad policy returned and what was needed", function()
    local a = dynarray.new { capacity = 4, growth = function() return 3 end }:append(1, 2, 3, 4)
    local err = expect.error(a.append, a, 5)
    assert.truthy(err:find("3", 1, true) and err:find("5", 1, true), err)
  end)

  it("passes on the very error of a policy", function()
    local object = {}
    local a = dynarray.new { capacity = 0, growth = function() error(object) end }
    assert.equal(object, expect.error(a.append, a, 1))
  end)

  it("takes an array of one element for one that grows, like any with more", function()
    local function block_of(n)
      local a = dynarray.new { type = "int8", capacity = n }
      for i = 1, n do a:append(i) end
      return a:extend(dynarray.filled(200000, 1, "int8")).block
    end
    assert.equal(block_of(2), block_of(1))
  end)

  it("is no matter of reserve", function()
    local a = dynarray.new { capacity = 1, growth = function() error("asked") end }
    assert.equal(100, a:reserve(100).capacity)
  end)

  it("ends at max_size", function()
    local seen, a = capacities({ capacity = 1, max_size = 10 }, 10)
    expect.raises("size 11 exceeds max_size 10", a.append, a, 1)
    assert.is_true(seen[#seen] >= 10)
    assert.equal(10, #a)
  end)
end)

describe("set_growth", function()
  it("changes the policy of a live array", function()
    local a = dynarray.new { capacity = 2 }
    assert.equal(a, a:set_growth(3))
    assert.equal(3, a.growth)
    a:append(1, 2, 3)
    assert.equal(6, a.capacity)
    a:set_growth("exact")
    assert.equal("exact", a.growth)
    a:append(4, 5, 6, 7)
    assert.equal(7, a.capacity)
    local policy = function() return 100 end
    a:set_growth(policy)
    assert.equal(policy, a.growth)
    a:append(8)
    assert.equal(100, a.capacity)
    expect.holds(a, 1, 2, 3, 4, 5, 6, 7, 8)
  end)

  it("refuses what is no policy and keeps the old one", function()
    local a = dynarray.new { growth = 1.5 }
    for _, wrong in ipairs { 1, 0, -2, 0.5, 0 / 0, "no such policy", "increment:", "increment:0", "increment:-1",
      "increment:x", "increment:1.5", "increment:99999999999999999999", math.huge, true, {} } do
      expect.error(a.set_growth, a, wrong)
    end
    expect.error(a.set_growth, a)
    assert.equal(1.5, a.growth)
  end)
end)

describe("a factor", function()
  it("reads as it was given, whole or not", function()
    for _, factor in ipairs { 2, 3, 1.5, 1e10 } do
      local a = dynarray.new { growth = factor }
      assert.equal(factor, a.growth)
      assert.equal(factor < 1e9 and math.type(factor) or "float", math.type(a.growth))
    end
  end)
end)

describe("dynarray.growth", function()
  it("holds named policies that can be called without an array", function()
    assert.equal(8, dynarray.growth.double(4, 5, 8))
    assert.equal(100, dynarray.growth.double(4, 100, 8))
    assert.equal(5, dynarray.growth.exact(4, 5, 8))
    for _, name in ipairs(POLICIES) do
      local policy = dynarray.growth[name]
      assert.equal("function", type(policy), name)
      for _, capacity in ipairs { 0, 1, 2, 100, 1 << 20, 1 << 40 } do
        local result = policy(capacity, capacity + 1, 8)
        assert.is_true(math.type(result) == "integer" and result > capacity, name)
      end
    end
  end)

  it("lists the names for ipairs, in their order, and has no other integers", function()
    local names = {}
    for i, name in ipairs(dynarray.growth) do
      names[i] = name
    end
    assert.same(POLICIES, names)
    for _, i in ipairs { 0, -1, #POLICIES + 1, math.mininteger, math.maxinteger } do
      assert.is_nil(dynarray.growth[i])
    end
  end)

  it("grows as the sources of the names do", function()
    local function from_empty(name, n)
      return (capacities({ type = "float64", capacity = 0, growth = name }, n))
    end
    assert.same({ 0, 4, 8, 16, 24, 32, 40, 52, 64 }, from_empty("cpython", 64))
    assert.same({ 0, 1, 2, 4, 8, 16, 32 }, from_empty("lua", 32))
    assert.equal(848, dynarray.growth.go(512, 513, 8))
    -- folly: by bytes, 2 up to 4 KiB, 1.5 up to 128 KiB, 2 beyond
    assert.equal(200, dynarray.growth.folly(100, 101, 8))
    assert.equal(1500, dynarray.growth.folly(1000, 1001, 8))
    assert.equal(1502, dynarray.growth.folly(1001, 1002, 8))
    assert.equal(40000, dynarray.growth.folly(20000, 20001, 8))
    assert.equal(150, dynarray.growth["1.5"](100, 101, 8))
  end)

  it("says the same as an array does", function()
    for _, name in ipairs(POLICIES) do
      local seen, a = capacities({ type = "int32", capacity = 0, growth = name }, 2000)
      for i = 2, #seen do
        assert.equal(dynarray.growth[name](seen[i - 1], seen[i - 1] + 1, a.element_size), seen[i])
      end
    end
  end)

  it("refuses what is no capacity", function()
    expect.error(dynarray.growth.double)
    expect.error(dynarray.growth.double, -1, 5, 8)
    expect.error(dynarray.growth.double, 1.5, 5, 8)
    expect.error(dynarray.growth.double, "x", 5, 8)
    expect.error(dynarray.growth.double, 4, 5, 0)
    expect.error(dynarray.growth.double, 4, 5, -8)
    assert.equal(math.maxinteger, dynarray.growth.double(math.maxinteger, math.maxinteger, 8))
  end)
end)

describe("on_grow", function()
  it("sees each growth", function()
    local events = {}
    local a = dynarray.new { type = "int32", capacity = 1, block = "copy", on_grow = function(e)
      events[#events + 1] = e
    end }
    for i = 1, 5 do
      a:append(i)
    end
    assert.same({
      { size = 1, old_capacity = 1, new_capacity = 2, bytes_copied = 4, how = "copied" },
      { size = 2, old_capacity = 2, new_capacity = 4, bytes_copied = 8, how = "copied" },
      { size = 4, old_capacity = 4, new_capacity = 8, bytes_copied = 16, how = "copied" },
    }, events)
  end)

  it("agrees with the statistics", function()
    for _, block in ipairs { "copy", false } do
      for _, name in ipairs(types.all) do
        local growths, bytes, hows = 0, 0, { copied = 0, moved = 0, ["in place"] = 0 }
        local a = dynarray.new { type = name, capacity = 1, block = block or nil, on_grow = function(e)
          growths, bytes = growths + 1, bytes + e.bytes_copied
          hows[e.how] = hows[e.how] + 1
          assert(e.new_capacity > e.old_capacity)
          assert(e.how == "copied" or e.bytes_copied == 0)
        end }
        for i = 1, 50000 do
          a:append(i & 127)
        end
        local stats = a:stats()
        assert.equal(growths, stats.growths)
        assert.equal(bytes, stats.bytes_copied)
        assert.equal(hows.moved, stats.moves)
        assert.equal(hows["in place"], stats.in_place)
        assert.equal(growths, hows.copied + hows.moved + hows["in place"])
      end
    end
  end)

  it("puts the capacity back when it raises an error", function()
    for _, name in ipairs { "value", "int16", "float64" } do
      local fail = true
      local a = dynarray.new { type = name, capacity = 2, on_grow = function()
        if fail then
          error("observer fails")
        end
      end }:append(1, 2)
      local before = expect.snapshot(a)
      expect.raises("observer fails", a.append, a, 3)
      expect.unchanged(before)
      assert.equal(0, a:stats().growths)
      expect.raises("observer fails", a.extend, a, { 3, 4, 5 })
      expect.unchanged(before)
      expect.raises("observer fails", a.extend, a, a)
      expect.unchanged(before)
      fail = false
      a:append(3)
      assert(#a == 3 and a[1] == 1 and a[2] == 2 and a[3] == 3)
    end
  end)
end)

describe("a stable block", function()
  it("grows where it stands", function()
    for _, name in ipairs(types.all) do
      local a = dynarray.new { type = name, block = "stable", capacity = 1, max_size = 100000 }
      for i = 1, 50000 do
        a:append(i & 127)
      end
      local stats = a:stats()
      assert.is_true(stats.growths > 0)
      assert.equal(stats.growths, stats.in_place)
      assert.equal(0, stats.elements_copied)
      for i = 1, 50000 do
        assert(a[i] == i & 127)
      end
    end
  end)
end)

describe("stats", function()
  it("counts the article's experiment", function()
    local a = dynarray.new { type = "float64", capacity = 1, block = "copy" }
    for i = 1, 1000 do
      a:append(i)
    end
    local stats = a:stats()
    assert.equal(10, stats.growths)
    assert.equal(1023, stats.elements_copied)
    assert.equal(1023 * 8, stats.bytes_copied)
    assert.equal(0, stats.moves)
    assert.equal(0, stats.in_place)
    assert.is_true(stats.peak_bytes >= (512 + 1024) * 8)
    assert.is_true(stats.growth_ns >= 0)
  end)

  it("keeps the growth that on_grow made before it failed", function()
    local a
    a = dynarray.new { type = "int8", capacity = 1, on_grow = function(event)
      if event.new_capacity < 100 then
        a:reserve(100)
        error("no", 0)
      end
    end }
    a:append(1)
    expect.raises("no", a.append, a, 2)
    expect.holds(a, 1)
    assert.equal(100, a.capacity)
    assert.equal(2, a:stats().growths)
  end)

  it("forgets growths that were undone, as memory does", function()
    local a = dynarray.new { type = "int8", on_grow = function() error "no" end }
    local before = dynarray.memory().growths
    for _ = 1, 3 do assert.is_false(pcall(a.resize, a, 1000)) end
    assert.equal(0, a:stats().growths)
    assert.equal(before, dynarray.memory().growths)
  end)

  it("keeps the growths before one that was undone", function()
    local fails = false
    local a = dynarray.new { type = "int8", capacity = 1, on_grow = function() if fails then error "no" end end }
    a:append(1, 2, 3)
    a:append(4, 5)
    fails = true
    local before, growths = dynarray.memory().growths, a:stats().growths
    assert.is_false(pcall(a.resize, a, 1000))
    assert.equal(2, growths)
    assert.equal(2, a:stats().growths)
    assert.equal(before, dynarray.memory().growths)
  end)

  it("remembers the block that the array was made with", function()
    for _, capacity in ipairs { 10, 1000 } do
      local a = dynarray.new { type = "int64", capacity = capacity }:append(1):shrink_to_fit()
      assert.equal(1, a.capacity)
      assert.equal(8 * capacity, a:stats().peak_bytes)
    end
  end)

  it("begins with nothing", function()
    local stats = dynarray.new():stats()
    for _, field in ipairs { "growths", "elements_copied", "bytes_copied", "moves", "in_place" } do
      assert.equal(0, stats[field])
    end
    assert.equal("integer", math.type(stats.peak_bytes))
    local small = dynarray.new("int64"):set_growth(3):append(1):shrink_to_fit()
    assert.equal(128, small:stats().peak_bytes)
    assert.equal("number", type(stats.growth_ns))
  end)
end)

describe("dynarray.memory", function()
  it("counts what arrays of this state hold", function()
    collectgarbage()
    collectgarbage("stop")
    local before = dynarray.memory()
    local a = dynarray.new { type = "float64", capacity = 10000 }
    local during = dynarray.memory()
    a:append(1):reserve(20000)
    local grown = dynarray.memory()
    a:resize(1):shrink_to_fit()
    local shrunk = dynarray.memory()
    a:close()
    local after = dynarray.memory()
    collectgarbage("restart")
    assert.equal(before.arrays + 1, during.arrays)
    assert.is_true(during.bytes >= before.bytes + 80000)
    assert.is_true(grown.bytes >= before.bytes + 160000)
    assert.is_true(grown.peak >= grown.bytes)
    assert.is_true(shrunk.bytes <= before.bytes + 10000)
    assert.is_true(after.bytes <= shrunk.bytes)
    assert.is_true(grown.growths >= before.growths)
    assert.is_true(after.peak >= grown.peak)
  end)
end)

describe("dynarray.limit", function()
  it("bounds what the arrays of a state hold, and nothing is lost past it", function()
    collectgarbage()
    local a = dynarray.new { type = "float64", capacity = 100 }:append(1, 2, 3)
    local before = expect.snapshot(a)
    finally(function() dynarray.limit(false) end)
    dynarray.limit(dynarray.memory().bytes + 100000)
    assert.is_true(dynarray.memory().limit ~= nil)
    expect.error(a.reserve, a, 1000000)
    expect.error(a.resize, a, 1000000)
    expect.error(dynarray.filled, 1000000, 0, "float64")
    expect.error(dynarray.new, { type = "float64", capacity = 1000000 })
    expect.unchanged(before)
    local ok = true
    for i = 1, 1000000 do
      ok = pcall(a.append, a, i)
      if not ok then
        break
      end
    end
    assert.is_false(ok)
    assert.equal(3.0, a[3])
    expect.holds(a:copy_from { 7 }:resize(1), 7.0)
    dynarray.limit(false)
    a:reserve(1000000)
    assert.equal(1000000, a.capacity)
  end)

  it("tells the limit in force", function()
    finally(function() dynarray.limit(false) end)
    dynarray.limit(1 << 40)
    assert.equal(1 << 40, dynarray.limit())
    assert.equal(1 << 40, dynarray.memory().limit)
    dynarray.limit(false)
    assert.is_true(not dynarray.limit())
  end)

  it("refuses what is no limit", function()
    for _, wrong in ipairs { "x", -1, 1.5, 0 / 0, {}, true } do
      expect.error(dynarray.limit, wrong)
    end
    assert.is_true(not dynarray.limit())
  end)
end)

describe("set_growth", function()
  it("lets go of a function that another policy takes the place of", function()
    local weak = setmetatable({}, { __mode = "k" })
    local a = dynarray.new()
    do
      local policy = function(_, needed) return needed + #weak end
      weak[policy] = true
      a:set_growth(policy)
    end
    collectgarbage()
    assert.truthy(next(weak))
    a:set_growth(1.5)
    collectgarbage()
    assert.is_nil(next(weak))
    assert.equal(1.5, a.growth)
  end)
end)

describe("a policy that is a function", function()
  it("is not asked where max_size forbids the growth", function()
    local asked = 0
    local a = dynarray.new { type = "int8", capacity = 2, max_size = 2, growth = function(_, n)
      asked = asked + 1
      return n
    end }:append(1, 2)
    expect.raises("size 3 exceeds max_size 2", a.append, a, 3)
    expect.holds(a, 1, 2)
    assert.equal(0, asked)
  end)

  it("may reserve the capacity itself", function()
    local a
    a = dynarray.new { type = "int8", capacity = 1, growth = function(_, n)
      a:reserve(50)
      return n
    end }
    expect.holds(a:append(1, 2, 3), 1, 2, 3)
    assert.equal(50, a.capacity)
  end)
end)

describe("an observer that fails", function()
  it("leaves what it has appended itself, and the room for that", function()
    local a
    a = dynarray.new { type = "int8", capacity = 2, on_grow = function()
      a:append(7)
      error("no", 0)
    end }:append(1, 2)
    expect.raises("no", a.append, a, 3)
    expect.holds(a, 1, 2, 7)
    assert.equal(4, a.capacity)
  end)
end)

describe("a policy of dynarray.growth", function()
  it("takes elements of 8 bytes if their size is not given, and ends at the largest integer", function()
    for _, name in ipairs(POLICIES) do
      local policy = dynarray.growth[name]
      assert.equal(policy(100, 101, 8), policy(100, 101))
      assert.is_true(policy(math.maxinteger, math.maxinteger) > 0)
    end
    local step = dynarray.growth["increment:" .. (1 << 61)]
    assert.equal(math.maxinteger, step(math.maxinteger - 1, math.maxinteger))
  end)

  it("is nil for other names", function()
    assert.is_nil(dynarray.growth.nothing)
    assert.is_nil(dynarray.growth["increment:0"])
  end)
end)

describe("a growth of less than the policy wants", function()
  it("is printed, too", function()
    local said = child.output [[
      local native = require "support.native"
      local s = native.state(package.path, package.cpath)
      assert(s:run "a = require 'dynarray'.new { type = 'int8', debug = true, capacity = 100000 }:resize(100000)")
      s:limit(s:bytes() + 50000)
      assert(s:run "a:append(1)")
    ]]
    local grown = said:match("^Ran out of memory: old allocated size: 100000, new allocated size is 200000\n.*"
      .. "Ran out of memory: old allocated size: 100000, new allocated size is (%d+)\n$")
    assert.truthy(grown and tonumber(grown) > 100000 and tonumber(grown) < 150000, said)
  end)
end)
