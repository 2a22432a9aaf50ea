local advise = require "dynarray.lab.experiments.advise"
local child = require "support.child"
local dynarray = require "dynarray"
local lab = require "dynarray.lab"
local process = require "dynarray.lab.run.child"
local support = require "support.lab"
local workload = require "dynarray.lab.experiments.shared.workload"

local directory

setup(function()
  directory = support.directory()
end)

teardown(function()
  support.remove(directory)
end)

local function script(name, text)
  local path = directory .. "/" .. name
  support.write(path, text)
  return path
end

local function refused(path, ...)
  local ok, message = pcall(lab.advise, path, { quick = true, budget = 0 })
  assert.is_false(ok)
  assert.is_nil(message:find("\n"), message)
  for _, words in ipairs { path, ... } do
    assert.truthy(message:find(words, 1, true), message)
  end
end

describe("advice", function()
  local path, results

  setup(function()
    path = script("numbers.lua", [[
      return function(new)
        local a, b = new { type = "float64", growth = "exact", block = "copy", capacity = 0 }, new "int32"
        for i = 1, 20000 do a:append(i / 2); b:append(i) end
        assert(#a == 20000 and b[20000] == 20000 and b.type == "int32")
        print "what a workload prints is not in the way"
      end
    ]])
    results = lab.advise(path, { quick = true, budget = 0 })
  end)

  it("runs the workload under every policy, and the other kinds of block", function()
    local seen = {}
    for i, entry in ipairs(results.runs[1].cases) do
      seen[i] = ("%s %s"):format(entry.case.policy, entry.case.block)
      assert.is_nil(entry.error)
      assert.is_true(#entry.samples >= 1)
      assert.are.equal(2, entry.samples[1].metrics.arrays)
    end
    table.sort(seen)
    assert.are.same({ "1.5 auto", "1.5 copy", "cpython auto", "cpython copy", "double auto", "double copy" }, seen)
  end)

  it("has every policy with blocks of both kinds by default, but what takes too long, and a stable block", function()
    local count = {}
    local parameters = { workload = { path } }
    for _, parameter in ipairs(advise.parameters) do
      parameters[parameter.name] = parameters[parameter.name] or parameter.default
    end
    for _, case in ipairs(advise.cases(parameters)) do
      count[case.block] = (count[case.block] or 0) + 1
      count[case.policy] = true
    end
    for name in pairs(dynarray.growth) do
      assert.is_true(count[name], name)
    end
    assert.are.equal(count.auto - 1, count.copy) -- not exact
    assert.are.equal(1, count.stable)
    parameters.block = { "copy", "auto" }
    assert.are.equal(2 * count.auto - 1, #advise.cases(parameters))
    parameters.block = { "stable" }
    assert.are.equal(count.auto, #advise.cases(parameters))
  end)

  it("puts the policy and the block under test in place of the script's own", function()
    for _, entry in ipairs(results.runs[1].cases) do
      local expected = 0
      for _, type in ipairs { "float64", "int32" } do
        local a = dynarray.new { type = type, growth = entry.case.policy, block = entry.case.block,
          capacity = type == "float64" and 0 or nil }
        dynarray.probe.appends(a, 20000)
        expected = expected + a:stats().growths
      end
      assert.are.equal(expected, entry.samples[1].metrics.growths, entry.id)
    end
  end)

  it("is a table of all, a plot with the Pareto front, and one recommendation", function()
    local run = results.runs[1]
    local rows = advise.tables(run)[1].rows
    assert.are.equal(6, #rows)
    local recommended = 0
    for _, row in ipairs(rows) do
      recommended = recommended + (row[#row] == "recommended" and 1 or 0)
    end
    assert.are.equal(1, recommended)
    local plot = advise.plots(run)[1]
    local front = plot.lines[#plot.lines]
    assert.are.equal("Pareto front", front.label)
    assert.is_true(#front.x >= 1 and #plot.marks >= #front.x)
    assert.truthy(plot.marks[1].label:find("recommended", 1, true)) -- the first label finds a place
    assert.truthy(advise.answer(run):find('^Use growth = '))
  end)
end)

-- A run of made-up samples: policy, block, ms, MB and the workload of each.
local function made_up(rows, samples)
  local run = { experiment = "advise", parameters = {}, metrics = advise.metrics, cases = {} }
  for i, row in ipairs(rows) do
    local entry = {
      id = ("block=%s policy=%s"):format(row[2], row[1]), samples = {},
      case = { policy = row[1], block = row[2], workload = row[5] or "w.lua", version = "1" },
    }
    for round = 1, samples or 6 do
      entry.samples[round] = { round = round, seconds = 0.1, metrics = {
        ms = row[3] * (1 + round / 1000), peak_bytes = row[4] * 1e6 + round, held_bytes = row[4] * 1e6, growths = i,
        arrays = 1,
      } }
    end
    run.cases[i] = entry
  end
  return run
end

local function names(rows)
  local list = {}
  for i, row in ipairs(rows) do
    list[i] = row.case.policy
  end
  return list
end

describe("the recommendation", function()
  it("is the default where it is as good as any", function()
    local advice = advise.recommend(made_up { { "double", "auto", 105, 10.2 }, { "1.5", "auto", 100, 10 } })
    assert.are.equal("double, auto", ("%s, %s"):format(advice.case.policy, advice.case.block))
    assert.truthy(advice.reason:find("the default is within 10% of the best time (1.5, auto, 100 ms) and", 1, true))
  end)

  it("is what needs less memory in nearly the best time", function()
    local advice = advise.recommend(made_up {
      { "double", "auto", 100, 20 }, { "1.5", "auto", 108, 10 }, { "go", "auto", 109, 10.1 },
      { "exact", "auto", 200, 5 },
    })
    assert.are.equal("1.5", advice.case.policy)
    assert.truthy(advice.reason:find("1.08 x the time and 0.50 x the memory of the default", 1, true))
  end)

  it("is what is faster", function()
    local advice = advise.recommend(made_up { { "double", "auto", 200, 10 }, { 3, "auto", 100, 12 } })
    assert.are.equal(3, advice.case.policy)
  end)

  it("is the default where too few runs tell nothing apart", function()
    local run = made_up({ { "double", "auto", 200, 10 }, { "v8", "auto", 100, 10 } }, 2)
    local advice = advise.recommend(run)
    assert.are.equal("double", advice.case.policy)
    assert.truthy(advice.reason:find("v8, auto looked better, but 2 of each are too few runs", 1, true))
  end)

  -- Of the default and v8, with these times.
  local function of_two(default, v8)
    local run = made_up { { "double", "auto", 100, 10 }, { "v8", "auto", 100, 10 } }
    for i, ms in ipairs { default, v8 } do
      for round, sample in ipairs(run.cases[i].samples) do
        sample.metrics.ms, sample.metrics.peak_bytes = ms[round], 1e7
      end
    end
    return advise.recommend(run)
  end

  it("is the default where the better figures are chance", function()
    local advice = of_two({ 90, 120, 130, 118, 91, 125 }, { 100, 101, 99, 131, 92, 126 })
    assert.are.equal("double", advice.case.policy)
    assert.truthy(advice.reason:find("^the default, since what v8, auto gains over it may be chance"))
  end)

  it("is the default where only chance puts it above a limit", function()
    -- all are slower than v8, but not all by 10%
    local advice = of_two({ 106, 113, 112, 108, 118, 114 }, { 104, 100, 99, 103, 98, 100 })
    assert.are.equal("double", advice.case.policy)
    assert.truthy(advice.reason:find("^the default, since what v8, auto gains over it may be chance"))
    assert.are.equal("v8", of_two({ 126, 133, 132, 128, 138, 134 }, { 104, 100, 99, 103, 98, 100 }).case.policy)
  end)

  it("is none at the edge of a limit where another is better in both together", function()
    local advice = advise.recommend(made_up {
      { "double", "auto", 150, 20 }, { "python-array", "copy", 100, 10.4 }, { "go", "auto", 101, 10 },
    })
    assert.are.equal("go", advice.case.policy)
  end)

  it("is what is faster where hardly any memory is used", function()
    local advice = advise.recommend(made_up {
      { "double", "auto", 200, 0.1 }, { "v8", "auto", 109, 0 }, { "go", "auto", 100, 0.008 },
    })
    assert.are.equal("go", advice.case.policy)
  end)

  it("stands without the default, too", function()
    local advice = advise.recommend(made_up { { "1.5", "auto", 100, 10 }, { "go", "copy", 150, 9 } })
    assert.are.equal("1.5", advice.case.policy)
    assert.truthy(advice.reason:find("^it is the best within 10%%"))
  end)

  it("knows the Pareto front", function()
    local advice = advise.recommend(made_up {
      { "double", "auto", 100, 20 }, { "1.5", "auto", 110, 10 }, { "go", "auto", 120, 15 }, { "exact", "auto", 300, 5 },
      { "v8", "auto", 300, 6 },
    })
    assert.are.same({ "double", "1.5", "exact" }, names(advice.front))
    assert.are.equal(5, #advice.rows)
  end)

  it("has every point on the front that no other equals in both", function()
    local advice = advise.recommend(made_up {
      { "double", "auto", 100, 20 }, { "1.5", "auto", 110, 19.5 }, { "go", "auto", 120, 18.5 },
      { "rust", "auto", 121, 18.5 }, { "exact", "auto", 130, 18.6 },
    })
    assert.are.same({ "double", "1.5", "go" }, names(advice.front))
  end)

  it("has all points on the front that are equal in both, and none that is beaten in one", function()
    local advice = advise.recommend(made_up {
      { "double", "auto", 100, 20 }, { "1.5", "auto", 100, 20 }, { "go", "auto", 100, 21 }, { "rust", "auto", 101, 20 },
      { "v8", "auto", 200, 10 },
    })
    assert.are.same({ "1.5", "double", "v8" }, names(advice.front))
  end)

  it("comes from those that were run often enough", function()
    local run = made_up({ { "double", "auto", 200, 10 }, { "v8", "auto", 100, 10 }, { "go", "auto", 50, 10 } })
    run.cases[3].samples = { run.cases[3].samples[1] }
    assert.are.equal("v8", advise.recommend(run).case.policy)
  end)

  it("tells how many others are as good", function()
    local answer = advise.answer(made_up {
      { "double", "auto", 100, 10 }, { "1.5", "auto", 101, 10 }, { "go", "auto", 102, 10 }, { "v8", "auto", 150, 10 },
    })
    assert.truthy(answer:find("the least memory, as are 2 others. It takes", 1, true), answer)
  end)

  it("is written as dynarray.new takes it", function()
    for policy, growth in pairs { ["1.3"] = 1.3, ["1.5"] = "1.5", [3] = 3, ["increment:7"] = "increment:7" } do
      local answer = advise.answer(made_up { { policy, "auto", 100, 10 } })
      local setup = load("return { " .. answer:match("^Use (growth = .-, block = .-):") .. " }")()
      assert.are.same({ growth = growth, block = "auto" }, setup)
      assert.are.equal(growth, dynarray.new(setup).growth)
    end
  end)

  it("is one for each workload", function()
    local run = made_up {
      { "double", "auto", 1, 1, "small.lua" }, { "1.5", "auto", 9, 9, "small.lua" },
      { "double", "auto", 900, 90, "large.lua" }, { "1.5", "auto", 500, 50, "large.lua" },
    }
    local answer, tables, plots = advise.answer(run), advise.tables(run), advise.plots(run)
    assert.truthy(answer:find('^small.lua: Use growth = "double", .* large.lua: Use growth = "1.5", '), answer)
    assert.are.same({ 2, 2 }, { #tables, #plots })
    assert.are.equal("large.lua under each policy, by time; peak: the most RAM, above what the process had at first; "
      .. "Pareto front: no other is faster with as little memory, or as fast with less", tables[2].title)
    assert.are.same({ 2, 2 }, { #tables[1].rows, #tables[2].rows })
    assert.are.same({ "advise", "advise-2" }, { plots[1].name, plots[2].name })
    run.cases[2].case.version = "2"
    assert.truthy(advise.tables(run)[2].title:find("small.lua, version 2 under each policy, by time", 1, true))
  end)

  it("shows an interval where there are runs enough for one", function()
    local function shown(samples)
      return advise.tables(made_up({ { "double", "auto", 100, 10 } }, samples))[1].rows[1][4]
    end
    assert.are.equal("-", shown(5))
    assert.truthy(shown(6):find("^100 to 101 ms"), shown(6))
  end)

  it("is none where nothing was measured", function()
    local run = made_up({ { "double", "auto", 100, 20 } }, 0)
    assert.is_nil(advise.recommend(run))
    assert.are.equal("Nothing was measured.", advise.answer(run))
    assert.are.same({}, advise.plots(run))
    assert.are.same({}, advise.tables(run))
  end)
end)

describe("the race of policies", function()
  local function losers(rows, samples)
    local run = made_up(rows, samples)
    local out, decided = advise.race.losers(run.cases)
    local list = {}
    for i, entry in ipairs(run.cases) do
      list[#list + 1] = out[entry] and rows[i][1] or nil
    end
    return list, decided
  end

  it("gives up what is certainly slower, or certainly takes more memory and is no faster; never the default", function()
    local list, decided = losers({
      { "double", "auto", 150, 10 }, { "v8", "auto", 100, 10 }, { "go", "auto", 104, 10.1 }, { "rust", "auto", 120, 5 },
      { "lua", "auto", 101, 12 },
    }, 10)
    assert.are.same({ "rust", "lua" }, list)
    assert.is_true(decided)
  end)

  it("gives nothing up before three runs, and decides nothing before ten", function()
    local rows = { { "double", "auto", 100, 10 }, { "v8", "auto", 300, 10 } }
    assert.are.same({}, (losers(rows, 2)))
    local list, decided = losers(rows, 3)
    assert.are.same({ "v8" }, list)
    assert.is_false(decided)
    assert.is_true(select(2, losers(rows, 10)))
  end)

  it("ranks the default first, then what is fast or has the least product of time and memory", function()
    local run = made_up({
      { "double", "auto", 300, 30 }, { "v8", "auto", 100, 20 }, { "go", "auto", 110, 20 }, { "lua", "auto", 120, 15 },
      { "rust", "auto", 130, 40 },
    }, 2)
    table.insert(run.cases, { id = "stable", case = { policy = "double", block = "stable" },
      samples = { { metrics = {} } } }) -- not measured: too many arrays
    local list = {}
    for i, entry in ipairs(advise.race.ranked(run.cases)) do
      list[i] = entry.case.policy .. " " .. entry.case.block
    end
    assert.equal("double auto", list[1])
    assert.same({ ["v8 auto"] = true, ["lua auto"] = true }, { [list[2]] = true, [list[3]] = true })
    assert.same({ "go auto", "rust auto", "double stable" }, table.move(list, 4, 6, 1, {}))
  end)

  it("is open while it is not known whether a policy is fast enough", function()
    assert.is_false(select(2, losers({ { "double", "auto", 100, 10 }, { "v8", "auto", 110, 10 } }, 10)))
  end)

  it("ends the run as soon as it is decided", function()
    local path = script("slow.lua", [[
      return function(new)
        local a = new "int32"
        if a.growth == "exact" then
          local start = os.clock()
          while os.clock() - start < 0.2 do end
        end
        a:append(1)
      end
    ]])
    local results = lab.advise(path, { budget = 60, width = 0, parameters = {
      policy = { "double", "exact" }, block = { "auto" },
    } })
    local runs = {}
    for _, entry in ipairs(results.runs[1].cases) do
      runs[entry.case.policy] = #entry.samples
    end
    assert.is_true(runs.exact < 10, runs.exact)
    assert.is_true(runs.double >= 10, runs.double)
    assert.are.equal("double", advise.recommend(results.runs[1]).case.policy)
  end)
end)

describe("a workload", function()
  it("is run in processes of its own alone", function()
    local path = script("loud.lua", "os.exit(3)")
    local ok, message = pcall(lab.advise, path, { quick = true, budget = 0 })
    assert.is_false(ok)
    assert.are.equal("the process of the sample ended with status 3 and no result", message)
    local sum = workload.version(path)
    script("loud.lua", "os.exit(4)")
    assert.are_not.equal(sum, workload.version(path))
  end)

  it("that was edited is measured anew", function()
    local text = "return function(new) for i = 1, 3 do new():append(i) end end -- %d"
    local path, out = script("edited.lua", text:format(1)), directory .. "/edited"
    local options = { quick = true, budget = 0, output = out }
    local function without_end()
      local file = out .. "/results.jsonl"
      support.write(file, (support.read(file):gsub("[^\n]*\n$", "")))
    end
    local first = lab.advise(path, options)
    without_end()
    script("edited.lua", text:format(2))
    local second = lab.advise(path, options)
    assert.are.same({}, second.notes)
    assert.are_not.equal(first.runs[1].cases[1].id, second.runs[1].cases[1].id)
    without_end()
    assert.are.same({ "an interrupted run was resumed" }, lab.advise(path, options).notes)
  end)

  it("has its heap at another place in each run", function()
    local seen = directory .. "/seen"
    local path = script("heap.lua", ([[
      return function(new)
        new()
        local file <close> = assert(io.open(%q, "a"))
        file:write(#require "dynarray.lab.run.child".padding, "\n")
      end
    ]]):format(seen))
    local case = { workload = path, version = workload.version(path), policy = "double", block = "auto" }
    local different, places = 0, {}
    for _ = 1, 8 do
      process.sample(advise, case)
    end
    for place in io.lines(seen) do
      different = different + (places[place] and 0 or 1)
      places[place] = true
    end
    assert.is_true(different > 1)
  end)

  it("that is edited while it is measured is an error", function()
    local path = script("changing.lua", "return function(new) new() end")
    local case = { workload = path, version = "0", policy = "double", block = "auto" }
    assert.has_error(function() advise.measure(case) end, "workload " .. path .. ": was changed while it was measured")
    case.version = workload.version(path)
    assert.are.equal(1, advise.measure(case).arrays)
  end)

  it("counts the memory that it adds to the process", function()
    local path = script("large.lua", "return function(new) new('uint8'):resize(4 << 20) end")
    local ballast = ("x"):rep(32 << 20)
    local peak = advise.measure({ workload = path, policy = "double", block = "auto" }).peak_bytes
    assert.is_true(peak > 3 << 20 and peak < #ballast, peak)
  end)

  it("that cannot be used is an error of one line", function()
    refused(directory .. "/nowhere.lua", "No such file")
    refused(script("syntax.lua", "return function(new"), "syntax.lua:1:")
    refused(script("nothing.lua", "local x = 1"), "returns a nil, not a function(new)")
    refused(script("table.lua", "return {}"), "returns a table, not a function(new)")
    refused(script("load.lua", "error 'at once'"), "at once")
    refused(script("idle.lua", "return function() end"), "makes no array: it never calls new")
    refused(script("raise.lua", "return function(new)\n new():append(1)\n error 'too late'\n end"),
      "raise.lua:3: too late")
    refused(script("lines.lua", "return function() error 'one\\ntwo' end"), "lines.lua:1: one")
    refused(script("option.lua", "return function(new)\n new { types = 'int8' }\n end"), "option.lua:2:", "types")
    refused(script("kind.lua", "return function(new)\n new(42)\n end"), "kind.lua:2:")
  end)

  it("that makes many arrays is not run with stable blocks", function()
    local path = script("many.lua", "return function(new) for _ = 1, 500 do new() end end")
    local all = lab.advise(path, {
      budget = 0, parameters = { policy = { "double" }, block = { "auto", "stable" } },
    })
    local shown = {}
    for _, row in ipairs(advise.tables(all.runs[1])[1].rows) do
      shown[row[2]] = row[#row[1] and 9]
    end
    assert.are.equal("recommended", shown.auto)
    assert.are.equal("not measured: more than 100 arrays, each of which would be a mapping", shown.stable)
  end)

  it("takes what dynarray.new takes", function()
    local seen = {}
    workload.run("inline", function(new)
      seen[1], seen[2] = new(), new "uint8"
      seen[3] = new { type = "int16", capacity = 7, bounds = "sequence", growth = 3 }
    end, "cpython", "copy")
    assert.are.same({ "value", "uint8", "int16" }, { seen[1].type, seen[2].type, seen[3].type })
    for _, a in ipairs(seen) do
      assert.are.equal("cpython", a.growth)
    end
    assert.are.equal(7, seen[3].capacity)
    assert.are.equal("sequence", seen[3].bounds)
  end)

  for name, arrays in pairs { lines = 3, particles = 16002, queue = 1 } do
    it(("examples/workloads/%s.lua runs, and leaves no file"):format(name), function()
      local path = ("examples/workloads/%s.lua"):format(name)
      assert.are.equal(arrays, workload.run(path, workload.load(path), 1.5, "auto"))
    end)
  end

  it("examples/workloads/lines.lua reads the file that it is given", function()
    local numbers = script("numbers.txt", "1 2.5 2\n2 1.5 4\n3 1.0 1\n")
    local out = child.shell(("NUMBERS_FILE='%s' $LUA -e '%s'"):format(numbers:gsub("'", "'\\''"), [[
      local run = dofile "examples/workloads/lines.lua"
      print(run(require("dynarray").new))
    ]]))
    assert.are.equal("3\t12.0\n", out)
  end)
end)

describe("examples/lab.lua", function()
  it("uses the laboratory as a library", function()
    local out = child.succeeds("examples/lab.lua", "0")
    assert.truthy(out:find("double +%d+%.%d ns an append"))
    assert.truthy(out:find("cpython takes %d+%.%d+ times as long as double"))
    assert.truthy(out:find("62 growths to 1e9 elements", 1, true))
  end)
end)
