--- Which of many arms are certainly worse than the best, so that their time can go to the others.
--
-- A race as of O. Maron and A. W. Moore, "Hoeffding Races: Accelerating Model Selection Search for Classification and
-- Function Approximation", NIPS 6 (1993), 1994: all arms are measured round by round, and one whose interval lies above
-- that of the best is dropped. How sure that must be in round t, so that all tests of all rounds together err with a
-- chance of at most delta, is the rule of successive elimination: E. Even-Dar, S. Mannor, Y. Mansour, "Action
-- Elimination and Stopping Conditions for the Multi-Armed Bandit and Reinforcement Learning Problems", JMLR 7 (2006),
-- section 3.
--
-- Times have no bounds, so that Hoeffding's inequality says nothing about them. The intervals here are those of the
-- median of normal logarithms; the noise is taken from all arms together, by medians, so that one sample which was
-- disturbed does not decide. Arms are compared within rounds: what slows a whole round down slows all of it.
-- @module dynarray.lab.statistics.race
local statistics = require "dynarray.lab.statistics"

local race = {}

--- The chance that any arm is dropped wrongly.
race.delta = 0.05

local MEDIAN_ERROR = 1.2533 -- standard error of the median of n normal values: so many sigma / sqrt n
local PAIRS_TO_SIGMA = 1 / (math.sqrt(2) * 0.6745) -- of normal values: sigma by the median distance of two
local LEAST_NOISE = 0.005   -- of a logarithm: a clock and a processor are not more exact
local OWN_ROUNDS = 5        -- from here on an arm's own noise counts, where it is more than that of all

-- log(value / best's value) in each round that has both.
local function distances(arm, best)
  local list = {}
  for round, value in pairs(arm) do
    if best[round] and value > 0 and best[round] > 0 then
      list[#list + 1] = math.log(value / best[round])
    end
  end
  return list
end

-- The distance of each two.
local function add_pairs(list, pairs_)
  for i = 2, #list do
    for k = 1, i - 1 do
      pairs_[#pairs_ + 1] = math.abs(list[i] - list[k])
    end
  end
  return pairs_
end

local function noise_of(pairs_)
  return #pairs_ > 0 and statistics.median(pairs_) * PAIRS_TO_SIGMA or 0
end

local function values_of(arm)
  local list = {}
  for _, value in pairs(arm) do
    list[#list + 1] = value
  end
  return list
end

local function best_of(arms)
  local best, least
  for i, arm in ipairs(arms) do
    local values = values_of(arm)
    if #values > 0 then
      local median = statistics.median(values)
      if not least or median < least then
        best, least = i, median
      end
    end
  end
  return best
end

-- How far above the best each arm is: a list of { low, middle, high } of logarithms, false where nothing is known.
local function intervals(arms, best)
  local measured, pooled = {}, {}
  for i, arm in ipairs(arms) do
    local list = distances(arm, arms[best])
    local one = { n = #list, list = list, middle = #list > 0 and statistics.median(list) or nil }
    measured[i] = one
    if i ~= best then
      add_pairs(list, pooled)
    end
  end
  local noise = math.max(noise_of(pooled), LEAST_NOISE)
  for i, one in ipairs(measured) do
    if one.n < 2 then
      measured[i] = false
    elseif i == best then
      one.low, one.high = 0, 0
    else
      local own = one.n >= OWN_ROUNDS and noise_of(add_pairs(one.list, {})) or 0
      -- Of the first t rounds together and of all arms: delta * 6 / (pi t)^2 / arms.
      local error_rate = race.delta * 6 / (math.pi * one.n) ^ 2 / #arms
      local reach = statistics.normal_quantile(error_rate) * MEDIAN_ERROR * math.max(noise, own) / math.sqrt(one.n)
      one.low, one.high = one.middle - reach, one.middle + reach
    end
  end
  return measured
end

--- Where each arm stands.
-- @param arms a list of tables: values by round, less being better
-- @param tolerance a share: an arm that is worse than the best by no more is as good
-- @return a list: "worse" (certainly worse than the best by more than the tolerance), "as good" (certainly not), or
-- "open"; the place of the best, nil if nothing was measured
function race.standing(arms, tolerance)
  local best = best_of(arms)
  local list = {}
  if not best then
    return list
  end
  local margin = math.log(1 + tolerance)
  for i, interval in ipairs(intervals(arms, best)) do
    list[i] = not interval and "open" or interval.low > margin and "worse" or interval.high <= margin and "as good"
      or "open"
  end
  return list, best
end

return race
