--- What the experiments' plots, tables and answers read from a run: medians by case.
local palette = require "dynarray.lab.plot.palette"
local results = require "dynarray.lab.run.results"
local statistics = require "dynarray.lab.statistics"

local medians = {}

local Medians = {}
Medians.__index = Medians

local function policy_of(row)
  return row.case.policy
end

--- The summary of a run, to be asked by case. Policies are in the order of all pictures; else cases are as in the plan.
function medians.of(run)
  local rows, by_id = {}, {}
  for _, line in ipairs(results.summary(run)) do
    local row = by_id[line.id]
    if not row then
      row = { id = line.id, case = line.case, metrics = {} }
      by_id[line.id] = row
      rows[#rows + 1] = row
    end
    row.metrics[line.metric] = line
  end
  return setmetatable({ run = run, rows = palette.ordered(rows, policy_of) }, Medians)
end

local function matches(case, wanted)
  for key, value in pairs(wanted) do
    if case[key] ~= value then
      return false
    end
  end
  return true
end

--- The rows (`case`, `metrics`) whose case has all of these values, in order.
function Medians:where(wanted)
  local found = {}
  for _, row in ipairs(self.rows) do
    if matches(row.case, wanted) then
      found[#found + 1] = row
    end
  end
  return found
end

--- The median of a metric, nil where it was not measured.
function Medians:value(wanted, metric)
  for _, row in ipairs(self:where(wanted)) do
    if row.metrics[metric] then
      return row.metrics[metric].median
    end
  end
end

--- The row where the metric is least, and that value.
function Medians:least(wanted, metric, sign)
  local best, value
  for _, row in ipairs(self:where(wanted)) do
    local line = row.metrics[metric]
    if line and (not value or line.median * (sign or 1) < value * (sign or 1)) then
      best, value = row, line.median
    end
  end
  return best, value
end

--- The row where it is most, and that value.
function Medians:most(wanted, metric)
  return self:least(wanted, metric, -1)
end

--- A line of a plot: the metric against a key of the case, with its interval where there are samples enough for one.
function Medians:line(label, wanted, key, metric)
  local points = {}
  for _, row in ipairs(self:where(wanted)) do
    if row.metrics[metric] then
      points[#points + 1] = { x = row.case[key], line = row.metrics[metric] }
    end
  end
  table.sort(points, function(p, q) return p.x < q.x end)
  local line = { label = label, x = {}, y = {}, low = {}, high = {} }
  for i, point in ipairs(points) do
    local median, has_interval = point.line.median, point.line.n >= statistics.least
    line.x[i], line.y[i] = point.x, median
    line.low[i], line.high[i] = has_interval and point.line.low or median, has_interval and point.line.high or median
  end
  return #points > 0 and line or nil
end

--- Lines of a plot: the series of that name of each such case, named by label(case).
function Medians:series(wanted, name, label)
  local lines = {}
  for _, row in ipairs(self:where(wanted)) do
    local series = results.last_series(self.run, row.case, name)
    if series and #series.y > 0 then
      lines[#lines + 1] = { label = label(row.case), x = series.x, y = series.y }
    end
  end
  return lines
end

-- The medians of the series of all samples of a case, point by point; nil if it has none. All have the same x.
local function median_series(run, id, name)
  for _, entry in ipairs(run.cases) do
    local x, columns = nil, {}
    for _, sample in ipairs(entry.id == id and entry.samples or {}) do
      local series = sample.series and sample.series[name]
      x = x or series and series.x
      for i, y in ipairs(series and series.y or {}) do
        columns[i] = columns[i] or {}
        table.insert(columns[i], y)
      end
    end
    for i, column in ipairs(columns) do
      columns[i] = statistics.median(column)
    end
    if #columns > 0 then
      return { x = x, y = columns }
    end
  end
end

--- The same with medians of all samples, so that pictures agree with tables; for series that have the same x always.
function Medians:median_series(wanted, name, label)
  local lines = {}
  for _, row in ipairs(self:where(wanted)) do
    local series = median_series(self.run, row.id, name)
    lines[#lines + 1] = series and { label = label(row.case), x = series.x, y = series.y }
  end
  return lines
end

--- The different values of a key, in the order of the rows.
function Medians:values(key, wanted)
  local values, seen = {}, {}
  for _, row in ipairs(self:where(wanted or {})) do
    local value = row.case[key]
    if value ~= nil and not seen[value] then
      seen[value] = true
      values[#values + 1] = value
    end
  end
  return values
end

--- A name for each case of this run: that of `label`, and the element type where there is more than one.
function Medians:labels(label)
  local several = #self:values("type") > 1
  return function(case)
    return label(case) .. (several and case.type and ", " .. case.type or "")
  end
end

--- The most of a key's values.
function Medians:largest(key, wanted)
  return math.max(table.unpack(self:values(key, wanted)))
end

return medians
