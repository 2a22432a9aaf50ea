-- dynarray.memory counts what arrays hold, once; and what paces the collector by it lets a stopped one rest.
local child = require "support.child"

-- Each script has a state of its own, in which nothing else holds memory.
local function script(code, ...)
  child.output([[
    local dynarray = require "dynarray"
    local memory = dynarray.memory
    local function holds(bytes, arrays)
      local now = memory()
      if now.bytes ~= bytes or arrays and now.arrays ~= arrays then
        error(("expected %d bytes in %s arrays, got %d in %d"):format(bytes, arrays, now.bytes, now.arrays), 2)
      end
    end
    local function collect()
      collectgarbage()
      collectgarbage()
    end
    local function cycles() -- a function that tells how many cycles there were since this call
      local n = 0
      local function sentinel()
        setmetatable({}, { __gc = function() n = n + 1 sentinel() end })
      end
      collect()
      sentinel()
      return function() return n end
    end
    local function lua_rests() -- Lua's own pace: no cycle before its heap is ten times as large
      collectgarbage("incremental", 1000, 100)
      collect()
    end
  ]] .. code, ...)
end

describe("dynarray.memory", function()
  it("begins with nothing", function()
    script [[
      holds(0, 0)
      assert(memory().peak == 0 and memory().growths == 0 and memory().limit == nil)
    ]]
  end)

  it("counts capacity, in bytes, as it grows and shrinks", function()
    script [[
      for _, name in ipairs(dynarray.types) do
        for _, block in ipairs { "auto", "copy", "stable" } do
          collect()
          holds(0, 0)
          local a = dynarray.new { type = name, capacity = 1000, block = block }
          local size = a.element_size
          holds(1000 * size, 1)
          for i = 1, 5000 do a:append(i & 127) end
          holds(a.capacity * size, 1)
          for _, n in ipairs { 6000, 300000, 600000, 5000000 } do
            holds(a:reserve(n).capacity * size, 1)
          end
          for _, n in ipairs { 4000000, 200000, 3000, 300 } do
            a:resize(n):shrink_to_fit()
            holds(n * size, 1)
          end
          a:clear():shrink_to_fit()
          holds(0, 1)
          a:reserve(700)
          holds(700 * size, 1)
          a:close()
          holds(0)
          a:close()
          holds(0)
          a = nil
        end
      end
    ]]
  end)

  it("counts no block that lies in the userdata", function()
    script [[
      local a = dynarray.new { type = "int8", capacity = 256 }
      holds(0, 1)
      for i = 1, 257 do a:append(1) end
      holds(512, 1)
      a:resize(200):shrink_to_fit()
      holds(0, 1)
    ]]
  end)

  it("gets everything back when arrays are collected", function()
    script [[
      for _, mode in ipairs { "incremental", "generational" } do
        collectgarbage(mode)
        do
          local many = {}
          for i = 1, 100 do many[i] = dynarray.filled(1000 * i, 1, dynarray.types[i % 11 + 1]) end
          assert(memory().arrays == 100)
        end
        collect()
        holds(0, 0)
      end
    ]]
  end)

  it("counts a cycle through an array until it is collected", function()
    script [[
      do
        local a = dynarray.filled(1000, 0)
        a[1] = { a }
        a[2] = a
      end
      collect()
      holds(0, 0)
    ]]
  end)

  it("counts what views share once", function()
    script [[
      local a = dynarray.filled(1000, 1, "int32")
      local views = { a:view(), a:view(1, 500), a:frozen(), a:view(2, 999):view(3, 4) }
      assert(memory().arrays >= 5)
      holds(4000)
      a:reserve(2000)
      holds(8000)
      views[1]:close()
      views[2] = nil
      collect()
      holds(8000)
      assert(a[1] == 1 and #views[3] == 1000)
      a:close()
      holds(0)
      assert(#views[3] == 0)
      a, views = nil, nil
      collect()
      holds(0, 0)
    ]]
  end)

  it("counts an array that only a view holds", function()
    script [[
      local view = dynarray.filled(1000, 1, "int32"):view(2, 3)
      collect()
      holds(4000, 2)
      assert(#view == 2 and view[1] == 1)
      view = nil
      collect()
      holds(0, 0)
    ]]
  end)

  it("counts copies as arrays of their own", function()
    script [[
      local a = dynarray.filled(1000, 1, "int64")
      local b, c, d = a:copy(), a:slice(1, 500), a .. a
      collect()
      holds(8000 + 8000 + 4000 + 16000, 4)
      local e = dynarray.new { type = "int64", capacity = 2000 }:copy_from(a)
      holds(52000, 5)
      b:close() c:close() d:close() e:close()
      holds(8000)
    ]]
  end)

  it("counts nothing for what is refused", function()
    script [[
      local a = dynarray.filled(1000, 1, "int8")
      for _ = 1, 3 do
        pcall(a.reserve, a, 1 << 50)
        pcall(a.extend, a, { 1, 2, 300 })
        pcall(a.extend, a, function() error "stop" end)
        pcall(dynarray.filled, 1000, 300, "int8")
        pcall(dynarray.from, { "x" }, "int8")
        pcall(dynarray.new, { type = "int8", capacity = 1000, max_size = 10 })
        pcall(dynarray.new, { type = "int8", capacity = 1000, fill = "x" })
      end
      collect()
      holds(1000, 1)
      assert(#a == 1000)
    ]]
  end)

  it("counts nothing for an array that a finalizer brings back", function()
    script [[
      local back
      do
        local a = dynarray.filled(1000, 1, "int8")
        setmetatable({}, { __gc = function() back = a end })
      end
      collect()
      collect()
      -- the finalizer of the array itself ran too: it is empty for good
      assert(back and #back == 0)
      holds(0)
      assert(not pcall(back.append, back, 1))
      assert(not pcall(back.reserve, back, 1000))
      holds(0, 0)
      back = nil
      collect()
      holds(0, 0)
    ]]
  end)

  it("counts what finalizers make", function()
    script [[
      local made = {}
      for i = 1, 10 do
        setmetatable({}, { __gc = function() made[#made + 1] = dynarray.filled(1000, i, "int8") end })
      end
      collect()
      assert(#made == 10)
      holds(10000, 10)
      made = nil
      collect()
      holds(0, 0)
    ]]
  end)

  it("knows the peak, with the second block of a copy", function()
    script [[
      local a = dynarray.new { type = "int8", block = "copy", capacity = 1000 }
      a:reserve(3000)
      assert(memory().peak == 4000)
      a:reserve(3500)
      assert(memory().peak == 6500)
      a:shrink_to_fit():close()
      assert(memory().peak == 6500)
      local b = dynarray.new { type = "int8", block = "stable", capacity = 5000 }
      b:reserve(6600)
      assert(memory().peak == 6600)
    ]]
  end)

  it("counts growths, not first blocks and not shrinking", function()
    script [[
      local a = dynarray.new { type = "int8", capacity = 1000 }
      local b = dynarray.filled(1000, 1)
      local c = dynarray.from(b)
      local d = b:copy()
      assert(memory().growths == 0)
      a:reserve(2000)
      b:append(1)
      assert(memory().growths == 2)
      b:shrink_to_fit()
      a:shrink_to_fit():close()
      assert(memory().growths == 2)
      for i = 1, 24 do c:extend(d) end
      assert(memory().growths == 2 + c:stats().growths and c:stats().growths == 5)
    ]]
  end)
end)

describe("a stopped collector", function()
  for _, mode in ipairs { "incremental", "generational" } do
    it("stays stopped, and no array is freed: " .. mode, function()
      script([[
        collectgarbage(...)
        local n = cycles()
        collectgarbage "stop"
        for i = 1, 100 do dynarray.new { type = "int8", capacity = 1 << 20 } end
        assert(not collectgarbage "isrunning")
        holds(100 << 20, 100)
        assert(n() == 0)
        local a = dynarray.new "int8"
        for i = 1, 10 do a:reserve(i << 20) end
        assert(not collectgarbage "isrunning" and n() == 0)
        a:close()
        holds(100 << 20, 100)
        collectgarbage "restart"
        for i = 1, 100 do dynarray.new { type = "int8", capacity = 1 << 20 } end
        assert(n() >= 1 and memory().bytes <= 32 << 20 and collectgarbage "isrunning")
      ]], mode)
    end)
  end

  it("is asked all the same before memory is refused, as Lua does, and is stopped after", function()
    script [[
      collectgarbage "stop"
      dynarray.limit(10 << 20)
      for i = 1, 100 do dynarray.new { type = "int8", capacity = 1 << 20 } end
      assert(memory().bytes <= 10 << 20 and not collectgarbage "isrunning")
    ]]
  end)
end)

describe("dynarray.collector", function()
  it("switches pacing off and on", function()
    script [[
      lua_rests()
      local n = cycles()
      dynarray.collector { off = true }
      for i = 1, 100 do dynarray.new { type = "int8", capacity = 1 << 20 } end
      assert(n() == 0)
      holds(100 << 20, 100)
      assert(dynarray.collector { off = false }.off == true)
      for i = 1, 200 do dynarray.new { type = "int8", capacity = 1 << 20 } end
      assert(n() >= 1 and memory().bytes <= 64 << 20)
    ]]
  end)

  it("lets through as many bytes as the pause says", function()
    -- 64 MiB live: a cycle each time that (pause - 100)% of it has been allocated
    script [[
      lua_rests()
      local live = dynarray.new { type = "int8", capacity = 64 << 20 }
      for pause, allowed in pairs { [200] = 64, [300] = 128, [150] = 32, [1000] = 576 } do
        dynarray.collector { pause = pause }
        local n, made = cycles(), 0
        while n() < 2 do -- a cycle finds out what lives; what may pass is counted from there
          dynarray.new { type = "int8", capacity = 1 << 20 }
          made = n() == 1 and made + 1 or made
        end
        assert(math.abs(made - allowed) <= 2, ("pause %d: a cycle after %d MiB"):format(pause, made))
      end
      assert(live.capacity == 64 << 20)
    ]]
  end)

  it("waits for as much as the Lua heap holds, if that is more", function()
    script [[
      lua_rests()
      local heap = {}
      for i = 1, 500000 do heap[i] = { i } end
      collect()
      dynarray.collector { pause = 200 }
      local expected = collectgarbage "count" / 1024
      assert(expected > 32)
      local n, made = 0, 0
      setmetatable({}, { __gc = function() n = 1 end })
      while n == 0 do
        dynarray.new { type = "int8", capacity = 1 << 20 }
        made = made + 1
        assert(made < 2000)
      end
      assert(math.abs(made - expected) <= 4, made .. " against " .. expected)
    ]]
  end)

  it("runs no cycle within a finalizer, and goes on after it", function()
    script [[
      local n = cycles()
      local held
      setmetatable({}, { __gc = function()
        local before = n()
        for i = 1, 100 do dynarray.new { type = "int8", capacity = 1 << 20 } end
        held = memory().bytes
        assert(n() == before)
      end })
      collectgarbage()
      assert(held == 100 << 20)
      for i = 1, 100 do dynarray.new { type = "int8", capacity = 1 << 20 } end
      assert(memory().bytes <= 64 << 20)
    ]]
  end)

  it("may be called within a finalizer and a coroutine", function()
    script [[
      local ok, before
      setmetatable({}, { __gc = function() ok, before = pcall(dynarray.collector, { pause = 300 }) end })
      collect()
      assert(ok and before.pause == 200 and dynarray.collector().pause == 300)
      coroutine.wrap(function()
        for i = 1, 100 do dynarray.new { type = "int8", capacity = 1 << 20 } end
      end)()
      assert(memory().bytes <= 64 << 20)
    ]]
  end)

  it("takes a pause from 110 to 1000 alone", function()
    script [[
      for _, pause in ipairs { 110, 1000, 200.0 } do
        dynarray.collector { pause = pause }
        assert(dynarray.collector().pause == pause // 1 | 0)
      end
      for _, pause in ipairs { 109, 1001, 0, -200, 100, 150.5, math.huge, "200", false } do
        local ok, err = pcall(dynarray.collector, { pause = pause, off = true })
        assert(not ok and err:find("pause", 1, true) and err:find("110 to 1000", 1, true), err)
        local now = dynarray.collector()
        assert(now.pause == 200 and now.off == false)
      end
      assert(not pcall(dynarray.collector, { pause = 300, off = 1 }))
      assert(dynarray.collector().pause == 200)
    ]]
  end)
end)
