local dynarray = require "dynarray"
local types = require "support.types"

describe("tostring", function()
  it("shows type, size, capacity and elements", function()
    assert.equal("dynarray<float64>(size 3, capacity 16): 1.0, 2.0, 3.0",
      tostring(dynarray.new("float64"):append(1, 2, 3)))
    assert.equal("dynarray<int8>(size 2, capacity 4): -1, 1",
      tostring(dynarray.new { type = "int8", capacity = 4 }:append(-1, 1)))
  end)

  it("shows an empty array", function()
    for _, name in ipairs(types.all) do
      local text = tostring(dynarray.new(name))
      assert.equal(1, text:find(("dynarray<%s>(size 0, capacity 16)"):format(name), 1, true))
    end
  end)

  it("shows eight elements and a sign that there are more", function()
    local a = dynarray.of(1, 2, 3, 4, 5, 6, 7, 8):shrink_to_fit()
    assert.equal("dynarray<value>(size 8, capacity 8): 1, 2, 3, 4, 5, 6, 7, 8", tostring(a))
    a:reserve(20):append(9)
    assert.equal("dynarray<value>(size 9, capacity 20): 1, 2, 3, 4, 5, 6, 7, 8, ...", tostring(a))
    a:resize(1000)
    assert.truthy(tostring(a):find(": 1, 2, 3, 4, 5, 6, 7, 8, ...", 1, true))
  end)

  it("quotes strings", function()
    assert.truthy(tostring(dynarray.of("a", "b c")):find(': "a", "b c"', 1, true))
    assert.truthy(tostring(dynarray.of('say "x"')):find(': "say \\"x\\""', 1, true))
  end)

  it("stays on one line, whatever a string holds", function()
    local bytes = {}
    for i = 0, 31 do
      bytes[#bytes + 1] = string.char(i)
    end
    for _, s in ipairs { table.concat(bytes), "\127", "a\nb" } do
      assert.is_nil(tostring(dynarray.of(s)):find("%c"))
    end
    assert.truthy(tostring(dynarray.of("a\nb")):find(': "a\\010b"', 1, true))
  end)

  it("shows nil, booleans and numbers", function()
    assert.truthy(tostring(dynarray.of(nil, true, false, 1, 0.5, -0.0)):find(": nil, true, false, 1, 0.5, -0.0", 1,
      true))
    assert.truthy(tostring(dynarray.of(math.mininteger)):find(": -9223372036854775808", 1, true))
    assert.truthy(tostring(dynarray.of(math.huge, -math.huge)):find(": inf, -inf", 1, true))
    local nan = 0 / 0
    for _, kind in ipairs { "value", "float32", "float64" } do
      assert.truthy(tostring(dynarray.from({ nan, 1.0, -nan }, kind)):find(": nan, 1.0, nan", 1, true))
    end
  end)

  it("shows objects by type and address, itself too", function()
    local t = {}
    assert.truthy(tostring(dynarray.of(t)):find(": " .. tostring(t), 1, true))
    assert.truthy(tostring(dynarray.of(print)):find(": function: ", 1, true)
      or tostring(dynarray.of(print)):find(": builtin: ", 1, true))
    local a = dynarray.new()
    a:append(a, dynarray.of(a))
    assert.truthy(tostring(a):find(": dynarray: 0?x?%x+, dynarray: 0?x?%x+$"), tostring(a))
  end)

  it("stays short", function()
    local a = dynarray.new()
    for _ = 1, 20 do
      a:append(("x"):rep(100000))
    end
    assert.is_true(#tostring(a) < 2000)
  end)

  it("shows that an array is closed", function()
    for _, name in ipairs(types.all) do
      local a = dynarray.new(name):append(1)
      a:close()
      assert.equal(("dynarray<%s>(closed)"):format(name), tostring(a))
    end
  end)
end)

describe("__serialize", function()
  it("gives serializers that ask for it all elements as a table", function()
    local a = dynarray.new()
    for i = 1, 20 do
      a:append(i)
    end
    assert.same({ 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20 },
      debug.getmetatable(a).__serialize(a))
  end)
end)
