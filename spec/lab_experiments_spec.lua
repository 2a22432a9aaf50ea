-- Every experiment in its quick form, in fresh processes where it asks for them.
local child = require "support.child"
local description = require "dynarray.lab.plot.description"
local dynarray = require "dynarray"
local experiments = require "dynarray.lab.experiments"
local lab = require "dynarray.lab"
local new_class = require "dynarray.lab.experiments.versus.class"
local python = require "dynarray.lab.experiments.versus.python"
local vector = require "dynarray.lab.experiments.versus.vector"

-- Under a sanitizer, blocks come from its allocator, not from the system's.
local sanitized = dynarray.probe.build.sanitized
-- What malloc does with large blocks is told of glibc's. musl's gives each back, and ours are pages there.
local other_malloc = sanitized or dynarray.new { type = "int8", capacity = 1 << 20 }.block ~= "heap"

local results

local function run_of(name)
  for _, run in ipairs(results.runs) do
    if run.experiment == name then
      return run
    end
  end
end

local function module_of(name)
  return require("dynarray.lab.experiments." .. name)
end

local function value(name, match, metric)
  return lab.results.value(run_of(name), match, metric)
end

local function cells(tables)
  local list = {}
  for _, t in ipairs(tables) do
    for _, row in ipairs(t.rows) do
      for k = 1, #t.columns do
        list[#list + 1] = tostring(row[k])
      end
    end
  end
  return list
end

-- The run as if all measurements had been larger.
local function scaled(run, factor)
  local function copy(t)
    local result = {}
    for key, item in pairs(t) do
      result[key] = type(item) == "table" and copy(item) or item
    end
    return result
  end
  local other = copy(run)
  for _, entry in ipairs(other.cases) do
    for _, sample in ipairs(entry.samples) do
      for name, number in pairs(sample.metrics) do
        sample.metrics[name] = number * factor
      end
      for _, series in pairs(sample.series or {}) do
        for i, y in ipairs(series.y) do
          series.y[i] = y * factor
        end
      end
    end
  end
  return other
end

setup(function()
  results = lab.run { quick = true, budget = 0 }
end)

describe("the laboratory", function()
  it("has the experiments of the design, in order", function()
    local names = {}
    for i, experiment in ipairs(experiments) do
      names[i] = experiment.name
    end
    assert.are.equal("article policies costs latency reuse memory hierarchy storage places process collector versus",
      table.concat(names, " "))
  end)

  it("tells all in at most 100 columns of text", function()
    for line in lab.report(results, { format = "text", plots = true }):gmatch("[^\n]+") do
      assert.is_true(utf8.len(line) <= 100, line)
    end
  end)

  it("says in one or two sentences how to read a picture, and in words what it shows", function()
    for _, experiment in ipairs(experiments) do
      for _, plot in ipairs(experiment.plots(run_of(experiment.name))) do
        local words = description.of(plot)
        local ends = select(2, (plot.read .. " "):gsub("[^.][.?!]%s", ""))
        assert.is_true(ends >= 1 and ends <= 2, plot.read)
        assert.truthy(plot.kind == "points" or words:find "highest" or words:find "longest bar"
          or words:find "rom left to right" or words:find "are about the same", plot.name .. ": " .. words)
      end
    end
  end)
end)

for _, experiment in ipairs(experiments) do
  describe("experiment " .. experiment.name, function()
    local run

    setup(function()
      run = run_of(experiment.name)
    end)

    it("measures every case of its quick form", function()
      assert.is_true(#run.cases > 0)
      for _, entry in ipairs(run.cases) do
        assert.is_nil(entry.error)
        assert.is_true(#entry.samples > 0, entry.id)
      end
    end)

    it("measures each of its metrics somewhere", function()
      for _, metric in ipairs(experiment.metrics) do
        local told = #lab.results.samples(run, {}, metric.name) > 0
        -- musl's malloc has its heap elsewhere
        assert.is_true(told or sanitized or other_malloc and metric.name == "brk_step", metric.name)
      end
    end)

    it("draws what it measured", function()
      local plots = experiment.plots(run)
      assert.is_true(#plots > 0)
      for _, plot in ipairs(plots) do
        assert.is_true(#plot.lines > 0, plot.name)
        for _, line in ipairs(plot.lines) do
          assert.is_true(#line.x > 0 and #line.x == #line.y, plot.name)
          assert.is_true(#line.x <= 500, "some hundred points")
          for i, y in ipairs(line.y) do
            assert.is_true(y == y and math.abs(y) < math.huge, plot.name)
            assert.is_true(plot.kind == "bars" or line.x[i] == line.x[i])
          end
        end
      end
      assert.are_not.same(plots, experiment.plots(scaled(run, 3)))
    end)

    it("answers its question in one or two sentences, from the data", function()
      local answer = experiment.answer(run)
      local ends = select(2, (answer .. " "):gsub("[^.][.?!]%s", ""))
      assert.is_true(ends >= 1 and ends <= 2, answer)
      assert.truthy(experiment.question:find("%?$"))
      assert.truthy(answer:find("%d"))
      assert.is_nil(answer:find("nan") or answer:find("\n"))
      assert.truthy(answer:find("%.$"))
      assert.are_not.equal(answer, experiment.answer(scaled(run, 3)))
    end)
  end)
end

describe("experiment article", function()
  it("has the article's figures", function()
    assert.are.equal(10, value("article", {}, "growths"))
    assert.are.equal(1023, value("article", {}, "copied"))
    assert.are.equal(1024, value("article", {}, "capacity"))
    assert.are.equal(5, value("article", {}, "fifth"))
    assert.are.equal(30, value("article", {}, "first_after_write"))
    assert.are.equal("1000 appends make an array with room for one element grow 10 times. The growths copy 1023 "
      .. "elements, 1.02 for each append, and at the end 24 of 1024 places are unused.",
      module_of("article").answer(run_of("article")))
  end)

  it("shows the trace that debug prints", function()
    local printed = child.output [[
      local a = require("dynarray").new { initial_size = 1, debug = true, block = "copy" }
      for i = 1, 1000 do a:append(i) end
    ]]
    local lines = {}
    for _, row in ipairs(module_of("article").tables(run_of("article"))[1].rows) do
      lines[#lines + 1] = row[2] .. "\n"
    end
    assert.are.equal(printed, table.concat(lines))
  end)
end)

describe("experiment policies", function()
  local policies = module_of "policies"

  it("predicts what an array that copies does", function()
    for _, entry in ipairs(run_of("policies").cases) do
      local m = entry.samples[1].metrics
      for _, metric in ipairs(policies.metrics) do
        if metric.predicts and entry.case.block == "copy" then
          assert.are.equal(m[metric.predicts], m[metric.name], entry.id .. " " .. metric.name)
        end
      end
    end
  end)

  it("measures that blocks grow without copying, and shows the difference", function()
    local case = { policy = 1.25, block = "auto", type = "int64", size = 1000000 }
    local metrics = policies.measure(case)
    assert.are.equal(metrics.growths_predicted, metrics.growths)
    assert.is_true(metrics.copied_per_append < metrics.copied_per_append_predicted)
    assert.is_true(metrics.in_place + metrics.moves > 0)
    assert.is_true(metrics.unused_worst <= 20 + 1e-9 and metrics.unused_worst > 15)
    local run = {
      experiment = "policies", parameters = { policy = { 1.25 } }, metrics = policies.metrics,
      cases = { { id = "one", case = case, samples = { { round = 1, metrics = metrics } } } },
    }
    local shown = table.concat(cells(policies.tables(run)), " ")
    assert.truthy(shown:find("%-%d+%.%d%%"))
    assert.is_nil(shown:find("as predicted", 1, true))
  end)

  it("only simulates what would take too long, and says why", function()
    local cases = {
      { policy = "exact", block = "copy", type = "int64", size = 100000000 },
      { policy = "exact", block = "auto", type = "int64", size = 100000000 },
      { policy = "double", block = "auto", type = "int64", size = 1 << 45 },
    }
    local run = { experiment = "policies", parameters = { policy = { "exact" } }, metrics = policies.metrics }
    run.cases = {}
    for i, case in ipairs(cases) do
      local metrics = policies.measure(case)
      assert.is_nil(metrics.ns_per_append)
      assert.is_true(metrics.growths_predicted > 0)
      run.cases[i] = { id = tostring(i), case = case, samples = { { round = 1, metrics = metrics } } }
    end
    local shown = table.concat(cells(policies.tables(run)), "\n")
    assert.truthy(shown:find("copies 36380 TiB, measured up to 4 GiB", 1, true))
    assert.truthy(shown:find("1e8 growths, measured up to 2e6", 1, true))
    assert.truthy(shown:find("measured up to half of what is free", 1, true))
    assert.are.equal("No case was small enough to be measured.", policies.answer(run))
  end)

  it("says beside what it predicts how far the model was off, and why a factor rises", function()
    local cost, run = require "dynarray.lab.model.cost", { experiment = "policies", parameters = { policy = {} },
      metrics = policies.metrics, cases = {} }
    for policy, ns in pairs { ["increment:1000"] = 100, double = 4 } do
      for i, size in ipairs { 1000, 100000 } do
        local metrics = { ns_per_append = ns * i, copied_per_append = 1 }
        table.insert(run.cases, { id = policy .. size, case = { policy = policy, block = "copy", type = "int64",
          size = size, memory = "warm" }, samples = { { round = 1, metrics = metrics } } })
      end
    end
    local constants = {}
    for _, constant in ipairs(cost.constants) do
      constants[constant.name] = 10
    end
    local costs_run = { experiment = "costs", parameters = {}, metrics = module_of("costs").metrics,
      cases = { { id = "", case = {}, samples = { { round = 1, metrics = constants } } } } }
    local _, more = policies.answer(run, { runs = { run, costs_run } })
    local predicted, off = more:match("at 100000 elements an append takes (%S+ %S+) predicted and 200 ns measured with "
      .. "increment:1000 %(([+-]%d+)%%")
    local ns = policies.by_model(constants, { policy = "increment:1000", block = "copy", size = 100000 }).total / 100000
    assert.are.equal(require("dynarray.lab.base.units").number(ns, "ns"), predicted)
    assert.are.equal(("%+.0f"):format((ns / 200 - 1) * 100), off)
    assert.are.equal(math.abs(ns / 200 - 1) > 0.3, more:find "increment:1000 %([^)]*: far off, for reasons that" ~= nil)
    assert.truthy(policies.plots(run)[1].notes:find("double copies no more in a large array, and rises", 1, true))

    -- In a report: only if the constants were measured often enough.
    local function told(samples)
      for _, entry in ipairs(run.cases) do
        for k = 1, 10 do
          entry.samples[k] = { round = k, metrics = entry.samples[1].metrics }
        end
      end
      costs_run.cases[1].samples = {}
      for k = 1, samples do
        costs_run.cases[1].samples[k] = { round = k, metrics = constants }
      end
      return lab.report({ runs = { run, costs_run }, notes = {}, environment = {} }, { format = "text" })
    end
    assert.truthy(told(10):find("1e8 appends would take", 1, true))
    assert.falsy(told(3):find("1e8 appends would take", 1, true))
  end)

  it("says which block its answer speaks of, and what is left of it with the other", function()
    local run = { experiment = "policies", parameters = { policy = {} }, metrics = policies.metrics, cases = {} }
    for block, times in pairs { copy = { 1000, 4 }, auto = { 2, 1 } } do
      for i, policy in ipairs { "increment:1000", "double" } do
        table.insert(run.cases, { id = policy .. block, case = { policy = policy, block = block, type = "int64",
          size = 1000000, memory = "warm" }, samples = { { round = 1, metrics = { ns_per_append = times[i],
          copied_per_append = block == "copy" and 500 or 0.25 } } } })
      end
    end
    local answer, more = policies.answer(run)
    assert.truthy(answer:find('If each growth copies all elements (block "copy"', 1, true), answer)
    assert.truthy(answer:find "takes 1 µs against 4 ns: about 250 times as long%.$", answer)
    assert.truthy(more:find '^With block "auto", which you get without asking, growths copy next to nothing', more)
    assert.truthy(more:find("(0.250 elements for each append), so the same step takes only 2 ns, and double 1 ns.",
      1, true), more)
  end)

  it("says how to read copies by what the block does", function()
    local read = {}
    for _, plot in ipairs(policies.plots(run_of("policies"))) do
      read[plot.name] = plot.read
    end
    assert.truthy(read["policies-copies-copy"]:find("they rise in proportion to the size", 1, true))
    assert.is_nil(read["policies-copies-auto"]:find("every machine", 1, true))
    assert.truthy(read["policies-copies-auto"]:find("the fewer copies", 1, true))
  end)

  it("says why a factor's line dips", function()
    local function read(middle)
      local run = { experiment = "policies", parameters = { policy = {} }, metrics = policies.metrics, cases = {} }
      for size, ns in pairs { [1000] = 2, [10000] = middle, [100000] = 9 } do
        table.insert(run.cases, { id = "s" .. size, case = { policy = "1.5", block = "copy", type = "int64",
          size = size, memory = "warm" }, samples = { { round = 1, metrics = { ns_per_append = ns } } } })
      end
      return policies.plots(run)[1].notes or ""
    end
    assert.truthy(read(1):find("Where 1.5 dips, malloc kept", 1, true))
    assert.is_nil(read(3):find("dips", 1, true))
  end)

  it("keeps element types apart", function()
    local all = lab.run { names = { "policies", "latency", "memory" }, budget = 0, parameters = {
      policy = { "double" }, size = { 500 }, block = { "copy" }, type = { "uint8", "value" }, what = { "array" },
    } }
    for _, run in ipairs(all.runs) do
      local module = module_of(run.experiment)
      for _, plot in ipairs(module.plots(run)) do
        local seen = {}
        for _, line in ipairs(plot.lines) do
          assert.is_nil(seen[line.label], line.label)
          seen[line.label] = true
          for i = 2, #line.x do
            assert.are_not.equal(line.x[i - 1], line.x[i], plot.name)
          end
        end
      end
    end
    assert.are.equal(6, #policies.plots(all.runs[1]))
    assert.are.equal("500 appends, block \"copy\", uint8", policies.tables(all.runs[1])[1].title)
  end)

  it("has the policies that were asked for in all that is simulated, and in one order everywhere", function()
    local all = lab.run { names = { "policies", "latency" }, budget = 0, parameters = {
      policy = { "double", "rust", "1.5", "increment:100" }, size = { 500 }, block = { "copy" } } }
    local run, other = all.runs[1], all.runs[2]
    local told = module_of("latency").answer(other)
    assert.truthy(told:find "with increment:100.*with 1%.5.*with double.*with rust", told)
    local rows = require("dynarray.lab.report.tables").of(other, module_of "latency")[1].rows
    assert.are.same({ "increment:100", "1.5", "double", "rust" }, { rows[1][1], rows[2][1], rows[3][1], rows[4][1] })
    local tables = policies.tables(run)
    for _, shown in ipairs(tables) do
      local names = {}
      for k = 1, 4 do
        names[k] = shown.rows[k][1]
      end
      assert.are.same({ "increment:100", "1.5", "double", "rust" }, names)
    end
    assert.truthy(tables[#tables].rows[5][2]:find("^model, "))
    for _, plot in ipairs(policies.plots(run)) do
      for _, line in ipairs(plot.lines) do
        local name = line.label:match "^%S+"
        assert.truthy(name == "double" or name == "rust" or name == "1.5" or name == "increment:100"
          or line.label:find("(model)", 1, true), line.label)
      end
    end
  end)

  it("drops first the largest size, and of that what takes longest and no answer needs", function()
    local parameters = {}
    for _, parameter in ipairs(policies.parameters) do
      parameters[parameter.name] = parameter.default
    end
    local cases = policies.cases(parameters)
    assert.are.equal(48, #cases)
    local smaller = 0
    for i, case in ipairs(cases) do
      smaller = case.size < 1e6 and i or smaller
    end
    assert.are.equal(36, smaller)
    for i = 46, 48 do
      assert.is_true(cases[i].policy == "exact" or policies.needed(cases[i]), cases[i].policy)
    end
  end)

  it("shows models beside the policies, marked as such", function()
    local tables = policies.tables(run_of("policies"))
    local shown = table.concat(cells { tables[#tables] }, "\n")
    for _, words in ipairs { "model, Sitarski 1996", "model, Brodnik et al. 1999", "model, Tarjan and Zwick 2023" } do
      assert.truthy(shown:find(words, 1, true))
    end
    assert.are.equal("At 1e12 elements, not measured", tables[#tables].title)
  end)
end)

describe("experiment latency", function()
  local latency = module_of "latency"

  it("has quantiles in order, below the longest", function()
    for _, entry in ipairs(run_of("latency").cases) do
      local m = entry.samples[1].metrics
      local order = { m.p50, m.p90, m.p99, m["p99.9"], m["p99.99"], m.max }
      assert.are.equal(6, #order)
      for i = 2, #order do
        assert.is_true(order[i - 1] <= order[i], entry.id)
      end
      assert.is_true(m.clock > 0)
    end
  end)

  it("finds a slow append where it was", function()
    for _, entry in ipairs(run_of("latency").cases) do
      local m, series = entry.samples[1].metrics, entry.samples[1].series
      assert.are.equal(entry.case.size, series.spikes.x[#series.spikes.x])
      assert.are.equal(m.max, math.max(table.unpack(series.spikes.y)))
      assert.are.equal(m.max, series.distribution.y[#series.distribution.y])
      for i, x in ipairs(series.spikes.x) do
        if m.max_at <= x then
          assert.are.equal(m.max, series.spikes.y[i])
          break
        end
      end
      for i = 2, #series.distribution.y do
        assert.is_true(series.distribution.y[i - 1] <= series.distribution.y[i])
      end
    end
  end)

  it("subtracts the clock, and no more than was measured", function()
    local overhead = dynarray.probe.overhead
    finally(function() dynarray.probe.overhead = overhead end)
    local case = { policy = "double", block = "auto", type = "uint8", size = 100 }
    dynarray.probe.overhead = function() return { clock = 0 } end
    local whole = latency.measure(case)
    dynarray.probe.overhead = function() return { clock = 1e12 } end
    local nothing, series = latency.measure(case)
    assert.is_true(whole.p50 > 0 and whole.max > 0)
    assert.are.equal(0, nothing.mean + nothing.p50 + nothing.max)
    assert.are.equal(100, series.spikes.x[#series.spikes.x])
  end)

  it("knows whether the slowest append was one that grew", function()
    local appends = dynarray.probe.appends
    finally(function() dynarray.probe.appends = appends end)
    for at, grows in pairs { [512] = 0, [513] = 1, [514] = 0 } do
      dynarray.probe.appends = function(_, _, times) times[at] = 1000000 end
      local metrics = latency.measure { policy = "double", block = "auto", type = "int64", size = 1000 }
      assert.are.equal(at, metrics.max_at)
      assert.are.equal(grows, metrics.max_grows)
    end
  end)

  it("times the append that finds the array full for the last time", function()
    local appends, overhead = dynarray.probe.appends, dynarray.probe.overhead
    finally(function() dynarray.probe.appends, dynarray.probe.overhead = appends, overhead end)
    dynarray.probe.overhead = function() return { clock = 0 } end
    dynarray.probe.appends = function(_, n, times)
      for i = 1, n do
        times[i] = i
      end
    end
    for size, append in pairs { [512] = 257, [513] = 513, [1000] = 513, [1] = 1 } do
      local case = { policy = "double", block = "copy", type = "int64", size = size }
      assert.are.equal(append, latency.measure(case).last_growth)
    end
    for policy, append in pairs { exact = 1000, ["increment:100"] = 901, ["increment:999"] = 1000 } do
      local case = { policy = policy, block = "copy", type = "int64", size = 1000 }
      assert.are.equal(append, latency.measure(case).last_growth)
    end
  end)
end)

describe("how to read latencies", function()
  it("says where a line begins", function()
    local latency = module_of "latency"
    local function read(quickest)
      local plots = latency.plots { experiment = "latency", metrics = latency.metrics, cases = { { id = "one",
        case = { policy = "double", block = "auto", size = 100 }, samples = { { round = 1, metrics = { max = 9 },
        series = { distribution = { x = { 1, 10, 100 }, y = { quickest, 4, 9 } },
        spikes = { x = { 100 }, y = { 9 } } } } } } } }
      assert.is_nil(plots[1].read:find("copied", 1, true))
      return plots[2].read
    end
    assert.truthy(read(1):find("Far left stands what the quickest", 1, true))
    assert.truthy(read(0):find("a line begins where an append takes longer than the clock", 1, true))
  end)
end)

describe("what latency says of the slowest append", function()
  local latency = module_of "latency"

  -- The answer for samples of which so many of ten were slowest at a growth.
  local function answer(grew, block)
    local samples = {}
    for k = 1, 10 do
      samples[k] = { round = k, seconds = 1, metrics = { p50 = 1, p99 = 2, ["p99.99"] = 3, max = 1e6 + k, clock = 20,
        last_growth = 4100, max_at = 500 + k, max_grows = k <= grew and 1 or 0 } }
    end
    local case = { policy = "double", block = block, type = "int64", size = 1000 }
    local run = { experiment = "latency", parameters = {}, metrics = latency.metrics,
      cases = { { id = "one", case = case, samples = samples } } }
    return (latency.answer(run)), run
  end

  it("is why, and in how many samples", function()
    local slowest = "; the slowest append takes 1.00 ms ("
    assert.truthy(answer(8, "copy"):find(slowest .. "a growth, which copies all elements, in 8 of 10 samples).", 1,
      true))
    assert.truthy(answer(10, "auto"):find(slowest .. "a growth, whose block gets new pages).", 1, true))
    assert.truthy(answer(0, "auto"):find(slowest .. "no growth, but an append that waited", 1, true))
    assert.truthy(answer(2, "auto"):find(slowest .. "in 8 of 10 samples no growth, but an append that", 1, true))
    assert.truthy(answer(5, "auto"):find(slowest .. "in 5 of 10 samples a growth, else an append that", 1, true))
  end)

  it("is what the last growth costs, and which append that is", function()
    local text, run = answer(5, "copy")
    assert.truthy(text:find('With block "copy", the last growth copies all elements: 4.10 µs with double (512 '
      .. "elements); the slowest append takes", 1, true), text)
    assert.truthy(select(2, latency.answer(run)):find("^Half of 1000 appends"))
    assert.truthy(select(2, latency.answer(run)):find("The last growth is append number 513 with double.", 1, true))
    for _, sample in ipairs(run.cases[1].samples) do
      sample.metrics.last_growth = sample.metrics.max
    end
    assert.truthy(latency.answer(run):find "and is the slowest append of all: 1.00 ms with double %(512 elements%)%.$")
  end)

  it("is drawn as the median of all samples, as the table has it", function()
    local _, run = answer(10, "copy")
    for k, sample in ipairs(run.cases[1].samples) do
      local y = { k, 10 * k, sample.metrics.max }
      sample.series = { distribution = { x = { 1, 10, 100 }, y = y }, spikes = { x = { 1, 10, 100 }, y = y } }
    end
    for _, plot in ipairs(latency.plots(run)) do
      assert.same({ 1, 10, 100 }, plot.lines[1].x)
      assert.same({ 5.5, 55, 1e6 + 5.5 }, plot.lines[1].y)
    end
  end)

  it("has no median of the places where it was, nor of whether it grew", function()
    local _, run = answer(2, "copy")
    local shown = cells(require("dynarray.lab.report.tables").of(run, latency))
    local text = table.concat(shown, "|")
    assert.truthy(text:find("|501 to 510|2 of 10|", 1, true), text)
  end)
end)

describe("experiment memory", function()
  local UNCOUNTED = 1 << 20 -- bytes: Linux counts resident pages in lots of 64 for each processor

  it("finds all that was written resident", function()
    for _, entry in ipairs(run_of("memory").cases) do
      local m = entry.samples[1].metrics
      assert.is_true(m.peak_bytes >= 8 * entry.case.size - UNCOUNTED, entry.id)
      assert.is_true(m.mapped_bytes >= 0 and m.minor_faults > 0, entry.id)
    end
  end)

  it("sees both blocks of a growth that copies", function()
    local last = 1 << 18 -- the last growth is from here
    assert.is_true(value("memory", { block = "copy" }, "peak_bytes") >= 2 * last * 8 - UNCOUNTED)
  end)

  it("draws the capacity above what is in RAM", function()
    local picture = module_of("memory").plots(run_of("memory"))[1]
    local capacity = picture.lines[1]
    assert.are.equal("double, capacity", capacity.label)
    for i, bytes in ipairs(capacity.y) do
      assert.is_true(bytes >= 8 * capacity.x[i])
    end
    assert.are.equal(8 << 19, capacity.y[#capacity.y]) -- 3e5 elements
    local answer = module_of("memory").answer(run_of("memory"))
    assert.truthy(answer:find("After 300000 appends with double, 42.8% of the block is unused.", 1, true), answer)
  end)

  it("does not count a peak from before", function()
    if dynarray.probe.reset_peak() then
      dynarray.filled(64 << 20, 1, "uint8"):close()
      local metrics = module_of("memory").measure { what = "reserved", type = "int64", size = 1000 }
      assert.is_true(metrics.peak_bytes < 32 << 20)
    end
  end)

  it("has one case of a table and of an array that reserves, whatever the policies", function()
    local count = {}
    for _, case in ipairs(module_of("memory").cases { what = { "array", "reserved", "table" }, size = { 10 },
      type = { "int64" }, policy = { "double", "1.5" }, block = { "auto", "copy", "stable" } }) do
      count[case.what] = (count[case.what] or 0) + 1
    end
    assert.are.same({ array = 6, reserved = 1, table = 1 }, count)
  end)
end)

describe("experiment reuse", function()
  local reuse = module_of "reuse"

  it("counts blocks that lie where freed ones were, and those that stay", function()
    local function count(...)
      return { reuse.count { ... } }
    end
    assert.are.same({ 0, 0 }, count({ 100, 10 }, { 110, 20 }, { 130, 40 }))
    assert.are.same({ 1, 0 }, count({ 100, 30 }, { 130, 20 }, { 100, 30 }))
    assert.are.same({ 1, 0 }, count({ 100, 30 }, { 130, 20 }, { 129, 1 })) -- the last byte of the freed one
    assert.are.same({ 0, 0 }, count({ 100, 30 }, { 140, 20 }, { 130, 10 }))
    assert.are.same({ 0, 2 }, count({ 100, 10 }, { 100, 20 }, { 100, 40 }))
  end)

  it("finds that 1.5 gets old blocks back where doubling does not, if both copy", function()
    if not other_malloc then
      assert.are.equal(0, value("reuse", { policy = "double", block = "copy" }, "reused"))
      assert.is_true(value("reuse", { policy = "1.5", block = "copy" }, "reused") > 0)
    end
    assert.are.equal(300, value("reuse", { policy = "double", block = "copy" }, "while_growing"))
  end)

  it("tells what both blocks take at the worst end, and at the size where memory is measured", function()
    local function said(size)
      local memory_run = { experiment = "memory", metrics = {}, cases = { { id = "one", case = { size = size },
        samples = { { round = 1, metrics = { peak_bytes = 1 } } } } } }
      return table.concat(cells(reuse.more_tables(run_of("reuse"), { runs = { memory_run } })), "|")
    end
    -- Doubled last from 2^21 to 2^22 elements, 6.29 million in all; and from 2^20, just before the end.
    assert.truthy(said(3000000):match("|at 3e6 elements|227[%d.]*|209%.7"), said(3000000))
    assert.truthy(said((1 << 20) + 1):match("|at 1.05e6 elements|%d+[%d.]*|299%.99"), said((1 << 20) + 1))
    assert.truthy(said(3000000):match("^at the worst size|%d+[%d.]*|300"), said(3000000))
  end)

  it("says what reuse saved, as it was measured", function()
    local function said(span)
      local run = { experiment = "reuse", metrics = reuse.metrics, cases = {} }
      for policy, percent in pairs { ["1.5"] = span, double = 200 } do
        table.insert(run.cases, { id = policy, case = { policy = policy, block = "copy" }, samples = { { round = 1,
          metrics = { growths = 9, copied = 100, reused = 1, span = percent, while_growing = 250 } } } })
      end
      return select(2, reuse.answer(run))
    end
    assert.truthy(said(150):find("The array of 1.5 needed fewer addresses: from the lowest", 1, true))
    assert.truthy(said(243):find("Still the array of 1.5 did not need fewer addresses: from the lowest", 1, true))
  end)

  it("says how to read what was drawn, not what might have been", function()
    local function read(addresses)
      local run = { experiment = "reuse", metrics = reuse.metrics, cases = { { id = "one", case = { policy = "1.5",
        block = "copy" }, samples = { { round = 1, metrics = { growths = 2 },
        series = { blocks = { x = { 1, 2, 4 }, y = addresses } } } } } } }
      return reuse.plots(run)[1].read
    end
    assert.truthy(read({ 0, 8, 2 }):find("Where a line falls back", 1, true))
    assert.truthy(read({ 0, 2, 8 }):find("No line falls back", 1, true))
  end)

  it("finds that blocks of pages keep their address", function()
    if not sanitized then
      assert.is_true(value("reuse", { policy = "double", block = "auto" }, "kept_address") > 0)
    end
    assert.are.equal(0, value("reuse", { policy = "double", block = "copy" }, "kept_address"))
  end)

  it("refuses sizes that the allocator would map", function()
    assert.has_error(function() reuse.check { block = { "copy" }, bytes = { 16 << 20 } } end,
      "bytes = 16777216 out of range (65536 to 8388608)")
    assert.has_error(function() reuse.check { block = { "stable" }, bytes = { 1 << 20 } } end,
      "block = stable is unknown (auto or copy)")
  end)
end)

describe("experiment hierarchy", function()
  local hierarchy = module_of "hierarchy"

  it("reads chains that go once around", function()
    for pattern, write in pairs(hierarchy.chains) do
      for _, bytes in ipairs { 4096, 8192, 65536 } do
        local a = dynarray.filled(bytes // 8, 0, "int64")
        local steps = write(a)
        assert.are.equal(pattern == "sequential" and #a or #a // 8, steps)
        local seen, place = {}, 1
        for _ = 1, steps do
          assert.is_nil(seen[place])
          seen[place], place = true, a[place]
          assert.are.equal(1, pattern == "sequential" and 1 or place % 8)
        end
        assert.are.equal(1, place, pattern)
      end
    end
  end)

  it("reads at random in no order", function()
    local a = dynarray.filled(8192, 0, "int64")
    hierarchy.chains.random(a)
    local distances, place = {}, 1
    for _ = 1, 1024 do
      local distance = a[place] - place
      distances[distance] = (distances[distance] or 0) + 1
      place = a[place]
    end
    for distance, count in pairs(distances) do
      assert.is_true(count <= 32, ("distance %d, %d times of 1024"):format(distance, count))
    end
  end)

  it("draws the caches that the system reports", function()
    local marks = hierarchy.plots(run_of("hierarchy"))[1].marks
    local pipe = io.popen("cat /sys/devices/system/cpu/cpu0/cache/index*/size 2>/dev/null")
    local reported = {}
    for kib in pipe:read("a"):gmatch("(%d+)K") do
      reported[tonumber(kib) * 1024] = true
    end
    pipe:close()
    assert.are.equal(next(reported) ~= nil, #marks > 0)
    for _, mark in ipairs(marks) do
      assert.is_true(reported[mark.x])
    end
  end)
end)

describe("what hierarchy says", function()
  local hierarchy = module_of "hierarchy"

  local function said(ns, all)
    local run = { experiment = "hierarchy", metrics = hierarchy.metrics, cases = {} }
    local caches = { x = { 1, 2, 3 }, y = { 1 << 15, 1 << 21, 1 << 28 } }
    for bytes, random in pairs { [1 << 14] = 1, [1 << 20] = 5, [1 << 26] = ns } do
      table.insert(run.cases, { id = tostring(bytes), case = { bytes = bytes }, samples = { { round = 1,
        metrics = { random = random, sequential = 1 }, series = { caches = caches } } } })
    end
    table.sort(run.cases, function(p, q) return p.case.bytes < q.case.bytes end)
    return hierarchy.answer(run, all)
  end

  it("is what cache and RAM are, with the read of each", function()
    local answer = said(100)
    assert.truthy(answer:find("a cache is a small, fast memory", 1, true))
    assert.truthy(answer:find("takes 1 ns in 16 KiB (cache L1 of 32 KiB), 5 ns in 1 MiB (cache L2 of 2 MiB) and 100 ns "
      .. "in 64 MiB (RAM).", 1, true), answer)
  end)

  it("tells how much RAM there is, and of a cache that the curve does not show", function()
    local _, more = said(100, { environment = { memory = 1 << 30 } })
    assert.truthy(more:find "fetches ahead%. This machine has 1 GiB of RAM%. The system also reports a cache L3 of 256")
  end)
end)

describe("experiment storage", function()
  local storage = module_of "storage"

  it("reads the disk only where reads waited for it", function()
    local waits = value("storage", { what = "disk" }, "waits")
    assert.are.equal((waits or 0) >= 50, value("storage", { what = "disk" }, "random") ~= nil)
    assert.are.equal(0, value("storage", { what = "page cache" }, "waits") or 0)
    local answer = storage.answer(run_of("storage"))
    assert.are.equal((waits or 0) < 50, answer:find("could not be dropped", 1, true) ~= nil)
    assert.are.equal((waits or 0) >= 50, answer:find "it waits about %S+ times as long%." ~= nil)
  end)

  it("finds all that a killed process had appended", function()
    assert.are.equal(100, value("storage", { what = "killed" }, "survived"))
  end)

  it("leaves no file behind", function()
    local tmpname, names = os.tmpname, {}
    finally(function() rawset(os, "tmpname", tmpname) end)
    rawset(os, "tmpname", function()
      names[#names + 1] = tmpname()
      return names[#names]
    end)
    local parameters = { what = { "disk", "flush", "killed" }, bytes = { 65536 }, every = { 1000 } }
    for _, case in ipairs(storage.cases(parameters)) do
      storage.measure(case)
    end
    assert.are.equal(3, #names)
    for _, name in ipairs(names) do
      assert.is_nil(io.open(name) or io.open(name .. ".npy"))
    end
  end)

  it("refuses places that it does not know, and no appends between flushes", function()
    assert.has_error(function() storage.check { what = { "tape" }, every = { 1 } } end,
      "what = tape is unknown (RAM, page cache, disk, flush, killed)")
    assert.has_error(function() storage.check { what = { "RAM" }, every = { 0 } } end,
      "every = 0 is no number of appends (1 or more)")
  end)
end)

describe("experiment places", function()
  it("knows where the addresses lie", function()
    if not other_malloc and value("places", { place = "heap" }, "in_heap") then
      assert.are.equal(100, value("places", { place = "heap" }, "in_heap"))
      assert.are.equal(0, value("places", { place = "pages" }, "in_heap"))
      assert.is_true(value("places", { place = "inline" }, "below_stack") > 0)
    end
  end)

  it("says how far the heap lies below the stack, and draws all places", function()
    local below = value("places", { place = "heap" }, "below_stack")
    local plots, _, more = module_of("places").plots(run_of("places")), module_of("places").answer(run_of("places"))
    if below then
      local number, unit = require("dynarray.lab.base.units").number(below, "bytes"):match "^(%S+) (%S+)$"
      local distance, told = more:match "The heap[%a ,]* about (%S+) (%S+) below the"
      assert.are.equal(unit, told)
      assert.is_true(math.abs(distance / number - 1) <= 0.05, more)
      assert.are.equal(4, #plots[2].lines[1].y)
    else
      assert.is_nil((more or ""):find "below the" or plots[2])
    end
  end)

  it("says what an array costs on C's stack", function()
    local answer = module_of("places").answer(run_of("places"))
    assert.is_true(value("places", { place = "stack" }, "create") > 0)
    assert.truthy(answer:find "a call in C of a function that has an array of 4 KiB there takes %d", answer)
  end)

  it("refuses a place that it does not know", function()
    assert.has_error(function() module_of("places").check { place = { "shelf" } } end,
      "place = shelf is unknown (stack, inline, heap or pages)")
  end)
end)

describe("experiment process", function()
  it("finds the thresholds of the allocator and of pages", function()
    if not other_malloc then
      local first = value("process", { what = "mmap" }, "mmap_threshold")
      assert.is_true(first > 4096 and first <= 32 << 20)
      assert.is_true(value("process", { what = "mmap" }, "mmap_threshold_after_free") >= first)
      assert.are.equal((2 << 20) + 1, value("process", { what = "pages" }, "pages_threshold"))
      assert.are.equal(0, value("process", { what = "brk" }, "brk_step") % 4096)
    end
  end)

  it("names the block and the kind of page whose first touch it tells", function()
    local process, cases = module_of "process", {}
    for i, one in ipairs { { "auto", "warm", 100, 3000 }, { "copy", "cold", 0, 9000 } } do
      cases[i] = { id = tostring(i), case = { what = "touch", block = one[1], memory = one[2], bytes = 1 << 24 },
        samples = { { round = 1, metrics = { huge_pages = one[3], first_touch = one[4] } } } }
    end
    local answer = process.answer { experiment = "process", parameters = {}, metrics = process.metrics, cases = cases }
    assert.truthy(answer:find('takes 3 µs in huge pages (block "auto", warm) and 9 µs (block "copy", cold).', 1, true),
      answer)
  end)

  it("sees what comes back to the system", function()
    for _, block in ipairs { "auto", sanitized and "auto" or "copy" } do
      local function returned(what)
        return value("process", { what = what, block = block }, "returned")
      end
      assert.is_true(returned("clear") < 10)
      assert.is_true(returned("shrink_to_fit") > 80)
      assert.is_true(returned("close") > 90)
      assert.is_true(returned("collect") > 90)
    end
  end)

  it("sees faults on the first touch alone", function()
    for _, entry in ipairs(run_of("process").cases) do
      local m = entry.samples[1].metrics
      if entry.case.what == "touch" and not sanitized then
        assert.is_true(m.faults_first > m.faults_again, entry.id)
        assert.is_true(m.faults_reserve < 10, entry.id)
      end
    end
  end)
end)

describe("experiment collector", function()
  it("finds that pacing keeps dropped arrays from piling up", function()
    for _, mode in ipairs { "incremental", "generational" } do
      local on = value("collector", { mode = mode, pacing = "on" }, "peak_bytes")
      local off = value("collector", { mode = mode, pacing = "off" }, "peak_bytes")
      assert.is_true(on < off and off <= 1024 * 65536, mode)
    end
  end)

  it("leaves the collector as it was", function()
    local mode = collectgarbage("incremental")
    local settings = dynarray.collector()
    module_of("collector").measure { mode = "generational", pacing = "off", tables = 10, bytes = 1000, count = 10 }
    assert.are.equal("incremental", collectgarbage(mode))
    assert.are.same(settings, dynarray.collector())
  end)
end)

describe("experiment versus", function()
  it("measures an array, a table and the class, what Python and C++ have where they are there", function()
    local whats = {}
    for _, entry in ipairs(run_of("versus").cases) do
      whats[entry.case.what] = true
    end
    local has_python = python.available "list" or nil
    assert.are.same({ array = true, ["value array"] = true, table = true, ["class in Lua"] = true,
      ["class in Python"] = has_python, ["list in Python"] = has_python, ["array in Python"] = has_python,
      NumPy = python.available "numpy" or nil, ["std::vector"] = vector.available() or nil }, whats)
  end)

  it("draws all of them in one picture, as multiples of the array's time", function()
    local versus = module_of "versus"
    local picture = versus.plots(run_of("versus"))[1]
    assert.are.equal(1, picture.y.base)
    local mine = value("versus", { what = "array", operation = "sum" }, "ns")
    for _, line in ipairs(picture.lines) do
      for i, what in ipairs(line.x) do
        assert.are_not.equal("array", what)
        if line.label == "sum" then
          assert.are.equal(value("versus", { what = what, operation = "sum" }, "ns") / mine, line.y[i])
        end
      end
    end
    local answer, more = versus.answer(run_of("versus"))
    local number = require("dynarray.lab.base.units").number
    assert.truthy(answer:find(number(mine, "ns") .. " to sum", 1, true), answer)
    local list = value("versus", { what = "list in Python", operation = "append" }, "ns")
    local compiled = value("versus", { what = "std::vector", operation = "append" }, "ns")
    if list and compiled then
      assert.truthy(more:find(("Against std::vector, a list of Python takes %s times as long to append"):format(
        require("dynarray.lab.base.units").rough(list / compiled)), 1, true), more)
    end
    assert.truthy(more:find("Bytes for each element of 8 bytes, unused room counted: our array ", 1, true), more)
    assert.truthy(more:find("Against a Lua table: ", 1, true), more)
  end)

  -- The answer of a run with such times of a read and of a sum.
  local function answer_of(times_of)
    local versus = module_of "versus"
    local run = { experiment = "versus", metrics = versus.metrics, cases = {} }
    for what, times in pairs(times_of) do
      for i, operation in ipairs { "read", "sum" } do
        table.insert(run.cases, { id = what .. operation, case = { what = what, operation = operation, size = 10 },
          samples = { { round = 1, metrics = { ns = times[i] } } } })
      end
    end
    table.sort(run.cases, function(p, q) return p.id < q.id end)
    return versus.answer(run)
  end

  it("says first of what the array is slower, and of what faster", function()
    local answer, more = answer_of { array = { 40, 2 }, table = { 5, 30 }, ["list in Python"] = { 20, 3 } }
    assert.are.equal("Used from Lua, our array is slower to read, and faster to sum, than a Lua table and a list of "
      .. "Python. Our array takes 40 ns to read and 2 ns to sum an element.", answer)
    local first = "Against a Lua table: 8.0 times as long to read; 15 times as fast to sum.\nAgainst a list of Python: "
      .. "2.0 times as long to read; 1.5 times as fast to sum."
    assert.are.equal(first, more:sub(1, #first))
  end)

  it("needs neither a table nor a list nor a vector", function()
    assert.are.equal("Our array takes 40 ns to read and 2 ns to sum an element. Against NumPy: 2.0 times as fast to "
      .. "read and 1.5 to sum.", (answer_of { array = { 40, 2 }, NumPy = { 80, 3 } }))
  end)

  it("counts the bytes of an element", function()
    assert.is_true(value("versus", { what = "array" }, "bytes_per_element") >= 8)
    assert.is_true(value("versus", { what = "table" }, "bytes_per_element") >= 16)
    assert.is_true(value("versus", { what = "array" }, "bytes_per_element")
      < value("versus", { what = "table" }, "bytes_per_element"))
  end)

  it("runs every operation of every kind that has it", function()
    local versus = module_of "versus"
    local all = {}
    for _, parameter in ipairs(versus.parameters) do
      all[parameter.name] = parameter.all or parameter.default
    end
    all.size = { 64 }
    local operations = {}
    for _, case in ipairs(versus.cases(all)) do
      assert.is_true(versus.measure(case).ns > 0)
      operations[case.what] = (operations[case.what] or 0) + 1
    end
    for what, count in pairs { array = 8, table = 8, ["class in Lua"] = 7 } do
      assert.are.equal(count, operations[what], what)
    end
    local elsewhere = { ["class in Python"] = 7, ["list in Python"] = 8, ["array in Python"] = 7, NumPy = 7,
      ["std::vector"] = 8 }
    for what, count in pairs(elsewhere) do
      assert.is_true(operations[what] == nil or operations[what] == count, what)
    end
  end)
end)

describe("the article's class in Lua", function()
  it("keeps what is appended, and doubles", function()
    local d = new_class(1)
    for i = 1, 100 do
      d:append(i * 2)
    end
    assert.are.equal(100, d.size)
    assert.are.equal(128, d.capacity)
    assert.are.equal(128, #rawget(d, "block"))
    for i = 1, 100 do
      assert.are.equal(i * 2, d[i])
    end
    d[5] = "five"
    assert.are.equal("five", d[5])
  end)

  it("refuses what lies outside", function()
    local d = new_class(4)
    d:append(1)
    for _, index in ipairs { 0, 2, -1 } do
      assert.has_error(function() return d[index] end)
      assert.has_error(function() d[index] = 1 end)
    end
  end)
end)

describe("an experiment", function()
  local function refused(name, parameters, ...)
    local _, message = pcall(lab.run, { names = { name }, parameters = parameters, quick = true, budget = 0 })
    for _, words in ipairs { ... } do
      assert.truthy(tostring(message):find(words, 1, true), tostring(message))
    end
  end

  it("takes a factor as a command line gives it", function()
    local all = lab.run { names = { "policies" }, budget = 0, parameters = {
      policy = { "1.3", "increment:7" }, size = { 500 }, block = { "copy" }, type = { "uint8", "value" },
    } }
    local growths = {}
    for _, entry in ipairs(all.runs[1].cases) do
      assert.is_nil(entry.error)
      growths[entry.case.policy] = entry.samples[1].metrics.growths
    end
    local a = dynarray.new { growth = 1.3, capacity = 0 }
    dynarray.probe.appends(a, 500)
    assert.are.equal(a:stats().growths, growths["1.3"])
    assert.are.equal(72, growths["increment:7"])
  end)

  it("refuses what does not fit into memory", function()
    local case = { policy = "double", block = "auto", type = "int64", size = 1 << 50, operation = "sum" }
    for name, what in pairs { latency = "array", memory = "table", versus = "array" } do
      case.what = what
      local ok, message = pcall(module_of(name).measure, case)
      assert.is_false(ok)
      assert.truthy(message:find("measured up to half of what is free", 1, true), message)
    end
  end)

  it("refuses parameters that it does not know, and names what is allowed", function()
    refused("memory", { what = { "heap" } }, "heap", "array, reserved or table")
    refused("hierarchy", { bytes = { 5000 } }, "5000", "a power of two, 4096 or more")
    refused("process", { what = { "swap" } }, "swap", "shrink_to_fit")
    refused("collector", { pacing = { "maybe" } }, "maybe", "on or off")
    refused("collector", { mode = { "eager" } }, "eager", "incremental or generational")
    refused("versus", { what = { "deque" } }, "deque", "class in Lua")
    refused("versus", { operation = { "pop" } }, "pop", "append, read")
  end)
end)
