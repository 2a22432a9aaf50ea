-- var, std, corr, histogram: against a plain loop over a table.
local dynarray = require "dynarray"
local expect = require "support.expect"
local types = require "support.types"

local sizes = { 1, 2, 3, 40, 1023, 1024, 1025, 2100 } -- a block has 1024

local function numbers(kind, n, step)
  local t = {}
  for i = 1, n do
    t[i] = i * step % 101
  end
  return dynarray.from(t, kind), t
end

local function mean(t)
  local sum = 0
  for _, x in ipairs(t) do sum = sum + x end
  return sum / #t
end

local function products(t, u)
  local sum, m, k = 0, mean(t), mean(u)
  for i = 1, #t do sum = sum + (t[i] - m) * (u[i] - k) end
  return sum
end

local function near(wanted, got, what)
  if got ~= got or math.abs(got - wanted) > 1e-12 * (1 + math.abs(wanted)) then
    error(("%s: %.17g, not %.17g"):format(what, got, wanted), 2)
  end
end

describe("var and std", function()
  it("are what a loop finds, of every type", function()
    for _, kind in ipairs(types.numeric) do
      for _, n in ipairs(sizes) do
        local a, t = numbers(kind, n, 37)
        near(products(t, t) / n, a:var(), "var of " .. kind)
        near(math.sqrt(products(t, t) / n), a:std(), "std of " .. kind)
        if n > 1 then
          near(products(t, t) / (n - 1), a:var(1), "var of a sample")
        end
      end
    end
  end)

  it("take a part", function()
    local a, t = numbers("int16", 50, 37)
    local part = { table.unpack(t, 11, 30) }
    near(products(part, part) / 20, a:var(0, 11, 30), "var")
    near(math.sqrt(products(part, part) / 19), a:std(1, 11, 30), "std")
    near(products(t, t) / 50, a:var(nil, nil, nil), "var of all")
    assert.equal(0.0, a:var(0, 7, 7))
  end)

  it("are nil of as few elements as are left out", function()
    for n = 0, 3 do
      local a = dynarray.filled(n, 1.5, "float64")
      for ddof = 0, 3 do
        local wanted
        if n > ddof then wanted = 0.0 end
        assert.equal(wanted, a:var(ddof))
        assert.equal(wanted, a:std(ddof))
      end
    end
  end)

  it("lose nothing to a large mean", function()
    local a = dynarray.from({ 1e9 + 1, 1e9 + 2, 1e9 + 3 }, "float64")
    near(2 / 3, a:var(), "var")
  end)

  it("want numbers", function()
    local a = dynarray.from({ 1, 2 }, "int8")
    expect.raises("ddof", a.var, a, -1)
    expect.raises("index 4 out of range (1 to 3)", a.std, a, 0, 4)
    expect.raises("numeric array expected", a.var, dynarray.of(1, 2))
    expect.raises("numeric array expected", a.std, dynarray.of(1, 2))
  end)
end)

describe("corr", function()
  it("is what a loop finds, of every two types", function()
    for _, kind in ipairs(types.numeric) do
      for _, n in ipairs(sizes) do
        local a, t = numbers(kind, n, 37)
        local b, u = numbers("float64", n, 53)
        if n == 1 then
          assert.is_nil(a:corr(b))
        else
          near(products(t, u) / math.sqrt(products(t, t)) / math.sqrt(products(u, u)), a:corr(b), kind)
        end
      end
    end
  end)

  it("is within -1 and 1, and there where one array is a line of the other", function()
    for _, n in ipairs { 2, 3, 1000, 5000 } do
      local a = dynarray.compute("i * 0.1", {}, dynarray.zeros(n))
      near(1, a:corr(a), "itself")
      near(1, a:corr(a * 3 + 7), "up")
      near(-1, a:corr(a * -0.3), "down")
      assert.is_true(a:corr(a * 3 + 7) <= 1 and a:corr(a * -0.3) >= -1)
    end
  end)

  it("is NaN of an array whose elements are all the same", function()
    local a, b = dynarray.from({ 1, 1 }, "int8"), dynarray.from({ 1, 2 }, "int8")
    assert.is_true(a:corr(b) ~= a:corr(b))
    expect.raises("operands differ: int8 of size 2, int8 of size 1", a.corr, a, dynarray.from({ 1 }, "int8"))
    expect.raises("numeric array expected", a.corr, a, dynarray.of(1, 2))
    expect.raises("numeric array expected", a.corr, dynarray.of(1, 2), a)
  end)
end)

describe("histogram", function()
  it("counts between the least and the greatest, both ends in", function()
    local counts, edges = dynarray.from({ 0, 1, 1, 2, 10 }, "int8"):histogram(5)
    expect.holds(counts, 3, 1, 0, 0, 1)
    expect.holds(edges, 0.0, 2.0, 4.0, 6.0, 8.0, 10.0)
  end)

  it("counts within bounds that are given", function()
    local a = dynarray.from({ -1, 0, 0.5, 1, 1.5, 2, 2.5, 0 / 0, math.huge }, "float64")
    expect.holds((a:histogram(2, 0, 2)), 2, 3)
    expect.holds((a:histogram(1, 0, 2)), 5)
    expect.holds((dynarray.from({ 1, 5 }, "int8"):histogram(2, nil, 9)), 1, 1)
    expect.holds((dynarray.from({ 1, 5 }, "int8"):histogram(2, -7)), 0, 2)
    expect.holds((dynarray.new "int8":histogram(2)), 0, 0)
    expect.holds(select(2, dynarray.new "int8":histogram(2)), 0.0, 0.5, 1.0)
  end)

  it("has a bin around elements that are all the same", function()
    local counts, edges = dynarray.filled(3, 7, "int8"):histogram(1)
    expect.holds(counts, 3)
    expect.holds(edges, 6.5, 7.5)
  end)

  it("counts as a loop does, with few bins and many", function()
    for _, bins in ipairs { 1, 7, 1023, 1024, 1025, 3000 } do
      for _, n in ipairs(sizes) do
        local a, t = numbers("float64", n, 37)
        local wanted = {}
        for bin = 1, bins do wanted[bin] = 0 end
        for _, x in ipairs(t) do
          local bin = math.min(math.floor(x * (bins / 128)), bins - 1) + 1
          wanted[bin] = wanted[bin] + 1
        end
        assert.same(wanted, (a:histogram(bins, 0, 128)):totable())
      end
    end
  end)

  it("counts between edges that are given", function()
    local a = dynarray.from({ -1, 0, 0.5, 1, 1.5, 2, 2.5, 0 / 0, math.huge, -math.huge }, "float64")
    local counts, edges = a:histogram{ 0, 1, 1.5, 2 }
    expect.holds(counts, 2, 1, 2)
    expect.holds(edges, 0.0, 1.0, 1.5, 2.0)
    expect.holds((a:histogram(dynarray.from({ -math.huge, 0, math.huge }, "float64"))), 2, 7)
    expect.holds((a:histogram(dynarray.from({ 0, 1, 1, 1, 2, 2 }, "int8"))), 2, 0, 0, 2, 1)
    expect.holds((a:histogram{ 7, 8 }), 0)
    expect.holds((a:histogram(a:view(2, 4))), 1, 2)
    expect.holds((dynarray.new "int8":histogram{ 0, 1 }), 0)
    expect.holds(select(2, dynarray.from({ 3, 1, 2 }, "uint8"):histogram(dynarray.range(1, 3))), 1.0, 2.0, 3.0)
  end)

  it("counts between edges as a loop does, with few bins and many", function()
    for _, bins in ipairs { 1, 2, 7, 1023, 1024, 1025 } do
      local between = dynarray.random(bins + 1, "float64", bins):mul(120):add(3):sort()
      for _, n in ipairs(sizes) do
        local a, t = numbers("float64", n, 37)
        local wanted, limits = {}, between:totable()
        for bin = 1, bins do wanted[bin] = 0 end
        for _, x in ipairs(t) do
          local bin = between:upper_bound(x) - 1
          if x == limits[bins + 1] then bin = bins end
          if bin >= 1 and bin <= bins then wanted[bin] = wanted[bin] + 1 end
        end
        assert.same(wanted, (a:histogram(between)):totable())
      end
    end
  end)

  it("refuses edges that are none", function()
    local a = dynarray.from({ 1, 2 }, "float64")
    expect.raises("edge 1.0 at index 3: edges are sorted, and none is NaN", a.histogram, a, { 0, 2, 1 })
    expect.raises("edge nan at index 2: edges are sorted, and none is NaN", a.histogram, a, { 0, 0 / 0 })
    expect.raises("edge nan at index 1", a.histogram, a, { 0 / 0, 1 })
    expect.raises("1 edges, wanted at least 2", a.histogram, a, { 0 })
    expect.raises("0 edges, wanted at least 2", a.histogram, a, {})
    expect.raises("no bounds expected, as the edges are given", a.histogram, a, { 0, 1 }, 0)
    expect.raises("no bounds expected, as the edges are given", a.histogram, a, { 0, 1 }, nil, 1)
    expect.raises('string "x" is not a number, wanted float64 at index 2', a.histogram, a, { 0, "x" })
    expect.raises("numeric array expected", a.histogram, a, dynarray.of(0, 1))
    expect.raises("number of bins expected an integer, got string", a.histogram, a, "x")
    local changing = setmetatable({}, { __len = function() return 2 end, __index = function(_, i)
      a:clear()
      return i
    end })
    expect.holds((a:histogram(changing)), 0)
  end)

  it("refuses bounds that are none", function()
    local a = dynarray.from({ 1, 2 }, "float64")
    for _, bounds in ipairs { { 2, 1 }, { 1, 1 }, { 0, math.huge }, { 0 / 0, 1 } } do
      expect.raises("are no range of finite numbers", a.histogram, a, 3, bounds[1], bounds[2])
    end
    local holed = dynarray.from({ 1, 0 / 0 }, "float64")
    expect.raises("are no range of finite numbers: the array contains NaN", holed.histogram, holed, 3)
    expect.raises("are no range of finite numbers: the array contains NaN", holed.histogram, holed, 3, 0)
    assert.falsy(expect.error(holed.histogram, holed, 3, 2, 1):find("NaN", 1, true))
    expect.raises("number of bins 0 out of range (1 to 16777216)", a.histogram, a, 0)
    expect.raises("number of bins 16777217 out of range", a.histogram, a, (1 << 24) + 1)
    expect.raises("numeric array expected", a.histogram, dynarray.of(1), 3)
  end)
end)

describe("figures of too few elements", function()
  it("are nil", function()
    for _, kind in ipairs { "float64", "int8" } do
      local a = dynarray.new(kind)
      assert.is_nil(a:var())
      assert.is_nil(a:std())
      assert.is_nil(a:append(1):var(1))
      assert.is_nil(a:std(1))
      assert.is_nil(a:corr(a))
      assert.is_nil(a:clear():percentile(50))
      assert.equal(0, #a:diff())
      assert.equal(0, #dynarray.from({ 1 }, kind):diff())
      assert.equal(1.0, dynarray.from({ 9, 1, 3 }, kind):var(0, 2))
    end
    assert.equal("int64", dynarray.from({ 1, 3 }, "int8"):diff().type)
  end)
end)

describe("corr", function()
  it("is never outside of -1 to 1, whatever is rounded", function()
    for seed = 1, 200 do
      local a = dynarray.random(3 + seed % 5, "float64", seed)
      local up, down = a:corr(a * 3), a:corr(a * -3)
      assert.is_true(up <= 1 and up > 1 - 1e-9 and down >= -1 and down < -1 + 1e-9, seed)
    end
  end)
end)

describe("histogram", function()
  it("has bounds where there are no elements, and a width where all are equal", function()
    local counts, edges = dynarray.new("float64"):histogram(2)
    expect.holds(counts, 0, 0)
    expect.holds(edges, 0.0, 0.5, 1.0)
    counts, edges = dynarray.filled(3, 7, "int8"):histogram(2)
    expect.holds(counts, 0, 3)
    expect.holds(edges, 6.5, 7.0, 7.5)
    expect.raises("bounds from 7.0 to 7.0 are no range", dynarray.new("int8").histogram, dynarray.filled(3, 7, "int8"),
      2, 7)
    expect.raises("bounds from 7.0 to 7.0 are no range", dynarray.new("int8").histogram, dynarray.filled(3, 7, "int8"),
      2, nil, 7)
  end)

  it("says whether NaN is why its bounds are none", function()
    local a = dynarray.from({ 1, 0 / 0, 3 }, "float64")
    local containing = "are no range of finite numbers: the array contains NaN"
    expect.raises(containing, a.histogram, a, 3)
    expect.raises(containing, a.histogram, a, 3, 0)
    expect.raises(containing, a.histogram, a, 3, nil, 5)
    for _, bounds in ipairs { { 0, math.huge }, { -1e308, 1e308 }, { 2, 1 }, { 0 / 0, 1 } } do
      local message = expect.raises("are no range of finite numbers", a.histogram, a, 3, table.unpack(bounds))
      assert.is_nil(message:find("NaN$"))
    end
  end)
end)

describe("median", function()
  it("takes a part, of every type", function()
    for _, kind in ipairs(types.all) do
      local a = dynarray.from({ 9, 1, 2, 4, 3 }, kind)
      for i = 1, 6 do
        for j = 0, 5 do assert.equal(a:view(i, j):percentile(50), a:median(i, j)) end
        assert.equal(a:view(i):percentile(50), a:median(i))
      end
      assert.equal(2.5, a:median(2, 5))
      assert.equal(1.5, a:view(2, 4):median(nil, 2))
      expect.raises("index 7 out of range (1 to 6)", a.median, a, 7)
      expect.raises("bad argument #2 to 'median' (index 6 out of range (0 to 5))", function() a:median(1, 6) end)
    end
  end)
end)

describe("percentile", function()
  it("takes numbers from 0 to 100 alone", function()
    local a = dynarray.from({ 1, 2, 3 }, "int8")
    for _, p in ipairs { -1, 101, 0 / 0, math.huge } do
      expect.raises("percentile out of range (0 to 100)", a.percentile, a, p)
      expect.raises("bad argument #3 to", a.percentile, a, 5, p)
    end
    expect.raises("percentile out of range (0 to 100)", a.percentile, a, 5, "6")
    expect.raises("each percentage is an argument of its own", a.percentile, a, { 5, 10 })
  end)
end)
