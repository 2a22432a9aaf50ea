-- A sweep that is spread over processes, as over machines: `dynarray-lab plan`, GNU parallel, `dynarray-lab report`.
local child = require "support.child"
local lab = require "dynarray.lab"
local needs = require "support.needs"

local directory = io.popen("pwd"):read("l") .. "/build/spec/plan"
local SWEEP = "policies article --quick --size 100,1000 --policy double,1.5 --block copy --seed 3"

local function shell(line)
  local out, err, ok, code = child.shell(line)
  assert(ok, ("%s: %s%s"):format(code, out, err))
  return out
end

-- All cases that were measured, by experiment; exact metrics as the file has them.
local function measured(results)
  local cases = {}
  for _, run in ipairs(results.runs) do
    for _, case in ipairs(run.cases) do
      assert.is_nil(case.error)
      assert.is_true(#case.samples > 0, case.id)
      cases[#cases + 1] = ("%s %s growths %s"):format(run.experiment, case.id, case.samples[1].metrics.growths)
    end
  end
  table.sort(cases)
  return cases
end

describe("a sweep", function()
  local single, plan

  setup(function()
    os.execute("rm -rf '" .. directory .. "' && mkdir -p '" .. directory .. "'")
    shell(("$LUA bin/dynarray-lab run %s --budget 0 --quiet --output %s/single"):format(SWEEP, directory))
    single = lab.load(directory .. "/single/results.jsonl")
    plan = shell(("$LUA bin/dynarray-lab plan %s --budget 0 --output %s/sweep | tee %s/plan"):format(SWEEP, directory,
      directory))
  end)

  it("is a line of the shell for each case, each with a file of its own", function()
    local lines, outputs = 0, {}
    for line in plan:gmatch("[^\n]+") do
      lines = lines + 1
      local output = line:match(" %-%-output (%S+)$")
      assert.is_nil(outputs[output])
      outputs[output] = true
    end
    assert.equal(#measured(single), lines)
    assert.equal(6, lines)
  end)

  it("has the same cases through parallel as in a single run", function()
    needs.commands "parallel"
    shell(("parallel --will-cite --jobs 2 <%s/plan"):format(directory))
    local files = {}
    for path in shell("ls " .. directory .. "/sweep/*/results.jsonl"):gmatch("%S+") do
      files[#files + 1] = path
    end
    assert.equal(6, #files)
    assert.same(measured(single), measured(lab.load(table.unpack(files))))
    shell(("$LUA bin/dynarray-lab report %s --output %s/report.html"):format(table.concat(files, " "), directory))
  end)

  it("is the same sweep when asked again, and another order with another seed", function()
    local command = "$LUA bin/dynarray-lab plan " .. SWEEP:gsub("%-%-seed 3", "") .. " --output x --seed "
    assert.equal(shell(command .. "3"), shell(command .. "3"))
    assert.not_equal(shell(command .. "3"):gsub("seed 3", ""), shell(command .. "4"):gsub("seed 4", ""))
  end)
end)
