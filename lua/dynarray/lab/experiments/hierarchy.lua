--- The memory hierarchy of this machine: what a read that waits for the one before costs, by working set and pattern.
--
-- The array holds a chain: each element is the index of the next to be read. Random and strided chains touch one
-- element of each line of 64 bytes. Working sets above 2 MiB lie on huge pages where the system gives them, so that the
-- translation of addresses shows less than it would in ordinary memory.
local arrays = require "dynarray.lab.experiments.shared.arrays"
local combinations = require "dynarray.lab.experiments.shared.combinations"
local dynarray = require "dynarray"
local environment = require "dynarray.lab.run.environment"
local medians = require "dynarray.lab.report.medians"
local results = require "dynarray.lab.run.results"
local sampling = require "dynarray.lab.experiments.shared.sampling"
local sentence = require "dynarray.lab.report.sentence"
local units = require "dynarray.lab.base.units"

local probe = dynarray.probe

local ELEMENT = 8          -- bytes
local LINE = 64            -- bytes of a cache line
local STRIDE = 4096 + LINE -- bytes: another page each time, and another set of the cache
local LEAST_BYTES = 4096   -- a page
local MOST_STEPS = 1 << 21
local LEAST_STEPS = 1 << 17

local PATTERNS = { "sequential", "strided", "random" }

local hierarchy = {
  name = "hierarchy",
  question = "What are cache and RAM here? What does a read cost in each?",
  parameters = {
    { name = "bytes", default = {
      2 ^ 12, 2 ^ 14, 2 ^ 15, 2 ^ 17, 2 ^ 19, 2 ^ 20, 2 ^ 22, 2 ^ 24, 2 ^ 26,
    }, all = {
      2 ^ 12, 2 ^ 13, 2 ^ 14, 2 ^ 15, 2 ^ 16, 2 ^ 17, 2 ^ 18, 2 ^ 19, 2 ^ 20, 2 ^ 21, 2 ^ 22, 2 ^ 23, 2 ^ 24, 2 ^ 25,
      2 ^ 26, 2 ^ 28, 2 ^ 30,
    }, quick = { 2 ^ 12, 2 ^ 15, 2 ^ 18, 2 ^ 21 }, unit = "bytes", help = "working set, a power of two" },
  },
  metrics = {
    { name = "random", unit = "ns", better = "less" },
    { name = "strided", unit = "ns", better = "less" },
    { name = "sequential", unit = "ns", better = "less" },
  },
}

-- What the system says of the caches for data: x is the level, y the bytes.
local function data_caches()
  local series = { x = {}, y = {} }
  for _, cache in ipairs(environment.caches() or {}) do
    if cache.type ~= "instruction" then
      table.insert(series.x, cache.level)
      table.insert(series.y, cache.bytes)
    end
  end
  return series
end

--- By pattern: writes the chain into an array of int64 and returns how many steps lead once around.
local chains = {}
hierarchy.chains = chains

local function count_up(a, step)
  local n = #a
  a:fill(1)
  a[1] = 1 + step
  a:cumsum()
  a:view(n - step + 1, n):sub(n)
end

function chains.sequential(a)
  count_up(a, 1)
  return #a
end

function chains.strided(a)
  count_up(a, STRIDE // ELEMENT % #a)
  return #a * ELEMENT // LINE
end

-- Lines in the order of a linear congruential generator of full period (its multiplier is 1 modulo 4, its increment
-- odd), seen through a mixing that is its own inverse: one cycle through all lines, which no prefetcher foresees, and
-- which is written from the front to the back.
function chains.random(a)
  local per_line = LINE // ELEMENT
  local lines = #a // per_line
  local bits = math.floor(math.log(lines, 2) + 0.5)
  local mask, half = lines - 1, (bits + 1) // 2
  a:fill(1)
  for line = 0, mask do
    local state = line ~ (line >> half)
    state = (state * 0x5851F42D4C957F2D + 0x14057B7EF767814F) & mask
    a[line * per_line + 1] = (state ~ (state >> half)) * per_line + 1
  end
  return lines
end

function hierarchy.check(parameters)
  for _, bytes in ipairs(parameters.bytes) do
    local whole = math.tointeger(bytes)
    if not whole or whole < LEAST_BYTES or whole & (whole - 1) ~= 0 then
      error(("bytes %s is no working set (a power of two, %d or more)"):format(bytes, LEAST_BYTES), 0)
    end
  end
end

function hierarchy.cases(parameters)
  return combinations(parameters, "bytes")
end

-- What lies in L1, in L2 and in memory on most machines.
local NEEDED = { [2 ^ 14] = true, [2 ^ 20] = true, [2 ^ 26] = true }

function hierarchy.needed(case)
  return NEEDED[case.bytes] or false
end

local function measure_chain(a, write)
  local cycle = write(a)
  local steps = math.max(math.min(cycle, MOST_STEPS), LEAST_STEPS)
  if cycle > MOST_STEPS then
    -- The chain has pushed out its own beginning; the same steps once more would find what these brought in.
    return probe.chase(a, steps) / steps
  end
  probe.chase(a, cycle) -- so that what fits into a cache is there
  return sampling.repeated(function() return (probe.chase(a, steps)) end) / steps
end

function hierarchy.touches(case)
  return case.bytes
end

-- Working sets that would not fit are not measured: the case is then without a value.
function hierarchy.measure(case)
  if arrays.too_large(case.bytes) then
    return {}
  end
  local a <close> = dynarray.filled(math.tointeger(case.bytes) // ELEMENT, 0, "int64")
  local metrics = {}
  for _, pattern in ipairs(PATTERNS) do
    metrics[pattern] = measure_chain(a, chains[pattern])
  end
  return metrics, { caches = data_caches() }
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

-- The row with the largest working set up to so many bytes.
local function within(view, bytes)
  local best
  for _, row in ipairs(view.rows) do
    if row.metrics.random and row.case.bytes <= bytes and (not best or row.case.bytes > best.case.bytes) then
      best = row
    end
  end
  return best
end

local FAR_BYTES = 1 << 24 -- a working set from which on the curve can tell of a last cache

function hierarchy.plots(run)
  local view = medians.of(run)
  local lines, marks = {}, {}
  for _, pattern in ipairs(PATTERNS) do
    lines[#lines + 1] = view:line(pattern, {}, "bytes", pattern)
  end
  for _, cache in ipairs(caches(run)) do
    marks[#marks + 1] = { x = cache.bytes, label = ("L%d %s"):format(cache.level, units.number(cache.bytes, "bytes")) }
  end
  local largest = within(view, math.huge)
  local is_far = largest and largest.case.bytes >= FAR_BYTES
  if is_far then
    marks[#marks + 1] = { x = largest.case.bytes, label = "RAM" }
  end
  return { {
    name = "hierarchy", title = "Reading an element that depends on the last", kind = "lines",
    x = { label = "working set", unit = "bytes", log = 2 }, y = { label = "per read", unit = "ns", log = 10 },
    lines = lines, marks = marks,
    read = "The further right, the more memory the reads go through (the working set); the random line rises where a "
      .. "cache has become too small."
      .. (#caches(run) > 0 and " The upright lines L1, L2 and so on are the ends of the caches that the system reports"
      .. (is_far and ", and RAM marks the largest working set." or ".") or ""),
    notes = "In order, the processor fetches ahead; strided reads, each on another page, are between the two.",
  } }
end

-- A read in a working set of at most half a cache: the other data of the process does not push that out. Where it takes
-- more than this share of a read in the largest working set, that cache is not what answers.
local AS_SLOW_AS_MEMORY = 0.6

-- For each cache: the level, its bytes, and the row that shows it; `is_seen` tells whether the curve agrees.
local function levels(view, largest, known)
  local list, last = {}, nil
  for _, cache in ipairs(known) do
    local row = within(view, cache.bytes / 2)
    local is_slow = row and row.metrics.random.median > largest.metrics.random.median * AS_SLOW_AS_MEMORY
    if row and row ~= last then
      local is_seen = row ~= largest and not is_slow
      list[#list + 1] = { level = cache.level, bytes = cache.bytes, row = row, is_seen = is_seen }
      last = row
    end
  end
  return list
end

-- A cache that the system reports and the curve does not show.
local function doubt(view, largest, known)
  for _, one in ipairs(levels(view, largest, known)) do
    if not one.is_seen and largest.case.bytes < one.bytes * 2 and largest.case.bytes >= FAR_BYTES then
      return ("The system also reports a cache L%d of %s, but reads slow down to %s long before its end: on a machine "
        .. "that is shared, a program gets a part of such a cache. So some of these reads may have found their data "
        .. "there, and RAM alone may be slower still."):format(one.level, units.number(one.bytes, "bytes"),
        units.number(largest.metrics.random.median, "ns"))
    end
  end
end

local function size_of_ram(all)
  local facts = all and (all.environment or all.environments and all.environments[1])
  local bytes = facts and facts.memory
  return type(bytes) == "number" and ("This machine has %s of RAM."):format(units.number(bytes, "bytes")) or nil
end

function hierarchy.answer(run, all)
  local view = medians.of(run)
  local largest = within(view, math.huge)
  if not largest then
    return "No working set was small enough to be measured."
  end
  local steps, known = {}, caches(run)
  for _, one in ipairs(levels(view, largest, known)) do
    steps[#steps + 1] = one.is_seen and ("%s in %s (cache L%d of %s)"):format(
      units.number(one.row.metrics.random.median, "ns"), units.number(one.row.case.bytes, "bytes"), one.level,
      units.number(one.bytes, "bytes")) or nil
  end
  steps[#steps + 1] = ("%s in %s%s"):format(units.number(largest.metrics.random.median, "ns"),
    units.number(largest.case.bytes, "bytes"), largest.case.bytes >= FAR_BYTES and " (RAM)" or "")
  local in_order = ("Read in order, the same %s take only %s a read, as the processor sees where such reads lead, and "
    .. "fetches ahead."):format(units.number(largest.case.bytes, "bytes"),
    units.number(largest.metrics.sequential.median, "ns"))
  local more = { "Each of these reads must wait for the one before, which tells its place.", in_order }
  more[#more + 1] = size_of_ram(all)
  more[#more + 1] = doubt(view, largest, known)
  return ("RAM holds the data of the programs that run; a cache is a small, fast memory that keeps what the processor "
    .. "used last. A read at a random place takes %s."):format(sentence.join(steps)), table.concat(more, " ")
end

return hierarchy
