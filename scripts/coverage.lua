-- What the specs reached of the C sources, by the counts that gcov left.
--
--   lua scripts/coverage.lua FOLDER OBJECTS ...
--
-- Prints a line a file; writes lists of what was not reached, and FOLDER/index.html (by gcovr). A branch of a template
-- is reached if any of its functions takes it; the last line counts those of each function.
--
-- What cannot be reached says so in the source, with the reason, at the end of the line; a comment on a line of its own
-- is about the next line; "unreached block" is about all lines up to the brace that closes the block:
--
--   default: return NULL; /* unreached: all kinds are above */
--   if (now == 0) { /* unreached block: every Linux has this clock */
local json = require "dkjson"

local folder = arg[1]

local function lines_of(command)
  local list, pipe = {}, assert(io.popen(command))
  for line in pipe:lines() do
    list[#list + 1] = line
  end
  assert(pipe:close(), command)
  return list
end

local function quoted(s)
  return "'" .. s:gsub("'", "'\\''") .. "'"
end

-- ---------------------------------------------------------------------------------------------
-- Counts

-- path -> { [line] = { count =, branches = { { count, ... } ... } } }
local sources = {}
-- What each function of a template took: the same by function.
local each = {}

local function sum_up(list, key, branches)
  local sums = list[key]
  if not sums then
    sums = {}
    list[key] = sums
    list[#list + 1] = sums
  end
  for k, branch in ipairs(branches) do
    sums[k] = (sums[k] or 0) + branch.count
  end
end

-- Functions of a header are in many objects; those of a template are on the same lines. What has another number of
-- branches was compiled with other switches.
local function add(path, line)
  local source = sources[path] or {}
  sources[path] = source
  local here = source[line.line_number] or { count = 0, branches = {} }
  source[line.line_number] = here
  here.count = here.count + line.count
  if #line.branches > 0 then
    sum_up(here.branches, #line.branches .. " branches", line.branches)
    sum_up(each, table.concat({ path, line.line_number, line.function_name or "", #line.branches }, "/"), line.branches)
  end
end

local texts = {}

-- A brace alone does nothing. It is counted where an error was raised before it, which never returns.
local function is_code(path, number)
  if not texts[path] then
    texts[path] = {}
    for text in io.lines(path) do
      table.insert(texts[path], text)
    end
  end
  return not texts[path][number]:find "^ *} *\\?$"
end

for i = 2, #arg do
  for _, notes in ipairs(lines_of("find " .. quoted(arg[i]) .. " -name '*.gcno'")) do
    for _, text in ipairs(lines_of("gcov -j -t -b " .. quoted(notes) .. " 2>/dev/null")) do
      for _, file in ipairs(assert(json.decode(text)).files) do
        for _, line in ipairs(file.file:find "^src/[cl]" and file.lines or {}) do
          if line.count > 0 or is_code(file.file, line.line_number) then
            add(file.file, line)
          end
        end
      end
    end
  end
end

-- ---------------------------------------------------------------------------------------------
-- Exceptions

-- line -> { line of the comment, reason }
local function exceptions_of(path)
  local list, open = {}, {}
  local number = 0
  for text in io.lines(path) do
    number = number + 1
    local indent = #text:match "^ *"
    for k = #open, 1, -1 do -- blocks that end here, or go on
      list[number] = list[number] or open[k]
      if text:sub(indent + 1, indent + 1) == "}" and indent == open[k].indent then
        table.remove(open, k)
      end
    end
    local code, block, reason = text:match "^(.-)/%* unreached( ?b?l?o?c?k?): (.-) %*/"
    if reason then
      local exception = { line = number, reason = reason, indent = indent, used = 0 }
      list[number + (code:find "%S" and 0 or 1)] = exception
      if block ~= "" then
        open[#open + 1] = exception
      end
    end
  end
  return list
end

-- ---------------------------------------------------------------------------------------------
-- Figures

local function sorted_keys(t)
  local keys = {}
  for key in pairs(t) do
    keys[#keys + 1] = key
  end
  table.sort(keys)
  return keys
end

local paths = sorted_keys(sources)

local function is_done(line)
  if line.count == 0 then
    return false
  end
  for _, branches in ipairs(line.branches) do
    for _, count in ipairs(branches) do
      if count == 0 then
        return false
      end
    end
  end
  return true
end

local missing, excepted, needless, page = {}, {}, {}, {}

-- Which branches of a line were not taken, counted from 1.
local function places_of(line)
  local places, k = {}, 0
  for _, list in ipairs(line.branches) do
    for _, count in ipairs(list) do
      k = k + 1
      places[#places + 1] = count == 0 and k or nil
    end
  end
  return places
end

local function measure(path)
  local f = { path = path, lines = 0, lines_reached = 0, branches = 0, branches_reached = 0, exceptions = 0 }
  local source, exceptions, shown = sources[path], exceptions_of(path), {}
  for _, number in ipairs(sorted_keys(source)) do
    local line, exception = source[number], exceptions[number]
    local except = exception and not is_done(line)
    local unreached, branches = 0, {}
    for _, list in ipairs(line.branches) do
      for _, count in ipairs(list) do
        if count == 0 then
          unreached = unreached + 1
        end
        if count > 0 or not except then
          branches[#branches + 1] = { count = count, fallthrough = false, throw = false }
        end
      end
    end
    if except then
      exception.used = exception.used + 1
    elseif line.count == 0 then
      missing[#missing + 1] = ("%s:%d: never runs"):format(path, number)
    elseif unreached > 0 then
      missing[#missing + 1] = ("%s:%d: %d of %d branches (%s)"):format(path, number, unreached, #branches,
        table.concat(places_of(line), " "))
    end
    if not (except and line.count == 0) then
      f.lines = f.lines + 1
      f.lines_reached = f.lines_reached + (line.count > 0 and 1 or 0)
      f.branches = f.branches + #branches
      f.branches_reached = f.branches_reached + #branches - (except and 0 or unreached)
    end
    shown[#shown + 1] = { line_number = number, count = line.count, branches = setmetatable(branches,
      { __jsontype = "array" }), ["gcovr/noncode"] = except and line.count == 0 or false, ["gcovr/excluded"] = false }
  end
  local seen = {}
  for _, exception in pairs(exceptions) do
    if not seen[exception] then
      seen[exception] = true
      local list = exception.used > 0 and excepted or needless
      list[#list + 1] = ("%s:%d: %s"):format(path, exception.line, exception.reason)
      f.exceptions = f.exceptions + (exception.used > 0 and 1 or 0)
    end
  end
  page[#page + 1] = { file = path, lines = setmetatable(shown, { __jsontype = "array" }), functions = setmetatable({},
    { __jsontype = "array" }) }
  return f
end

local function percent(reached, all)
  return all == 0 and "" or ("%.1f%%"):format(math.floor(1000 * reached / all) / 10)
end

local row = "%-36s %6s %6s %7s %7s %6s %7s %11s"
local function show(f)
  print(row:format(f.path, f.lines_reached, f.lines, percent(f.lines_reached, f.lines), f.branches_reached, f.branches,
    percent(f.branches_reached, f.branches), f.exceptions))
end

local sum = { path = "all", lines = 0, lines_reached = 0, branches = 0, branches_reached = 0, exceptions = 0 }
print(row:format("", "lines", "of", "", "branches", "of", "", "exceptions"))
for _, path in ipairs(paths) do
  local f = measure(path)
  show(f)
  for key, value in pairs(f) do
    sum[key] = key == "path" and sum.path or sum[key] + value
  end
end
show(sum)
local taken, all = 0, 0
for _, list in ipairs(each) do
  for _, n in ipairs(list) do
    taken, all = taken + (n > 0 and 1 or 0), all + 1
  end
end
print(("branches of each function of the templates: %d of %d, %s"):format(taken, all, percent(taken, all)))

-- ---------------------------------------------------------------------------------------------
-- The lists and the page

local function by_place(x, y)
  local path_x, line_x = x:match "^([^:]*):(%d+)"
  local path_y, line_y = y:match "^([^:]*):(%d+)"
  if path_x ~= path_y then
    return path_x < path_y
  end
  return tonumber(line_x) < tonumber(line_y)
end

local function list(name, title, entries)
  table.sort(entries, by_place)
  local file = assert(io.open(folder .. "/" .. name, "w"))
  file:write(table.concat(entries, "\n"), #entries > 0 and "\n" or "")
  file:close()
  print(("%d %s: %s/%s"):format(#entries, title, folder, name))
end
list("missing.txt", "lines miss something", missing)
list("exceptions.txt", "exceptions", excepted)
list("needless.txt", "exceptions that were reached", needless)

-- gcovr reads what it writes itself; the version of that format stands in an empty report.
local empty = folder .. "/empty"
assert(os.execute(("mkdir -p %s && rm -f %s.json"):format(quoted(empty), quoted(empty))))
assert(os.execute(("gcovr -r . --json %s.json %s >/dev/null"):format(quoted(empty), quoted(empty))))
local report = assert(io.open(empty .. ".json"))
local format = json.decode(report:read "a")["gcovr/format_version"]
report:close()
report = assert(io.open(folder .. "/coverage.json", "w"))
report:write(json.encode { ["gcovr/format_version"] = format, files = page })
report:close()
assert(os.execute(("gcovr -r . -a %s --html-details %s --html-title dynarray"):format(
  quoted(folder .. "/coverage.json"), quoted(folder .. "/index.html"))))
print(("the page: %s/index.html"):format(folder))
