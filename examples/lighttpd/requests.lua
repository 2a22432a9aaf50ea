--- A log of requests: keeps the time and the size of the last ones in arrays of fixed capacity, and shows figures and a
-- picture.
local dynarray = require "dynarray"

local requests = {}
requests.__index = requests

--- A new log of the last `window` requests. It takes 16 bytes for each, and as much again while it makes a page.
function requests.new(window)
  local function column(kind)
    return dynarray.new { type = kind, capacity = window, max_size = window }
  end
  return setmetatable({
    times = column "float64", -- microseconds
    sizes = column "int64", -- bytes
    count = 0, -- of all requests, also of those that were overwritten
  }, requests)
end

--- Appends while there is room, then overwrites the oldest entry.
function requests:record(time, size)
  local times, sizes, count = self.times, self.sizes, self.count
  if count < times.max_size then
    times:append(time)
    sizes:append(size)
  else
    local oldest = count % times.max_size + 1
    times[oldest] = time
    sizes[oldest] = size
  end
  self.count = count + 1
end

--- A line of figures of an array. A percentile is the least element that at least so many percent do not exceed.
local function row(name, a)
  local sorted <close> = a:copy():sort()
  local function percentile(per_mille)
    return sorted[(per_mille * #sorted + 999) // 1000]
  end
  return ("%s mean %.1f p50 %.1f p99 %.1f p99.9 %.1f max %.1f"):format(name, a:mean(), percentile(500), percentile(990),
    percentile(999), sorted[#sorted])
end

--- The figures as text, a line each for the count, the times (us), the sizes (bytes) and the memory held in arrays.
function requests:figures()
  local lines = { ("requests %d, shown %d"):format(self.count, #self.times) }
  if #self.times > 0 then
    lines[2] = row("us", self.times)
    lines[3] = row("bytes", self.sizes)
  end
  local memory = dynarray.memory()
  lines[#lines + 1] = ("array memory %d, peak %d"):format(memory.bytes, memory.peak)
  return table.concat(lines, "\n")
end

--- Counts the elements in each of `bins` parts between the least and the greatest, each part larger by the same ratio.
-- Returns the counts and the edges of the parts.
local function histogram(a, bins)
  local sorted <close> = a:copy():sort()
  local low = math.max(sorted[1], 1e-3) -- a clock that was set back gives times below 0
  local high = math.max(sorted[#sorted], low * 2)
  local counts, edges, before = {}, { low }, 1
  for i = 1, bins do
    edges[i + 1] = low * (high / low) ^ (i / bins)
    local after = i == bins and #sorted + 1 or sorted:lower_bound(edges[i + 1])
    counts[i] = after - before
    before = after
  end
  return counts, edges
end

--- An SVG picture of how long requests took.
function requests:svg()
  local bins, width, height, bar = 40, 640, 240, 16
  local parts = { ('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" font-family="sans-serif" '
    .. 'font-size="11">'):format(width, height + 30, width) }
  if #self.times > 0 then
    local counts, edges = histogram(self.times, bins)
    local most = math.max(table.unpack(counts))
    for i, n in ipairs(counts) do
      local h = height * n / most
      parts[#parts + 1] = ('<rect x="%d" y="%.1f" width="%d" height="%.1f" fill="steelblue"><title>%d: %.1f to %.1f us'
        .. '</title></rect>'):format((i - 1) * bar, height - h, bar - 1, h, n, edges[i], edges[i + 1])
      if i % 8 == 1 then
        parts[#parts + 1] = ('<text x="%d" y="%d">%.3g us</text>'):format((i - 1) * bar, height + 18, edges[i])
      end
    end
  end
  parts[#parts + 1] = "</svg>"
  return table.concat(parts, "\n")
end

--- The page that /stats serves.
function requests:page()
  return ([[
<!DOCTYPE html>
<title>Requests</title>
<h1>Requests</h1>
<pre>
%s
</pre>
%s
]]):format(self:figures(), self:svg())
end

return requests
