-- examples/clingo: an answer set solver that embeds Lua, and loads dynarray by `require`.
local build = require "support.build"
local dynarray = require "dynarray"
local needs = require "support.needs"
local outside = require "support.outside"

local example = "examples/clingo/"

local function clingo(arguments)
  return build.output(("(%s) 2>&1; echo status $?"):format(outside.command("clingo --outf=3 " .. arguments, 300)))
end

-- The weights and values of all packings of knapsack.lp, by brute force.
local function packings(limit)
  local found = { weight = dynarray.new "int32", value = dynarray.new "int32" }
  for set = 0, (1 << 16) - 1 do
    local weight, value = 0, 0
    for i = 1, 16 do
      if set >> (i - 1) & 1 == 1 then
        weight = weight + 3 + i * 7 % 17
        value = value + 5 + i * 11 % 23
      end
    end
    if weight <= limit then
      found.weight:append(weight)
      found.value:append(value)
    end
  end
  return found
end

describe("examples/clingo", function()
  local it = needs.each(it, function() needs.commands "clingo" end)

  it("collects what every answer set records", function()
    local directory = "build/spec/clingo"
    os.execute("mkdir -p " .. directory)
    for _, limit in ipairs { 60, 0, 1000 } do
      local said = clingo(("-c limit=%d -c 'save=\"%s\"' %sknapsack.lp %scollect.lp 0"):format(limit, directory,
        example, example))
      local wanted = packings(limit)
      for name, numbers in pairs(wanted) do
        local saved = assert(dynarray.load(("%s/%s.npy"):format(directory, name)))
        assert.equal(numbers:sort(), saved:sort()) -- the solver's order is its own
        local greatest = numbers[#numbers]
        local line = "%s: %d answer sets, mean %.3f, least 0 (1 times), p50 %g, p99 %g, greatest %d (%d times)\n"
        line = line:format(name, #numbers, numbers:mean(), numbers:percentile(50), numbers:percentile(99), greatest,
          numbers:count(greatest))
        assert.truthy(said:find(line, 1, true), said)
      end
      assert.truthy(said:find("\nstatus 30$"), said) -- satisfiable, all found
    end
  end)

  it("takes any program's records, and says what is wrong with them", function()
    local path = "build/spec/records.lp"
    local file = assert(io.open(path, "w"))
    file:write("{ a ; b }. record(chosen, N) :- N = { a ; b }. record(\"a b\", -5) :- a.\n")
    file:close()
    local said = clingo(("%s %scollect.lp 0"):format(path, example))
    assert.equal([[
"a b": 2 answer sets, mean -5.000, least -5 (2 times), p50 -5, p99 -5, greatest -5 (2 times)
chosen: 4 answer sets, mean 1.000, least 0 (1 times), p50 1, p99 1.97, greatest 2 (1 times)
status 30]], said)

    file = assert(io.open(path, "w"))
    file:write("record(name, word).\n")
    file:close()
    said = clingo(("%s %scollect.lp 0"):format(path, example))
    assert.is_nil(said:find("status 30", 1, true), said)
    assert.truthy(said:find("nil is not a number, wanted int32 at index 1", 1, true), said)
  end)
end)
