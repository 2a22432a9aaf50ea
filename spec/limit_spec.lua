-- Memory that is bounded: by dynarray.limit, by max_size, by the allocator of a host. What is refused loses nothing.
local dynarray = require "dynarray"
local expect = require "support.expect"
local child = require "support.child"
local native = require "support.native"
local types = require "support.types"

-- Each script has a state of its own, as the limit is one of the state.
local function script(code)
  child.output([[
    local dynarray = require "dynarray"
    local function held() return dynarray.memory().bytes end
    local function refused(f, ...)
      local ok, err = pcall(f, ...)
      assert(not ok, "expected a refusal")
      assert(err:find("not enough memory", 1, true), err)
      return err
    end
    local function full(name, n)
      local a = dynarray.new { type = name, capacity = n }
      for i = 1, n do a:append(i & 127) end
      return a
    end
    local function check(a, n)
      assert(#a == n, #a)
      for i = 1, n do assert(a[i] == i & 127) end
    end
  ]] .. code)
end

describe("dynarray.limit", function()
  it("holds to the byte", function()
    script [[
      for _, name in ipairs(dynarray.types) do
        local a = full(name, 1000)
        local size = a.element_size
        dynarray.limit(3000 * size)
        a:reserve(3000)
        assert(held() == 3000 * size)
        refused(a.reserve, a, 3001)
        check(a, 1000)
        assert(a.capacity == 3000)
        dynarray.limit(3000 * size + size - 1)
        if size > 1 then refused(a.reserve, a, 3001) end
        dynarray.limit(3001 * size)
        a:reserve(3001)
        check(a, 1000)
        a:close()
        assert(held() == 0)
        dynarray.limit(false)
      end
    ]]
  end)

  it("binds all arrays of the state together", function()
    script [[
      local a, b = full("int8", 1000), full("int32", 500)
      dynarray.limit(3500)
      local c = dynarray.new { type = "int16", capacity = 250 }
      assert(held() == 3500 and c.block == "heap")
      refused(dynarray.new, { type = "int8", capacity = 257 })
      refused(dynarray.filled, 257, 1, "int8")
      refused(dynarray.from, a)
      refused(dynarray.from, function() return 1 end, "int8")
      refused(a.copy, a)
      refused(a.append, a, 1)
      refused(b.append, b, 1)
      c:close()
      a:reserve(1500)
      check(a, 1000)
      check(b, 500)
      assert(held() == 3500)
    ]]
  end)

  it("gives what is left, down to the last element, to an array that grows", function()
    script [[
      for _, policy in ipairs { 2, 1.5, "cpython", "go", "rust", "folly", "increment:1000" } do
        for _, name in ipairs(dynarray.types) do
          local other = full("int8", 777)
          local a = dynarray.new { type = name, capacity = 1, growth = policy }
          dynarray.limit(10000)
          local most = (10000 - 777) // a.element_size
          for i = 1, most do a:append(i & 127) end
          refused(a.append, a, 1)
          refused(a.extend, a, { 1 })
          check(a, most)
          assert(held() <= 10000)
          check(other, 777)
          a:close()
          other:close()
          dynarray.limit(false)
        end
      end
    ]]
  end)

  it("binds blocks of every kind", function()
    script [[
      for _, block in ipairs { "auto", "copy", "stable" } do
        dynarray.limit(8 << 20)
        local a = dynarray.new { type = "int8", block = block, capacity = 1000 }
        a:resize(8 << 20, 7)
        refused(a.append, a, 1)
        refused(a.reserve, a, (8 << 20) + 1)
        assert(a[1] == 7 and a[8 << 20] == 7 and #a == 8 << 20)
        assert(held() == 8 << 20)
        a:close()
        dynarray.limit(false)
      end
    ]]
  end)

  it("has garbage collected before it refuses", function()
    for _, mode in ipairs { "incremental", "generational" } do
      script(("collectgarbage %q"):format(mode) .. [[
        dynarray.limit(1 << 20)
        for i = 1, 200 do
          local a = dynarray.filled(300000, i & 127, "int8")
          assert(a[300000] == i & 127 and held() <= 1 << 20)
        end
        local kept = dynarray.filled(500000, 1, "int8")
        for i = 1, 100 do assert(kept:copy() == kept) end
        refused(dynarray.filled, 600000, 1, "int8")
        assert(kept[500000] == 1 and held() == 500000)
      ]])
    end
  end)

  it("says what was wanted, what the limit is, and what is held", function()
    script [[
      local a = full("int16", 1000)
      dynarray.limit(3001)
      assert(refused(a.reserve, a, 2000) == "not enough memory: 4000 bytes wanted, limit 3001, held 2000")
      local ok, err = pcall(function() a:reserve(2000) end)
      assert(err:match "^.+:%d+: not enough memory: 4000 bytes wanted, limit 3001, held 2000$", err)
    ]]
  end)

  it("may be set below what is held: then nothing grows, and everything shrinks", function()
    script [[
      local a, b, tiny = full("int32", 1000), full("int8", 3000), dynarray.new { capacity = 3 }
      assert(dynarray.limit(5000) == false)
      assert(held() == 7000)
      check(a, 1000)
      refused(a.append, a, 1)
      refused(b.append, b, 1)
      a[1], b[1] = 9, 9
      assert(a[1] == 9 and b[1] == 9)
      a[1], b[1] = 1, 1
      a:resize(900):shrink_to_fit()
      assert(held() == 6600 and a.capacity == 900)
      check(a, 900)
      refused(a.append, a, 1)
      tiny:append(1, 2, 3)
      b:resize(1000):shrink_to_fit()
      assert(held() == 4600)
      b:reserve(1400)
      refused(b.reserve, b, 1401)
      check(b, 1000)
      b:clear():shrink_to_fit()
      assert(held() == 3600 and b.block == "none")
      for i = 1, 1400 do b:append(i & 127) end
      refused(b.append, b, 1)
      check(b, 1400)
      check(a, 900)
    ]]
  end)

  it("is no more once removed, and tells what it was", function()
    script [[
      assert(dynarray.limit() == false)
      assert(dynarray.limit(1000) == false)
      assert(dynarray.limit() == 1000 and dynarray.memory().limit == 1000)
      refused(dynarray.filled, 1001, 1, "int8")
      assert(dynarray.limit(2000) == 1000)
      assert(dynarray.limit(nil) == 2000)
      assert(dynarray.limit(false) == 2000)
      assert(dynarray.limit() == false and dynarray.memory().limit == nil)
      dynarray.filled(1 << 20, 1, "int8")
    ]]
  end)

  it("refuses what is no limit, and keeps the old one", function()
    script [[
      dynarray.limit(1000)
      for _, wrong in ipairs { "x", "1000", -1, 0, 1.5, 0 / 0, math.huge, math.mininteger, {}, true, print } do
        assert(not pcall(dynarray.limit, wrong))
        assert(dynarray.limit() == 1000)
      end
      assert(dynarray.limit(math.maxinteger) == 1000)
      assert(dynarray.limit(2000.0) == math.maxinteger)
      assert(dynarray.limit() == 2000)
    ]]
  end)

  it("counts neither blocks in the userdata nor what is lent", function()
    script [[
      dynarray.limit(1)
      local a = dynarray.new { type = "int8", capacity = 256 }
      for i = 1, 256 do a:append(i & 127) end
      local view, frozen = a:view(), a:frozen()
      refused(a.append, a, 1)
      check(a, 256)
      assert(held() == 0 and #view == 256 and #frozen == 256)
    ]]
  end)

  it("belongs to one state", function()
    script [[ dynarray.limit(1000) ]]
    local state = native.state(package.path, package.cpath)
    assert.same({ true, false }, { state:run [[ return require "dynarray".limit(1000) ]] })
    assert.is_false(dynarray.limit())
    dynarray.filled(1001, 1, "int8"):close()
    assert.is_false((state:run [[ require "dynarray".filled(1001, 1, "int8") ]]))
    assert.same({ 0, 0 }, { state:close() })
  end)
end)

describe("max_size", function()
  it("is reached to the last element, by whatever way, and not passed", function()
    for _, name in ipairs(types.all) do
      for _, policy in ipairs { 2, 1.5, "cpython", "go", "exact", "increment:64" } do
        local a = dynarray.new { type = name, max_size = 100, capacity = 3, growth = policy }
        assert.equal(100, a.max_size)
        for i = 1, 100 do
          a:append(i)
        end
        assert.equal(100, a.capacity)
        local before = expect.snapshot(a)
        local text = "size 101 exceeds max_size 100"
        expect.raises(text, a.append, a, 1)
        expect.raises(text, a.extend, a, { 1 })
        expect.raises(text, a.extend, a, dynarray.of(1))
        expect.raises(text, a.resize, a, 101)
        expect.raises(text, a.reserve, a, 101)
        expect.raises(text, a.insert, a, 1, 1)
        expect.raises("size 200 exceeds max_size 100", a.extend, a, a)
        expect.raises("max_size 100", a.extend, a, function() return 1 end)
        expect.unchanged(before)
        a:pop()
        a:append(7)
        assert.equal(7, a[100])
      end
    end
  end)

  it("is a bound for a policy that is a function", function()
    local wanted = 100
    local a = dynarray.new { type = "int8", max_size = 100, capacity = 1, growth = function() return wanted end }
    a:append(1, 2)
    assert.equal(100, a.capacity)
    wanted = 101
    a:resize(1):shrink_to_fit()
    expect.raises("growth policy returned 101, max_size is 100", a.append, a, 2)
    expect.holds(a, 1)
  end)

  it("is asked before a table is made for objects, and so is dynarray.limit", function()
    local a = dynarray.new { max_size = 10 }
    local b = dynarray.new()
    collectgarbage()
    local before = collectgarbage("count")
    expect.raises("size 1000000 exceeds max_size 10", a.resize, a, 1000000, "x")
    dynarray.limit(dynarray.memory().bytes + 1000000)
    expect.raises("not enough memory", b.resize, b, 1000000, "x")
    dynarray.limit(false)
    collectgarbage()
    assert.is_true(collectgarbage("count") < before + 1000)
  end)

  it("goes along with a copy, and not with a slice", function()
    local a = dynarray.new { type = "int8", max_size = 3 }:append(1, 2, 3)
    expect.raises("size 4 exceeds max_size 3", function() a:copy():append(4) end)
    expect.holds(a:slice():append(4), 1, 2, 3, 4)
  end)

  it("holds in a sequence", function()
    local a = dynarray.new { bounds = "sequence", max_size = 2 }
    a[1] = 1
    a[2] = 2
    expect.raises("size 3 exceeds max_size 2", function() a[3] = 3 end)
    expect.raises("size 3 exceeds max_size 2", table.insert, a, 3)
    expect.holds(a, 1, 2)
  end)
end)

describe("the hard limit of a host's allocator", function()
  local MiB = 1 << 20

  local prologue = [[
    dynarray = require "dynarray"
    function refused(f, ...)
      local ok, err = pcall(f, ...)
      assert(not ok, "expected a refusal")
      assert(err == "not enough memory", err)
    end
  ]]

  local attempts = {
    ["append"] = [[
      local a = dynarray.new { type = kind }
      for i = 1, 100 do a:append(i) end
      refused(function() while true do a:append(1) end end)
      assert(#a > 1000)
      for i = 1, 100 do assert(a[i] == i) end
      local n, capacity = #a, a.capacity
      refused(a.append, a, 1)
      assert(#a == n and a.capacity == capacity and n == capacity)
    ]],
    ["extend by itself"] = [[
      local a = dynarray.new { type = kind }:append(1, 2, 3)
      refused(function() while true do a:extend(a) end end)
      for i = 1, #a do assert(a[i] == (i - 1) % 3 + 1) end
    ]],
    ["reserve"] = [[
      local a = dynarray.new { type = kind }:append(1, 2, 3)
      refused(a.reserve, a, 64 << 20)
      assert(#a == 3 and a[3] == 3 and a.capacity == 16)
    ]],
    ["resize"] = [[
      local a = dynarray.new { type = kind }:append(1, 2, 3)
      refused(a.resize, a, 64 << 20, 5)
      assert(#a == 3 and a[3] == 3 and a.capacity == 16)
    ]],
    ["constructors"] = [[
      refused(dynarray.new, { type = kind, capacity = 64 << 20 })
      refused(dynarray.filled, 64 << 20, 1, kind)
      refused(dynarray.from, function() return 1 end, kind)
    ]],
    ["copies"] = [[
      local a = dynarray.filled((5 << 20) // dynarray.new(kind).element_size, 1, kind)
      refused(a.copy, a)
      refused(a.slice, a)
      refused(a.reserve, a, a.capacity * 2)
      assert(a[1] == 1 and a[#a] == 1)
      local view = a:view()
      assert(#view == #a)
    ]],
    ["many arrays"] = [[
      local many = {}
      refused(function()
        while true do many[#many + 1] = dynarray.filled(3000, #many & 127, kind) end
      end)
      for i, a in ipairs(many) do assert(#a == 3000 and a[1] == (i - 1) & 127 and a[3000] == a[1]) end
      many = nil
      local a = dynarray.filled(3000, 1, kind)
    ]],
  }

  for what, attempt in pairs(attempts) do
    it("holds, and the script goes on: " .. what, function()
      for _, name in ipairs(types.all) do
        local state = native.state(package.path, package.cpath)
        state:limit(8 * MiB)
        assert.same({ true }, { state:run(prologue .. "kind = '" .. name .. "'") })
        local ok, err = state:run(attempt)
        assert.is_true(ok, name .. ": " .. tostring(err))
        local _, peak = state:bytes()
        assert.is_true(peak <= 8 * MiB)
        assert.same({ true, 0, 0 }, { state:run [[
          collectgarbage()
          collectgarbage()
          dynarray.filled(4 << 20, 1, "int8"):close()
          return dynarray.memory().bytes, dynarray.memory().arrays
        ]] })
        assert.same({ 0, 0 }, { state:close() })
      end
    end)
  end

  it("frees garbage before it refuses", function()
    local state = native.state(package.path, package.cpath)
    state:limit(2 * MiB)
    assert.same({ true }, { state:run(prologue .. [[
      for i = 1, 100 do
        local a = dynarray.filled(700000, i, "int8")
        assert(a[700000] == i)
      end
    ]]) })
    assert.same({ 0, 0 }, { state:close() })
  end)

  it("leaves nothing of arrays that finalizers close while memory is looked for", function()
    local state = native.state(package.path, package.cpath)
    assert.same({ true }, { state:run(prologue .. [[
      dynarray.limit(1000)
      function closed_midway()
        for _ = 1, 500 do
          local a = dynarray.new { type = "int8", capacity = 0 }
          setmetatable({}, { __gc = function() a:close() end })
          local ok, message = pcall(a.reserve, a, 2000)
          assert(not ok and message == "array is closed")
        end
        collectgarbage()
        collectgarbage()
      end
      closed_midway()
    ]]) })
    local before = state:bytes()
    assert.same({ true }, { state:run "closed_midway()" })
    local after = state:bytes()
    assert.is_true(after < before + 10000)
    assert.same({ 0, 0 }, { state:close() })
  end)

  it("lets an array grow to it, by whatever policy, and not to half of it alone", function()
    for _, policy in ipairs { "2", "1.5", "'go'", "'rust'", "'golden'", "'increment:1000'" } do
      for _, kind in ipairs { "int8", "float64" } do
        local state = native.state(package.path, package.cpath)
        state:limit(2 * MiB)
        local result = { state:run(prologue .. ([[
          local a = dynarray.new { type = %q, growth = %s, capacity = 100 }
          local bytes = a.element_size
          local chunk = dynarray.filled(1000, 7, %q)
          local ok, message = true, nil
          while ok do
            ok, message = pcall(a.extend, a, chunk)
          end
          assert(message == "not enough memory", message)
          assert(a[#a] == 7 and #a == a.capacity or #a + 1000 > a.capacity)
          return #a * bytes
        ]]):format(kind, policy, kind)) }
        assert.is_true(result[1], tostring(result[2]))
        assert.is_true(result[2] > 0.85 * MiB, policy .. " " .. kind .. ": " .. result[2])
        assert.same({ 0, 0 }, { state:close() })
      end
    end
  end)

  it("cuts what a policy asks for, and the observer sees what the capacity became", function()
    local state = native.state(package.path, package.cpath)
    state:limit(1 * MiB)
    assert.same({ true, true }, { state:run(prologue .. [[
      local last
      local a = dynarray.new { type = "int8", capacity = 400000, on_grow = function(event) last = event end }
      a:resize(400000)
      refused(function() while true do a:append(1) end end)
      assert(last.new_capacity == a.capacity and a.capacity == #a, last.new_capacity)
      return #a > 500000
    ]]) })
    assert.same({ 0, 0 }, { state:close() })
  end)

  it("is met by a collection whose finalizer takes an element, and the observer sees the size of then", function()
    assert.equal("999\t1999\n", child.output [[
      local dynarray = require "dynarray"
      local MiB, t, seen = 1 << 20, {}
      for i = 1, 1000 do t[i] = 1 end
      dynarray.limit(MiB)
      local a = dynarray.new { type = "int8", capacity = 1000, on_grow = function(event) seen = event end }
      a:resize(1000)
      dynarray.zeros(MiB - 1500, "int8") -- garbage, without which there is room
      setmetatable({}, { __gc = function() a:pop() end })
      a:extend(t)
      print(seen.size, #a)]])
  end)

  it("and dynarray.limit bind both", function()
    local state = native.state(package.path, package.cpath)
    state:limit(8 * MiB)
    assert.same({ true, 1 << 20 }, { state:run(prologue .. [[
      dynarray.limit(1 << 20)
      local a = dynarray.new { type = "int8", capacity = 300 }
      assert(not pcall(function() while true do a:append(1) end end))
      local n = #a
      dynarray.limit(64 << 20)
      refused(a.reserve, a, 16 << 20)
      assert(#a == n)
      return n
    ]]) })
    assert.same({ 0, 0 }, { state:close() })
  end)
end)
