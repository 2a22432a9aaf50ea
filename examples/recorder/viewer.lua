-- Shows a file of samples while it is being written: lua5.4 examples/recorder/viewer.lua FILE [TIMES [PICTURE.svg]]
-- Numbers twice a second, and a picture of the last samples, by gnuplot, which reads them out of the file itself.
local dynarray = require "dynarray"

local path, times, picture = arg[1] or "samples.npy", tonumber(arg[2]) or math.huge, arg[3]

local log = assert(dynarray.open(path, { mode = "r" }))

local header = 128 -- bytes before the first sample
local shown = 2000 -- samples in the picture

local function draw(n)
  local first = math.max(n - shown, 0)
  local gnuplot = assert(io.popen("gnuplot", "w"))
  gnuplot:write(picture and ("set terminal svg size 800,400\nset output '%s'\n"):format(picture)
    or "set terminal dumb 100,24\n")
  gnuplot:write(("set title '%d samples'\nunset key\nset ylabel 'microseconds'\n"):format(n))
  gnuplot:write(("plot '%s' binary skip=%d record=(%d) format='%%float64' using ($0 + %d):1 with dots\n"):format(path,
    header + first * 8, n - first, first))
  gnuplot:close()
end

for i = 1, times do
  local n = #log -- as it is now; so are the figures
  if n > 0 then
    local now = log:view(1, n)
    print(("%d samples, mean %.3f, median %.3f, 99th percentile %.3f"):format(n, now:mean(), now:percentile(50),
      now:percentile(99)))
    draw(n)
  end
  if i < times then
    os.execute "sleep 0.5"
  end
end
