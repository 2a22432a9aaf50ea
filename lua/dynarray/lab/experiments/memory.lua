--- What a process holds while an array grows: resident pages, faults, mapped bytes, and the peak while it grows.
local arrays = require "dynarray.lab.experiments.shared.arrays"
local combinations = require "dynarray.lab.experiments.shared.combinations"
local dynarray = require "dynarray"
local medians = require "dynarray.lab.report.medians"
local sampling = require "dynarray.lab.experiments.shared.sampling"
local sentence = require "dynarray.lab.report.sentence"
local simulate = require "dynarray.lab.model.simulate"
local units = require "dynarray.lab.base.units"

local probe = dynarray.probe

local POINTS = 100 -- at which the growth is looked at

local memory = {
  name = "memory",
  question = "How much memory is unused, and is it really used up?",
  fresh = true,
  parameters = {
    { name = "what", default = { "array", "reserved", "table" }, quick = { "array", "reserved", "table" },
      help = "array, reserved (an array that reserves first) or table (Lua's)" },
    { name = "policy", default = { "cpython", "1.5", "double" }, quick = { "double" }, help = "of the array" },
    { name = "block", default = { "auto", "copy" }, all = { "auto", "copy", "stable" }, quick = { "auto", "copy" },
      help = "of the array" },
    { name = "type", default = { "int64" }, quick = { "int64" }, help = "element type of the array" },
    { name = "size", default = { 3e6 }, quick = { 3e5 }, help = "elements appended" },
  },
  metrics = {
    { name = "peak_bytes", unit = "bytes", better = "less" },
    { name = "resident_bytes", unit = "bytes", better = "less" },
    { name = "peak_per_element", unit = "bytes", better = "less" },
    { name = "mapped_bytes", unit = "bytes", better = "less" },
    { name = "minor_faults", unit = "", better = "less" },
    { name = "major_faults", unit = "", better = "less" },
    { name = "ms", unit = "ms", better = "less" },
  },
}

local WHATS = { array = true, reserved = true, table = true }

function memory.check(parameters)
  for _, what in ipairs(parameters.what) do
    if not WHATS[what] then
      error(("what = %s is unknown (array, reserved or table)"):format(what), 0)
    end
  end
end

-- What has no policy or block is one case, not one for each.
function memory.cases(parameters)
  local cases = {}
  for _, case in ipairs(combinations(parameters, "size", "type", "what")) do
    if case.what == "array" then
      for _, more in ipairs(combinations(parameters, "policy", "block")) do
        more.size, more.type, more.what = case.size, case.type, case.what
        cases[#cases + 1] = more
      end
    else
      cases[#cases + 1] = case
    end
  end
  return cases
end

function memory.needed(case)
  return case.what == "table" or case.policy == "double"
end

local function table_appender()
  local t, n = {}, 0
  return function(count)
    for _ = 1, count do
      n = n + 1
      t[n] = n
    end
    return t
  end
end

local function array_appender(case)
  local a = arrays.new(case)
  if case.what == "reserved" then
    a:reserve(case.size)
  end
  return function(count)
    probe.appends(a, count)
    return a
  end
end

local BYTES_OF_ENTRY = 16 -- of a Lua table

function memory.touches(case)
  if case.what == "array" then
    return arrays.peak_bytes(case)
  elseif case.what == "reserved" then
    return case.size * arrays.element_size(case.type)
  end
  return simulate.run("double", case.size, { element_size = BYTES_OF_ENTRY }).peak_bytes
end

function memory.measure(case)
  arrays.need(memory.touches(case))
  local resident, mapped, capacity = { x = {}, y = {} }, { x = {}, y = {} }, { x = {}, y = {} }
  local points = sampling.log_spaced(1, POINTS, POINTS)
  collectgarbage()
  probe.reset_peak()
  local before = probe.memory()
  local append = case.what == "table" and table_appender() or array_appender(case)
  local done, ns, last = 0, 0, before
  for i, point in ipairs(points) do
    local upto = case.size * point // POINTS
    local start = probe.clock()
    local grown_array = append(upto - done)
    ns = ns + probe.clock() - start
    done = upto
    last = probe.memory()
    resident.x[i], resident.y[i] = done, last.resident and math.max(last.resident - before.resident, 0)
    if case.what ~= "table" then
      capacity.x[i], capacity.y[i] = done, grown_array.capacity * grown_array.element_size
    end
    mapped.x[i], mapped.y[i] = done, last.mapped and math.max(last.mapped - before.mapped, 0)
  end
  local function grown(name)
    return last[name] and last[name] - before[name]
  end
  -- The peak does not begin anew where the system cannot reset it: then it is what lies above the first reading.
  local peak = last.peak and last.peak - before.resident
  return {
    peak_bytes = peak, peak_per_element = peak and peak / case.size, resident_bytes = grown("resident"),
    mapped_bytes = grown("mapped"), minor_faults = grown("minor_faults"), major_faults = grown("major_faults"),
    ms = ns / 1e6,
  }, { resident = resident, mapped = mapped, capacity = capacity }
end

local function label(case)
  if case.what == "array" then
    return ("%s, %s"):format(case.policy, case.block)
  end
  return case.what == "table" and "Lua table" or "reserved"
end

local RESIDENT_READ = "An array takes RAM for its elements, whatever room its block has, so that the lines of arrays "
  .. "hardly differ; small steps are pages of 2 MiB."
local MAPPED_READ = "These are addresses, not memory, and cost next to nothing. When a large block \"auto\" begins, or "
  .. "has to move, it takes 16 times as many as it needs, so that it can grow in place from then on."
local CAPACITY_READ = "The line marked capacity is the room that the block has; the others are what is in RAM. An "
  .. "array takes RAM for what was written, not for its capacity: the space between is unused, and takes no RAM."
local TABLE_NOTE = "A Lua table rises in large steps: at each growth it fills all of its new room with nil, so that "
  .. "all of it is in RAM."

local function plot(name, size, title, label_of_y, lines, read, notes)
  return {
    name = ("memory-%s-%d"):format(name, size), title = title, kind = "lines", x = { label = "elements" },
    y = { label = label_of_y, unit = "bytes", log = name == "mapped" and 10 or nil }, lines = lines, read = read,
    notes = notes,
  }
end

-- The array with the most unused room at its end, by the formula: its row, and the share.
local function most_unused(view, size)
  local found, share
  for _, row in ipairs(view:where { size = size, what = "array" }) do
    local unused = simulate.run(row.case.policy, size, { element_size = arrays.element_size(row.case.type) }).unused
    local is_auto = row.case.block == "auto"
    if row.metrics.resident_bytes and (not share or unused > share or unused == share and is_auto) then
      found, share = row, unused
    end
  end
  return found, share
end

-- The capacity of the policy that leaves most unused, and what is resident with it, and with what has no policy.
local function capacity_lines(view, size)
  local row = most_unused(view, size)
  local policy = row and row.case.policy
  local lines = row and view:series({ size = size, what = "array", policy = policy, block = row.case.block,
    type = row.case.type }, "capacity", function(case) return ("%s, capacity"):format(case.policy) end) or {}
  local resident = row and view:series({ size = size, what = "array", policy = policy, type = row.case.type },
    "resident", label) or {}
  table.move(resident, 1, #resident, #lines + 1, lines)
  for _, what in ipairs { "reserved", "table" } do
    local others = view:series({ size = size, what = what }, "resident", label)
    lines[#lines + 1] = others[1]
  end
  return lines
end

function memory.plots(run)
  local view = medians.of(run)
  local plots = {}
  for _, size in ipairs(view:values("size")) do
    local bars = { label = "peak", x = {}, y = {} }
    for i, row in ipairs(view:where { size = size }) do
      bars.x[i], bars.y[i] = view:labels(label)(row.case), row.metrics.peak_bytes and row.metrics.peak_bytes.median or 0
    end
    local function series(name)
      return view:series({ size = size }, name, view:labels(label))
    end
    local lines = capacity_lines(view, size)
    local of_table = #view:where { size = size, what = "table" } > 0 and TABLE_NOTE or nil
    plots[#plots + 1] = #lines > 0 and plot("capacity", size, "Capacity, and what of it is in RAM", "bytes", lines,
      CAPACITY_READ, of_table) or nil
    plots[#plots + 1] = plot("resident", size, "Resident memory while an array grows", "resident", series("resident"),
      RESIDENT_READ, of_table)
    plots[#plots + 1] = plot("mapped", size, "Mapped address space while an array grows", "mapped", series("mapped"),
      MAPPED_READ)
    plots[#plots + 1] = {
      name = ("memory-peak-%d"):format(size), title = ("The peak on the way to %s elements"):format(units.digits(size)),
      kind = "bars", x = { label = "" }, y = { label = "peak", unit = "bytes" }, lines = { bars },
      read = "A growth that copies needs the old block and the new one for a moment: that is the peak.",
    }
  end
  return plots
end

local function unused_part(view, size)
  local row, share = most_unused(view, size)
  return row and ("After %s appends with %s, %s of the block is unused. But RAM holds only %s bytes for each element "
    .. "of %d (%s): the system gives memory when it is first written, and unused room has addresses, but no memory.")
    :format(units.digits(size), row.case.policy, units.number(share * 100, "%"),
    units.digits(row.metrics.resident_bytes.median / size), arrays.element_size(row.case.type), label(row.case))
end

-- The most of what is in RAM while such arrays grow, for each policy, in words; nil if there are none.
local function peaks_of(view, match, words)
  local parts = {}
  for _, row in ipairs(view:where(match)) do
    local bytes = row.metrics.peak_per_element
    parts[#parts + 1] = bytes and units.digits(bytes.median)
      .. (row.case.policy and (" with %s"):format(row.case.policy) or "") or nil
  end
  return #parts > 0 and sentence.join(parts) .. " " .. words or nil
end

local function peak_part(view, size)
  local parts = {}
  for _, kind in ipairs {
    { "if blocks grow without copying (block \"auto\")", { what = "array", block = "auto" } },
    { "if they are copied (block \"copy\"), since a growth then holds the old block and the new one",
      { what = "array", block = "copy" } },
    { "if room is reserved at first", { what = "reserved" } }, { "in a Lua table", { what = "table" } },
  } do
    kind[2].size = size
    parts[#parts + 1] = peaks_of(view, kind[2], kind[1])
  end
  return ("At the peak, while the array grows, RAM holds so many bytes for each element: %s. In arrays of less than a "
    .. "page unused room does take RAM, since a page holds several of them."):format(table.concat(parts, "; "))
end

function memory.answer(run)
  local view = medians.of(run)
  local size = view:largest("size")
  if not view:least({ size = size }, "peak_per_element") then
    return "This system does not tell how much memory a process holds."
  end
  local answer, more = unused_part(view, size), peak_part(view, size)
  if not answer then
    return more
  end
  return answer, more
end

return memory
