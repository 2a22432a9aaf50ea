-- Memory that the system has given before a sample begins.
local dynarray = require "dynarray"
local lab = require "dynarray.lab"
local plain = require "support.plain"
local support = require "support.lab"
local warm = require "dynarray.lab.run.warm_memory"

-- How many bytes are warmed up while this runs: a list.
local function warmed(run)
  local memory, list = warm.memory, {}
  warm.memory = function(bytes) list[#list + 1] = bytes end
  finally(function() warm.memory = memory end)
  run()
  return list
end

describe("warm memory", function()
  -- In a process of its own, where no memory of other specs is given back meanwhile.
  it("was written and given back", function()
    local peak, left, done = plain.numbers("", [[
      local dynarray = require "dynarray"
      local warm = require "dynarray.lab.run.warm_memory"
      local done = dynarray.probe.reset_peak()
      local before = dynarray.probe.memory()
      warm.memory(64 << 20)
      local after = dynarray.probe.memory()
      print(after.peak - before.resident, after.resident - before.resident, done and 1 or 0)
    ]])
    if done == 0 then
      return pending "this system does not tell the peak of a process"
    end
    assert.is_true(peak >= 63 << 20, peak) -- it lags by some pages
    assert.is_true(left < 1 << 20, left)
  end)

  it("is no more than half of what is free", function()
    local free = io.open "/proc/meminfo"
    if not free then
      return pending "this system does not tell how much memory is free"
    end
    free:close()
    local new, asked = dynarray.new, nil
    finally(function() dynarray.new = new end)
    dynarray.new = function(options) -- an array that writes nothing: gigabytes would take a minute
      asked = options.capacity
      return { resize = function(a, n) assert(n == asked) return a end, close = function() end }
    end
    warm.memory(1 << 60)
    assert.is_true(asked < 1 << 50 and asked > 8 << 20)
    warm.memory(10)
    assert.equal(8 << 20, asked)
  end)

  it("is there before each sample of an experiment that says what it touches, but not of a cold case", function()
    local order = {}
    local experiment = support.experiment {
      parameters = { { name = "memory", default = { "warm", "cold" } } },
      cases = function(parameters)
        local cases = {}
        for i, memory in ipairs(parameters.memory) do cases[i] = { memory = memory } end
        return cases
      end,
      touches = function(case, entry)
        assert(entry.samples and case.memory == "warm")
        return 12345
      end,
      measure = function(case)
        order[#order + 1] = case.memory
        return { ns = 1 }
      end,
    }
    local list = warmed(function() lab.run { names = { experiment }, budget = 0 } end)
    local samples = 0
    for _, memory in ipairs(order) do
      samples = samples + (memory == "warm" and 1 or 0)
    end
    assert.is_true(samples >= 1)
    assert.equal(samples, #list)
    assert.equal(12345, list[1])
    assert.same({}, warmed(function() lab.run { names = { support.experiment() }, budget = 0 } end))
  end)
end)
