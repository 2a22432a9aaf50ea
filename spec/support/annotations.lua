--- What lua/dynarray/meta.lua says, as tables:
--   functions: list of { owner, name, arguments, params, returns, text, examples, line }
--   classes[name]: { fields, operators, text, examples, line }; aliases[name]: { type, text, examples, line }
--   text: of the module
-- and whether a value is of a type as written there.
local annotations = { functions = {}, classes = {}, aliases = {} }

local PATH = "lua/dynarray/meta.lua"

--- "type rest": types hold spaces within quotes only.
local function split_type(s)
  local inside, i = false, 1
  while i <= #s and (inside or s:sub(i, i) ~= " ") do
    if s:sub(i, i) == '"' then
      inside = not inside
    end
    i = i + 1
  end
  return s:sub(1, i - 1), (s:sub(i):gsub("^%s+", ""))
end

local tags = {}

function tags.param(item, rest)
  local name, optional, after = rest:match("^([%w_.]+)(%??)%s+(.*)$")
  local type, text = split_type(after)
  table.insert(item.params, { name = name, optional = optional == "?", type = type, text = text })
end

tags["return"] = function(item, rest)
  local type, after = split_type(rest)
  table.insert(item.returns, { type = type, name = after:match("^[%w_.]+") })
end

function tags.class(item, rest)
  annotations.classes[rest] = item
end

function tags.field(item, rest)
  local name, optional, after = rest:match("^(%S-)(%??)%s+(.*)$")
  local type, text = split_type(after)
  assert(item.fields[name] == nil, name .. " is there twice")
  item.fields[name] = { optional = optional == "?", type = type, text = text }
end

function tags.operator(item, rest)
  item.operators[rest:match("^%w+")] = true
end

function tags.alias(item, rest)
  local name, type = rest:match("^(%S+)%s+(.*)$")
  item.type = type
  annotations.aliases[name] = item
end

function tags.meta(item)
  item.is_module = true
end

local function examples_of(item)
  local example
  for k, line in ipairs(item.lines) do
    if line == "```lua" then
      example = { line = item.line + k }
      table.insert(item.examples, example)
    elseif line == "```" then
      example = nil
    elseif example then
      table.insert(example, line)
    end
  end
end

local function finish(item, code)
  local owner, name, arguments = code:match("^function ([%w_]+)[.:]([%w_]+)(%b()) end$")
  item.text = table.concat(item.lines, "\n")
  examples_of(item)
  if item.is_module then
    annotations.text = item.text
  elseif name then
    item.owner, item.name, item.arguments = owner, name, arguments:sub(2, -2)
    table.insert(annotations.functions, item)
  end
end

local item
local number = 0
for line in io.lines(PATH) do
  number = number + 1
  local tag, rest = line:match("^%-%-%-@(%l+)%s*(.*)$")
  local text = line:match("^%-%-%-?%s?(.*)$")
  if text and not item then
    item = { line = number, lines = {}, examples = {}, params = {}, returns = {}, fields = {}, operators = {} }
  end
  if tag then
    assert(tags[tag], "tag " .. tag)(item, rest)
  elseif text then
    item.lines[number - item.line + 1] = text
  elseif item then
    finish(item, line)
    item = nil
  end
end

--- The parts of s between separators that stand in no brackets or quotes.
local function split(s, separator)
  local parts, depth, inside, from = {}, 0, false, 1
  for i = 1, #s do
    local c = s:sub(i, i)
    if c == '"' then
      inside = not inside
    elseif inside then -- luacheck: ignore 542
    elseif c:find("[<({]") then
      depth = depth + 1
    elseif c:find("[>)}]") then
      depth = depth - 1
    elseif c == separator and depth == 0 then
      table.insert(parts, s:sub(from, i - 1))
      from = i + 1
    end
  end
  table.insert(parts, s:sub(from))
  return parts
end

annotations.split = split

local accepts

local function is_of_class(value, class)
  if type(value) ~= "table" then
    return false
  end
  for name, field in pairs(class.fields) do
    if not (value[name] == nil and field.optional) and not accepts(field.type, value[name]) then
      return false
    end
  end
  for name in pairs(value) do
    if not class.fields[name] then
      return false
    end
  end
  return true
end

local function is_entry_wise(value, key_type, value_type)
  for k, v in pairs(value) do
    if not accepts(key_type, k) or not accepts(value_type, v) then
      return false
    end
  end
  return true
end

local simple = {
  any = function() return true end,
  integer = function(value) return type(value) == "number" and math.tointeger(value) ~= nil end,
  lightuserdata = function(value) return type(value) == "userdata" and getmetatable(value) == nil end,
  dynarray = function(value) return type(value) == "userdata" and getmetatable(value) == "dynarray" end,
  ["false"] = function(value) return value == false end,
}
for _, name in ipairs { "nil", "boolean", "number", "string", "table", "function" } do
  simple[name] = function(value) return type(value) == name end
end

local function accepts_one(wanted, value)
  local literal = wanted:match('^"(.*)"$')
  local key_type, value_type = wanted:match("^table<([^,]+),(.+)>$")
  if literal then
    return value == literal
  elseif wanted:find("^fun%(") then
    return type(value) == "function"
  elseif wanted:sub(-1) == "?" then
    return value == nil or accepts(wanted:sub(1, -2), value)
  elseif wanted:sub(-2) == "[]" then
    return type(value) == "table" and is_entry_wise(value, "integer", wanted:sub(1, -3))
  elseif key_type then
    return type(value) == "table" and is_entry_wise(value, key_type, value_type)
  elseif simple[wanted] then
    return simple[wanted](value)
  elseif annotations.aliases[wanted] then
    return accepts(annotations.aliases[wanted].type, value)
  end
  return is_of_class(value, assert(annotations.classes[wanted], "type " .. wanted))
end

function accepts(wanted, value)
  for _, one in ipairs(split(wanted, "|")) do
    if accepts_one(one, value) then
      return true
    end
  end
  return false
end

annotations.accepts = accepts

return annotations
