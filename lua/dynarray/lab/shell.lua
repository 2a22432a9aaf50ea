--- Words for the shell, and what it answers.
local shell = {}

--- The text as one word of a shell command.
function shell.quote(text)
  return "'" .. text:gsub("'", "'\\''") .. "'"
end

--- What a command printed, without the last newline; nil if it failed or printed nothing. Complaints are dropped.
function shell.output(command)
  local pipe = io.popen("{ " .. command .. "; } 2>/dev/null </dev/null")
  local text = pipe and pipe:read("a")
  if not (pipe and pipe:close() and text) then
    return nil
  end
  text = text:gsub("\n+$", "")
  return text ~= "" and text or nil
end

--- The first line of a file, nil if it cannot be read.
function shell.first_line(path)
  local file = io.open(path, "rb")
  local line = file and file:read("l")
  if file then
    file:close()
  end
  return line
end

--- All of a file, nil if it cannot be read.
function shell.contents(path)
  local file = io.open(path, "rb")
  local text = file and file:read("a")
  if file then
    file:close()
  end
  return text
end

--- Makes a directory and those above it, if need be.
function shell.make_directory(path)
  local pipe = assert(io.popen("mkdir -p -- " .. shell.quote(path) .. " 2>&1"))
  local text = pipe:read("a")
  if not pipe:close() then
    error(("cannot write %s: %s"):format(path, (text:gsub("%s+$", ""))), 0)
  end
end

return shell
