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

--- What is seen.
-- @param spec a plot, its lines in order
-- @return text
function description.of(spec)
  local parts = spec.kind == "bars" and of_bars(spec) or of_lines(spec)
  local more = #parts - MOST
  if more > 0 then
    parts[MOST + 1] = ("and %d more"):format(more)
  end
  local list = table.concat(parts, "; ", 1, math.min(#parts, MOST + 1))
  return (spec.finding and spec.finding .. " " or "") .. list .. "."
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
      sentences[#sentences + 1] = ("%s and %s lie on each other."):format(table.concat(group, ", ", 1, #group - 1),
        group[#group])
    end
  end
  return #sentences > 0 and table.concat(sentences, " ") or nil
end

return description
