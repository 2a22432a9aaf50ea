--- A page that gnuplot draws: its script is collected, then run. Places are in pixels, on a text terminal in
-- characters, from the lower left corner.
-- @module dynarray.lab.plot.canvas
local palette = require "dynarray.lab.plot.palette"

local canvas = {}
canvas.__index = canvas

canvas.dashed = '"-"'
canvas.dotted = '"."'
local DASHES = { "solid", canvas.dashed, canvas.dotted, '"-."' }

--- How a line is dashed: 0 is solid.
function canvas.dash(dash)
  return DASHES[dash % #DASHES + 1]
end

--- What marks the points of the kth line on a text terminal, as gnuplot does.
function canvas.letter(k)
  return string.char(("A"):byte() + (k - 1) % 26)
end

local FONT = 13
local PNG_SCALE = 1.5
local SAMPLE = 36 -- of a line in a legend, in pixels: so long that its dashes are seen
local BOX = 22    -- of a bar in a legend

local function quoted(s)
  return "'" .. s:gsub("'", "''"):gsub("[%c]", " ") .. "'"
end

-- Numbers as gnuplot reads them.
local function numeral(x)
  return ("%.10g"):format(x)
end

--- @param device `terminal` (svg, png, dumb ...), `width`, `height`, `is_text`
function canvas.new(device)
  local scale = device.terminal == "png" and PNG_SCALE or 1
  local page = setmetatable({
    width = device.width, height = device.height, is_text = device.is_text, scale = scale,
    character = device.is_text and 1 or FONT * 0.62 * scale,
    line_height = device.is_text and 1 or FONT * 1.25 * scale,
    heading = 0, commands = {}, data = {}, curves = {}, labels = 0,
  }, canvas)
  local terminals = {
    svg = ('svg size %d,%d noenhanced font "sans-serif,%g"'):format(device.width, device.height // 1, FONT),
    png = ('pngcairo size %d,%d noenhanced font "sans-serif,%g" background rgb "white"'):format(device.width,
      device.height // 1, FONT * scale * 0.75),
  }
  page:add("set terminal %s", terminals[device.terminal]
    or ("%s size %d,%d noenhanced"):format(device.terminal, device.width, device.height))
  page:add("set encoding utf8")
  page:add("unset key")
  return page
end

function canvas:add(format, ...)
  self.commands[#self.commands + 1] = format:format(...)
end

function canvas:width_of(s)
  return (utf8.len(s) or #s) * self.character
end

-- On a text terminal the first and the last character are the edges.
function canvas:across(x)
  return numeral(self.is_text and math.floor(x + 0.5) / (self.width - 1) or x / self.width)
end

function canvas:up(y)
  return numeral(self.is_text and math.floor(y + 0.5) / (self.height - 1) or y / self.height)
end

-- The colour of text; on a terminal it has its own, unless there is a reason.
function canvas:text_colour(colour)
  if self.is_text and not colour then
    return ""
  end
  return " textcolor rgb " .. quoted(colour or palette.picture.text[1])
end

--- A line of text; options: `align` ("left"), `colour`.
function canvas:text(s, x, y, options)
  self:add("set label %s at screen %s, screen %s %s front%s", quoted(s), self:across(x), self:up(y),
    options.align or "left", self:text_colour(options.colour))
end

function canvas:title(s)
  self.heading = self.line_height * (self.is_text and 1 or 1.4)
  self:text(s, self.width / 2, self.height - (self.is_text and 1 or self.heading / 2), { align = "center" })
end

--- A straight line; options: `colour`, `width`, `dash`.
function canvas:line(x1, y1, x2, y2, options)
  self:add("set arrow from screen %s, screen %s to screen %s, screen %s nohead back lw %g lc rgb %s dt %s",
    self:across(x1), self:up(y1), self:across(x2), self:up(y2), (options.width or 1) * self.scale,
    quoted(options.colour or palette.picture.mark[1]), options.dash or "solid")
end

function canvas:box(x1, y1, x2, y2, colour)
  self.boxes = (self.boxes or 0) + 1
  self:add("set object %d rectangle from screen %s, screen %s to screen %s, screen %s fc rgb %s fs solid noborder",
    self.boxes, self:across(x1), self:up(y1), self:across(x2), self:up(y2), quoted(colour))
end

--- A ring around a marked point.
function canvas:ring(x, y)
  if not self.is_text then
    self:add("set label '' at screen %s, screen %s point pt 6 ps %g lc rgb %s front", self:across(x), self:up(y),
      1.4 * self.scale, quoted(palette.picture.text[1]))
  end
end

--- What lines are called, each beside a sample of it (`boxes`: of its colour), row by row from `top` down.
function canvas:legend(lines, top, boxes)
  self:flow(lines, function(label, k, x, row)
    local line = lines[k]
    local y = top - (row - 0.5) * self.line_height
    local right = x + SAMPLE * self.scale
    if self.is_text then
      self:text(canvas.letter(k) .. " " .. label, x, y, { colour = line.colour })
    elseif boxes then
      self:box(right - BOX * self.scale, y - 5 * self.scale, right, y + 5 * self.scale, line.colour)
    else
      -- gnuplot's SVG joins lines of one colour and width into one path, with the dash of the first: widths differ.
      self:line(x, y, right, y, { colour = line.colour, dash = canvas.dash(line.dash), width = 1.8 + k / 100 })
    end
    if not self.is_text then
      self:text(label, right + 5 * self.scale, y, {})
    end
  end)
end

--- The height of that legend.
function canvas:legend_height(lines)
  return self:flow(lines, function() end)
end

-- Calls place(label, k, x, row) for each line with a label; returns the height of all rows.
function canvas:flow(lines, place)
  local x, row = self.character, 1
  for k, line in ipairs(lines) do
    if line.label then
      local width = self:width_of(line.label) + (self.is_text and 4 or (SAMPLE + 18) * self.scale)
      if x > self.character and x + width > self.width then
        x, row = self.character, row + 1
      end
      place(line.label, k, x, row)
      x = x + width
    end
  end
  return row * self.line_height
end

--- The part of the page within the axes: `left`, `bottom`, `width`, `height`.
function canvas:frame(left, right, bottom, top)
  self:add("set lmargin at screen %s", self:across(left))
  self:add("set rmargin at screen %s", self:across(self.width - right))
  self:add("set bmargin at screen %s", self:up(bottom))
  self:add("set tmargin at screen %s", self:up(self.height - top))
  return { left = left, bottom = bottom, width = self.width - left - right, height = self.height - bottom - top }
end

--- Both axes: `low`, `high`, `log`, `ticks`.
function canvas:axes(_, x, y)
  self:add("set border 3")
  if not self.is_text then
    self:add("set border 3 lc rgb %s lw %g", quoted(palette.picture.text[1]), self.scale)
    local colour = quoted(palette.picture.grid[1])
    self:add("set grid xtics ytics back lt 1 dt solid lw %g lc rgb %s", 0.6 * self.scale, colour)
  end
  for name, one in pairs { x = x, y = y } do
    if one.log then
      self:add("set logscale %s", name)
    end
    self:add("set %srange [%s:%s] noextend", name, numeral(one.low), numeral(one.high))
    local ticks = {}
    for k, tick in ipairs(one.ticks) do
      ticks[k] = quoted((tick[2]:gsub("%%", "%%%%"))) .. " " .. numeral(tick[1]) -- a label is a format there
    end
    self:add("set %stics scale 0.5,0 nomirror%s (%s)", name, self:text_colour(), table.concat(ticks, ", "))
  end
end

--- Adds rows { x, y, low, high }; options: `style`, `colour`, `dash`, `letter`, `dots`, `band`, `name`.
function canvas:curve(rows, options)
  local name = "$d" .. #self.curves + 1
  local lines = { name .. " << EOD" }
  for _, row in ipairs(rows) do
    lines[#lines + 1] = ("%s %s %s %s"):format(numeral(row[1]), numeral(row[2]), numeral(row[3]), numeral(row[4]))
  end
  lines[#lines + 1] = "EOD"
  self.data[#self.data + 1] = table.concat(lines, "\n")
  local colour, title = quoted(options.colour), quoted(options.name or "")
  if options.band then
    local format = "%s using 1:3:4 with filledcurves fc rgb %s fs transparent solid 0.18 noborder title %s"
    self.curves[#self.curves + 1] = format:format(name, colour, title)
  end
  local style, point = options.style, ""
  if options.dots or options.style == "points" then
    style = options.dots and "linespoints" or "points"
    point = (" pt %d ps %g"):format(self.is_text and options.letter or 7, 0.45 * self.scale)
  end
  local stroke = ""
  if style ~= "points" then
    stroke = (" lw %g dt %s"):format((style == "impulses" and 1 or 1.8) * self.scale, options.dash)
  end
  local format = "%s using 1:2 with %s%s lc rgb %s%s title %s"
  self.curves[#self.curves + 1] = format:format(name, style, stroke, colour, point, title)
end

--- The whole script.
function canvas:script()
  local parts = { table.concat(self.data, "\n"), table.concat(self.commands, "\n") }
  if #self.curves > 0 then
    parts[3] = "plot " .. table.concat(self.curves, ", \\\n  ")
  else -- nothing but labels and boxes
    parts[3] = "unset border\nunset tics\nset xrange [0:1]\nset yrange [0:1]\nplot NaN notitle"
  end
  return table.concat(parts, "\n") .. "\n"
end

--- @return what gnuplot prints, or nil and its complaint
function canvas:run()
  local path, complaints = os.tmpname(), os.tmpname()
  local file = assert(io.open(path, "w"))
  file:write(self:script())
  file:close()
  -- -d: without the user's own settings.
  local pipe = assert(io.popen(("gnuplot -d '%s' 2>'%s'"):format(path, complaints)))
  local output = pipe:read("a")
  local ok = pipe:close()
  file = assert(io.open(complaints))
  local complaint = file:read("a")
  file:close()
  os.remove(path)
  os.remove(complaints)
  if not ok or output == "" then
    return nil, "gnuplot: " .. complaint:gsub("%s+", " ")
  end
  return (output:gsub("^[\n\f]+", "")) -- of the terminals for text
end

return canvas
