-- README.md: its table of operations, against calls of each method on arrays of each type; its snippets.
local dynarray = require "dynarray"
local build = require "support.build"
local child = require "support.child"
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

-- The blocks of code in a language, in order.
local function snippets(language)
  local file <close> = assert(io.open("README.md"))
  local list = {}
  for code in file:read("a"):gmatch("\n```" .. language .. "\n(.-)\n```") do
    list[#list + 1] = code
  end
  return list
end

describe("the README's snippets", function()
  local function write(path, text)
    local file <close> = assert(io.open(path, "w"))
    file:write(text)
  end

  it("in Lua run as they stand, the first up to the error that it shows", function()
    local files = "build/spec/readme"
    assert(os.execute("mkdir -p " .. files))
    write(files .. "/names.txt", "Ada\nGrace\n")
    write(files .. "/samples.txt", "1.5\n2.5\n")
    local list = snippets "lua"
    local printed = { [3] = "index 4 out of bounds (size 3)\nnil\n", [4] = "23.0\t4.6\t3.0\n" }
    assert.equal(6, #list)
    for k, code in ipairs(list) do
      local out, err, ok = child.run(([[
        local dynarray = require "dynarray"
        local lines = io.lines
        function io.lines(name, ...) return lines(%q .. name, ...) end
      ]]):format(files .. "/") .. code)
      if k == 1 then
        local growth = "Ran out of memory: old allocated size: %d+, new allocated size is %d+\n"
        assert.equal(10, select(2, out:gsub(growth, "")))
        assert.truthy(out:find("\n5\t1000\t1000\t1024\n$"))
        assert.is_false(ok)
        assert.truthy(err:find("index 0 out of bounds (size 1000)", 1, true))
      else
        assert.is_true(ok, err)
        assert.truthy(out:find(printed[k] or "", 1, true), out)
      end
    end
  end)

  it("in C stand in examples/, where each is part of what the specs build and run", function()
    local examples = { "examples/program/median.c", "examples/module/histogram.c" }
    local list = snippets "c"
    assert.equal(#examples, #list)
    for k, path in ipairs(examples) do
      local file <close> = assert(io.open(path))
      assert.truthy(file:read("a"):find(list[k], 1, true), path .. " has not what README quotes")
    end
  end)
end)

describe("examples/program", function()
  it("tells the median of numbers", function()
    local sources = build.files("src/core", ".c")
    table.insert(sources, 1, "examples/program/median.c")
    local program = build.product("median", sources, "-DDYNARRAY_NO_CLONES -Werror -Isrc -Isrc/include",
      build.files("src/core src/include", ".h"))
    local function median(numbers) return build.output("./" .. program .. " " .. numbers) end
    assert.equal("3 numbers, median 2", median "3 1 2")
    assert.equal("4 numbers, median 2.5", median "4 1 nan 2 3")
    assert.equal("1000 numbers, median 500.5", median "$(seq 1 1000)")
    assert.equal("", median "")
  end)
end)
