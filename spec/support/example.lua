--- Runs an example, a list of lines. `--> text` behind a line is what it returns or prints; alone on a line, the next
-- thing that was printed, or what the line before it returns; `--> error: text`, the error. `...` at the end: and so
-- on. White space counts once.
local dynarray = require "dynarray"

local function normal(text)
  return (text:gsub("%s+", " "):gsub("^ ", ""):gsub(" $", ""))
end

local function joined(...)
  local texts = table.pack(...)
  for k = 1, texts.n do
    texts[k] = tostring(texts[k])
  end
  return normal(table.concat(texts, " "))
end

local function check(line, got, wanted)
  wanted = normal(wanted)
  local open = wanted:find("%.%.%.$")
  if open and got:sub(1, open - 1) == wanted:sub(1, open - 1) then
    return
  end
  if got ~= wanted then
    error(("line %d: expected `%s`, got `%s`"):format(line, wanted, got), 0)
  end
end

--- The chunk: each line that is followed by what it gives is a call of `__line`.
local function source_of(lines, first)
  local source, k = {}, 1
  while k <= #lines do
    local code, wanted = lines[k]:match("^(.-)%s*%-%->%s?(.*)$")
    local ahead = not wanted and lines[k + 1] and lines[k + 1]:match("^%-%->%s?(.*)$")
    local number = first + k - 1
    if ahead and (load("return " .. lines[k]) or ahead:find("^error:")) then
      code, wanted = lines[k], ahead
      k = k + 1
    end
    if not wanted then
      table.insert(source, lines[k])
    elseif code == "" then
      table.insert(source, ("__printed(%d, %q)"):format(number, wanted))
    else
      local body = load("return " .. code) and "return " .. code or code
      table.insert(source, ("__line(%d, function() %s end, %q)"):format(number, body, wanted))
    end
    k = k + 1
  end
  return table.concat(source, "\n")
end

--- compare = false: runs it only.
return function(lines, first, compare)
  local printed = {}
  local environment = setmetatable({ dynarray = dynarray }, { __index = _G })
  function environment.print(...)
    table.insert(printed, joined(...))
  end
  function environment.__printed(line, wanted)
    check(line, compare == false and normal(wanted) or table.remove(printed, 1) or "nothing", wanted)
  end
  function environment.__line(line, f, wanted)
    local results = table.pack(pcall(f))
    if compare == false then
      printed = {}
    elseif not results[1] then
      check(line, "error: " .. normal(results[2]:gsub("^[^:]*:%d+: ", "")), wanted)
    elseif #printed > 0 then
      check(line, table.remove(printed, 1), wanted)
    else
      check(line, joined(table.unpack(results, 2, results.n)), wanted)
    end
  end
  local chunk = assert(load(source_of(lines, first), "=example", "t", environment))
  chunk()
  assert(compare == false or #printed == 0, "printed, but not said: " .. tostring(printed[1]))
end
