-- A filter by which gcov counts the lines of templates. gcc takes all that a macro expands to for one line, that of the
-- use: hundreds of branches for `DYNARRAY_NUMERIC_TYPES(DEFINE)`. After this filter each token stands on the line where
-- it is written, if that is in the same file, else on the line of the token before it.
--
--   gcc -E -fdebug-cpp src/FILE.c | lua template_lines.lua >FILE.i
local position = "{P:([^;{}]*);F:[^;{}]*;L:(%-?%d+);[^{}]*}"

local file, line = "", 0 -- where the compiler believes that it is
local wanted = 0 -- the line of the token
local expanded = 0 -- the line of the source that is expanded

local texts = {} -- path -> lines

local function is_written(token, path, number)
  local text = texts[path]
  if not text then
    text = {}
    for l in io.lines(path) do
      text[#text + 1] = l
    end
    texts[path] = text
  end
  return text[number] ~= nil and text[number]:find(token:match "^%s*(.-)%s*$", 1, true) ~= nil
end

-- What follows is on the wanted line.
local function write(token)
  if token:find "%S" and wanted ~= line then
    line = wanted
    io.write(("\n# %d\n"):format(line)) -- no path: a function ends in the file in which it began
  end
  io.write(token)
end

-- One line of the output of -fdebug-cpp: a position stands before each token, but for the first behind a directive.
local function ours(text, at)
  if at ~= expanded then -- else it goes on with the same macro
    wanted, expanded = at, at
  end
  local first, last, path, number = text:find(position)
  write(text:sub(1, (first or 0) - 1))
  while first do
    local begin, where, spelled = last + 1, path, tonumber(number)
    first, last, path, number = text:find(position, begin)
    local token = text:sub(begin, (first or 0) - 1)
    if token:find "%S" and where == file and is_written(token, file, spelled) then -- else it was made by ##
      wanted = spelled
    end
    write(token)
  end
end

local at = 0 -- where the preprocessor is
for text in io.lines() do
  local bare = text:gsub(position, "")
  local number, path = bare:match '^# (%d+) "([^"]*)"'
  if number then
    at = tonumber(number) - 1
    if path ~= file or not file:find "^src/" then -- else tokens say where they are
      file, line = path, at
      io.write(bare)
    end
  elseif bare:sub(1, 1) ~= "#" and file:find "^src/" then
    ours(text, at)
  else
    io.write(bare)
  end
  io.write "\n"
  line, at = line + 1, at + 1
end
