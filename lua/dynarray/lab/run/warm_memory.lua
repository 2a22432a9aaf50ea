--- Memory that the system has already given once. On a machine that lends its free memory to others (a virtual one, as
-- a rule), the first program that writes to a page waits until the host has found it: that would be most of a sample,
-- and another share each time. Here as many bytes are written and given back before a sample begins. `make
-- bench-growth` does the same before each program.
local dynarray = require "dynarray"
local filesystem = require "dynarray.lab.base.filesystem"

local warm = {}

local LEAST = 8 << 20 -- bytes: what a process takes before it measures
local MOST = 0.5      -- of what can be had without swapping

local function most_bytes()
  local meminfo = filesystem.contents "/proc/meminfo"
  local kib = meminfo and tonumber(meminfo:match("MemAvailable:%s*(%d+) kB"))
  return kib and kib * 1024 * MOST or math.huge
end

--- Writes to so many bytes of memory (8 MiB at least, half of what is free at most), and gives them back.
function warm.memory(bytes)
  bytes = math.min(math.max(bytes, LEAST), most_bytes())
  local settings = dynarray.collector { keep = 0 } -- nothing of it for the next array
  dynarray.new({ type = "uint8", capacity = bytes // 1 | 0 }):resize(bytes // 1 | 0):close()
  dynarray.collector(settings)
end

return warm
