-- Records samples into a file until it is stopped: lua5.4 examples/recorder/recorder.lua FILE [COUNT]
-- However it is stopped (Ctrl-C, kill -9, an error), every sample is in the file, and the next run goes on there.
local dynarray = require "dynarray"

local path, count = arg[1] or "samples.npy", tonumber(arg[2]) or math.huge

local log = assert(dynarray.open(path, "float64"))
print(("%s has %d samples"):format(path, #log))

-- What is recorded here: how long a little work takes, in microseconds.
local clock = dynarray.probe.clock
local function sample()
  local before, sum = clock(), 0
  for i = 1, 1000 do
    sum = sum + i
  end
  return (clock() - before) / 1000
end

local flushed = os.time()
while #log < count do
  log:append(sample())
  if #log % 1000 == 0 then
    print(("recorded %d"):format(#log)) -- from here on, these samples outlive this process
    io.stdout:flush()
  end
  if os.time() > flushed then -- once a second: from here on, they outlive the machine, and NumPy sees them
    assert(log:flush())
    flushed = os.time()
  end
end
assert(log:close())
