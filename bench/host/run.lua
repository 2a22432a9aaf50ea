-- bench/host/run.lua [--quick]: what arrays cost a C program that embeds Lua.
--
-- Measures appends and sums, by the typed inline functions and by those that a module finds in a Lua state, beside
-- std::vector and a raw loop (the arms are those of bench/growth, each a program of its own); wrapping, detaching and
-- checking an argument (costs.c). In each round every arm runs once, in random order.
package.path = "bench/?.lua;" .. package.path
local support = require "support"
local programs = require "growth.peers"
local number, median, minimum, ratio = support.number, support.median, support.minimum, support.ratio

local quick = arg[1] == "--quick"
local rounds = quick and 3 or 7
local n = 1e8

local vector, raw = "std::vector", "raw loop"
local arms, absent = programs.present{
   programs.in_cxx(vector, "vector"),
   programs.in_c(raw, "presized"),
   programs.of_library("append", "dynarray"),
   programs.of_library("appender", "dynarray_appender"),
   programs.of_state("table: append", "table"),
   programs.of_state("table: cursor", "table_cursor", "-DTABLE_CURSOR"),
}

-- A column of ratios, empty where the yardstick could not be built.
local function against(result, name, yardstick)
   return result[yardstick] and number(ratio(result[name][1], result[yardstick][1])) or ""
end

local function print_elements(title, list, command)
   local result = support.measure(list, rounds, 1, function(arm)
      return programs.command(arm, n * 14, command, ("%d"):format(n))
   end)
   print(("\n%s, ns an element; rounds: %d"):format(title, rounds))
   local rows = {}
   for i, arm in ipairs(list) do
      local times = result[arm.name][1]
      rows[i] = { arm.name, number(median(times)), number(minimum(times)), against(result, arm.name, vector),
         against(result, arm.name, raw) }
   end
   support.print_table({ "", "median", "min", "/ " .. vector, "/ " .. raw }, rows)
end

-- Calls, by their names in costs.c.

local costs = support.products .. "/host/costs"
assert(support.build(costs, { "bench/host/costs.c", "src/include/dynarray.h", "src/include/dynarray_lua.h" },
   ("%s -O2 -DNDEBUG -std=c11 -Isrc/include bench/host/costs.c -o %s $(pkg-config --cflags --libs lua5.4)"):format(
      programs.cc,
      costs)))

local function measure_calls(list)
   local calls = {}
   for i, name in ipairs(list) do calls[i] = { name = name } end
   return support.measure(calls, rounds * 3, 1, function(call) return costs .. " " .. call.name end)
end

local function print_sizes()
   local small, large = " 1024", " 1073741824"
   local names = { { "wrap" }, { "lend", "wrap, with a release function" }, { "detach" }, { "adopt" } }
   local list = {}
   for _, name in ipairs(names) do
      list[#list + 1] = name[1] .. small
      list[#list + 1] = name[1] .. large
   end
   local result = measure_calls(list)
   print(("\na call, ns; rounds: %d"):format(rounds * 3))
   local rows = {}
   for i, name in ipairs(names) do
      local of_small, of_large = result[name[1] .. small][1], result[name[1] .. large][1]
      rows[i] = { name[2] or name[1], number(median(of_small)), number(median(of_large)),
         number(ratio(of_large, of_small)) }
   end
   support.print_table({ "", "1 KB", "1 GB", "ratio" }, rows)
end

local function print_check()
   local result = measure_calls{ "check", "checkudata" }
   local ours, theirs = result.check[1], result.checkudata[1]
   print(("\nan argument checked, ns; rounds: %d"):format(rounds * 3))
   support.print_table({ "", "median", "min" }, {
      { "luaL_checkudata", number(median(theirs)), number(minimum(theirs)) },
      { "api->check", number(median(ours)), number(minimum(ours)), "<= 0.50 x luaL_checkudata: " ..
         support.verdict(ratio(ours, theirs), 0.5) },
   })
end

print(support.environment{ programs.cc, programs.cxx })
if #absent > 0 then print("not found: " .. table.concat(absent, ", ")) end
print [[
append, appender: dynarray_append_int64 and the appender of dynarray.h. table: a module that is linked with nothing of
ours, by api->room when the array is full; cursor: it keeps the place in registers. raw loop: into, or over, a block of
the final size. Ratios: medians of the rounds' ratios; less than 20% is noise.]]
local read = {} -- where appending differs, reading does not
for _, arm in ipairs(arms) do
   if arm.name ~= "appender" and arm.name ~= "table: cursor" then read[#read + 1] = arm end
end
print_elements("1e8 appends of int64", arms, "append")
print_elements("1e8 int64 summed where they are", read, "sum")
print_sizes()
print_check()
