--- Files as a whole.
-- @module dynarray.lab.files
local files = {}

--- Writes a file; returns true, or nil and why not.
function files.write(path, content)
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

return files
