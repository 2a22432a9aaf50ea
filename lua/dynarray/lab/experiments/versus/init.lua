--- The array against what a program would use else: a Lua table, the article's class in Lua and in Python, what Python
-- has, and std::vector. Where there is no Python, NumPy or compiler of C++, they are left out.
--
-- The same loop for all, as one writes it: `a:append(x)`, `t[#t + 1] = x`. Bulk operations are the array's methods;
-- what has none does them in a loop.
local arrays = require "dynarray.lab.experiments.shared.arrays"
local combinations = require "dynarray.lab.experiments.shared.combinations"
local dynarray = require "dynarray"
local medians = require "dynarray.lab.report.medians"
local new_class = require "dynarray.lab.experiments.versus.class"
local python = require "dynarray.lab.experiments.versus.python"
local sampling = require "dynarray.lab.experiments.shared.sampling"
local sentence = require "dynarray.lab.report.sentence"
local tables_of = require "dynarray.lab.report.tables"
local units = require "dynarray.lab.base.units"
local vector = require "dynarray.lab.experiments.versus.vector"

local probe = dynarray.probe

local OPERATIONS = { "append", "read", "write", "iterate", "sum", "copy", "fill", "sort" }
local WHATS = { "array", "value array", "table", "class in Lua", "class in Python", "list in Python",
  "array in Python", "NumPy", "std::vector" }

-- Those of the default run.
local FEW = { "array", "table", "class in Lua", "class in Python", "list in Python", "array in Python", "NumPy",
  "std::vector" }

-- What runs in Python, and what it is called there.
local IN_PYTHON = { ["class in Python"] = "class", ["list in Python"] = "list", ["array in Python"] = "array",
  NumPy = "numpy" }

-- What these cannot do as one call or loop of theirs.
local CANNOT = {
  ["class in Python"] = { sort = true }, ["array in Python"] = { sort = true }, NumPy = { append = true },
}

local versus = {
  name = "versus",
  question = "How do a Lua table, Python and C++ compare?",
  parameters = {
    { name = "what", default = FEW, all = WHATS, quick = WHATS, help = table.concat(WHATS, ", ") },
    { name = "operation", default = { "append", "read", "sum", "sort" }, all = OPERATIONS,
      quick = { "append", "read", "sum" },
      help = table.concat(OPERATIONS, ", ") },
    { name = "size", default = { 20000 }, all = { 100000 }, quick = { 2000 }, help = "elements" },
  },
  metrics = {
    { name = "ns", unit = "ns", better = "less" },
    { name = "bytes_per_element", unit = "bytes", better = "less" },
  },
}

local ipairs_of = dynarray.ipairs

-- By kind: `new(n)` gives an empty one, the operations work on one of n numbers, none of which is whole.
local array = {}

function array.append(a, n)
  for i = 1, n do
    a:append(i + 0.5)
  end
end

function array.read(a, n)
  local x
  for i = 1, n do
    x = a[i]
  end
  return x
end

function array.write(a, n)
  for i = 1, n do
    a[i] = 1.5
  end
end

function array.iterate(a)
  local last
  for _, x in ipairs_of(a) do
    last = x
  end
  return last
end

function array.sum(a)
  return a:sum()
end

function array.copy(a)
  return a:copy()
end

function array.fill(a)
  a:fill(0.5)
end

function array.sort(a)
  a:sort()
end

local lua_table = { read = array.read, write = array.write }

function lua_table.append(t, n)
  for i = 1, n do
    t[#t + 1] = i + 0.5
  end
end

function lua_table.iterate(t)
  local last
  for _, x in ipairs(t) do
    last = x
  end
  return last
end

function lua_table.sum(t)
  local total = 0.0
  for _, x in ipairs(t) do
    total = total + x
  end
  return total
end

function lua_table.copy(t, n)
  return table.move(t, 1, n, 1, {})
end

function lua_table.fill(t, n)
  for i = 1, n do
    t[i] = 0.5
  end
end

function lua_table.sort(t)
  table.sort(t)
end

-- Has no bulk operations: all goes element by element.
local class = {
  append = array.append, read = array.read, write = array.write, fill = lua_table.fill, iterate = array.read,
}

function class.sum(d, n)
  local total = 0.0
  for i = 1, n do
    total = total + d[i]
  end
  return total
end

function class.copy(d, n)
  local copy = new_class(n)
  for i = 1, n do
    copy:append(d[i])
  end
  return copy
end

local kinds = {
  array = { new = function() return dynarray.new { type = "float64", capacity = 1 } end, operations = array },
  ["value array"] = { new = function() return dynarray.new { capacity = 1 } end, operations = array },
  table = { new = function() return {} end, operations = lua_table },
  ["class in Lua"] = { new = function() return new_class(1) end, operations = class },
}

function versus.check(parameters)
  for name, allowed in pairs { what = WHATS, operation = OPERATIONS } do
    for _, value in ipairs(parameters[name]) do
      local known = false
      for _, other in ipairs(allowed) do
        known = known or other == value
      end
      if not known then
        error(("%s = %s is unknown (%s)"):format(name, value, table.concat(allowed, ", ")), 0)
      end
    end
  end
end

local function can(what, operation)
  if CANNOT[what] and CANNOT[what][operation] then
    return false
  elseif IN_PYTHON[what] then
    return python.available(IN_PYTHON[what])
  elseif what == "std::vector" then
    return vector.available()
  end
  return kinds[what].operations[operation] ~= nil
end

function versus.needed(case)
  return case.operation ~= "sort" and (case.what == "array" or case.what == "table" or case.what == "list in Python"
    or case.what == "std::vector")
end

function versus.cases(parameters)
  local cases = {}
  for _, case in ipairs(combinations(parameters, "size", "operation", "what")) do
    if can(case.what, case.operation) then
      cases[#cases + 1] = case
    end
  end
  return cases
end

local function held_bytes()
  collectgarbage()
  collectgarbage()
  return collectgarbage("count") * 1024 + dynarray.memory().bytes
end

-- Numbers in an order that is neither sorted nor the same for all.
local function shuffle(a, n)
  local state = 12345
  for i = 1, n do
    state = (state * 1103515245 + 12345) & 0x7FFFFFFF
    a[i] = state + 0.5
  end
end

local function timed(operation, a, n)
  local start = probe.clock()
  operation(a, n)
  return probe.clock() - start
end

local function measure_append(kind, n)
  local before, a = held_bytes(), nil
  local ns = sampling.repeated(function()
    a = kind.new()
    return timed(kind.operations.append, a, n)
  end)
  local bytes = held_bytes() - before
  return { ns = ns / n, bytes_per_element = a and bytes / n }
end

-- Two tables with room for twice as many entries of 16 bytes, one of which has just grown: none takes more.
local MOST_BYTES = (2 * 2 + 1) * 16

function versus.measure(case)
  local n = math.tointeger(case.size)
  arrays.need(n * MOST_BYTES)
  local ns, bytes
  if IN_PYTHON[case.what] then
    ns, bytes = python.run(IN_PYTHON[case.what], case.operation, n)
  elseif case.what == "std::vector" then
    ns, bytes = vector.run(case.operation, n)
  end
  if ns then
    return { ns = ns / n, bytes_per_element = case.operation == "append" and bytes and bytes / n or nil }
  end
  local kind = kinds[case.what]
  if case.operation == "append" then
    return measure_append(kind, n)
  end
  local a = kind.new()
  kind.operations.append(a, n)
  return { ns = sampling.repeated(function()
    if case.operation == "sort" then
      shuffle(a, n)
    end
    return timed(kind.operations[case.operation], a, n)
  end) / n }
end

-- What the other takes, as a multiple of the array's time.
local function ratio(view, size, other, operation)
  local mine = view:value({ what = "array", operation = operation, size = size }, "ns")
  local theirs = view:value({ what = other, operation = operation, size = size }, "ns")
  return mine and theirs and mine > 0 and theirs / mine or nil
end

-- A bar for each operation of each other, as multiples of ours; nil where the array was not measured.
local function relative_plot(view, size)
  local lines = {}
  for _, operation in ipairs(view:values("operation")) do
    local line = { label = operation, x = {}, y = {} }
    for _, what in ipairs(view:values("what")) do
      local times = what ~= "array" and ratio(view, size, what, operation)
      if times then
        table.insert(line.x, what)
        table.insert(line.y, times)
      end
    end
    lines[#lines + 1] = #line.x > 0 and line or nil
  end
  return #lines > 0 and {
    name = ("versus-relative-%d"):format(size), kind = "bars",
    title = ("Time as a multiple of our array's, %s elements"):format(units.digits(size)),
    x = { label = "" }, y = { label = "times as long as our array", unit = "x", log = 10, base = 1 }, lines = lines,
    read = "The upright line is our array, used from Lua: a bar to the right of it takes longer than ours, a bar to "
      .. "the left less (0.1 x is a tenth of our time). The scale goes by factors, so read the numbers.",
  } or nil
end

local function bytes_plot(view, size)
  local bytes = { label = "bytes", x = {}, y = {} }
  for _, what in ipairs(view:values("what")) do
    local held = view:value({ what = what, size = size }, "bytes_per_element")
    if held then
      table.insert(bytes.x, what)
      table.insert(bytes.y, held)
    end
  end
  return #bytes.x > 0 and {
    name = ("versus-bytes-%d"):format(size),
    title = ("Bytes an element, of %s appended"):format(units.digits(size)),
    kind = "bars", x = { label = "" }, y = { label = "an element", unit = "bytes" }, lines = { bytes },
    read = "A number has 8 bytes. What is above is unused room, and in tables and lists what goes with each value, "
      .. "such as its type.",
  } or nil
end

function versus.plots(run)
  local view = medians.of(run)
  local plots = {}
  for _, size in ipairs(view:values("size")) do
    plots[#plots + 1] = relative_plot(view, size)
    plots[#plots + 1] = bytes_plot(view, size)
  end
  return plots
end

function versus.tables(run)
  local view = medians.of(run)
  local tables = {}
  for _, size in ipairs(view:values("size")) do
    local columns, rows = { { name = "an element" } }, {}
    local whats = view:values("what")
    for _, what in ipairs(whats) do
      columns[#columns + 1] = { name = what }
    end
    for _, operation in ipairs(view:values("operation")) do
      local row = { operation }
      for _, what in ipairs(whats) do
        local found = view:where({ what = what, operation = operation, size = size })[1]
        row[#row + 1] = found and found.metrics.ns and tables_of.estimate(found.metrics.ns, "ns") or ""
      end
      rows[#rows + 1] = row
    end
    local held = { "bytes" }
    for _, what in ipairs(whats) do
      held[#held + 1] = units.number(view:value({ what = what, size = size }, "bytes_per_element"), "")
    end
    rows[#rows + 1] = #held > 1 and held or nil
    tables[#tables + 1] = { title = ("%s numbers"):format(units.digits(size)), columns = columns, rows = rows }
  end
  return tables
end

-- "3.0 times as long to append and 8.0 to read": how ours compares for operations of which ours is slower, or faster;
-- nil if there are none.
local function compared(view, size, what, is_slower)
  local parts = {}
  for _, operation in ipairs(view:values("operation")) do
    local times = what ~= "array" and ratio(view, size, what, operation)
    if times and times > 0 and (times < 1) == is_slower then
      local words = #parts > 0 and "" or is_slower and " times as long" or " times as fast"
      parts[#parts + 1] = ("%s%s to %s"):format(units.rough(is_slower and 1 / times or times), words, operation)
    end
  end
  return #parts > 0 and sentence.join(parts) or nil
end

-- How ours compares with one other, in a sentence; nil if that was not measured.
local function other_part(view, size, what, words)
  local parts = { compared(view, size, what, true) }
  parts[#parts + 1] = compared(view, size, what, false)
  return #parts > 0 and ("Against %s: %s."):format(words, table.concat(parts, "; ")) or nil
end

local FIRST = { { "table", "a Lua table" }, { "list in Python", "a list of Python" },
  { "std::vector", "std::vector of C++" } }

-- What ours takes; nil if it was not measured.
local function own_part(view, size)
  local parts = {}
  for _, operation in ipairs(view:values("operation")) do
    local ns = view:value({ what = "array", operation = operation, size = size }, "ns")
    parts[#parts + 1] = ns and ("%s to %s"):format(units.number(ns, "ns"), operation) or nil
  end
  return #parts > 0 and ("Our array takes %s an element."):format(sentence.join(parts)) or nil
end

-- The operations of which ours is slower than all of these, and those of which it is faster, in one sentence.
local function verdict(view, size, list)
  local slower, faster, names = {}, {}, {}
  for _, one in ipairs(list) do
    local is_measured = view:where({ what = one[1], size = size })[1]
    names[#names + 1] = is_measured and one[2] or nil
  end
  for _, operation in ipairs(view:values("operation")) do
    local least, most = math.huge, 0
    for _, one in ipairs(list) do
      local times = ratio(view, size, one[1], operation)
      least, most = math.min(least, times or least), math.max(most, times or most)
    end
    slower[#slower + 1] = most > 0 and most < 1 and operation or nil
    faster[#faster + 1] = least < math.huge and least > 1 and operation or nil
  end
  local parts = { #slower > 0 and "slower to " .. sentence.join(slower) or nil }
  parts[#parts + 1] = #faster > 0 and "faster to " .. sentence.join(faster) or nil
  return #parts > 0 and ("Used from Lua, our array is %s, than %s."):format(table.concat(parts, ", and "),
    sentence.join(names)) or nil
end

-- Python's list against std::vector, without ours between them.
local function python_part(view, size)
  local parts = {}
  for _, operation in ipairs(view:values("operation")) do
    local list = view:value({ what = "list in Python", operation = operation, size = size }, "ns")
    local compiled = view:value({ what = "std::vector", operation = operation, size = size }, "ns")
    local first = #parts == 0 and " times as long" or ""
    parts[#parts + 1] = list and compiled and compiled > 0
      and ("%s%s to %s"):format(units.rough(list / compiled), first, operation) or nil
  end
  return #parts > 0 and ("Against std::vector, a list of Python takes %s."):format(sentence.join(parts)) or nil
end

local REASONS = "All hold floats of 8 bytes. From Lua each append or read is a call of a C function, which takes most "
  .. "of that time; used from C, an append of ours takes as long as the first questions say. A sum or a sort is one "
  .. "call for all elements, and uses vector instructions, which work on several numbers at once. std::vector adds "
  .. "them one by one, in order."

-- What is left empty, and why.
local function missing_part(view)
  local has, parts = {}, {}
  for _, what in ipairs(view:values("what")) do
    has[what] = true
  end
  parts[1] = has.NumPy and "NumPy's arrays do not grow, so they have no append." or nil
  parts[#parts + 1] = (has["class in Lua"] or has["class in Python"]) and "The classes have no sort." or nil
  return #parts > 0 and table.concat(parts, " ") or nil
end

local function bytes_part(view, size)
  local parts = {}
  for _, what in ipairs(view:values("what")) do
    local bytes = view:value({ what = what, size = size }, "bytes_per_element")
    parts[#parts + 1] = bytes and ("%s %s"):format(what == "array" and "our array" or what, units.digits(bytes)) or nil
  end
  return #parts > 1 and ("Bytes for each element of 8 bytes, unused room counted: %s."):format(sentence.join(parts))
    or nil
end

function versus.answer(run)
  local view = medians.of(run)
  local size = view:largest("size")
  local told, others, first = {}, {}, {}
  for _, one in ipairs(FIRST) do
    first[#first + 1] = other_part(view, size, one[1], one[2])
    others[one[1]] = true
  end
  for _, what in ipairs(#first == 0 and view:values("what") or {}) do
    first[#first + 1] = not others[what] and other_part(view, size, what, what) or nil
  end
  told[#told + 1] = verdict(view, size, FIRST)
  told[#told + 1] = own_part(view, size)
  table.move(first, 1, #first, #told + 1, told)
  if #told == 0 then
    return "Nothing to compare: the array alone was measured."
  end
  local more = table.move(told, 3, #told, 1, {})
  more[#more + 1] = REASONS
  more[#more + 1] = python_part(view, size)
  more[#more + 1] = missing_part(view)
  more[#more + 1] = bytes_part(view, size)
  return table.concat(told, " ", 1, math.min(#told, 2)), table.concat(more, "\n")
end

return versus
