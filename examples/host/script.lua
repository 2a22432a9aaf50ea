-- host.c runs this. It asks for more memory than there is, in every way, and goes on each time.
local dynarray = require "dynarray"

local samples, primes, left = ... -- arrays in the host's memory; left() tells how many bytes are left

local path = os.tmpname()
local mebi = 1 << 20

-- Each of these takes memory until there is no more.
local attempts = {
  { "append", function()
    local a = dynarray.new "float64"
    while true do a:append(#a) end
  end },
  { "reserve", function() dynarray.new("int64"):reserve(4 * mebi + 1) end },
  { "a number with nothing behind it", function() dynarray.new { type = "int8", capacity = 1 << 62 } end },
  { "value array of numbers", function()
    local a = dynarray.new()
    while true do a:append(#a) end
  end },
  { "value array of tables", function()
    local a = dynarray.new()
    while true do a:append { #a } end
  end },
  { "many small arrays", function()
    local all = {}
    while true do all[#all + 1] = dynarray.of(1, 2, 3) end
  end },
  { "views", function()
    local a, views = dynarray.filled(mebi, 0, "uint8"), dynarray.new()
    while true do views:append(a:view(1, #views)) end
  end },
  { "slices", function()
    local a, slices = dynarray.filled(mebi, 1, "int32"), {}
    while true do slices[#slices + 1] = a:slice(2) end
  end },
  { "concatenation", function()
    local a = dynarray.filled(1000, 1, "int16")
    while true do a = a .. a end
  end },
  { "extend by itself", function()
    local a = dynarray.filled(1000, 1, "float32")
    while true do a:extend(a) end
  end },
  { "insert", function()
    local a = dynarray.from { 1, 2, 3, 4 }
    while true do a:insert_all(2, a) end
  end },
  { "copies", function()
    local a, copies = dynarray.filled(mebi, "text"), {}
    while true do copies[#copies + 1] = a:copy() end
  end },
  { "map", function()
    local a = dynarray.filled(3 * mebi, 0, "uint8")
    a:map(function(x) return x end, "int64"):map(tostring, "value")
  end },
  { "bytes", function()
    local a, strings = dynarray.filled(mebi, 1, "float64"), {}
    while true do strings[#strings + 1] = a:tobytes() end
  end },
  { "files", function()
    local loaded = { dynarray.filled(mebi, 1, "float64") }
    assert(loaded[1]:save(path))
    while true do loaded[#loaded + 1] = assert(dynarray.load(path)) end
  end },
  { "wrapped memory", function()
    local copies = {}
    while true do table.insert(copies, samples .. samples) end
  end },
}

local before = dynarray.memory().bytes -- samples is wrapped memory
for _, attempt in ipairs(attempts) do
  local name, take = attempt[1], attempt[2]
  local ok, message = pcall(take)
  collectgarbage()
  print(("%-32s %s"):format(name, message))
  assert(not ok)

  -- What was there before is still there, and there is room again.
  assert(dynarray.memory().bytes == before and #samples == 1000 and samples[1000] == 999)
  assert(dynarray.filled(mebi, 1.5, "float64"):sum() == 1.5 * mebi)
end
os.remove(path)

-- A refused append leaves the array as it was, to the last element.
local a, n = dynarray.new "int64", 0
pcall(function()
  while true do
    a:append(n)
    n = n + 1
  end
end)
assert(#a == n and a[1] == 0 and a[n] == n - 1)
print(("an array of %d elements took what there is, and goes on: %d"):format(n, a:pop()))
a:close()

-- The limit holds to the byte: a script gets what is left, and not one byte more.
local block = dynarray.new("int8"):reserve(mebi)
local function reserve(bytes)
  block:reserve(bytes)
end
collectgarbage()
assert(select(2, pcall(reserve, mebi + left() + 1)):find "not enough memory")
collectgarbage()
reserve(mebi + left())
assert(left() == 0)
block:close()

-- The host's memory, read and written in place.
print(("primes %s; samples before: mean %g"):format(table.concat(primes:totable(), " "), samples:mean()))
samples:fill(0.5)
print(select(2, pcall(function() primes[1] = 4 end)))
