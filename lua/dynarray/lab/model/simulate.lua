--- Growth without memory: what a policy, or a structure that is not contiguous, costs at any size.
--
-- A policy is followed from growth to growth, not from append to append, and those that add a constant are summed
-- as arithmetic series: 1e12 elements take less than a millisecond. The costs are those of the article's way of
-- growing, allocate + copy + free; what a block really does can be less.
-- @module dynarray.lab.model.simulate
local dynarray = require "dynarray"

local simulate = {}

--- Named policies, in the order of display.
simulate.policies = {}
for i, name in ipairs(dynarray.growth) do
  simulate.policies[i] = name
end

-- The worst share of unused room is looked for in the last tenfold of the growth: the first few elements of a policy
-- that begins with room for 17 would hide all that comes after.
local WORST_SPAN = 10
local EXACT_FLOATS = 2 ^ 53

--- The least factor that experiments take: to 1e12 elements it has 22000 growths, a factor of 1.000001 has millions.
simulate.least_factor = 1.001

--- The value of the option `growth` for a policy as a command line gives it: a name, "increment:N", or a factor.
function simulate.growth(policy)
  if type(policy) ~= "string" or dynarray.growth[policy] then
    return policy
  end
  return tonumber(policy) or policy
end

--- The policy as a function (capacity, needed, element_size) -> capacity.
function simulate.next(policy)
  local growth = simulate.growth(policy)
  if type(growth) == "number" then
    return function(capacity, needed)
      return math.max(math.ceil(capacity * growth), needed)
    end
  elseif type(growth) == "string" then
    return dynarray.growth[growth] or error(("growth policy %s is unknown"):format(growth), 2)
  end
  return growth
end

--- What a policy adds to the capacity each time, if that is always the same; else nil or false.
function simulate.step(policy)
  local growth = simulate.growth(policy)
  return growth == "exact" and 1 or type(growth) == "string" and tonumber(growth:match("^increment:(%d+)$"))
end

local Tally = {}
Tally.__index = Tally

--- Sums up a growth to n elements, told capacity by capacity: those of a simulation or of a real array.
function simulate.tally(n, element_size)
  return setmetatable({
    n = n, element_size = element_size or 8, capacity = 0, growths = 0, copied = 0.0, unused = 0.0, worst = 0.0,
    peak = 0.0,
  }, Tally)
end

local function fill(t, first, capacity)
  local last = math.min(capacity, t.n)
  local count = last - first + 1
  if count <= 0 then
    return
  end
  -- sum of 1 - s / capacity for s = first ... last
  t.unused = t.unused + count * (1 - (first + last) / 2 / capacity)
  if last >= t.n / WORST_SPAN then
    t.worst = math.max(t.worst, 1 - math.max(first, math.ceil(t.n / WORST_SPAN)) / capacity)
  end
end

--- The array begins with this capacity.
function Tally:begin(capacity)
  self.capacity, self.peak = capacity, capacity
  fill(self, 1, capacity)
end

--- It grows, while full.
function Tally:grow(capacity)
  self.growths = self.growths + 1
  self.copied = self.copied + self.capacity
  self.peak = math.max(self.peak, self.capacity + capacity)
  fill(self, self.capacity + 1, capacity)
  self.capacity = capacity
end

-- Sum of 1 / (a + i b) for i = 1 ... n: the first terms, then Euler and Maclaurin's formula.
local function reciprocals(a, b, n)
  local few, sum = math.min(n, 1000), 0.0
  for i = 1, few do
    sum = sum + 1 / (a + i * b)
  end
  if n > few then
    local x, y = a + few * b, a + n * b
    sum = sum + math.log(y / x) / b + (1 / y - 1 / x) / 2 - b / 12 * (1 / y ^ 2 - 1 / x ^ 2)
  end
  return sum
end

-- `times` growths by `step` at once: arithmetic series.
local function grow_evenly(t, step, times)
  local first = t.capacity
  t.growths = t.growths + times
  t.copied = t.copied + times * (first + step * (times - 1) / 2)
  t.capacity = first + step * times
  t.peak = math.max(t.peak, 2 * t.capacity - step)
  t.unused = t.unused + step * (step - 1) / 2 * reciprocals(first, step, times)
  local from = math.ceil(t.n / WORST_SPAN)
  if t.capacity >= from then
    -- the capacity that the element number `from` came with, and the one after it
    local reached = first + math.max(math.ceil((from - first) / step), 1) * step
    t.worst = math.max(t.worst, 1 - math.max(from, reached - step + 1) / reached)
    if reached + step <= t.capacity then
      t.worst = math.max(t.worst, 1 - (reached + 1) / (reached + step))
    end
  end
end

local function whole(x)
  return x < EXACT_FLOATS and math.tointeger(x) or x
end

--- What it came to.
-- @return a table: `growths`, `copied` (elements), `copied_per_append`, `capacity`, `unused` (share of the capacity
-- now), `unused_average` (over all appends), `unused_worst` (in the last tenfold), `peak_bytes` (old and new block)
function Tally:figures()
  local n = self.n
  return {
    n = n, growths = whole(self.growths), copied = whole(self.copied), copied_per_append = self.copied / n,
    capacity = self.capacity, unused = 1 - n / self.capacity, unused_average = self.unused / n,
    unused_worst = self.worst, peak_bytes = whole(self.peak * self.element_size),
  }
end

--- Follows a policy through n single appends.
-- @param policy a name, a factor, "increment:N" or a function
-- @param n elements, at least 1
-- @param options `element_size` (8), `capacity` at the beginning (0)
-- @return the figures, see Tally:figures
function simulate.run(policy, n, options)
  local size = options and options.element_size or 8
  local step, next_capacity = simulate.step(policy), simulate.next(policy)
  local t = simulate.tally(n, size)
  t:begin(options and options.capacity or 0)
  if step and t.capacity < n then
    grow_evenly(t, step, (n - t.capacity - 1) // step)
  end
  while t.capacity < n do
    local capacity = next_capacity(t.capacity, t.capacity + 1, size)
    if capacity <= t.capacity then
      error(("growth policy gave %s for %d elements"):format(capacity, t.capacity + 1), 2)
    end
    t:grow(capacity)
  end
  return t:figures()
end

return simulate
