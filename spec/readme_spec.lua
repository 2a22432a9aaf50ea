-- The table of operations in README.md, against calls of each method on arrays of each type.
local dynarray = require "dynarray"
local members = require "support.members"
local types = require "support.types"

local groups = {
  ["`value`"] = { "value" },
  integers = { "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64" },
  floats = { "float32", "float64" },
}

-- Arguments for a call on an array of 1, 4 and 9; none where none are needed.
local function arguments(method, array, path)
  local function keep(x) return x end
  return table.unpack(({
    add = { 1 }, append = { 1 }, clamp = { 1, 5 }, contains = { 4 }, copy_from = { { 1 } }, count = { 4 }, div = { 1 },
    dot = { array }, each = { keep }, extend = { { 1 } }, fill = { 2 }, filter = { keep }, get = { 1 },
    index_of = { 4 }, insert = { 1, 2 }, insert_all = { 1, { 2 } }, insert_sorted = { 3 }, lower_bound = { 2 },
    map = { keep }, mul = { 1 }, nth = { 1 }, percentile = { 50 }, reduce = { keep, 0 }, remove_range = { 1, 2 },
    reserve = { 5 }, resize = { 5 }, rotate = { 1 }, save = { path }, set = { 1, 2 }, set_growth = { 2 },
    sub = { 1 }, swap = { 1, 2 }, swap_remove = { 1 }, upper_bound = { 2 },
  })[method] or {})
end

local operators = {
  ["a + x"] = function(a) return a + 1 end,
  ["a - x"] = function(a) return a - 1 end,
  ["a * x"] = function(a) return a * 1 end,
  ["a / x"] = function(a) return a / 1 end,
  ["a .. b"] = function(a) return a .. a end,
  ["a == b"] = function(a) return a == a:copy() end,
}

-- Whether it works on an array of that type.
local function works(name, type_name)
  local array, path = dynarray.from({ 1, 4, 9 }, type_name), os.tmpname()
  if name == "flush" and type_name ~= "value" then
    array = assert(dynarray.map(array:save(path) and path, "rw"))
  end
  local ok = pcall(operators[name] or array[name], array, arguments(name, array, path))
  os.remove(path)
  return ok
end

-- The rows: names, and yes or no for each column.
local function rows()
  local file <close> = assert(io.open("README.md"))
  local text = file:read("a")
  local heading = "\n| operations | `value` | integers | floats |\n"
  local from = assert(select(2, text:find(heading, 1, true)), "the table is not where it was")
  local list = {}
  for line in text:sub(from + 1):gmatch("([^\n]*)\n") do
    local names, value, integers, floats = line:match("^| (.-) | (%l+) | (%l+) | (%l+) |$")
    if names then
      list[#list + 1] = { names = names, ["`value`"] = value, integers = integers, floats = floats }
    elseif not line:find "^| %-%-%-" then
      break
    end
  end
  return list
end

describe("the table of operations in the README", function()
  it("names every method and operator once", function()
    local seen = {}
    for _, row in ipairs(rows()) do
      for name in row.names:gmatch("`([^`]+)`") do
        assert.is_nil(seen[name], name .. " is there twice")
        assert.is_true(operators[name] ~= nil or members.table[name] ~= nil, name)
        seen[name] = true
      end
    end
    for _, name in ipairs(members) do
      assert.is_true(seen[name], name .. " is missing")
    end
    for name in pairs(operators) do
      assert.is_true(seen[name], name .. " is missing")
    end
  end)

  it("has all types", function()
    local n = 0
    for _, names in pairs(groups) do n = n + #names end
    assert.equal(#types.all, n)
  end)

  for _, row in ipairs(rows()) do
    it("says for which types there are " .. row.names:gsub("`", ""), function()
      for name in row.names:gmatch("`([^`]+)`") do
        for column, type_names in pairs(groups) do
          for _, type_name in ipairs(type_names) do
            assert.equal(row[column], works(name, type_name) and "yes" or "no", name .. " of " .. type_name)
          end
        end
      end
    end)
  end
end)
