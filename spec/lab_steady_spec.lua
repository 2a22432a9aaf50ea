-- Samples that are taken again because the processor was slow meanwhile.
local child = require "dynarray.lab.run.child"
local circumstances = require "dynarray.lab.report.circumstances"
local lab = require "dynarray.lab"
local results = require "dynarray.lab.run.results"
local steady = require "dynarray.lab.run.steady"
local support = require "support.lab"

local BEST = 1000

local function always()
  return true
end

-- Samples whose loops took so long, one after the other; also returns how many were taken.
local function taking(references, seconds)
  local taken = {}
  return function()
    taken[#taken + 1] = true
    return { number = #taken, reference = references[#taken] or references[#references], seconds = seconds or 0.01 }
  end, taken
end

describe("a steady sample", function()
  it("is taken once where the processor is fast", function()
    local take, taken = taking { 1050 }
    local kept = steady.new(BEST):sample(take, always)
    assert.same({ 1, 1, nil, nil }, { #taken, kept.number, kept.again, kept.slow })
  end)

  it("is taken again where the processor was slow", function()
    local take, taken = taking { 1600, 1000 }
    local kept = steady.new(BEST):sample(take, always)
    assert.same({ 2, 2, 1 }, { #taken, kept.number, kept.again })
    assert.is_nil(kept.slow)
  end)

  it("is the one with the fastest loops where all were slow, and says so", function()
    local take, taken = taking { 1600, 1300, 1500 }
    local kept = steady.new(BEST):sample(take, always)
    assert.same({ steady.most_tries, 2, steady.most_tries - 1, true }, { #taken, kept.number, kept.again, kept.slow })
  end)

  it("is taken once where it is long, or where there is no time", function()
    local take, taken = taking({ 1600 }, 2 * steady.long_seconds)
    assert.is_true(steady.new(BEST):sample(take, always).slow)
    assert.equal(1, #taken)
    take, taken = taking { 1600 }
    assert.is_true(steady.new(BEST):sample(take, function() return false end).slow)
    assert.equal(1, #taken)
  end)

  it("waits for a fast processor no longer than a moment", function()
    local reference = steady.reference
    finally(function() steady.reference = reference end)
    local loops = { 1600, 1600, 1000 }
    steady.reference = function() return table.remove(loops, 1) end
    assert.equal(1000, steady.wait(BEST))
    loops = { 1600, 1000 }
    assert.equal(1600, steady.wait())
    steady.reference = function()
      reference()
      return 1600
    end
    assert.equal(1600, steady.wait(BEST))
  end)

  it("learns a faster speed at once, and a slower one after many samples", function()
    local processor = steady.new(BEST)
    processor:sample(taking { 900 }, always)
    assert.equal(900, processor.best)
    for _ = 1, 100 do
      processor:sample(taking { 2000 }, always)
    end
    assert.equal(2000, processor.best)
    local take, taken = taking { 2100 }
    processor:sample(take, always)
    assert.equal(1, #taken)
  end)

  it("is taken once where most samples stay slow, until the processor is fast again", function()
    local processor, waits = steady.new(BEST), nil
    local function take(reference)
      local taken = 0
      processor:sample(function(best)
        taken, waits = taken + 1, best ~= nil
        return { reference = reference, seconds = 0.01 }
      end, always)
      return taken
    end
    for i = 1, 20 do
      assert.equal(i % 3 == 0 and 1 or steady.most_tries, take(i % 3 == 0 and BEST or 1600))
      assert.is_true(waits)
    end
    for i = 1, 20 do
      assert.equal(1, take(i % 3 == 0 and 1600 or BEST))
      assert.is_false(waits)
    end
    assert.equal(steady.most_tries, take(1600))
  end)

  it("knows how long the loop takes here", function()
    assert.is_true(steady.new().best > 0)
  end)
end)

describe("the laboratory", function()
  local sample, directory

  before_each(function()
    sample, directory = child.sample, support.directory()
  end)

  after_each(function()
    child.sample = sample
    support.remove(directory)
  end)

  -- Runs an experiment whose samples' loops take these multiples of the best.
  local function run(references, options)
    local taken = 0
    child.sample = function(_, _, _, best)
      taken = taken + 1
      local times = references[(taken - 1) % #references + 1]
      return { metrics = { x = taken }, seconds = 0.001, reference = (best or 1) * times }
    end
    local experiment = support.experiment { fresh = true, cases = function() return { {} } end,
      metrics = { { name = "x", unit = "ns", better = "less" } }, race = options.race }
    options.race = nil
    options.experiments = { experiment }
    return lab.run(options), function() return taken end
  end

  it("takes a sample again, keeps that in its results, and tells it in the report", function()
    local all = run({ 1, 3, 1, 1 }, { budget = 0.5, output = directory })
    local again, samples = 0, 0
    for _, one in ipairs(all.runs[1].cases[1].samples) do
      samples, again = samples + 1, again + (one.again or 0)
      assert.is_nil(one.slow)
    end
    assert.is_true(again > 0)
    local expected = ("%d %s taken again, and 0 of %d stayed slow"):format(again,
      again == 1 and "sample was" or "samples were", samples)
    for _, one in ipairs { all, results.load(directory .. "/results.jsonl") } do
      local told = table.concat(circumstances.warnings(one), "\n")
      assert.truthy(told:find(expected, 1, true), told)
    end
  end)

  it("takes the first samples of a race once: they only tell which arms are worth more", function()
    local race = { least = 3, ranked = function(entries) return entries end }
    local all = run({ 1, 3, 3, 1 }, { budget = 0.5, race = race })
    local samples = all.runs[1].cases[1].samples
    for i = 1, 3 do
      assert.is_nil(samples[i].again)
    end
    local again = 0
    for i = 4, #samples do
      again = again + (samples[i].again or 0)
    end
    assert.is_true(again > 0)
  end)

  it("takes each sample once where there is no budget", function()
    local all, taken = run({ 3 }, { budget = 0 })
    assert.equal(1, taken())
    assert.is_nil(all.runs[1].cases[1].samples[1].again)
  end)
end)
