-- Arrays made and dropped in great numbers: what a process holds at most, in both modes of the collector, idle and with
-- a Lua heap of 200,000 small tables. Each row runs in a process of its own, whose peak the system tells.
local plain = require "support.plain"

local churn = [[
  local dynarray = require "dynarray"
  local mode, tables, count, bytes, keep, pacing = ...
  count, bytes, keep = tonumber(count), tonumber(bytes), tonumber(keep)
  collectgarbage(mode)
  dynarray.collector { off = pacing == "off" }
  local heap = {}
  for i = 1, tonumber(tables) do heap[i] = { i } end
  local kept = {}
  local began = os.clock()
  for i = 1, count do
    local a = dynarray.filled(bytes, i & 127, "int8")
    if keep > 0 then kept[i % keep] = a end
  end
  local ms = (os.clock() - began) * 1000 // 1 | 0
  for i = count - keep + 1, count do
    local a = kept[i % keep]
    assert(#a == bytes and a[1] == i & 127 and a[bytes] == i & 127)
  end
  local peak = io.open("/proc/self/status"):read("a"):match("VmHWM:%s+(%d+)")
  print(peak // 1024 | 0, dynarray.memory().peak >> 20, ms)
]]

-- count, bytes, kept: at most so many MiB resident
local rows = {
  { 8000, 1 << 20, 0, most = 64 },
  { 8000, 1 << 20, 50, most = 160 },
  { 400000, 10 << 10, 100, most = 64 },
}

describe("churn", function()
  for _, mode in ipairs { "incremental", "generational" } do
    for _, tables in ipairs { 0, 200000 } do
      for _, row in ipairs(rows) do
        local count, bytes, keep = table.unpack(row)
        it(("of %d arrays of %d KiB, %d kept, holds %d MiB at most: %s, %d tables"):format(count, bytes >> 10, keep,
          row.most, mode, tables), function()
          local peak, held, ms = plain.numbers("", churn, mode, tables, count, bytes, keep, "on")
          assert.is_true(peak <= row.most, ("%d MiB resident, %d MiB of blocks"):format(peak, held))
          if keep == 0 and tables == 0 then
            assert.is_true(ms <= 4000, ms .. " ms")
          end
        end)
      end
    end
  end

  it("without pacing holds far more: the figure above is no accident", function()
    local _, held = plain.numbers("", churn, "generational", 0, 300, 1 << 20, 0, "off")
    local _, paced = plain.numbers("", churn, "generational", 0, 300, 1 << 20, 0, "on")
    assert.is_true(held > 8 * paced, held .. " against " .. paced)
  end)

  it("of small arrays is no slower paced than not", function()
    local _, _, paced = plain.numbers("", churn, "generational", 0, 40000, 10 << 10, 100, "on")
    local _, _, unpaced = plain.numbers("", churn, "generational", 0, 40000, 10 << 10, 100, "off")
    assert.is_true(paced <= 1.5 * unpaced + 50, paced .. " ms against " .. unpaced)
  end)
end)

describe("one array that grows to 1 GiB", function()
  for _, mode in ipairs { "incremental", "generational" } do
    -- From 16 MiB held on, each cycle waits until as much again has come: 16, 32 ... 1024. Untouched, to save time.
    it("runs no more full cycles than it doubles: " .. mode, function()
      local cycles, growths, capacity = plain.numbers("", [[
        local dynarray = require "dynarray"
        local cycles = 0
        local function sentinel() -- dies in the next full cycle
          setmetatable({}, { __gc = function() cycles = cycles + 1 sentinel() end })
        end
        collectgarbage(...)
        collectgarbage()
        sentinel()
        local a = dynarray.new "float64"
        for i = 1, 1 << 11 do a:reserve(i << 16) end
        print(cycles, a:stats().growths, a.capacity)
      ]], mode)
      assert.equal(1 << 27, capacity)
      assert.is_true(growths == 1 << 11)
      assert.is_true(cycles >= 1 and cycles <= 10, cycles .. " cycles")
    end)
  end
end)
