-- What a growth factor costs: a million numbers are appended to an empty array. Shows the elements copied, the room
-- left unused and the time.
local dynarray = require "dynarray"

local COUNT = 1000000
-- An array that grows by one element copies n * n / 2 elements: 4 TB for a million. Fewer numbers show this as well.
local COUNT_COPYING_EACH = 20000
local ROUNDS = 3

local policies = {
  { name = "1.125", growth = 1.125 },
  { name = "1.25", growth = 1.25 },
  { name = "1.5", growth = 1.5 },
  { name = "golden", growth = (1 + math.sqrt(5)) / 2 },
  { name = "2", growth = 2 },
  { name = "3", growth = 3 },
  { name = "4", growth = 4 },
  { name = "+1", growth = function(_, needed) return needed end, copied = COUNT_COPYING_EACH },
}

local function fill(count, growth, block)
  local a <close> = dynarray.new { type = "float64", capacity = 1, growth = growth, block = block }
  local append = a.append
  local start = os.clock()
  for i = 1, count do
    append(a, i)
  end
  local seconds = os.clock() - start
  local stats = a:stats()
  return {
    ns = seconds / count * 1e9,
    growths = stats.growths,
    copied = stats.elements_copied / count,
    capacity = a.capacity,
    unused = 1 - #a / a.capacity,
  }
end

-- Runs every policy in turn, several times, and keeps the fastest run of each, which was disturbed least.
local function measure(block)
  local best = {}
  for _ = 1, ROUNDS do
    for i, policy in ipairs(policies) do
      local run = fill(block and policy.copied or COUNT, policy.growth, block)
      if not best[i] or run.ns < best[i].ns then best[i] = run end
    end
  end
  return best
end

local function bar(value, largest)
  local width = 50
  if value > largest then return ("#"):rep(width - 3) .. ">>>" end
  return ("#"):rep(math.floor(value / largest * width + 0.5))
end

local copying, moving = measure("copy"), measure()

print(("From empty to %d float64 appended from Lua; the loop's own time is included.\n"):format(COUNT))
print("factor    growths   copied per    final      unused   ns per append,   ns per append,")
print("                        append    capacity   share      copying          not copying")
for i, policy in ipairs(policies) do
  local c, m = copying[i], moving[i]
  print(("%-8s %8d %12.2f %11d %7.1f %% %13.1f%s %16.1f"):format(policy.name, m.growths, c.copied, m.capacity,
    m.unused * 100, c.ns, policy.copied and "*" or " ", m.ns))
end
print(("\n* copied per append and copying: measured with %d numbers, the cost of each grows with their count"):format(
  COUNT_COPYING_EACH))

print("\nelements copied per append")
for i, policy in ipairs(policies) do
  print(("%-8s %9.2f %s"):format(policy.name, copying[i].copied, bar(copying[i].copied, 10)))
end
print("\nunused share of the final capacity, %")
for i, policy in ipairs(policies) do
  print(("%-8s %9.1f %s"):format(policy.name, moving[i].unused * 100, bar(moving[i].unused, 1)))
end
