-- Which arms of a race are certainly worse.
local race = require "dynarray.lab.statistics.race"
local random = require "dynarray.lab.base.random"

-- Normal numbers, by Box and Muller.
local function normal(seed)
  local generator = random.new(seed)
  local function uniform()
    return (generator:next() >> 11) / 2.0 ^ 53
  end
  return function()
    return math.sqrt(-2 * math.log(1 - uniform())) * math.cos(2 * math.pi * uniform())
  end
end

-- Runs a race of arms with these true times: each round all are slowed down alike, each has noise of its own.
local function raced(times, rounds, noise, seed)
  local gauss, arms, running = normal(seed), {}, {}
  for i = 1, #times do
    arms[i], running[i] = {}, i
  end
  local samples = 0
  for round = 1, rounds do
    local slow = math.exp(0.3 * gauss())
    local present, left = {}, {}
    for k, i in ipairs(running) do
      arms[i][round] = times[i] * slow * math.exp(noise * gauss())
      samples, present[k] = samples + 1, arms[i]
    end
    local standing = round >= 3 and race.standing(present, 0.1) or {}
    for k, i in ipairs(running) do
      left[#left + 1] = standing[k] ~= "worse" and i or nil
    end
    running = left
  end
  return running, samples
end

describe("a race", function()
  local times = {}
  for i = 1, 24 do
    times[i] = i <= 8 and 1 or 1.1 * 1.1 ^ (i - 8)
  end

  it("drops arms that are worse, so that most samples are of those that may be best", function()
    local total, left = 0, 0
    for seed = 1, 40 do
      local running, samples = raced(times, 10, 0.05, seed)
      total, left = total + samples, left + #running
    end
    assert.is_true(total / 40 < 0.66 * 240, total / 40)
    assert.is_true(left / 40 < 12, left / 40)
  end)

  it("drops one that is as good as the best in one race of twenty at most", function()
    local wrong = 0
    for seed = 1, 200 do
      local running = raced(times, 10, 0.05, seed)
      local good = 0
      for _, i in ipairs(running) do
        good = good + (i <= 8 and 1 or 0)
      end
      wrong = wrong + (good < 8 and 1 or 0)
    end
    assert.is_true(wrong <= 10, wrong)
  end)

  it("calls arms as good where they certainly are, and leaves open what is not known yet", function()
    local standing, best = race.standing({
      { 1.00, 1.01, 1.00, 0.99, 1.0, 1.0 }, { 1.02, 1.02, 1.03, 1.01, 1.02, 1.02 },
      { 1.5, 1.52, 1.49, 1.5, 1.5, 1.5 }, { 1.10, 1.09, 1.10, 1.11, 1.1, 1.1 }, { 3 },
    }, 0.1)
    assert.equal(1, best)
    assert.same({ "as good", "as good", "worse", "open", "open" }, standing)
    assert.same({}, (race.standing({}, 0.1)))
    assert.same({}, (race.standing({ {}, {} }, 0.1)))
  end)

  it("compares within rounds alone", function()
    local standing = race.standing({ { [1] = 1, [2] = 2, [3] = 4 }, { [1] = 1.01, [2] = 2.02, [3] = 4.04, [4] = 100 } },
      0.1)
    assert.same({ "as good", "as good" }, standing)
  end)
end)
