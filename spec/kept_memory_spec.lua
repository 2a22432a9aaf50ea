-- dynarray.collector { keep = bytes }: of large blocks that were freed, so much stays for the next ones, and the last
-- small one.
local native = require "support.native"
local needs = require "support.needs"
local plain = require "support.plain"

local function script(code)
  return plain.output("", [[
    local dynarray = require "dynarray"
    local MiB = 1 << 20
    local function kept() return dynarray.memory().kept end
    local function resident()
      local kilobytes = io.open("/proc/self/smaps_rollup"):read("a"):match("Rss:%s+(%d+)")
      return tonumber(kilobytes) << 10
    end
    local function full(bytes) return dynarray.filled(bytes, 7, "int8") end
    local function allocated(bytes) -- a block of the allocator, however large
      return dynarray.new { type = "int8", block = "copy", capacity = bytes }:resize(bytes, 7)
    end
    -- Whether malloc gives large blocks back, as musl's does.
    local function gives_back() return dynarray.new { type = "int8", capacity = MiB }.block == "pages" end
  ]] .. code)
end

describe("a large block that is freed", function()
  it("stays for the next one up to 16 MiB, and goes at once if none shall stay", function()
    script [[
      assert(dynarray.collector().keep == 16 * MiB)
      local a = full(32 * MiB)
      local before = resident()
      a:close()
      assert(kept() == 16 * MiB and resident() <= before - 15 * MiB)
      dynarray.collector { keep = 0 }
      assert(kept() == 0 and resident() <= before - 31 * MiB)
      a = full(8 * MiB)
      before = resident()
      a:close()
      assert(kept() == 0 and resident() <= before - 7 * MiB)
    ]]
  end)

  it("goes at once where an array is made smaller, which is to have less memory", function()
    script [[
      local a = full(8 * MiB)
      local before = resident()
      a:resize(10):shrink_to_fit()
      assert(a.block == "heap" or a.block == "inline")
      assert(kept() == 0 and resident() <= before - 7 * MiB)
    ]]
  end)

  it("stays for the next one, which then has its place and no fresh pages", function()
    script [[
      dynarray.collector { keep = 64 * MiB }
      local a = full(8 * MiB)
      local place, before = a:pointer(), resident()
      a:close()
      assert(kept() == 8 * MiB and dynarray.memory().bytes == 0)
      a = dynarray.new { type = "float64", capacity = MiB }
      assert(a:pointer() == place and kept() == 0 and a.block == "pages" and #a == 0)
      assert(resident() >= before - MiB)
      a:resize(MiB)
      for i = 1, MiB, 99 do assert(a[i] == 0) end
    ]]
  end)

  it("stays up to the bytes that may", function()
    script [[
      dynarray.collector { keep = 4 * MiB }
      local a = full(32 * MiB)
      local before = resident()
      a:close()
      assert(kept() == 4 * MiB and resident() <= before - 27 * MiB)
      full(3 * MiB):close()
      assert(kept() == 3 * MiB)
    ]]
  end)

  it("is one of several, of which the last ones stay", function()
    script [[
      dynarray.collector { keep = 20 * MiB }
      local a, b, c = full(8 * MiB), full(16 * MiB), full(4 * MiB)
      local before = resident()
      a:close() b:close() c:close()
      assert(kept() == 20 * MiB and resident() <= before - 7 * MiB)
      full(12 * MiB):close() -- takes that of 16 MiB
      assert(kept() == 16 * MiB)
      dynarray.collector { keep = 12 * MiB }
      assert(kept() == 12 * MiB)
    ]]
  end)

  it("stays where the collector frees many at once, so that the next ones need no new pages", function()
    script [[
      local function faults() return dynarray.probe.memory().minor_faults end
      local function drop() for i = 1, 5 do full(3 * MiB) end end
      drop()
      collectgarbage()
      assert(kept() == 15 * MiB)
      local before = faults()
      drop()
      assert(kept() == 0 and faults() - before < 100, faults() - before)
    ]]
  end)

  it("is taken by the array that it fits best", function()
    script [[
      dynarray.collector { keep = 64 * MiB }
      local a, b, c = full(8 * MiB), full(4 * MiB), full(16 * MiB)
      local place = b:pointer()
      c:close() b:close() a:close()
      local d = full(3 * MiB)
      assert(d:pointer() == place and kept() == 24 * MiB)
      d:close()
      assert(kept() == 27 * MiB)
    ]]
  end)

  it("stays among 64 at most", function()
    script [[
      dynarray.collector { keep = 1024 * MiB }
      local all = {}
      for i = 1, 100 do all[i] = dynarray.new { type = "int8", capacity = 3 * MiB } end
      for i = 1, 100 do all[i]:close() end
      assert(kept() == 64 * 3 * MiB)
    ]]
  end)

  it("gives back what a smaller one does not need", function()
    script [[
      dynarray.collector { keep = 64 * MiB }
      full(32 * MiB):close()
      local before = resident()
      local a = dynarray.new { type = "int8", capacity = 3 * MiB }
      assert(kept() == 0 and resident() <= before - 27 * MiB)
      a:resize(3 * MiB, 1):reserve(40 * MiB)
      assert(a[1] == 1 and a[3 * MiB] == 1)
    ]]
  end)

  it("becomes a larger one, also where it has to move", function()
    script [[
      dynarray.collector { keep = 64 * MiB }
      full(3 * MiB):close()
      local a = full(300 * MiB)
      assert(kept() == 0 and a[1] == 7 and a[300 * MiB] == 7)
    ]]
  end)

  it("goes where memory is limited, and so is no obstacle", function()
    script [[
      dynarray.collector { keep = 64 * MiB }
      full(8 * MiB):close()
      dynarray.limit(16 * MiB)
      assert(kept() == 0)
      full(8 * MiB):close()
      assert(kept() == 8 * MiB)
      local b = allocated(2 * MiB) -- of another kind, so that the kept one is not taken
      assert(b.block == "copy" and kept() == 8 * MiB)
      b:close()
      b = dynarray.new { type = "int8", block = "stable", max_size = 16 * MiB }
      b:reserve(8 * MiB)
      assert(kept() == 8 * MiB)
      b:reserve(8 * MiB + 1)
      assert(kept() == 0)
      b:close()
      full(16 * MiB):close()
      assert(kept() == 16 * MiB)
      assert(#full(16 * MiB) == 16 * MiB)
    ]]
  end)

  it("goes when less shall stay", function()
    script [[
      dynarray.collector { keep = 64 * MiB }
      full(8 * MiB):close()
      dynarray.collector { keep = 8 * MiB }
      assert(kept() == 8 * MiB)
      local before = resident()
      dynarray.collector { keep = 8 * MiB - 1 }
      assert(kept() == 0 and resident() <= before - 7 * MiB)
    ]]
  end)

  it("goes when less than 2 MiB shall stay, also if it has shrunk to less", function()
    script [[
      dynarray.collector { keep = 4 * MiB }
      local a = full(8 * MiB)
      a:resize(600000):shrink_to_fit()
      assert(a.block == "pages")
      a:close()
      assert(kept() == 600000)
      dynarray.collector { keep = 2 * MiB }
      assert(kept() == 600000)
      dynarray.collector { keep = 2 * MiB - 1 }
      assert(kept() == 0)
    ]]
  end)

  it("goes before an array is told that there is no memory", function()
    needs.commands "prlimit"
    script [[
      full(16 * MiB):close()
      local status = io.open("/proc/self/status"):read "a"
      local mapped = tonumber(status:match "VmSize:%s+(%d+)") << 10
      local process = io.open("/proc/self/stat"):read "n"
      assert(os.execute(("prlimit --pid %d --as=%d"):format(process, mapped + 200000)))
      assert(kept() == 16 * MiB)
      local a = allocated(1500000) -- which gets no more from the system
      assert(a.block == "copy" and kept() == 0 and a[1500000] == 7)
    ]]
  end)

  it("may be taken by the system, if its pages are huge", function()
    script [[
      local rollup = io.open "/proc/self/smaps_rollup" -- not every system tells
      full(8 * MiB):close()
      local offered = rollup and kept() > 0 and rollup:read("a"):match "LazyFree:%s+(%d+)"
      assert(not offered or tonumber(offered) << 10 >= 6 * MiB, offered)
    ]]
  end)

  it("does not stay where address space is limited", function()
    plain.output("ulimit -v 300000", [[
      local dynarray = require "dynarray"
      dynarray.collector { keep = 64 << 20 }
      dynarray.filled(8 << 20, 7, "int8"):close()
      assert(dynarray.memory().kept == 0)
    ]])
  end)
end)

-- An array that is appended to is of pages from 80 KiB on.
describe("a block that grew by appends and is freed", function()
  local append = [[
    local function appended(n, keep)
      local a = dynarray.new "float64"
      for i = 1, n do a:append(i) end
      return a
    end
    local function faults() return dynarray.probe.memory().minor_faults end
    local function right(a)
      for i = 1, #a do assert(a[i] == i) end
    end
  ]]
  local function appending(code) script(append .. code) end

  it("stays, and the next array that grows needs no new pages", function()
    appending [[
      local a = appended(1e5)
      local bytes = a.capacity * 8
      a:close()
      assert(kept() == bytes)
      local before, held = faults(), resident()
      a = appended(1e5)
      -- those of the first 80 KB, and of Lua's; all of them twice, where malloc gives each smaller block back
      local taken = faults() - before
      assert(taken < (gives_back() and 60 or 30), taken)
      assert(resident() - held < 200 << 10)
      right(a)
    ]]
  end)

  it("is on loan beyond the capacity of the next array, which is told as kept", function()
    appending [[
      appended(1e6):close()
      local whole = kept()
      assert(whole >= 8e6)
      local a = appended(20000)
      assert(a.block == "pages")
      assert(kept() + a.capacity * 8 == whole)
      for i = 20001, 2e5 do a:append(i) end
      assert(kept() + a.capacity * 8 == whole)
      right(a)
      a:close()
      assert(kept() == whole and dynarray.memory().bytes == 0)
    ]]
  end)

  it("is on loan to one array at a time", function()
    appending [[
      local a, b = appended(1e6), appended(1e6)
      a:close()
      local c = appended(20000)
      local loan = kept()
      assert(loan > 7 * MiB)
      b:close()
      assert(kept() <= 16 * MiB)
      local held = resident()
      local d = appended(20000)
      assert(kept() == loan or kept() == 0)
      assert(resident() <= held - 6 * MiB)
      right(c) right(d)
    ]]
  end)

  it("goes with its loan when less shall stay, where memory is limited, and with an array that leaves", function()
    for _, change in ipairs { "dynarray.collector { keep = 0 }", "dynarray.limit(64 * MiB)",
      "a:resize(100) a:shrink_to_fit()" } do
      appending([[
        appended(1e6):close()
        local a = appended(20000)
        assert(kept() > 7 * MiB)
        local held = resident()
        ]] .. change .. [[

        assert(kept() == 0 and resident() <= held - 6 * MiB)
        right(a)
        for i = #a + 1, 3e5 do a:append(i) end
        right(a)
      ]])
    end
  end)

  it("does not stay where the host has an allocator of its own", function()
    local state = native.state(package.path, package.cpath)
    assert.same({ true, 0, "heap" }, { state:run [[
      local dynarray = require "dynarray"
      local a = dynarray.new "float64"
      for i = 1, 1e5 do a:append(i) end
      local block = a.block
      a:close()
      return dynarray.memory().kept, block
    ]] })
    assert.same({ 0, 0 }, { state:close() })
  end)
end)

describe("a small block that is freed", function()
  it("stays for the next one of its size, and is not held", function()
    script [[
      local a = full(8000)
      local place = a:pointer()
      a:close()
      assert(kept() == 8000 and dynarray.memory().bytes == 0)
      local b = full(8001)
      assert(kept() == 8000 and b:pointer() ~= place)
      a = dynarray.new { type = "float64", capacity = 1000 }
      assert(a:pointer() == place and kept() == 0 and #a == 0 and dynarray.memory().bytes == 16001)
    ]]
  end)

  it("is one block, the last, of 64 KiB at most", function()
    script [[
      local a, b, c = full(8000), full(1 << 16), full((1 << 16) + 1)
      a:close() b:close() c:close()
      assert(kept() == 1 << 16)
    ]]
  end)

  it("is freed by the collector as by close", function()
    script [[
      full(8000)
      collectgarbage()
      assert(kept() == 8000 and dynarray.memory().bytes == 0)
    ]]
  end)

  it("goes when less shall stay, and then none stays", function()
    script [[
      full(8000):close()
      dynarray.collector { keep = 8000 }
      assert(kept() == 8000)
      dynarray.collector { keep = 7999 }
      assert(kept() == 0)
      full(8000):close()
      assert(kept() == 0)
    ]]
  end)

  it("goes where memory is limited, and so is no obstacle", function()
    script [[
      full(8000):close()
      dynarray.limit(10000)
      assert(kept() == 0)
      full(8000):close()
      assert(kept() == 8000)
      local a = full(2000)
      assert(kept() == 8000)
      a:append(7)
      assert(kept() == 0)
      a:close()
      local b = full(10000)
      assert(#b == 10000)
      dynarray.limit(9999)
      b:close()
      assert(kept() == 0)
    ]]
  end)

  it("goes at once where the host has an allocator of its own, unless it was asked to stay", function()
    local state = native.state(package.path, package.cpath)
    assert.same({ true, 0, 0, 8000 }, { state:run [[
      local dynarray = require "dynarray"
      local before = dynarray.collector().keep
      dynarray.filled(8000, 7, "int8"):close()
      local kept = dynarray.memory().kept
      dynarray.collector { keep = 8000 }
      dynarray.filled(8000, 7, "int8"):close()
      return before, kept, dynarray.memory().kept
    ]] })
    assert.same({ 0, 0 }, { state:close() })
  end)

  it("goes before an array is told that there is no memory", function()
    local state = native.state(package.path, package.cpath)
    assert.same({ true }, { state:run [[
      dynarray = require "dynarray"
      arrays = {}
      for i = 1, 1000 do arrays[i] = dynarray.new { type = "int8", capacity = 1 } end
      function set_all() -- asks for memory beside Lua's
        done = 0
        for _, a in ipairs(arrays) do
          a:set_growth(3)
          done = done + 1
        end
      end
      dynarray.collector { keep = 65536 }
      dynarray.filled(60000, 7, "int8"):close()
    ]] })
    state:limit(state:bytes() + 4000)
    assert.same({ false, "not enough memory" }, { state:run "set_all()" })
    state:limit()
    local _, done, kept = state:run "return done, dynarray.memory().kept"
    assert.is_true(done > 100)
    assert.equal(0, kept)
    assert.same({ 0, 0 }, { state:close() })
  end)
end)
