-- Means and percentiles of the largest, the least and the odd numbers of each type: within the elements, and growing
-- with them. As floats: an integer of more than 53 bits is compared as the float nearest to it.
local dynarray = require "dynarray"
local types = require "support.types"

local seed = math.tointeger(tonumber(os.getenv "DYNARRAY_SEED")) or os.time()

local smallest = 0x1p-1074

local function extremes(kind)
  local t = types[kind]
  if kind == "float32" then
    local most = types.largest_float32
    return { -most, most, 0x1p-149, -0x1p-149, 0.0, -0.0, 1.0, types.round32(0.1), types.round32(1 / 3),
      16777218.0, -5.5 }
  elseif kind == "float64" or kind == "value" then
    local most = 0x1.fffffffffffffp+1023
    return { -most, most, most / 2, smallest, -smallest, 0.0, -0.0, 0.1, 1 / 3, 1e16 + 2, 0x1p-1022, -1e300, 0.7 }
  end
  return { t.min, t.max, t.min + 1, t.max - 1, t.max // 2, 0, 1, 3, t.max // 3 }
end

local percents = { 0, 1e-300, 0.1, 10, 25, 33, 37.5, 50, 50.000001, 66.7, 75, 90, 99.9, 99.99999999999999, 100 }

local function fail(what, a, ...)
  error(("%s: %s of %s; DYNARRAY_SEED=%d repeats it"):format(what, table.concat({ ... }, ", "), a, seed), 0)
end

local function check(a)
  local least, greatest = a:min() + 0.0, a:max() + 0.0
  if a.type ~= "value" then
    local mean = a:mean()
    if not (least <= mean and mean <= greatest) then
      fail("a mean outside of its elements", a, mean, least, greatest)
    end
  end
  local last = least
  for _, p in ipairs(percents) do
    local x = a:percentile(p)
    if not (least <= x and x <= greatest) then
      fail("a percentile outside of its elements", a, p, x)
    elseif x < last then
      fail("a percentile that becomes less", a, p, x, last)
    end
    last = x
  end
  if a:percentile(0) ~= least or a:percentile(100) ~= greatest then
    fail("the first or the last percentile", a)
  end
end

describe("a mean and a percentile", function()
  for _, kind in ipairs(types.all) do
    it("are within the elements and grow with them, at the edges of " .. kind, function()
      math.randomseed(seed)
      local list = extremes(kind)
      for _, x in ipairs(list) do
        for _, y in ipairs(list) do
          check(dynarray.from({ x, y }, kind))
          check(dynarray.from({ y, x, x }, kind))
        end
      end
      for round = 1, 300 do
        local a = dynarray.new(kind)
        for _ = 1, round % 40 == 0 and 5000 or math.random(1, 9) do
          a:append(list[math.random(#list)])
        end
        check(a)
        if kind ~= "value" then
          local mean, i = a:mean(), math.random(#a)
          a[i] = a:max()
          if a:mean() < mean then
            fail("a mean that becomes less when an element grows", a, mean, a:mean())
          end
        end
      end
    end)

    it("are the elements if these are all the same, at the edges of " .. kind, function()
      for _, x in ipairs(extremes(kind)) do
        for _, n in ipairs { 1, 2, 3, 5, 7, 10, 49, 100, 4097 } do
          local a = dynarray.filled(n, x, kind)
          if kind ~= "value" then
            assert.equal(x + 0.0, a:mean())
          end
          for _, p in ipairs(percents) do
            assert.equal(x + 0.0, a:percentile(p))
          end
        end
      end
    end)
  end

  it("know infinities and NaN", function()
    local inf, nan = math.huge, 0 / 0
    for _, kind in ipairs { "float32", "float64" } do
      check(dynarray.from({ -inf, 1 }, kind))
      check(dynarray.from({ -inf, -1, 5 }, kind))
      check(dynarray.from({ 0, inf }, kind))
      check(dynarray.from({ -1, inf, inf }, kind))
      local both = dynarray.from({ inf, -inf }, kind)
      assert.equal(-inf, both:percentile(49))
      assert.equal(inf, both:percentile(50))
      assert.is_true(both:mean() ~= both:mean())
      local with_nan = dynarray.from({ 1, nan, 2 }, kind)
      assert.is_true(with_nan:mean() ~= with_nan:mean())
      assert.equal(1.5, with_nan:percentile(25))
      assert.is_true(with_nan:percentile(75) ~= with_nan:percentile(75))
    end
  end)

  it("of many are as near as the sum, and finite where the sum is not", function()
    local most = 0x1.fffffffffffffp+1023
    for _, n in ipairs { 2, 3, 1000, 10000 } do
      assert.equal(most, dynarray.filled(n, most, "float64"):mean())
      assert.equal(-most, dynarray.filled(n, -most, "float64"):mean())
    end
    assert.equal(most / 2, dynarray.from({ most, 0 }, "float64"):mean())
    local a = dynarray.filled(10000, 1e308, "float64"):extend(dynarray.filled(10000, 2e307, "float64"))
    assert.is_true(math.abs(a:mean() / 6e307 - 1) < 1e-14)
  end)
end)

describe("mean", function()
  it("lies between the least and the greatest element, wherever these are", function()
    local a = dynarray.zeros(1000)
    a[11] = 5
    assert.equal(0.005, a:mean())
    a[11] = -5
    assert.equal(-0.005, a:mean())
    assert.equal(0.005 / 10, dynarray.zeros(10000):put({ 11 }, 5):mean())
  end)
end)
