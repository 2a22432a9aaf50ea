--- The tables of a run: the experiment's own, or one row a case and one column a metric.
-- @module dynarray.lab.report.tables
local palette = require "dynarray.lab.plot.palette"
local results = require "dynarray.lab.run.results"
local statistics = require "dynarray.lab.statistics"
local units = require "dynarray.lab.base.units"

local tables = {}

-- The keys of the cases: parameters first, in their order, then the others by name.
local function keys_of(run, experiment)
  local known, order, others = {}, {}, {}
  for _, parameter in ipairs(experiment and experiment.parameters or {}) do
    known[parameter.name] = false
    order[#order + 1] = parameter.name
  end
  for _, case in ipairs(run.cases) do
    for key in pairs(case.case) do
      if known[key] == nil then
        others[#others + 1] = key
      end
      known[key] = true
    end
  end
  table.sort(others)
  local keys = {}
  for _, list in ipairs { order, others } do
    for _, key in ipairs(list) do
      keys[#keys + 1] = known[key] and key or nil
    end
  end
  return keys
end

--- A median with half the width of its interval, relative to it: `3.12 ns ±2%`; alone where too few samples have one.
function tables.estimate(row, unit)
  local median = units.number(row.median, unit or "")
  if row.n < statistics.least or row.low == row.high or row.median == 0 then
    return median
  end
  return ("%s ±%s%%"):format(median, units.digits(math.ceil((row.high - row.low) / 2 / math.abs(row.median) * 100)))
end

local function metrics_of(run, experiment)
  if experiment then
    return experiment.metrics
  end
  local metrics, seen = {}, {}
  for _, row in ipairs(results.summary(run)) do
    if not seen[row.metric] then
      seen[row.metric] = true
      metrics[#metrics + 1] = { name = row.metric, unit = row.unit }
    end
  end
  return metrics
end

local function heading(name)
  return (name:gsub("_", " "))
end

-- The metrics that a case has values of: a set.
local function measured_by(rows_of, case)
  local names = {}
  for name in pairs(rows_of[case.id] or {}) do
    names[name] = true
  end
  return names
end

local function holds(set, other)
  for name in pairs(other) do
    if not set[name] then
      return false
    end
  end
  return true
end

-- The cases in groups that share a table: those that were measured by the same metrics, or by some of them.
local function groups_of(cases, rows_of)
  local groups = {}
  for _, case in ipairs(cases) do
    local names, home = measured_by(rows_of, case), nil
    for _, group in ipairs(groups) do
      if not home and (holds(group.names, names) or holds(names, group.names)) then
        home = group
      end
    end
    if not home then
      home = { names = {}, cases = {} }
      groups[#groups + 1] = home
    end
    for name in pairs(names) do
      home.names[name] = true
    end
    home.cases[#home.cases + 1] = case
  end
  return groups
end

-- What tells the cases of a group apart, and what all of them share, as words.
local function split_keys(keys, cases, unit_of)
  local telling, shared = {}, {}
  for _, key in ipairs(keys) do
    local first, differs = cases[1].case[key], false
    for _, case in ipairs(cases) do
      differs = differs or case.case[key] ~= first
    end
    if differs then
      telling[#telling + 1] = key
    elseif first ~= nil then
      shared[#shared + 1] = ("%s %s"):format(heading(key), units.number(first, unit_of[key]))
    end
  end
  return telling, shared
end

-- What a median does not tell: in how many samples it was so, or between what numbers it lay.
local told = {}

function told.count(values)
  local sum = 0
  for _, value in ipairs(values) do
    sum = sum + value
  end
  return ("%d of %d"):format(sum, #values)
end

function told.range(values)
  local low, high = math.min(table.unpack(values)), math.max(table.unpack(values))
  return units.digits(low) .. (low == high and "" or " to " .. units.digits(high))
end

local function values_of(case, metric)
  local values = {}
  for _, sample in ipairs(case.samples) do
    values[#values + 1] = sample.metrics[metric.name]
  end
  return values
end

-- The cases of a group, all of their metrics.
local function table_of(group, keys, metrics, rows_of, unit_of)
  local telling, shared = split_keys(keys, group.cases, unit_of)
  local columns, rows = {}, {}
  for _, key in ipairs(telling) do
    columns[#columns + 1] = { name = heading(key), unit = unit_of[key] }
  end
  for _, metric in ipairs(metrics) do
    -- The cells of scaled units name them.
    columns[#columns + 1] = { name = heading(metric.name), unit = units.scale(metric.unit) and "" or metric.unit }
  end
  columns[#columns + 1] = { name = "samples" }
  for _, case in ipairs(palette.ordered(group.cases, function(entry) return entry.case.policy end)) do
    local row, measured, outliers = {}, rows_of[case.id] or {}, 0
    for k, key in ipairs(telling) do
      row[k] = case.case[key] == nil and "" or case.case[key]
    end
    for _, metric in ipairs(metrics) do
      local one = measured[metric.name]
      local cell = one and (metric.told and told[metric.told](values_of(case, metric))
        or tables.estimate(one, units.scale(metric.unit) and metric.unit)) or ""
      local predicted = metric.predicts and measured[metric.predicts]
      if one and predicted and one.median ~= predicted.median then
        cell = cell .. " ≠"
      end
      outliers = math.max(outliers, one and #one.outliers or 0)
      row[#row + 1] = cell
    end
    row[#row + 1] = case.error and "failed" or
      #case.samples .. (outliers > 0 and (", %d outlying"):format(outliers) or "")
    rows[#rows + 1] = row
  end
  local of = #shared > 0 and ": " .. table.concat(shared, ", ") or ""
  return { title = "All figures" .. of, columns = columns, rows = rows }
end

-- All cases, all metrics.
local function overview(run, experiment)
  local keys, metrics = keys_of(run, experiment), metrics_of(run, experiment)
  local rows_of, unit_of, list = {}, {}, {}
  for _, row in ipairs(results.summary(run)) do
    rows_of[row.id] = rows_of[row.id] or {}
    rows_of[row.id][row.metric] = row
  end
  for _, parameter in ipairs(experiment and experiment.parameters or {}) do
    unit_of[parameter.name] = parameter.unit
  end
  for k, group in ipairs(groups_of(run.cases, rows_of)) do
    list[k] = table_of(group, keys, metrics, rows_of, unit_of)
  end
  return list
end

-- Without the columns in which no row has a value.
local function without_empty_columns(table_)
  local columns, kept = {}, {}
  for k, column in ipairs(table_.columns) do
    for _, row in ipairs(table_.rows) do
      if row[k] ~= nil and row[k] ~= "" then
        columns[#columns + 1], kept[#kept + 1] = column, k
        break
      end
    end
  end
  local rows = {}
  for i, row in ipairs(table_.rows) do
    rows[i] = {}
    for j, k in ipairs(kept) do
      rows[i][j] = row[k]
    end
  end
  return { title = table_.title, columns = columns, rows = rows }
end

--- A list of tables for a run of `experiment` (nil where it is not known: an overview); `all`: the results that it
-- is of. An experiment may have `tables` of its own instead of the overview, and `more_tables` behind it.
function tables.of(run, experiment, all)
  local list = experiment and experiment.tables and experiment.tables(run, all) or overview(run, experiment)
  for _, table_ in ipairs(experiment and experiment.more_tables and experiment.more_tables(run, all) or {}) do
    list[#list + 1] = table_
  end
  for k, table_ in ipairs(list) do
    list[k] = without_empty_columns(table_)
  end
  return list
end

return tables
