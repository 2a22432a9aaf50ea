--- Tables as text: aligned, or in Markdown; and text that neither a terminal nor Markdown takes for more.
-- @module dynarray.lab.report.text_table
local sentence = require "dynarray.lab.report.sentence"
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
      elseif value ~= nil and value ~= "" and value ~= "-" then
        numbers = -math.huge
      end
    end
    numeric[k] = numbers > 0
  end
  return rows, numeric
end

local GAP = "  " -- between columns
local LEAST = 12 -- columns that a column of words keeps when it is wrapped

local function length(s)
  return utf8.len(s) or #s
end

local function widths_of(rows)
  local widths = {}
  for _, row in ipairs(rows) do
    for k, cell in ipairs(row) do
      widths[k] = math.max(widths[k] or 0, length(cell))
    end
  end
  return widths
end

local function total(widths, columns)
  local sum = #GAP * (#columns - 1)
  for _, k in ipairs(columns) do
    sum = sum + widths[k]
  end
  return sum
end

-- Takes from the widest columns of words what all are wider than the page together.
local function narrow(widths, columns, numeric, width)
  while total(widths, columns) > width do
    local widest
    for _, k in ipairs(columns) do
      if not numeric[k] and widths[k] > LEAST and (not widest or widths[k] > widths[widest]) then
        widest = k
      end
    end
    if not widest then
      return
    end
    widths[widest] = widths[widest] - 1
  end
end

-- Some columns of the rows, aligned; cells that are wider than their column take several lines.
local function add_lines(lines, rows, columns, widths, numeric)
  for _, row in ipairs(rows) do
    local wrapped, height = {}, 1
    for _, k in ipairs(columns) do
      wrapped[k] = length(row[k]) > widths[k] and sentence.wrapped(row[k], widths[k]) or { row[k] }
      height = math.max(height, #wrapped[k])
    end
    for i = 1, height do
      local cells = {}
      for _, k in ipairs(columns) do
        local cell = wrapped[k][i] or ""
        local pad = (" "):rep(widths[k] - length(cell))
        cells[#cells + 1] = numeric[k] and pad .. cell or cell .. pad
      end
      lines[#lines + 1] = (table.concat(cells, GAP):gsub("%s+$", ""))
    end
  end
end

-- The columns as pages of at most so many characters, each with the leading columns of words, which name the row.
local function pages_of(widths, numeric, width)
  local keys, all = {}, {}
  for k = 1, #widths do
    all[k] = k
    if #keys == k - 1 and not numeric[k] and k < #widths and total(widths, all) <= width / 2 then
      keys[k] = k
    end
  end
  if total(widths, all) <= width then
    return { all }
  end
  local pages, page = {}, table.move(keys, 1, #keys, 1, {})
  for k = #keys + 1, #widths do
    page[#page + 1] = k
    if #page > #keys + 1 and total(widths, page) > width then
      page[#page] = nil
      pages[#pages + 1] = page
      page = table.move(keys, 1, #keys, 1, {})
      page[#page + 1] = k
    end
  end
  pages[#pages + 1] = page
  return pages
end

--- The table as aligned text, its title above. If it is wider than the page, columns of words are wrapped; if that does
-- not help, the other columns follow below, with those that name the row once more.
-- @param width optional: columns of the page
function text_table.aligned(table_, width)
  width = width or math.huge
  local rows, numeric = text_table.cells(table_)
  local widths = widths_of(rows)
  local lines = table_.title and sentence.wrapped(table_.title, width) or {}
  local all = {}
  for k = 1, #widths do
    all[k] = k
  end
  narrow(widths, all, numeric, width)
  if total(widths, all) > width then
    widths = widths_of(rows)
  end
  for i, page in ipairs(pages_of(widths, numeric, width)) do
    lines[#lines + 1] = i > 1 and "" or nil
    narrow(widths, page, numeric, width)
    add_lines(lines, rows, page, widths, numeric)
  end
  return table.concat(lines, "\n") .. "\n"
end

--- The table as several, each at most so many characters wide, as a page of HTML shows it: headings are wrapped. Each
-- has the leading columns of words, which name the row.
-- @return a list of tables; the first has the title
function text_table.parts(table_, width)
  local rows, numeric = text_table.cells(table_)
  local heads = {}
  for k, cell in ipairs(rows[1]) do
    local longest = ""
    for word in cell:gmatch("%S+") do
      longest = length(word) > length(longest) and word or longest
    end
    heads[k] = longest
  end
  rows[1] = heads
  local list = {}
  for i, page in ipairs(pages_of(widths_of(rows), numeric, width)) do
    local part = { title = i == 1 and table_.title or nil, columns = {}, rows = {} }
    for j, k in ipairs(page) do
      part.columns[j] = table_.columns[k]
      for r, row in ipairs(table_.rows) do
        part.rows[r] = part.rows[r] or {}
        part.rows[r][j] = row[k]
      end
    end
    list[i] = part
  end
  return list
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
