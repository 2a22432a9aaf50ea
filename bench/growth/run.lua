-- bench/growth/run.lua [--quick] [PART...]: arrays that grow by appends, beside the arrays of other libraries.
-- Parts: cold, warm, latency, many, again, lua; all of them if none is named.
--
-- Every arm is a program of its own around one driver (driver.h), so only the container differs. In
-- each round every arm runs once, in random order, after memory has been warmed up.
package.path = "bench/?.lua;" .. package.path
local support = require "support"
local programs = require "growth.peers"
local number, median, minimum, ratio = support.number, support.median, support.minimum, support.ratio

local quick = arg[1] == "--quick"
local wanted_parts = {}
for i = quick and 2 or 1, #arg do wanted_parts[arg[i]] = true end
local function wants(part) return next(wanted_parts) == nil or wanted_parts[part] end

local began = os.time()
local here = "bench/growth/"

local function pkg(name) return ("$(pkg-config --cflags --libs %s)"):format(name) end

local arms, absent = programs.present{
   programs.in_cxx("std::vector", "vector"),
   programs.in_cxx("std::deque", "deque"),
   programs.in_cxx("boost vector", "boost"),
   programs.in_cxx("absl InlinedVector", "absl", pkg("absl_inlined_vector")),
   programs.in_c("stb_ds", "stb_ds"),
   programs.in_c("GArray", "garray", pkg("glib-2.0")),
   programs.in_c("utarray", "utarray"),
   programs.in_rust("Rust Vec", "rust"),
   programs.in_c("realloc", "realloc"),
   programs.in_c("presized", "presized"),
   programs.of_library("dynarray append", "dynarray"),
   programs.of_library("dynarray appender", "dynarray_appender"),
}

-- Running.

-- "<= 0.60 x std::vector: 0.48 ok"
local function against(result, arm, figure, bounds)
   local words = {}
   for _, bound in ipairs(bounds or {}) do
      local yardstick = result[bound.of]
      if yardstick and (not bound.appender or arm.program == "dynarray_appender") then
         words[#words + 1] = ("<= %.2f x %s: %s"):format(bound[1], bound.of,
            support.verdict(ratio(result[arm.name][figure], yardstick[figure]), bound[1]))
      end
   end
   return table.concat(words, ", ")
end

local function absolute(x, bound, unit)
   return ("<= %g%s: %s"):format(bound, unit, support.verdict(x, bound))
end

local function join(...)
   local words = {}
   for _, word in ipairs{ ... } do
      if word ~= "" then words[#words + 1] = word end
   end
   return table.concat(words, ", ")
end

-- What was measured against bounds: how many were met, and what was missed.
local section, met, missed = "", 0, {}

local function heading(text)
   section = text:match("^[^,;]+")
   print("\n" .. text)
end

local function print_table(head, rows)
   support.print_table(head, rows)
   for _, row in ipairs(rows) do
      local verdicts = row[#head + 1] or ""
      for verdict in verdicts:gmatch("[^,]+") do
         if verdict:find "MISSED" then
            missed[#missed + 1] = ("%s, %s: %s"):format(section, row[1], verdict:match("^%s*(.*)"))
         elseif verdict:find " ok" then
            met = met + 1
         end
      end
   end
end

-- Appends from C.

local sizes = {
   { n = "100", rounds = 9, quick = 5, bounds = { { 0.60, of = "std::vector" }, { 1.1, of = "stb_ds" } } },
   { n = "1e3", rounds = 9, quick = 5, bounds = { { 0.75, of = "std::vector" } } },
   { n = "1e4", rounds = 9, quick = 5, few = true },
   { n = "1e5", rounds = 9, quick = 5, bounds = { { 1.1, of = "Rust Vec" } } },
   { n = "2e5", rounds = 9, quick = 5, few = true, bounds = { { 1.15, of = "Rust Vec" } } },
   { n = "5e5", rounds = 9, quick = 5, few = true, bounds = { { 1.15, of = "Rust Vec" } } },
   { n = "1e6", rounds = 9, quick = 5, few = true, bounds = { { 1.15, of = "Rust Vec" } } },
   { n = "2e6", rounds = 9, quick = 5, few = true },
   { n = "1e7", rounds = 7, quick = 3, large = true,
     bounds = { { 0.20, of = "std::vector" }, { 0.5, of = "Rust Vec" }, { 1.25, of = "presized", appender = true },
                { 1.6, of = "presized" } } },
   { n = "1e8", rounds = 3, quick = 1, few = true, large = true, peak = 1.01,
     bounds = { { 0.18, of = "std::vector" }, { 0.5, of = "Rust Vec" }, { 1.1, of = "presized", appender = true },
                { 1.5, of = "presized" } } },
}

local function is_yardstick(arm)
   local names = { "realloc", "std::vector", "Rust Vec", "stb_ds", "presized" }
   for _, name in ipairs(names) do
      if arm.name == name then return true end
   end
   return arm.ours
end

-- The yardsticks alone where all would take too long.
local function arms_for(all)
   if all then return arms end
   local list = {}
   for _, arm in ipairs(arms) do
      if is_yardstick(arm) then list[#list + 1] = arm end
   end
   return list
end

local function print_appends(size)
   local rounds = quick and size.quick or size.rounds
   local n = tonumber(size.n)
   local list = arms_for(not (quick or size.few))
   local result = support.measure(list, rounds, 3, function(arm)
      return programs.command(arm, math.max(2 ^ 23, n * 14), "append", size.n)
   end)
   heading(("%s appends, ns each; rounds: %d"):format(size.n, rounds))
   local head = { "", "median", "min" }
   if size.large then table.move({ "peak/data", "page faults" }, 1, 2, 4, head) end
   local rows = {}
   for _, arm in ipairs(list) do
      local times, faults, peak = table.unpack(result[arm.name])
      local row = { arm.name, number(median(times)), number(minimum(times)) }
      local peak_ratio = median(peak) / (n * 8)
      if size.large then
         row[4] = ("%.3f"):format(peak_ratio)
         row[5] = ("%.0f"):format(median(faults))
      end
      if arm.ours then
         row[#head + 1] = join(against(result, arm, 1, size.bounds),
            size.peak and ("peak <= %.2f: %.3f %s"):format(size.peak, peak_ratio,
               peak_ratio <= size.peak and "ok" or "MISSED") or "")
      end
      rows[#rows + 1] = row
   end
   print_table(head, rows)
end

-- An array that is built once: the first of its process.

local small_pages = programs.present{ programs.in_c("small pages", "populated") }[1]

local cold_sizes = {
   { n = "1e4", bound = 0.5 }, { n = "3e4", bound = 0.5 }, { n = "1e5", bound = 0.5 }, { n = "2e5", bound = 0.5 },
   { n = "5e5" }, { n = "1e6" }, { n = "2e6" }, { n = "1e7" },
}
local MOST_RESIDENT, RESIDENT_BYTES = 1.15, 64 << 10 -- times the elements, and beside

local function cold_verdict(size, result, arm)
   local bytes = tonumber(size.n) * 8
   local words = { against(result, arm, 1, { { 1, of = "realloc" } }) }
   if size.bound then
      words[3] = against(result, arm, 1, { { size.bound, of = "realloc" } })
      local floor = result["small pages"]
      if floor then words[3] = words[3] .. (" (small pages: %s)"):format(number(ratio(floor[1], result.realloc[1]))) end
      local most = bytes * MOST_RESIDENT + RESIDENT_BYTES
      words[2] = "resident " .. absolute(median(result[arm.name][3]), most, "")
   end
   return join(table.unpack(words))
end

local function print_cold(size)
   local rounds = quick and 5 or 15
   local n = tonumber(size.n)
   local list = arms_for(false)
   list[#list + 1] = small_pages
   local result = support.measure(list, rounds, 3, function(arm)
      return programs.command(arm, math.max(2 ^ 23, n * 24), "cold", size.n)
   end)
   heading(("%s appends, the first array of a process, ns each; rounds: %d"):format(size.n, rounds))
   local rows = {}
   for _, arm in ipairs(list) do
      local times, faults, bytes = table.unpack(result[arm.name])
      rows[#rows + 1] = { arm.name, number(median(times)), number(minimum(times)), ("%.0f"):format(median(faults)),
         ("%.3f"):format(median(bytes) / (n * 8)), arm.ours and cold_verdict(size, result, arm) or nil }
   end
   print_table({ "", "median", "min", "page faults", "resident/data" }, rows)
end

-- The longest append. Whatever else runs adds milliseconds to some, so minima are compared.

local function against_minimum(result, arm, yardstick)
   if not result[yardstick] then return "" end
   local ms = minimum(result[yardstick][1]) / 1e6
   return ("<= %s's %.3f ms: "):format(yardstick, ms) .. support.verdict(minimum(result[arm.name][1]) / 1e6, ms)
end

local function against_longest(longest, result, bound)
   return ("longest <= %g x %s: "):format(bound[1], bound.of) ..
      support.verdict(minimum(longest) / minimum(result[bound.of][1]), bound[1])
end

local latencies = {
   { n = "1e7", rounds = 5, quick = 3, all = true, longest_ms = 0.41, longest_times = { 2, of = "presized" },
     p9999_ns = 600 },
   { n = "1e8", rounds = 5, longest_of = "Rust Vec" }, -- minima are compared
}

local function print_latency(size)
   local rounds = size.rounds
   if quick then rounds = size.quick end
   if not rounds then return end
   local n = tonumber(size.n)
   local list = arms_for(size.all and not quick)
   local result = support.measure(list, rounds, 2, function(arm)
      return programs.command(arm, n * 14, "latency", size.n)
   end)
   heading(("%s appends, each under the clock; rounds: %d"):format(size.n, rounds))
   local rows = {}
   for _, arm in ipairs(list) do
      local longest, p9999 = table.unpack(result[arm.name])
      local row = { arm.name, ("%.3f"):format(median(longest) / 1e6), ("%.3f"):format(minimum(longest) / 1e6),
         number(median(p9999)), number(minimum(p9999)) }
      if arm.ours then
         row[6] = join(
            size.longest_ms and absolute(minimum(longest) / 1e6, size.longest_ms, " ms") or "",
            size.longest_times and against_longest(longest, result, size.longest_times) or "",
            size.longest_of and against_minimum(result, arm, size.longest_of) or "",
            size.p9999_ns and "p99.99 " .. absolute(median(p9999), size.p9999_ns, " ns") or "")
      end
      rows[#rows + 1] = row
   end
   print_table({ "", "longest, ms", "min", "p99.99, ns", "min" }, rows)
end

-- Many small arrays.

local function print_many()
   local rounds = quick and 3 or 7
   local list = arms_for(not quick)
   local result = support.measure(list, rounds, 2, function(arm)
      return programs.command(arm, 2 ^ 28, "many", "1e6", "10")
   end)
   heading(("1e6 live arrays of 10, an array; rounds: %d"):format(rounds))
   local rows = {}
   for _, arm in ipairs(list) do
      local times, bytes = table.unpack(result[arm.name])
      rows[#rows + 1] = { arm.name, number(median(times)), number(minimum(times)), ("%.1f"):format(median(bytes)),
         arm.ours and join(against(result, arm, 1, { { 0.40, of = "std::vector" } }),
            absolute(median(bytes), 136, " bytes")) or nil }
   end
   print_table({ "", "ns", "min", "bytes" }, rows)
end

-- Large arrays, one after another; at last, presized in a block that the heap keeps.

local function print_again()
   local rounds = quick and 3 or 5
   local keep = programs.of_library("dynarray reserved, keep", "dynarray_keep")
   keep.sources[#keep.sources + 1] = "dynarray_appender.c"
   local list = { table.unpack(arms_for(not quick)) }
   list[#list + 1] = programs.present{ keep }[1]
   local result = support.measure(list, rounds, 1, function(arm)
      return programs.command(arm, 1.4e8, "again", "10", "1e7")
   end)
   heading(("1e7 appends, ten times over, ns each; rounds: %d"):format(rounds))
   local rows = {}
   for _, arm in ipairs(list) do
      local times = result[arm.name][1]
      rows[#rows + 1] = { arm.name, number(median(times)), number(minimum(times)),
         arm == keep and against(result, arm, 1, { { 1, of = "presized" } }) or nil }
   end
   print_table({ "", "median", "min" }, rows)
end

-- From Lua.

local function lua_arms(names)
   local list = {}
   for _, name in ipairs(names) do list[#list + 1] = { name = name } end
   return list
end

local function lua_program(script, arm, warm_bytes, ...)
   return programs.warm(warm_bytes, ("%s %s%s '%s' %s"):format(support.lua, here, script, arm.name,
      table.concat({ ... }, " ")))
end

local function print_lua_appends()
   local list = lua_arms{ "table", "float64 growing", "float64 reserved", "value growing", "value reserved" }
   local rounds = quick and 2 or 5
   local result = support.measure(list, rounds, 2, function(arm)
      return lua_program("lua_append.lua", arm, 1.4e8, "1e7")
   end)
   heading(("From Lua: 1e7 cached appends; rounds: %d"):format(rounds))
   local bounds = {
      ["float64 growing"] = { { 1.03, of = "float64 reserved" } },
      ["value growing"] = { { 1.03, of = "value reserved" } },
   }
   local rows = {}
   for _, arm in ipairs(list) do
      local times, bytes = table.unpack(result[arm.name])
      rows[#rows + 1] = { arm.name, number(median(times)), number(minimum(times)), ("%.2f"):format(median(bytes)),
         join(against(result, arm, 1, bounds[arm.name]),
            arm.name == "float64 growing" and absolute(median(bytes), 8.2, " bytes") or "") }
   end
   print_table({ "", "ns", "min", "peak bytes an element" }, rows)
end

-- The same of other sizes, by the first array of a process (cold) and by those that follow (warm).
local function print_lua_sizes()
   local list = lua_arms{ "table", "float64 growing", "value growing" }
   local rounds = quick and 2 or 5
   local head, rows = { "" }, {}
   for _, arm in ipairs(list) do
      rows[arm.name] = { arm.name }
      rows[#rows + 1] = rows[arm.name]
   end
   for _, size in ipairs{ "1e4", "1e5", "2e5", "5e5", "1e6", "2e6" } do
      for _, how in ipairs{ "cold", "warm" } do
         local result = support.measure(list, rounds, 3, function(arm)
            return lua_program("lua_append.lua", arm, math.max(2 ^ 23, tonumber(size) * 56), size, how)
         end)
         head[#head + 1] = size .. " " .. how
         for _, arm in ipairs(list) do
            local row = rows[arm.name]
            row[#row + 1] = ("%s (%.0f)"):format(number(median(result[arm.name][1])), median(result[arm.name][3]))
         end
      end
   end
   heading(("From Lua: ns an append (page faults), of an array that is built once, and again and again; rounds: %d")
      :format(rounds))
   print_table(head, rows)
end

local function print_lua_many()
   local list = lua_arms{ "table", "float64", "value" }
   local rounds = quick and 1 or 3
   local result = support.measure(list, rounds, 2, function(arm)
      return lua_program("lua_many.lua", arm, 2 ^ 28, "1e6", "10")
   end)
   heading(("From Lua: 1e6 live arrays of 10, created and appended to, an array; rounds: %d"):format(rounds))
   local rows = {}
   for _, arm in ipairs(list) do
      local times, bytes = table.unpack(result[arm.name])
      local wanted = ""
      if arm.name == "float64" then
         wanted = join(against(result, arm, 1, { { 1, of = "table" } }), "bytes " ..
            against(result, arm, 2, { { 1, of = "table" } }))
      end
      rows[#rows + 1] = { arm.name, number(median(times)), number(minimum(times)), ("%.1f"):format(median(bytes)),
         wanted }
   end
   print_table({ "", "ns", "min", "bytes" }, rows)
end

print(support.environment{ programs.cc, programs.cxx, programs.rustc })
if #absent > 0 then print("not found: " .. table.concat(absent, ", ")) end
print([[
64-bit integers appended one by one from empty, in C: array created, filled, destroyed. presized: the
limit, stores into a block of the final size. dynarray append: dynarray_append_int64; appender: the
appender of the header. Times are the processor's, page faults included, latencies the wall clock's.
Less than 20% is noise. Ratios: medians of the rounds' ratios.]])
local function each(part, list, run)
   if not wants(part) then return end
   for _, item in ipairs(list) do run(item) end
end
each("cold", cold_sizes, print_cold)
each("warm", sizes, print_appends)
each("latency", latencies, print_latency)
if wants "many" then print_many() end
if wants "again" then print_again() end
if wants "lua" and support.capture(support.lua .. [[ -e 'print(pcall(require, "dynarray"))']]):match("^true") then
   print_lua_sizes()
   print_lua_appends()
   print_lua_many()
elseif wants "lua" then
   print("\nno dynarray module: nothing measured from Lua")
end

print(("\n%d bounds met, %d missed, in %d s"):format(met, #missed, os.time() - began))
for _, text in ipairs(missed) do print("missed: " .. text) end
