-- Runs every example of the reference under the Lua that runs this, busted or not: what `make check-lua` does.
local annotations = require "support.annotations"
local run = require "support.example"

local has_close = load "local x <close> = nil" ~= nil -- Lua 5.3 has none

-- Arrays that are files need more of a system than others.
local function has_open()
  local path = os.tmpname()
  os.remove(path)
  local a, message = require("dynarray").open(path, "int8")
  if a then
    a:close()
    os.remove(path)
  end
  return a ~= nil or not message:find("not supported here", 1, true)
end
local opens = has_open()

local counts = { passed = 0, failed = 0, left = 0 }

local function count(example, name)
  local text = table.concat(example)
  if not has_close and text:find("<close>", 1, true) or not opens and text:find("dynarray.open(", 1, true) then
    return "left"
  end
  local ok, message = pcall(run, example, example.line)
  if not ok then
    print(("%s: %s"):format(name, message))
  end
  return ok and "passed" or "failed"
end

for _, list in ipairs { annotations.functions, annotations.classes, annotations.aliases } do
  for key, item in pairs(list) do
    for _, example in ipairs(item.examples) do
      local outcome = count(example, item.name or key)
      counts[outcome] = counts[outcome] + 1
    end
  end
end
print(("%s: %d passed, %d failed%s"):format(_VERSION, counts.passed, counts.failed,
  counts.left > 0 and (", %d need Lua 5.4 or files that grow"):format(counts.left) or ""))
os.exit(counts.failed == 0 and counts.passed > 0, true)
