-- The source of each number stands beside it.
local expect = require "support.expect"
local random = require "dynarray.lab.base.random"
local statistics = require "dynarray.lab.statistics"

local function near(wanted, got, tolerance)
  if math.abs(got - wanted) > (tolerance or 1e-12) then
    error(("expected %.15g, got %.15g"):format(wanted, got), 2)
  end
end

describe("the median", function()
  it("is the middle, or the mean of the two in the middle", function()
    assert.equal(3, statistics.median { 3 })
    assert.equal(2, statistics.median { 3, 1, 2 })
    assert.equal(2.5, statistics.median { 4, 1, 3, 2 })
    assert.equal(1, statistics.median { 1, 1, 1, 9 })
  end)

  it("is an integer where both in the middle are the same one", function()
    assert.equal("integer", math.type(statistics.median { 7, 7, 9, 1 }))
  end)

  it("leaves the list as it was, and needs one", function()
    local list = { 3, 1, 2 }
    statistics.median(list)
    assert.same({ 3, 1, 2 }, list)
    expect.raises("no samples", statistics.median, {})
  end)
end)

describe("quantiles", function()
  it("are those of type 7", function()
    -- R: quantile(c(1, 2, 4, 8, 16), c(0, .1, .25, .5, .9, 1)), and by hand: place 1 + 4p
    local list = { 16, 1, 8, 2, 4 }
    for p, wanted in pairs { [0] = 1, [0.1] = 1.4, [0.25] = 2, [0.5] = 4, [0.9] = 12.8, [1] = 16 } do
      near(wanted, statistics.quantile(list, p))
    end
  end)

  it("are those of Hyndman and Fan's definition for the numbers 1 to 10", function()
    -- numpy.percentile(range(1, 11), [25, 50, 75, 90]): 3.25, 5.5, 7.75, 9.1
    local list = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 }
    near(3.25, statistics.quantile(list, 0.25))
    near(5.5, statistics.quantile(list, 0.5))
    near(7.75, statistics.quantile(list, 0.75))
    near(9.1, statistics.quantile(list, 0.9))
  end)
end)

describe("the interval of the median", function()
  -- All n^n samples with replacement, and the 2.5% and 97.5% quantiles of their medians: the exact bootstrap.
  local function exact_interval(list)
    local n, medians, places = #list, {}, {}
    local function draw(k)
      if k > n then
        local sample = {}
        for i = 1, n do
          sample[i] = list[places[i]]
        end
        medians[#medians + 1] = statistics.median(sample)
        return
      end
      for i = 1, n do
        places[k] = i
        draw(k + 1)
      end
    end
    draw(1)
    return statistics.quantile(medians, 0.025), statistics.quantile(medians, 0.975), medians
  end

  it("is that of all resamples of a small sample", function()
    for _, list in ipairs { { 1, 2, 4 }, { 1, 2, 4, 8 }, { 5, 1, 4, 2, 3 }, { 1, 1, 1, 5, 6, 7 } } do
      local low, high = exact_interval(list)
      local got_low, got_high = statistics.interval(list)
      near(low, got_low)
      near(high, got_high)
    end
  end)

  it("holds 95% of the medians of resamples", function()
    local list = { 3.1, 4.1, 5.9, 2.6, 5.3, 9.7 }
    local _, _, medians = exact_interval(list)
    local low, high = statistics.interval(list)
    local inside = 0
    for _, median in ipairs(medians) do
      inside = inside + (median >= low and median <= high and 1 or 0)
    end
    assert.is_true(inside / #medians >= 0.95, inside / #medians)
  end)

  it("covers the true median about as often as it says", function()
    local g, covered = random.new(3), 0
    for _ = 1, 150 do
      local list = {}
      for i = 1, 15 do
        list[i] = g:integer(1000001) - 500001 -- median 0
      end
      local low, high = statistics.interval(list, g:next())
      covered = covered + (low <= 0 and high >= 0 and 1 or 0)
    end
    assert.is_true(covered / 150 > 0.88 and covered / 150 < 0.99, covered / 150)
  end)

  it("is the value itself where all are the same, and for one", function()
    assert.same({ 5, 5 }, { statistics.interval { 5, 5, 5 } })
    assert.same({ 7, 7 }, { statistics.interval { 7 } })
  end)

  it("is the same each time", function()
    local g, list = random.new(1), {}
    for i = 1, 40 do
      list[i] = g:integer(1000000)
    end
    assert.same({ statistics.interval(list) }, { statistics.interval(list) })
    assert.are_not.same({ statistics.interval(list, 2) }, { statistics.interval(list, 5) })
  end)
end)

describe("the Mann-Whitney test", function()
  -- The share of all choices of #x of the pooled ranks whose U is as extreme, twice the smaller tail.
  local function by_counting(x, y)
    local all, m = { table.unpack(x) }, #x
    table.move(y, 1, #y, m + 1, all)
    local function u_of(chosen)
      local u = 0
      for i = 1, #all do
        for j = 1, #all do
          if chosen[i] and not chosen[j] then
            u = u + (all[i] > all[j] and 1 or all[i] == all[j] and 0.5 or 0)
          end
        end
      end
      return u
    end
    local chosen = {}
    for i = 1, m do
      chosen[i] = true
    end
    local observed, at_most, at_least, total = u_of(chosen), 0, 0, 0
    chosen = {}
    local function choose(i, left)
      if left == 0 then
        local u = u_of(chosen)
        total = total + 1
        at_most = at_most + (u <= observed and 1 or 0)
        at_least = at_least + (u >= observed and 1 or 0)
      elseif i <= #all then
        chosen[i] = true
        choose(i + 1, left - 1)
        chosen[i] = nil
        choose(i + 1, left)
      end
    end
    choose(1, m)
    return observed, math.min(1, 2 * math.min(at_most, at_least) / total)
  end

  it("agrees with R's example: permeability constants", function()
    -- R, ?wilcox.test, from Hollander and Wolfe 1973, 69 f.: W = 35, p = 0.1272 one-sided, exact
    local at_term = { 0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46 }
    local later = { 1.15, 0.88, 0.90, 0.74, 1.21 }
    local test = statistics.mann_whitney(at_term, later)
    assert.equal(35, test.u)
    assert.is_true(test.exact)
    near(0.2544, test.p, 5e-5)
    local other = statistics.mann_whitney(later, at_term)
    assert.equal(15, other.u) -- U + U' = 10 * 5
    near(test.p, other.p)
  end)

  it("agrees with SciPy's example: age at diagnosis", function()
    -- scipy.stats.mannwhitneyu: U1 = 17, p = 0.1111 by the exact distribution
    local test = statistics.mann_whitney({ 19, 22, 16, 29, 24 }, { 20, 11, 17, 12 })
    assert.equal(17, test.u)
    near(1 / 9, test.p)
  end)

  it("agrees with R's example with ties: ozone in May and August", function()
    -- R, ?wilcox.test: wilcox.test(Ozone ~ Month, airquality, Month %in% c(5, 8), exact = FALSE): W = 127.5,
    -- p = 0.0001208
    local may = { 41, 36, 12, 18, 28, 23, 19, 8, 7, 16, 11, 14, 18, 14, 34, 6, 30, 11, 1, 11, 4, 32, 23, 45, 115, 37 }
    local august = { 39, 9, 16, 78, 35, 66, 122, 89, 110, 44, 28, 65, 22, 59, 23, 31, 44, 21, 9, 45, 168, 73, 76, 118,
      84, 85 }
    local test = statistics.mann_whitney(may, august)
    assert.equal(127.5, test.u)
    assert.is_false(test.exact)
    near(0.0001208, test.p, 5e-8)
  end)

  it("has the smallest p that a table of U tells, for samples apart", function()
    -- 2 / C(m + n, m): Mann and Whitney 1947, table I
    for _, row in ipairs { { 3, 3, 2 / 20 }, { 4, 4, 2 / 70 }, { 5, 5, 2 / 252 }, { 8, 8, 2 / 12870 }, { 1, 1, 1 } } do
      local x, y = {}, {}
      for i = 1, row[1] do
        x[i], y[i] = i, i + 100
      end
      local test = statistics.mann_whitney(x, y)
      assert.equal(0, test.u)
      near(row[3], test.p)
    end
  end)

  it("counts all arrangements, with ties and without", function()
    local g = random.new(11)
    for _ = 1, 60 do
      local x, y, values = {}, {}, g:integer(9)
      for i = 1, g:integer(5) do
        x[i] = g:integer(values)
      end
      for i = 1, g:integer(5) do
        y[i] = g:integer(values)
      end
      local u, p = by_counting(x, y)
      local test = statistics.mann_whitney(x, y)
      assert.equal(u, test.u)
      near(p, test.p)
    end
  end)

  it("comes to nearly the same by the normal approximation", function()
    local g, x, y = random.new(5), {}, {}
    for i = 1, 15 do
      x[i], y[i] = g:integer(1 << 30), g:integer(1 << 30) + (1 << 27)
    end
    local exact = statistics.mann_whitney(x, y)
    assert.is_true(exact.exact)
    y[16] = statistics.median(y)
    local approximate = statistics.mann_whitney(x, y)
    assert.is_false(approximate.exact)
    near(exact.p, approximate.p, 0.03)
  end)

  it("finds no difference where there is none", function()
    local same = {}
    for i = 1, 40 do
      same[i] = 7
    end
    assert.equal(1, statistics.mann_whitney(same, same).p)
    assert.equal(1, statistics.mann_whitney({ 7, 7 }, { 7, 7, 7 }).p)
    expect.raises("no samples", statistics.mann_whitney, {}, { 1 })
    expect.raises("no samples", statistics.mann_whitney, { 1 }, {})
  end)
end)

describe("a comparison", function()
  local function around(center, n)
    local list = {}
    for i = 1, n do
      list[i] = center * (1 + (i - (n + 1) / 2) / (100 * n))
    end
    return list
  end

  it("tells the ratio of the medians, with its interval", function()
    local c = statistics.compare(around(100, 9), around(150, 9))
    near(1.5, c.ratio)
    assert.is_true(c.low < 1.5 and c.high > 1.5 and c.low > 1.48 and c.high < 1.52)
    near(100, c.old)
    near(150, c.new)
    assert.equal("more", c.verdict)
    assert.is_true(c.significant)
    assert.equal("less", statistics.compare(around(150, 9), around(100, 9)).verdict)
  end)

  it("says ~ where there is no significant difference", function()
    local c = statistics.compare({ 1, 2, 3, 4, 5, 6 }, { 1.5, 2.5, 3.5, 4.5, 5.5, 6.5 })
    assert.equal("~", c.verdict)
    assert.is_false(c.significant)
    assert.equal("~", statistics.compare({ 1, 1, 1 }, { 9, 9, 9 }).verdict) -- too few: p = 0.1
    assert.equal("more", statistics.compare({ 1, 1, 1, 1 }, { 9, 9, 9, 9 }).verdict)
  end)

  it("takes any difference of exact metrics for one", function()
    local c = statistics.compare({ 10 }, { 11 }, { exact = true })
    assert.equal("more", c.verdict)
    near(1.1, c.ratio)
    assert.equal(c.ratio, c.low)
    assert.equal(c.ratio, c.high)
    assert.equal("~", statistics.compare({ 10 }, { 10 }, { exact = true }).verdict)
  end)

  it("takes zeros", function()
    assert.equal(1, statistics.compare({ 0, 0 }, { 0, 0 }).ratio)
    assert.equal(math.huge, statistics.compare({ 0 }, { 5 }, { exact = true }).ratio)
    assert.equal(0, statistics.compare({ 5 }, { 0 }, { exact = true }).ratio)
  end)
end)

describe("outliers", function()
  it("are what lies further than one and a half times the middle half's width from it", function()
    -- quartiles 3 and 7: from -3 to 13
    assert.same({}, statistics.outliers { 1, 2, 3, 4, 5, 6, 7, 8, 9 })
    assert.same({}, statistics.outliers { 13, 2, 3, -3, 5, 6, 7, 4, 8 })
    assert.same({ 1, 4 }, statistics.outliers { 13.5, 2, 3, -3.5, 5, 6, 7, 4, 8 })
    assert.same({}, statistics.outliers { 5 })
  end)

  it("are told by a description, not left out of it", function()
    local d = statistics.describe { 5, 6, 7, 6, 5, 7, 6, 100 }
    assert.same({ 8 }, d.outliers)
    assert.equal(8, d.n)
    assert.equal(100, d.max)
    assert.equal(5, d.min)
    assert.equal(6, d.median)
    assert.is_true(d.low <= 6 and d.high >= 6)
  end)
end)

describe("the correction for many tests", function()
  it("multiplies by how many are left, and keeps the order", function()
    assert.same({ 0.375, 1, 1, 0.125 }, statistics.holm { 0.125, 0.75, 0.625, 0.03125 })
    assert.same({}, statistics.holm {})
  end)
end)
