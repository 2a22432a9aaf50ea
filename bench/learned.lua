--[[
Would a policy pay that learns: arrays of one kind start with the capacity that such arrays ended with
lately? It was built (by call site and by name) and left out, for these figures, which bound what any
such policy can save: "exact" is told the size beforehand, for nothing; "learned" starts with the
largest of the last four sizes if they agree within a factor of 2, else with the smallest, computed in
Lua, before the clock starts. Prints ns an array, medians of rounds in which the arms alternate.

Where sizes repeat, knowing them saves 15% at 20 elements from Lua, 10% at 100 and 3% at 1000, as the call of
append costs more than growth; from C (learned.c) it saves 30% and 20%, but a C program that knows a size can
reserve it. Told wrong, an array of ten costs twice as much and holds 100 times what it needs.
]]
local dynarray = require "dynarray"

local rounds = tonumber(arg[1]) or 15

local seed = 20261122
local function random(n)
  seed = (seed * 1103515245 + 12345) & 0x7fffffff
  return seed // 65536 % n + 1
end

local function times(n, f)
  local sizes = {}
  for i = 1, n do
    sizes[i] = f(i)
  end
  return sizes
end

local pasts = {
  { "10, again and again", times(2000, function() return 10 end) },
  { "20, again and again", times(2000, function() return 20 end) },
  { "100, again and again", times(1000, function() return 100 end) },
  { "1000, again and again", times(200, function() return 1000 end) },
  { "1 to 1000, any", times(400, function() return random(1000) end) },
  { "10 and 1000 in turn", times(400, function(i) return i % 2 == 0 and 10 or 1000 end) },
  { "four of 1000, four of 10", times(400, function(i) return i % 8 < 4 and 1000 or 10 end) },
}

local default = dynarray.new().capacity

-- The capacity that each array would start with.
local function learned(sizes)
  return times(#sizes, function(i)
    if i <= 4 then return default end
    local least = math.min(table.unpack(sizes, i - 4, i - 1))
    local most = math.max(table.unpack(sizes, i - 4, i - 1))
    return math.max(default, most <= 2 * least and most or least)
  end)
end

local append = dynarray.new().append

local function make_all(sizes, capacities)
  local unused = 0
  for k, size in ipairs(sizes) do
    local a <close> = dynarray.new { type = "float64", capacity = capacities[k] }
    for i = 1, size do
      append(a, i)
    end
    unused = unused + a.capacity - size
  end
  return unused / #sizes
end

local arms = {
  { "double", function(sizes) return times(#sizes, function() return default end) end },
  { "learned", learned },
  { "exact", function(sizes) return sizes end },
}

local function median(t)
  table.sort(t)
  return t[(#t + 1) // 2]
end

print(("%-25s %9s %9s %9s   %s"):format("sizes; ns an array", "double", "learned", "exact", "unused elements an array"))
for _, past in ipairs(pasts) do
  local name, sizes = past[1], past[2]
  local capacities, ns, unused = {}, {}, {}
  for i, arm in ipairs(arms) do
    capacities[i], ns[i] = arm[2](sizes), {}
  end
  for round = 1, rounds do
    for k = 1, #arms do
      local i = (k + round) % #arms + 1
      collectgarbage()
      local start = os.clock()
      unused[i] = make_all(sizes, capacities[i])
      table.insert(ns[i], (os.clock() - start) / #sizes * 1e9)
    end
  end
  print(("%-25s %9.0f %9.0f %9.0f   double %.0f, learned %.0f"):format(name, median(ns[1]), median(ns[2]),
    median(ns[3]), unused[1], unused[2]))
end

-- The same from C.
package.path = "bench/?.lua;" .. package.path
local support = require "support"
local program = support.products .. "/learned"
assert(support.build(program, { "bench/learned.c", "libdynarray.a" }, (os.getenv("CC") or "cc") ..
  " -O2 -DNDEBUG -std=c11 -Isrc -Isrc/include bench/learned.c $(find src/core -name '*.c') -lm -o " .. program))
io.stdout:flush()
assert(os.execute(program))
