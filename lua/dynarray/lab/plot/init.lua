--- Pictures by gnuplot: SVG, PNG, and text for a terminal.
-- A plot is a table of the shape that experiments return: `name`, `title`, axes `x` and `y` (`label`, `unit`, `log`),
-- `kind` ("lines", "points", "steps", "impulses", "bars"), `lines` and `marks`. Optional: `finding`, a sentence on what
-- is seen, for who cannot see it; `read`, how to read the picture, in two sentences at most, and `notes`, more on what
-- is in it; `open`: a page shows it even if it is not the first.
-- @module dynarray.lab.plot
local axis = require "dynarray.lab.plot.axis"
local bars = require "dynarray.lab.plot.bars"
local canvas = require "dynarray.lab.plot.canvas"
local description = require "dynarray.lab.plot.description"
local labels = require "dynarray.lab.plot.labels"
local palette = require "dynarray.lab.plot.palette"
local svg = require "dynarray.lab.plot.svg"

local plot = {}

--- What to say where there is no gnuplot.
plot.advice = "no pictures: gnuplot is missing (Debian, Ubuntu: apt-get install gnuplot-nox)"

--- What to say beside the picture: how to read it; and what the experiment notes, with which lines hide others.
-- @return two texts, each may be nil
function plot.reading(spec)
  local hidden = description.hidden(spec)
  return spec.read, spec.notes and hidden and spec.notes .. " " .. hidden or spec.notes or hidden
end

local MOST_FREE = 0.3 -- of the height, for the names of upright lines
local MOST_DOTS = 40 -- more points than that are drawn as a line without dots
local MOST_BANDS = 6 -- more bands than that hide each other
local LEADER = 24    -- from the end of a line to its label, in pixels
local DASHED = 46    -- the same where lines are dashed, so that the dash beside the label shows it

local available

--- Whether gnuplot is there.
function plot.available()
  if available == nil then
    available = os.execute("command -v gnuplot >/dev/null 2>&1") == true
  end
  return available
end

local function all_values(spec, key, others)
  local values = {}
  for _, line in ipairs(spec.lines) do
    for _, name in ipairs(others) do
      for _, value in ipairs(line[name] or {}) do
        values[#values + 1] = value
      end
    end
  end
  for _, mark in ipairs(spec.marks or {}) do
    if mark.y then
      values[#values + 1] = mark[key]
    end
  end
  return values
end

-- Labels at points, in the colours of `colours` (nil: that of the text).
local function label_points(page, frame, points, colours)
  local wanted, bounds = {}, { x = 0, y = 0, width = frame.width, height = frame.height }
  for k, point in ipairs(points) do
    wanted[k] = {
      x = frame.x(point.x), y = frame.y(point.y), width = page:width_of(point.label), height = page.line_height,
    }
  end
  for k, box in ipairs(labels.place(wanted, {}, bounds)) do
    if box then
      local y = frame.bottom + box.y + box.height / 2
      page:text(points[k].label, frame.left + box.x, y, { colour = colours and colours[k] })
    end
  end
end

local function leader_of(spec)
  for _, line in ipairs(spec.lines) do
    if (line.dash or 0) > 0 then
      return DASHED
    end
  end
  return LEADER
end

local FAR = 0.02 -- of the width: where a line ends so far before the others, what leads on to its label is no data

-- Labels at the right of the frame, each at the height where its line ends, in the colour of text: not all colours of
-- lines can be read as letters. A dash beside it has the line's.
local function label_ends(page, frame, spec)
  local wishes, named, furthest = {}, {}, 0
  for k, line in ipairs(spec.lines) do
    local last = #line.y
    if line.label and last > 0 then
      named[#named + 1] = k
      wishes[#wishes + 1] = math.max(0, math.min(frame.y(line.y[last]), frame.height))
      furthest = math.max(furthest, frame.x(line.x[last]))
    end
  end
  local half, leader = page.line_height / 2, leader_of(spec)
  local heights = labels.spread(wishes, page.line_height, half - page.line_height, frame.height + half)
  for i, k in ipairs(named) do
    local line, colour = spec.lines[k], spec.lines[k].colour
    local right = frame.left + frame.width
    if not page.is_text then
      local last = frame.left + frame.x(line.x[#line.x])
      local key, key_end = right + LEADER - 10, right + leader - 4
      local is_far = last < frame.left + furthest - frame.width * FAR
      page:line(last, frame.bottom + wishes[i], key, frame.bottom + heights[i], { colour = not is_far and colour or nil,
        dash = is_far and canvas.dotted or nil, width = 0.6 + (is_far and k / 100 or 0) }) -- widths: see canvas.legend
      page:line(key, frame.bottom + heights[i], key_end, frame.bottom + heights[i],
        { colour = colour, width = leader == LEADER and 4 or 2, dash = canvas.dash(line.dash) })
    end
    local letter = page.is_text and canvas.letter(k) .. " " or ""
    local x = right + (page.is_text and 2 or leader)
    page:text(letter .. line.label, x, frame.bottom + heights[i], { colour = page.is_text and colour or nil })
  end
end

local function draw_marks(page, frame, spec, x_range)
  local points, right_edges = {}, {}
  for _, mark in ipairs(spec.marks or {}) do
    if mark.y then
      points[#points + 1] = mark
    elseif mark.x >= x_range[1] and mark.x <= x_range[2] then
      local x = frame.left + frame.x(mark.x)
      page:line(x, frame.bottom, x, frame.bottom + frame.height, { dash = canvas.dashed })
      -- Its label at the top, in the first row where there is room.
      local width = page:width_of(mark.label)
      local start = math.min(x + page.character / 2, frame.left + frame.width - width)
      local row = 1
      while (right_edges[row] or -math.huge) > start do
        row = row + 1
      end
      right_edges[row] = start + width + page.character
      page:text(mark.label, start, frame.bottom + frame.height - (row - 0.4) * page.line_height, {})
    end
  end
  for _, mark in ipairs(points) do
    page:ring(frame.left + frame.x(mark.x), frame.bottom + frame.y(mark.y))
  end
  label_points(page, frame, points)
end

-- The rows at the top that the labels of upright lines need, so that they cover no data.
local function rows_of_marks(spec)
  local upright = 0
  for _, mark in ipairs(spec.marks or {}) do
    upright = upright + (mark.y and 0 or 1)
  end
  return math.min(upright, 2)
end

local STYLES = { lines = "lines", steps = "steps", impulses = "impulses", points = "points", line = "lines" }

local function draw_line(page, spec, line, k)
  local style = STYLES[line.style or spec.kind or "lines"]
  local rows = {}
  for i, y in ipairs(line.y) do
    rows[i] = { line.x[i], y, line.low and line.low[i] or y, line.high and line.high[i] or y }
  end
  page:curve(rows, {
    style = style, colour = line.colour, dash = canvas.dash(line.dash), letter = k, name = line.label,
    dots = style == "lines" and #rows <= MOST_DOTS,
    band = line.low ~= nil and not page.is_text and #spec.lines <= MOST_BANDS,
  })
end

local function single_points(spec)
  for _, line in ipairs(spec.lines) do
    if #line.y ~= 1 then
      return false
    end
  end
  return #spec.lines > 1
end

-- Names at the ends of lines take this share of the width at the most; longer ones go into a legend below.
local MOST_FOR_NAMES = 0.4

-- How lines get their names: "points" (beside them), "ends", "legend", or not at all; and the width of the longest.
local function naming(page, spec)
  local widest = 0
  for _, line in ipairs(spec.lines) do
    widest = math.max(widest, line.label and page:width_of(line.label) or 0)
  end
  if widest == 0 then
    return nil, 0
  elseif single_points(spec) then
    return "points", 0
  elseif widest + (page.is_text and 4 or leader_of(spec)) > page.width * MOST_FOR_NAMES then
    return "legend", 0
  end
  return "ends", widest
end

--- The height at which the names of all lines find room.
local function curves_height(spec, device, height)
  local page = canvas.new { terminal = device.terminal, width = device.width, height = 1, is_text = device.is_text }
  local way = naming(page, spec)
  if way == "legend" then
    return height + page:legend_height(spec.lines)
  elseif way == "ends" then
    return math.max(height, (#spec.lines + 5) * page.line_height)
  end
  return height
end

-- Axes, lines and labels; the frame is what the axes enclose.
local function draw_curves(page, spec)
  local way, widest = naming(page, spec)
  local x_values, y_values = all_values(spec, "x", { "x" }), all_values(spec, "y", { "y", "low", "high" })
  local x_low, x_high = axis.range(spec.x, x_values)
  local y_low, y_high = axis.range(spec.y, y_values)
  local foot = way == "legend" and page:legend_height(spec.lines) or 0
  local bottom = foot + page.line_height * (page.is_text and 3 or 2.6)
  local top = page.heading + 1.4 * page.line_height
  local free = rows_of_marks(spec) * page.line_height / math.max(page.height - bottom - top, page.line_height)
  y_high = axis.raised(spec.y, y_low, y_high, math.min(free, MOST_FREE))
  local right = widest == 0 and 2 * page.character or
    widest + (page.is_text and 4 or leader_of(spec) + page.character / 2)
  local most = math.max(3, math.min(8, page.height // (page.line_height * 3)))
  local y_ticks = axis.ticks(spec.y, y_low, y_high, most)
  local left = 0
  for _, tick in ipairs(y_ticks) do
    left = math.max(left, page:width_of(tick[2]))
  end
  left = left + page.character * 1.5
  local frame = page:frame(left, right, bottom, top)
  local x_tick_width = 0
  for _, tick in ipairs(axis.ticks(spec.x, x_low, x_high, 6)) do
    x_tick_width = math.max(x_tick_width, page:width_of(tick[2]))
  end
  most = math.max(2, frame.width // (x_tick_width + 2 * page.character))
  local x_ticks = axis.ticks(spec.x, x_low, x_high, most)
  frame.x = function(value) return axis.place(spec.x, x_low, x_high, value) * frame.width end
  frame.y = function(value) return axis.place(spec.y, y_low, y_high, value) * frame.height end

  page:axes(frame, { low = x_low, high = x_high, log = spec.x.log, ticks = x_ticks },
    { low = y_low, high = y_high, log = spec.y.log, ticks = y_ticks })
  page:text(axis.title(spec.y), page.character / 2, frame.bottom + frame.height + page.line_height * 0.8, {})
  local y = foot + (page.is_text and 0 or page.line_height * 0.6)
  page:text(axis.title(spec.x), frame.left + frame.width / 2, y, { align = "center" })
  draw_marks(page, frame, spec, { x_low, x_high })
  if way == "legend" then
    page:legend(spec.lines, foot)
  elseif way == "points" then
    local points, colours = {}, {}
    for k, line in ipairs(spec.lines) do
      local label = (page.is_text and canvas.letter(k) .. " " or "") .. (line.label or "")
      points[k] = { x = line.x[1], y = line.y[1], label = label }
      colours[k] = page.is_text and line.colour or nil
    end
    label_points(page, frame, points, colours)
  elseif way == "ends" then
    label_ends(page, frame, spec)
  end
  for _, grey in ipairs { true, false } do -- grey ones below the others
    for k, line in ipairs(spec.lines) do
      if line.grey == grey then
        draw_line(page, spec, line, k)
      end
    end
  end
end

local function has_data(spec)
  for _, line in ipairs(spec.lines) do
    if #line.y > 0 then
      return true
    end
  end
  return false
end

-- The plot with its lines in the order of all pictures, and in their colours. Bars have a legend alone, so all of them
-- have a colour.
local function styled(spec)
  local lines, line_names = {}, { n = #spec.lines }
  for k, line in ipairs(palette.ordered(spec.lines, function(line) return line.label end)) do
    lines[k], line_names[k] = setmetatable({}, { __index = line }), line.label
  end
  for k, style in ipairs(palette.styles(line_names, spec.kind ~= "bars" and palette.most_lines or nil)) do
    lines[k].colour, lines[k].dash, lines[k].grey = style.colour, style.dash, style.grey
  end
  return setmetatable({ lines = lines }, { __index = spec })
end

-- What gnuplot prints for the plot on a device of canvas, or nil and why.
local function draw(spec, device)
  if not has_data(spec) then
    return nil, "no data: " .. spec.name
  elseif not plot.available() then
    return nil, plot.advice
  end
  spec = styled(spec)
  if spec.kind == "bars" then
    device.height = bars.height(spec, device)
  else
    device.height = curves_height(spec, device, device.height)
  end
  local page = canvas.new(device)
  if spec.title and not device.untitled then
    page:title(spec.title)
  end
  if spec.kind == "bars" then
    bars.draw(page, spec)
  else
    draw_curves(page, spec)
  end
  return page:run()
end

--- The plot as SVG that follows the colour scheme of the page that it stands in.
-- @param spec the plot
-- @param options optional: `width` (760), `height` (400; more where names of lines need it; bars: as many as there
-- are), `id` (a prefix of the ids within, for several pictures in one page), `untitled`, `standalone` (with a
-- background and its own colours: a file)
-- @return SVG, or nil and why there is none
function plot.svg(spec, options)
  options = options or {}
  local source, problem = draw(spec, {
    terminal = "svg", width = options.width or 760, height = options.height or 400, untitled = options.untitled,
  })
  if not source then
    return nil, problem
  end
  return svg.themed(source, {
    id = options.id or spec.name, title = spec.title or spec.name, standalone = options.standalone,
    description = description.of(styled(spec)),
  })
end

--- Writes the plot as PNG.
-- @return true, or nil and why not
function plot.png(spec, path, options)
  options = options or {}
  local file, problem = io.open(path, "wb")
  if not file then
    return nil, problem
  end
  local picture
  picture, problem = draw(spec, {
    terminal = "png", width = options.width or 1140, height = options.height or 600,
  })
  file:write(picture or "")
  file:close()
  if not picture then
    os.remove(path)
    return nil, problem
  end
  return true
end

--- The plot as text, in characters; `colour`: with the escape sequences of terminals.
-- @return text, or nil and why there is none
function plot.text(spec, options)
  options = options or {}
  if spec.kind == "bars" then
    return bars.text(spec, options.width or 80)
  end
  return draw(spec, {
    terminal = options.colour and "dumb ansi256" or "dumb mono", width = options.width or 80,
    height = options.height or 24, is_text = true,
  })
end

return plot
