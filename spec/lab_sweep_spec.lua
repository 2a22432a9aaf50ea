-- A sweep that is spread over processes, as over machines: `dynarray-lab plan`, GNU parallel, `dynarray-lab report`.
local child = require "support.child"
local read = require("support.files").read
local lab = require "dynarray.lab"
local needs = require "support.needs"

local directory = "build/spec/plan" -- from the checkout, whose own path may have spaces
local SWEEP = "policies article --quick --size 100,1000 --policy double,1.5 --block copy --seed 3"

local function shell(line)
  local out, err, ok, code = child.shell(line)
  assert(ok, ("%s: %s%s"):format(code, out, err))
  return out
end

local function write(path, text)
  local file = assert(io.open(path, "wb"))
  file:write(text)
  file:close()
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

  describe("of which tasks are lost", function()
    local lost = directory .. "/lost"

    -- What `report --plan` says on stderr, and its exit status.
    local function report()
      local _, err, _, code = child.program("bin/dynarray-lab", "report", "--plan", lost .. "/plan", "--format",
        "answers")
      return err, code
    end

    local function run()
      shell(("sh %s/plan"):format(lost))
    end

    local function change(path, pattern, by)
      local text, count = read(path):gsub(pattern, by)
      assert.is_true(count > 0, path)
      write(path, text)
    end

    it("names those without results, cut, or failed, and repeats no others", function()
      os.execute(("rm -rf '%s' && mkdir -p '%s'"):format(lost, lost))
      write(lost .. "/plan", (plan:gsub("/sweep/", "/lost/sweep/")))
      local err, code = report()
      assert.truthy(err:find("no task has results yet", 1, true), err)
      assert.equal(2, code)
      run()
      assert.same({ "", 0 }, { report() })

      os.remove(lost .. "/sweep/0001/results.jsonl")
      change(lost .. "/sweep/0002/results.jsonl", '{[^\n]*"kind":"end"[^\n]*\n$', "")
      change(lost .. "/sweep/0003/results.jsonl", '"kind":"sample"', '"message":"not enough memory","kind":"error"')
      local kept = read(lost .. "/sweep/0004/results.jsonl")
      err, code = report()
      assert.equal(1, code)
      local lines = {}
      for line in err:gmatch("[^\n]+") do
        lines[#lines + 1] = line
      end
      assert.equal(3, #lines, err)
      for k, what in ipairs { "has no results", "was cut", "failed: not enough memory" } do
        assert.truthy(lines[k]:find(("^task %d, %%l+ .*, %s: run that line again$"):format(k, what)), lines[k])
      end

      run()
      assert.same({ "", 0 }, { report() })
      assert.equal(kept, read(lost .. "/sweep/0004/results.jsonl"))
    end)

    it("refuses what is no plan", function()
      write(lost .. "/plan", "echo hello\n")
      local err, code = report()
      assert.truthy(err:find("plan:1: no line of `dynarray-lab plan`", 1, true), err)
      assert.equal(2, code)
    end)
  end)

  it("is the same sweep when asked again, and another order with another seed", function()
    local command = "$LUA bin/dynarray-lab plan " .. SWEEP:gsub("%-%-seed 3", "") .. " --output x --seed "
    assert.equal(shell(command .. "3"), shell(command .. "3"))
    assert.not_equal(shell(command .. "3"):gsub("seed 3", ""), shell(command .. "4"):gsub("seed 4", ""))
  end)
end)
