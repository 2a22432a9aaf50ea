-- Arrays that are files against memory and against other ways to keep numbers on a disk:
-- run.lua [ROUNDS [MILLIONS]] (5 rounds, 100 million appends in C). All arms take turns; medians of the rounds.
-- Times of appends are those of the processor: the machine may have other work, too. Before each arm that writes,
-- memory is warmed up: a virtual machine fetches pages that nobody used for some seconds from its host, ten times as
-- slowly.
package.path = "bench/?.lua;" .. package.path
local support = require "support"
local programs = require "growth.peers"

local rounds = tonumber(arg[1]) or 5
local millions = tonumber(arg[2]) or 100
local n = math.floor(millions * 1e6)
local lua_n = n // 10
local python = "/usr/bin/python3"

local disk = os.getenv "BENCH_DIRECTORY" or "build/bench"
os.execute("mkdir -p " .. disk)
local path = { tmpfs = "/dev/shm/dynarray-bench.npy", disk = disk .. "/file.npy" }

local program = support.products .. "/file_appends"
assert(support.build(program, { "bench/file/appends.c", "libdynarray.a" }, (os.getenv "CC" or "cc")
   .. " -std=c11 -O2 -DNDEBUG -Isrc/include -o " .. program .. " bench/file/appends.c libdynarray.a -lm"))

local function lua(arm, count, where)
   return ("%s bench/file/arms.lua %s %d %s"):format(support.lua, arm, count, where)
end

-- With memory that is warm, for what writes new pages.
local function warm(command)
   return programs.warm(lua_n * 16, command)
end

local function clean()
   os.remove(path.tmpfs)
   os.remove(path.disk)
end

-- Runs the arms and prints each beside the first: how many times as long.
local function compare(title, arms, figure)
   local result = support.measure(arms, rounds, 2, function(arm) return arm.command end)
   local base = support.median(result[arms[1].name][figure or 1])
   print("\n" .. title)
   for _, arm in ipairs(arms) do
      local value = support.median(result[arm.name][figure or 1])
      print(("  %-46s %10.2f ns %8.2f x"):format(arm.name, value, value / base))
   end
   clean()
   return result
end

local function c(name, arm, where)
   local command = ("%s %s %d %s"):format(program, arm, n, path[where])
   return { name = name, command = programs.warm(math.floor(n * 16), command) } -- also the room behind the elements
end

-- The same on a tmpfs of its own, which is mounted with huge pages; nil if this process may not mount.
local function on_huge_pages(name, arm)
   local mount = "mount -t tmpfs -o huge=within_size none "
   local place = disk .. "/huge"
   if not os.execute("mkdir -p " .. place .. " && unshare -m " .. mount .. place .. " 2>/dev/null") then return nil end
   local command = ("unshare -m sh -c '%s%s && exec %s %s %d %s/a.npy'"):format(mount, place, program, arm, n, place)
   return { name = name, command = programs.warm(math.floor(n * 16), command) }
end

local bounds, met = 0, 0

-- Tells what was wanted, what was found, and whether that is enough.
local function tell(wanted, found, is_met)
   bounds, met = bounds + 1, met + (is_met and 1 or 0)
   print(("  wanted: %s: %s %s"):format(wanted, found, is_met and "met" or "MISSED"))
end

-- Medians of the rounds' ratios.
local function judge(result, name, yardstick, bound)
   local ratio = support.ratio(result[name][1], result[yardstick][1])
   tell(("%s at most %.2f x %s"):format(name, bound, yardstick), support.number(ratio), ratio <= bound)
end

-- "10 times as fast": a ratio of times the other way round.
local function judge_speed(result, name, yardstick, times)
   local ratio = support.ratio(result[yardstick][1], result[name][1])
   tell(("%s at least %g times as fast as %s"):format(name, times, yardstick), support.number(ratio), ratio >= times)
end

local result = compare(("C, %g million int64, on tmpfs"):format(millions), {
   c("append in memory", "memory", "tmpfs"), c("append to a file", "file", "tmpfs"),
   c("appender in memory", "memory-appender", "tmpfs"), c("appender to a file", "file-appender", "tmpfs"),
   on_huge_pages("append to a file, mounted with huge pages", "file"),
})
judge(result, "append to a file", "append in memory", 1.5)
if result["append to a file, mounted with huge pages"] then
   judge(result, "append to a file, mounted with huge pages", "append in memory", 1.5)
end
result = compare(("C, %g million int64, on the disk's file system"):format(millions), {
   c("fwrite", "fwrite", "disk"), c("append to a file", "file", "disk"),
   c("appender to a file", "file-appender", "disk"),
})
judge(result, "append to a file", "fwrite", 1)
print "  the same by the clock on the wall, until all is on the disk (fsync, close)"
for _, name in ipairs { "fwrite", "append to a file", "appender to a file" } do
   print(("  %-46s %10.2f ns"):format(name, support.median(result[name][2])))
end

-- What Lua does for each element counts on both sides: it makes the number, and calls a method once for each or gathers
-- 1,000 in a table first.
local packed, packed_gathered = "io.write(string.pack)", "string.pack of 1,000, then write"
local sqlite = "SQLite, executemany in one transaction (Python)"
local lua_sqlite = "SQLite, execute in one transaction (LuaSQL)"
local function has(command) return (os.execute(command .. " >/dev/null 2>&1")) end

local by_one = {
   { name = "append in memory", command = warm(lua("memory-append", lua_n, path.tmpfs)) },
   { name = "append to a file", command = warm(lua("file-append", lua_n, path.tmpfs)) },
   { name = "append to a file, looked up once", command = warm(lua("file-call", lua_n, path.tmpfs)) },
   { name = "a method that does nothing", command = warm(lua("floor-append", lua_n, path.tmpfs)) },
   { name = "the same, looked up once", command = warm(lua("floor-call", lua_n, path.tmpfs)) },
   { name = "eight values a call", command = warm(lua("file-eight", lua_n, path.tmpfs)) },
   { name = "gathered by 1,000, extend a file", command = warm(lua("file-gather", lua_n, path.tmpfs)) },
   { name = packed, command = warm(lua("write", lua_n, path.tmpfs)) },
   { name = packed_gathered, command = warm(lua("write-gather", lua_n, path.tmpfs)) },
   { name = sqlite, command = warm(("%s bench/file/arms.py sqlite %d %s"):format(python, lua_n // 10, path.tmpfs)) },
}
local has_lua_sqlite = has(support.lua .. " -e 'require [[luasql.sqlite3]]'")
if has_lua_sqlite then
   by_one[#by_one + 1] = { name = lua_sqlite, command = warm(lua("sqlite", lua_n // 10, path.tmpfs)) }
end
result = compare(("Lua, %g million float64 that a loop makes, on tmpfs"):format(lua_n / 1e6), by_one)
judge(result, "append to a file", "append in memory", 1.1)
local turns = support.measure({ { name = "turns", command = lua("turns", 1, path.tmpfs) } }, rounds, 2,
   function(arm) return arm.command end).turns
clean()
local in_turns = support.ratio(turns[2], turns[1])
tell(("the same in turns in one process, %.1f and %.1f ns, at most 1.1 x"):format(support.median(turns[1]),
   support.median(turns[2])), support.number(in_turns), in_turns <= 1.1)
for _, way in ipairs { "append to a file", "append to a file, looked up once", "eight values a call",
      "gathered by 1,000, extend a file" } do
   judge_speed(result, way, packed, 10)
   judge_speed(result, way, sqlite, 50)
   if has_lua_sqlite then judge_speed(result, way, lua_sqlite, 50) end
end
print "  what no method that is called once an element can exceed:"
for _, floor in ipairs { "a method that does nothing", "the same, looked up once" } do
   for _, name in ipairs { packed, sqlite } do
      print(("  %s: %s times as fast as %s"):format(floor, support.number(
         support.ratio(result[name][1], result[floor][1])), name))
   end
end

for _, where in ipairs { "tmpfs", "disk" } do
   local package, header = "NumPy, by the package npy-append-array", "NumPy, header in place (npy-append-array's way)"
   local arms = {
      { name = "extend in memory", command = warm(lua("memory-extend", lua_n, path[where])) },
      { name = "extend a file", command = warm(lua("file-extend", lua_n, path[where])) },
      { name = "a string of bytes, by frombytes", command = warm(lua("file-bytes", lua_n, path[where])) },
      { name = "write(2) in C, no array, no header",
         command = warm(("%s write %d %s"):format(program, lua_n, path[where])) },
      { name = header, command = warm(("%s bench/file/arms.py header %d %s"):format(python, lua_n, path[where])) },
      { name = "NumPy, the file rewritten",
         command = warm(("%s bench/file/arms.py rewrite %d %s"):format(python, 1000000, path[where])) },
   }
   local has_package = has(python .. " -c 'import npy_append_array'")
   if has_package then
      table.insert(arms, 5, { name = package,
         command = warm(("%s bench/file/arms.py package %d %s"):format(python, lua_n, path[where])) })
   end
   result = compare(("1,000 float64 at a time, on %s; ns an element"):format(
      where == "disk" and "the disk's file system" or where), arms)
   if has_package then judge_speed(result, "extend a file", package, 10) end
   judge_speed(result, "extend a file", header, 10)
   judge_speed(result, "extend a file", "NumPy, the file rewritten", 10)
   print("  how many times as fast as NumPy, header in place:")
   for _, floor in ipairs { "extend in memory", "write(2) in C, no array, no header" } do
      print(("  %-46s %10s"):format(floor, support.number(support.ratio(result[header][1], result[floor][1]))))
   end
end

-- A sparse file of 10 GB, and one of 1 KB.
local function make(bytes, where)
   local dict = ("{'descr': '<f8', 'fortran_order': False, 'shape': (%d,), }"):format(bytes // 8)
   local file = assert(io.open(where, "wb"))
   file:write("\x93NUMPY\1\0\x76\0", dict, (" "):rep(117 - #dict), "\n")
   file:close()
   os.execute(("truncate -s %d %s"):format(128 + bytes, where))
end

local sizes = { 1024, 10 * 1000 ^ 3 // 1 | 0 }
print "\nopen, on the disk's file system, and on tmpfs (medians of 100, the least of the rounds)"
for _, mode in ipairs { "r", "a" } do
   for _, where in ipairs { "disk", "tmpfs" } do
      local arms = {}
      for k, bytes in ipairs(sizes) do
         local file = path[where] .. "." .. bytes
         make(bytes, file)
         arms[k] = { name = bytes, command = lua("open-" .. mode, 100, file) }
      end
      local opened = support.measure(arms, math.max(rounds, 7), 1, function(arm) return arm.command end)
      for _, bytes in ipairs(sizes) do
         print(("  mode %s, %11d bytes, %-5s %10.1f us"):format(mode, bytes, where, support.minimum(opened[bytes][1])))
         os.remove(path[where] .. "." .. bytes)
      end
      local ratio = support.minimum(opened[sizes[2]][1]) / support.minimum(opened[sizes[1]][1])
      tell("the time of both the same, within a fifth", support.number(ratio), ratio <= 1.2 and ratio >= 1 / 1.2)
   end
end

-- Two files of the same elements: one grew, and was written through its mapping, the other was saved, by write.
os.execute(lua("file-extend", 10000000, path.disk) .. " >/dev/null")
os.execute(lua("file-extend", 10000000, path.tmpfs) .. " >/dev/null")
local saved = path.disk .. ".saved"
os.execute(("%s -e 'require([[dynarray]]).load(%q):save(%q)'"):format(support.lua, path.disk, saved))
local reads = {
   { name = "in memory", command = lua("sum-memory", 1, path.disk) },
   { name = "a mapped file that was saved", command = lua("sum-map", 1, saved) },
   { name = "a file that grew", command = lua("sum-open", 1, path.disk) },
   { name = "a file that grew, on tmpfs", command = lua("sum-open", 1, path.tmpfs) },
}
local read = support.measure(reads, math.max(rounds, 7), 1, function(arm) return arm.command end)
print "\nsum of 10 million float64 once touched, ns an element"
for _, arm in ipairs(reads) do
   print(("  %-46s %10.3f ns"):format(arm.name, support.median(read[arm.name][1])))
end
for i = 2, #reads do
   local slower = support.ratio(read[reads[i].name][1], read["in memory"][1])
   tell(reads[i].name .. ": the speed of memory, within a fifth", support.number(slower), slower <= 1.2)
end
os.remove(saved)
clean()

-- Twice as much as the memory that there is: 64 MiB of data, or of all memory, with the file's pages in it.
local beyond = lua("beyond", 16000000, path.disk)

local function tell_beyond(what, before)
   local append, sum, sort = support.capture(before .. "exec " .. beyond):match "(%S+) (%S+) (%S+)"
   print("\n128 MB in a file, 64 MiB of memory allowed: " .. what)
   tell("appended, summed and sorted", append and ("in %.2f s, %.3f s and %.2f s"):format(append, sum, sort)
      or "not all of it", append ~= nil)
   clean()
end

-- The two forms of control groups that Linux has: the mount and the file of the limit. Makes a group; nil if that is
-- not allowed here.
local function memory_group(mebibytes)
   for pattern, limit in pairs { ["^%S+ (%S+) cgroup %S*memory"] = "memory.limit_in_bytes",
         ["^%S+ (%S+) cgroup2 "] = "memory.max" } do
      for line in io.lines "/proc/mounts" do
         local place = line:match(pattern)
         local made = place and support.capture(("mktemp -d %s/dynarray-XXXXXX 2>/dev/null"):format(place)) or ""
         local file = made .. "/" .. limit
         if made ~= "" and os.execute(("test -w %s && echo %d >%s"):format(file, mebibytes << 20, file)) then
            return made
         end
         if made ~= "" then os.execute("rmdir " .. made) end
      end
   end
end

tell_beyond("ulimit -d", "ulimit -d 65536; ")
local group = memory_group(64)
if group then
   tell_beyond("a control group", ("echo $$ >%s/cgroup.procs; "):format(group))
   os.execute("rmdir " .. group)
else
   print "\n(no control group may be made here)"
end

print(("\n%d of %d bounds met"):format(met, bounds))
