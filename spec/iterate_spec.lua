local dynarray = require "dynarray"
local expect = require "support.expect"
local types = require "support.types"

local iterators = { pairs = pairs, ipairs = ipairs, ["dynarray.ipairs"] = dynarray.ipairs }

describe("iteration", function()
  for name, iterate in pairs(iterators) do
    for _, bounds in ipairs { "strict", "sequence" } do
      it(("visits every element in order: %s, %s"):format(name, bounds), function()
        for _, kind in ipairs(types.all) do
          for n = 0, 20 do
            local a = dynarray.new { type = kind, bounds = bounds, capacity = n }
            for i = 1, n do
              a:append(i * 2)
            end
            local count = 0
            for i, v in iterate(a) do
              count = count + 1
              assert(math.type(i) == "integer" and i == count and v == i * 2)
            end
            assert.equal(n, count)
          end
        end
      end)
    end

    it("stays inside an array that changes meanwhile: " .. name, function()
      local changes = {
        function(a) a:clear() end,
        function(a) a:close() end,
        function(a) a:pop() end,
        function(a) a:resize(1):shrink_to_fit() end,
        function(a) a:reserve(5000) end,
        function(a) if #a < 500 then a:append(1) end end,
      }
      for _, kind in ipairs(types.all) do
        for _, change in ipairs(changes) do
          for _, bounds in ipairs { "strict", "sequence" } do
            local a = dynarray.new { type = kind, bounds = bounds }
            for i = 1, 30 do
              a:append(i)
            end
            local steps = 0
            local ok, err = pcall(function()
              for _, v in iterate(a) do
                assert(math.type(v))
                steps = steps + 1
                change(a)
              end
            end)
            assert.is_true(steps <= 501)
            assert.is_true(ok or bounds == "strict" and err:find("out of bounds", 1, true) ~= nil, tostring(err))
          end
        end
      end
    end)

    it("sees what is written behind it: " .. name, function()
      local a = dynarray.of(1, 2, 3)
      local seen = {}
      for i, v in iterate(a) do
        seen[i] = v
        if i < 3 then
          a[i + 1] = v * 10
        end
      end
      assert.same({ 1, 10, 100 }, seen)
    end)
  end

  it("visits nil elements: pairs", function()
    local seen = {}
    for i, v in pairs(dynarray.of(nil, 2, nil, nil)) do
      seen[#seen + 1] = i .. "=" .. tostring(v)
    end
    assert.equal("1=nil 2=2 3=nil 4=nil", table.concat(seen, " "))
  end)

  it("visits false: pairs and ipairs", function()
    for _, iterate in pairs(iterators) do
      local count = 0
      for _, v in iterate(dynarray.of(false, false)) do
        assert.is_false(v)
        count = count + 1
      end
      assert.equal(2, count)
    end
  end)

  it("ends at the first nil, as ipairs does", function()
    for _, iterate in ipairs { ipairs, dynarray.ipairs } do
      local count = 0
      for _, v in iterate(dynarray.of(1, 2, nil, 4)) do
        assert.is_not_nil(v)
        count = count + 1
      end
      assert.equal(2, count)
    end
  end)

  it("leaves reads past the end an error for everyone but ipairs", function()
    local a = dynarray.of(1, 2)
    for _ in ipairs(a) do
      expect.raises("index 3 out of bounds (size 2)", function() return a[3] end)
    end
    expect.raises("index 3 out of bounds (size 2)", function() return a[3] end)
    expect.raises("index 3 out of bounds (size 2)", table.unpack, a, 1, 3)
    expect.raises("index 3 out of bounds (size 2)", a.get, a, 3)
    expect.raises("index 3 out of bounds (size 2)", pcall(pairs, a) and function() return a[3] end)
  end)

  it("can be left and taken up again", function()
    local a = dynarray.of("a", "b", "c")
    for _, iterate in pairs(iterators) do
      local f, s, i = iterate(a)
      local v
      i, v = f(s, i)
      assert(i == 1 and v == "a")
      i, v = f(s, i)
      assert(i == 2 and v == "b")
      i, v = f(s, 1)
      assert(i == 2 and v == "b")
      i, v = f(s, 2)
      assert(i == 3 and v == "c")
      i = f(s, 3)
      assert.is_nil(i)
    end
  end)

  it("gives two loops over one array their own places", function()
    local a = dynarray.of(1, 2, 3)
    for _, iterate in pairs(iterators) do
      local sum = 0
      for _, x in iterate(a) do
        for _, y in iterate(a) do
          sum = sum + x * y
        end
      end
      assert.equal(36, sum)
    end
  end)
end)

describe("dynarray.ipairs", function()
  it("does with tables what ipairs does", function()
    local t = setmetatable({ 1, 2, nil, 4 }, { __index = function(_, i) return i == 3 and "three" or nil end })
    local expected, got = {}, {}
    for i, v in ipairs(t) do
      expected[i] = v
    end
    for i, v in dynarray.ipairs(t) do
      got[i] = v
    end
    assert.same(expected, got)
    for _ in dynarray.ipairs {} do
      error("an empty table has no elements")
    end
  end)

  it("refuses to be called without an argument, as ipairs does", function()
    assert.equal(expect.error(ipairs):match("%(.*%)"), expect.error(dynarray.ipairs):match("%(.*%)"))
  end)

  it("fails on what cannot be indexed", function()
    expect.error(function() for _ in dynarray.ipairs(5) do error("visited") end end)
    expect.error(function() for _ in dynarray.ipairs(nil) do error("visited") end end)
  end)
end)

describe("stock ipairs over a strict array", function()
  it("ends where elements are taken out meanwhile", function()
    local a, seen = dynarray.of(1, 2, 3, 4), 0
    for _ in ipairs(a) do
      seen = seen + 1
      a:pop()
      a:pop()
    end
    assert.equal(2, seen)
    assert.equal(0, #a)
  end)

  it("and a write at the end says how arrays grow", function()
    local a = dynarray.of(1, 2)
    local message = 'index 3 out of bounds (size 2): append adds elements; with bounds = "sequence", so does this'
    expect.raises(message, function() a[#a + 1] = 3 end)
  end)
end)

describe("iter", function()
  it("ends where the debug library has taken the metatable", function()
    local view = dynarray.of(1, 2):view()
    local metatable, step = debug.getmetatable(view), view:iter()
    assert.equal(1, (step()))
    debug.setmetatable(view, nil)
    assert.is_nil((step()))
    debug.setmetatable(view, metatable)
    assert.equal(2, (step()))
  end)
end)
