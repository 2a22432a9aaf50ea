--- Where the time of an append goes: a few constants of this machine, each measured by an instrument of its own. From
-- them dynarray.lab.model.cost predicts the time of every policy at every size. If `policies` was measured as well, the
-- predictions stand beside its times.
-- @module dynarray.lab.experiments.costs
local arrays = require "dynarray.lab.experiments.shared.arrays"
local constants_of = require "dynarray.lab.experiments.shared.constants"
local cost = require "dynarray.lab.model.cost"
local dynarray = require "dynarray"
local medians = require "dynarray.lab.report.medians"
local palette = require "dynarray.lab.plot.palette"
local policies = require "dynarray.lab.experiments.policies"
local results = require "dynarray.lab.run.results"
local sentence = require "dynarray.lab.report.sentence"
local statistics = require "dynarray.lab.statistics"
local units = require "dynarray.lab.base.units"

local probe = dynarray.probe

local KIB, MIB = 1 << 10, 1 << 20
local LARGE = 64 * MIB -- bytes: past all limits of the allocator, and past most caches
local FAR = 30         -- % of the measured time: a prediction that is off by more is shown as such
local ROUNDS = 5
local SHOWN = { "increment:1000", "cpython", "1.5", "double" }

local costs = {
  name = "costs",
  question = "Where does the time of an append go?",
  fresh = true,
  parameters = {
    { name = "policy", default = SHOWN, help = "of the predictions that are shown" },
  },
  metrics = {},
}

for i, constant in ipairs(cost.constants) do
  costs.metrics[i] = { name = constant.name, unit = constant.unit, better = "less" }
end

function costs.cases()
  return { {} }
end

function costs.touches()
  return 3 * LARGE
end

-- The median of what once() returns.
local function median_of(rounds, once)
  local list = {}
  for i = 1, rounds do
    list[i] = once()
  end
  return statistics.median(list)
end

-- ns for a KiB, to memory that was written before.
local function copying(bytes)
  local from <close> = dynarray.filled(bytes // 8, 1, "int64")
  local to <close> = dynarray.filled(bytes // 8, 2, "int64")
  local repeats = math.max(MIB // bytes, 1)
  return median_of(ROUNDS, function()
    local start = probe.clock()
    for _ = 1, repeats do
      to:copy_from(from)
    end
    return (probe.clock() - start) / repeats / (bytes / KIB)
  end)
end

-- ns for the first touch of each page of 4 KiB of a mapped block, of which so many bytes are written, and for giving
-- it back.
local function touching(bytes)
  local a = dynarray.new { type = "uint8", capacity = LARGE, block = "copy" }
  local t0 = probe.clock()
  a:resize(bytes)
  local t1 = probe.clock()
  a:fill(1)
  local t2 = probe.clock()
  a:close()
  local t3 = probe.clock()
  local pages = bytes / (4 * KIB)
  return math.max((t1 - t0) - (t2 - t1), 0) / pages, (t3 - t2) / pages
end

local NEAR_ROUNDS = 20

-- The same for few pages, again and again: the system gives those that have just come back.
local function touching_near()
  local first, back = {}, {}
  for i = 1, NEAR_ROUNDS do
    first[i], back[i] = touching(MIB)
  end
  return statistics.median(first), statistics.median(back)
end

-- The same in a block of pages that grows by appends, and gets its pages ahead. The system leaves what it gives in the
-- cache, so the stores are those to the cache.
local function touching_in_growth(page, store)
  local n, pages = LARGE // 8, LARGE / page
  local a = dynarray.new { type = "int64", capacity = 0 }
  local first, start = probe.appends(a, n), probe.clock()
  a:close()
  return math.max(first - n * store, 0) / pages, (probe.clock() - start) / pages
end

-- ns for mapping a block and giving the mapping back, none of it written.
local function mapping()
  local a <close> = dynarray.new { type = "uint8", capacity = 0, block = "copy" }
  local repeats = 20
  local function timed(capacity)
    local start = probe.clock()
    for _ = 1, repeats do
      a:reserve(capacity)
      a:shrink_to_fit()
    end
    return (probe.clock() - start) / repeats
  end
  return median_of(ROUNDS, function() return math.max(timed(LARGE) - timed(0), 0) end)
end

local STORED = 1 << 20 -- elements of 8 bytes: more are hardly ever stored without a first touch

local function storing_far()
  local a <close> = dynarray.new { type = "int64", capacity = STORED }
  probe.appends(a, STORED) -- the first touches
  return median_of(ROUNDS, function()
    a:clear()
    return probe.appends(a, STORED) / STORED
  end)
end

local SMALL_FROM, LARGE_FROM = 100, 10000 -- elements of a block that grows, and of one from 64 KiB on
local GROWN, GROWN_ROUNDS = 200, 50

-- ns of a growth in place, one an append.
local function growing(from, store)
  return math.max(median_of(GROWN_ROUNDS, function()
    local a <close> = dynarray.new { type = "int64", capacity = from, growth = "exact" }
    probe.appends(a, from)
    return probe.appends(a, GROWN) / GROWN
  end) - store, 0)
end

local CALLED = 1000 -- appends to an empty array that doubles, which end in a block of 8 KiB

-- ns of a growth to another block, without the copying: blocks of all sizes come and go, as they do in an array that
-- grows. Blocks of nearly the same size would find each other's room, which is quicker.
local function calling(store, copy_small)
  return math.max(median_of(GROWN_ROUNDS, function()
    local a <close> = dynarray.new { type = "int64", capacity = 0, growth = 2, block = "copy" }
    local ns, stats = probe.appends(a, CALLED), a:stats()
    return (ns - CALLED * store - stats.bytes_copied / KIB * copy_small) / stats.growths
  end), 0)
end

function costs.measure()
  arrays.need(costs.touches())
  dynarray.collector { keep = 0 } -- what is freed goes back to the system
  local c = { store = probe.overhead().append, store_far = storing_far(), mapping = mapping() }
  c.copy_small, c.copy_medium, c.copy_large, c.copy_huge = copying(64 * KIB), copying(MIB), copying(16 * MIB),
    copying(LARGE)
  c.growth, c.large_growth = growing(SMALL_FROM, c.store), growing(LARGE_FROM, c.store)
  c.call = calling(c.store, c.copy_small)
  c.small_page, c.small_page_back = touching(LARGE)
  c.near_page, c.near_page_back = touching_near()
  c.huge_page, c.huge_page_back = touching_in_growth(2 * MIB, c.store)
  return c
end

costs.constants = constants_of.of

--- The time that a case of `policies` takes, as that experiment measures it.
costs.predict = policies.by_model

local function most_samples(run)
  local most = 0
  for _, entry in ipairs(run.cases) do
    most = math.max(most, #entry.samples)
  end
  return most
end

-- The cases of `policies` with their predictions: a list of { case, measured (ns for an append, or nil), predicted }.
local function predictions(run, all)
  local constants, list = costs.constants(run), {}
  for _, other in ipairs(constants and all and all.runs or {}) do
    for _, entry in ipairs(other.experiment == "policies" and other.cases or {}) do
      if cost.blocks[entry.case.block] and entry.case.memory ~= "cold" then
        local enough = not entry.dropped and #entry.samples >= math.min(statistics.enough, most_samples(other))
        list[#list + 1] = {
          case = entry.case, is_few = not enough and #entry.samples > 0,
          measured = enough and results.value(other, entry.case, "ns_per_append") or nil,
          predicted = costs.predict(constants, entry.case),
        }
      end
    end
  end
  return palette.ordered(list, function(one) return one.case.policy end)
end

-- By how many % of the measured time a prediction is off, as the table shows it; nil where nothing was measured.
local function off_by(one)
  return one.measured and math.floor((one.predicted.total / one.case.size / one.measured - 1) * 100 + 0.5)
end

local function is_far(one)
  local off = off_by(one)
  return off and math.abs(off) > FAR
end

local SHORT = 10000 -- appends: a growth of microseconds

-- Why a prediction may be far off: what the model leaves out, by what most of the predicted time is, and by whether the
-- measured time is longer than the predicted one or shorter. What is written once holds for both.
local WHY = {
  { name = "short", label = "few appends",
    longer = "there a growth is too short to be a sum of its parts" },
  { name = "storing", label = "storing", longer = "the block was in no cache",
    shorter = "the block stayed in a cache" },
  { name = "copying", label = "copying",
    longer = "the model counts on malloc to keep freed blocks; if it gives them back, their pages are touched anew",
    shorter = "both blocks fit into a cache" },
  { name = "touching", label = "first touches",
    longer = "for them the system needs more time at one moment than at another" },
  { name = "allocating", label = "allocator", longer = "its work depends on what lies behind the block" },
}

local function why_far(one)
  local name = one.case.size <= SHORT and "short" or costs.largest_part(one.predicted).name
  for _, why in ipairs(WHY) do
    if why.name == name then
      return why
    end
  end
end

local function constants_table(run)
  local view, rows = medians.of(run), {}
  for i, constant in ipairs(cost.constants) do
    rows[i] = { constant.what, units.number(view:value({}, constant.name), constant.unit) }
  end
  return {
    title = "What things cost on this machine", columns = { { name = "what" }, { name = "time" } }, rows = rows,
  }
end

local function predictions_table(list)
  local rows = {}
  for i, one in ipairs(list) do
    local p, n = one.predicted, one.case.size
    local row = { tostring(one.case.policy), one.case.block, units.digits(n), units.number(one.measured, "ns"),
      units.number(p.total / n, "ns") }
    row[6] = one.measured and ("%+d%%"):format(off_by(one)) or one.is_few and "too few samples" or "not measured"
    for _, part in ipairs(cost.parts) do
      row[#row + 1] = ("%.0f"):format(p[part.name] / p.total * 100)
    end
    row[#row + 1] = is_far(one) and ("more than %d%% off (%s)"):format(FAR, why_far(one).label) or ""
    rows[i] = row
  end
  local columns = { { name = "policy" }, { name = "block" }, { name = "size" }, { name = "measured" },
    { name = "predicted" }, { name = "off by" } }
  for _, part in ipairs(cost.parts) do
    columns[#columns + 1] = { name = part.label, unit = "%" }
  end
  columns[#columns + 1] = { name = "" }
  return {
    title = "An append, measured and predicted, and where the predicted time goes", columns = columns, rows = rows,
  }
end

function costs.tables(run, all)
  local list = predictions(run, all)
  return { constants_table(run), #list > 0 and predictions_table(list) or nil }
end

local SHOWN_SIZE = 10000000
local IN_A_KIB = KIB / 8 -- elements

-- Those asked for, in the order of all pictures. Results of older versions do not tell them.
local function shown_policies(run)
  return palette.ordered(run.parameters.policy or SHOWN, tostring)
end

-- As the table has it, so that picture, table and answer agree.
local function shown(constants, policy, block)
  return costs.predict(constants, { policy = policy, block = block, type = "int64", size = SHOWN_SIZE })
end

-- Where the time goes, policy by policy.
function costs.plots(run)
  local constants, plots = costs.constants(run), {}
  if not constants then
    return {}
  end
  for _, block in ipairs { "copy", "auto" } do
    local lines = {}
    for i, part in ipairs(cost.parts) do
      lines[i] = { label = part.label, x = {}, y = {} }
      for k, policy in ipairs(shown_policies(run)) do
        local p = shown(constants, policy, block)
        lines[i].x[k], lines[i].y[k] = tostring(policy), p[part.name] / SHOWN_SIZE
      end
    end
    plots[#plots + 1] = {
      name = "costs-" .. block, kind = "bars", x = { label = "" }, lines = lines,
      title = ("Where the time of an append goes, of %s, block %q (predicted)"):format(units.digits(SHOWN_SIZE), block),
      y = { label = "an append", unit = "ns", log = block == "copy" and 10 or nil },
      read = block == "copy" and "For each policy four bars: what storing, copying, first touches and the allocator "
        .. "take of an append, added up from the constants in the table below. The scale goes by factors, so compare "
        .. "the numbers, not the lengths." or "The same where blocks grow without being copied. Here twice as long a "
        .. "bar is twice the time.",
    }
  end
  return plots
end

--- The largest part of a predicted time: that of `cost.parts`, and its share.
function costs.largest_part(predicted)
  local most
  for _, part in ipairs(cost.parts) do
    if not most or predicted[part.name] > predicted[most.name] then
      most = part
    end
  end
  return most, predicted[most.name] / predicted.total
end

-- How the predictions agree with what was measured, and why some do not; nil where nothing was.
local function agreement(list)
  local measured, near, far = 0, 0, {}
  for _, one in ipairs(list) do
    measured = measured + (one.measured and 1 or 0)
    if is_far(one) then
      local why, side = why_far(one), off_by(one) < 0 and "longer" or "shorter"
      far[why] = far[why] or { longer = 0, shorter = 0 }
      far[why][side] = far[why][side] + 1
    elseif one.measured then
      near = near + 1
    end
  end
  if measured == 0 then
    return nil
  end
  local reasons = {}
  for _, why in ipairs(WHY) do
    for _, side in ipairs { "longer", "shorter" } do
      local count = far[why] and far[why][side] or 0
      reasons[#reasons + 1] = count > 0 and ("%d took %s than predicted (%s: %s)"):format(count,
        side == "shorter" and "less time" or side, why.label, why[side] or why.longer) or nil
    end
  end
  return ("Of %d measured times, %d differ from what these constants predict by at most %d%%.%s"):format(measured, near,
    FAR, #reasons > 0 and " Of the others (marked in the table) " .. sentence.join(reasons) .. "." or "")
end

-- The policy that the answer tells of: doubling, or what is nearest to it among those asked for.
local function told_policy(run)
  local list = shown_policies(run)
  for _, policy in ipairs(list) do
    if policy == "double" then
      return policy
    end
  end
  return list[#list]
end

function costs.answer(run, all)
  local constants = costs.constants(run)
  if not constants then
    return "This system does not tell all that is needed."
  end
  local policy = told_policy(run)
  local copy, auto = shown(constants, policy, "copy"), shown(constants, policy, "auto")
  local part, share = costs.largest_part(copy)
  local auto_part, auto_share = costs.largest_part(auto)
  local least, most = math.huge, 0
  for _, name in ipairs { "copy_small", "copy_medium", "copy_large", "copy_huge" } do
    least, most = math.min(least, constants[name]), math.max(most, constants[name])
  end
  local answer = ("Predicted from what things cost here, %.0f%% of the time of %s appends with %s is %s where blocks "
    .. "are copied; where they are not copied, %.0f%% is %s. Storing an element takes %s and copying one %s to %s, the "
    .. "more the larger the block, but the first touch of a page of 4 KiB (512 elements) takes %s."):format(
    share * 100, units.digits(SHOWN_SIZE), policy, part.label, auto_share * 100, auto_part.label,
    units.number(constants.store, "ns"),
    units.number(least / IN_A_KIB, "ns"), units.number(most / IN_A_KIB, "ns"), units.number(constants.small_page, "ns"))
  return answer, agreement(predictions(run, all))
end

--- What n appends with a policy take, in sentences.
-- @param constants of `costs.constants`
-- @param case { policy, size, block, type }
-- @return text, and a table of the parts
function costs.explain(constants, case)
  local size = arrays.element_size(case.type)
  local p = cost.predict(constants, case.policy, case.size, { block = case.block, element_size = size })
  local largest, share = costs.largest_part(p)
  local told = ("%s appends with %s, block %q: %s, %s each. Most of it, %.0f%%, is %s: %s growths"):format(
    units.digits(case.size), case.policy, case.block, units.duration(p.total), units.number(p.total / case.size, "ns"),
    share * 100, largest.label, units.digits(p.growths))
  if case.block == "copy" then
    told = told .. (" copy %s, %s elements for each append"):format(units.number(p.copied_bytes, "bytes"),
      units.digits(p.copied_bytes / size / case.size))
  end
  local rows = {}
  for i, part in ipairs(cost.parts) do
    rows[i] = { part.label, units.duration(p[part.name]), ("%.1f"):format(p[part.name] / p.total * 100) }
  end
  return told .. ".", {
    columns = { { name = "where it goes" }, { name = "time" }, { name = "share", unit = "%" } }, rows = rows,
  }
end

return costs
