--- How far the laboratory can be believed: the same cases measured twice, as if they were two versions of the library.
-- The samples of both sides are taken in the same rounds, in random order. What is called different then is called so
-- wrongly.
-- @module dynarray.lab.experiments.selfcheck
local compare = require "dynarray.lab.report.compare"
local policies = require "dynarray.lab.experiments.policies"
local results = require "dynarray.lab.run.results"
local statistics = require "dynarray.lab.statistics"
local units = require "dynarray.lab.base.units"

local METRIC = "ns_per_append"
local SIDES = { "old", "new" }

-- What is wanted, on a machine that does nothing else: at most so many of the cases called different, and so far from 1
-- the ratio of the two medians, at the median and at the 95th percentile of all cases.
local MOST_DIFFERENT, MEDIAN_CHANGE, HIGH_CHANGE = 0.05, 0.03, 0.15
local HIGH = 0.95

local selfcheck = {
  name = "selfcheck",
  module = "dynarray.lab.experiments.selfcheck",
  question = "Does the laboratory find the same twice?",
  fresh = true,
  parameters = {},
  metrics = { { name = METRIC, unit = "ns", better = "less" } },
  touches = policies.touches,
}

local DEFAULTS = { policy = { "increment:1000", "cpython", "1.5", "double" }, size = { 1e3, 1e5, 1e6, 1e7 } }

for i, parameter in ipairs(policies.parameters) do
  selfcheck.parameters[i] = { name = parameter.name, help = parameter.help,
    default = DEFAULTS[parameter.name] or parameter.default, quick = parameter.quick }
end

function selfcheck.cases(parameters)
  local cases = {}
  for _, case in ipairs(policies.cases(parameters)) do
    for _, side in ipairs(policies.once(case) and {} or SIDES) do
      local copy = { side = side }
      for key, value in pairs(case) do
        copy[key] = value
      end
      cases[#cases + 1] = copy
    end
  end
  return cases
end

function selfcheck.measure(case)
  return { [METRIC] = policies.measure(case)[METRIC] }
end

-- The cases of a side, as results of their own.
local function side_of(run, side)
  local cases = {}
  for _, entry in ipairs(run.cases) do
    local case = {}
    for key, value in pairs(entry.case) do
      case[key] = key ~= "side" and value or nil
    end
    if entry.case.side == side and #entry.samples >= statistics.enough then
      cases[#cases + 1] = { id = results.id(case), case = case, samples = entry.samples }
    end
  end
  return { runs = { { experiment = run.experiment, metrics = run.metrics, cases = cases } } }
end

--- What came out.
-- @param run the run of this experiment
-- @return a table { comparison, cases = how many were compared, different = share of them that is called different,
-- median, high = the median and the 95th percentile of |ratio - 1|, as_wanted = whether all are as they should be };
-- nil if no case has samples enough
function selfcheck.of(run)
  local comparison = compare.compare(side_of(run, SIDES[1]), side_of(run, SIDES[2]))
  local changes, different = {}, 0
  for i, row in ipairs(comparison.rows) do
    changes[i] = math.abs(row.ratio - 1)
    different = different + (row.verdict ~= "~" and 1 or 0)
  end
  if #changes == 0 then
    return nil
  end
  local found = {
    comparison = comparison, cases = #changes, different = different / #changes,
    median = statistics.median(changes), high = statistics.quantile(changes, HIGH),
  }
  found.as_wanted = found.different <= MOST_DIFFERENT and found.median <= MEDIAN_CHANGE and found.high <= HIGH_CHANGE
  return found
end

--- A threshold for `compare`: what 95 of 100 cases of the same code stay below.
-- @param all results with a run of this experiment; raises an error if there is none
function selfcheck.threshold(all)
  for _, run in ipairs(all.runs) do
    local found = run.experiment == selfcheck.name and selfcheck.of(run)
    if found then
      return found.high
    end
  end
  error("no threshold: these results have no selfcheck with enough samples", 0)
end

local function percent(share)
  return units.digits(math.floor(share * 1000 + 0.5) / 10) .. "%"
end

function selfcheck.answer(run)
  local found = selfcheck.of(run)
  if not found then
    return ("No case was measured %d times on both sides."):format(statistics.enough)
  end
  local format = "Of %d cases, measured twice, %s are called different (wanted: at most %s). Half of them differ by %s "
    .. "at most (wanted: %s), 95 of 100 by %s at most (wanted: %s)."
  return format:format(found.cases, percent(found.different), percent(MOST_DIFFERENT), percent(found.median),
    percent(MEDIAN_CHANGE), percent(found.high), percent(HIGH_CHANGE))
end

function selfcheck.tables(run)
  local found = selfcheck.of(run)
  if not found then
    return {}
  end
  local shown = compare.table(found.comparison)
  shown.title = "The same code, measured twice"
  return { shown }
end

return selfcheck
