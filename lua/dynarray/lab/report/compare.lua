--- Two runs compared, metric by metric.
-- @module dynarray.lab.report.compare
local case_names = require "dynarray.lab.report.case_names"
local results = require "dynarray.lab.run.results"
local statistics = require "dynarray.lab.statistics"
local units = require "dynarray.lab.base.units"

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
          local value = { experiment = run.experiment, id = case.id, case = case.case, metric = metrics[metric.name],
            samples = samples }
          value.key = table.concat({ value.experiment, value.id, metric.name }, "\0")
          list[#list + 1] = value
          by_key[value.key] = value
        end
      end
    end
  end
  return list, by_key
end

-- The p of two samples that do not overlap: 2 / (m + n choose m). Samples so few cannot be told apart any better.
local function least_p(m, n)
  local arrangements = 1
  for k = 1, math.min(m, n) do
    arrangements = arrangements * (m + n - k + 1) / k
  end
  return 2 / arrangements
end

-- Many rows are tested at once: some of them differ by chance alone, and so must differ more. Rows of too few samples
-- to differ at all are not among them.
local function correct(rows)
  local tested, list = {}, {}
  for _, row in ipairs(rows) do
    if not row.exact and row.least_p < statistics.alpha then
      tested[#tested + 1] = row
      list[#list + 1] = row.p
    end
  end
  for k, p in ipairs(statistics.holm(list)) do
    tested[k].p = p
    tested[k].least_p = tested[k].least_p * #tested
  end
end

-- Whether all samples of one side lie further than the threshold above all of the other. Noise does not do that, among
-- however many rows, if there are enough samples for a test of one row.
local function are_apart(before, after, threshold)
  if least_p(#before, #after) >= statistics.alpha then
    return false
  end
  local function above(x, y)
    return math.min(table.unpack(x)) > (1 + threshold) * math.max(table.unpack(y))
  end
  return above(after, before) or above(before, after)
end

-- A change is a regression only if all of its interval lies beyond the threshold.
local function verdict_of(row, better, threshold)
  if not row.apart and not row.exact and row.least_p >= statistics.alpha then
    return "too few samples"
  elseif not row.apart and (row.p >= statistics.alpha or row.new == row.old) then
    return "~"
  end
  local direction = row.new < row.old and "less" or "more"
  if not better or direction == better then
    return better and "better" or direction
  end
  local least = better == "less" and row.low or 1 / row.high
  return least > 1 + threshold and "regression" or "worse"
end

-- Cases that were measured in the old run, and fail in the new one without any sample.
local function failures(old, new)
  local measured, list = {}, {}
  for _, run in ipairs(old.runs) do
    for _, case in ipairs(run.cases) do
      measured[run.experiment .. "\0" .. case.id] = #case.samples > 0
    end
  end
  for _, run in ipairs(new.runs) do
    for _, case in ipairs(run.cases) do
      if case.error and #case.samples == 0 and measured[run.experiment .. "\0" .. case.id] then
        list[#list + 1] = { experiment = run.experiment, id = case.id, error = case.error }
      end
    end
  end
  return list
end

--- Compares two runs: each metric of each case that both have.
-- Verdicts: `~` (no significant difference: Mann-Whitney, p < 0.05 after Holm's correction for the number of rows,
-- unless all samples of one run lie past the threshold above all of the other),
-- `better`, `worse`, `regression` (worse by more than the threshold, all of the interval); `less` and `more` for
-- metrics that have no better; `too few samples` where none could be significant among so many rows.
-- @param old what `lab.run` or `lab.load` returned
-- @param new the same
-- @param options optional: `threshold` (0.05)
-- @return { rows = a list of { experiment, id, metric, unit, old, new, ratio, low, high, p, verdict }, counts = by
-- verdict, failed = a list of { experiment, id, error }: cases that old measured and that fail in new, regressions =
-- how many of either, only_old, only_new = how many values the other does not have }
function compare.compare(old, new, options)
  local threshold = options and options.threshold or compare.threshold
  local list, of_old = values_of(old)
  local _, of_new = values_of(new)
  local comparison = { rows = {}, counts = {}, regressions = 0, only_old = 0, only_new = 0, threshold = threshold }
  for _, before in ipairs(list) do
    local after = of_new[before.key]
    if after then
      local metric = after.metric
      local exact = results.is_exact(metric, after.case)
      local row = statistics.compare(before.samples, after.samples, { exact = exact })
      row.exact, row.least_p = exact, least_p(#before.samples, #after.samples)
      row.apart = not exact and are_apart(before.samples, after.samples, threshold)
      row.experiment, row.id, row.metric, row.unit = before.experiment, before.id, metric.name, metric.unit
      row.better = metric.better
      comparison.rows[#comparison.rows + 1] = row
    else
      comparison.only_old = comparison.only_old + 1
    end
  end
  for key in pairs(of_new) do
    comparison.only_new = comparison.only_new + (of_old[key] and 0 or 1)
  end
  correct(comparison.rows)
  for _, row in ipairs(comparison.rows) do
    row.verdict = verdict_of(row, row.better, threshold)
    comparison.counts[row.verdict] = (comparison.counts[row.verdict] or 0) + 1
  end
  comparison.failed = failures(old, new)
  comparison.regressions = (comparison.counts.regression or 0) + #comparison.failed
  return comparison
end

--- The comparison as a table of the report's shape. What all cases have in common is left out of their names.
function compare.table(comparison)
  local rows, ids = {}, {}
  for k, row in ipairs(comparison.rows) do
    ids[k] = row.id
  end
  local names = case_names(ids)
  for k, row in ipairs(comparison.rows) do
    local unit = units.scale(row.unit) and row.unit or nil
    rows[k] = {
      row.experiment, names[row.id], row.metric, units.number(row.old, unit), units.number(row.new, unit),
      ("%.3f"):format(row.ratio), row.low == row.high and "" or ("%.3f to %.3f"):format(row.low, row.high), row.verdict,
    }
  end
  for _, failed in ipairs(comparison.failed) do
    rows[#rows + 1] = { failed.experiment, failed.id, "", "", "", "", "", "failed: " .. failed.error }
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
  add(#comparison.failed, "failed in the new run")
  add(comparison.counts.regression, ("worse by more than %s%%"):format(units.digits(comparison.threshold * 100)))
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
