--- Files, read as a whole.
local files = {}

function files.read(path)
  local file = assert(io.open(path, "rb"))
  local content = file:read("a")
  file:close()
  return content
end

return files
