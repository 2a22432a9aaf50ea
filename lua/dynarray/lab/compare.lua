--- Two runs compared, metric by metric.
-- @module dynarray.lab.compare
local results = require "dynarray.lab.results"
local stats = require "dynarray.lab.stats"
local text = require "dynarray.lab.text"

local compare = {}

--- The change, as a share, from which a significant worsening counts as a regression.
compare.threshold = 0.05

local function metrics_by_name(run)
  local by_name = {}
  for _, metric in ipairs(run.metrics or {}) do
    by_name[metric.name] = metric
  end
  return by_name
end

-- All measured values of results: a list of { experiment, id, metric, samples }, and the same by key.
local function values_of(all)
  local list, by_key = {}, {}
  for _, run in ipairs(all.runs) do
    local metrics = metrics_by_name(run)
    for _, case in ipairs(run.cases) do
      for _, metric in ipairs(run.metrics or {}) do
        local samples = results.values(case, metric.name)
        if #samples > 0 then
          local value = { experiment = run.experiment, id = case.id, metric = metrics[metric.name], samples = samples }
          value.key = table.concat({ value.experiment, value.id, metric.name }, "\0")
          list[#list + 1] = value
          by_key[value.key] = value
        end
      end
    end
  end
  return list, by_key
end

-- Whether samples so few can be told apart at all: the p of two that do not overlap is 2 / (m + n choose m).
local function too_few(m, n)
  local arrangements = 1
  for k = 1, math.min(m, n) do
    arrangements = arrangements * (m + n - k + 1) / k
  end
  return 2 / arrangements >= stats.alpha
end

local function verdict_of(metric, result, old, new, threshold)
  if not metric.exact and too_few(#old, #new) then
    return "too few samples"
  elseif result.verdict == "~" then
    return "~"
  elseif not metric.better then
    return result.verdict
  elseif result.verdict == metric.better then
    return "better"
  end
  local change = metric.better == "less" and result.ratio or 1 / result.ratio
  return change > 1 + threshold and "regression" or "worse"
end

--- Compares two runs: each metric of each case that both have.
-- Verdicts: `~` (no significant difference: Mann-Whitney, p < 0.05), `better`, `worse`, `regression` (worse by more
-- than the threshold); `less` and `more` for metrics that have no better; `too few samples` where none could be
-- significant.
-- @param old, new what `lab.run` or `lab.load` returned
-- @param options optional: `threshold` (0.05)
-- @return { rows = a list of { experiment, id, metric, unit, old, new, ratio, low, high, p, verdict }, counts = by
-- verdict, regressions = their number, only_old, only_new = how many values the other does not have }
function compare.compare(old, new, options)
  local threshold = options and options.threshold or compare.threshold
  local list, of_old = values_of(old)
  local _, of_new = values_of(new)
  local comparison = { rows = {}, counts = {}, regressions = 0, only_old = 0, only_new = 0, threshold = threshold }
  for _, before in ipairs(list) do
    local after = of_new[before.key]
    if after then
      local metric = after.metric
      local row = stats.compare(before.samples, after.samples, { exact = metric.exact })
      row.verdict = verdict_of(metric, row, before.samples, after.samples, threshold)
      row.experiment, row.id, row.metric, row.unit = before.experiment, before.id, metric.name, metric.unit
      comparison.rows[#comparison.rows + 1] = row
      comparison.counts[row.verdict] = (comparison.counts[row.verdict] or 0) + 1
    else
      comparison.only_old = comparison.only_old + 1
    end
  end
  for key in pairs(of_new) do
    comparison.only_new = comparison.only_new + (of_old[key] and 0 or 1)
  end
  comparison.regressions = comparison.counts.regression or 0
  return comparison
end

--- The comparison as a table of the report's shape.
function compare.table(comparison)
  local rows = {}
  for k, row in ipairs(comparison.rows) do
    local unit = text.scale(row.unit) and row.unit or nil
    rows[k] = {
      row.experiment, row.id, row.metric, text.number(row.old, unit), text.number(row.new, unit),
      ("%.3f"):format(row.ratio), row.low == row.high and "" or ("%.3f to %.3f"):format(row.low, row.high), row.verdict,
    }
  end
  return {
    columns = {
      { name = "experiment" }, { name = "case" }, { name = "metric" }, { name = "old" }, { name = "new" },
      { name = "new/old" }, { name = "95% interval" }, { name = "verdict" },
    },
    rows = rows,
  }
end

--- One line that counts the verdicts.
function compare.summary(comparison)
  local parts = {}
  local function add(n, words)
    if n and n > 0 then
      parts[#parts + 1] = ("%d %s"):format(n, words)
    end
  end
  add(comparison.regressions, ("worse by more than %s%%"):format(text.digits(comparison.threshold * 100)))
  for _, verdict in ipairs { "worse", "better", "less", "more" } do
    add(comparison.counts[verdict], verdict)
  end
  add(comparison.counts["~"], "without a significant difference")
  add(comparison.counts["too few samples"], "with too few samples to tell")
  add(comparison.only_old, "only in the old run")
  add(comparison.only_new, "only in the new run")
  return #parts == 0 and "nothing to compare" or table.concat(parts, ", ")
end

return compare
