--- Files as a whole, and directories.
-- @module dynarray.lab.base.filesystem
local shell = require "dynarray.lab.base.shell"

local filesystem = {}

--- Writes a file; returns true, or nil and why not.
function filesystem.write(path, content)
  local file, problem = io.open(path, "wb")
  if not file then
    return nil, problem
  end
  local ok
  ok, problem = file:write(content)
  local closed, late = file:close()
  if ok and closed then
    return true
  end
  return nil, ("%s: %s"):format(path, problem or late)
end

-- What file:read gives for that format, nil if the file cannot be read.
local function read(path, format)
  local file <close> = io.open(path, "rb")
  return file and file:read(format)
end

--- The first line of a file, nil if it cannot be read.
function filesystem.first_line(path)
  return read(path, "l")
end

--- All of a file, nil if it cannot be read.
function filesystem.contents(path)
  return read(path, "a")
end

--- Makes a directory and those above it, if need be.
function filesystem.make_directory(path)
  local pipe = assert(io.popen("mkdir -p -- " .. shell.quote(path) .. " 2>&1"))
  local text = pipe:read("a")
  if not pipe:close() then
    error(("cannot write %s: %s"):format(path, (text:gsub("%s+$", ""))), 0)
  end
end

return filesystem
