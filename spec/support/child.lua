--- Runs Lua scripts in a process of their own, under the interpreter that runs the specs.
local child = {}

local function interpreter()
  local first = 0
  while arg[first - 1] do
    first = first - 1
  end
  return arg[first]
end

local function quoted(s)
  return "'" .. s:gsub("'", "'\\''") .. "'"
end

local function slurp(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read("a")
  file:close()
  os.remove(path)
  return text
end

-- Runs a command with these words; returns what it printed, what it wrote to stderr, whether it ended well, and its
-- exit code or signal.
local function execute(words)
  local out, err = os.tmpname(), os.tmpname()
  for k, word in ipairs(words) do
    words[k] = quoted(word)
  end
  local ok, _, code = os.execute(("exec %s >%s 2>%s </dev/null"):format(table.concat(words, " "), quoted(out),
    quoted(err)))
  return slurp(out), slurp(err), ok == true, code
end

-- The same for a file with a script that is there.
function child.program(path, ...)
  return execute { interpreter(), path, ... }
end

-- The same for a line of the shell, in which $LUA is the interpreter.
function child.shell(line)
  return execute { "env", "LUA=" .. interpreter(), "sh", "-c", line }
end

-- Runs a script; returns the same.
function child.run(script, ...)
  local path = os.tmpname()
  local file = assert(io.open(path, "wb"))
  file:write(script)
  file:close()
  local out, err, ok, code = execute { interpreter(), path, ... }
  os.remove(path)
  return out, err, ok, code
end

local function checked(out, err, ok, code)
  -- Under a sanitizer, memory that is refused as it should be is reported as well.
  err = err:gsub("==%d+==WARNING: %w+ failed to allocate [^\n]*\n", "")
  if not ok or err ~= "" then
    error(("the child process ended with %s: %s%s"):format(code, err, out), 3)
  end
  return out
end

-- What the script printed; a script that fails or complains fails the spec.
function child.output(script, ...)
  local out = checked(child.run(script, ...))
  return out
end

-- The same for a file with a script that is there.
function child.succeeds(path, ...)
  local out = checked(child.program(path, ...))
  return out
end

return child
