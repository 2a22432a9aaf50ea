-- What other packages make of arrays: those that print, and those that write JSON.
local dynarray = require "dynarray"
local needs = require "support.needs"

-- Debian has it for Lua 5.1 to 5.3 only; it is plain Lua.
local function load_inspect()
  local path = package.searchpath("inspect", package.path .. ";/usr/share/lua/5.3/?.lua")
  return path and dofile(path)
end

local function make()
  return dynarray.from({ 1, 2, 3 }, "int32")
end

describe("penlight", function()
  it("prints arrays as tostring does, within tables too", function()
    needs.modules "pl.pretty"
    local pretty = require "pl.pretty"
    assert.equal(tostring(make()), pretty.write(make()))
    assert.truthy(pretty.write({ list = make() }):find(tostring(make()), 1, true))
  end)
end)

describe("inspect", function()
  local inspect = load_inspect()
  local it = needs.each(it, function() needs.all(inspect, "inspect.lua is not installed") end)

  it("shows no userdata, but what totable gives", function()
    assert.equal("<userdata 1>", inspect(make()))
    assert.equal("{ 1, 2, 3 }", inspect(make():totable()))
  end)

  it("shows arrays within tables by a function that takes them for what they hold", function()
    local function elements(v)
      if tostring(v):find "^dynarray<" then
        return v:totable()
      end
      return v
    end
    assert.equal("{ 1, 2, 3 }", inspect(make(), { process = elements }))
    assert.equal("{\n  list = { 1, 2, 3 }\n}", inspect({ list = make() }, { process = elements }))
  end)
end)

for _, name in ipairs { "cjson", "dkjson" } do
  describe(name, function()
    local found, json = pcall(require, name)
    local it = needs.each(it, function() needs.all(found, name .. " is not installed") end)

    it("writes and reads what totable gives", function()
      assert.equal("[1,2,3]", json.encode(make():totable()))
      assert.equal(make(), dynarray.from(json.decode("[1,2,3]"), "int32"))
      assert.equal('["a",true,{"b":[0.5]}]',
        json.encode(dynarray.of("a", true, { b = dynarray.of(0.5):totable() }):totable()))
    end)

    it("refuses an array itself", function()
      assert.is_false(pcall(json.encode, make()))
    end)
  end)
end
