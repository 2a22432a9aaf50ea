--- Tables as text: aligned, or in Markdown; and text that neither a terminal nor Markdown takes for more.
-- @module dynarray.lab.report.text_table
local units = require "dynarray.lab.base.units"

local text_table = {}

-- The heading of a column names its unit unless each cell does.
local function heading(column)
  local unit = column.unit
  if not unit or unit == "" or units.scale(unit) then
    return column.name
  end
  return ("%s, %s"):format(column.name, unit)
end

--- Text without control characters, which a terminal would obey; each becomes a space.
function text_table.clean(s)
  return (s:gsub("\xC2[\x80-\x9F]", " "):gsub("%c", " "))
end

--- Text that Markdown shows as it is, not as HTML.
function text_table.escaped(s)
  return (text_table.clean(s):gsub("[&<]", { ["&"] = "&amp;", ["<"] = "&lt;" }))
end

--- The cells of a table as strings, heading first, and which columns hold numbers (those stand to the right).
function text_table.cells(table_)
  local rows, numeric = { {} }, {}
  for k, column in ipairs(table_.columns) do
    rows[1][k] = heading(column)
    local numbers = 0
    for i, row in ipairs(table_.rows) do
      rows[i + 1] = rows[i + 1] or {}
      local value = row[k]
      local unit = units.scale(column.unit) and column.unit or nil
      rows[i + 1][k] = text_table.clean(units.number(value, unit))
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
function text_table.aligned(table_)
  local rows, numeric = text_table.cells(table_)
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
function text_table.markdown(table_)
  local rows, numeric = text_table.cells(table_)
  local lines = { table_.title and ("**%s**\n"):format(table_.title) }
  for i, row in ipairs(rows) do
    local cells, rule = {}, {}
    for k, cell in ipairs(row) do
      cells[k] = text_table.escaped(cell):gsub("[|\\]", "\\%0")
      rule[k] = numeric[k] and "---:" or "---"
    end
    lines[#lines + 1] = "| " .. table.concat(cells, " | ") .. " |"
    if i == 1 then
      lines[#lines + 1] = "| " .. table.concat(rule, " | ") .. " |"
    end
  end
  return table.concat(lines, "\n") .. "\n"
end

return text_table
