-- bench/instructions.lua [COMMIT | --check]: instructions of an operation, counted by valgrind. Lua hashes strings in
-- another way in each run, which makes 2% of difference: so the least of some runs counts.
--
-- A commit is built, too, below build/bench. The same programs then measure both, and a ratio compares them.
-- --check only looks whether the programs run.
package.path = "bench/?.lua;" .. package.path
local support = require "support"

local ELEMENTS = 1000
local RUNS = 5 -- of Lua; C is the same in each
local check = arg[1] == "--check"
local commit = not check and arg[1] or nil

-- The child: the case, elements' type, operations.
local cases = {
   read = function(new, rounds)
      local a = new(ELEMENTS)
      for _ = 1, rounds do
         for i = 1, ELEMENTS do local _ = a[i] end
      end
   end,
   write = function(new, rounds)
      local a = new(ELEMENTS)
      for _ = 1, rounds do
         for i = 1, ELEMENTS do a[i] = 1.5 end
      end
   end,
   append = function(new, rounds)
      local a = new(ELEMENTS)
      for _ = 1, rounds do
         a:clear()
         for _ = 1, ELEMENTS do a:append(1.5) end
      end
   end,
   grow = function(new, rounds)
      for _ = 1, rounds do
         local a <close> = new(0)
         for _ = 1, ELEMENTS do a:append(1.5) end
      end
   end,
   ["grow-by-one"] = function(new, rounds)
      for _ = 1, rounds do
         local a <close> = new(0, "exact")
         for _ = 1, ELEMENTS do a:append(1.5) end
      end
   end,
}

if arg[1] == "child" then
   package.cpath = arg[2] .. ";" .. package.cpath
   local dynarray = require "dynarray"
   local name, type, operations = arg[3], arg[4], math.tointeger(tonumber(arg[5]))
   cases[name](function(n, growth)
      local a = dynarray.new{ type = type, growth = growth }
      if n > 0 then a:resize(n) end
      return a
   end, operations // ELEMENTS)
   os.exit(true, false)
end

local function run(command) assert(os.execute(command), command) end

-- The checkout of a commit, built.
local function checkout(revision)
   local place = support.products .. "/instructions/" .. revision:gsub("%W", "_")
   run(("test -d '%s' || git clone -q . '%s'"):format(place, place))
   run(("cd '%s' && git checkout -q --detach '%s' && env -u MAKEFLAGS make dynarray.so libdynarray.a >build.log 2>&1")
      :format(place, revision))
   return place
end

local CC = (os.getenv "CC" or "cc") .. " -O2 -DNDEBUG -std=gnu11"

local function arm(name, place)
   local program = ("%s/instructions/%s"):format(support.products, name)
   run(("mkdir -p %s/instructions"):format(support.products))
   run(("%s -I%s/src/include -o %s bench/instructions.c %s/libdynarray.a -lm"):format(CC, place, program, place))
   return { module = place .. "/dynarray.so", program = program }
end

local function instructions(command)
   assert(os.execute "command -v valgrind >/dev/null", "instructions: valgrind is missing")
   local said = support.capture(("valgrind --tool=callgrind --callgrind-out-file=/dev/null %s 2>&1"):format(command))
   return assert(tonumber(said:match "Collected : (%d+)"), said)
end

local function least(command, runs)
   local best = math.huge
   for _ = 1, runs do best = math.min(best, (instructions(command))) end
   return best
end

-- Program start and end fall out of a difference.
local function an_operation(command, runs)
   if check then run(command(ELEMENTS)) return 0 end
   local few, many = 10 * ELEMENTS, 50 * ELEMENTS
   return (least(command(many), runs) - least(command(few), runs)) / (many - few)
end

local arms = { arm("here", ".") }
if commit then arms[2] = arm("before", checkout(commit)) end

local rows = {}
local function measure(title, runs, command_of)
   local row = { title }
   local counts = {}
   for i, one in ipairs(arms) do
      counts[i] = an_operation(function(operations) return command_of(one, operations) end, runs)
      row[#row + 1] = ("%.1f"):format(counts[i])
   end
   if counts[2] then row[#row + 1] = ("%.3f"):format(counts[1] / counts[2]) end
   rows[#rows + 1] = row
end

local names = { "read", "write", "append", "grow", "grow-by-one" }
for _, type in ipairs{ "float64", "value" } do
   for _, name in ipairs(names) do
      measure(("Lua, %s, %s"):format(type, name), RUNS, function(one, operations)
         return ("%s bench/instructions.lua child %s %s %s %d"):format(support.lua, one.module, name, type, operations)
      end)
   end
end
for _, name in ipairs(names) do
   measure(("C, %s"):format(name), 1, function(one, operations)
      return ("%s %s %d"):format(one.program, name, operations)
   end)
end

if check then os.exit(true) end
print(support.environment())
print [[

Instructions of an operation, in Lua with the loop around it. append: there is room. grow: from an empty array to a
thousand elements, by doubling. grow-by-one: the same by one element each time.
]]
support.print_table({ "", "here", commit, commit and "ratio" }, rows)
