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
    read = "A point is a block: the further right the larger, and its height is where it lies in memory. "
      .. (has_fallen(lines) and "Where a line falls back, a block was put into the hole that older ones left."
      or "No line falls back: no block was put into a hole that older ones left."),
    notes = "Small blocks all lie near the bottom of this scale; the table counts them.",
  } } or {}
end

-- The golden ratio in numbers: what is free, against what is wanted.
local EXAMPLE = "Java's ArrayList and std::vector of Microsoft's C++ grow by 1.5. An example: blocks of 1, 1.5, 2.25 "
  .. "and 3.38 are free, together 8.13. The block of 5.06 grows to one of 7.59, which fits where they were. With 2, "
  .. "blocks of 1, 2, 4 and 8 are free, together 15, when one of 16 grows to 32: the free ones are always too small."

-- Of how many growths the metric counts, for each policy: "6 of 21 growths with 1.5 and 0 of 12 with double".
-- Nil if no case has it.
local function share_of_growths(view, block, metric)
  local parts = {}
  for _, row in ipairs(view:where { block = block }) do
    local m = row.metrics
    parts[#parts + 1] = m[metric] and ("%s of %s%s with %s"):format(units.digits(m[metric].median),
      units.digits(m.growths.median), #parts == 0 and " growths" or "", row.case.policy) or nil
  end
  return #parts > 0 and sentence.join(parts) or nil
end

-- At most so much of the block is unused after a growth, for 1.5 and double; nothing where one was not measured.
local function unused_part(view)
  local less, double = view:value({ policy = "1.5" }, "unused_worst"), view:value({ policy = "double" }, "unused_worst")
  return less and double and (" (at most %s of the block with 1.5, %s with double)"):format(units.number(less, "%"),
    units.number(double, "%")) or ""
end

-- What the argument says of doubling and of 1.5, or of the policies that there are.
local function copy_part(view)
  local reused = share_of_growths(view, "copy", "reused")
  return reused and ("A smaller factor leaves less room unused%s, and may get freed memory back: below 1.618, the "
    .. "golden ratio, the freed blocks together become as large as the next one. Here, where blocks are copied, the "
    .. "next block lay where old ones had been in %s."):format(unused_part(view), reused)
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

-- The size at which memory was measured, nil where it was not.
local function memory_size(all)
  local size
  for _, run in ipairs(all and all.runs or {}) do
    for _, entry in ipairs(run.experiment == "memory" and run.cases or {}) do
      size = math.max(size or 0, math.tointeger(entry.case.size))
    end
  end
  return size
end

--- The bound is for the worst size to end at: what is it elsewhere, and where memory was measured?
function reuse.more_tables(run, all)
  local view, size = medians.of(run), memory_size(all)
  local low = view:value({ block = "copy", policy = "1.5" }, "while_growing")
  local high = view:value({ block = "copy", policy = "double" }, "while_growing")
  if not (low and high) then
    return {}
  end
  local rows = { { "at the worst size", low, high },
    { "on average over all sizes", mean_peak "1.5", mean_peak "double" } }
  rows[3] = size and { ("at %s elements"):format(units.digits(size)), peak_share("1.5", size),
    peak_share("double", size) } or nil
  return { {
    title = "Old and new block together while the array grows, in % of its elements, if blocks are copied: room, "
      .. "whether it is in RAM or not",
    columns = { { name = "size" }, { name = "1.5", unit = "%" }, { name = "double", unit = "%" } }, rows = rows,
  } }
end

local function price_part(view)
  local low = view:where({ block = "copy", policy = "1.5" })[1]
  local high = view:where({ block = "copy", policy = "double" })[1]
  if not (low and high and low.metrics.span and high.metrics.span) then
    return nil
  end
  local function figure(row, metric, unit)
    return units.number(row.metrics[metric].median, unit)
  end
  local has_saved = low.metrics.span.median < high.metrics.span.median
  return ("The price: 1.5 grows %s times and copies %s elements, double %s times and %s. %s: from the lowest to the "
    .. "highest address of a block it is %s of the last block with 1.5, %s with double. How much both blocks "
    .. "of a growth take is in the table: which policy needs less depends on the size."):format(figure(low, "growths"),
    figure(low, "copied"), figure(high, "growths"), figure(high, "copied"), has_saved
    and "The array of 1.5 needed fewer addresses" or "Still the array of 1.5 did not need fewer addresses",
    figure(low, "span", "%"), figure(high, "span", "%"))
end

local function auto_part(view)
  local kept = share_of_growths(view, "auto", "kept_address")
  return kept and ("With block \"auto\" little is left of the argument: the block kept its address in %s. Whether it "
    .. "grows in place or its pages move, it leaves no hole."):format(kept)
end

function reuse.answer(run)
  local view, more = medians.of(run), { EXAMPLE }
  more[#more + 1] = price_part(view)
  more[#more + 1] = auto_part(view) or nil
  local answer = copy_part(view)
  if not answer then
    return more[2] or "Nothing of it was measured."
  end
  return answer, table.concat(more, "\n")
end

return reuse
