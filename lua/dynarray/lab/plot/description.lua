--- What a picture shows, in words: for who hears the page, or sees no pictures.
-- @module dynarray.lab.plot.description
local units = require "dynarray.lab.base.units"

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
