-- The same measured twice: how far the laboratory can be believed.
local child = require "support.child"
local lab = require "dynarray.lab"
local selfcheck = require "dynarray.lab.experiments.selfcheck"

local directory = io.popen("pwd"):read("l") .. "/build/spec/selfcheck"

-- A run of made-up samples: by case, how many times as long the second measurement took.
local function made_up(ratios, samples)
  local run = { experiment = "selfcheck", metrics = selfcheck.metrics, parameters = {}, cases = {} }
  for i, ratio in ipairs(ratios) do
    for _, side in ipairs { "old", "new" } do
      local entry = { case = { size = i, side = side }, samples = {} }
      entry.id = lab.results.id(entry.case)
      for round = 1, samples or 10 do
        entry.samples[round] = { round = round, seconds = 0.1, metrics = {
          ns_per_append = (side == "new" and ratio or 1) * (100 + round % 5),
        } }
      end
      run.cases[#run.cases + 1] = entry
    end
  end
  return run
end

local function repeated(value, times, ...)
  local list = { ... }
  for _ = 1, times do
    list[#list + 1] = value
  end
  return list
end

describe("a selfcheck", function()
  it("measures each case on two sides", function()
    local parameters = { size = { 100, 1000 }, policy = { "double" }, block = { "auto", "copy" }, type = { "int64" },
      memory = { "warm" } }
    local sides = {}
    for _, case in ipairs(selfcheck.cases(parameters)) do
      sides[case.side] = (sides[case.side] or 0) + 1
    end
    assert.same({ old = 4, new = 4 }, sides)
  end)

  it("finds nothing where nothing differs", function()
    local found = selfcheck.of(made_up(repeated(1.01, 20)))
    assert.equal(20, found.cases)
    assert.equal(0, found.different)
    assert.is_true(math.abs(found.median - 0.01) < 1e-9 and math.abs(found.high - 0.01) < 1e-9)
    assert.is_true(found.as_wanted)
  end)

  it("tells the share of cases that are called different, and how far they are", function()
    local found = selfcheck.of(made_up(repeated(1, 17, 1.5, 0.5, 1.4)))
    assert.equal(3 / 20, found.different)
    assert.equal(0, found.median)
    assert.is_true(found.high > 0.4 and found.high <= 0.5)
    assert.is_false(found.as_wanted)
    local answer = selfcheck.answer(made_up(repeated(1, 17, 1.5, 0.5, 1.4)))
    assert.truthy(answer:find("Of 20 cases, measured twice, 15% are called different (wanted: at most 5%).", 1, true),
      answer)
  end)

  it("says nothing from fewer than ten samples", function()
    local run = made_up({ 1, 1 }, 9)
    assert.is_nil(selfcheck.of(run))
    assert.equal("No case was measured 10 times on both sides.", selfcheck.answer(run))
    assert.same({}, selfcheck.tables(run))
  end)

  it("is a command, whose results set the threshold of compare", function()
    os.execute("rm -rf '" .. directory .. "'")
    local out, err, _, status = child.program("bin/dynarray-lab", "selfcheck", "--size", "1000", "--policy", "double",
      "--block", "auto", "--budget", "120", "--width", "100", "--output", directory) -- done when each has ten samples
    assert.is_true(status == 0 or status == 1, err) -- a busy machine differs
    assert.truthy(out:find("Of 1 cases, measured twice, ", 1, true), out .. err)
    local file = directory .. "/results.jsonl"
    local threshold = selfcheck.threshold(lab.load(file))
    out = child.program("bin/dynarray-lab", "compare", file, file, "--threshold", file)
    assert.truthy(out:find("2 without a significant difference", 1, true), out)
    assert.is_true(threshold >= 0 and threshold < 100)
    local _, problem = pcall(selfcheck.threshold, { runs = {} })
    assert.truthy(problem:find("no selfcheck with enough samples", 1, true))
  end)
end)
