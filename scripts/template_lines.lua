-- A filter by which gcov counts the lines of templates. gcc takes all that a macro expands to for one line, that of the
-- use: hundreds of branches for `DYNARRAY_NUMERIC_TYPES(DEFINE)`. After this filter each token stands on the line where
-- it is written, if that is in the same file, else on the line of the token before it.
--
--   gcc -E -fdebug-cpp src/FILE.c | lua template_lines.lua >FILE.i
local position = "{P:([^;{}]*);F:[^;{}]*;L:(%-?%d+);[^{}]*}"

local file, line = "", 0 -- where the compiler believes that it is
local wanted = 0 -- where the token belongs

-- One line of the output of -fdebug-cpp: a position stands before each token.
local function ours(text)
  local first, last, path, number = text:find(position)
  io.write(text:sub(1, (first or 0) - 1))
  while first do
    local begin, spelled = last + 1, path == file and tonumber(number) or wanted
    first, last, path, number = text:find(position, begin)
    local token = text:sub(begin, (first or 0) - 1)
    if token:find "%S" then
      wanted = spelled
      if wanted ~= line then
        line = wanted
        io.write(('\n# %d "%s"\n'):format(line, file))
      end
    end
    io.write(token)
  end
end

for text in io.lines() do
  local bare = text:gsub(position, "")
  local number, path = bare:match '^# (%d+) "([^"]*)"'
  if number then
    file, line, wanted = path, tonumber(number) - 1, tonumber(number)
    io.write(bare)
  elseif bare:sub(1, 1) ~= "#" and file:find "^src/" then
    ours(text)
  else
    io.write(bare)
  end
  io.write "\n"
  line = line + 1
end
