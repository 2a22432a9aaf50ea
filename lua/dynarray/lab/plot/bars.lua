--- Horizontal bars, so that their names can be read.
-- @module dynarray.lab.plot.bars
local axis = require "dynarray.lab.plot.axis"
local canvas = require "dynarray.lab.plot.canvas"
local palette = require "dynarray.lab.plot.palette"
local units = require "dynarray.lab.base.units"

local bars = {}

local BAR = 16 -- pixels
local GAP = 8  -- between groups

-- Where zero, or what stands for it on a log axis, and the largest value lie. Bars begin there, or at `base` of the
-- axis: then those of smaller values go to the left.
local function range(spec)
  local values = { spec.y.base or not spec.y.log and 0 or nil }
  for _, line in ipairs(spec.lines) do
    table.move(line.y, 1, #line.y, #values + 1, values)
  end
  local low, high = axis.range(spec.y, values)
  return low, high
end

local function names(spec)
  local longest = spec.lines[1]
  for _, line in ipairs(spec.lines) do
    longest = #line.x > #longest.x and line or longest
  end
  return palette.ordered(longest.x, tostring)
end

-- The value of a name in one line: by name, since a line may lack some.
local function value_of(line, name)
  for i, x in ipairs(line.x) do
    if x == name then
      return line.y[i]
    end
  end
end

-- Names stand above their bars where they would take too much of the width.
local function stacked(spec, device, character)
  local widest = 0
  for _, name in ipairs(names(spec)) do
    widest = math.max(widest, (utf8.len(tostring(name)) or 0) * character)
  end
  return widest > device.width * 0.34, widest
end

--- The height that the bars of a plot take, in pixels.
function bars.height(spec, device)
  local page = canvas.new { terminal = device.terminal, width = device.width, height = 1 }
  local group = #spec.lines * BAR * page.scale + GAP * page.scale
  if stacked(spec, device, page.character) then
    group = group + page.line_height
  end
  return math.ceil(#names(spec) * group + page.line_height * (device.untitled and 2.5 or 4) +
    (#spec.lines > 1 and page:legend_height(spec.lines) or 0))
end

--- Draws on a page of canvas.
function bars.draw(page, spec)
  local low, high = range(spec)
  local above, widest = stacked(spec, page, page.character)
  local top = page.height - page.heading
  page:text(axis.title(spec.y), page.character, top - page.line_height / 2, {})
  top = top - page.line_height
  if #spec.lines > 1 then
    page:legend(spec.lines, top, true)
    top = top - page:legend_height(spec.lines)
  end
  local left = above and page.character or widest + 2 * page.character
  local room = page.width - left - 10 * page.character -- for the value behind the bar
  local y = top - GAP * page.scale
  local base = spec.y.base and left + axis.place(spec.y, low, high, spec.y.base) * room or left
  if spec.y.base then
    page:line(base, page.line_height / 2, base, top, {})
  end
  for _, name in ipairs(names(spec)) do
    if above then
      page:text(tostring(name), left, y - page.line_height / 2, {})
      y = y - page.line_height
    else
      page:text(tostring(name), left - page.character, y - #spec.lines * BAR * page.scale / 2, { align = "right" })
    end
    for _, line in ipairs(spec.lines) do
      local value = value_of(line, name)
      if value then
        local place = left + axis.place(spec.y, low, high, value) * room
        local right = math.max(place, base + (place < base and 0 or 1))
        page:box(math.min(place, base), y - (BAR - 3) * page.scale, right, y - 1, line.colour)
        page:text(units.number(value, spec.y.unit), right + page.character / 2, y - (BAR - 2) * page.scale / 2, {})
      end
      y = y - BAR * page.scale
    end
    y = y - GAP * page.scale
  end
end

--- The same as text, without gnuplot.
function bars.text(spec, width)
  local low, high = range(spec)
  local rows, widest = {}, 0
  for _, name in ipairs(names(spec)) do
    for _, line in ipairs(spec.lines) do
      local value = value_of(line, name)
      local label = tostring(name) .. (line.label and #spec.lines > 1 and ", " .. line.label or "")
      if value then
        rows[#rows + 1] = { label, value }
        widest = math.max(widest, utf8.len(label) or #label)
      end
    end
  end
  local room = math.max(10, width - widest - 12)
  local lines = { ("%s: %s"):format(spec.title or spec.name, axis.title(spec.y)) }
  for _, row in ipairs(rows) do
    local length = math.max(1, math.floor(axis.place(spec.y, low, high, row[2]) * room + 0.5))
    local pad = (" "):rep(widest - (utf8.len(row[1]) or #row[1]))
    lines[#lines + 1] = ("%s%s %s %s"):format(row[1], pad, ("#"):rep(length), units.number(row[2], spec.y.unit))
  end
  return table.concat(lines, "\n") .. "\n"
end

return bars
