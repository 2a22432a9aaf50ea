--- The array against what a program would use else: a Lua table, and the article's class in Lua and in Python.
--
-- The same loop for all, as one writes it: `a:append(x)`, `t[#t + 1] = x`. Bulk operations are the array's methods;
-- what has none does them in a loop.
local arrays = require "dynarray.lab.experiments.arrays"
local combinations = require "dynarray.lab.experiments.combinations"
local dynarray = require "dynarray"
local medians = require "dynarray.lab.report.medians"
local new_class = require "dynarray.lab.experiments.versus.class"
local python = require "dynarray.lab.experiments.versus.python"
local sampling = require "dynarray.lab.experiments.sampling"
local sentence = require "dynarray.lab.report.sentence"
local units = require "dynarray.lab.base.units"

local probe = dynarray.probe

local OPERATIONS = { "append", "read", "write", "iterate", "sum", "copy", "fill", "sort" }
local WHATS = { "array", "value array", "table", "class in Lua", "class in Python" }

local versus = {
  name = "versus",
  question = "How do a Lua table, and the article's class in Lua and in Python, compare?",
  parameters = {
    { name = "what", default = WHATS, quick = WHATS, help = table.concat(WHATS, ", ") },
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

local PYTHON = "class in Python"

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

-- Neither class can sort.
local function can(what, operation)
  if what == PYTHON then
    return python.available() and operation ~= "sort"
  end
  return kinds[what].operations[operation] ~= nil
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
  if case.what == PYTHON then
    local ns, bytes = python.run(case.operation, n)
    return { ns = ns / n, bytes_per_element = bytes and bytes / n }
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

function versus.plots(run)
  local view = medians.of(run)
  local plots = {}
  for _, size in ipairs(view:values("size")) do
    local times, bytes = {}, { label = "bytes", x = {}, y = {} }
    for _, what in ipairs(view:values("what")) do
      local line = { label = what, x = {}, y = {} }
      for _, row in ipairs(view:where { what = what, size = size }) do
        table.insert(line.x, row.case.operation)
        table.insert(line.y, row.metrics.ns.median)
      end
      times[#times + 1] = line
      local held = view:value({ what = what, size = size }, "bytes_per_element")
      if held then
        table.insert(bytes.x, what)
        table.insert(bytes.y, held)
      end
    end
    plots[#plots + 1] = {
      name = ("versus-time-%d"):format(size), title = ("Time for an element, of %s"):format(units.digits(size)),
      kind = "bars", x = { label = "" }, y = { label = "an element", unit = "ns", log = 10 }, lines = times,
    }
    if #bytes.x > 0 then
      plots[#plots + 1] = {
        name = ("versus-bytes-%d"):format(size),
        title = ("Bytes an element, of %s appended"):format(units.digits(size)),
        kind = "bars", x = { label = "" }, y = { label = "an element", unit = "bytes" }, lines = { bytes },
      }
    end
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
        row[#row + 1] = units.number(view:value({ what = what, operation = operation, size = size }, "ns"), "ns")
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

-- What the array takes, as a multiple of the other's time.
local function ratio(view, size, other, operation)
  local mine = view:value({ what = "array", operation = operation, size = size }, "ns")
  local theirs = view:value({ what = other, operation = operation, size = size }, "ns")
  return mine and theirs and theirs > 0 and mine / theirs or nil
end

local function table_part(view, size)
  local words = {}
  for _, operation in ipairs { "append", "read", "sum" } do
    local times = ratio(view, size, "table", operation)
    words[#words + 1] = times and ("%s times the time to %s"):format(units.digits(times), operation)
  end
  local mine = view:value({ what = "array", size = size }, "bytes_per_element")
  local theirs = view:value({ what = "table", size = size }, "bytes_per_element")
  return #words > 0 and ("Beside a Lua table, an array takes %s%s."):format(sentence.join(words),
    mine and theirs and (", and %s bytes an element against %s"):format(units.digits(mine), units.digits(theirs)) or "")
end

local function class_part(view, size, what)
  local least, most
  for _, operation in ipairs(view:values("operation", { what = what })) do
    local times = ratio(view, size, what, operation)
    if times then
      least, most = math.min(least or times, times), math.max(most or times, times)
    end
  end
  return least and ("Beside the article's %s it takes %s to %s of the time."):format(what, units.digits(least),
    units.digits(most))
end

function versus.answer(run)
  local view = medians.of(run)
  local size = view:largest("size")
  local parts = { table_part(view, size) or nil }
  for _, what in ipairs { "class in Lua", PYTHON } do
    parts[#parts + 1] = class_part(view, size, what) or nil
  end
  if #parts == 0 then
    return "Nothing to compare: the array alone was measured."
  end
  return table.concat(parts, " ")
end

return versus
