--- The memory hierarchy of this machine: what a read that waits for the one before costs, by working set and pattern.
--
-- The array holds a chain: each element is the index of the next to be read. Random and strided chains touch one
-- element of each line of 64 bytes. Working sets above 2 MiB lie on huge pages where the system gives them, so that the
-- translation of addresses shows less than it would in ordinary memory.
local dynarray = require "dynarray"
local figures = require "dynarray.lab.experiments.figures"
local results = require "dynarray.lab.results"
local support = require "dynarray.lab.experiments.support"
local text = require "dynarray.lab.text"

local probe = dynarray.probe

local ELEMENT = 8          -- bytes
local LINE = 64            -- bytes of a cache line
local STRIDE = 4096 + LINE -- bytes: another page each time, and another set of the cache
local MOST_STEPS = 2 ^ 21
local LEAST_STEPS = 2 ^ 17
local MOST_OF_MEMORY = 0.5 -- of what is available

local hierarchy = {
  name = "hierarchy",
  question = "What does reading an element cost, depending on how much memory is read and in which order?",
  parameters = {
    { name = "bytes", default = {
      2 ^ 12, 2 ^ 13, 2 ^ 14, 2 ^ 15, 2 ^ 16, 2 ^ 17, 2 ^ 18, 2 ^ 19, 2 ^ 20, 2 ^ 21, 2 ^ 22, 2 ^ 23, 2 ^ 24, 2 ^ 25,
      2 ^ 26, 2 ^ 27, 2 ^ 28, 2 ^ 29, 2 ^ 30,
    }, quick = { 2 ^ 12, 2 ^ 15, 2 ^ 18, 2 ^ 21 }, help = "working set, a power of two" },
    { name = "pattern", default = { "sequential", "strided", "random" }, quick = { "sequential", "strided", "random" },
      help = "sequential, strided or random" },
  },
  metrics = {
    { name = "ns_per_read", unit = "ns", better = "less" },
  },
}

local function line_of(path)
  local file = io.open(path)
  local line = file and file:read("l")
  if file then
    file:close()
  end
  return line
end

-- What the system says of the first processor's caches for data: x is the level, y the bytes.
local function data_caches()
  local series = { x = {}, y = {} }
  local path = "/sys/devices/system/cpu/cpu0/cache/index%d/%s"
  for i = 0, math.huge do
    local kind, size = line_of(path:format(i, "type")), line_of(path:format(i, "size"))
    if not kind then
      return series
    elseif kind ~= "Instruction" and size then
      table.insert(series.x, tonumber(line_of(path:format(i, "level"))))
      table.insert(series.y, tonumber(size:match("^%d+")) * 1024)
    end
  end
end

local chains = {}

local function counted_up(n, step)
  local a = dynarray.filled(n, 1, "int64")
  a[1] = 1 + step
  a:cumsum()
  a:view(n - step + 1, n):sub(n)
  return a
end

function chains.sequential(n)
  return counted_up(n, 1), n
end

function chains.strided(n)
  return counted_up(n, STRIDE // ELEMENT % n), n * ELEMENT // LINE
end

-- Lines in the order of a linear congruential generator of full period (its multiplier is 1 modulo 4, its increment
-- odd), seen through a mixing that is its own inverse: one cycle through all lines, which no prefetcher foresees, and
-- which is written from the front to the back.
function chains.random(n)
  local per_line = LINE // ELEMENT
  local lines = n // per_line
  local bits = math.floor(math.log(lines, 2) + 0.5)
  local mask, half = lines - 1, (bits + 1) // 2
  local a = dynarray.filled(n, 1, "int64")
  for line = 0, mask do
    local state = line ~ (line >> half)
    state = (state * 0x5851F42D4C957F2D + 0x14057B7EF767814F) & mask
    a[line * per_line + 1] = (state ~ (state >> half)) * per_line + 1
  end
  return a, lines
end

function hierarchy.check(parameters)
  for _, bytes in ipairs(parameters.bytes) do
    if math.type(math.tointeger(bytes)) ~= "integer" or bytes < 4096 or bytes & (bytes - 1) ~= 0 then
      error(("bytes = %s is no working set (a power of two, 4096 or more)"):format(bytes), 0)
    end
  end
  for _, pattern in ipairs(parameters.pattern) do
    if not chains[pattern] then
      error(("pattern = %s is unknown (sequential, strided or random)"):format(pattern), 0)
    end
  end
end

function hierarchy.cases(parameters)
  return support.combinations(parameters, "bytes", "pattern")
end

-- Working sets that would not fit are not measured: the case is then without a value.
function hierarchy.measure(case)
  local available = support.available_memory()
  if available and case.bytes > available * MOST_OF_MEMORY then
    return {}
  end
  local chain, cycle = chains[case.pattern](math.tointeger(case.bytes) // ELEMENT)
  local a <close> = chain
  local steps = math.tointeger(math.max(math.min(cycle, MOST_STEPS), LEAST_STEPS))
  -- Once around, so that what fits into a cache is there. A longer chain has pushed out its own beginning.
  if cycle <= MOST_STEPS then
    probe.chase(a, cycle)
  end
  return { ns_per_read = probe.chase(a, steps) / steps }, { caches = data_caches() }
end

-- The data caches as they were where the run was measured.
local function caches(run)
  local series = results.last_series(run, {}, "caches") or { x = {}, y = {} }
  local found = {}
  for i, level in ipairs(series.x) do
    found[i] = { level = level, bytes = series.y[i] }
  end
  return found
end

function hierarchy.plots(run)
  local view = figures.of(run)
  local lines, marks = {}, {}
  for _, pattern in ipairs(view:values("pattern")) do
    lines[#lines + 1] = view:line(pattern, { pattern = pattern }, "bytes", "ns_per_read")
  end
  for _, cache in ipairs(caches(run)) do
    marks[#marks + 1] = { x = cache.bytes, label = ("L%d"):format(cache.level) }
  end
  return { {
    name = "hierarchy", title = "Reading an element that depends on the last", kind = "lines",
    x = { label = "working set", unit = "bytes", log = 2 }, y = { label = "per read", unit = "ns", log = 10 },
    lines = lines, marks = marks,
  } }
end

-- The largest working set that fits into a cache twice: no other data then pushes it out.
local function within(view, pattern, bytes)
  local best, value
  for _, row in ipairs(view:where { pattern = pattern }) do
    local line = row.metrics.ns_per_read
    if line and row.case.bytes <= bytes and (not best or row.case.bytes > best) then
      best, value = row.case.bytes, line.median
    end
  end
  return value, best
end

function hierarchy.answer(run)
  local view = figures.of(run)
  local pattern = view:values("pattern")[#view:values("pattern")]
  local steps, last = {}, 0
  for _, cache in ipairs(caches(run)) do
    local ns, bytes = within(view, pattern, cache.bytes / 2)
    if ns and bytes > last then
      last = bytes
      local size = text.number(cache.bytes, "bytes")
      steps[#steps + 1] = ("%s in L%d (%s)"):format(text.number(ns, "ns"), cache.level, size)
    end
  end
  local ns, bytes = within(view, pattern, math.huge)
  steps[#steps + 1] = ("%s with %s"):format(text.number(ns, "ns"), text.number(bytes, "bytes"))
  local sequential = pattern ~= "sequential" and within(view, "sequential", math.huge)
  return ("A %s read that depends on the last takes %s%s."):format(pattern, support.join(steps),
    sequential and ("; read in order, it is %s there"):format(text.number(sequential, "ns")) or "")
end

return hierarchy
