--- Runs Lua scripts in a process without sanitizers, whose memory and address space can be measured and limited.
local build = require "support.build"

local plain = {}

local sanitized = (os.getenv("DYNARRAY_SPEC_CFLAGS") or "") ~= ""

local function quoted(s)
  return "'" .. s:gsub("'", "'\\''") .. "'"
end

local function run_quietly(command)
  assert(os.execute(command .. " >/dev/null 2>&1"), "failed: " .. command)
end

-- Words of a shell command that starts an interpreter which finds the module, both without sanitizers.
local function interpreter()
  local first = 0
  while arg[first - 1] do
    first = first - 1
  end
  if not sanitized then
    return quoted(arg[first])
  end
  run_quietly("MAKEFLAGS= make dynarray.so")
  local lua = build.product("lua-plain", { "spec/support/lua.c" }, build.lua_cflags .. " " .. build.lua_libs, nil, "")
  return ("LUA_CPATH=%s %s"):format(quoted(build.output("pwd") .. "/?.so;;"), lua)
end

local words

-- What the script printed. limits: a shell command that comes before, "ulimit -v 300000" for one, or "". A script that
-- fails or complains fails the spec.
function plain.output(limits, script, ...)
  words = words or interpreter()
  local path = os.tmpname()
  local file = assert(io.open(path, "wb"))
  file:write(script)
  file:close()
  local command = { words, quoted(path) }
  for i = 1, select("#", ...) do
    command[#command + 1] = quoted(tostring((select(i, ...))))
  end
  local pipe = assert(io.popen(("{ %s; %s; } 2>&1"):format(limits == "" and ":" or limits,
    table.concat(command, " "))))
  local said = pipe:read("a")
  local ok, _, code = pipe:close()
  os.remove(path)
  if not ok then
    error(("the child process ended with %s: %s"):format(code, said), 2)
  end
  return said
end

-- The same as numbers: what the script printed last, a line of integers.
function plain.numbers(...)
  local numbers = {}
  for number in plain.output(...):gsub("%s+$", ""):match("[^\n]*$"):gmatch("%S+") do
    numbers[#numbers + 1] = assert(math.tointeger(tonumber(number)), number)
  end
  return table.unpack(numbers)
end

return plain
