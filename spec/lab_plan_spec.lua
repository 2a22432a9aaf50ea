local expect = require "support.expect"
local lab = require "dynarray.lab"
local support = require "support.lab"

local function ids(list)
  local words = {}
  for i, item in ipairs(list) do
    words[i] = item.id
  end
  return words
end

local function sorted_ids(options)
  local list = ids(lab.plan(options))
  table.sort(list)
  return list
end

local two = support.experiment {
  name = "two",
  parameters = { { name = "size", default = { 1e2, 1e3 }, quick = { 10 } }, { name = "policy", default = { "double" } },
    { name = "block", default = { "auto" } }, { name = "type", default = { "float64" } } },
  cases = function(parameters)
    local cases = {}
    for _, size in ipairs(parameters.size) do
      for _, policy in ipairs(parameters.policy) do
        cases[#cases + 1] = { size = size, policy = policy, wide = false }
      end
    end
    return cases
  end,
}
local quick = support.experiment()

describe("a plan", function()
  it("has a budget of a minute, of ten seconds if it is quick, or what is asked for", function()
    local build = require("dynarray.lab.run.plan").build
    assert.equal(60, build({ names = { two } }).budget)
    assert.equal(10, build({ names = { two }, quick = true }).budget)
    assert.equal(5, build({ names = { two }, quick = true, budget = 5 }).budget)
  end)

  it("lists the cases of the parameters, by their keys in order", function()
    assert.same({ "policy=double size=100 wide=false", "policy=double size=1000 wide=false" },
      sorted_ids { names = { two } })
    assert.same({ "policy=double size=10 wide=false" }, sorted_ids { names = { two }, quick = true })
  end)

  it("takes other values, one or a list, over defaults and quick ones", function()
    assert.same({ "policy=1.5 size=7 wide=false", "policy=go size=7 wide=false" },
      sorted_ids { names = { two }, quick = true, parameters = { size = 7, policy = { "go", 1.5 } } })
  end)

  it("makes integers of floats with an integer value", function()
    for _, case in ipairs(lab.plan { names = { two }, parameters = { size = { 1e6 } } }) do
      assert.equal("integer", math.type(case.case.size))
    end
  end)

  it("makes integers of those in cases, too", function()
    local own = support.experiment { cases = function() return { { size = 1e3, half = 0.5 } } end }
    local case = lab.plan({ names = { own } })[1].case
    assert.equal("integer", math.type(case.size))
    assert.equal(0.5, case.half)
  end)

  it("is the same for the same seed, and in another order for another", function()
    local parameters, orders = { size = {} }, {}
    for i = 1, 20 do
      parameters.size[i] = i
    end
    for seed = 1, 3 do
      local order = table.concat(ids(lab.plan { names = { quick }, parameters = parameters, seed = seed }), " ")
      assert.equal(order, table.concat(ids(lab.plan { names = { quick }, parameters = parameters, seed = seed }), " "))
      assert.is_nil(orders[order])
      orders[order] = true
    end
    assert.same(sorted_ids { names = { quick }, parameters = parameters, seed = 1 },
      sorted_ids { names = { quick }, parameters = parameters, seed = 2 })
  end)

  it("finds experiments by name in a list, all of them by default", function()
    local list = { quick, two }
    assert.equal(3, #lab.plan { experiments = list, names = { "quick" } })
    assert.equal(5, #lab.plan { experiments = list })
    assert.equal("two", lab.plan({ experiments = list, names = { "two" } })[1].experiment)
  end)

  it("keeps only some cases, if asked to", function()
    assert.same({ "size=2" }, sorted_ids { names = { quick, two }, only = { "size=2" } })
    expect.raises("no case 'size=4'", lab.plan, { names = { quick }, only = { "size=2", "size=4" } })
  end)

  it("has a case of no parameters", function()
    local one = support.experiment { parameters = {}, cases = function() return { {} } end }
    assert.same({ "case" }, sorted_ids { names = { one } })
  end)
end)

describe("a plan that cannot be", function()
  local function refused(text, options)
    options.names = options.names or { two }
    local message = expect.raises(text, lab.plan, options)
    assert.is_nil(message:find("^[^ ]*:%d+:"), message)
    assert.equal(message, expect.raises(text, lab.run, options))
  end

  it("names the value and what is allowed", function()
    refused("size 0 out of range (1 to 9007199254740992)", { parameters = { size = 0 } })
    refused("size 1.5 out of range", { parameters = { size = { 10, 1.5 } } })
    refused("size x out of range", { parameters = { size = "x" } })
    refused('growth "triple" is not a policy (expected a factor > 1, a function, or one of double, 1.5, golden',
      { parameters = { policy = "triple" } })
    refused("growth factor 1.000001 out of range (1.001 or more", { parameters = { policy = "1.000001" } })
    refused("timeout 0 out of range (more than 0)", { timeout = 0 })
    refused("growth 1 is not a policy", { parameters = { policy = { 1 } } })
    refused('type "int128" is not one of value, int8, int16, int32, int64, uint8, uint16, uint32, uint64, float32',
      { parameters = { type = "int128" } })
    refused("block expected", { parameters = { block = "glass" } })
    refused("two: size has no values", { parameters = { size = {} } })
    refused("two: policy cannot be a table", { parameters = { policy = { {} } } })
  end)

  it("takes values of an experiment's own, whatever the library says", function()
    local own = support.experiment { parameters = { { name = "policy", default = { "table", "double" } } },
      cases = function(parameters)
        local cases = {}
        for i, policy in ipairs(parameters.policy) do
          cases[i] = { policy = policy }
        end
        return cases
      end }
    assert.same({ "policy=table" }, sorted_ids { names = { own }, parameters = { policy = "table" } })
    expect.raises('growth "chair" is not a policy', lab.plan, { names = { own }, parameters = { policy = "chair" } })
  end)

  it("asks the experiment itself as well", function()
    local own = support.experiment { check = function(parameters)
      if parameters.size[1] > 5 then error("too large: " .. parameters.size[1], 0) end
    end }
    assert.equal(1, #lab.plan { names = { own }, parameters = { size = 5 } })
    expect.raises("too large: 6", lab.plan, { names = { own }, parameters = { size = 6 } })
  end)

  it("names parameters, options, experiments that there are not", function()
    refused("no parameter 'sise' (two has size, two has policy", { parameters = { sise = 5 } })
    refused("unknown option 'budged' of the laboratory", { budged = 5 })
    refused("option budget expected a number, got string", { budget = "5" })
    refused("budget -1 out of range (0 and more)", { budget = -1 })
    refused("nan out of range", { width = 0 / 0 })
    refused("seed 1.5 is not an integer", { seed = 1.5 })
    refused("no experiment 'one' (there are two)", { experiments = { two }, names = { "one" } })
    refused("experiment 'two' is named twice", { names = { two, two } })
  end)

  it("knows a parameter that any of the experiments has", function()
    assert.equal(4, #lab.plan { names = { quick, two }, parameters = { policy = "go", size = { 1, 2 } } })
  end)

  it("tells what an experiment lacks", function()
    refused("experiment quick: measure expected a function, got string",
      { names = { support.experiment { measure = "x" } } })
    refused("experiment nil: name expected a string, got nil", { names = { {} } })
    refused("experiment quick: two cases are named 'size=1'",
      { names = { support.experiment { cases = function() return { { size = 1 }, { size = 1.0 } } end } } })
    refused("experiment quick: a case holds strings, numbers and booleans by name",
      { names = { support.experiment { cases = function() return { { size = {} } } end } } })
  end)
end)
