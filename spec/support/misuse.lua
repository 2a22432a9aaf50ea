--- Misuse that collects often, for a process of its own: in the one that runs all specs each collection walks what
-- they left. misuse_spec.lua runs it with the name of a case.
local dynarray = require "dynarray"
local expect = require "support.expect"
local fresh = require "support.fresh"
local types = require "support.types"

local cases, callbacks = {}, {}

-- Things that a callback may do to the array it is called for.
local deeds = {
  ["raises an error"] = function() error("callback fails") end,
  ["raises an object"] = function() error(setmetatable({}, {})) end,
  ["yields"] = function() coroutine.yield() end,
  ["appends"] = function(a) a:append(9) end,
  ["appends many"] = function(a) a:append(table.unpack({}, 1, 0)):append(1, 2, 3, 4, 5, 6, 7, 8, 9) end,
  ["extends"] = function(a) a:extend { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 } end,
  ["extends by itself"] = function(a) if #a < 100 then a:extend(a) end end,
  ["pops"] = function(a) a:pop() end,
  ["clears"] = function(a) a:clear() end,
  ["clears and shrinks"] = function(a) a:clear():shrink_to_fit() end,
  ["closes"] = function(a) a:close() end,
  ["finalizes"] = function(a) debug.getmetatable(a).__gc(a) end,
  ["shrinks"] = function(a) a:shrink_to_fit() end,
  ["reserves"] = function(a) a:reserve(1000) end,
  ["resizes to one"] = function(a) a:resize(1) end,
  ["resizes to many"] = function(a) a:resize(500) end,
  ["cuts and shrinks"] = function(a) a:resize(1):shrink_to_fit() end,
  ["overwrites"] = function(a) a[1] = 5 end,
  ["copies from"] = function(a) a:copy_from { 7, 8 } end,
  ["changes the policy"] = function(a) a:set_growth(3) end,
  ["collects"] = function() collectgarbage() end,
  ["reads"] = function(a) return a[1], #a, tostring(a), a == a:copy(), a .. a end,
}

-- Callbacks of an array act once at a time, and only while survives() lets them.
local armed, inside = false, false
local function guarded(act)
  return function(a)
    if armed and not inside then
      inside = true
      local ok, err = pcall(act, a)
      inside = false
      if not ok then
        error(err, 0)
      end
    end
  end
end

-- Runs f, which calls back, outside and inside a coroutine; afterwards the array is sound.
local function survives(make, f)
  for _, name in ipairs { "value", "int8", "float64" } do
    for _, bounds in ipairs { "strict", "sequence" } do
      for _, in_coroutine in ipairs { false, true } do
        local a = make(name, bounds)
        armed = true
        if in_coroutine then
          local co = coroutine.wrap(function() return pcall(f, a) end)
          for _ = 1, 3 do
            if not pcall(co) then
              break
            end
          end
        else
          pcall(f, a)
        end
        armed, inside = false, false
        expect.valid(a)
        if not tostring(a):find("(closed)", 1, true) then
          local n = #a
          a:set_growth(2):append(1, 2, 3, 4)
          assert(#a == n + 4 and a[n + 4] == 4, "what was appended did not come back")
        end
      end
    end
  end
end

local function survives_growth(make)
  survives(make, function(a) a:append(4) end)
  survives(make, function(a) a:append(4, 5, 6, 7) end)
  survives(make, function(a) a:extend { 4, 5, 6, 7 } end)
  survives(make, function(a) a:extend(a) end)
  survives(make, function(a) a:extend(dynarray.of(4, 5)) end)
end

callbacks["a growth policy"] = function(act)
  local function make(name, bounds)
    local a
    a = dynarray.new { type = name, bounds = bounds, capacity = 3, growth = function(capacity, needed)
      guarded(act)(a)
      return math.max(capacity * 2, needed)
    end }
    return a:append(1, 2, 3)
  end
  survives_growth(make)
  survives(make, function(a) a:extend(("1234"):gmatch "x") end)
  survives(make, function(a) a:resize(50) end)
  survives(make, function(a) a[#a + 1] = 4 end)
  survives(make, function(a) table.insert(a, 1, 4) end)
end

callbacks["an observer"] = function(act)
  local function make(name, bounds)
    local a
    a = dynarray.new { type = name, bounds = bounds, capacity = 3, on_grow = function() guarded(act)(a) end }
    return a:append(1, 2, 3)
  end
  survives_growth(make)
  survives(make, function(a) a:resize(50) end)
  survives(make, function(a) a:reserve(50) end)
  survives(make, function(a) a[#a + 1] = 4 end)
end

callbacks["the iterator of extend"] = function(act)
  local function make(name, bounds)
    return dynarray.new { type = name, bounds = bounds, capacity = 3 }:append(1, 2, 3)
  end
  for last = 1, 4 do
    survives(make, function(a)
      local n = 0
      a:extend(function()
        n = n + 1
        act(a)
        if n <= last then
          return n
        end
      end)
    end)
  end
end

callbacks["a metamethod of the source of extend, from or copy_from"] = function(act)
  local function make(name, bounds)
    return dynarray.new { type = name, bounds = bounds, capacity = 6 }:append(1, 2, 3)
  end
  local function source(a, in_len)
    return setmetatable({}, {
      __len = function()
        if in_len then
          act(a)
        end
        return 5
      end,
      __index = function(_, i)
        if not in_len then
          act(a)
        end
        return i
      end,
    })
  end
  for _, in_len in ipairs { true, false } do
    survives(make, function(a) a:extend(source(a, in_len)) end)
    survives(make, function(a) a:copy_from(source(a, in_len)) end)
    survives(make, function(a) expect.valid(dynarray.from(source(a, in_len), "int16")) end)
  end
end

callbacks["the comparator of table.sort"] = function(act)
  local function make(name, bounds)
    return dynarray.new { type = name, bounds = bounds, capacity = 6 }:append(5, 3, 4, 1, 2)
  end
  survives(make, function(a)
    table.sort(a, function(x, y)
      if #a < 1000 then
        act(a)
      end
      return x < y
    end)
  end)
end

callbacks["a metamethod of an element"] = function(act)
  local a
  local function element()
    local function f()
      if a then
        act(a)
      end
      return "element"
    end
    return setmetatable({}, { __tostring = f, __eq = f, __name = "element" })
  end
  for position = 1, 3 do
    local parts = { 1, 2, 3 }
    parts[position] = element()
    local b = dynarray.of(table.unpack(parts))
    parts[position] = element()
    a = dynarray.of(table.unpack(parts))
    local c = a
    pcall(tostring, a)
    expect.valid(c)
    pcall(function() return a == b end)
    pcall(function() return b == a end)
    expect.valid(b)
    expect.valid(c)
    a = nil
  end
end

callbacks["a finalizer which runs meanwhile"] = function(act)
  for _, name in ipairs { "value", "float64" } do
    local a = dynarray.new { type = name, capacity = 3, growth = function(capacity, needed)
      collectgarbage()
      return math.max(capacity * 2, needed)
    end }:append(1, 2, 3)
    for i = 1, 20 do
      setmetatable({}, { __gc = function()
        if #a < 1000 then
          pcall(act, a)
        end
      end })
      if not pcall(a.append, a, i) then
        break
      end
    end
    collectgarbage()
    expect.valid(a)
  end
end

local nan = 0 / 0
local sizes = { 1 << 61, (1 << 61) - 1, (1 << 61) + 1, 1 << 60, 1 << 59, 1 << 62, math.maxinteger,
  math.maxinteger - 1, math.maxinteger - 7, math.maxinteger - 15, 2.0 ^ 61, 2.0 ^ 62, -1, -16, -(1 << 61),
  math.mininteger, 0.5, -0.5, 1e300, nan, math.huge, -math.huge }

cases["a huge, negative or broken size wherever a size is asked for"] = function()
  for _, name in ipairs(types.all) do
    local a = fresh(name)
    local before = expect.snapshot(a)
    for _, n in ipairs(sizes) do
      for what, f in pairs {
        capacity = function() return dynarray.new { type = name, capacity = n } end,
        initial_size = function() return dynarray.new { type = name, initial_size = n } end,
        filled = function() return dynarray.filled(n, 1, name) end,
        resize = function() return a:resize(n) end,
        ["resize with fill"] = function() return a:resize(n, 1) end,
        reserve = function() return a:reserve(n) end,
        policy = function() return fresh(name, { growth = function() return n end }):append(4, 5, 6, 7) end,
        from = function() return dynarray.from({}, { type = name, capacity = n }) end,
      } do
        local ok, err = pcall(f)
        assert(not ok and type(err) == "string", what .. " took " .. n)
      end
    end
    expect.unchanged(before)
    expect.valid(a)
  end
end

cases["a huge size of a source"] = function()
  for _, name in ipairs { "value", "int8", "float64" } do
    local a = fresh(name)
    local before = expect.snapshot(a)
    for _, n in ipairs { 1 << 61, 1 << 62, math.maxinteger, math.maxinteger - 2, 2.0 ^ 61 } do
      local source = setmetatable({}, { __len = function() return n end, __index = function() return 1 end })
      expect.error(a.extend, a, source)
      expect.error(a.copy_from, a, source)
      expect.error(dynarray.from, source, name)
    end
    expect.unchanged(before)
  end
end

for name, callback in pairs(callbacks) do
  cases["a callback that is " .. name] = function()
    for deed, act in pairs(deeds) do
      local ok, err = pcall(callback, act)
      if not ok then
        error(("%s, which %s: %s"):format(name, deed, tostring(err)), 0)
      end
    end
  end
end

cases[arg[1]]()
