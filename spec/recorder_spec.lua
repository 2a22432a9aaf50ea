-- examples/recorder: a program that records until it is stopped, and two that look at the file meanwhile.
local child = require "support.child"
local dynarray = require "dynarray"
local files = require "support.files"
local needs = require "support.needs"

local rounds = math.tointeger(tonumber(os.getenv "DYNARRAY_CRASH_ROUNDS")) or 20
local seed = math.tointeger(tonumber(os.getenv "DYNARRAY_SEED")) or os.time()

local example = "examples/recorder/"

describe(example, function()
  local path, said

  before_each(function()
    path, said = os.tmpname(), os.tmpname()
    os.remove(path)
  end)

  after_each(function()
    collectgarbage()
    collectgarbage()
    os.remove(path)
    os.remove(said)
  end)

  -- A line of the shell that records until the shell kills it, `meanwhile` in between.
  local function record(meanwhile)
    local out, err = child.shell(("$LUA %srecorder.lua %s >%s & %s; kill -KILL $!; wait $! 2>/dev/null"):format(example,
      path, said, meanwhile))
    assert.equal("", (err:gsub("Killed\n?", "")))
    return out
  end

  it("has all that it said it had recorded, wherever it is killed", function()
    math.randomseed(seed)
    local n = 0
    for round = 1, rounds do
      record(("sleep %.3f"):format(0.02 + math.random() * 0.1))
      local told
      for line in io.lines(said) do
        told = line:match "^recorded (%d+)$" or told
      end
      local log = io.open(path) and assert(dynarray.open(path)) or {}
      if #log < math.max(n, tonumber(told or 0)) then
        error(("round %d: %d samples, %d before, told %s; DYNARRAY_SEED=%d"):format(round, #log, n, told, seed))
      end
      n = #log
      log = nil -- luacheck: ignore 311
      collectgarbage()
      collectgarbage()
    end
    assert.is_true(n > 1000)
  end)

  it("is looked at while it records", function()
    needs.commands "gnuplot"
    local shown = record(("sleep 0.5; $LUA %sviewer.lua %s 2"):format(example, path))
    local counts = {}
    for n, mean, median, percentile in shown:gmatch "(%d+) samples, mean (%S+), median (%S+), 99th percentile (%S+)" do
      counts[#counts + 1] = tonumber(n)
      assert.is_true(tonumber(mean) > 0 and tonumber(median) > 0 and tonumber(percentile) >= tonumber(median))
    end
    assert.equal(2, #counts)
    assert.is_true(counts[2] > counts[1])
    assert.truthy(shown:find(counts[2] .. " samples", 1, true)) -- the title of the picture
  end)

  it("draws what is there", function()
    needs.commands "gnuplot"
    local log = dynarray.open(path, "float64")
    for i = 1, 100 do log:append(i) end
    child.output(files.read(example .. "viewer.lua"), path, "1", said)
    local picture = files.read(said)
    assert.truthy(picture:find("100 samples", 1, true))
    assert.is_true(select(2, picture:gsub("<path", "")) > 1)
  end)

  it("is looked at by NumPy", function()
    needs.python "numpy"
    local shown = record(("sleep 2.5; %s %sviewer.py %s"):format(needs.python_program, example, path))
    local n = tonumber(shown:match "^(%d+) samples, mean")
    assert.is_true(n > 0, shown)
    assert.is_true(#assert(dynarray.open(path)) >= n)
  end)

  it("ends by itself when it has enough", function()
    local out = child.program(example .. "recorder.lua", path, "1500")
    assert.equal(path .. " has 0 samples\nrecorded 1000\n", out)
    assert.equal(1500, #assert(dynarray.load(path)))
    assert.equal(128 + 1500 * 8, #files.read(path))
  end)
end)
