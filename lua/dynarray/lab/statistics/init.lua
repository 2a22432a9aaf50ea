--- Statistics of samples: lists of numbers, in any order, left as they are.
-- @module dynarray.lab.statistics
local random = require "dynarray.lab.base.random"

local statistics = {}

--- The chance that an interval holds the true value, and the chance that a difference is called one though it is none.
statistics.confidence = 0.95
statistics.alpha = 0.05

--- The least samples that have a 95% interval of the median: that all of five lie on one side of it has a chance of one
-- in 16, more than 5%.
statistics.least = 6

--- The least samples of a time from which the laboratory draws a conclusion.
statistics.enough = 10

local RESAMPLES = 1000 -- Efron and Tibshirani, "An Introduction to the Bootstrap", 1993: enough for 95% intervals
local EXACT_SIZE = 30  -- both samples of a Mann-Whitney test: up to here all arrangements are counted

local function sorted(list)
  assert(#list > 0, "no samples")
  local s = table.move(list, 1, #list, 1, {})
  table.sort(s)
  return s
end

local function quantile_of_sorted(s, p)
  local place = (#s - 1) * p + 1
  local i = math.floor(place)
  if i >= #s then
    return s[#s]
  elseif place == i or s[i] == s[i + 1] then
    return s[i]
  end
  return s[i] + (place - i) * (s[i + 1] - s[i])
end

--- The value below which a share p (0 to 1) of the sample lies, interpolated.
-- Type 7 of Hyndman and Fan, "Sample Quantiles in Statistical Packages", 1996; R's and NumPy's default.
function statistics.quantile(list, p)
  return quantile_of_sorted(sorted(list), p)
end

--- The middle value, or the mean of the two in the middle.
function statistics.median(list)
  return quantile_of_sorted(sorted(list), 0.5)
end

-- The median of a sample drawn from s with replacement. Counts how often each place is drawn: no sorting.
local function resampled_median(s, generator, counts)
  local n = #s
  for i = 1, n do
    counts[i] = 0
  end
  for _ = 1, n do
    local i = generator:integer(n)
    counts[i] = counts[i] + 1
  end
  local low_rank, high_rank = (n + 1) // 2, n // 2 + 1
  local i, seen = 1, counts[1]
  while seen < low_rank do
    i = i + 1
    seen = seen + counts[i]
  end
  local low = s[i]
  while seen < high_rank do
    i = i + 1
    seen = seen + counts[i]
  end
  return low == s[i] and low or (low + s[i]) / 2
end

local function resampled_medians(s, generator)
  local medians, counts = {}, {}
  for k = 1, RESAMPLES do
    medians[k] = resampled_median(s, generator, counts)
  end
  return medians
end

local function percentile_interval(estimates)
  local s = sorted(estimates)
  local tail = (1 - statistics.confidence) / 2
  return quantile_of_sorted(s, tail), quantile_of_sorted(s, 1 - tail)
end

--- The 95% interval of the median: percentile bootstrap (Efron and Tibshirani 1993, chapter 13).
-- Of fewer than `statistics.least` samples it holds the median less often: show none.
-- @param list the sample
-- @param seed of the resampling; by default always the same
-- @return low, high
function statistics.interval(list, seed)
  local s = sorted(list)
  if s[1] == s[#s] then
    return s[1], s[1]
  end
  return percentile_interval(resampled_medians(s, random.new(seed or 1)))
end

-- Equal values have the ratio 1, zeros too.
local function quotient(new, old)
  return new == old and 1 or new / old
end

--- How much the median changed: new / old, with the 95% bootstrap interval of that ratio.
-- @return ratio, low, high
function statistics.ratio(old, new, seed)
  local generator = random.new(seed or 1)
  local before, after = sorted(old), sorted(new)
  local ratio = quotient(quantile_of_sorted(after, 0.5), quantile_of_sorted(before, 0.5))
  local ratios = resampled_medians(after, generator)
  for k, median in ipairs(resampled_medians(before, generator)) do
    ratios[k] = quotient(ratios[k], median)
  end
  local low, high = percentile_interval(ratios)
  return ratio, low, high
end

-- Twice the rank of each value among all, so that the mean ranks of ties are integers: those of the first list, those
-- of all, and the sum of t^3 - t over the groups of t ties.
local function doubled_ranks(x, y)
  local all = {}
  for k, list in ipairs { x, y } do
    for _, value in ipairs(list) do
      all[#all + 1] = { value = value, first = k == 1 }
    end
  end
  table.sort(all, function(a, b) return a.value < b.value end)
  local first, ranks, ties = {}, {}, 0
  local i = 1
  while i <= #all do
    local j = i
    while all[j + 1] and all[j + 1].value == all[i].value do
      j = j + 1
    end
    for k = i, j do
      ranks[k] = i + j
      if all[k].first then
        first[#first + 1] = i + j
      end
    end
    ties = ties + (j - i + 1) ^ 3 - (j - i + 1)
    i = j + 1
  end
  return first, ranks, ties
end

-- ways[s]: in how many ways m of the ranks can be chosen with the sum s. The shift algorithm: Streitberg and Roehmel,
-- "Exact distributions for permutations and rank tests", 1986; without ties it is Mann and Whitney's recurrence.
local function arrangements(ranks, m)
  local ways = { [0] = { [0] = 1 } }
  for chosen = 1, m do
    ways[chosen] = {}
  end
  for i, rank in ipairs(ranks) do
    for chosen = math.min(i, m), 1, -1 do
      local into = ways[chosen]
      for sum, count in pairs(ways[chosen - 1]) do
        into[sum + rank] = (into[sum + rank] or 0) + count
      end
    end
  end
  return ways[m]
end

local function exact_p(ranks, m, observed)
  local at_most, at_least, total = 0, 0, 0
  for sum, count in pairs(arrangements(ranks, m)) do
    total = total + count
    at_most = at_most + (sum <= observed and count or 0)
    at_least = at_least + (sum >= observed and count or 0)
  end
  return math.min(1, 2 * math.min(at_most, at_least) / total)
end

-- Both tails of the standard normal distribution beyond z >= 0: erfc(z / sqrt 2), by the Chebyshev fit of Press et al.,
-- "Numerical Recipes", 2nd edition, section 6.2; relative error below 1.2e-7.
local coefficients = { 0.17087277, -0.82215223, 1.48851587, -1.13520398, 0.27886807, -0.18628806, 0.09678418,
  0.37409196, 1.00002368, -1.26551223 }

local function both_tails(z)
  local x = z / math.sqrt(2)
  local t = 1 / (1 + x / 2)
  local sum = 0
  for _, c in ipairs(coefficients) do
    sum = sum * t + c
  end
  return t * math.exp(-x * x + sum)
end

--- The z beyond which a share p (0 to 0.5) of the standard normal distribution lies.
function statistics.normal_quantile(p)
  local low, high = 0, 40
  for _ = 1, 60 do -- halved until nothing is left to halve
    local middle = (low + high) / 2
    if both_tails(middle) > 2 * p then
      low = middle
    else
      high = middle
    end
  end
  return (low + high) / 2
end

local function normal_p(u, m, n, ties)
  local all = m + n
  local variance = m * n / 12 * (all + 1 - ties / (all * (all - 1)))
  if variance <= 0 then
    return 1 -- all values are equal
  end
  local distance = math.max(0, math.abs(u - m * n / 2) - 0.5) -- continuity correction
  return math.min(1, both_tails(distance / math.sqrt(variance)))
end

--- The Mann-Whitney U test, two-sided: how likely samples of one distribution lie at least so far apart.
-- Mann and Whitney, "On a test of whether one of two random variables is stochastically larger than the other", 1947.
-- Exact, ties included, for up to 30 values together; else the normal approximation with corrections for ties and
-- continuity (Lehmann, "Nonparametrics", 1975, section 1.4).
-- @return a table { u = of x, p =, exact = whether p is exact }
function statistics.mann_whitney(x, y)
  local m, n = #x, #y
  assert(m > 0 and n > 0, "no samples")
  local first, ranks, ties = doubled_ranks(x, y)
  local sum = 0
  for _, rank in ipairs(first) do
    sum = sum + rank
  end
  local u = sum / 2 - m * (m + 1) / 2
  if m + n <= EXACT_SIZE then
    return { u = u, p = exact_p(ranks, m, sum), exact = true }
  end
  return { u = u, p = normal_p(u, m, n, ties), exact = false }
end

--- Corrects the p of many tests, so that the chance to call any difference one though there is none stays alpha.
-- Holm, "A simple sequentially rejective multiple test procedure", 1979.
-- @param list of p
-- @return list of corrected p, in the same order
function statistics.holm(list)
  local order, corrected, least = {}, {}, 0
  for i = 1, #list do
    order[i] = i
  end
  table.sort(order, function(i, j) return list[i] < list[j] or list[i] == list[j] and i < j end)
  for rank, i in ipairs(order) do
    least = math.max(least, math.min(1, list[i] * (#list - rank + 1)))
    corrected[i] = least
  end
  return corrected
end

--- Compares two samples of one metric.
-- @param old a list
-- @param new a list
-- @param options exact = true: the metric is the same each time, so that any difference is one; seed = of the
--   resampling
-- @return a table { old, new = medians; ratio, low, high = of new to old; p; significant; verdict = "~", "less" or
--   "more" }
function statistics.compare(old, new, options)
  options = options or {}
  local result = { old = statistics.median(old), new = statistics.median(new) }
  if options.exact then
    result.ratio = quotient(result.new, result.old)
    result.low, result.high = result.ratio, result.ratio
    result.p = result.new == result.old and 1 or 0
  else
    result.ratio, result.low, result.high = statistics.ratio(old, new, options.seed)
    result.p = statistics.mann_whitney(old, new).p
  end
  result.significant = result.p < statistics.alpha
  result.verdict = not result.significant and "~" or result.new < result.old and "less"
    or result.new > result.old and "more" or "~"
  return result
end

--- The places of values further than 1.5 times the middle half's width from it: Tukey, "Exploratory Data Analysis",
-- 1977. They are told, never left out.
function statistics.outliers(list)
  local s = sorted(list)
  local low, high = quantile_of_sorted(s, 0.25), quantile_of_sorted(s, 0.75)
  local reach = 1.5 * (high - low)
  local places = {}
  for i, value in ipairs(list) do
    if value < low - reach or value > high + reach then
      places[#places + 1] = i
    end
  end
  return places
end

--- All that is said about a sample.
-- @return a table { n, median, low, high = 95% interval of the median, min, max, outliers = their places }
function statistics.describe(list, seed)
  local s = sorted(list)
  local low, high = statistics.interval(list, seed)
  return {
    n = #s, median = quantile_of_sorted(s, 0.5), low = low, high = high, min = s[1], max = s[#s],
    outliers = statistics.outliers(list),
  }
end

return statistics
