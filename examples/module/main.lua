-- A histogram of a million numbers, which a C module (histogram.c) counts in place. The module is no part of dynarray.
local dynarray = require "dynarray"
local histogram = require "histogram"

math.randomseed(1)
local a = dynarray.new { type = "float64", capacity = 1000000 }
for _ = 1, a.capacity do
  a:append(math.random() + math.random() + math.random())
end

local bins, low, high = 12, 0, 3
local counts = histogram(a, bins, low, high)

local most = counts:max()
for i, n in ipairs(counts) do
  local from = low + (high - low) * (i - 1) / bins
  print(("%5.2f %7d %s"):format(from, n, ("#"):rep((n * 50 + most - 1) // most)))
end
print(("%d numbers counted, mean %.3f"):format(counts:sum(), a:mean()))
