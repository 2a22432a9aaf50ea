-- Where blocks come from, and what becomes of the elements when a block becomes another.
local dynarray = require "dynarray"
local expect = require "support.expect"
local plain = require "support.plain"
local types = require "support.types"
local native = require "support.native"

local KiB, MiB = 1 << 10, 1 << 20

-- What children share: elements that can be told apart by bytes, whatever the type, and memory that is in use.
local prologue = [[
  local dynarray = require "dynarray"
  local function status(key) -- KiB
    return math.tointeger(tonumber(io.open("/proc/self/status"):read("a"):match(key .. ":%s+(%d+)")))
  end
  local function rss() return status "VmRSS" end
  local function fill(a, n) -- up to n elements, each its index
    local append = a.append
    for i = #a + 1, n do append(a, i) end
    return a
  end
  local function counted(n)
    return fill(dynarray.new { type = "int64", capacity = n }, n)
  end
  local function fill_memory(a) -- until an append fails: the error
    while true do
      local ok, err = pcall(a.append, a, #a + 1)
      if not ok then return err end
      fill(a, a.capacity)
    end
  end
  local function check(a, n) -- some elements on every page
    assert(#a == n)
    for i = 1, n, 251 do assert(a[i] == i) end
    assert(a[n] == n)
  end
  local function refused(f, ...)
    local ok, err = pcall(f, ...)
    assert(not ok, "expected a refusal")
    assert(err == "not enough memory", err)
  end
]]

-- n elements of the type, with a period that is no power of two.
local function pattern(name, n)
  if name == "value" then
    local a = dynarray.new { capacity = n, block = "copy" }
    local some = { "a string", {}, 0.5, false, nil }
    for i = 1, n do
      if i % 97 == 0 then
        a:append(some[i % 5 + 1])
      else
        a:append(i)
      end
    end
    return a
  end
  local size = dynarray.new(name).element_size
  local bytes = {}
  for i = 1, 251 do
    bytes[i] = string.char(i)
  end
  bytes = table.concat(bytes)
  return dynarray.frombytes(bytes:rep(n * size // 251 + 1):sub(1, n * size), name)
end

-- The elements are those of the reference, bit by bit.
local function same(reference, a)
  local n = #a
  if a.type ~= "value" then
    return a:tobytes() == reference:tobytes():sub(1, n * a.element_size)
  end
  for i = 1, n do
    if not rawequal(a[i], reference[i]) then
      return false
    end
  end
  return true
end

-- A larger block is one of pages. Where the system gives back large blocks that are freed, as musl does, pages begin as
-- early as in an array that grows.
local pages_begin = dynarray.new { type = "int8", capacity = MiB }.block == "pages" and 80 * KiB or 2 * MiB

describe("the block", function()
  it("is none, inline, heap or pages by its bytes", function()
    for _, name in ipairs(types.all) do
      local size = dynarray.new(name).element_size
      local function block(bytes)
        return dynarray.new { type = name, capacity = bytes // size }.block
      end
      assert.equal("none", block(0))
      assert.equal("inline", block(size))
      assert.equal("inline", block(256))
      assert.equal("heap", block(256 + size))
      assert.equal("heap", block(4 * KiB))
      assert.equal("heap", block(pages_begin))
      assert.equal("pages", block(pages_begin + size))
      assert.equal("pages", block(64 * MiB))
    end
  end)

  it("is chosen by what it has become, whatever it was", function()
    for _, name in ipairs(types.all) do
      local a = dynarray.new { type = name, capacity = 4 }:append(1, 2, 3, 4)
      local size = a.element_size
      assert.equal("heap", a:reserve(1000).block)
      assert.equal("pages", a:reserve(2 * MiB // size + 1).block)
      assert.equal("inline", a:shrink_to_fit().block)
      assert.equal("pages", a:reserve(2 * MiB // size + 1).block)
      assert.equal("heap", a:resize(1000):shrink_to_fit().block)
      assert.equal("none", a:clear():shrink_to_fit().block)
      assert.equal("pages", a:append(1):reserve(4 * MiB // size).block)
      expect.holds(a, table.unpack(dynarray.new(name):append(1)))
    end
  end)

  it("of pages that shrinks becomes another only well below where pages begin", function()
    local a = dynarray.filled(2 * pages_begin, 7, "int8")
    assert.equal("pages", a:resize(pages_begin):shrink_to_fit().block)
    assert.equal("pages", a:resize(pages_begin // 2):shrink_to_fit().block)
    assert.equal("pages", a:resize(pages_begin // 4 + 1):shrink_to_fit().block)
    assert.equal("heap", a:resize(pages_begin // 4):shrink_to_fit().block)
    assert.equal("heap", a:reserve(pages_begin).block)
    assert.is_true(a == dynarray.filled(pages_begin // 4, 7, "int8"))
  end)

  it("keeps all elements over every edge, up and down", function()
    for _, name in ipairs(types.all) do
      local size = dynarray.new(name).element_size
      for _, edge in ipairs { 256, 4 * KiB, 64 * KiB, MiB // 2, 2 * MiB } do
        local n = edge // size
        local reference = pattern(name, n + 2)
        local a = dynarray.new { type = name, capacity = n - 1, growth = "exact" }
        a:extend(reference:view(1, n - 1))
        for m = n, n + 2 do
          if name == "value" then
            a:append(reference[m])
          else
            a:extend(reference:view(m, m))
          end
          assert.equal(m, a.capacity)
          assert(same(reference, a), ("%s, %d bytes, grown to %d"):format(name, edge, m))
        end
        for m = n + 1, n - 1, -1 do
          a:resize(m):shrink_to_fit()
          assert.equal(m, a.capacity)
          assert(same(reference, a), ("%s, %d bytes, shrunk to %d"):format(name, edge, m))
        end
      end
    end
  end)

  it("keeps all elements from one end to the other, and back", function()
    for _, name in ipairs(types.all) do
      local size = dynarray.new(name).element_size
      local reference = pattern(name, 3 * MiB // size)
      local a = dynarray.new { type = name, capacity = 1 }
      local n = 1
      while n < #reference do
        a:extend(reference:view(#a + 1, n))
        a:reserve(n + 1) -- a growth on its own
        assert(same(reference, a), ("%s grown to %d"):format(name, n))
        n = n * 3
      end
      while n > 1 do
        n = n // 5
        if n < #a then
          a:resize(n):shrink_to_fit()
        end
        assert(same(reference, a), ("%s shrunk to %d"):format(name, n))
      end
    end
  end)

  it("comes from the state's allocator alone if that is not the stock one", function()
    local state = native.state(package.path, package.cpath)
    local _, before = state:bytes()
    assert.same({ true, "heap", "heap", 4 * MiB }, { state:run [[
      local dynarray = require "dynarray"
      local a = dynarray.new { type = "int8", capacity = 4 << 20 }
      local b = dynarray.new { type = "value", capacity = 3 << 17 }
      for i = 1, 1000 do b:append(i) end
      b:reserve(1 << 20):shrink_to_fit()
      for i = 1, 1000 do assert(b[i] == i) end
      return a.block, b.block, a.capacity
    ]] })
    local _, peak = state:bytes()
    assert.is_true(peak >= before + 4 * MiB + 8 * MiB)
    assert.same({ 0, 0 }, { state:close() })
  end)
end)

describe("growth without copying", function()
  local function observed(options)
    local events = {}
    options.on_grow = function(e)
      events[#events + 1] = e
    end
    return dynarray.new(options), events
  end

  it("never copies pages; what was copied, moved or left in place is told as it was", function()
    for _, name in ipairs(types.all) do
      local size = dynarray.new(name).element_size
      local a, events = observed { type = name, capacity = 2 * MiB // size + 1 }
      assert.equal("pages", a.block)
      local place = a:pointer()
      a:append(1, 2, 3):resize(a.capacity)
      while a.capacity * size < 256 * MiB do
        a:reserve(a.capacity * 2)
        local event = events[#events]
        assert.equal(a.capacity, event.new_capacity)
        assert.equal(0, event.bytes_copied)
        assert.equal(rawequal(place, a:pointer()) and "in place" or "moved", event.how)
        place = a:pointer()
      end
      assert.equal(3, a[3])
      assert.equal(0, a[4])
      local stats = a:stats()
      assert.equal(0, stats.elements_copied)
      assert.equal(#events, stats.growths)
      assert.equal(#events, stats.moves + stats.in_place)
    end
  end)

  it("tells what became of smaller blocks", function()
    local a, events = observed { type = "int32", capacity = 1 }
    for i = 1, 400000 do
      local place, size = a:pointer(), #a
      local growths = #events
      a:append(i)
      if #events > growths then
        local event = events[#events]
        assert.equal(size, event.size)
        if event.how == "in place" then
          assert.is_true(rawequal(place, a:pointer()))
          assert.equal(0, event.bytes_copied)
        else
          assert.equal("copied", event.how)
          assert.equal(4 * size, event.bytes_copied)
        end
      end
    end
    assert.equal("copied", events[1].how) -- out of the userdata
  end)

  it("is mremap's where address space is limited", function()
    assert.equal("moved moved moved moved moved\n", plain.output("ulimit -v 400000", prologue .. [[
      local hows = {}
      local a = dynarray.new { type = "int64", capacity = (3 << 20) // 8, on_grow = function(e)
        assert(e.how == "copied" or e.bytes_copied == 0)
        hows[#hows + 1] = e.how
      end }
      local others = {} -- behind which there is no room to grow in place
      local n = a.capacity
      fill(a, n)
      for _ = 1, 5 do
        others[#others + 1] = dynarray.new { type = "int8", capacity = 3 << 20 }
        a:reserve(a.capacity * 2)
      end
      check(a, n)
      assert(a.block == "pages" and a:stats().moves == 5 and a:stats().elements_copied == 0)
      print(table.concat(hows, " "))
    ]]))
  end)

  it("needs no second block while it moves", function()
    -- 192 MiB of elements in a space of 300 MiB: old and new block side by side would need 288 MiB and more.
    plain.output("ulimit -v 307200", prologue .. [[
      local a = dynarray.filled(96 << 20, 5, "int8")
      a:reserve(192 << 20)
      assert(a.block == "pages" and a[1] == 5 and a[96 << 20] == 5)
      assert(a:stats().elements_copied == 0)
    ]])
  end)
end)

describe("memory that the system refuses", function()
  for _, limit in ipairs { "ulimit -v 100000", "ulimit -d 100000" } do
    it("is an error that loses nothing, and the script goes on: " .. limit, function()
      local n = plain.numbers(limit, prologue .. [[
        local a = dynarray.new { type = "int64", capacity = 1 }
        local err = fill_memory(a)
        assert(err == "not enough memory", err)
        local n, capacity = #a, a.capacity
        check(a, n)
        refused(a.append, a, 1)
        refused(a.reserve, a, n * 2)
        refused(a.resize, a, n * 2)
        refused(a.extend, a, a)
        refused(a.copy, a)
        refused(dynarray.filled, n * 2, 0, "int64")
        assert(#a == n and a.capacity == capacity)
        check(a, n)
        a:resize(1000):shrink_to_fit()
        check(a, 1000)
        a:extend(counted(100000))
        assert(#a == 101000 and a[1000] == 1000 and a[1001] == 1)
        print(n)
      ]])
      assert.is_true(n >= 4 * MiB, n .. " elements of 8 bytes in 100 MB")
    end)

    it("is found again where an array shrank: " .. limit, function()
      plain.output(limit, prologue .. [[
        local a = counted((64 << 20) // 8)
        refused(dynarray.new, { type = "int8", capacity = 64 << 20 })
        a:resize(500000):shrink_to_fit()
        assert(a.block == "pages")
        local b = dynarray.filled(64 << 20, 1, "int8")
        assert(b[64 << 20] == 1)
        check(a, 500000)
      ]])
    end)

    it("is found again where an array was closed or collected: " .. limit, function()
      plain.output(limit, prologue .. [[
        for i = 1, 20 do
          local a = dynarray.filled(48 << 20, i, "int8")
          assert(a[48 << 20] == i)
          if i % 2 == 0 then a:close() end
        end
      ]])
    end)
  end

  it("leaves value arrays whole too", function()
    plain.output("ulimit -v 100000", prologue .. [[
      local a = dynarray.of("some text", {}, 3)
      assert(fill_memory(a) == "not enough memory")
      collectgarbage()
      assert(a[1] == "some text" and type(a[2]) == "table")
      for i = 3, #a, 251 do assert(a[i] == i) end
      a:resize(3):shrink_to_fit()
      assert(#a == 3 and a[1] == "some text")
    ]])
  end)

  it("is more than there can be", function()
    for _, name in ipairs { "value", "int64", "float64" } do
      local a = dynarray.new(name):append(1, 2, 3)
      local before = expect.snapshot(a)
      for _, n in ipairs { 1 << 45, 1 << 50, 1 << 59 } do
        local err = expect.error(a.reserve, a, n)
        assert.equal("not enough memory", err)
        assert.equal("not enough memory", expect.error(dynarray.new, { type = name, capacity = n }))
        expect.unchanged(before)
      end
      a:resize(400000)
      assert.equal("pages", a.block)
      assert.equal("not enough memory", expect.error(a.reserve, a, 1 << 45))
      assert.equal(400000, #a)
      assert.equal(3, a[3])
    end
  end)
end)

describe("untouched capacity", function()
  it("costs no resident memory", function()
    local million, hundred, many = plain.numbers("", prologue .. [[
      dynarray.new { type = "float64", capacity = 1000000 }:close() -- so that the code is resident
      rss()
      local before = rss()
      local a = dynarray.new { type = "float64", capacity = 1000000 }
      local million = rss() - before
      local b = dynarray.new { type = "float64", capacity = 100000000 }
      local hundred = rss() - before - million
      local arrays = {}
      for i = 1, 20 do arrays[i] = dynarray.new { type = "float64", capacity = 1000000 } end
      assert(a.block == "pages" and b.block == "pages")
      print(million, hundred, rss() - before - million - hundred)
    ]])
    assert.is_true(million <= 256, million .. " KiB for 8 MB")
    assert.is_true(hundred <= 256, hundred .. " KiB for 800 MB")
    assert.is_true(many <= 1024, many .. " KiB for 20 times 8 MB")
  end)

  it("does not follow elements that end in the midst of a huge page", function()
    local used = plain.numbers("", prologue .. [[
      local before = rss()
      local a = dynarray.filled(10000000, 1.5, "float64")
      print(rss() - before)
    ]])
    assert.is_true(used * 1024 <= 8.1 * 10000000, used .. " KiB for 80 MB of elements")
  end)

  it("costs none when a growth gives it", function()
    local used = plain.numbers("", prologue .. [[
      local before = rss()
      local a = dynarray.filled(1 << 20, 1, "float64")
      a:reserve(1 << 30)
      print(rss() - before)
    ]])
    assert.is_true(used <= 11 * KiB, used .. " KiB for 8 MiB of elements")
  end)
end)

describe("shrinking", function()
  it("gives pages back", function()
    local full, less, little, closed = plain.numbers("", prologue .. [[
      local before = rss()
      local a = counted(1 << 23)
      local full = rss() - before
      a:resize(1 << 20):shrink_to_fit()
      local less = rss() - before
      assert(a.block == "pages")
      check(a, 1 << 20)
      a:resize(10):shrink_to_fit()
      local little = rss() - before
      check(a, 10)
      a:resize(1 << 23):close()
      dynarray.collector { keep = 0 } -- else 16 MiB of it stay
      print(full, less, little, rss() - before)
    ]])
    assert.is_true(full >= 64 * KiB, full .. " KiB")
    assert.is_true(less <= 12 * KiB, less .. " KiB for 8 MiB")
    assert.is_true(little <= 2 * KiB, little .. " KiB for ten elements")
    assert.is_true(closed <= 2 * KiB, closed .. " KiB for nothing")
  end)

  it("gives the pages of a stable block back, and grows again in the same place", function()
    local full, less = plain.numbers("", prologue .. [[
      local before = rss()
      local a = dynarray.new { type = "int64", block = "stable" }
      fill(a, 1 << 22)
      local place, full = a:pointer(), rss() - before
      a:resize(1 << 17):shrink_to_fit()
      local less = rss() - before
      check(a, 1 << 17)
      a:resize(1 << 22)
      assert(a:pointer() == place and a[1 << 17] == 1 << 17 and a[1 << 22] == 0)
      print(full, less)
    ]])
    assert.is_true(full >= 32 * KiB, full .. " KiB")
    assert.is_true(less <= 4 * KiB, less .. " KiB for 1 MiB")
  end)
end)

describe("block = 'copy'", function()
  it("copies at every growth: the article's ten growths, 1023 elements", function()
    for _, name in ipairs(types.all) do
      local hows = {}
      local a = dynarray.new { type = name, block = "copy", capacity = 1, on_grow = function(e)
        hows[#hows + 1] = e.how
      end }
      for i = 1, 1000 do
        a:append(i & 127)
      end
      assert.equal("copy", a.block)
      assert.equal(("copied "):rep(10), table.concat(hows, " ") .. " ")
      local stats = a:stats()
      assert.equal(10, stats.growths)
      assert.equal(1023, stats.elements_copied)
      assert.equal(1023 * a.element_size, stats.bytes_copied)
      assert.equal((512 + 1024) * a.element_size, stats.peak_bytes)
      for i = 1, 1000 do
        assert(a[i] == i & 127)
      end
    end
  end)

  it("copies large blocks as well", function()
    local a = dynarray.new { type = "int8", block = "copy", capacity = 3 * MiB }:resize(3 * MiB, 7)
    a:reserve(6 * MiB)
    assert.equal("copy", a.block)
    assert.equal(3 * MiB, a:stats().elements_copied)
    assert.equal(7, a[3 * MiB])
  end)
end)

describe("block = 'stable'", function()
  it("never moves and never copies", function()
    for _, name in ipairs(types.all) do
      local size = dynarray.new(name).element_size
      local hows = {}
      local a = dynarray.new { type = name, block = "stable", capacity = 1, on_grow = function(e)
        hows[e.how] = true
      end }
      local place = a:pointer()
      assert.equal("userdata", type(place))
      for i = 1, 5000 do
        a:append(i & 127)
      end
      a:reserve(256 * MiB // size)
      assert.is_true(rawequal(place, a:pointer()))
      assert.equal("stable", a.block)
      assert.same({ ["in place"] = true }, hows)
      for i = 1, 5000 do
        assert(a[i] == i & 127)
      end
      a:shrink_to_fit()
      assert.is_true(rawequal(place, a:pointer()))
      assert.equal(5000, a.capacity)
    end
  end)

  it("ends at max_size", function()
    local a = dynarray.new { type = "int16", block = "stable", max_size = 1000 }
    local place = a:pointer()
    for i = 1, 1000 do
      a:append(i)
    end
    expect.raises("size 1001 exceeds max_size 1000", a.append, a, 1)
    assert.equal(1000, #a)
    assert.equal(1000, a[1000])
    assert.is_true(rawequal(place, a:pointer()))
  end)

  it("ends where the address space does, and loses nothing", function()
    plain.output("ulimit -v 200000", prologue .. [[
      local a = dynarray.new { type = "int64", block = "stable" }
      local place = a:pointer()
      local err = fill_memory(a)
      assert(err:find("reserved range of the stable block is full", 1, true), err)
      local n = #a
      assert(n >= 4 << 20, n)
      assert(a:pointer() == place)
      check(a, n)
      assert(not pcall(a.reserve, a, n * 2))
      check(a, n)
    ]])
  end)

  it("does not move even where there would be room", function()
    plain.output("ulimit -v 300000", prologue .. [[
      local other = dynarray.new { type = "int8", capacity = 200 << 20 }
      local a = dynarray.new { type = "int64", block = "stable" }
      local place = a:pointer()
      other:close()
      local err = fill_memory(a)
      assert(err:find("reserved range of the stable block is full", 1, true), err)
      local n = #a
      assert(n <= 8 << 20 and a:pointer() == place)
      check(a, n)
      assert(counted(n * 2)[n * 2] == n * 2)
    ]])
  end)

  it("is refused where the state has an allocator of its own", function()
    local state = native.state(package.path, package.cpath)
    local ok, err = state:run [[ require "dynarray".new { block = "stable" } ]]
    assert.is_false(ok)
    assert.equal("chunk:1: block 'stable' needs pages, and this state has its own allocator", err)
    assert.same({ true, 0 }, { state:run [[ collectgarbage() return require "dynarray".memory().arrays ]] })
    assert.same({ 0, 0 }, { state:close() })
  end)
end)
