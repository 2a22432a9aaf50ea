-- Statistics, windows and ranges of the largest, the smallest and the odd numbers of each type. mean and percentile
-- have a file of their own. DYNARRAY_SEED: as it was.
local dynarray = require "dynarray"
local types = require "support.types"

local seed = math.tointeger(tonumber(os.getenv "DYNARRAY_SEED")) or os.time()

local most, smallest = 0x1.fffffffffffffp+1023, 0x1p-1074

local function extremes(kind)
  local t = types[kind]
  if kind == "float32" then
    local largest = types.largest_float32
    return { -largest, largest, 0x1p-149, -0x1p-149, 0.0, -0.0, 1.0, types.round32(0.1), types.round32(1 / 3), -5.5 }
  elseif kind == "float64" then
    return { -most, most, most / 2, smallest, -smallest, 0.0, -0.0, 0.1, 1 / 3, 1e16 + 2, 0x1p-1022, -1e300, 1e-200 }
  end
  return { t.min, t.max, t.min + 1, t.max - 1, t.max // 2, 0, 1, 3, t.max // 3 }
end

local function fail(what, a, ...)
  error(("%s of %s: %s; DYNARRAY_SEED=%d repeats it"):format(what, a, table.concat({ ... }, ", "), seed), 0)
end

local function near(wanted, got) return math.abs(got - wanted) <= 1e-12 * math.abs(wanted) end

local function is_nan(x) return x ~= x end

describe("var, std and corr", function()
  it("are 0, 0 and NaN where all elements are the same, whatever is rounded", function()
    for _, kind in ipairs(types.numeric) do
      for _, x in ipairs(extremes(kind)) do
        for _, n in ipairs { 1, 2, 3, 5, 7, 10, 49, 100, 1023, 4097 } do
          local a = dynarray.filled(n, x, kind)
          if a:var() ~= 0 or a:std() ~= 0 then fail("var and std", a, a:var(), a:std()) end
          if n > 1 and not is_nan(a:corr(dynarray.range(1, n))) then fail("corr", a, a:corr(dynarray.range(1, n))) end
        end
      end
    end
    math.randomseed(seed)
    for _ = 1, 500 do
      local a = dynarray.filled(math.random(2, 200), math.random() * 10 ^ math.random(-320, 308), "float64")
      if a:var() ~= 0 or a:std() ~= 0 then fail("var and std", a, a:var(), a:std()) end
    end
  end)

  it("are never negative, and never NaN of finite numbers", function()
    math.randomseed(seed)
    for _, kind in ipairs(types.numeric) do
      local list = extremes(kind)
      for _ = 1, 200 do
        local a = dynarray.new(kind)
        for _ = 1, math.random(1, 9) do a:append(list[math.random(#list)]) end
        local var, std = a:var(), a:std()
        if not (var >= 0 and std >= 0) then fail("var and std", a, var, std) end
        local half = a:max() / 2 - a:min() / 2 + smallest -- of the range, which bounds it (Popoviciu)
        if std > half and not near(half, std) then
          fail("a std above half of the range", a, std)
        end
        if #a > 1 and var > 0 then
          local r = a:corr(a:astype "float64")
          if not near(1, r) then fail("corr with itself", a, r) end
        end
      end
    end
  end)

  it("are right where squares are too large or too small for a float", function()
    for _, scale in ipairs { 1e200, 1e300, 0x1p1020, 1e-170, 1e-200, 1e-310 } do
      local a = dynarray.from({ 1, 2, 4, 9 }, "float64"):mul(scale)
      assert.is_true(math.abs(a:std() / scale - math.sqrt(9.5)) < 1e-9, scale)
      assert.is_true(math.abs(a:std(1) / scale - math.sqrt(38 / 3)) < 1e-9, scale)
      assert.equal(scale > 1 and math.huge or 0.0, a:var() * (scale > 1 and 1 or 0))
      assert.is_true(near(1, a:corr(a * 0.25)))
      assert.is_true(near(-1, a:corr(dynarray.from({ -1, -2, -4, -9 }, "int8"))))
    end
    assert.equal(most, dynarray.from({ most, -most }, "float64"):std())
    local tiny = dynarray.from({ 1e-160, 3e-160 }, "float64")
    assert.is_true(math.abs(tiny:var() / 1e-320 - 1) < 1e-3)
    local a = dynarray.from({ 1, math.huge, 3 }, "float64")
    assert.is_true(is_nan(a:var()) and is_nan(a:std()) and is_nan(a:corr(a)))
  end)
end)

describe("a histogram", function()
  it("counts all elements, also if all are the same and large", function()
    for _, kind in ipairs(types.numeric) do
      for _, x in ipairs(extremes(kind)) do
        if math.abs(x + 0.0) < most / 2 then
          for _, bins in ipairs { 1, 2, 10, 2000 } do
            local counts, edges = dynarray.filled(7, x, kind):histogram(bins)
            assert.equal(7, counts:sum())
            assert.is_true(edges:is_sorted() and edges[1] <= x + 0.0 and edges[bins + 1] >= x + 0.0)
          end
        end
      end
    end
  end)

  it("counts each element of a type's range", function()
    for _, kind in ipairs(types.numeric) do
      local t = kind:find "int" and types[kind] or { min = -1e307, max = 1e307 }
      if kind == "float32" then t = { min = -types.largest_float32, max = types.largest_float32 } end
      for _, bins in ipairs { 1, 3, 1000, 5000 } do
        local counts = dynarray.from({ t.min, t.max, 0, 1, t.min, t.max }, kind):histogram(bins)
        assert.equal(6, counts:sum(), kind)
        assert.is_true(counts[1] >= 2 and counts[bins] >= 2)
      end
    end
    local counts = dynarray.from({ smallest, 3 * smallest, 2 * smallest }, "float64"):histogram(2)
    assert.equal(3, counts:sum())
  end)
end)

describe("the mean of a window, or of an expression", function()
  it("is finite if the elements are, and else what they make", function()
    local a = dynarray.from({ most, most, most, -most, -most, 1, math.huge, 2, 3 }, "float64")
    local means = a:rolling(2, "mean")
    assert.same({ most, most, 0.0, -most }, means:totable(1, 4))
    assert.is_true(means[5] == -most / 2 and means[6] == math.huge and means[7] == math.huge and means[8] == 2.5)
    means = dynarray.from({ smallest, smallest, most, most, 0 / 0, smallest, smallest }, "float64"):rolling(2, "mean")
    assert.is_true(means[1] == smallest and means[3] == most and is_nan(means[5]) and means[6] == smallest)
    for _, n in ipairs { 2, 3, 1000, 3000 } do
      local large = dynarray.filled(n, most, "float64")
      assert.is_true(near(most, dynarray.compute("mean(x)", large)))
      assert.is_true(near(most / 2, dynarray.compute("mean(x / 2)", large)))
      assert.is_true(near(most, large:rolling(n, "mean")[1]))
    end
    assert.equal(math.huge, dynarray.compute("mean(x)", dynarray.from({ math.huge, 1 }, "float64")))
    assert.is_true(is_nan(dynarray.compute("mean(x)", dynarray.from({ math.huge, -math.huge }, "float64"))))
    assert.is_nil(dynarray.compute("mean(x)", dynarray.new "float64"))
  end)
end)

describe("linspace and range", function()
  it("have both ends, and what lies between them, also where their distance is no float", function()
    local a = dynarray.linspace(-most, most, 5)
    for i, x in ipairs { -most, -most / 2, 0.0, most / 2, most } do assert.is_true(near(x, a[i])) end
    a = dynarray.linspace(most, -most, 3)
    assert.same({ most, 0.0, -most }, a:totable())
    assert.same({ -1e308, 0.0, 1e308 }, dynarray.range(-1e308, 1e308, 1e308):totable())
    assert.equal(0, #dynarray.range(1e308, -1e308, 1e308))
    assert.equal(math.huge, dynarray.linspace(math.huge, 0, 3)[1])
    assert.equal(math.huge, dynarray.linspace(0, math.huge, 3)[3])
    assert.equal(0, #dynarray.linspace(0, 1, 0))
    math.randomseed(seed)
    for _ = 1, 300 do
      local first = (math.random() - 0.5) * 10 ^ math.random(-5, 308)
      local last = (math.random() - 0.5) * 10 ^ math.random(-5, 308)
      local n = math.random(2, 50)
      a = dynarray.linspace(first, last, n)
      if a[1] ~= first or a[n] ~= last then fail("linspace", a, first, last) end
      if not (first <= last and a or -a):is_sorted() then fail("an order of linspace", a, first, last) end
    end
  end)

  it("reaches the last number where only rounding keeps a step from it", function()
    local a = dynarray.range(1.8, 9.6, 0.13)
    assert.equal(61, #a)
    assert.equal(9.6, a[61])
    math.randomseed(seed)
    for _ = 1, 20000 do
      local step, steps = math.random(1, 1000) / 10 ^ math.random(0, 4), math.random(0, 200)
      local first = math.random(-100, 100) / 10
      local last = tonumber(("%.10g"):format(first + step * steps)) -- as one writes it
      a = dynarray.range(first, last, step)
      if #a ~= steps + 1 then fail("range", a, first, last, step) end
    end
  end)

  it("has no number past the last one, whatever is rounded", function()
    math.randomseed(seed)
    for _ = 1, 20000 do
      local step = math.random(1, 1000) / 10 ^ math.random(0, 4)
      local first = math.random(-100, 100) / 10
      local last = first + step * math.random(0, 20)
      for _, limit in ipairs { last, last - math.abs(last) * 0x1p-53, last + math.abs(last) * 0x1p-53 } do
        local a = dynarray.range(first, limit, step)
        if #a > 0 and a[#a] > limit then fail("range", a, first, limit, step) end
        a = dynarray.range(-first, -limit, -step)
        if #a > 0 and a[#a] < -limit then fail("range", a, -first, -limit, -step) end
      end
    end
  end)
end)
