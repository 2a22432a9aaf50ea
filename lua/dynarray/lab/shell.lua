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

-- What file:read gives for that format, nil if the file cannot be read.
local function read(path, format)
  local file <close> = io.open(path, "rb")
  return file and file:read(format)
end

--- The first line of a file, nil if it cannot be read.
function shell.first_line(path)
  return read(path, "l")
end

--- All of a file, nil if it cannot be read.
function shell.contents(path)
  return read(path, "a")
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
