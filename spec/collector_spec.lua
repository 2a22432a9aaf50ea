-- The collector is paced by the bytes that arrays hold: measured in bytes and cycles, never in time.
local dynarray = require "dynarray"
local expect = require "support.expect"
local child = require "support.child"

-- Drops 200 arrays of 1 MiB, keeping the last `keep`; prints the peak in MiB and the full cycles.
local churn = [[
  local dynarray = require "dynarray"
  local mode, keep, setting = ...
  collectgarbage(mode)
  if setting == "off" then dynarray.collector { off = true } end
  if setting == "tight" then dynarray.collector { pause = 110 } end
  if setting == "stop" then collectgarbage "stop" end
  local cycles = 0
  local function sentinel() -- dies in the next full cycle
    setmetatable({}, { __gc = function()
      cycles = cycles + 1
      sentinel()
    end })
  end
  collectgarbage()
  sentinel()
  local kept = {}
  for i = 1, 200 do
    kept[i % (tonumber(keep) + 1)] = dynarray.filled(1 << 17, i, "float64")
    if tonumber(keep) == 0 then kept[0] = nil end
  end
  print(dynarray.memory().peak >> 20, cycles)
]]

local function run(...)
  local peak, cycles = child.output(churn, ...):match("(%d+)%s+(%d+)")
  return math.tointeger(peak), math.tointeger(cycles)
end

describe("the collector", function()
  for _, mode in ipairs { "incremental", "generational" } do
    it("frees dropped arrays before they pile up: " .. mode, function()
      local peak, cycles = run(mode, "0", "on")
      assert.is_true(peak <= 64, "peak " .. peak)
      assert.is_true(cycles >= 3, "cycles " .. cycles)
    end)

    -- Where blocks of 1 MiB are pages, as malloc gives such ones back, all that a cycle frees is kept for the next.
    it("lets no more pile up than its step: " .. mode, function()
      local peak = run(mode, "0", "on")
      local step = dynarray.filled(1 << 17, 0, "float64").block == "pages" and 16 or 24
      assert.is_true(peak <= step + 2, "peak " .. peak)
    end)

    it("runs no more cycles than the bytes justify: " .. mode, function()
      local _, cycles = run(mode, "0", "on")
      assert.is_true(cycles <= 40, "cycles " .. cycles)
    end)

    it("lets garbage be about as large as what lives: " .. mode, function()
      local peak = run(mode, "30", "on")
      assert.is_true(peak >= 30 and peak <= 96, "peak " .. peak)
    end)

    it("stays stopped when stopped: " .. mode, function()
      local peak, cycles = run(mode, "0", "stop")
      assert.is_true(peak >= 200)
      assert.equal(0, cycles)
    end)
  end

  it("is left to Lua alone when pacing is off", function()
    local peak, cycles = run("incremental", "0", "off")
    local paced, paced_cycles = run("incremental", "0", "on")
    assert.is_true(peak > paced and cycles < paced_cycles, peak .. " against " .. paced)
  end)

  it("runs more often when asked to", function()
    local _, often = run("incremental", "30", "tight")
    local _, usual = run("incremental", "30", "on")
    assert.is_true(often > usual, often .. " against " .. usual)
  end)

  it("is paced by growth as it is by new arrays", function()
    child.output [[
      local dynarray = require "dynarray"
      collectgarbage("incremental", 1000) -- Lua's own cycles are far away
      local function runs_a_cycle(drop)
        local canary = setmetatable({ {} }, { __mode = "v" })
        for _ = 1, 3 do drop() end
        return canary[1] == nil
      end
      local n = 1 << 26
      assert(runs_a_cycle(function() dynarray.new "uint8":reserve(n) end))
      assert(runs_a_cycle(function() dynarray.new { type = "uint8", growth = function(_, m) return n + m end,
        capacity = 0 }:append(1) end))
      assert(runs_a_cycle(function() dynarray.new { type = "uint8", growth = "increment:" .. n }:resize(17) end))
    ]]
  end)

  it("has nothing to find where arrays are closed, however large they are", function()
    child.output [[
      local dynarray = require "dynarray"
      collectgarbage("incremental", 1000) -- Lua's own cycles are far away
      local kept = dynarray.new { type = "uint8", capacity = 1 << 26 }
      dynarray.new { type = "uint8", capacity = 1 << 26 }:close() -- now it is known to live
      local canary = setmetatable({ {} }, { __mode = "v" })
      for _ = 1, 10 do
        local a <close> = dynarray.new { type = "uint8", capacity = 1 << 29 }
      end
      assert(canary[1], "a cycle was run")
      for _ = 1, 3 do
        dynarray.new { type = "uint8", capacity = 1 << 29 } -- dropped
      end
      assert(not canary[1], "no cycle was run")
      assert(dynarray.memory().bytes < 1 << 30)
    ]]
  end)
end)

describe("dynarray.collector", function()
  it("tells the settings before the call, and sets", function()
    finally(function() dynarray.collector { pause = 200, off = false, keep = 16 << 20 } end)
    local before = dynarray.collector()
    assert.same({ pause = 200, off = false, keep = 16 << 20 }, before)
    assert.same(before, dynarray.collector { pause = 300 })
    assert.same({ pause = 300, off = false, keep = 16 << 20 }, dynarray.collector { off = true, keep = 1000 })
    assert.same({ pause = 300, off = true, keep = 1000 }, dynarray.collector())
  end)

  it("refuses unknown and wrong settings, and keeps the old ones", function()
    expect.raises("foo", dynarray.collector, { foo = 1 })
    for _, wrong in ipairs { "x", 0, -1, 1.5, 0 / 0, math.huge, math.maxinteger, {}, true } do
      expect.raises("pause", dynarray.collector, { pause = wrong })
    end
    for _, wrong in ipairs { "x", 0, {} } do
      expect.raises("off", dynarray.collector, { off = wrong })
    end
    for _, wrong in ipairs { "x", "5", -1, 1.5, 0 / 0, math.huge, {}, true } do
      expect.raises("keep expected an integer >= 0, got ", dynarray.collector, { keep = wrong })
    end
    expect.error(dynarray.collector, 5)
    expect.error(dynarray.collector, "off")
    assert.same({ pause = 200, off = false, keep = 16 << 20 }, dynarray.collector())
  end)
end)
