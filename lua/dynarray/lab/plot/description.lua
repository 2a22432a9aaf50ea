--- What a picture shows, in words: for who hears the page, or sees no pictures.
-- @module dynarray.lab.plot.description
local units = require "dynarray.lab.base.units"

local MOST = 8 -- lines or bars that are told

local function of_bars(spec)
  local parts = {}
  for _, line in ipairs(spec.lines) do
    for i, name in ipairs(line.x) do
      local label = #spec.lines > 1 and line.label and ("%s, %s"):format(name, line.label) or tostring(name)
      parts[#parts + 1] = ("%s %s"):format(label, units.number(line.y[i], spec.y.unit))
    end
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

--- @param spec a plot, its lines in order
-- @return text
return function(spec)
  local parts = spec.kind == "bars" and of_bars(spec) or of_lines(spec)
  local more = #parts - MOST
  if more > 0 then
    parts[MOST + 1] = ("and %d more"):format(more)
  end
  local list = table.concat(parts, "; ", 1, math.min(#parts, MOST + 1))
  return (spec.finding and spec.finding .. " " or "") .. list .. "."
end
