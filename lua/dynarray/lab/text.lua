--- Numbers with their units, and tables of text: aligned, Markdown.
-- @module dynarray.lab.text
local text = {}

local KIB = 1024

-- Units that are scaled: each from the factor at which it begins.
local times = { { 1, "ns" }, { 1e3, "µs" }, { 1e6, "ms" }, { 1e9, "s" } }
local sizes = { { 1, "B" }, { KIB, "KiB" }, { KIB ^ 2, "MiB" }, { KIB ^ 3, "GiB" }, { KIB ^ 4, "TiB" } }
local scales = {
  ns = { factor = 1, steps = times },
  us = { factor = 1e3, steps = times },
  ms = { factor = 1e6, steps = times },
  s = { factor = 1e9, steps = times },
  bytes = { factor = 1, steps = sizes },
  B = { factor = 1, steps = sizes },
}

--- How a unit is scaled: `factor` to the first of its `steps`; what follows the unit ("/append"). Nil for the others.
function text.scale(unit)
  local base, rest = (unit or ""):match("^(%a+)(.*)$")
  return base and scales[base], rest
end

--- A number as `1e8`, `2.5e-7`.
function text.power(value)
  local mantissa, exponent = ("%.2e"):format(value):match("^(.-)e(.*)$")
  return mantissa:gsub("%.?0+$", "") .. "e" .. math.tointeger(tonumber(exponent))
end

--- A number in three significant digits; whole numbers below a million in full.
function text.digits(value)
  if value ~= value then
    return "-"
  end
  local size = math.abs(value)
  if size == math.huge then
    return value < 0 and "-inf" or "inf"
  elseif size < 1e6 and value == math.floor(value) then
    return ("%d"):format(value)
  elseif size >= 1e6 or size < 1e-3 then
    return text.power(value)
  end
  return ("%." .. (size >= 99.95 and 0 or size >= 9.995 and 1 or size >= 0.9995 and 2 or 3) .. "f"):format(value)
end

--- A value with its unit, in the step of the unit that suits it: `1.20 ns`, `34.0 MiB`, `12.5%`.
-- Strings and booleans are shown as they are, nil as nothing.
function text.number(value, unit)
  if type(value) ~= "number" then
    return value == nil and "" or tostring(value)
  end
  local scale, rest = text.scale(unit)
  if not scale then
    local space = (unit == "%" or unit == "" or not unit) and "" or " "
    return text.digits(value) .. space .. (unit or "")
  end
  local scaled = value * scale.factor
  local step = scale.steps[1]
  for _, next_step in ipairs(scale.steps) do
    if math.abs(scaled) >= next_step[1] * 0.9995 then
      step = next_step
    end
  end
  return text.digits(scaled / step[1]) .. " " .. step[2] .. rest
end

-- The heading of a column names its unit unless each cell does.
local function heading(column)
  local unit = column.unit
  if not unit or unit == "" or text.scale(unit) then
    return column.name
  end
  return ("%s, %s"):format(column.name, unit)
end

--- Text without control characters, which a terminal would obey; each becomes a space.
function text.clean(s)
  return (s:gsub("\xC2[\x80-\x9F]", " "):gsub("%c", " "))
end

--- Text that Markdown shows as it is, not as HTML.
function text.escaped(s)
  return (text.clean(s):gsub("[&<]", { ["&"] = "&amp;", ["<"] = "&lt;" }))
end

--- The cells of a table as strings, heading first, and which columns hold numbers (those stand to the right).
function text.cells(table_)
  local rows, numeric = { {} }, {}
  for k, column in ipairs(table_.columns) do
    rows[1][k] = heading(column)
    local numbers = 0
    for i, row in ipairs(table_.rows) do
      rows[i + 1] = rows[i + 1] or {}
      local value = row[k]
      local unit = text.scale(column.unit) and column.unit or nil
      rows[i + 1][k] = text.clean(text.number(value, unit))
      if rows[i + 1][k]:find("^[-+<~]?%.?%d") then
        numbers = numbers + 1
      elseif value ~= nil then
        numbers = -math.huge
      end
    end
    numeric[k] = numbers > 0
  end
  return rows, numeric
end

--- The table as aligned text, its title above.
function text.aligned(table_)
  local rows, numeric = text.cells(table_)
  local widths = {}
  for _, row in ipairs(rows) do
    for k, cell in ipairs(row) do
      widths[k] = math.max(widths[k] or 0, utf8.len(cell) or #cell)
    end
  end
  local lines = { table_.title }
  for _, row in ipairs(rows) do
    local cells = {}
    for k, cell in ipairs(row) do
      local pad = (" "):rep(widths[k] - (utf8.len(cell) or #cell))
      cells[k] = numeric[k] and pad .. cell or cell .. pad
    end
    lines[#lines + 1] = (table.concat(cells, "  "):gsub("%s+$", ""))
  end
  return table.concat(lines, "\n") .. "\n"
end

--- The table in Markdown.
function text.markdown(table_)
  local rows, numeric = text.cells(table_)
  local lines = { table_.title and ("**%s**\n"):format(table_.title) }
  for i, row in ipairs(rows) do
    local cells, rule = {}, {}
    for k, cell in ipairs(row) do
      cells[k] = text.escaped(cell):gsub("[|\\]", "\\%0")
      rule[k] = numeric[k] and "---:" or "---"
    end
    lines[#lines + 1] = "| " .. table.concat(cells, " | ") .. " |"
    if i == 1 then
      lines[#lines + 1] = "| " .. table.concat(rule, " | ") .. " |"
    end
  end
  return table.concat(lines, "\n") .. "\n"
end

return text
