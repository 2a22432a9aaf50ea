-- Arrays that are files against memory and against other ways to keep numbers on a disk:
-- run.lua [ROUNDS [MILLIONS]] (5 rounds, 100 million appends in C). All arms take turns; medians of the rounds.
-- Times of appends are those of the processor: the machine may have other work, too. Before each arm in C, memory is
-- warmed up: a virtual machine fetches pages that nobody used for some seconds from its host, ten times as slowly.
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

result = compare(("Lua, %g million float64, one by one, on tmpfs"):format(lua_n / 1e6), {
   { name = "append in memory", command = lua("memory-append", lua_n, path.tmpfs) },
   { name = "append to a file", command = lua("file-append", lua_n, path.tmpfs) },
   { name = "a method that does nothing", command = lua("floor", lua_n, path.tmpfs) },
   { name = "io.write(string.pack)", command = lua("write", lua_n, path.tmpfs) },
   { name = "SQLite, executemany in one transaction (Python)",
      command = ("%s bench/file/arms.py sqlite %d %s"):format(python, lua_n // 10, path.tmpfs) },
})
judge(result, "append to a file", "append in memory", 1.1)
for _, bound in ipairs { { "io.write(string.pack)", 10 }, { "SQLite, executemany in one transaction (Python)", 50 } } do
   judge_speed(result, "append to a file", table.unpack(bound))
end
print "  what no method that is called once an element can exceed:"
for _, name in ipairs { "io.write(string.pack)", "SQLite, executemany in one transaction (Python)" } do
   print(("  a method that does nothing is %s times as fast as %s"):format(support.number(
      support.ratio(result[name][1], result["a method that does nothing"][1])), name))
end
result = compare("1,000 float64 at a time, on tmpfs; ns an element", {
   { name = "extend in memory", command = lua("memory-extend", lua_n, path.tmpfs) },
   { name = "extend a file", command = lua("file-extend", lua_n, path.tmpfs) },
   { name = "NumPy, header in place (npy-append-array)",
      command = ("%s bench/file/arms.py header %d %s"):format(python, lua_n, path.tmpfs) },
   { name = "NumPy, the file rewritten",
      command = ("%s bench/file/arms.py rewrite %d %s"):format(python, 1000000, path.tmpfs) },
})
judge_speed(result, "extend a file", "NumPy, header in place (npy-append-array)", 10)
judge_speed(result, "extend a file", "NumPy, the file rewritten", 10)
print("  without any file, extend in memory is " .. support.number(support.ratio(
   result["NumPy, header in place (npy-append-array)"][1], result["extend in memory"][1]))
   .. " times as fast as NumPy, header in place (npy-append-array)")

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

os.execute(lua("file-extend", 10000000, path.disk) .. " >/dev/null")
local read = support.measure({
   { name = "memory", command = lua("sum-memory", 1, path.disk) },
   { name = "file", command = lua("sum", 1, path.disk) },
}, rounds, 1, function(arm) return arm.command end)
print(("\nsum of 10 million float64 once touched: memory %.3f ns, file %.3f ns an element"):format(
   support.median(read.memory[1]), support.median(read.file[1])))
local slower = support.ratio(read.file[1], read.memory[1])
tell("the speed of memory, within a fifth", support.number(slower), slower <= 1.2)
clean()

-- The data of a process may be 64 MiB, the file is twice that.
local limit = "ulimit -d 65536; "
local append, sum, sort = support.capture(limit .. lua("beyond", 16000000, path.disk)):match "(%S+) (%S+) (%S+)"
print "\n128 MB in a file, 64 MiB of memory allowed (ulimit -d)"
tell("appended, summed and sorted", append and ("in %.2f s, %.3f s and %.2f s"):format(append, sum, sort)
   or "not all of it", append ~= nil)
clean()

print(("\n%d of %d bounds met"):format(met, bounds))
