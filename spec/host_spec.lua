-- The functions of dynarray_lua.h, called by C modules and programs that are built here.
local dynarray = require "dynarray"
local build = require "support.build"
local needs = require "support.needs"
local child = require "support.child"
local expect = require "support.expect"
local native = require "support.native"
local plain = require "support.plain"

local raises = expect.raises

local lua_cflags = build.lua_cflags
local lua_libs = build.lua_libs
local headers = { "src/include/dynarray.h", "src/include/dynarray_lua.h" }

local function module_of(name, source, sanitizers)
  return build.product(name, { source }, "-Isrc/include -fPIC -shared -fvisibility=hidden " .. lua_cflags, headers,
    sanitizers)
end

local library = module_of("host", "spec/support/host.c")
local host = assert(package.loadlib("./" .. library, "luaopen_host"))()

local int64, float64 = 3, 9 -- as dynarray_type counts them

local function collect()
  collectgarbage()
  collectgarbage()
end

-- A type's name and how many arrays' worth of elements it gets in the specs of blocks.
local function filled(n, kind)
  local a = dynarray.new { type = kind or "int64", capacity = n }
  for i = 1, n do
    a:append(i & 127)
  end
  return a
end

local function held()
  collect()
  return dynarray.memory().bytes
end

describe("a module that is linked with nothing of ours", function()
  it("needs none of our symbols", function()
    local undefined = build.output("nm -D --undefined-only " .. library)
    assert.truthy(undefined:find("lua_", 1, true))
    assert.is_nil(undefined:find("dynarray", 1, true))
  end)

  it("is told that the module is not loaded", function()
    local said = child.output(([[
      local host = assert(package.loadlib("./%s", "luaopen_host"))()
      print(select(2, pcall(host.heap)))
      require "dynarray"
      print(pcall(host.heap))
    ]]):format(library))
    assert.equal("module 'dynarray' is not loaded\ntrue\t0\t0\n", said)
  end)

  it("is told that the ABI is another", function()
    assert.equal("module 'dynarray' has ABI 2, wanted 1", host.with_api(1, 0))
    assert.equal("module 'dynarray' has ABI 0, wanted 1", host.with_api(-1, 0))
    assert.truthy(host.with_api(0, -1):find "^module 'dynarray' is older than the header: ") -- a function is missing
    assert.equal(1, host.with_api(0, 8)) -- one more is none of our business
  end)
end)

describe("push", function()
  it("makes an array of each type", function()
    for _, kind in ipairs(dynarray.types) do
      local a = host.push(kind, 5)
      assert.equal(kind, a.type)
      assert.equal(0, #a)
      assert.is_true(a.capacity >= 5)
      a:append(1, 2, 3)
      expect.holds(a, kind:find("float") and 1.0 or 1, kind:find("float") and 2.0 or 2, kind:find("float") and 3.0 or 3)
    end
  end)

  it("makes room for as many as were asked for", function()
    for _, n in ipairs { 0, 1, 16, 100, 10000, 1000000 } do
      assert.is_true(host.push("float64", n).capacity >= n)
    end
  end)

  it("refuses what is no element type, and what no memory holds", function()
    raises("element type 11 is not allowed here", host.push, "opaque")
    raises("element type 12 is not allowed here", host.push, "any")
    raises("element type -1 is not allowed here", host.push, -1)
    raises("element type 1000 is not allowed here", host.push, 1000)
    raises("not enough memory", host.push, "int8", 1 << 62)
    raises("out of range", host.push, "int64", 1 << 62)
  end)
end)

describe("test and check", function()
  it("know an array and its type", function()
    local a = dynarray.of(1, 2, 3)
    local f = dynarray.from({ 1, 2, 3 }, "float64")
    for _, look in ipairs { host.test, host.check, host.check_writable } do
      local kind, size, capacity, data = look(f, "float64")
      assert.same({ float64, 3, f.capacity }, { kind, size, capacity })
      assert.equal(f:pointer(), data)
      assert.equal(float64, (look(f)))
      assert.equal(10, (look(a, "value")))
    end
  end)

  it("know an array by a number that no other array has, odd as no pointer is", function()
    local arrays, numbers = {}, {}
    for i = 1, 200 do
      arrays[i] = dynarray.new() -- all are there at once
      local number = host.number(arrays[i])
      assert.equal(1, number % 2)
      assert.is_nil(numbers[number])
      numbers[number] = true
    end
  end)

  it("refuse another type", function()
    local a = dynarray.new "float64"
    assert.is_nil(host.test(a, "int64"))
    for _, check in ipairs { host.check, host.check_writable } do
      raises("int64 array expected, got float64 array", check, a, "int64")
      raises("bad argument #1", check, a, "int64")
      raises("float64 array expected, got value array", check, dynarray.new(), "float64")
    end
  end)

  it("refuse what is no array", function()
    for _, value in ipairs { 1, "x", true, {}, print, io.stdout, native.userdata(200), native.lightuserdata(),
      coroutine.create(print) } do
      assert.is_nil(host.test(value))
      raises("dynarray expected, got ", host.check, value)
      raises("dynarray expected, got ", host.check_writable, value)
    end
    assert.is_nil(host.test())
    raises("dynarray expected, got nil", host.check, nil)
    raises("dynarray expected, got no value", function() return host.check() end)
    local _, message = pcall(host.check_at_top, {})
    assert.equal("dynarray expected, got table", message)
    for value, shown in pairs { [1.5] = "number 1.5", ["some \"text\""] = [[string "some \"text\""]],
      [true] = "boolean", [io.stdout] = "FILE*" } do
      _, message = pcall(host.check_at_top, value)
      assert.equal("dynarray expected, got " .. shown, message)
    end
    _, message = pcall(host.check_at_top, filled(1), "int8")
    assert.equal("int8 array expected, got int64 array", message)
    raises("got FILE*", host.check, io.stdout)
  end)

  it("see a view as it is now", function()
    local a = filled(10)
    local v = a:view(3, 8)
    assert.equal(6, select(2, host.check(v, "int64")))
    a:resize(5)
    assert.equal(3, select(2, host.check(v, "int64")))
    a:reserve(100000)
    assert.equal(3, select(2, host.check_writable(v)))
    assert.equal(v:pointer(), (select(4, host.test(v))))
  end)

  it("see a closed array as empty", function()
    local a = filled(10)
    a:close()
    local kind, size, capacity, data = host.check(a)
    assert.same({ int64, 0, 0, nil }, { kind, size, capacity, data and tostring(data):match("0x0*[1-9a-f]") })
  end)

  it("check_writable refuses what is read-only", function()
    local f = filled(3):frozen()
    assert.equal(3, select(2, host.check(f)))
    raises("array is read-only", host.check_writable, f)
    raises("array is read-only", host.check_writable, host.constants())
    raises("int8 array expected", host.check_writable, f, "int8")
  end)

  it("tell very many arrays apart", function()
    local all = {}
    for i = 1, 1000 do
      all[i] = dynarray.new(i % 2 == 0 and "int64" or "float64")
    end
    for i = 1, 1000 do
      assert.equal(i % 2 == 0 and int64 or float64, (host.check(all[i])))
    end
  end)
end)

describe("room", function()
  it("grows as append does", function()
    local a, b = dynarray.new "int64", dynarray.new "int64"
    for i = 1, 1000 do
      host.append(a, 1)
      b:append(1)
      assert.equal(b.capacity, a.capacity)
      assert.equal(i, #a)
    end
    assert.equal(a, b)
    assert.same(b:stats().growths, a:stats().growths)
  end)

  it("takes an index from the top, and leaves the stack alone", function()
    assert.equal(1, host.at_top(dynarray.new { type = "int64", growth = function(_, n) return n end,
      on_grow = function() end }))
    assert.equal(1, host.room(dynarray.new { growth = function(_, n) return n end, on_grow = print and type }, 1000))
  end)

  it("asks the policy, and tells the observer", function()
    local seen = {}
    local a = dynarray.new { type = "int64", capacity = 2, growth = function(_, needed) return needed + 7 end,
      on_grow = function(e) seen[#seen + 1] = e.new_capacity end }
    host.append(a, 3)
    assert.equal(10, a.capacity)
    host.append(a, 20)
    assert.same({ 10, 30 }, seen)
    assert.equal(23, #a)
  end)

  it("keeps to max_size and the memory limit", function()
    local a = dynarray.new { type = "int64", capacity = 2, max_size = 10 }
    host.append(a, 9)
    raises("size 11 exceeds max_size 10", host.append, a, 2)
    assert.equal(9, #a)
    local b = filled(100)
    local s = expect.snapshot(b)
    dynarray.limit(held() + 1000)
    raises("not enough memory", host.append, b, 10000)
    dynarray.limit(false)
    expect.unchanged(s)
    raises("out of range", host.room, b, 1 << 61)
    raises("out of range", host.room, b, -1)
    expect.unchanged(s)
  end)

  it("passes on what the policy and the observer raise", function()
    local a = dynarray.new { type = "int64", capacity = 1, growth = function() error "policy" end }
    raises("policy", host.append, a, 3)
    local b = dynarray.new { type = "int64", capacity = 1, on_grow = function() error "observer" end }
    raises("observer", host.append, b, 3)
    assert.same({ 0, 1, 0, 1 }, { #a, a.capacity, #b, b.capacity })
  end)

  it("refuses what cannot grow", function()
    local a = filled(3)
    raises("a view cannot grow or shrink", host.room, a:view(1, 2), 1)
    raises("array is read-only", host.room, a:frozen(), 1)
    raises("array cannot grow or shrink", host.room, host.wrap(host.loan(), 8), 1)
    a:close()
    raises("array is closed", host.room, a, 1)
    raises("dynarray expected", host.room, {}, 1)
  end)
end)

describe("wrap", function()
  it("lends memory without a copy", function()
    local loan = host.loan()
    local a = host.wrap(loan, 8)
    expect.holds(a, 10, 11, 12, 13, 14, 15, 16, 17)
    a[2] = 99
    assert.equal(99, host.data(loan, 2))
    a:sort()
    assert.equal(99, host.data(loan, 8))
    assert.same({ "int32", 8, 8, "lent" }, { a.type, #a, a.capacity, a.block })
  end)

  it("is of fixed size", function()
    local a = host.wrap(host.loan(), 8)
    for _, change in ipairs { "pop", "clear", "shrink_to_fit" } do
      if change ~= "shrink_to_fit" then
        raises("array cannot grow or shrink", a[change], a)
      end
    end
    raises("array cannot grow or shrink", a.append, a, 1)
    raises("array cannot grow or shrink", a.reserve, a, 9)
    raises("array cannot grow or shrink", a.resize, a, 7)
    assert.equal(8, #a)
    assert.equal(9, #a:copy():append(1))
  end)

  it("can be read-only", function()
    local loan = host.loan()
    local a = host.wrap(loan, 8, true)
    raises("array is read-only", function() a[1] = 1 end)
    raises("array is read-only", a.fill, a, 1)
    raises("array is read-only", a.sort, a)
    raises("array is read-only", a.append, a, 1)
    raises("array is read-only", function() a:view(1, 2)[1] = 1 end)
    assert.equal(10, host.data(loan, 1))
    local copy = a:copy()
    copy[1] = 1
    assert.equal(1, copy[1])
    a:close()
    assert.equal(1, (host.releases(loan)))
  end)

  it("is not written to where a host has made it shorter", function()
    local loan = host.loan()
    local a = host.wrap(loan, 8, true)
    host.truncate(a, 2)
    assert.equal(2, #a)
    raises("array is read-only", a.append, a, 1)
    raises("array is read-only", a.append, a, 1, 2)
    raises("array is read-only", a.extend, a, { 1, 2 })
    raises("array is read-only", a.extend, a, dynarray.of(1))
    raises("array is read-only", a.resize, a, 4)
    raises("array is read-only", host.room, a, 1)
    for i = 1, 8 do assert.equal(9 + i, host.data(loan, i)) end
  end)

  it("raises what a hook raises when it is made, and releases", function()
    local loan = host.loan()
    raises("time is up", host.wrap_interrupted, loan)
    assert.same({ 1, true }, { host.releases(loan) })
    collect()
    assert.equal(1, (host.releases(loan)))
  end)

  it("takes constant data without a release function", function()
    local a = host.constants()
    expect.holds(a, 1.5, 2.5, 3.5)
    raises("array is read-only", function() a[1] = 1 end)
    assert.equal(7.5, a:sum())
    a:close()
    assert.equal(0, #a)
    a = nil -- luacheck: ignore
    collect()
  end)

  it("releases once when it is closed, however often that is", function()
    local loan = host.loan()
    local a = host.wrap(loan, 8)
    assert.equal(0, (host.releases(loan)))
    local copy = a:copy()
    a:close()
    a:close()
    assert.same({ 1, true }, { host.releases(loan) })
    assert.equal(0, #a)
    raises("array is closed", a.append, a, 1)
    a = nil -- luacheck: ignore
    copy:close()
    collect()
    assert.equal(1, (host.releases(loan)))
  end)

  it("releases once when it is collected, and not while a view of it lives", function()
    local loan = host.loan()
    local view = host.wrap(loan, 8):view(2, 3)
    collect()
    assert.equal(0, (host.releases(loan)))
    assert.equal(11, view[1])
    view = nil -- luacheck: ignore
    collect()
    assert.same({ 1, true }, { host.releases(loan) })
  end)

  it("releases at the end of a scope", function()
    local loan = host.loan()
    do
      local a <close> = host.wrap(loan, 8) -- luacheck: ignore
      assert.equal(0, (host.releases(loan)))
    end
    assert.equal(1, (host.releases(loan)))
  end)

  it("releases when the state closes", function()
    assert.equal("at the end\nmemory of 3 bytes released\n", child.output(([[
      require "dynarray"
      local host = assert(package.loadlib("./%s", "luaopen_host"))()
      kept = host.wrap_printed()
      kept[1] = 5
      print "at the end"
    ]]):format(library)))
  end)

  it("wraps nothing at all, and releases it", function()
    local loan = host.loan()
    local a = host.wrap(loan, 0)
    assert.equal(0, #a)
    raises("array cannot grow or shrink", a.append, a, 1)
    a:close()
    assert.same({ 1, true }, { host.releases(loan) })
  end)

  it("releases also if it raises: wrong types, sizes", function()
    for _, kind in ipairs { "value", "opaque", "any", -1 } do
      local loan = host.loan()
      raises("is not allowed here", host.wrap, loan, 8, false, kind)
      assert.equal(1, (host.releases(loan)))
    end
    local loan = host.loan()
    raises("out of range", host.wrap, loan, 1 << 62)
    assert.equal(1, (host.releases(loan)))
  end)

  it("releases also if it raises: no room on Lua's stack", function()
    local loan = host.loan()
    collectgarbage("stop") -- there is no room for finalizers either
    raises("stack overflow", host.wrap_full, loan)
    collectgarbage("restart")
    assert.same({ 1, true }, { host.releases(loan) })
  end)

  it("refuses a type without a release function, too", function()
    raises("element type 99 is not allowed here", host.constants, 99)
  end)

  it("lets the collector run in time for what will be released", function()
    local loans, released = {}, 0
    collect()
    for i = 1, 100 do
      loans[i] = host.loan()
      host.wrap(loans[i], 1 << 24) -- 64 MiB, of which nobody reads more than there are
    end
    for _, loan in ipairs(loans) do released = released + host.releases(loan) end
    assert.is_true(released > 50, released)
    collect()
  end)

  it("counts as held what will be released, and nothing else", function()
    local before = held()
    local a, b = host.wrap(host.loan(), 8), host.constants()
    local view, copy = a:view(1, 2), a:copy() -- luacheck: ignore
    assert.equal(before + 32, dynarray.memory().bytes)
    a:close()
    b:close()
    assert.equal(before, dynarray.memory().bytes)
  end)
end)

describe("detach", function()
  -- Pages begin at a smaller size where malloc gives such blocks back, as musl's does.
  local large = dynarray.new { type = "int64", capacity = 100000 }.block

  -- A size in elements, the block it makes, whether it goes without a copy.
  local sizes = { { 0, "none" }, { 5, "inline" }, { 32, "inline" }, { 33, "heap", true }, { 1000, "heap", true },
    { 100000, large, true }, { 1000000, "pages", true } }

  it("and adopt take the block as it is", function()
    for _, case in ipairs(sizes) do
      local n, block, same = table.unpack(case)
      local before = held()
      local a = filled(n)
      assert.equal(block, a.block)
      local copy, data = a:copy(), a:pointer()
      local copied = dynarray.memory().bytes
      local p = host.detach(a)
      local kind, size, _, parcel_data = host.parcel(p)
      assert.same({ int64, n }, { kind, size })
      if same then
        assert.equal(data, parcel_data)
        assert.equal(copied - n * 8, dynarray.memory().bytes)
      end
      assert.same({ 0, 0, "none" }, { #a, a.capacity, a.block })
      local b = host.adopt(p)
      assert.equal(copy, b)
      if same then
        assert.equal(data, b:pointer())
        assert.equal(copied, dynarray.memory().bytes)
      end
      b:append(1):append(2):shrink_to_fit()
      assert.equal(n + 2, #b)
      a:close()
      b:close()
      copy:close()
      assert.equal(before, dynarray.memory().bytes)
    end
  end)

  it("leaves an array that can be used again, as it was set up", function()
    for _, n in ipairs { 5, 1000, 1000000 } do
      local grown = 0
      local a = dynarray.new { type = "int64", capacity = n, growth = "exact", bounds = "sequence", max_size = n,
        on_grow = function() grown = grown + 1 end }
      a:resize(n, 7)
      local p = host.detach(a) -- luacheck: ignore
      a:append(1, 2, 3)
      expect.holds(a, 1, 2, 3)
      assert.equal(1, grown)
      assert.same({ "exact", "sequence", n }, { a.growth, a.bounds, a.max_size })
      assert.is_nil(a[4])
    end
  end)

  it("takes every kind of block", function()
    for _, block in ipairs { "copy", "stable" } do
      local a = dynarray.new { type = "float32", capacity = 10, block = block }
      for i = 1, 5000 do
        a:append(i)
      end
      local data = a:pointer()
      local b = host.adopt(host.detach(a))
      assert.equal(data, b:pointer())
      b:extend(dynarray.zeros(b.capacity - #b + 1, "float32")) -- grows by its policy, to a block as others have
      b:append(5001):reserve(1000000)
      assert.equal(5001 * 5002 / 2, b:sum())
      b:shrink_to_fit()
      a:append(1)
      assert.equal(block, a.block)
      b:close()
      a:close()
    end
  end)

  it("is freed by discard", function()
    local before = held()
    for _, n in ipairs { 0, 5, 1000, 1000000 } do
      local p = host.detach(filled(n)) -- luacheck: ignore
    end
    assert.equal(before, held())
  end)

  it("leaves no memory behind when a state closes", function()
    needs.all(io.open "/proc/self/statm", "how much is mapped stands in /proc")
    local function mapped()
      local file <close> = io.open "/proc/self/statm"
      return file:read "n"
    end
    local parcel = host.detach(dynarray.filled(2000000, 1, "float64")) -- luacheck: ignore
    parcel = nil -- its block is kept now
    collect()
    local before = mapped()
    host.leave(package.cpath)
    assert.is_true(mapped() < before - 1000, "pages: " .. mapped() - before)
  end)

  it("takes every numeric type, and no values", function()
    for _, kind in ipairs(dynarray.types) do
      local a = filled(200, kind)
      local s = expect.snapshot(a)
      if kind == "value" then
        raises("a value array cannot leave its state", host.detach, a)
        expect.unchanged(s)
      else
        local b = host.adopt(host.detach(a))
        assert.equal(kind, b.type)
        s.array = b
        expect.unchanged(s)
      end
    end
  end)

  it("refuses views, lent, closed and pinned arrays, and leaves them as they were", function()
    local a = filled(100)
    raises("a view cannot grow or shrink", host.detach, a:view(1, 50))
    raises("array is read-only", host.detach, a:frozen())
    local loan = host.loan()
    local w = host.wrap(loan, 8)
    raises("the memory is the host's or a mapped file's, and cannot be detached", host.detach, w)
    assert.same({ 8, 0 }, { #w, (host.releases(loan)) })
    raises("the memory is the host's or a mapped file's, and cannot be detached", host.detach, host.constants())
    local s = expect.snapshot(a)
    host.pin(a)
    raises("array is pinned", host.detach, a)
    host.unpin(a)
    expect.unchanged(s)
    a:close()
    raises("array is closed", host.detach, a)
    raises("dynarray expected", host.detach, {})
  end)

  it("is refused where there is no memory for a copy, and the array keeps its elements", function()
    needs.files "/proc/self/smaps_rollup" -- Linux
    local refusing = build.product("refuse", { "spec/support/refuse.c" }, "-fPIC -shared " .. lua_cflags, nil, "")
    plain.output("export LD_PRELOAD=" .. refusing, [[
      local refusing, library = ...
      local dynarray = require "dynarray"
      local host = assert(package.loadlib(library, "luaopen_host"))()
      local refuse = assert(package.loadlib(refusing, "luaopen_refuse"))()
      local a = dynarray.filled(32, 7, "int64")
      assert(a.block == "inline" and host.adopt(host.detach(dynarray.new "int8")))
      refuse.no_block(256)
      local ok, message = pcall(host.detach, a)
      refuse.no_block(0)
      assert(not ok and message == "not enough memory", message)
      assert(#a == 32 and a:sum() == 7 * 32)
      assert(host.adopt(host.detach(a)):sum() == 7 * 32 and #a == 0)
    ]], refusing, "./" .. module_of("host", "spec/support/host.c", ""))
  end)

  it("leaves views of the array empty", function()
    local a = filled(1000)
    local v = a:view(10, 20)
    local b = host.adopt(host.detach(a))
    assert.equal(0, #v)
    raises("index 1 out of bounds (size 0)", function() return v[1] end)
    a:resize(15, 3)
    expect.holds(v, 3, 3, 3, 3, 3, 3)
    assert.equal(1000, #b)
  end)
end)

describe("adopt", function()
  it("counts towards the limit, and leaves what it refuses", function()
    local before = held()
    local p = host.detach(filled(1000000))
    dynarray.limit(before + 7999999)
    raises("not enough memory: 8000000 bytes wanted", host.adopt, p)
    assert.equal(1000000, (select(2, host.parcel(p))))
    assert.equal(before, held())
    dynarray.limit(before + 8000000)
    local a = host.adopt(p)
    assert.equal(before + 8000000, dynarray.memory().bytes)
    assert.is_true(dynarray.memory().peak >= before + 8000000)
    dynarray.limit(false)
    assert.equal(1000000, #a)
    a:close()
    assert.equal(before, held())
  end)

  it("lets go of what stays of freed blocks, if both were past the limit", function()
    local before = held()
    local p = host.detach(dynarray.filled(80000, 7, "int8"))
    dynarray.limit(before + 100000)
    dynarray.filled(60000, 7, "int8"):close()
    assert.equal(60000, dynarray.memory().kept)
    local a = host.adopt(p)
    local after = dynarray.memory()
    dynarray.limit(false)
    assert.equal(before + 80000, after.bytes)
    assert.equal(0, after.kept)
    a:close()
  end)

  for what, case in pairs {
    ["gave a block"] = { function(a) a:append(1) end, "array was changed by a callback" },
    ["closed"] = { function(a) a:close() end, "array is closed" },
  } do
    it("leaves what is to go into an array that a finalizer " .. what, function()
      local change, message = table.unpack(case)
      local before = held()
      local p = host.detach(dynarray.filled(200000, 7, "int8"))
      finally(function() dynarray.limit(false) end)
      dynarray.limit(before + 300000)
      dynarray.filled(200000, 7, "int8") -- dropped: a cycle makes the room
      local found = 0
      setmetatable({}, { __gc = function()
        for i = 1, 20 do
          local _, v = debug.getlocal(2, i)
          if getmetatable(v) == "dynarray" then
            found = found + 1
            return change(v)
          end
        end
      end })
      raises(message, host.adopt, p)
      dynarray.limit(false)
      assert.equal(1, found)
      assert.equal(200000, (select(2, host.parcel(p))))
      assert.equal(before, held())
      host.adopt(p):close()
      assert.equal(before, held())
    end)
  end

  it("collects garbage before it refuses", function()
    local before = held()
    local p = host.detach(filled(1000000))
    filled(900000) -- dropped
    dynarray.limit(before + 9000000)
    assert.equal(1000000, #host.adopt(p))
    dynarray.limit(false)
  end)

  it("refuses what is no array of numbers, or cannot change", function()
    local p = host.detach(filled(100))
    for _, kind in ipairs { 10, 11, 12, 200 } do
      host.set(p, "type", kind)
      raises("element type " .. kind .. " is not allowed here", host.adopt, p)
    end
    host.set(p, "type", int64)
    host.set(p, "fixed", 1)
    raises("an array that is lent or pinned cannot be adopted", host.adopt, p)
    host.set(p, "fixed", 0)
    local block = 3 -- DYNARRAY_BLOCK_HEAP
    host.set(p, "block", block + 5)
    raises("an array of a file cannot be adopted", host.adopt, p)
    host.set(p, "block", block)
    assert.equal(100, #host.adopt(p))
  end)

  it("copies from another heap, which gets its block back", function()
    local a, left = host.adopt_foreign()
    assert.equal(0, left)
    assert.equal(60 * 61 // 2, a:sum())
    a:append(1):close()
  end)

  it("leaves what it would copy from another heap, where the limit refuses it", function()
    local before = held()
    finally(function() dynarray.limit(false) end)
    dynarray.limit(before + 60 * 8 - 1)
    local message, left = host.adopt_foreign()
    assert.truthy(message:find("not enough memory: 480 bytes wanted", 1, true), message)
    assert.equal(0, left)
    assert.equal(before, held())
  end)

  it("counts no growth", function()
    local growths = dynarray.memory().growths
    local p = host.detach(filled(1000))
    local q = host.detach(filled(5))
    assert.equal(0, host.adopt(p):stats().growths)
    assert.equal(0, host.adopt(q):stats().growths)
    assert.equal(growths, dynarray.memory().growths)
  end)

  it("moves arrays between states, without a copy unless they are tiny", function()
    for _, case in ipairs { { 5, false }, { 1000, true }, { 1000000, true } } do
      local n, same = table.unpack(case)
      local a, moved = host.move(("return require 'dynarray'.filled(%d, 7, 'int32')"):format(n))
      assert.equal(7 * n, a:sum())
      assert.is_true(moved or not same)
      a:append(1):close()
    end
    raises("a value array cannot leave its state", host.move, "return require 'dynarray'.of(1)")
    raises("dynarray expected, got table", host.move, "require 'dynarray' return {}")
    raises("not loaded", host.move, "return {}")
  end)

  it("moves nothing into the memory of a host with its own allocator, but copies", function()
    local s = native.state(package.path, package.cpath)
    assert.same({ true, true }, { s:run(([[
      dynarray = require "dynarray"
      host = assert(package.loadlib("./%s", "luaopen_host"))()
      for _, n in ipairs { 0, 5, 1000, 1000000 } do
        local before = dynarray.memory().bytes
        local a = dynarray.filled(n + 1, 3, "int32")
        local p = host.detach(a)
        assert(dynarray.memory().bytes == before and #a == 0)
        local b = host.adopt(p)
        assert(b:sum() == 3 * (n + 1))
        a:append(1)
        b:append(1):close()
        a:close()
      end
      return true
    ]]):format(library)) })
    local bytes, faults = s:close()
    assert.same({ 0, 0 }, { bytes, faults })
  end)
end)

describe("pin", function()
  it("keeps the block where it is", function()
    for _, n in ipairs { 5, 1000, 1000000 } do
      local a = filled(n):reserve(n + 1)
      local data, s = a:pointer(), expect.snapshot(a)
      host.pin(a)
      for _, change in ipairs {
        function() a:reserve(n + 2) end,
        function() a:append(1, 2) end,
        function() a:extend { 1, 2 } end,
        function() a:extend(a) end,
        function() a:insert(1, 1, 2) end,
        function() a:resize(n + 2) end,
        function() a:resize(n - 1) end,
        function() a:shrink_to_fit() end,
        function() a:clear() end,
        function() a:pop() end,
        function() a:remove(1) end,
        function() a:close() end,
        function() local b <close> = a end, -- luacheck: ignore
        function() host.room(a, 2) end,
        function() host.detach(a) end,
      } do
        raises("array is pinned", change)
        assert.same({ n, n + 1, data }, { #a, a.capacity, a:pointer() })
      end
      expect.unchanged(s)
      host.unpin(a)
      a:reserve(2 * n + 100):shrink_to_fit():clear():close()
    end
  end)

  it("lets elements be read, written and sorted", function()
    local a = dynarray.from({ 3, 1, 2 }, "float64")
    host.pin(a)
    a[1] = 5
    a:sort():reverse():add(1)
    expect.holds(a, 6.0, 3.0, 2.0)
    assert.equal(3, #a:copy())
    a:copy():append(1):close()
    host.unpin(a)
  end)

  it("of a value array lets objects be written", function()
    local a = dynarray.of(1, 2, 3)
    host.pin(a)
    a[1] = { "object" }
    a[2] = "string"
    assert.equal("object", a[1][1])
    host.unpin(a)
    a:reserve(4)
    host.pin(a)
    a:append({ "into free room" })
    assert.equal("into free room", a[4][1])
    raises("array is pinned", a.append, a, {})
    host.unpin(a)
    a:append({}, {})
  end)

  it("is counted", function()
    local a = filled(100)
    for _ = 1, 250 do
      host.pin(a)
    end
    raises("array is pinned 250 times", host.pin, a)
    for _ = 1, 250 do
      raises("array is pinned", a.reserve, a, 1000)
      host.unpin(a)
    end
    raises("array is not pinned", host.unpin, a)
    a:reserve(1000)
  end)

  it("needs an array that is open, and is taken off once", function()
    local a = filled(3)
    raises("array is not pinned", host.unpin, a)
    raises("array is not pinned", host.unpin, a:view(1, 2))
    raises("array is not pinned", host.unpin, host.wrap(host.loan(), 8))
    raises("dynarray expected", host.pin, {})
    raises("dynarray expected", host.unpin, {})
    a:close()
    raises("array is closed", host.pin, a)
    raises("array is not pinned", host.unpin, a)
    a:close()
  end)

  it("is counted for a view by itself, whoever unpins the parent", function()
    local a = filled(100)
    local v = a:view(1, 10)
    for _ = 1, 250 do
      host.pin(v)
    end
    raises("array is pinned 250 times", host.pin, a)
    host.unpin(a)
    raises("array is pinned 250 times", host.pin, v)
    for _ = 1, 250 do
      host.unpin(v)
    end
    a:reserve(1000)
  end)

  it("of a view pins its parent", function()
    local a = filled(100)
    local v, w = a:view(3, 8), a:view(1, 2)
    host.pin(v)
    raises("array is pinned", a.reserve, a, 1000)
    raises("array is pinned", v.close, v)
    raises("array is not pinned", host.unpin, w)
    w:close()
    host.pin(a)
    host.unpin(v)
    raises("array is pinned", a.reserve, a, 1000)
    host.unpin(a)
    a:reserve(1000)
    host.pin(v)
    host.unpin(a) -- somebody else's
    host.unpin(v)
    raises("array is not pinned", host.unpin, a)
    a:reserve(1500)
    host.pin(a:frozen():view(1, 2)) -- dropped
    raises("array is pinned", a.reserve, a, 2000)
    collect()
    a:reserve(2000)
    v:close()
    a:close()
    raises("array is closed", host.pin, v)
  end)

  it("of lent memory keeps it lent", function()
    local loan = host.loan()
    local a = host.wrap(loan, 8)
    host.pin(a)
    raises("array is pinned", a.close, a)
    raises("array is pinned", a.append, a, 1)
    host.unpin(a)
    a:close()
    local b = host.wrap(loan, 8, true)
    host.pin(b)
    raises("array is pinned", b.close, b)
    b = nil -- luacheck: ignore
    collect()
    assert.equal(2, (host.releases(loan)))
  end)

  it("does not outlive the array", function()
    local before = held()
    local a = filled(100000)
    host.pin(a)
    host.pin(a:view(1, 5))
    a = nil -- luacheck: ignore
    assert.equal(before, held())
  end)

  it("made while it grows wins", function()
    local a
    a = dynarray.new { type = "int64", capacity = 40, growth = function(_, n) host.pin(a) return n end }
    a:resize(40)
    raises("array is pinned", a.append, a, 1)
    assert.same({ 40, 40 }, { #a, a.capacity })
    host.unpin(a)
    a:set_growth(2):append(1)
  end)

  it("does no harm when the state closes", function()
    child.output(([[
      local dynarray = require "dynarray"
      local host = assert(package.loadlib("./%s", "luaopen_host"))()
      kept = { dynarray.filled(100000, 1, "int8"), dynarray.of({}, {}), dynarray.filled(3, 1, "int8") }
      for i = 1, #kept do
        host.pin(kept[i])
        kept[i + 3] = kept[i]:view(1, 2)
        host.pin(kept[i + 3])
      end
    ]]):format(library))
  end)
end)

describe("heap", function()
  it("has the figures of dynarray.memory and the limit of dynarray.limit", function()
    local before = held()
    local a = filled(1000)
    local bytes = host.heap()
    assert.equal(before + 8000, bytes)
    host.heap(bytes + 100)
    assert.equal(bytes + 100, dynarray.limit())
    raises("not enough memory", a.reserve, a, 2000)
    host.heap(0)
    assert.is_false(dynarray.limit())
    a:reserve(2000):close()
  end)
end)

describe("when memory runs out, nothing leaks and nothing is freed twice:", function()
  local prologue = ([[
    dynarray = require "dynarray"
    host = assert(package.loadlib("./%s", "luaopen_host"))()
    lent = host.loan()
    function full(kind, n)
      return dynarray.filled(n, 7, kind)
    end
  ]]):format(library)

  -- A name; what makes `a`; the operation; what is true when it failed; what is true when it was done.
  local cases = {
    { "push", "", "a = host.push('float64', 1000)", "a == nil", "a.capacity == 1000" },
    { "push of a small one", "", "a = host.push('value', 3)", "a == nil", "#a == 0" },
    { "test", "a = full('int8', 3)", "b = host.test(a)", "#a == 3", "b == 0" },
    { "check that fails", "a = full('int8', 3)", "local ok, e = pcall(host.check, a, 'int16') b = e", "true",
      "b == 'not enough memory' or b:find('int16 array expected', 1, true)" },
    { "room", "a = full('int64', 100)", "host.append(a, 200)", "#a == 100 and a.capacity == 100", "#a == 300" },
    { "wrap", "", "a = host.wrap(lent, 8) a:close()", "a == nil and host.releases(lent) == 1",
      "#a == 0 and host.releases(lent) == 1" },
    { "wrap, read-only", "", "a = host.wrap(lent, 8, true)", "a == nil and host.releases(lent) == 1",
      "a[8] == 17 and host.releases(lent) == 0" },
    { "detach", "a = full('int64', 1000)", "b = host.detach(a)", "#a == 1000 and a[1000] == 7",
      "#a == 0 and select(2, host.parcel(b)) == 1000" },
    { "detach of a small one", "a = full('int64', 4)", "b = host.detach(a)", "#a == 4 and a[4] == 7", "#a == 0" },
    { "adopt", "b = host.detach(full('int64', 1000))", "a = host.adopt(b)",
      "a == nil and select(2, host.parcel(b)) == 1000", "#a == 1000 and select(2, host.parcel(b)) == 0" },
    { "adopt of a small one", "b = host.detach(full('int64', 4))", "a = host.adopt(b)",
      "a == nil and select(2, host.parcel(b)) == 4", "#a == 4" },
    { "pin", "a = full('int8', 3) v = a:view(1, 2)", "host.pin(a) host.pin(v) host.unpin(v) host.unpin(a)", "#a == 3",
      "#a:append(1) == 4" },
    { "pinned", "a = full('int8', 3) host.pin(a)", "b = select(2, pcall(a.reserve, a, 1000))", "#a == 3",
      "b == 'not enough memory' or b == 'array is pinned'" },
  }

  for _, case in ipairs(cases) do
    it(case[1], function()
      local name, setup, operation, failed, done = table.unpack(case)
      native.every_failure {
        name = name, setup = prologue .. setup .. " collectgarbage()", code = operation, done = done or failed,
        failed = failed,
      }
    end)
  end
end)

describe("the headers", function()
  local warnings = "-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror"
  -- Lua's headers are not ours to mend
  local system = lua_cflags:gsub("%-I", "-isystem ")
  for _, compiler in ipairs { "gcc", "clang" } do
    for _, language in ipairs { "c -std=c11", "c++ -std=c++17 -Wold-style-cast" } do
      for _, header in ipairs { "dynarray.h", "dynarray_lua.h" } do
        it(("compile: %s, %s -x %s"):format(header, compiler, language), function()
          needs.compiler(compiler)
          local call = header == "dynarray.h" and "int f(void) { dynarray a; dynarray_init(&a, DYNARRAY_INT8, 0);"
            .. " return dynarray_append_int8(&a, 1) != DYNARRAY_OK; }"
            or "int f(lua_State *L) { return dynarray_lua(L)->check(dynarray_lua(L), L, 1, DYNARRAY_ANY)->type; }"
          local declaration = header == "dynarray.h" and "int f(void);" or "int f(lua_State *L);"
          local said = build.output(("printf '#include <%s>\\n%s\\n%s\\n' | %s -x %s -O2 %s -Isrc/include %s -c -o "
            .. "/dev/null - 2>&1"):format(header, declaration, call, compiler, language, warnings, system))
          assert.equal("", said)
        end)
      end
    end
  end
end)

describe("examples/module", function()
  local histogram = assert(package.loadlib("./" .. module_of("histogram", "examples/module/histogram.c"),
    "luaopen_histogram"))()

  it("counts in place, for every numeric type", function()
    for _, kind in ipairs(dynarray.types) do
      if kind == "value" then
        raises("array of a numeric type expected", histogram, dynarray.of(1), 1, 0, 1)
      else
        local a = dynarray.from({ 0, 1, 1, 2, 3, 4, 7, 8, 9, 100 }, kind)
        local counts = histogram(a, 4, 0, 8)
        assert.equal("uint64", counts.type)
        expect.holds(counts, 3, 2, 1, 1)
        expect.holds(histogram(a:view(2, 3), 2, 0, 2), 0, 2)
        expect.holds(histogram(dynarray.new(kind), 2, 0, 2), 0, 0)
      end
    end
    local edge = dynarray.from({ 0 / 0, 1 / 0, -1 / 0, -0.0, 0.1, 0.3 - 1e-17, -1e-300, 1.0 }, "float64")
    expect.holds(histogram(edge, 1, 0, 1), 3)
  end)

  it("says what is wrong", function()
    local a = filled(10)
    raises("dynarray expected, got table", histogram, {}, 1, 0, 1)
    for _, bins in ipairs { 0, -1, 1 << 40 } do
      raises("number of bins out of range", histogram, a, bins, 0, 1)
    end
    raises("high must be above low", histogram, a, 3, 1, 1)
    raises("high must be above low", histogram, a, 3, 0 / 0, 1)
    raises("high must be above low", histogram, a, 3, 0, 1 / 0)
    raises("number expected", histogram, a, 3, 0)
  end)

  it("runs as its script shows", function()
    local said = build.output(("mkdir -p build/spec/module && cp %s build/spec/module/histogram.so && "
      .. "LUA_CPATH='build/spec/module/?.so;'\"$LUA_CPATH\" %s examples/module/main.lua 2>&1")
      :format(module_of("histogram", "examples/module/histogram.c"), os.getenv("LUA") or "lua5.4"))
    assert.truthy(said:find("1000000 numbers counted, mean 1.5", 1, true), said)
  end)
end)

describe("examples/host", function()
  local program

  setup(function()
    local sources, also = build.library()
    table.insert(sources, "examples/host/host.c")
    local flags = ("-O0 -Isrc -Isrc/include %s %s"):format(lua_cflags, lua_libs)
    program = build.product("example-host", sources, flags, also)
  end)

  it("stays within 32 MiB, to the byte, and loses none", function()
    local said = build.output(("./%s examples/host/script.lua 2>&1; echo status $?"):format(program))
    local peak, refused = said:match("peak (%d+) of 33554432 bytes, (%d+) requests refused")
    assert.truthy(peak, said)
    assert.equal(32 << 20, tonumber(peak))
    assert.is_true(tonumber(refused) >= 17)
    assert.truthy(said:find("left 0 bytes, samples released 1 times, their sum 500\nstatus 0", 1, true), said)
    local _, attempts = said:gsub("  not enough memory\n", "")
    assert.equal(16, attempts)
  end)

  it("reports a script that fails", function()
    local said = build.output(("./%s no-such-script.lua 2>&1; echo status $?"):format(program))
    assert.truthy(said:find("cannot open no-such-script.lua", 1, true), said)
    assert.truthy(said:find("left 0 bytes", 1, true), said)
    assert.truthy(said:find("status 1", 1, true), said)
  end)
end)

describe("a reader of a file that is pinned", function()
  it("keeps its size, as its block, until it is unpinned", function()
    local path = os.tmpname()
    os.remove(path)
    local writer = assert(dynarray.open(path, "int64")):append(1, 2)
    local reader = assert(dynarray.open(path, { mode = "r" }))
    assert.equal(2, #reader)
    host.pin(reader)
    writer:append(3)
    assert.equal(2, #reader)
    host.unpin(reader)
    assert.equal(3, #reader)
    reader:close()
    writer:close()
    os.remove(path)
  end)
end)
