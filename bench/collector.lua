-- bench/collector.lua [--quick]: how much memory dropped arrays hold until the collector frees them.
--
-- Each case runs in a lua5.4 of its own: with the pacing of the library and without
-- (dynarray.collector{ off = true }), in both modes of the collector, with an idle heap and with
-- 200,000 small tables. Without pacing, some cases take 8 GB, one at a time. Seconds are processor time, which depends
-- less on what else the machine does.
package.path = "bench/?.lua;" .. package.path
local support = require "support"

local MiB, KiB = 2 ^ 20, 2 ^ 10
local NOISE = 1.05
local ROUNDS = 3

-- bound: MB at most; seconds: at most, `no_slower`: than without pacing
local cases = {
   { name = "8,000 x 1 MiB, none kept", count = 8000, bytes = MiB, keep = 0, bound = 64, seconds = 4 },
   { name = "8,000 x 1 MiB, last 50 kept", count = 8000, bytes = MiB, keep = 50, bound = 160 },
   { name = "400,000 x 10 KiB, last 100 kept", count = 400000, bytes = 10 * KiB, keep = 100, bound = 64,
     no_slower = true },
   { name = "one grown by appends to 1 GiB", grow = 2 ^ 30, share = 0.10 },
}

-- The child: case, "on" or "off", mode, tables. Prints peak MB, seconds, collections, seconds of a full
-- cycle at the end.

-- Counts collections, also young ones, by an object that is finalized in each.
local collections = 0
local function count_collections()
   setmetatable({}, { __gc = function()
      collections = collections + 1
      count_collections()
   end })
end

local function churn(dynarray, count, elements, keep)
   local kept = {}
   for i = 1, count do
      local a = dynarray.new("float64")
      a:resize(elements)
      if keep > 0 then kept[i % keep + 1] = a end
   end
   return kept
end

local function grow(dynarray, elements)
   local a = dynarray.new("float64")
   local append = a.append
   for _ = 1, elements do append(a, 0.5) end
   return a
end

local function make_heap(tables)
   local heap = {}
   for i = 1, tables do heap[i] = { i, i } end
   return heap
end

local function run_case(case, pacing, mode, tables)
   local dynarray = require "dynarray"
   if pacing == "off" then dynarray.collector{ off = true } end
   collectgarbage(mode)
   local heap = make_heap(tables)
   local before = support.resident()
   count_collections()
   local start = os.clock()
   local kept
   if case.grow then
      kept = grow(dynarray, case.grow // 8)
   else
      kept = churn(dynarray, case.count, case.bytes // 8, case.keep)
   end
   local elapsed, count = os.clock() - start, collections
   start = os.clock()
   collectgarbage()
   local cycle = os.clock() - start
   assert(#heap == tables and #kept >= 0)
   print((support.memory("VmHWM") - before) / 1e6, elapsed, count, cycle)
   os.exit(true, false)
end

if arg[1] == "case" then
   local case = cases[tonumber(arg[2])]
   run_case(case, arg[3], arg[4], math.tointeger(arg[5]))
end

-- The driver.

local quick = arg[1] == "--quick"
local modes = quick and { "generational" } or { "generational", "incremental" }
local heaps = quick and { 0 } or { 0, 200000 }

local function child(...)
   local output = support.capture(support.lua .. " bench/collector.lua case " .. table.concat({ ... }, " "))
   local numbers = {}
   for word in output:gmatch("%S+") do numbers[#numbers + 1] = tonumber(word) end
   return { peak = numbers[1] or 0 / 0, seconds = numbers[2] or 0 / 0, collections = numbers[3] or 0 / 0,
      cycle = numbers[4] or 0 / 0 }
end

local function wanted(case, on, off)
   local words = {}
   if case.bound then
      words[#words + 1] = ("<= %g MB: %s"):format(case.bound, support.verdict(on.peak, case.bound))
   end
   if case.seconds then
      words[#words + 1] = ("<= %g s: %s"):format(case.seconds, support.verdict(on.seconds, case.seconds))
   end
   if case.no_slower then
      words[#words + 1] = ("no slower (<= %g x): %s"):format(NOISE, support.verdict(on.seconds / off.seconds, NOISE))
   end
   if case.share then
      words[#words + 1] = ("share of the cycles <= %g: %s"):format(case.share,
         support.verdict(on.collections * on.cycle / on.seconds, case.share))
   end
   return table.concat(words, ", ")
end

print(support.environment())
print([[
peak: resident, MB, beyond what lua5.4 and its heap hold before. gc: collections, young ones too.
share of the cycles: collections times what a full one costs at the end, of the seconds.
]])
local rows = {}
for i, case in ipairs(cases) do
   for _, mode in ipairs(modes) do
      for _, tables in ipairs(heaps) do
         local off, on = child(i, "off", mode, tables), child(i, "on", mode, tables)
         for _ = 2, case.no_slower and ROUNDS or 1 do -- two times are compared: the best of some
            off.seconds = math.min(off.seconds, child(i, "off", mode, tables).seconds)
            on.seconds = math.min(on.seconds, child(i, "on", mode, tables).seconds)
         end
         rows[#rows + 1] = { case.name, mode, tables > 0 and "200,000" or "idle",
            support.number(off.peak), support.number(off.seconds), ("%.0f"):format(off.collections),
            support.number(on.peak), support.number(on.seconds), ("%.0f"):format(on.collections),
            wanted(case, on, off) }
      end
   end
end
support.print_table({ "", "mode", "tables", "off: peak", "s", "gc", "on: peak", "s", "gc" }, rows)
