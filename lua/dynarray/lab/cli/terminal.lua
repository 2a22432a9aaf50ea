--- What there is to know about the terminal.
-- @module dynarray.lab.cli.terminal
local terminal = {}

local WIDTH = 80

--- Whether a file descriptor (1: standard output, 2: standard error) is a terminal.
function terminal.is(descriptor)
  return os.execute(("test -t %d"):format(descriptor)) == true
end

--- Its columns.
function terminal.width()
  local columns = tonumber(os.getenv("COLUMNS"))
  if not columns then
    local pipe = io.popen("stty size 2>/dev/null </dev/tty")
    columns = pipe and tonumber((pipe:read("a"):match("^%d+ (%d+)")))
    if pipe then
      pipe:close()
    end
  end
  return columns and columns >= 40 and math.tointeger(columns) or WIDTH
end

return terminal
