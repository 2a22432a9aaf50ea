local dynarray = require "dynarray"
local build = require "support.build"
local child = require "support.child"
local expect = require "support.expect"
local needs = require "support.needs"
local plain = require "support.plain"
local types = require "support.types"

local probe = dynarray.probe

describe("the clock", function()
  it("counts nanoseconds and never goes back", function()
    local before = probe.clock()
    assert.equal("integer", math.type(before))
    for _ = 1, 1000 do
      local now = probe.clock()
      assert.is_true(now >= before)
      before = now
    end
  end)

  it("goes as fast as the system's", function()
    local before = probe.clock()
    assert(os.execute("sleep 0.05"))
    assert.is_true(probe.clock() - before >= 50000000)
  end)
end)

describe("memory", function()
  it("sees what is touched, and when it is given back", function()
    local grown, shrunk, mapped, faults = plain.numbers("", [[
      local dynarray = require "dynarray"
      local memory = dynarray.probe.memory
      dynarray.collector { keep = 0 }
      local before = memory()
      local a = dynarray.filled(4 << 20, 7, "float64")
      local full = memory()
      a:close()
      local after = memory()
      print(full.resident - before.resident, full.resident - after.resident, full.mapped - before.mapped,
        full.minor_faults - before.minor_faults)
    ]])
    local bytes = 32 << 20
    assert.is_true(grown >= bytes and grown < bytes * 1.1, grown)
    assert.is_true(shrunk >= bytes * 0.9 and shrunk < bytes * 1.1, shrunk)
    assert.is_true(mapped >= bytes, mapped)
    assert.is_true(faults >= 16, faults) -- a page of 2 MiB each
  end)

  it("keeps the peak until it is reset", function()
    local kept, reset, done = plain.numbers("", [[
      local dynarray = require "dynarray"
      local probe = dynarray.probe
      dynarray.collector { keep = 0 }
      local before = probe.memory().resident
      dynarray.filled(4 << 20, 7, "float64"):close()
      local kept = probe.memory().peak - before
      local done = probe.reset_peak()
      print(kept, probe.memory().peak - before, done and 1 or 0)
    ]])
    assert.is_true(kept >= 31 << 20, kept) -- the system's peak lags behind what is resident, by some hundred pages
    if done == 1 then
      assert.is_true(reset < 8 << 20, reset)
    else
      assert.equal(kept, reset)
    end
  end)

  it("takes what is resident from the exact file, and from the other if that is closed to us", function()
    needs.files "/proc/self/smaps_rollup"
    local library = build.product("refuse", { "spec/support/refuse.c" }, "-fPIC -shared " .. build.lua_cflags, nil, "")
    local all, exact, other, none = plain.numbers("export LD_PRELOAD=" .. library, ([[
      local memory = require "dynarray".probe.memory
      local refuse = assert(package.loadlib(%q, "luaopen_refuse"))()
      local seen = {}
      for i, path in ipairs { "nothing", "status", "smaps_rollup", "statm" } do
        refuse.hide("/proc/self/" .. path)
        seen[i] = memory().resident or -1
      end
      print(table.concat(seen, " "))
    ]]):format(library))
    assert.is_true(all > 0 and exact > 0 and other > 0)
    assert.equal(-1, none) -- nothing is told without the bytes that are mapped
  end)

  it("is read also where the process has no standard input", function()
    local path = os.tmpname()
    local file = assert(io.open(path, "w"))
    file:write [[
      local probe = require "dynarray".probe
      print(probe.reset_peak(), (probe.memory().resident or 0) > 0)
    ]]
    file:close()
    local usual, closed = child.shell("$LUA " .. path), child.shell(("$LUA %s <&-"):format(path))
    os.remove(path)
    assert.truthy(usual:find "%a")
    assert.equal(usual, closed)
  end)

  it("is never above its peak or what is mapped", function()
    local m = probe.memory()
    assert.is_true(m.resident > 0 and m.resident <= m.peak)
    assert.is_true(m.resident <= m.mapped)
    assert.is_true(m.major_faults >= 0)
  end)
end)

describe("appends", function()
  it("appends the numbers from 1 on, to every type, starting again where they do not fit", function()
    for _, name in ipairs(types.all) do
      local t = types[name]
      local a = dynarray.new { type = name, capacity = 0 }:append(5)
      local ns = probe.appends(a, 70000)
      assert.equal("integer", math.type(ns))
      assert.is_true(ns >= 0)
      assert.equal(70001, #a)
      assert.equal(5, a[1])
      local wrap = t and t.max and t.max < 70000 and t.max + 1
      for i = 1, 70000 do
        local wanted = wrap and i % wrap or i
        if a[i + 1] ~= wanted then
          error(("%s: append %d gave %s"):format(name, i, a[i + 1]))
        end
      end
      assert.equal(name:find("float") and "float" or "integer", math.type(a[2]))
    end
  end)

  it("appends nothing if that is asked for", function()
    local a = dynarray.new { capacity = 0 }
    probe.appends(a, 0)
    assert.equal(0, #a)
    assert.equal(0, a.capacity)
  end)

  it("grows as a loop in Lua does: by policy, block and observer", function()
    for _, growth in ipairs { 2, 1.5, "cpython", "increment:100", function(c, n) return math.max(n, c + 777) end } do
      for _, block in ipairs { "auto", "copy" } do
        local seen = {}
        local function new(k)
          seen[k] = {}
          return dynarray.new { type = "int32", capacity = 1, growth = growth, block = block,
            on_grow = function(e) table.insert(seen[k], e.new_capacity) end }
        end
        local a, b = new(1), new(2)
        probe.appends(a, 5000)
        for i = 1, 5000 do
          b:append(i)
        end
        assert.is_true(a == b)
        assert.equal(b.capacity, a.capacity)
        assert.is_true(#seen[1] > 5)
        assert.same(seen[2], seen[1])
        assert.equal(#seen[1], a:stats().growths)
      end
    end
  end)

  it("leaves the objects of a value array alone", function()
    local a = dynarray.of({}, "x")
    local object = a[1]
    probe.appends(a, 100)
    collectgarbage()
    assert.equal(object, a[1])
    assert.equal("x", a[2])
    assert.equal(100, a[102])
  end)

  it("tells the time of each append, of which the whole is the sum", function()
    for _, kind in ipairs { "uint32", "int64" } do
      local a = dynarray.new { type = "float64", capacity = 1 }
      local times = dynarray.new(kind):resize(10010, 77)
      local ns = probe.appends(a, 10000, times)
      assert.equal(10000, #a)
      assert.equal(10010, #times)
      assert.equal(77, times[10001])
      local sum = times:slice(1, 10000):sum()
      assert.is_true(sum > 0 and sum <= ns, sum .. " of " .. ns)
      assert.is_true(sum > ns // 2, sum .. " of " .. ns)
    end
  end)

  it("shows the time of a growth at the append that caused it", function()
    local a = dynarray.new { type = "int8", capacity = 64, on_grow = function() assert(os.execute("sleep 0.02")) end }
    local times = dynarray.new("uint32"):resize(100)
    probe.appends(a, 100, times)
    assert.is_true(times[65] >= 20000000)
    assert.equal(65, times:index_of(times:max()))
  end)
end)

describe("appends that fail", function()
  -- f raises an error with that text; the array is as it was.
  local function undone(a, text, n)
    local before, stats = expect.snapshot(a), a:stats()
    expect.raises(text, probe.appends, a, n)
    expect.unchanged(before)
    local now = a:stats()
    stats.growth_ns, now.growth_ns = nil, nil
    assert.same(stats, now)
  end

  it("say which append it was, and change nothing", function()
    undone(dynarray.new { type = "int8", capacity = 3, max_size = 20 }:append(1),
      "append 20 of 30: size 21 exceeds max_size 20", 30)
    undone(dynarray.new { capacity = 0, growth = function(_, n) return n < 5 and n or 0 end }:append({}),
      "append 4 of 30: growth policy returned 0, needed at least 5", 30)
    local function stop(event)
      if event.size == 8 then error("too many", 0) end
    end
    undone(dynarray.new { type = "float64", capacity = 1, on_grow = stop }, "append 9 of 30: too many", 30)
    local closed = dynarray.of(1)
    closed:close()
    undone(closed, "append 1 of 1: array is closed", 1)
    undone(dynarray.of(1):view(), "append 1 of 1: a view cannot grow or shrink", 1)
  end)

  it("stop at the limit of the state", function()
    local limit = dynarray.limit()
    dynarray.limit(dynarray.memory().bytes + 100000)
    local a = dynarray.new { type = "int64", capacity = 100 }:append(1)
    local before = expect.snapshot(a)
    local message = expect.error(probe.appends, a, 100000)
    dynarray.limit(limit or false)
    assert.truthy(message:find("^append %d+ of 100000: not enough memory: %d+ bytes wanted, limit"), message)
    expect.unchanged(before)
  end)

  it("hand on an error that is no string", function()
    local object = {}
    local a = dynarray.new { capacity = 0, on_grow = function() error(object) end }
    assert.equal(object, expect.error(probe.appends, a, 1))
    assert.equal(0, a.capacity)
  end)

  it("are about arguments, too", function()
    local a = dynarray.new("int64"):append(1)
    expect.raises("dynarray expected, got no value", probe.appends)
    expect.raises("n expected an integer, got no value", probe.appends, a)
    expect.raises("n -1 out of range (0 to 281474976710656)", probe.appends, a, -1)
    expect.raises("n 281474976710657 out of range", probe.appends, a, (1 << 48) + 1)
    expect.raises("array is read-only", probe.appends, a:frozen(), 1)
    expect.raises("dynarray expected, got table", probe.appends, a, 1, {})
    expect.raises("uint32 or int64 array expected, got a float64 array", probe.appends, a, 1, dynarray.new "float64")
    expect.raises("times has size 1, needed 2", probe.appends, a, 2, dynarray.from({ 1 }, "uint32"))
    expect.raises("times expected another array than the one that grows", probe.appends, a, 1, a)
    expect.raises("times expected an array that is neither read-only nor a view", probe.appends, a, 1, a:view())
    expect.holds(a, 1)
  end)

  it("write nothing to a file that is mapped for reading", function()
    local path = os.tmpname()
    assert(dynarray.from({ 7 }, "uint32"):save(path))
    local times <close> = assert(dynarray.map(path))
    local a = dynarray.new "int8"
    expect.raises("times expected an array that is neither read-only", probe.appends, a, 1, times)
    expect.raises("array is read-only", probe.appends, times, 1)
    expect.holds(times, 7)
    expect.holds(a)
    os.remove(path)
  end)
end)

describe("appends whose callbacks use the arrays", function()
  -- Runs 100 appends to an array that calls meddle at its fourth growth.
  local function run(meddle, times)
    local a, growths = nil, 0
    a = dynarray.new { type = "int64", capacity = 1, on_grow = function()
      growths = growths + 1
      if growths == 4 then meddle(a) end
    end }
    local ok, message = pcall(probe.appends, a, 100, times)
    expect.valid(a)
    return a, ok, message
  end

  it("go on behind what was appended in between", function()
    local a, ok = run(function(a) a:append(-1, -2) end)
    assert.is_true(ok)
    assert.equal(102, #a)
    assert.equal(-1, a[9])
    assert.equal(9, a[11])
    assert.equal(100, a[102])
  end)

  it("go on from the start if it was cleared", function()
    local a, ok = run(function(a) a:clear() end)
    assert.is_true(ok)
    assert.equal(92, #a)
    assert.equal(9, a[1])
  end)

  it("stop if it was closed or shrunk", function()
    for _, method in ipairs { "close", "shrink_to_fit" } do
      local a, ok, message = run(function(array) array[method](array) end)
      assert.is_false(ok)
      assert.equal("append 9 of 100: array was changed by a callback", message)
      assert.equal(0, #a)
    end
  end)

  it("stop if the array of times was cleared, shrunk or closed", function()
    for _, meddle in ipairs { "clear", "close", "pop" } do
      local times = dynarray.new "uint32":resize(100)
      local a, ok, message = run(function() times[meddle](times) end, times)
      assert.is_false(ok)
      assert.truthy(message:find("^append 9 of 100: times was changed by a callback: size %d+, needed 100$"), message)
      assert.equal(0, #a)
    end
  end)

  it("write to where the array of times has moved", function()
    local times = dynarray.new { type = "int64", block = "copy" }:resize(100, -1)
    local _, ok = run(function() times:reserve(100000) end, times)
    assert.is_true(ok)
    for i = 1, 100 do
      assert.is_true(times[i] >= 0, i)
    end
  end)

  it("let go of objects that a callback put in the place of what was appended", function()
    local freed = 0
    local a
    a = dynarray.new { capacity = 8, on_grow = function()
      for i = 1, 8 do
        a[i] = setmetatable({}, { __gc = function() freed = freed + 1 end })
      end
      error("no")
    end }
    assert.is_false(pcall(probe.appends, a, 9))
    assert.equal(0, #a)
    collectgarbage()
    collectgarbage()
    assert.equal(8, freed)
  end)

  it("keep what a callback changed, though they fail", function()
    local a
    a = dynarray.new { capacity = 2, on_grow = function(e)
      if e.size == 2 then a:append("mine") else error("enough", 0) end
    end }
    expect.raises("append 4 of 10: enough", probe.appends, a, 10)
    expect.holds(a, 1, 2, "mine", 3)
  end)

  it("can be nested", function()
    local b = dynarray.new "int64"
    local a, ok = run(function() probe.appends(b, 50) end)
    assert.is_true(ok)
    assert.equal(100, #a)
    assert.equal(50, #b)
  end)
end)

describe("chase", function()
  it("follows the indices, and tells where they led", function()
    local ring = dynarray.from({ 3, 1, 5, 2, 4 }, "int64")
    local order = { 3, 5, 4, 2, 1 }
    for steps = 0, 11 do
      local ns, place = probe.chase(ring, steps)
      assert.is_true(ns >= 0)
      assert.equal(steps == 0 and 1 or order[(steps - 1) % 5 + 1], place)
    end
  end)

  it("takes indices of the array only", function()
    expect.raises("element 2 is 3, out of bounds (size 2)", probe.chase, dynarray.from({ 1, 3 }, "int64"), 1)
    expect.raises("element 1 is 0, out of bounds (size 2)", probe.chase, dynarray.from({ 0, 1 }, "int64"), 1)
    expect.raises("element 2 is -1, out of bounds (size 2)", probe.chase, dynarray.from({ 1, -1 }, "int64"), 1)
    expect.raises("array is empty", probe.chase, dynarray.new "int64", 1)
    expect.raises("int64 array expected, got a value array", probe.chase, dynarray.of(1), 1)
    expect.raises("steps -1 out of range", probe.chase, dynarray.from({ 1 }, "int64"), -1)
  end)
end)

describe("an array on C's stack", function()
  it("costs a call, and lies at the same place each time", function()
    local ns, address = probe.stack(1000)
    assert.is_true(ns >= 0)
    assert.same({ address, true }, { select(2, probe.stack(0)), address ~= 0 })
  end)

  it("is made so many times, and not fewer than none", function()
    expect.raises("count -1 out of range", probe.stack, -1)
  end)
end)

describe("the instruments' own cost", function()
  it("is more than nothing, and a reading of memory costs most", function()
    local cost = probe.overhead()
    assert.is_true(cost.clock > 0 and cost.append > 0)
    assert.is_true(cost.memory > cost.clock)
  end)
end)

-- With a library before libc that has its own clock; see support/refuse.c.
describe("what the clock tells", function()
  local function script(code)
    needs.files "/proc/self/smaps_rollup" -- Linux
    local library = build.product("refuse", { "spec/support/refuse.c" }, "-fPIC -shared " .. build.lua_cflags, nil, "")
    return plain.output("export LD_PRELOAD=" .. library, ([[
      local refuse = assert(package.loadlib(%q, "luaopen_refuse"))()
    ]]):format(library) .. code)
  end

  it("is the largest uint32 for an append that took longer", function()
    assert.equal("true\ttrue\t4294967295\n", script [[
      local dynarray = require "dynarray"
      local times = dynarray.zeros(3, "uint32")
      local a = dynarray.new { type = "int8", capacity = 2, on_grow = function() refuse.later(5) end }
      dynarray.probe.appends(a, 3, times)
      print(times[1] < times[3], times[2] < times[3], times[3])
    ]])
  end)

  it("is not told of a chase through elements that somebody changes meanwhile", function()
    assert.equal("true\t1\nfalse\tarray was changed while it was read\n", script [[
      local dynarray = require "dynarray"
      local a = dynarray.from({ 2, 1 }, "int64")
      print(pcall(function() return (select(2, dynarray.probe.chase(a, 10))) end))
      refuse.write(a:pointer(), 100)
      print(pcall(dynarray.probe.chase, a, 10))
    ]])
  end)
end)

describe("the module where no second state can be made", function()
  it("takes the allocator for a host's own, and needs no pages", function()
    needs.files "/proc/self/smaps_rollup" -- Linux
    local function plain_module(name)
      return build.product(name, { "spec/support/" .. name .. ".c" }, "-fPIC -shared " .. build.lua_cflags, nil, "")
    end
    local library = plain_module "refuse"
    assert.equal("true\t5000000\ttrue\n", plain.output("export LD_PRELOAD=" .. library, ([[
      local refuse = assert(package.loadlib(%q, "luaopen_refuse"))()
      local native = assert(package.loadlib(%q, "luaopen_native"))()
      local s = native.state(package.path, package.cpath)
      refuse.no_block(1001) -- that of a new state of Lua, for one
      print(s:run [=[
        local dynarray = require "dynarray"
        local _, message = pcall(dynarray.new, { block = "stable", max_size = 10 })
        return #dynarray.zeros(5000000),
          message:find("needs pages, and this state has its own allocator", 1, true) ~= nil
      ]=])
    ]]):format(library, "./" .. plain_module "native")))
  end)
end)
