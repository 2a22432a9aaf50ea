local dynarray = require "dynarray"
local expect = require "support.expect"
local types = require "support.types"

local nan = 0 / 0

-- Every way into an array: stores v, which would become element `index`.
local entries = {
  ["a[i] = v"] = { index = 1, function(a, v)
    a[1] = v
  end },
  set = { index = 1, function(a, v)
    a:set(1, v)
  end },
  append = { index = 2, function(a, v)
    a:append(v)
  end },
  ["append of many"] = { index = 4, function(a, v)
    a:append(0, 0, v)
  end },
  ["extend with a table"] = { index = 3, function(a, v)
    a:extend { 0, v }
  end },
  ["extend with an array"] = { index = 3, function(a, v)
    a:extend(dynarray.of(0, v))
  end },
  ["extend with an iterator"] = { index = 2, function(a, v)
    local once = v
    a:extend(function()
      local x = once
      once = nil
      return x
    end)
  end },
  resize = { index = 2, function(a, v)
    a:resize(2, v)
  end },
  ["copy_from a table"] = { index = 2, function(a, v)
    a:copy_from { 0, v }
  end },
  ["copy_from an array"] = { index = 2, function(a, v)
    a:copy_from(dynarray.of(0, v))
  end },
  ["from a table"] = { index = 2, function(a, v)
    return dynarray.from({ 0, v }, a.type)
  end },
  ["from an array"] = { index = 2, function(a, v)
    return dynarray.from(dynarray.of(0, v), a.type)
  end },
  filled = { index = 1, function(a, v)
    return dynarray.filled(1, v, a.type)
  end },
  [".."] = { index = 3, function(a, v)
    return a .. dynarray.of(0, v)
  end },
}

-- v is refused by every way in, with a text that holds the parts, and nothing changes.
local function refused(name, v, ...)
  for entry, store in pairs(entries) do
    -- nil ends a table and what an iterator gives.
    if v ~= nil or not entry:find("table") and not entry:find("iterator") then
      local a = dynarray.new { type = name, capacity = 4 }:append(1)
      local before = expect.snapshot(a)
      local ok, err = pcall(store[1], a, v)
      if ok then
        error(("%s took %s into %s"):format(entry, tostring(v), name), 2)
      end
      for i = 1, select("#", ...) do
        local part = select(i, ...)
        if not err:find(part, 1, true) then
          error(("%s: expected %q in %q"):format(entry, part, err), 2)
        end
      end
      expect.unchanged(before, 2)
    end
  end
end

-- v is taken by every way in, and read back as `stored`.
local function taken(name, v, stored)
  for entry, store in pairs(entries) do
    local a = dynarray.new { type = name, capacity = 4 }:append(1)
    local b = store[1](a, v) or a
    local got = b[store.index]
    if not expect.identical(stored, got) then
      error(("%s: %s became %s in %s, not %s"):format(entry, tostring(v), tostring(got), name, tostring(stored)), 2)
    end
  end
end

describe("an integer type", function()
  for _, t in ipairs(types.integers) do
    it("holds its limits and all between: " .. t.name, function()
      taken(t.name, t.min, t.min)
      taken(t.name, t.max, t.max)
      taken(t.name, 0, 0)
      taken(t.name, t.max // 2, t.max // 2)
      if t.size == 1 then
        local a = dynarray.new(t.name)
        for v = t.min, t.max do
          a:append(v)
        end
        for v = t.min, t.max do
          assert(math.type(a[v - t.min + 1]) == "integer" and a[v - t.min + 1] == v)
        end
      end
    end)

    it("takes a float with an integer value: " .. t.name, function()
      taken(t.name, 1.0, 1)
      taken(t.name, -0.0, 0)
      taken(t.name, t.min + 0.0, t.min)
      if t.size < 8 then
        taken(t.name, t.max + 0.0, t.max)
      end
    end)

    it("refuses what lies outside: " .. t.name, function()
      local range = ("does not fit into %s (%d to "):format(t.name, t.min)
      if t.size < 8 then
        range = ("does not fit into %s (%d to %d) at index"):format(t.name, t.min, t.max)
        refused(t.name, t.max + 1, ("%d "):format(t.max + 1) .. range)
        refused(t.name, t.min - 1, ("%d "):format(t.min - 1) .. range)
        refused(t.name, t.max + 1.0, range)
        refused(t.name, math.maxinteger, ("%d "):format(math.maxinteger) .. range)
        refused(t.name, math.mininteger, ("%d "):format(math.mininteger) .. range)
      elseif t.min == 0 then
        refused(t.name, -1, "-1 " .. range)
        refused(t.name, math.mininteger, math.mininteger .. " " .. range)
        refused(t.name, -1.0, t.name)
        refused(t.name, 2 ^ 64, t.name)
      else
        refused(t.name, 2 ^ 63, t.name)
        refused(t.name, -2 ^ 63 - 2048, t.name)
      end
      refused(t.name, 1e300, t.name)
    end)

    it("refuses what is no integer: " .. t.name, function()
      local text = " has no integer representation, wanted " .. t.name .. " at index "
      refused(t.name, 1.5, "1.5" .. text)
      refused(t.name, -0.25, "-0.25" .. text)
      refused(t.name, nan, text)
      refused(t.name, math.huge, "inf" .. text)
      refused(t.name, -math.huge, "-inf" .. text)
    end)
  end
end)

describe("uint64", function()
  it("gives floats above Lua's integers back as floats", function()
    taken("uint64", 2 ^ 63, 2 ^ 63)
    taken("uint64", 2 ^ 64 - 2048, 2 ^ 64 - 2048)
  end)
end)

describe("float64", function()
  it("holds every float", function()
    for _, v in ipairs { 0.1, -1.5, 1e308, -1e308, 5e-324, 2 ^ 53, math.pi, math.huge, -math.huge } do
      taken("float64", v, v)
    end
    taken("float64", nan, nan)
  end)

  it("keeps the sign of zero and of NaN", function()
    local a = dynarray.new("float64"):append(-0.0, nan, -nan)
    assert.equal(-math.huge, 1 / a[1])
    assert.equal(string.pack("d", nan), string.pack("d", a[2]))
    assert.equal(string.pack("d", -nan), string.pack("d", a[3]))
  end)

  it("turns integers into floats, rounding as Lua does", function()
    taken("float64", 3, 3.0)
    taken("float64", (1 << 53) + 1, ((1 << 53) + 1) + 0.0)
    taken("float64", math.maxinteger, 2 ^ 63)
    taken("float64", math.mininteger, -2 ^ 63)
  end)
end)

describe("float32", function()
  it("rounds to the nearest", function()
    for _, v in ipairs { 0.1, -0.1, 1 / 3, 16777217.0, 1e-45, 1e-46, -1e-46, 3.4e38, -3.4e38 } do
      taken("float32", v, types.round32(v))
    end
    taken("float32", 16777217, 16777216.0)
    taken("float32", math.maxinteger, 2 ^ 63)
  end)

  it("holds its limits, the infinities and NaN", function()
    taken("float32", types.largest_float32, types.largest_float32)
    taken("float32", -types.largest_float32, -types.largest_float32)
    taken("float32", math.huge, math.huge)
    taken("float32", -math.huge, -math.huge)
    taken("float32", nan, nan)
    assert.equal(-math.huge, 1 / dynarray.new("float32"):append(-0.0)[1])
  end)

  it("refuses finite numbers beyond its limits", function()
    for _, v in ipairs { 3.5e38, -3.5e38, 1e308, 2 ^ 128, 0x1.ffffffp+127 } do
      refused("float32", v, "float32", "at index")
    end
  end)
end)

describe("a numeric type", function()
  for _, name in ipairs(types.numeric) do
    it("refuses what is no number: " .. name, function()
      refused(name, "10", 'string "10" is not a number, wanted ' .. name .. " at index ")
      refused(name, "", "is not a number, wanted " .. name .. " at index ")
      refused(name, true, "boolean", "wanted " .. name .. " at index ")
      refused(name, {}, "table", "wanted " .. name .. " at index ")
      refused(name, print, "function", "wanted " .. name .. " at index ")
      refused(name, io.stdout, "wanted " .. name .. " at index ")
      refused(name, coroutine.create(print), "thread", "wanted " .. name .. " at index ")
      refused(name, nil, "nil", "wanted " .. name .. " at index ")
    end)
  end

  it("names the index that the element would have", function()
    for entry, store in pairs(entries) do
      local a = dynarray.new { type = "uint8", capacity = 4 }:append(1)
      local err = expect.error(store[1], a, 256)
      local text = "256 does not fit into uint8 (0 to 255) at index " .. store.index
      assert.truthy(err:find(text, 1, true), entry .. ": " .. err)
      err = expect.error(store[1], a, 0.5)
      text = "0.5 has no integer representation, wanted uint8 at index " .. store.index
      assert.truthy(err:find(text, 1, true), entry .. ": " .. err)
    end
  end)

  it("does not let a long string flood the message", function()
    local err = expect.error(dynarray.new("int8").append, dynarray.new("int8"), ("x"):rep(100000))
    assert.is_true(#err < 1000)
  end)

  it("keeps neighbours apart", function()
    for _, t in ipairs(types.integers) do
      local a = dynarray.filled(9, t.max, t.name)
      a[5] = t.min
      for i = 1, 9 do
        assert(a[i] == (i == 5 and t.min or t.max))
      end
    end
  end)
end)

describe("astype", function()
  it("gives the same elements in another type, of every two types", function()
    for _, from in ipairs(types.all) do
      for _, to in ipairs(types.all) do
        for _, n in ipairs { 0, 3, 1025 } do
          local a = dynarray.filled(n, 100, from)
          local b = a:astype(to)
          assert.equal(to, b.type)
          assert.equal(n, #b)
          for i = 1, n do assert(b[i] == 100) end
          b:append(1) -- it is another array
          assert.equal(n, #a)
        end
      end
    end
  end)

  it("keeps what an array is set to, and names what does not fit", function()
    assert.equal("sequence", dynarray.new { type = "int8", bounds = "sequence" }:astype("value").bounds)
    local a = dynarray.from({ 1, 300 }, "int16")
    expect.raises("300 does not fit into uint8 (0 to 255)", a.astype, a, "uint8")
    expect.raises("1.5 has no integer representation", a.astype, dynarray.from({ 1.5 }, "float64"), "int8")
    expect.raises("int128", a.astype, a, "int128")
    assert.is_true(dynarray.from({ 2.0 ^ 63 }, "uint64"):astype("float64")[1] == 2.0 ^ 63)
    a:close()
    expect.raises("array is closed", a.astype, a, "int8")
  end)
end)
