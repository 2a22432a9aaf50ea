-- bench/watch.lua [--quick | --check]: what an array that nobody watches pays for being watchable.
--
-- Beside the library, one is built whose growths fill in no event, add up no figures, print nothing and call no
-- observer: the same sources but for the lines below. Instructions are counted by valgrind, so that they are the
-- same in each run; times, of the processor, are medians of rounds in which the arms alternate. --check only
-- looks whether the lines are there.
package.path = "bench/?.lua;" .. package.path
local support = require "support"
local number, median = support.number, support.median

-- The child: module or not, watched or not, elements, arrays. Prints ns an append.
if arg[1] == "child" then
   package.cpath = arg[2] .. ";" .. package.cpath
   local dynarray = require "dynarray"
   local n, count = math.tointeger(tonumber(arg[4])), math.tointeger(tonumber(arg[5]))
   local options = { type = "float64", on_grow = arg[3] == "watched" and function() end or nil }
   local append = dynarray.new().append
   local start = os.clock()
   for _ = 1, count do
      local a <close> = dynarray.new(options)
      for _ = 1, n do append(a, 0.5) end
   end
   print((os.clock() - start) / n / count * 1e9)
   os.exit(true, false)
end

local quick = arg[1] == "--quick"
local ROUNDS = quick and 5 or 21

-- What only watching needs: file, line, and what stands there instead.
local cut = {
   { "core/capacity_plan.c", "event->ns = timed ? clock_ns() : 0;", "" },
   { "core/capacity_plan.c", "if (timed) event->ns = clock_ns() - event->ns;", "(void)timed;" },
   { "core/capacity_plan.c", "if (stats != NULL) count_growth(stats, event, a->element_size);", "(void)stats;" },
   { "core/capacity_plan.c", "if (setup->observer != NULL) setup->observer(setup->observer_data, a, event);", "" },
   { "core/capacity_plan.c", "event->size = a->size;", "" },
   { "lua/array/growth.c", "if (A->core.flags & ARRAY_DEBUG) print_growth(A, plan->capacity);", "(void)print_growth;" },
   { "lua/array/growth.c", "if (observed) push_event(L, A, plan->capacity);", "(void)push_event;" },
   { "lua/array/growth.c", "if (observed) before = note_growth(A);", "(void)before, (void)observed;" },
   { "lua/array/growth.c", "observe(L, A, index, top + 1, &event, &before);", "(void)observe, (void)index;" },
}

local products = support.products .. "/watch/"
local CC = (os.getenv("CC") or "cc") .. " -O2 -DNDEBUG -std=gnu11 -Isrc -Isrc/include "

local function run(command) assert(os.execute(command), command) end

local function read(path)
   local file = assert(io.open(path))
   local text = file:read("a")
   file:close()
   return text
end

-- The text of each file that is not the same in both libraries.
local function sources(edited)
   local texts = {}
   for _, edit in ipairs(cut) do
      local path, from, to = table.unpack(edit)
      local text = texts[path] or read("src/" .. path)
      local first, last = text:find(from, 1, true)
      assert(first, ("src/%s has no line `%s` any more: mend this list"):format(path, from))
      texts[path] = edited and text:sub(1, first - 1) .. to .. text:sub(last + 1) or text
   end
   return texts
end

if arg[1] == "--check" then
   sources(true)
   os.exit(true)
end

-- A module and a C program: objects of `make build`, but for those files, compiled here in both cases.
local function build(name, texts)
   local place = products .. name .. "/"
   local objects = support.capture("find build/release/core build/release/lua -name '*.o' | tr '\\n' ' '")
   run("mkdir -p " .. place)
   for path, text in pairs(texts) do
      local name_of, object = path:match("^(.*)%.c$"), place .. path:gsub("%W", "_") .. ".o"
      local file = assert(io.open(place .. "source.c", "w"))
      file:write(text)
      file:close()
      run(("%s -fPIC -fvisibility=hidden -fno-plt $(pkg-config --cflags lua5.4) -c -o %s %ssource.c")
         :format(CC, object, place))
      objects = objects:gsub("build/release/" .. name_of .. "%.o", object)
   end
   local arm = { name = name, module = place .. "dynarray.so", program = place .. "append" }
   run(("%s -shared -o %s %s -lm"):format(CC, arm.module, objects))
   run(("%s -o %s bench/growth/dynarray.c %s -lm"):format(CC, arm.program,
      objects:gsub("build/%S*/lua[/_]%S+", "")))
   return arm
end

local without, with = build("without", sources(true)), build("with", sources(false))

local has_valgrind = os.execute("command -v valgrind >/dev/null")

-- Instructions of the command with so many arrays; program start and end fall out of a difference.
local function instructions(command, count)
   local said = support.capture(("valgrind --tool=callgrind --callgrind-out-file=/dev/null %s 2>&1"):format(
      command(count)))
   return tonumber(said:match("Collected : (%d+)")) or 0 / 0
end

local function per_append(command, n, count)
   if not has_valgrind then return 0 / 0 end
   return (instructions(command, count * 2) - instructions(command, count)) / count / n
end

local function lua_command(arm, watched, n)
   return function(count)
      return ("%s bench/watch.lua child %s %s %d %d"):format(support.lua, arm.module, watched, n, count)
   end
end

local function c_command(arm, n)
   return function(count) return ("%s many %d %d"):format(arm.program, count, n) end
end

print(support.environment())
if not has_valgrind then print("no valgrind: no instructions counted") end
print("\nAn append, arrays made and filled; ratios: to the library that cannot be watched.\n")

local rows = {}
for _, case in ipairs{ { 10, 1000 }, { 100, 100 }, { 1000, 10 }, { 50000, 1 } } do
   local n, count = table.unpack(case)
   local bare = per_append(lua_command(without, "unwatched", n), n, count)
   local unwatched = per_append(lua_command(with, "unwatched", n), n, count)
   local watched = per_append(lua_command(with, "watched", n), n, count)
   local arms = {
      { without, "unwatched", times = {} }, { with, "unwatched", times = {} }, { with, "watched", times = {} },
   }
   for round = 1, ROUNDS do
      for _, arm in ipairs(support.shuffled(arms)) do
         arm.times[round] = tonumber((support.capture(lua_command(arm[1], arm[2], n)(400000 // n))))
      end
   end
   local ratios = { {}, {} }
   for round = 1, ROUNDS do
      for i = 1, 2 do ratios[i][round] = arms[i + 1].times[round] / arms[1].times[round] end
   end
   rows[#rows + 1] = { ("Lua, %d appends"):format(n), ("%.1f"):format(bare), ("%.4f"):format(unwatched / bare),
      ("%.4f"):format(watched / bare), number(median(arms[1].times)), ("%.3f"):format(median(ratios[1])),
      ("%.3f"):format(median(ratios[2])) }
end
for _, case in ipairs{ { 10, 4000 }, { 100, 500 }, { 1000, 60 }, { 100000, 2 } } do
   local n, count = table.unpack(case)
   local bare = per_append(c_command(without, n), n, count)
   local unwatched = per_append(c_command(with, n), n, count)
   rows[#rows + 1] = { ("C, %d appends"):format(n), ("%.1f"):format(bare), ("%.4f"):format(unwatched / bare) }
end
support.print_table({ "", "instructions", "unwatched", "watched", "ns", "unwatched", "watched" }, rows)
