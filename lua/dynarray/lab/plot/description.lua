--- What a picture shows, in words: for who hears the page, or sees no pictures; and what the picture cannot show.
-- @module dynarray.lab.plot.description
local units = require "dynarray.lab.base.units"

local description = {}

local MOST = 8 -- lines or bars that are told

-- Name by name, as the bars stand.
local function of_bars(spec)
  local names, by_name, parts = {}, {}, {}
  for _, line in ipairs(spec.lines) do
    for i, name in ipairs(line.x) do
      if not by_name[name] then
        names[#names + 1], by_name[name] = name, {}
      end
      local value = units.number(line.y[i], spec.y.unit)
      table.insert(by_name[name], #spec.lines > 1 and line.label and ("%s %s"):format(line.label, value) or value)
    end
  end
  for i, name in ipairs(names) do
    parts[i] = ("%s: %s"):format(name, table.concat(by_name[name], ", "))
  end
  return parts
end

local function of_lines(spec)
  local parts = {}
  for _, line in ipairs(spec.lines) do
    local last = #line.y
    if last > 0 then
      local name = line.label and line.label .. " " or ""
      local first = units.number(line.y[1], spec.y.unit)
      parts[#parts + 1] = last == 1 and name .. first or ("%sfrom %s at %s to %s at %s"):format(name, first,
        units.number(line.x[1], spec.x.unit), units.number(line.y[last], spec.y.unit),
        units.number(line.x[last], spec.x.unit))
    end
  end
  return parts
end

local ALIKE = 1.05 -- times: lines or bars that are nearer look the same

-- How far two values are apart, as a factor; nil where one of them has none.
local function times_apart(low, high)
  return low > 0 and high >= low and high / low or nil
end

-- "the highest is double (9 ns), the lowest 1.5 (3 ns), 3.0 times apart", of items { name, value }; nil for less than
-- two.
local function extremes(items, unit, most, least)
  if #items < 2 then
    return nil
  end
  local low, high = items[1], items[1]
  for _, item in ipairs(items) do
    low, high = item[2] < low[2] and item or low, item[2] > high[2] and item or high
  end
  local apart = times_apart(low[2], high[2])
  if low[2] == high[2] or apart and apart < ALIKE then
    return ("all are about the same (%s)"):format(units.number(high[2], unit))
  end
  return ("the %s is %s (%s), the %s %s (%s)%s"):format(most, high[1], units.number(high[2], unit), least, low[1],
    units.number(low[2], unit), apart and (", %s times apart"):format(units.rough(apart)) or "")
end

local function finding_of_bars(spec)
  local parts = {}
  for _, line in ipairs(spec.lines) do
    local items = {}
    for i, name in ipairs(line.x) do
      items[i] = { name, line.y[i] }
    end
    local words = extremes(items, spec.y.unit, "longest bar", "shortest")
    parts[#parts + 1] = words and (#spec.lines > 1 and line.label and line.label .. ": " or "") .. words
  end
  return #parts > 0 and table.concat(parts, "; ") or nil
end

-- Which line rises most, or how one alone goes.
local function finding_of_rise(lines, unit)
  local most, rise
  for _, line in ipairs(lines) do
    local times = times_apart(line.y[1], line.y[#line.y])
    if times and times >= ALIKE and times > (rise or 0) then
      most, rise = line, times
    end
  end
  if rise then
    return ("from left to right %s rises %s%s times"):format(most.label, #lines > 1 and "most, " or "",
      units.rough(rise))
  end
  local only = #lines == 1 and lines[1]
  return only and ("from left to right %s goes from %s to %s"):format(only.label, units.number(only.y[1], unit),
    units.number(only.y[#only.y], unit)) or nil
end

-- Lines that reach the right end of the picture are compared there; all lines at their ends if that is one alone.
local function finding_of_lines(spec)
  local furthest, near, all, ends = -math.huge, {}, {}, {}
  for _, line in ipairs(spec.lines) do
    all[#all + 1] = #line.y > 1 and line.label and line or nil
  end
  for _, line in ipairs(all) do
    furthest = math.max(furthest, line.x[#line.x])
  end
  for _, line in ipairs(all) do
    near[#near + 1] = line.x[#line.x] == furthest and line or nil
  end
  local lines = #near > 1 and near or all
  for k, line in ipairs(lines) do
    ends[k] = { line.label, line.y[#line.y] }
  end
  local parts = { extremes(ends, spec.y.unit, lines == near and "highest line at the right end"
    or "line that ends highest", "lowest") }
  parts[#parts + 1] = finding_of_rise(lines, spec.y.unit)
  return #parts > 0 and table.concat(parts, "; ") or nil
end

-- What is found in it, from the data, where the experiment does not say it.
local function finding_of(spec)
  if spec.finding or spec.kind == "points" then
    return spec.finding
  end
  local found = spec.kind == "bars" and finding_of_bars(spec) or spec.kind ~= "bars" and finding_of_lines(spec)
  return found and found:gsub("^%l", string.upper) .. "." or nil
end

--- What is seen: first what is found, then the figures.
-- @param spec a plot, its lines in order
-- @return text
function description.of(spec)
  local parts = spec.kind == "bars" and of_bars(spec) or of_lines(spec)
  local more = #parts - MOST
  if more > 0 then
    parts[MOST + 1] = ("and %d more"):format(more)
  end
  local list = table.concat(parts, "; ", 1, math.min(#parts, MOST + 1))
  local found = finding_of(spec)
  return (found and found .. " " or "") .. list .. "."
end

local NEAR = 0.01 -- of the axis, or of the value where the axis is logarithmic: lines that are nearer look like one

local function is_hidden(spec, line, other)
  if #line.y < 2 or #line.y ~= #other.y then
    return false
  end
  local low, high = math.huge, -math.huge
  for _, one in ipairs(spec.lines) do
    for _, y in ipairs(one.y) do
      low, high = math.min(low, y), math.max(high, y)
    end
  end
  for i, y in ipairs(line.y) do
    local room = spec.y.log and math.max(math.abs(y), math.abs(other.y[i])) or high - low
    if line.x[i] ~= other.x[i] or math.abs(y - other.y[i]) > NEAR * room then
      return false
    end
  end
  return true
end

--- Which lines lie on each other all the way, so that one of them is seen.
-- @return a sentence; nil if there are none
function description.hidden(spec)
  if spec.kind == "bars" or spec.kind == "points" then
    return nil
  end
  local sentences, told = {}, {}
  for k, line in ipairs(spec.lines) do
    local group = { line.label }
    for i = k + 1, #spec.lines do
      local other = spec.lines[i]
      if line.label and other.label and not told[other] and not told[line] and is_hidden(spec, line, other) then
        group[#group + 1], told[other] = other.label, true
      end
    end
    if #group > 1 then
      sentences[#sentences + 1] = ("The lines %s and %s lie on each other."):format(
        table.concat(group, ", ", 1, #group - 1), group[#group])
    end
  end
  return #sentences > 0 and table.concat(sentences, " ") or nil
end

return description
