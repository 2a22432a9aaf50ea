local child = require "support.child"
local dynarray = require "dynarray"
local environment = require "dynarray.lab.run.environment"
local expect = require "support.expect"
local lab = require "dynarray.lab"
local support = require "support.lab"

local directory

-- The environment is read once: another spec is about it.
local read_environment = environment.read

setup(function()
  local once = read_environment()
  environment.read = function() return once end
end)

teardown(function()
  environment.read = read_environment
end)

before_each(function()
  directory = support.directory()
end)

after_each(function()
  support.remove(directory)
end)

-- Runs it with a clock that stands still but for what `measure` adds to clock.ns.
local function with_clock(run)
  local real, clock = dynarray.probe.clock, { ns = 1 }
  dynarray.probe.clock = function() return clock.ns end
  local ok, result = pcall(run, clock)
  dynarray.probe.clock = real
  if not ok then
    error(result, 0)
  end
end

-- An experiment that keeps a list of the sizes that it measures.
local function recorded(fields)
  local calls = {}
  local experiment = support.experiment(fields)
  local measure = experiment.measure
  experiment.measure = function(case)
    calls[#calls + 1] = case.size
    return measure(case, calls)
  end
  return experiment, calls
end

local function counts(run)
  local list = {}
  for i, case in ipairs(run.cases) do
    list[i] = #case.samples
  end
  return list
end

-- Never narrow: every other sample is ten times as much.
local function wide(_, calls)
  return { ns = #calls // 3 % 2 == 0 and 1 or 10 }
end

describe("a run", function()
  it("measures each case at least once, whatever the budget", function()
    local all = lab.run { names = { support.experiment { measure = function() return { ns = math.random() } end } },
      budget = 0 }
    assert.same({ 1, 1, 1 }, counts(all.runs[1]))
    assert.is_false(all.interrupted)
    assert.equal("quick", all.runs[1].experiment)
    assert.same({ size = { 1, 2, 3 } }, all.runs[1].parameters)
  end)

  it("ends once the intervals are narrow: ten samples of what is always the same", function()
    local all = lab.run { names = { support.experiment() }, budget = 1000 }
    assert.same({ 10, 10, 10 }, counts(all.runs[1]))
    assert.equal(20, lab.results.value(all.runs[1], { size = 2 }, "ns"))
  end)

  it("goes on with a case until its own interval is narrow", function()
    local seen = 0
    local all = lab.run { budget = 1000, parameters = { size = { 1, 2 } }, names = { support.experiment {
      measure = function(case)
        if case.size == 2 then return { ns = 100 } end
        seen = seen + 1
        return { ns = seen <= 8 and seen or 100 }
      end } } }
    local n = counts(all.runs[1])
    assert.equal(10, n[2])
    assert.is_true(n[1] > 20 and n[1] < 60, n[1])
    local line = lab.results.summary(all.runs[1])[1]
    assert.equal(100, line.median)
    assert.is_true(line.high - line.low <= 5)
    assert.equal(2, line.min) -- the first was to warm up
  end)

  it("goes on until a narrower interval is reached if that is asked for", function()
    local function samples(width)
      local seen = 0
      return counts(lab.run({ budget = 1000, width = width, parameters = { size = 1 }, names = { support.experiment {
        measure = function()
          seen = seen + 1
          return { ns = 100 + (seen % 3 - 1) * 20 / seen }
        end } } }).runs[1])[1]
    end
    assert.is_true(samples(0.01) > samples(0.1))
  end)

  it("measures once what is the same each time", function()
    local exact = support.experiment { metrics = { { name = "double", exact = true } },
      measure = function(case) return { double = case.size } end }
    assert.same({ 1, 1, 1 }, counts(lab.run({ names = { exact }, budget = 1000 }).runs[1]))
    local once, calls = recorded { once = true, measure = wide }
    assert.same({ 1, 1, 1 }, counts(lab.run({ names = { once }, budget = 1000 }).runs[1]))
    assert.equal(3, #calls)
  end)

  it("takes ten samples where no metric is to be less or more", function()
    local plain = support.experiment { metrics = { { name = "ns" } },
      measure = function() return { ns = math.random() } end }
    assert.same({ 10, 10, 10 }, counts(lab.run({ names = { plain }, budget = 1000 }).runs[1]))
  end)
end)

describe("a round", function()
  local function rounds_of(calls, n)
    local rounds = {}
    for i = 1, #calls, n do
      rounds[#rounds + 1] = table.concat(calls, " ", i, math.min(i + n - 1, #calls))
    end
    return rounds
  end

  it("measures each case once, in random order, first to warm up", function()
    local experiment, calls = recorded()
    lab.run { names = { experiment }, budget = 1000, seed = 4, parameters = { size = { 1, 2, 3, 4, 5, 6 } } }
    local rounds, different = rounds_of(calls, 6), {}
    assert.equal(11, #rounds) -- the first is not kept
    for _, round in ipairs(rounds) do
      different[round] = true
      local sorted = {}
      for word in round:gmatch("%S+") do
        sorted[tonumber(word)] = true
      end
      assert.equal(6, #sorted, round)
    end
    local n = 0
    for _ in pairs(different) do
      n = n + 1
    end
    assert.is_true(n >= 4)
  end)

  it("has the order of the seed", function()
    local function order(seed)
      local experiment, calls = recorded()
      lab.run { names = { experiment }, budget = 1000, seed = seed, parameters = { size = { 1, 2, 3, 4, 5, 6 } } }
      return table.concat(calls, " ")
    end
    assert.equal(order(4), order(4))
    assert.are_not.equal(order(4), order(5))
  end)

  it("is that of the plan", function()
    local experiment, calls = recorded { once = true }
    local options = { names = { experiment }, seed = 8, parameters = { size = { 1, 2, 3, 4, 5, 6 } } }
    local planned = {}
    for i, case in ipairs(lab.plan(options)) do
      planned[i] = case.case.size
    end
    lab.run(options)
    assert.same(planned, calls)
  end)

  it("keeps the first sample of a case that takes long, and does not measure it twice", function()
    with_clock(function(clock)
      local experiment, calls = recorded { measure = function(case)
        clock.ns = clock.ns + (case.size == 2 and 200000000 or 1000)
        return { ns = 5 }
      end }
      local all = lab.run { names = { experiment }, budget = 1000 }
      assert.same({ 10, 10, 10 }, counts(all.runs[1]))
      local slow = 0
      for _, size in ipairs(calls) do
        slow = slow + (size == 2 and 1 or 0)
      end
      assert.equal(10, slow)
      assert.equal(32, #calls)
      for i, sample in ipairs(all.runs[1].cases[2].samples) do
        assert.equal(i, sample.round)
        assert.equal(0.2, sample.seconds)
      end
    end)
  end)

  it("begins each sample without the garbage of the one before", function()
    local alive, most = 0, 0
    local garbage = { __gc = function() alive = alive - 1 end }
    lab.run { names = { support.experiment { measure = function()
      most = math.max(most, alive)
      for _ = 1, 100 do
        alive = alive + 1
        setmetatable({}, garbage)
      end
      return { ns = 1 }
    end } } }
    assert.is_true(most <= 1, most) -- a register may still hold one
  end)
end)

-- An experiment whose samples take so many seconds of that clock.
local function costing(clock, name, seconds)
  return (recorded { name = name, measure = function(_, calls)
    clock.ns = clock.ns + seconds * 1000000000
    return wide(nil, calls)
  end })
end

describe("the budget", function()
  it("is shared by what a round costs", function()
    with_clock(function(clock)
      local all = lab.run { names = { costing(clock, "cheap", 1), costing(clock, "dear", 9) }, budget = 299.5 }
      -- 30 seconds for the first rounds; of the other 270 a tenth, and nine tenths
      assert.same({ 10, 10, 10 }, counts(all.runs[1]))
      assert.same({ 10, 10, 10 }, counts(all.runs[2]))
    end)
  end)

  it("that one experiment does not use is left to those after it", function()
    with_clock(function(clock)
      local done = support.experiment { name = "done", once = true, measure = function()
        clock.ns = clock.ns + 1000000000
        return { ns = 1 }
      end }
      local going = recorded { measure = function(_, calls)
        clock.ns = clock.ns + 1000000000
        return wide(nil, calls)
      end }
      local all = lab.run { names = { done, going }, budget = 62.5 }
      assert.same({ 1, 1, 1 }, counts(all.runs[1]))
      assert.same({ 20, 20, 20 }, counts(all.runs[2]))
    end)
  end)

  it("ends a round in the middle", function()
    with_clock(function(clock)
      local experiment = recorded { measure = function(_, calls)
        clock.ns = clock.ns + 1000000000
        return wide(nil, calls)
      end }
      local n = counts(lab.run({ names = { experiment }, budget = 21.5 }).runs[1])
      assert.equal(22, n[1] + n[2] + n[3])
    end)
  end)
end)

describe("a budget that is too small for ten samples of each case", function()
  -- Cases of size n take n seconds; the clock stands still else.
  local function measured(budget, fields, more)
    local all
    with_clock(function(clock)
      fields = fields or {}
      fields.measure = fields.measure or function(case, calls)
        clock.ns = clock.ns + case.size * 1000000000
        return wide(nil, calls)
      end
      local options = { names = { (recorded(fields)) }, budget = budget, output = directory }
      for key, value in pairs(more or {}) do
        options[key] = value
      end
      all = lab.run(options)
      all.took = (clock.ns - 1) / 1e9
    end)
    return all, all.runs[1]
  end

  local function dropped(run)
    local list = {}
    for i, case in ipairs(run.cases) do
      list[i] = case.dropped or false
    end
    return list
  end

  it("drops the last cases, and gives the others what they want", function()
    local all, run = measured(40) -- all would take 60 s, the first two 30 s
    assert.same({ false, false, true }, dropped(run))
    local n = counts(run)
    assert.is_true(n[1] >= 10 and n[2] >= 10, table.concat(n, " "))
    assert.equal(1, n[3])
    assert.is_true(math.abs(all.took - 40) <= 8, all.took)
  end)

  it("keeps what the answer needs, wherever it stands", function()
    local _, run = measured(45, { needed = function(case) return case.size == 3 end })
    assert.same({ false, true, false }, dropped(run))
    assert.is_true(counts(run)[3] >= 10)
    _, run = measured(36, { needed = function(case) return case.size == 3 end })
    assert.same({ true, true, false }, dropped(run))
    _, run = measured(58, { needed = function() return true end }) -- 60 s are no fifth more
    assert.same({ false, false, false }, dropped(run))
    _, run = measured(50, { needed = function() return true end }) -- the one that costs most
    assert.same({ false, false, true }, dropped(run))
    _, run = measured(40, { needed = function() return false end }) -- then the first case is
    assert.same({ false, false, true }, dropped(run))
  end)

  it("gives up what the answer needs before all else if it takes more than all of the time", function()
    local parameters = { { name = "size", default = { 1, 2, 3, 40 } } }
    local _, run = measured(120, { parameters = parameters, needed = function(case) return case.size ~= 2 end })
    assert.same({ false, false, false, true }, dropped(run))
    for k = 1, 3 do
      assert.is_true(counts(run)[k] >= 10)
    end
  end)

  it("takes the time that it was given, neither less nor more by a fifth", function()
    for _, budget in ipairs { 15, 30, 60, 100, 500 } do
      local all = measured(budget, nil, { width = 0 })
      assert.is_true(math.abs(all.took - budget) <= budget / 5, ("%g of %g s"):format(all.took, budget))
    end
  end)

  it("is shared by the number of cases from the first sample on", function()
    with_clock(function(clock)
      local all = lab.run { names = { costing(clock, "slow", 20), costing(clock, "quick", 0.1) }, budget = 100 }
      assert.same({ false, false, false }, dropped(all.runs[2]))
      assert.is_true(all.runs[1].cases[3].dropped)
      for _, n in ipairs(counts(all.runs[2])) do
        assert.is_true(n >= 10, n)
      end
    end)
  end)

  it("is remembered, and given up where several files are joined", function()
    local _, run = measured(40)
    local path = directory .. "/results.jsonl"
    assert.same(dropped(run), dropped(lab.load(path).runs[1]))
    support.write(directory .. "/more.jsonl", (support.read(path):gsub('"round":(%d+)', '"round":1%1')))
    assert.same(dropped(run), dropped(lab.load(path, directory .. "/more.jsonl").runs[1]))
  end)

  it("does not matter where each case is to be measured once, or quickly", function()
    local _, run = measured(0)
    assert.same({ false, false, false }, dropped(run))
    _, run = measured(5, { parameters = { { name = "size", default = { 1, 2, 3 }, quick = { 1, 2, 3 } } } },
      { quick = true })
    assert.same({ false, false, false }, dropped(run))
  end)

  it("drops the cases of the last experiment where nothing else is left to drop", function()
    with_clock(function(clock)
      local function one(name)
        return support.experiment { name = name, parameters = { { name = "size", default = { 1 } } },
          measure = function()
            clock.ns = clock.ns + 1000000000
            return { ns = math.random() }
          end }
      end
      local all = lab.run { names = { one "first", one "second", one "third" }, budget = 22 }
      assert.same({ { false }, { false }, { true } },
        { dropped(all.runs[1]), dropped(all.runs[2]), dropped(all.runs[3]) })
    end)
  end)
end)

describe("a race without time for all", function()
  -- Arms of size n take n seconds; ranked by size.
  local function raced(budget)
    local all
    with_clock(function(clock)
      local experiment = recorded {
        parameters = { { name = "size", default = { 8, 7, 6, 5, 4, 3, 2, 1 } } },
        measure = function(case)
          clock.ns = clock.ns + 1000000000
          return { ns = case.size }
        end,
      }
      experiment.race = {
        least = 3, ends_early = true, losers = function() return {}, false end,
        ranked = function(entries)
          local list = table.move(entries, 1, #entries, 1, {})
          table.sort(list, function(x, y) return x.case.size < y.case.size end)
          return list
        end,
      }
      all = lab.run { names = { experiment }, budget = budget, width = 0 }
      all.took = (clock.ns - 1) / 1e9
    end)
    local by_size = {}
    for _, entry in ipairs(all.runs[1].cases) do
      by_size[entry.case.size] = entry
    end
    return by_size, all
  end

  it("gives up the least promising, half after each equal share of the time, so that the last get ten", function()
    local by_size, all = raced(45)
    for size = 1, 3 do
      assert.is_true(#by_size[size].samples >= 10, #by_size[size].samples)
      assert.is_nil(by_size[size].dropped)
    end
    for size = 4, 8 do
      assert.equal(size > 4 and 2 or 6, #by_size[size].samples)
      assert.is_true(by_size[size].dropped)
    end
    assert.is_true(all.took <= 45 * 1.2)
  end)

  it("goes on after an interrupt, also from arms that get no new sample", function()
    local folder, calls = directory, 0
    local function run(budget, last)
      with_clock(function(clock)
        local experiment = recorded {
          parameters = { { name = "size", default = { 8, 7, 6, 5, 4, 3, 2, 1 } } },
          measure = function(case)
            calls = calls + 1
            if calls == last then error("interrupted!", 0) end
            clock.ns = clock.ns + 1000000000
            return { ns = case.size }
          end,
        }
        experiment.race = { least = 3, ends_early = true, losers = function() return {}, false end,
          ranked = function(entries) return table.move(entries, 1, #entries, 1, {}) end }
        lab.run { names = { experiment }, budget = budget, width = 0, output = folder }
      end)
    end
    run(100, 15)
    assert.is_true(lab.load(folder .. "/results.jsonl").interrupted)
    run(2)
    assert.is_false(lab.load(folder .. "/results.jsonl").interrupted)
  end)

  it("never gives up the last three", function()
    local by_size = raced(25)
    for size = 1, 3 do
      assert.is_nil(by_size[size].dropped)
      assert.is_true(#by_size[size].samples >= 4)
    end
  end)
end)

describe("progress", function()
  local function told(options)
    local list = {}
    options.on_progress = function(p) list[#list + 1] = p end
    lab.run(options)
    return list
  end

  it("is told before the first sample and after each, up to the end", function()
    local list = told { names = { support.experiment() }, budget = 1000 }
    assert.equal(31, #list)
    for i, p in ipairs(list) do
      assert.equal(i - 1, p.done)
      assert.equal(30, p.total)
      assert.equal("quick", p.experiment)
      assert.is_true(p.seconds >= 0)
      assert.equal(i == 31, p.seconds_left == 0)
    end
  end)

  it("knows how much of the budget is left, or how long the first samples will take", function()
    with_clock(function(clock)
      local experiment = recorded { measure = function(_, calls)
        clock.ns = clock.ns + 10000000000
        return wide(nil, calls)
      end }
      local left = {}
      for i, p in ipairs(told { names = { experiment }, budget = 35 }) do
        left[i] = math.floor(p.seconds_left + 0.5)
      end
      assert.same({ 35, 25, 15, 0 }, left) -- the third is dropped
      left = {}
      experiment.once = true
      for i, p in ipairs(told { names = { experiment }, budget = 5 }) do
        left[i] = math.floor(p.seconds_left + 0.5)
      end
      assert.same({ 5, 20, 10, 0 }, left)
    end)
  end)
end)

describe("a case that fails", function()
  it("is recorded with its message, not repeated, and the others go on", function()
    local experiment, calls = recorded { measure = function(case)
      if case.size == 2 then error("no two", 0) end
      return { ns = 1 }
    end }
    local all = lab.run { names = { experiment }, budget = 1000 }
    assert.same({ 10, 0, 10 }, counts(all.runs[1]))
    assert.equal("no two", all.runs[1].cases[2].error)
    assert.is_nil(all.runs[1].cases[1].error)
    assert.equal(23, #calls)
    assert.same({}, lab.results.samples(all.runs[1], { size = 2 }, "ns"))
  end)

  it("is one whose metrics are none", function()
    local function message(measured)
      local experiment = support.experiment { measure = function() return measured end }
      return lab.run({ names = { experiment }, parameters = { size = 1 } }).runs[1].cases[1].error
    end
    assert.equal("measured a nil, expected a table of metrics", message(nil))
    assert.equal("measured 'sn', which is not among the metrics", message { sn = 1 })
    assert.equal("metric 'ns' is a string, expected a number", message { ns = "1" })
    assert.is_nil(message { ns = 0 / 0, double = 1 })
  end)

  it("may lack a metric, or measure no number", function()
    local all = lab.run { names = { support.experiment { measure = function() return { ns = 0 / 0 } end } } }
    assert.same({ 10, 10, 10 }, counts(all.runs[1]))
    assert.same({}, lab.results.summary(all.runs[1]))
  end)
end)

describe("a run with an output directory", function()
  local function loaded()
    return lab.load(directory .. "/results.jsonl")
  end

  it("makes the directory, and writes there what it returns", function()
    local all = lab.run { names = { support.experiment() }, output = directory .. "/a/b", command = "x" }
    local read = lab.load(directory .. "/a/b/results.jsonl")
    assert.same(all.runs, read.runs)
    assert.same({ all.seed, all.budget, all.quick, all.command }, { read.seed, read.budget, read.quick, read.command })
    assert.equal(61, #support.lines(directory .. "/a/b/results.csv"))
  end)

  -- Measures until the sample of that number, which is interrupted.
  local function interrupted_at(number, fields)
    local experiment, calls = recorded { measure = function(case, calls)
      if #calls == number then error("somewhere.lua:1: interrupted!", 0) end
      return { ns = case.size * 10 }
    end }
    for key, value in pairs(fields or {}) do
      experiment[key] = value
    end
    local all = lab.run { names = { experiment }, budget = 1000, output = directory }
    return all, calls
  end

  it("keeps what was measured when it is interrupted, and goes on from there", function()
    local all, calls = interrupted_at(9) -- three to warm up, five kept
    assert.is_true(all.interrupted)
    assert.equal(9, #calls)
    assert.same(all.runs, loaded().runs)
    assert.is_true(loaded().interrupted)
    local before = counts(all.runs[1])
    assert.equal(5, before[1] + before[2] + before[3])

    all, calls = interrupted_at(0)
    assert.is_false(all.interrupted)
    assert.same({ 10, 10, 10 }, counts(all.runs[1]))
    assert.equal(25, #calls)
    assert.same({ "an interrupted run was resumed" }, all.notes)
    for _, case in ipairs(all.runs[1].cases) do
      for i = 2, 5 do
        assert.is_true(case.samples[i].round > case.samples[i - 1].round)
      end
    end
    assert.same(all.runs, loaded().runs)
    assert.is_false(loaded().interrupted)
    assert.equal(31, #support.lines(directory .. "/results.csv"))
  end)

  it("measures no more than what is missing if the budget is used up when it goes on", function()
    interrupted_at(7)
    local experiment, calls = recorded()
    local all = lab.run { names = { experiment }, budget = 0, output = directory }
    assert.same({ 1, 1, 1 }, counts(all.runs[1]))
    assert.is_true(#calls <= 2)
  end)

  it("tells that it goes on in another environment", function()
    interrupted_at(9)
    local path = directory .. "/results.jsonl"
    support.write(path, (support.read(path):gsub('"processors":%d+', '"processors":977')))
    local all = interrupted_at(0)
    assert.same({ "measured in different environments", "an interrupted run was resumed" }, all.notes)
    assert.equal(977, all.environments[1].processors)
    assert.same({ "measured in different environments" }, loaded().notes)
  end)

  it("goes on after a cut line", function()
    interrupted_at(9)
    local path = directory .. "/results.jsonl"
    local text = support.read(path):gsub("[^\n]*\n$", "") -- without its end
    support.write(path, text:sub(1, -20))
    local all, calls = interrupted_at(0)
    assert.same({ 10, 10, 10 }, counts(all.runs[1]))
    assert.equal(26, #calls)
    assert.same(all.runs, loaded().runs)
    assert.is_false(loaded().interrupted)
  end)

  it("tries a case that failed again, but not where it was measured before", function()
    local function failing(case, calls)
      if case.size == 3 or case.size == 2 and #calls == 6 then error("not now", 0) end
      if #calls == 9 then error("interrupted!", 0) end
      return { ns = case.size * 10 }
    end
    local all = interrupted_at(0, (recorded { measure = failing }))
    local failed = {}
    for k, n in ipairs(counts(all.runs[1])) do
      failed[k] = all.runs[1].cases[k].error and n
    end
    assert.equal(0, failed[3])
    all = interrupted_at(0)
    for k, n in ipairs(counts(all.runs[1])) do
      local still = failed[k] and failed[k] > 0
      assert.equal(still and "not now" or nil, all.runs[1].cases[k].error)
      assert.equal(still and failed[k] or 10, n)
    end
  end)

  it("begins anew where a run was finished", function()
    interrupted_at(0)
    local all, calls = interrupted_at(0)
    assert.same({ 10, 10, 10 }, counts(all.runs[1]))
    assert.equal(33, #calls)
    assert.same({}, all.notes)
  end)

  it("keeps the results of every run before, each under a number", function()
    local first = interrupted_at(0)
    local table_of_first = support.read(directory .. "/results.csv")
    assert.is_nil(first.kept)
    local second = lab.run { names = { support.experiment() }, seed = 2, output = directory }
    assert.equal(directory .. "/results.1.jsonl", second.kept)
    local third = lab.run { names = { support.experiment() }, seed = 3, output = directory }
    assert.equal(directory .. "/results.2.jsonl", third.kept)
    assert.same(first.runs, lab.load(second.kept).runs)
    assert.equal(table_of_first, support.read(directory .. "/results.1.csv"))
    assert.same(second.runs, lab.load(third.kept).runs)
    assert.same(third.runs, loaded().runs)
  end)

  it("keeps an unfinished run of another plan under another name", function()
    local all = interrupted_at(9)
    lab.run { names = { support.experiment() }, parameters = { size = { 1, 2 } }, output = directory }
    assert.same({ 10, 10 }, counts(loaded().runs[1]))
    assert.same(all.runs, lab.load(directory .. "/results.1.jsonl").runs)
    all = interrupted_at(9)
    lab.run { names = { support.experiment() }, seed = 2, output = directory }
    assert.same({ 10, 10, 10 }, counts(loaded().runs[1]))
    assert.same(all.runs, lab.load(directory .. "/results.3.jsonl").runs)
  end)

  it("keeps a file that is something else under another name", function()
    support.write(directory .. "/results.jsonl", "my shopping list\n")
    lab.run { names = { support.experiment() }, output = directory }
    assert.same({ 10, 10, 10 }, counts(loaded().runs[1]))
    assert.equal("my shopping list\n", support.read(directory .. "/results.1.jsonl"))
  end)

  it("leaves a file that goes on when a script's own function fails", function()
    expect.raises("from on_progress", lab.run, { names = { support.experiment() }, output = directory,
      on_progress = function(p) if p.done == 4 then error "from on_progress" end end })
    local read = loaded()
    assert.is_true(read.interrupted)
    local n = counts(read.runs[1])
    assert.equal(4, n[1] + n[2] + n[3])
  end)
end)

describe("a case", function()
  it("is done when the metric called main is known well enough", function()
    local calls = 0
    local function samples(main, budget)
      calls = 0
      local metrics = { { name = "wild", better = "less" }, { name = "calm", better = "less", main = main } }
      local all = lab.run { names = { support.experiment { metrics = metrics, measure = function()
        calls = calls + 1
        return { wild = calls ^ 4, calm = 1 }
      end } }, quick = true, budget = budget }
      return #all.runs[1].cases[1].samples
    end
    assert.equal(10, samples(true, 600)) -- it ends long before
    assert.is_true(samples(nil, 0.2) > 5)
  end)
end)

describe("Ctrl-C", function()
  -- An experiment whose fifth sample sends the signal by that command; its process group is its own, as on a terminal.
  local function run(fresh, command)
    local file = directory .. "/experiment.lua"
    support.write(file, ([[
      local log, file = %q, %q
      return {
        name = "signals", question = "?", file = file, fresh = %s,
        parameters = { { name = "size", default = { 1, 2 } } },
        cases = function() return { { size = 1 }, { size = 2 } } end,
        metrics = { { name = "value", better = "less" } },
        measure = function()
          local f <close> = assert(io.open(log, "a+"))
          f:write("x")
          f:seek("set")
          local n = #f:read("a")
          if n == 5 then
            local pipe = io.popen(%q)
            pipe:read("a")
            pipe:close()
            while true do end
          end
          return { value = n <= 10 and n or 10 }
        end,
      }
    ]]):format(directory .. "/log", file, fresh, command))
    support.write(directory .. "/main.lua", ([[
      require "dynarray.lab.run.steady".most_tries = 1 -- the samples are counted
      local all = require "dynarray.lab".run { names = { dofile(%q) }, budget = 1000, output = %q }
      local n = #all.runs[1].cases[1].samples + #all.runs[1].cases[2].samples
      print(all.interrupted, n, all.runs[1].cases[1].error, all.runs[1].cases[2].error)
    ]]):format(file, directory .. "/out"))
    return child.output([[
      local interpreter = arg[-1]
      local function quoted(s) return "'" .. s:gsub("'", "'\\''") .. "'" end
      local pipe = io.popen("setsid -w " .. quoted(interpreter) .. " " .. quoted((...)))
      io.write(pipe:read("a"))
    ]], directory .. "/main.lua")
  end

  for _, row in ipairs {
    { "to the terminal's processes, while one of its own measures", true, "kill -INT 0", 4 },
    { "to the terminal's processes, while this one measures", false, "kill -INT 0", 2 },
    { "to this process alone", false, "kill -INT $PPID", 2 },
    { "to the process that measures alone", true, "kill -INT $PPID", 4 },
  } do
    it("ends the run with what is measured, " .. row[1], function()
      assert.equal(("true\t%d\tnil\tnil\n"):format(row[4]), run(row[2], row[3]))
      local read = lab.load(directory .. "/out/results.jsonl")
      assert.is_true(read.interrupted)
      assert.equal(row[4], #lab.results.samples(read.runs[1], {}, "value"))
      local resumed = run(row[2], row[3])
      assert.truthy(resumed:find("^false\t%d+\tnil\tnil\n$"), resumed)
    end)
  end
end)
