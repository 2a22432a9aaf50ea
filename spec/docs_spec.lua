local dynarray = require "dynarray"
local annotations = require "support.annotations"
local run = require "support.example"

--- The table of methods (functions) and fields (numbers) behind the index metamethod.
local function real_members()
  local index = debug.getmetatable(dynarray.new()).__index
  for i = 1, math.huge do
    local name, members = debug.getupvalue(index, i)
    assert(name, "the members are not where they were")
    if type(members) == "table" and members.append then
      return members
    end
  end
end

local members = real_members()
local owners = { dynarray = dynarray, probe = dynarray.probe, a = members,
  metamethods = debug.getmetatable(dynarray.new()) }

local function sorted(set)
  local names = {}
  for name in pairs(set) do
    names[#names + 1] = name
  end
  table.sort(names)
  return names
end

local function names_of(set, kind)
  local names = {}
  for name, value in pairs(set) do
    names[name] = type(value) == kind or nil
  end
  return sorted(names)
end

local function documented(owner)
  local names = {}
  for _, item in ipairs(annotations.functions) do
    if item.owner == owner then
      assert.is_nil(names[item.name], item.name .. " is there twice")
      names[item.name] = true
    end
  end
  return sorted(names)
end

local function fields_of(class)
  return sorted(annotations.classes[class].fields)
end

--- What the error about an unknown option lists.
local function known_options(f)
  local _, message = pcall(f, { ["no such option"] = 1 })
  local names = {}
  for name in message:match("known: ([^)]*)"):gmatch("[%w_]+") do
    names[name] = true
  end
  return sorted(names)
end

local function literals(alias)
  local names = {}
  for _, literal in ipairs(annotations.split(annotations.aliases[alias].type, "|")) do
    names[literal:match('^"(.*)"$')] = true
  end
  return sorted(names)
end

describe("the documentation names, no more and no less than there are,", function()
  it("the functions of the module", function()
    assert.same(names_of(dynarray, "function"), documented("dynarray"))
  end)

  it("the other fields of the module", function()
    local names = {}
    for name, value in pairs(dynarray) do
      names[name] = type(value) ~= "function" or nil
    end
    assert.same(sorted(names), fields_of("dynarray.module"))
  end)

  it("the instruments", function()
    assert.same(names_of(dynarray.probe, "function"), documented("probe"))
    assert.same(sorted(dynarray.probe), fields_of("dynarray.probe"))
    assert.same(sorted(dynarray.probe.build), fields_of("dynarray.build"))
  end)

  it("the methods", function()
    assert.same(names_of(members, "function"), documented("a"))
  end)

  it("the fields of arrays", function()
    local names = names_of(members, "number")
    table.insert(names, 1, "[integer]")
    assert.same(names, fields_of("dynarray"))
  end)

  it("the options", function()
    assert.same(known_options(dynarray.new), fields_of("dynarray.options"))
    assert.same(known_options(dynarray.collector), fields_of("dynarray.pacing"))
  end)

  it("the metamethods", function()
    assert.same(names_of(owners.metamethods, "function"), documented("metamethods"))
  end)

  it("the operators", function()
    local names = {}
    local all = "add sub mul div mod pow unm idiv band bor bxor shl shr bnot concat len call"
    for name in all:gmatch("%l+") do
      names[name] = owners.metamethods["__" .. name] and true
    end
    assert.same(sorted(names), sorted(annotations.classes.dynarray.operators))
  end)

  it("the element types", function()
    local names = { table.unpack(dynarray.types) }
    table.sort(names)
    assert.same(names, literals("dynarray.type"))
  end)

  it("the growth policies, each with its formula", function()
    assert.same(sorted(dynarray.growth), literals("dynarray.policy_name"))
    for name in pairs(dynarray.growth) do
      local row = "| `" .. name .. "` |"
      assert.truthy(annotations.aliases["dynarray.policy_name"].text:find(row, 1, true), row)
    end
  end)
end)

local function sources()
  local paths = {}
  local list <close> = assert(io.popen("find src/lua -name '*.c'"))
  for path in list:lines() do
    paths[#paths + 1] = path
  end
  return paths
end

--- A pattern of what a format of luaL_error and its like gives; formats of little but arguments match nothing.
local function pattern_of(format)
  if not format:gsub("%%%a", ""):find("%l%l%l.* ") then
    return "^$"
  end
  local pattern = format:gsub('\\"', '"'):gsub("[%^%$%(%)%.%[%]%*%+%-%?]", "%%%0"):gsub("%%([sdIp])", ".+")
  return "^" .. pattern .. "$"
end

--- What is quoted under Errors and has several words, one line each; Lua's own errors left out.
local function quoted_errors(text)
  local quoted = {}
  for paragraph in (text .. "\n\n"):gmatch("%*%*Errors%*%*(.-)\n\n") do
    for code in paragraph:gsub("\n%s*", " "):gmatch("`([^`]*)`") do
      local lua = code:find("^attempt to compare") or code:find("a nil value$") or code:find("value expected")
      if code:find("%l%l%l+ %S+ ") and not lua then
        table.insert(quoted, code)
      end
    end
  end
  local k = 0
  return function()
    k = k + 1
    return quoted[k]
  end
end

describe("the documentation of", function()
  for _, item in ipairs(annotations.functions) do
    local name = item.owner .. "." .. item.name
    it(name .. " says what it costs, which errors there are, and shows it at work", function()
      assert.truthy(item.text:find("\n%*%*Cost%*%*: %S"), "cost")
      assert.truthy(item.text:find("\n%*%*Errors%*%*: %S"), "errors")
      assert.truthy(item.examples[1], "example")
      local used = table.concat(item.examples[1], "\n")
      if item.owner ~= "metamethods" then
        assert.truthy(used:find("[.:]" .. item.name .. "%f[^%w_]"), "its name in the example")
      end
    end)

    it(name .. " describes its parameters", function()
      local params = {}
      for k, param in ipairs(item.params) do
        params[k] = param.name
      end
      assert.equal(item.arguments, table.concat(params, ", "))
    end)
  end

  it("errors uses names that are explained", function()
    local explained = {}
    for line in io.lines("lua/dynarray/meta.lua") do
      local name = line:match("^%-%-%- %- %*(%l+)%*:")
      if name then
        explained[name] = true
      end
    end
    for _, item in ipairs(annotations.functions) do
      local errors = item.text:match("%*%*Errors%*%*:(.-)\n\n")
      for name in errors:gmatch("%f[*]%*(%l+)%*") do
        assert.truthy(explained[name], item.name .. ": " .. name)
      end
    end
  end)

  it("errors quotes them as the sources have them", function()
    local texts = {}
    for _, path in ipairs(sources()) do
      local file <close> = assert(io.open(path))
      local code = file:read("a"):gsub('"%s*\n%s*"', "")
      for text in code:gmatch('"([^"\n]*[^"\\\n])"') do
        table.insert(texts, pattern_of(text))
      end
    end
    local function known(error)
      error = error:gsub("^bad argument #%d to '%l+' %((.*)%)$", "%1")
      for _, text in ipairs(texts) do
        if error:find(text) then
          return true
        end
      end
    end
    local function check(text)
      for quoted in quoted_errors(text) do
        assert.truthy(known(quoted), quoted)
      end
    end
    for _, item in ipairs(annotations.functions) do
      check(item.text)
    end
    for _, class in pairs(annotations.classes) do
      check(class.text)
    end
    check("**Errors**" .. annotations.text:gsub("\n\n", "\n"))
  end)

  it("fields and options shows each of them at work", function()
    for _, class in ipairs { "dynarray.module", "dynarray.options", "dynarray", "dynarray.event" } do
      local item = annotations.classes[class]
      local used = ""
      for _, example in ipairs(item.examples) do
        used = used .. table.concat(example, "\n")
      end
      for name in pairs(item.fields) do
        assert.truthy(name == "[integer]" or used:find("%f[%w_]" .. name .. "%f[^%w_]"), class .. ": " .. name)
      end
    end
  end)
end)

local function each_example(visit)
  local lists = { annotations.functions, annotations.classes, annotations.aliases }
  for _, list in ipairs(lists) do
    for key, item in pairs(list) do
      for _, example in ipairs(item.examples) do
        visit(item.owner and item.owner .. "." .. item.name or key, example)
      end
    end
  end
end

describe("the example of", function()
  each_example(function(name, example)
    it(("%s (line %d) does what it says"):format(name, example.line), function()
      run(example, example.line)
    end)
  end)
end)

--- Calls that succeed are compared with the annotations: what they take and what they return.
local function check_values(item, what, wanted, values)
  local last = wanted[#wanted]
  local open = last and (last.name == "...")
  for k = 1, math.max(values.n, open and #wanted - 1 or #wanted) do
    local one = wanted[k] or open and last
    local place = ("%s %d of %s.%s"):format(what, k, item.owner, item.name)
    assert(one, place .. " is not annotated")
    if not (values[k] == nil and one.optional) then
      assert(annotations.accepts(one.type, values[k]), ("%s is %s, annotated as %s"):format(place, values[k], one.type))
    end
  end
end

describe("the annotations", function()
  local originals, called, problems = {}, {}, {}

  local function checked(item, original)
    local params = { table.unpack(item.params) }
    if item.owner == "a" then
      table.insert(params, 1, { name = "self", type = "dynarray" })
    end
    return function(...)
      local results = table.pack(original(...))
      for _, check in ipairs { { "argument", params, table.pack(...) }, { "result", item.returns, results } } do
        local ok, problem = pcall(check_values, item, table.unpack(check))
        if not ok then
          problems[#problems + 1] = problem
        end
      end
      called[item] = true
      return table.unpack(results, 1, results.n)
    end
  end

  setup(function()
    for _, item in ipairs(annotations.functions) do
      local owner = owners[item.owner]
      if item.owner ~= "metamethods" and owner[item.name] then
        originals[item] = owner[item.name]
        owner[item.name] = checked(item, originals[item])
      end
    end
    each_example(function(_, example)
      run(example, example.line, false)
    end)
  end)

  teardown(function()
    for item, original in pairs(originals) do
      owners[item.owner][item.name] = original
    end
  end)

  it("say what functions take and return, in all examples", function()
    assert.same({}, problems)
  end)

  it("are compared with a call of each function", function()
    for item in pairs(originals) do
      assert.truthy(called[item], item.owner .. "." .. item.name)
    end
  end)

  it("say what the fields of arrays and of the module are", function()
    local function check(class, object)
      for name, field in pairs(annotations.classes[class].fields) do
        local value = object[name]
        assert(name == "[integer]" or value == nil and field.optional or annotations.accepts(field.type, value), name)
      end
    end
    check("dynarray.module", dynarray)
    local a = dynarray.new { capacity = 1e6, max_size = 2e6, growth = math.max }
    for _, one in ipairs { a, a:view(), a:copy(), dynarray.new { capacity = 0 }, dynarray.new { growth = "go" },
                           dynarray.new { block = "copy", bounds = "sequence" }, dynarray.new { block = "stable" } } do
      check("dynarray", one)
    end
  end)

  it("say what an observer sees", function()
    local seen
    dynarray.new { capacity = 1, on_grow = function(event) seen = event end }:append(1, 2)
    assert.is_true(annotations.accepts("dynarray.event", seen))
  end)

  it("tell wrong types from right ones", function()
    assert.is_false(annotations.accepts("integer?", "1"))
    assert.is_false(annotations.accepts('"r"|"rw"', "w"))
    assert.is_false(annotations.accepts("dynarray", {}))
    assert.is_false(annotations.accepts("dynarray.pacing", { foo = 1 }))
    assert.is_false(annotations.accepts("dynarray.type[]", { "int128" }))
  end)
end)

describe("the table of equivalents", function()
  local rows = {}
  for line in io.lines("docs/equivalents.md") do
    local ours = line:match("^|.*|%s*([^|]*)|%s*$")
    if ours and ours:find("`") then
      rows[#rows + 1] = ours
    end
  end

  it("has rows", function()
    assert.is_true(#rows > 50, tostring(#rows))
  end)

  it("names functions, methods and fields that there are", function()
    for _, ours in ipairs(rows) do
      for code in ours:gmatch("`([^`]*)`") do
        for name in code:gmatch("dynarray%.([%w_]+)") do
          assert.truthy(dynarray[name], code)
        end
        for object, name in code:gmatch("%f[%w_](%w+)[.:]([%a_][%w_]*)") do
          assert.truthy(object == "dynarray" or members[name], code)
        end
        local chunk = code:gsub("%[, ", "["):gsub("%.%.%.", "1")
        assert.truthy(load("return " .. chunk) or load(chunk), code)
      end
    end
  end)

  it("names every method", function()
    local text = table.concat(rows, "\n")
    for name, value in pairs(members) do
      assert.truthy(type(value) ~= "function" or text:find("[.:]" .. name .. "%f[^%w_]"), name)
    end
  end)
end)
