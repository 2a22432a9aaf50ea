--- Every growth policy at every size: what the formula predicts, and what the real array does.
--
-- Predicted is the article's way, allocate + copy + free, by dynarray.lab.model.simulate. With `block = "copy"` the
-- array does just that. With "auto" it copies less than predicted, since blocks also grow in place and pages move
-- without being touched: that difference is the point, and is shown as one.
local arrays = require "dynarray.lab.experiments.shared.arrays"
local combinations = require "dynarray.lab.experiments.shared.combinations"
local constants_of = require "dynarray.lab.experiments.shared.constants"
local cost = require "dynarray.lab.model.cost"
local dynarray = require "dynarray"
local medians = require "dynarray.lab.report.medians"
local memory_state = require "dynarray.lab.experiments.shared.memory_state"
local palette = require "dynarray.lab.plot.palette"
local race = require "dynarray.lab.statistics.race"
local results = require "dynarray.lab.run.results"
local sampling = require "dynarray.lab.experiments.shared.sampling"
local sentence = require "dynarray.lab.report.sentence"
local simulate = require "dynarray.lab.model.simulate"
local statistics = require "dynarray.lab.statistics"
local structures = require "dynarray.lab.model.structures"
local units = require "dynarray.lab.base.units"

local probe = dynarray.probe

local MOST_COPIED = 2 ^ 32      -- bytes of a case that is measured: a second of copying, or two
local MOST_GROWTHS = 2e6        -- likewise
local LONG_COPIED, LONG_GROWTHS = 2 ^ 29, 1e5 -- what takes longer than most cases
local OBSERVED_WHILE_TIMED = 1000 -- growths that may be watched without showing in the time
local LONG_NS = 1e8             -- a growth that takes as long is timed while it is watched, and once
local TIME_MARGIN = 0.05        -- over the best time: what is certainly slower is measured no more than it must be
local SIMULATED = { 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12 }

-- Where a block may grow in place or move, what is copied depends on what lies behind it.
local MAY_MOVE = { block = "auto" }

local names = table.move(simulate.policies, 1, #simulate.policies, 1, {})
table.move({ 1.125, 1.25, 3, "increment:1000" }, 1, 4, #names + 1, names)

local policies = {
  name = "policies",
  question = "Why does an array double, why not make room for 10 or 1000 more? What does each policy "
    .. "(rule of growing) cost?",
  fresh = true,
  parameters = {
    { name = "policy", default = { "exact", "increment:1000", "cpython", "1.5", "golden", "double" }, all = names,
      quick = { "double", "1.5", "exact" }, help = "names, factors, increment:N" },
    { name = "block", default = { "copy", "auto" }, quick = { "copy", "auto" }, help = "auto, copy or stable" },
    { name = "type", default = { "int64" }, quick = { "int64" }, help = "element type" },
    { name = "size", default = { 1e3, 1e4, 1e5, 1e6 }, all = { 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8 },
      quick = { 1e2, 1e4 }, help = "appends" },
    memory_state,
  },
  metrics = {
    { name = "ns_per_append", unit = "ns", better = "less" },
    { name = "growths", unit = "", exact = true, better = "less" },
    { name = "growths_predicted", unit = "", exact = true, predicts = "growths" },
    { name = "copied_per_append", unit = "elements", exact = true, unless = MAY_MOVE, better = "less" },
    { name = "copied_per_append_predicted", unit = "elements", exact = true, predicts = "copied_per_append" },
    { name = "moves", unit = "", exact = true, unless = MAY_MOVE },
    { name = "in_place", unit = "", exact = true, unless = MAY_MOVE },
    { name = "unused_average", unit = "%", exact = true, better = "less" },
    { name = "unused_average_predicted", unit = "%", exact = true, predicts = "unused_average" },
    { name = "unused_worst", unit = "%", exact = true, better = "less" },
    { name = "unused_worst_predicted", unit = "%", exact = true, predicts = "unused_worst" },
    { name = "peak_bytes", unit = "bytes", exact = true, unless = MAY_MOVE, better = "less" },
    { name = "peak_bytes_predicted", unit = "bytes", exact = true, predicts = "peak_bytes" },
  },
}

local function predict(case)
  return simulate.run(case.policy, case.size, { element_size = arrays.element_size(case.type) })
end

-- What takes long comes after what does not, and the largest size last: where there is no time, it is dropped first.
function policies.cases(parameters)
  local most = math.max(table.unpack(parameters.size))
  local parts = { {}, {}, {}, {} }
  for _, case in ipairs(combinations(parameters, "size", "policy", "block", "type", "memory")) do
    local predicted = predict(case)
    local copies = case.block == "copy" and predicted.copied * arrays.element_size(case.type) > LONG_COPIED
    local is_long = copies or predicted.growths > LONG_GROWTHS
    table.insert(parts[(case.size == most and 3 or 1) + (is_long and 1 or 0)], case)
  end
  local list = {}
  for _, part in ipairs(parts) do
    table.move(part, 1, #part, #list + 1, list)
  end
  return list
end

-- What tells a fixed step from a factor, and whether that counts with the block that one gets without asking.
function policies.needed(case)
  return case.size <= 1e6 and (case.policy == "increment:1000" or case.policy == "double")
end

-- Why a case is simulated only; nil if it can be measured.
local function reason(case, predicted)
  local bytes = predicted.copied * arrays.element_size(case.type)
  if case.block == "copy" and bytes > MOST_COPIED then
    return ("copies %s, measured up to %s"):format(units.number(bytes, "bytes"), units.number(MOST_COPIED, "bytes"))
  elseif predicted.growths > MOST_GROWTHS then
    return ("%s growths, measured up to %s"):format(units.digits(predicted.growths), units.digits(MOST_GROWTHS))
  end
  return arrays.too_large(predicted.peak_bytes)
end

function policies.once(case)
  return reason(case, predict(case)) ~= nil
end

function policies.touches(case)
  return policies.once(case) and 0 or predict(case).peak_bytes
end

-- One growth from empty; returns ns, the array's figures and the sums of its capacities.
local function grow(case, observed)
  local tally = observed and simulate.tally(case.size, arrays.element_size(case.type)) or nil
  local a <close> = arrays.new(case, {
    on_grow = tally and function(event) tally:grow(event.new_capacity) end or nil,
  })
  if tally then
    tally:begin(a.capacity)
  end
  local ns = probe.appends(a, case.size)
  return ns, a:stats(), tally and tally:figures()
end

--- Whether a growth that takes so long is timed again, often if it is short, else once: the process then has grown such
-- an array before.
function policies.is_repeated(ns, growths)
  return ns < LONG_NS or growths > OBSERVED_WHILE_TIMED
end

function policies.measure(case)
  local predicted = predict(case)
  local metrics = {
    growths_predicted = predicted.growths, copied_per_append_predicted = predicted.copied_per_append,
    unused_average_predicted = predicted.unused_average * 100, unused_worst_predicted = predicted.unused_worst * 100,
    peak_bytes_predicted = predicted.peak_bytes,
  }
  if reason(case, predicted) then
    return metrics
  end
  local ns, counts, sums = grow(case, true)
  if policies.is_repeated(ns, predicted.growths) then
    local once = function() return (grow(case, false)) end
    ns = ns < LONG_NS and sampling.repeated(once) or once()
  end
  metrics.ns_per_append = ns / case.size
  metrics.growths, metrics.moves, metrics.in_place = counts.growths, counts.moves, counts.in_place
  metrics.copied_per_append = counts.elements_copied / case.size
  metrics.unused_average, metrics.unused_worst = sums.unused_average * 100, sums.unused_worst * 100
  metrics.peak_bytes = counts.peak_bytes
  return metrics
end

local function simulated_plots(run)
  local copies, unused = {}, {}
  for _, policy in ipairs(run.parameters.policy) do
    local copied, worst = { label = tostring(policy), x = {}, y = {} }, { label = tostring(policy), x = {}, y = {} }
    for i, n in ipairs(SIMULATED) do
      local f = simulate.run(policy, math.tointeger(n))
      copied.x[i], copied.y[i] = n, f.copied_per_append
      worst.x[i], worst.y[i] = n, f.unused_worst * 100
    end
    copies[#copies + 1] = copied
    if worst.y[#SIMULATED] > 0 then
      unused[#unused + 1] = worst
    end
  end
  for _, model in ipairs(structures.list) do
    local share = { label = model.name .. " (model)", x = {}, y = {} }
    local copied = { label = share.label, x = {}, y = {} }
    for i, n in ipairs(SIMULATED) do
      local f = model.at(n)
      share.x[i], share.y[i] = n, model.worst(n) * 100
      copied.x[i], copied.y[i] = n, f.copied_per_append
    end
    unused[#unused + 1] = share
    if copied.y[#SIMULATED] > 0 then
      copies[#copies + 1] = copied
    end
  end
  local x = { label = "elements", log = 10 }
  return {
    name = "policies-simulated-copies", title = "Elements copied per append, simulated to 1e12", kind = "lines",
    x = x, y = { label = "copied per append", log = 10 }, lines = copies,
    read = "Nothing is measured here: these are the formulas, followed to sizes that no machine has. Lines "
      .. "marked (model) are structures of the literature that do not keep their elements side by side.",
  }, {
    name = "policies-simulated-unused", title = "Unused room, simulated to 1e12: the worst in the last tenfold",
    kind = "lines", x = x, y = { label = "unused", unit = "%", log = 10 }, lines = unused,
    read = "A factor leaves the same share unused at every size; a fixed step leaves the same room, which is an ever "
      .. "smaller share.",
  }
end

-- A logarithmic scale has no place for them.
local function without_zeros(lines)
  local shown = {}
  for _, line in ipairs(lines) do
    local copy = { label = line.label, x = {}, y = {} }
    for i, y in ipairs(line.y) do
      if y > 0 then
        table.insert(copy.x, line.x[i])
        table.insert(copy.y, y)
      end
    end
    shown[#shown + 1] = #copy.y > 0 and copy or nil
  end
  return shown
end

-- The blocks, types and states of memory of the run: visit(match, words, name). Words and name tell the type and the
-- state where there are several.
local function each_kind(view, visit)
  local types, states = view:values("type"), view:values("memory")
  local keys = { "type", "block" }
  if #states > 0 then -- older results do not tell it
    table.insert(keys, 1, "memory")
  end
  local lists = { memory = states, type = types, block = view:values("block") }
  for _, match in ipairs(combinations(lists, table.unpack(keys))) do
    local words, name = ("block %q"):format(match.block), match.block
    for _, more in ipairs { #types > 1 and match.type or false, #states > 1 and match.memory or false } do
      if more then
        words, name = words .. ", " .. more, name .. "-" .. more
      end
    end
    visit(match, words, name)
  end
end

-- Policies are ranked at each size: those that are certainly slower than the best leave their time to the others.
policies.race = {
  least = statistics.enough,
  losers = function(entries)
    local groups, losers = {}, {}
    for _, entry in ipairs(entries) do
      local c = entry.case
      local key = ("%s %s %s %s"):format(c.size, c.block, c.type, c.memory)
      groups[key] = groups[key] or {}
      table.insert(groups[key], entry)
    end
    for _, group in pairs(groups) do
      local standing = race.standing(results.by_round(group, "ns_per_append"), TIME_MARGIN)
      for k, entry in ipairs(group) do
        losers[entry] = standing[k] == "worse" or nil
      end
    end
    return losers
  end,
}

local TIME_READ = "A level line means that an append costs the same in a small array (left) and in a large one "
  .. "(right), a rising one that it costs the more, the larger the array is; both scales go by factors of ten. A shade "
  .. "around a line tells where the true time lies, with 95% certainty."
local TOUCH_NOTE = "Policy %s copies no more in a large array, and rises all the same: the pages of a large block are "
  .. "new to the process, and the first touch of each takes time (see \"Where does the time of an append go?\")."
local DIP_NOTE = "Where %s dips, malloc kept the blocks that were freed, so that the next ones needed no first touch."
local COPIES_READ = {
  copy = "Copies are counted, not timed, so they are the same on every machine. With a fixed step such as "
    .. "increment:1000 they rise in proportion to the size; with a factor they stay below one number.",
  auto = "Only small blocks are copied here, and large ones grow in place or the system moves their pages: so the "
    .. "larger the array, the fewer copies for each append. Another system or allocator may have to copy more.",
  stable = "A growth in reserved room copies nothing.",
}
local RISES = 1.5 -- times as long for an append of the largest array as of the smallest: that is seen
local DIPS_FROM, DIPS_TO = 1.2, 2 -- times as long for the size before, and for the size behind

local function has_dip(line)
  for i = 2, #line.y - 1 do
    if line.y[i - 1] > DIPS_FROM * line.y[i] and line.y[i + 1] > DIPS_TO * line.y[i] then
      return true
    end
  end
  return false
end

-- Explains a factor that should be level and is not; nil if there is none.
local function time_notes(times, block)
  local notes, dips = {}, {}
  for _, line in ipairs(times) do
    if line.label:match "^%w+" == "double" and line.y[#line.y] > RISES * line.y[1] then
      notes[#notes + 1] = TOUCH_NOTE:format(line.label)
    end
    -- a fixed step never lets malloc keep as much as it needs next
    if block == "copy" and not simulate.step(line.label) and has_dip(line) then
      dips[#dips + 1] = line.label
    end
  end
  notes[#notes + 1] = #dips > 0 and DIP_NOTE:format(sentence.join(dips)) or nil
  return #notes > 0 and table.concat(notes, " ") or nil
end

function policies.plots(run)
  local view = medians.of(run)
  local plots = {}
  each_kind(view, function(kind, words, name)
    local times, copies = {}, {}
    for _, policy in ipairs(view:values("policy")) do
      local match = { policy = policy, block = kind.block, type = kind.type, memory = kind.memory }
      times[#times + 1] = view:line(tostring(policy), match, "size", "ns_per_append")
      copies[#copies + 1] = view:line(tostring(policy), match, "size", "copied_per_append")
    end
    plots[#plots + 1] = {
      name = "policies-time-" .. name, title = "Time of an append, " .. words, kind = "lines",
      x = { label = "elements", log = 10 }, y = { label = "per append", unit = "ns", log = 10 }, lines = times,
      read = TIME_READ, notes = time_notes(times, kind.block),
    }
    plots[#plots + 1] = {
      name = "policies-copies-" .. name, title = "Elements copied per append, " .. words, kind = "lines",
      x = { label = "elements", log = 10 }, y = { label = "copied per append", log = 10 },
      lines = without_zeros(copies), read = COPIES_READ[kind.block], open = #plots == 1,
    }
  end)
  plots[#plots + 1], plots[#plots + 2] = simulated_plots(run)
  return plots
end

local function difference(measured, predicted)
  if not measured then
    return "not measured"
  elseif measured == predicted then
    return "as predicted"
  elseif predicted == 0 then
    return ("%+.3g"):format(measured)
  end
  return ("%+.1f%%"):format((measured / predicted - 1) * 100)
end

-- Why a row has no time, or one that nothing is concluded from.
local function remark(row)
  local time = row.metrics.ns_per_append
  if not time then
    return reason(row.case, predict(row.case)) or ""
  end
  return time.n < statistics.enough and "too few samples" or ""
end

-- Columns of what was measured, what the formula says, and the difference: the first alone if all is as predicted.
local function add_compared(columns, rows, name, unit, list)
  local differs = false
  for _, pair in ipairs(list) do
    differs = differs or pair[1] and pair[1] ~= pair[2]
  end
  columns[#columns + 1] = { name = name, unit = unit }
  if differs then
    columns[#columns + 1] = { name = name .. " if all is copied", unit = unit }
    columns[#columns + 1] = { name = "difference" }
  end
  for i, pair in ipairs(list) do
    table.insert(rows[i], pair[1] or pair[2])
    if differs then
      table.insert(rows[i], pair[2])
      table.insert(rows[i], difference(pair[1], pair[2]))
    end
  end
end

local function measured_table(view, size, kind, words)
  local found = view:where { size = size, block = kind.block, type = kind.type, memory = kind.memory }
  local rows, copied, peaks = {}, {}, {}
  local function value(row, metric)
    return row.metrics[metric] and row.metrics[metric].median
  end
  local function add(columns, list, metric, other)
    columns[#columns + 1] = list
    for i, row in ipairs(found) do
      table.insert(rows[i], value(row, metric) or other and value(row, other) or "")
    end
  end
  for i, row in ipairs(found) do
    rows[i] = { tostring(row.case.policy) }
    copied[i] = { value(row, "copied_per_append"), value(row, "copied_per_append_predicted") }
    peaks[i] = { value(row, "peak_bytes"), value(row, "peak_bytes_predicted") }
  end
  local columns = { { name = "policy" } }
  add(columns, { name = "append", unit = "ns" }, "ns_per_append")
  add(columns, { name = "growths" }, "growths", "growths_predicted")
  add_compared(columns, rows, "copied per append", nil, copied)
  add(columns, { name = "moved" }, "moves")
  add(columns, { name = "in place" }, "in_place")
  add(columns, { name = "unused, average", unit = "%" }, "unused_average", "unused_average_predicted")
  add(columns, { name = "unused, worst", unit = "%" }, "unused_worst", "unused_worst_predicted")
  add_compared(columns, rows, "peak", "bytes", peaks)
  columns[#columns + 1] = { name = "remark" }
  for i, row in ipairs(found) do
    table.insert(rows[i], remark(row))
  end
  return { title = ("%s appends, %s"):format(units.digits(size), words), columns = columns, rows = rows }
end

local function models_table(n, asked)
  local rows = {}
  for _, policy in ipairs(palette.ordered(asked, tostring)) do
    local f = simulate.run(policy, math.tointeger(n))
    rows[#rows + 1] = {
      tostring(policy), "simulated", f.unused * 100, f.unused_worst * 100, f.copied_per_append,
      f.peak_bytes / 8 / n * 100 - 100, 1,
    }
  end
  for _, model in ipairs(structures.list) do
    local f = model.at(n)
    rows[#rows + 1] = {
      model.name, "model, " .. model.source, f.unused * 100, model.worst(n) * 100, f.copied_per_append,
      (f.extra + f.temporary * n) / n * 100, f.reads_per_access,
    }
  end
  return {
    title = ("At %s elements, not measured"):format(units.digits(n)),
    columns = {
      { name = "structure" }, { name = "figures" }, { name = "unused", unit = "%" },
      { name = "unused, worst", unit = "%" }, { name = "copied per append" },
      { name = "more room while it grows", unit = "%" }, { name = "reads to get an element" },
    },
    rows = rows,
  }
end

function policies.tables(run)
  local view = medians.of(run)
  local tables = {}
  local sizes = view:values("size")
  table.sort(sizes, function(x, y) return x > y end)
  for _, size in ipairs(sizes) do
    each_kind(view, function(kind, words)
      tables[#tables + 1] = measured_table(view, size, kind, words)
    end)
  end
  tables[#tables + 1] = models_table(SIMULATED[#SIMULATED], run.parameters.policy)
  return tables
end

local ABOUT_THE_SAME = 2 -- times the fastest: from one run to the next, the order within that may change

-- The largest size at which half of the policies or more were measured with that block.
local function measured_size(view, block)
  local found
  for _, size in ipairs(view:values("size")) do
    local rows, measured = view:where { block = block, size = size, type = view:values("type")[1] }, 0
    for _, row in ipairs(rows) do
      measured = measured + (row.metrics.ns_per_append and 1 or 0)
    end
    if measured * 2 >= #rows and measured > 0 then
      found = math.max(found or 0, size)
    end
  end
  return found
end

-- What each growth adds, where that is a fixed number of elements: 1000 of "increment:1000"; nil for a factor.
local function fixed_step(policy)
  return policy == "exact" and 1 or tonumber(tostring(policy):match("^increment:(%d+)$"))
end

-- Rows that tell a fixed step from a factor: the one with the largest step, and doubling, else the fastest factor, at
-- the largest size at which both were measured; nil where there are none.
local function step_against_factor(view, block)
  local type_, found = view:values("type")[1], nil
  for _, size in ipairs(view:values("size")) do
    local steps, factor
    for _, row in ipairs(view:where { block = block, size = size, type = type_ }) do
      local ns, step = row.metrics.ns_per_append, fixed_step(row.case.policy)
      if ns and step then
        steps = (not steps or step > fixed_step(steps.case.policy)) and row or steps
      elseif ns and not (factor and factor.case.policy == "double") then
        local better = not factor or row.case.policy == "double" or ns.median < factor.metrics.ns_per_append.median
        factor = better and row or factor
      end
    end
    if steps and factor and (not found or size > found.size) then
      found = { size = size, steps = steps, factor = factor }
    end
  end
  return found
end

local ASKED = 10 -- the other step of the question
local FEW = 1    -- copies for each append: less is next to nothing

-- Why a fixed step is slow where each growth copies: by the formula, and as it was measured.
local function why_a_factor(found)
  local function figure(row, metric)
    return row.metrics[metric].median
  end
  local step = fixed_step(found.steps.case.policy)
  local slow, quick = figure(found.steps, "ns_per_append"), figure(found.factor, "ns_per_append")
  local policy = found.factor.case.policy
  local is_double = policy == "double"
  local smaller = step > ASKED
    and (" (room for %d more: %s times as many)"):format(ASKED, units.rough(step / ASKED)) or ""
  return ("If each growth copies all elements (block \"copy\", as the arrays of most languages do), room for %s more "
    .. "each time makes about n^2/%s copies on the way to n elements%s; %s. At %s elements that is %s copies for each "
    .. "append against %s, and an append, done in C, takes %s against %s: about %s times as long."):format(
    units.digits(step), units.digits(2 * step), smaller,
    is_double and "doubling makes fewer than 2 n, since 1 + 2 + 4 + ... + n is less than 2 n"
    or ("the factor %s makes about the same number for each append"):format(policy), units.digits(found.size),
    units.digits(figure(found.steps, "copied_per_append")), units.digits(figure(found.factor, "copied_per_append")),
    units.number(slow, "ns"), units.number(quick, "ns"), units.rough(slow / quick))
end

-- What is left of it with the block that one gets without asking; nil if that was not measured.
local function auto_part(view, found)
  local match = { block = "auto", size = found.size, policy = found.steps.case.policy, type = found.steps.case.type }
  local ns, copies = view:value(match, "ns_per_append"), view:value(match, "copied_per_append")
  match.policy = found.factor.case.policy
  local other = view:value(match, "ns_per_append")
  if not (ns and copies and copies < FEW) then
    return nil
  end
  return ("With block \"auto\", which you get without asking, growths copy next to nothing here (%s elements for each "
    .. "append), so the same step takes only %s%s. That holds only where a block can grow without being copied.")
    :format(units.digits(copies), units.number(ns, "ns"),
      other and (", and %s %s"):format(match.policy, units.number(other, "ns")) or "")
end

local FAR_OFF = 30    -- % of the measured time, as in `costs`
local WHY_OFF = ": far off, for reasons that \"Where does the time of an append go?\" tells"
local FAR = 100000000 -- elements: more than a fixed step reaches in the time of a run

--- The time that a case takes by a machine's constants, as `measure` takes it: short growths often in one process.
function policies.by_model(constants, case)
  local options = { block = case.block, element_size = arrays.element_size(case.type) }
  local first = cost.predict(constants, case.policy, case.size, options)
  options.again = not policies.once(case) and policies.is_repeated(first.total, first.growths)
  return options.again and cost.predict(constants, case.policy, case.size, options) or first
end

-- What nobody waits for, as the constants of this machine predict it, and how far they are off at the size that was
-- measured; nil if they were not measured.
local function far_part(found, all)
  local constants = constants_of.among(all)
  if not constants then
    return nil
  end
  local function predicted(row)
    return cost.predict(constants, row.case.policy, FAR, { block = "copy" })
  end
  local function off(row)
    local ns = policies.by_model(constants, row.case).total / row.case.size
    local measured = row.metrics.ns_per_append.median
    local percent = (ns / measured - 1) * 100
    return ("%s predicted and %s measured with %s (%+.0f%%%s)"):format(units.number(ns, "ns"),
      units.number(measured, "ns"), row.case.policy, percent, math.abs(percent) > FAR_OFF and WHY_OFF or "")
  end
  local steps, factor = predicted(found.steps), predicted(found.factor)
  return ("%s appends would take %s with %s and %s with %s. That is predicted, not run; of the %s, %.0f%% is copying, "
    .. "and %.0f%% the first touch of the pages of each new block. How far to trust that: at %s elements an append "
    .. "takes %s, %s."):format(units.digits(FAR), units.duration(steps.total), found.steps.case.policy,
    units.duration(factor.total), found.factor.case.policy, units.duration(steps.total),
    steps.copying / steps.total * 100, steps.touching / steps.total * 100, units.digits(found.size), off(found.steps),
    off(found.factor))
end

-- The policies that are about as fast as the fastest, and the others: lists of { policy, ns }.
local function grouped(view, match, fastest_ns)
  local near, far = {}, {}
  for _, row in ipairs(view:where(match)) do
    local ns = row.metrics.ns_per_append and row.metrics.ns_per_append.median
    table.insert(ns and ns > fastest_ns * ABOUT_THE_SAME and far or near, ns and { row.case.policy, ns } or nil)
  end
  return near, far
end

local function with_times(list)
  local words = {}
  for i, one in ipairs(list) do
    words[i] = ("%s with %s"):format(units.number(one[2], "ns"), one[1])
  end
  return sentence.join(words)
end

-- What the policies come to with that block, at the largest size where half of them were measured.
local function block_part(view, block)
  local size = measured_size(view, block)
  if not size then
    return nil
  end
  local match = { block = block, size = size, type = view:values("type")[1] }
  local near, far = grouped(view, match, select(2, view:least(match, "ns_per_append")))
  return ("With block %q, each of %s appends takes %s%s."):format(block, units.digits(size), with_times(near),
    #far > 0 and "; " .. with_times(far) or ""), #near > 1
end

local SAME = ("Times less than %d times apart may change their order from run to run."):format(ABOUT_THE_SAME)
local EMPTY = "An array begins here without any room, so its first append is its first growth."
local DOUBLED = "How often doubling copies an element depends on the size: once for each append just below a power of "
  .. "2, nearly twice just above it."

function policies.answer(run, all)
  local view, more = medians.of(run), {}
  local found = step_against_factor(view, "copy")
  local is_near = false
  for _, block in ipairs { "auto", "copy", "stable" } do -- what the answer does not tell first
    local part, near = block_part(view, block)
    more[#more + 1], is_near = part, is_near or near
  end
  more[#more + 1] = is_near and SAME or nil
  if not found then
    return more[1] or "No case was small enough to be measured.", #more > 1 and table.concat(more, " ", 2) or nil
  end
  more[#more + 1] = found.factor.case.policy == "double" and DOUBLED or nil
  more[#more + 1] = EMPTY
  local first = { auto_part(view, found) }
  first[#first + 1] = far_part(found, all)
  first[#first + 1] = table.concat(more, " ")
  return why_a_factor(found), table.concat(first, "\n")
end

return policies
