--[[
What the learned capacity is worth: arrays of one kind made again and again, their sizes drawn from a
sequence, under doubling and under growth = "learned". Its best case is a size that repeats; its worst
a past that misleads. Prints ns an array and bytes held unused at the end of each, medians of rounds
in which the arms alternate. "exact" knows the size beforehand and reserves it.
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
  { "100, again and again", times(1000, function() return 100 end) },
  { "1000, again and again", times(200, function() return 1000 end) },
  { "900 to 1100", times(200, function() return 900 + random(200) end) },
  { "1 to 1000, any", times(400, function() return random(1000) end) },
  { "10 and 1000 in turn", times(400, function(i) return i % 2 == 0 and 10 or 1000 end) },
  { "one of 10000 in ten of 10", times(400, function(i) return i % 10 == 0 and 10000 or 10 end) },
  { "four of 1000, four of 10", times(400, function(i) return i % 8 < 4 and 1000 or 10 end) },
}

local append = dynarray.new().append

local arms = {
  { "double", function(sizes)
    local unused = 0
    for _, size in ipairs(sizes) do
      local a <close> = dynarray.new { type = "float64" }
      for i = 1, size do append(a, i) end
      unused = unused + a.capacity - size
    end
    return unused
  end },
  { "learned", function(sizes)
    local unused = 0
    for _, size in ipairs(sizes) do
      local a <close> = dynarray.new { type = "float64", growth = "learned" }
      for i = 1, size do append(a, i) end
      unused = unused + a.capacity - size
    end
    return unused
  end },
  { "like", function(sizes)
    local unused = 0
    for _, size in ipairs(sizes) do
      local a <close> = dynarray.new { type = "float64", like = "samples" }
      for i = 1, size do append(a, i) end
      unused = unused + a.capacity - size
    end
    return unused
  end },
  { "exact", function(sizes)
    local unused = 0
    for _, size in ipairs(sizes) do
      local a <close> = dynarray.new { type = "float64", capacity = size }
      for i = 1, size do append(a, i) end
      unused = unused + a.capacity - size
    end
    return unused
  end },
}

local function median(t)
  table.sort(t)
  return t[(#t + 1) // 2]
end

print(("%-27s %10s %10s %10s %10s   %s"):format("sizes; ns an array", "double", "learned", "like", "exact",
  "unused elements an array"))
for _, past in ipairs(pasts) do
  local name, sizes = past[1], past[2]
  local ns, unused = {}, {}
  for _, arm in ipairs(arms) do
    ns[arm[1]] = {}
    arm[2](sizes)
  end
  for round = 1, rounds do
    for i = 1, #arms do
      local arm = arms[(i + round) % #arms + 1]
      collectgarbage()
      local start = os.clock()
      unused[arm[1]] = arm[2](sizes) / #sizes
      table.insert(ns[arm[1]], (os.clock() - start) / #sizes * 1e9)
    end
  end
  print(("%-27s %10.0f %10.0f %10.0f %10.0f   double %.0f, learned %.0f"):format(name, median(ns.double),
    median(ns.learned), median(ns.like), median(ns.exact), unused.double, unused.learned))
end
