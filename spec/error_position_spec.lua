local dynarray = require "dynarray"
local methods = require "support.members"

-- Each statement fails; its error carries the place of the statement. `a` is a full uint8 array of three, `s` a
-- sequence of one, `c` is closed.
local statements = {
  ["reading a[i]"] = "local x = a[6]",
  ["sort of what has no order"] = "dynarray.of(1, 'x'):sort()",
  ["sort_stable of what has no order"] = "dynarray.of(nil, nil):sort_stable()",
  ["is_sorted of what has no order"] = "dynarray.of(1, true):is_sorted()",
  ["nth of what has no order"] = "dynarray.of(true, 1):nth(1)",
  ["percentile of what is no number"] = "dynarray.of('x'):percentile(1)",
  ["min of what has no order"] = "dynarray.of('x', 1):min()",
  ["max of what has no order"] = "dynarray.of('x', 1):max()",
  ["lower_bound of what has no order"] = "dynarray.of(1):lower_bound('x')",
  ["insert_sorted of what has no order"] = "dynarray.of(1):insert_sorted('x')",
  ["sum of what cannot be added"] = "dynarray.of(1, nil):sum()",
  ["sum of what is no numeral"] = "dynarray.of(1, 'abc'):sum()",
  ["sum of what an __add answers"] =
    "local o = setmetatable({}, { __add = function() return nil end }); dynarray.of(o, 1):sum()",
  ["mean of what is no numeral"] = "dynarray.of('abc'):mean()",
  ["mean of what an __add answers"] =
    "local o = setmetatable({}, { __add = function() return true end }); dynarray.of(1, o):mean()",
  ["mean of what cannot be added"] = "dynarray.of(nil):mean()",
  ["arithmetic that does not fit"] = "a:add(254)",
  ["arithmetic with a new array that does not fit"] = "local x = a + 254",
  ["arithmetic with another type"] = "a:add('x')",
  ["clamp"] = "a:clamp(5, 1)",
  ["insert"] = "a:insert(9, 1)",
  ["remove"] = "a:remove(9)",
  ["remove_range"] = "a:remove_range(1, 9)",
  ["swap"] = "a:swap(1, 9)",
  ["swap_remove"] = "a:swap_remove(9)",
  ["rotate"] = "a:rotate('1')",
  ["fill"] = "a:fill(300)",
  ["slice"] = "a:slice(1, 9)",
  ["view"] = "a:view(1, 9)",
  ["unpack"] = "a:unpack(1, 9)",
  ["totable"] = "a:totable(0)",
  ["map to what does not fit"] = "a:map(function() return 300 end)",
  ["reduce of nothing"] = "dynarray.new():reduce(math.max)",
  ["dot"] = "a:dot(s)",
  ["reading a[1.5]"] = "local x = a[1.5]",
  ["writing a[i]"] = "a[6] = 1",
  ["writing a[1.5]"] = "a[1.5] = 1",
  ["writing a value that does not fit"] = "a[1] = 300",
  ["writing a float"] = "a[1] = 1.5",
  ["writing a string"] = "a[1] = 'x'",
  ["writing beyond a sequence"] = "s[9] = 1",
  ["appending by index"] = "s[2] = 'x'",
  ["writing a field"] = "a.size = 1",
  ["writing an unknown field"] = "a.foo = 1",
  ["writing a key of another type"] = "a[{}] = 1",
  ["get"] = "a:get(6)",
  ["get without index"] = "a:get()",
  ["set"] = "a:set(6, 1)",
  ["set of a value that does not fit"] = "a:set(1, 300)",
  ["append"] = "a:append(300)",
  ["append of many"] = "a:append(1, 2, 'x')",
  ["append to a closed array"] = "c:append(1)",
  ["append beyond max_size"] = "a:append(1, 2, 3)",
  ["pop"] = "dynarray.new():pop()",
  ["extend"] = "a:extend(5)",
  ["extend with what does not fit"] = "a:extend({ 300 })",
  ["extend with an array that does not fit"] = "a:extend(dynarray.of('x'))",
  ["extend beyond max_size"] = "a:extend({ 1, 2, 3 })",
  ["extend of a closed array"] = "c:extend({ 1 })",
  ["reserve"] = "a:reserve(-1)",
  ["reserve beyond memory"] = "a:reserve(math.maxinteger)",
  ["reserve without size"] = "a:reserve()",
  ["resize"] = "a:resize(-1)",
  ["resize beyond max_size"] = "a:resize(6)",
  ["resize with what does not fit"] = "a:resize(4, 300)",
  ["resize of a closed array"] = "c:resize(1)",
  ["copy_from"] = "a:copy_from({ 1, 2, 3, 4 })",
  ["copy_from what does not fit"] = "a:copy_from({ 300 })",
  ["copy_from a wrong source"] = "a:copy_from(5)",
  ["set_growth"] = "a:set_growth(0.5)",
  ["set_growth to an unknown policy"] = "a:set_growth('no such policy')",
  [".."] = "local x = a .. dynarray.of(300)",
  [".. with another type"] = "local x = a .. 5",
  ["new with an unknown type"] = "dynarray.new('int128')",
  ["new with an unknown option"] = "dynarray.new({ foo = 1 })",
  ["new with a wrong option"] = "dynarray.new({ capacity = -1 })",
  ["new with a wrong fill"] = "dynarray.new({ type = 'int8', fill = 'x' })",
  ["new with a wrong argument"] = "dynarray.new(5)",
  ["new beyond memory"] = "dynarray.new({ type = 'float64', capacity = math.maxinteger })",
  ["from"] = "dynarray.from(5)",
  ["from what does not fit"] = "dynarray.from({ 300 }, 'uint8')",
  ["filled"] = "dynarray.filled(-1, 1)",
  ["filled with what does not fit"] = "dynarray.filled(1, 300, 'uint8')",
  ["zeros"] = "dynarray.zeros(-1)",
  ["range"] = "dynarray.range(1, 2, 0)",
  ["range beyond its type"] = "dynarray.range(1, 300, 1, 'uint8')",
  ["linspace"] = "dynarray.linspace(1, 2, -1)",
  ["random"] = "dynarray.random(-1)",
  ["is"] = "dynarray.is()",
  ["open"] = "dynarray.open()",
  ["read"] = "dynarray.read({})",
  ["compute of half an expression"] = "dynarray.compute('x +', { x = a })",
  ["compute of what does not fit"] = "dynarray.compute('x + 254', { x = a }, a)",
  ["compute of an unknown name"] = "dynarray.compute('x + y', { x = a })",
  ["take"] = "a:take({ 9 })",
  ["put"] = "a:put({ 9 }, { 1 })",
  ["where"] = "a:where('x >')",
  ["set_where with what does not fit"] = "a:set_where('x > 1', 300)",
  ["argsort of what has no order"] = "dynarray.of(1, 'x'):argsort()",
  ["unique of what has no order"] = "dynarray.of(1, 'x'):unique()",
  ["top of what has no order"] = "dynarray.of(1, 'x'):top(1)",
  ["heapify of what has no order"] = "dynarray.of(1, 'x'):heapify()",
  ["heap_push of what does not fit"] = "a:heap_push(300)",
  ["heap_pop of what has no order"] = "dynarray.of(1, 'x', 2):heap_pop()",
  ["astype"] = "a:astype('int128')",
  ["astype to what does not hold it"] = "dynarray.of(300):astype('uint8')",
  ["tuples"] = "a:tuples(0)",
  ["column"] = "a:column(3, 2)",
  ["set_column"] = "a:set_column(1, 1, { 300 })",
  ["update to what does not fit"] = "a:update(function() return 300 end)",
  ["rolling"] = "a:rolling(0)",
  ["histogram"] = "a:histogram(0)",
  ["corr"] = "a:corr(s)",
  ["concat of what is no string"] = "dynarray.of({}):concat()",
  ["write"] = "a:write(5)",
  ["write of sizes that differ"] = "a:write('x', s)",
  ["a policy that returns too little"] = "bad:append(1)",
  ["limit"] = "dynarray.limit('x')",
  ["collector"] = "dynarray.collector({ foo = 1 })",
  ["growth policy by name"] = "dynarray.growth.double('x', 1, 8)",
  ["dynarray.ipairs"] = "dynarray.ipairs()",
  ["frombytes"] = "dynarray.frombytes('x', 'int128')",
  ["load"] = "dynarray.load()",
  ["map"] = "dynarray.map()",
  ["probe.appends"] = "dynarray.probe.appends(a, 3)",
  ["probe.appends with a wrong argument"] = "dynarray.probe.appends(a, -1)",
  ["probe.stack"] = "dynarray.probe.stack(-1)",
  ["probe.chase"] = "dynarray.probe.chase(dynarray.from({ 2 }, 'int64'), 1)",
}
for _, name in ipairs(methods) do
  statements[name .. " of no array"] = ("a.%s(5)"):format(name)
end

local prologue = [[
local dynarray, a, s, c, bad = ...


]]

local function arguments()
  local a = dynarray.new { type = "uint8", capacity = 3, max_size = 5 }:append(1, 2, 3)
  local s = dynarray.new { type = "uint8", bounds = "sequence" }:append(1)
  local c = dynarray.new()
  c:close()
  local bad = dynarray.new { capacity = 0, growth = function() return 0 end }
  return dynarray, a, s, c, bad
end

describe("an error", function()
  for name, statement in pairs(statements) do
    it("is raised at the caller's line: " .. name, function()
      local f = assert(load(prologue .. statement .. "\n\n\n", "@caller.lua"))
      local ok, err = pcall(f, arguments())
      assert.is_false(ok)
      assert.equal("string", type(err))
      assert.equal(1, err:find("caller.lua:4: ", 1, true), err)
      assert.is_nil(err:find(":%d+:.*:%d+: ", #"caller.lua:4" + 1), "two places: " .. err)
    end)
  end

  it("is checked here for every function of the module", function()
    local text = {}
    for _, statement in pairs(statements) do
      text[#text + 1] = statement
    end
    text = table.concat(text, "\n")
    local cannot_fail = { memory = true, of = true }
    for name, f in pairs(dynarray) do
      if type(f) == "function" and not cannot_fail[name] then
        assert.truthy(text:find("dynarray." .. name, 1, true), name)
      end
    end
  end)

  it("keeps its place through a level of Lua", function()
    local f = assert(load("local a = ...\nlocal function get(i)\n  local x = a[i]\n  return x\nend\n\nget(9)",
      "@caller.lua"))
    local _, err = pcall(f, (dynarray.of(1)))
    assert.equal("caller.lua:3: index 9 out of bounds (size 1)", err)
  end)
end)
