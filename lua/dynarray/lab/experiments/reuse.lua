--- Whether a growing array gets back the memory that its own old blocks left: the argument for factors below the golden
-- ratio, looked at with the addresses that blocks really have.
--
-- While a block is copied, old and new are both held. So the next block can go into the hole only if the blocks before
-- the last one, together, are as large. With a factor f that happens after some growths if f is less than 1.618, and
-- never with 2, since 1 + 2 + 4 + ... + n/4 is less than n. Nothing but the array takes memory meanwhile, and glibc has
-- been made to take blocks of this size from its heap, not from mappings of their own.
local arrays = require "dynarray.lab.experiments.shared.arrays"
local combinations = require "dynarray.lab.experiments.shared.combinations"
local dynarray = require "dynarray"
local medians = require "dynarray.lab.report.medians"
local sampling = require "dynarray.lab.experiments.shared.sampling"
local sentence = require "dynarray.lab.report.sentence"
local simulate = require "dynarray.lab.model.simulate"
local units = require "dynarray.lab.base.units"

local probe = dynarray.probe

local ELEMENT = 8           -- bytes
local FIRST = 256           -- elements of the first block: smaller ones come from other lists of the allocator
local MOST_GROWTHS = 10000
local MAPPED = 24 << 20     -- bytes: once a mapped block of this size was freed, glibc takes smaller ones from its heap
local MOST_BYTES = 8 << 20  -- that are asked for: the last block is less than twice as large

local reuse = {
  name = "reuse",
  question = "Why do some use 1.5? Does a growing array get back the memory of its old blocks?",
  fresh = true,
  parameters = {
    { name = "policy", default = { "1.5", "golden", "double" }, all = { "1.25", "cpython", "1.5", "golden", "double" },
      quick = { "1.5", "double" }, help = "names, factors" },
    { name = "block", default = { "copy", "auto" }, quick = { "copy", "auto" }, help = "auto or copy" },
    { name = "bytes", default = { 8 << 20 }, quick = { 4 << 20 }, unit = "bytes",
      help = "that the last block is to reach; 8 MiB at most" },
  },
  metrics = {
    { name = "growths", unit = "", exact = true },
    { name = "reused", unit = "", better = "more" },
    { name = "kept_address", unit = "", better = "more" },
    { name = "copied", unit = "elements", better = "less" },
    { name = "span", unit = "%", better = "less", main = true },
    { name = "while_growing", unit = "%", exact = true, better = "less" },
    { name = "unused_worst", unit = "%", exact = true, better = "less" },
  },
}

function reuse.check(parameters)
  for _, block in ipairs(parameters.block) do
    if block ~= "copy" and block ~= "auto" then
      error(("block = %s is unknown (auto or copy)"):format(block), 0)
    end
  end
  for _, bytes in ipairs(parameters.bytes) do
    if bytes < 1 << 16 or bytes > MOST_BYTES then
      error(("bytes = %.0f out of range (65536 to 8388608)"):format(bytes), 0)
    end
  end
end

function reuse.cases(parameters)
  return combinations(parameters, "bytes", "block", "policy")
end

function reuse.needed(case)
  return case.block == "copy" or case.policy == "double"
end

function reuse.touches(case)
  return 4 * case.bytes
end

local function address_of(pointer)
  return math.tointeger(tonumber(("%p"):format(pointer):match("%x+$"), 16))
end

--- What a list of blocks { first byte, bytes }, each freed when the next has been copied, says of the reuse of memory.
-- @return blocks that lie, in part or as a whole, where a freed one was; blocks at the address of the one before
function reuse.count(blocks)
  local reused, kept = 0, 0
  for k = 2, #blocks do
    local first, last = blocks[k][1], blocks[k][1] + blocks[k][2]
    if first == blocks[k - 1][1] then
      kept = kept + 1
    else
      for j = 1, k - 2 do
        if first < blocks[j][1] + blocks[j][2] and blocks[j][1] < last then
          reused = reused + 1
          break
        end
      end
    end
  end
  return reused, kept
end

-- The blocks of a growth. Until it has ended nothing else is allocated: not a string, not a table.
local function grow(case)
  local pointers, capacities = {}, {}
  for k = 1, MOST_GROWTHS do
    pointers[k], capacities[k] = false, 0
  end
  dynarray.collector { keep = 0 } -- no block of the library's own store
  dynarray.filled(MAPPED, 1, { type = "uint8", block = "copy" }):close()
  collectgarbage()
  collectgarbage "stop"
  local a <close> = arrays.new({ policy = case.policy, block = case.block }, { capacity = FIRST })
  local count = 0
  repeat
    count = count + 1
    pointers[count], capacities[count] = a:pointer(), a.capacity
    local enough = a.capacity * ELEMENT >= case.bytes or count == MOST_GROWTHS
    if not enough then
      probe.appends(a, a.capacity - #a + 1)
    end
  until enough
  collectgarbage "restart"
  local blocks = {}
  for k = 1, count do
    blocks[k] = { address_of(pointers[k]), capacities[k] * ELEMENT }
  end
  return blocks, a:stats()
end

function reuse.measure(case)
  arrays.need(reuse.touches(case))
  local blocks, stats = grow(case)
  local low, high, worst, both = math.huge, 0, 0, 0
  local series = { x = {}, y = {} }
  for k, block in ipairs(blocks) do
    low, high = math.min(low, block[1]), math.max(high, block[1] + block[2])
    if k > 1 then
      local before = blocks[k - 1][2]
      worst = math.max(worst, (block[2] - before - ELEMENT) / block[2])
      both = math.max(both, (block[2] + before) / before)
    end
  end
  for k, block in ipairs(blocks) do
    series.x[k], series.y[k] = block[2], block[1] - low
  end
  local reused, kept = reuse.count(blocks)
  local copies = case.block == "copy"
  return {
    growths = #blocks - 1, reused = reused, kept_address = kept, copied = stats.elements_copied,
    span = copies and (high - low) / blocks[#blocks][2] * 100 or nil, while_growing = copies and both * 100 or nil,
    unused_worst = worst * 100,
  }, { blocks = series }
end

local function has_fallen(lines)
  for _, line in ipairs(lines) do
    for i = 2, #line.y do
      if line.y[i] < line.y[i - 1] then
        return true
      end
    end
  end
  return false
end

-- With "auto" the block leaves the heap once, for pages that are terabytes away, and stays: no picture.
function reuse.plots(run)
  local lines = medians.of(run):series({ block = "copy" }, "blocks", function(case) return tostring(case.policy) end)
  return #lines > 0 and { {
    name = "reuse", title = "Where the next block lies, where blocks are copied", kind = "lines",
    x = { label = "size of the block", unit = "bytes", log = 2 },
    y = { label = "its address, above the lowest", unit = "bytes" }, lines = lines,
    read = "A point is a block: to the right they become larger, and the height is where the block lies in memory. "
      .. (has_fallen(lines) and "Where a line falls back, a block was put into the hole that older ones left."
      or "No line falls back: no block was put into a hole that older ones left."),
  } } or {}
end

-- The golden ratio in numbers: what is free, against what is wanted.
local EXAMPLE = "Java's ArrayList and std::vector of MSVC grow by 1.5. An example: blocks of 1, 1.5, "
  .. "2.25 and 3.38 are free, together 8.13, when a block of 5.06 is to become one of 7.59: it fits where they were. "
  .. "With 2, blocks of 1, 2, 4 and 8 are free, together 15, when one of 16 is to become 32, and so for ever."

-- Of how many growths the metric counts, for each policy: "6 of 21 growths with 1.5 and 0 of 12 growths with double".
-- Nil if no case has it.
local function share_of_growths(view, block, metric)
  local parts = {}
  for _, row in ipairs(view:where { block = block }) do
    local m = row.metrics
    parts[#parts + 1] = m[metric] and ("%s of %s growths with %s"):format(units.digits(m[metric].median),
      units.digits(m.growths.median), row.case.policy) or nil
  end
  return #parts > 0 and sentence.join(parts) or nil
end

-- What the argument says of doubling and of 1.5, or of the policies that there are.
local function copy_part(view)
  local reused = share_of_growths(view, "copy", "reused")
  return reused and ("A smaller factor leaves less room unused, and may get freed memory back: where blocks are "
    .. "copied, the next block lay where old ones had been in %s. That needs a factor below 1.618, the golden ratio: "
    .. "only then are the old blocks together ever as large as the next one."):format(reused)
end

-- The memory at the peak of a growth to so many elements, as a share of theirs.
local function peak_share(policy, size)
  return simulate.run(policy, size).peak_bytes / (size * ELEMENT) * 100
end

local FIRST_END, LAST_END, ENDS = 1000000, 1000000000, 300 -- sizes at which a growth may end, over many periods

local function mean_peak(policy)
  local sum, ends = 0, sampling.log_spaced(FIRST_END, LAST_END, ENDS)
  for _, size in ipairs(ends) do
    sum = sum + peak_share(policy, size)
  end
  return sum / #ends
end

-- The bound is for the worst end: what is it elsewhere, and where memory was measured?
local function peak_part(all)
  local size
  for _, run in ipairs(all and all.runs or {}) do
    for _, entry in ipairs(run.experiment == "memory" and run.cases or {}) do
      size = math.max(size or 0, math.tointeger(entry.case.size))
    end
  end
  local text = ("That is the worst size to end at. On average over all sizes it is %s with 1.5, %s with double"):format(
    units.number(mean_peak "1.5", "%"), units.number(mean_peak "double", "%"))
  if not size then
    return text .. "."
  end
  local half, double = peak_share("1.5", size), peak_share("double", size)
  return ("%s; at %s elements, the size of \"How much memory is unused\", %s and %s: there %s needs less."):format(text,
    units.digits(size), units.number(half, "%"), units.number(double, "%"), half < double and "1.5" or "double")
end

local function price_part(view, all)
  local low = view:where({ block = "copy", policy = "1.5" })[1]
  local high = view:where({ block = "copy", policy = "double" })[1]
  if not (low and high and low.metrics.while_growing and high.metrics.while_growing) then
    return nil
  end
  local function figure(row, metric)
    return units.number(row.metrics[metric].median, "%")
  end
  return ("During a growth the old and the new block together take up to %s of the elements' bytes with 1.5, %s with "
    .. "double. %s After a growth at most %s of the block is unused with 1.5, %s with double. The price: 1.5 grows %s "
    .. "times, double %s times. From the lowest to the highest address that a block had it is %s of the last block "
    .. "with 1.5, %s with double: with reuse it is less, where the last block found a hole."):format(
    figure(low, "while_growing"), figure(high, "while_growing"), peak_part(all), figure(low, "unused_worst"),
    figure(high, "unused_worst"), units.digits(low.metrics.growths.median), units.digits(high.metrics.growths.median),
    figure(low, "span"), figure(high, "span"))
end

local function auto_part(view)
  local kept = share_of_growths(view, "auto", "kept_address")
  return kept and ("With block \"auto\" little is left of the argument: the block kept its address in %s. It "
    .. "grows in place, or its pages move and leave no hole, so that only the unused room counts."):format(kept)
end

function reuse.answer(run, all)
  local view, more = medians.of(run), { EXAMPLE }
  more[#more + 1] = price_part(view, all)
  more[#more + 1] = auto_part(view) or nil
  local answer = copy_part(view)
  if not answer then
    return more[2] or "Nothing of it was measured."
  end
  return answer, table.concat(more, " ")
end

return reuse
