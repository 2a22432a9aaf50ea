--- The article's experiment: room for one element, a thousand appends, the array doubles when it is full.
local combinations = require "dynarray.lab.experiments.shared.combinations"
local dynarray = require "dynarray"
local medians = require "dynarray.lab.report.medians"
local results = require "dynarray.lab.run.results"
local units = require "dynarray.lab.base.units"

local article = {
  name = "article",
  question = "What does an array do that starts with room for one element and is appended to a thousand times?",
  once = true,
  parameters = {
    { name = "size", default = { 1000 }, quick = { 1000 }, help = "elements appended" },
  },
  metrics = {
    { name = "growths", unit = "", exact = true, better = "less" },
    { name = "copied", unit = "elements", exact = true, better = "less" },
    { name = "copied_per_append", unit = "elements", exact = true, better = "less" },
    { name = "capacity", unit = "elements", exact = true },
    { name = "fifth", unit = "", exact = true },
    { name = "first_after_write", unit = "", exact = true },
  },
}

function article.cases(parameters)
  return combinations(parameters, "size")
end

-- block = "copy" is the article's way: allocate, copy, free.
function article.measure(case)
  local capacities = { x = { 0 }, y = { 1 } }
  local a <close> = dynarray.new {
    initial_size = 1, initial_fill = 0, block = "copy",
    on_grow = function(event)
      table.insert(capacities.x, event.size)
      table.insert(capacities.y, event.new_capacity)
    end,
  }
  for i = 1, case.size do
    a:append(i)
  end
  local fifth = #a >= 5 and a[5] or nil
  a[1] = 30
  local stats = a:stats()
  return {
    growths = stats.growths, copied = stats.elements_copied, copied_per_append = stats.elements_copied / #a,
    capacity = a.capacity, fifth = fifth, first_after_write = a[1],
  }, { capacities = capacities }
end

local function copied_so_far(series)
  local x, y, sum = { 0 }, { 0 }, 0
  for i = 2, #series.x do
    sum = sum + series.x[i]
    x[i], y[i] = series.x[i], sum
  end
  return x, y
end

function article.plots(run)
  local plots = {}
  for _, size in ipairs(medians.of(run):values("size")) do
    local series = results.last_series(run, { size = size }, "capacities")
    local x, y = copied_so_far(series)
    local capacities = { label = "allocated size", x = { table.unpack(series.x) }, y = { table.unpack(series.y) } }
    local copies = { label = "copied so far", x = x, y = y }
    for _, line in ipairs { capacities, copies } do
      table.insert(line.x, size)
      table.insert(line.y, line.y[#line.y])
    end
    plots[#plots + 1] = {
      name = ("article-%d"):format(size), title = ("An array from 1 to %d elements"):format(size), kind = "steps",
      x = { label = "appends" }, y = { label = "elements" },
      read = ("Each step up is a growth: the array was full and got a block twice as large; between it and the size is "
        .. "unused room. The third line counts all copies so far: each growth adds the elements that the array has "
        .. "then, %s in all."):format(units.digits(y[#y])),
      lines = { capacities, copies, { label = "size", x = { 0, size }, y = { 0, size }, style = "line" } },
    }
  end
  return plots
end

function article.tables(run)
  local tables = {}
  for _, size in ipairs(medians.of(run):values("size")) do
    local series = results.last_series(run, { size = size }, "capacities")
    local _, copied = copied_so_far(series)
    local rows = {}
    for i = 2, #series.x do
      rows[#rows + 1] = {
        series.x[i] + 1,
        ("Ran out of memory: old allocated size: %d, new allocated size is %d"):format(series.y[i - 1], series.y[i]),
        copied[i],
      }
    end
    tables[#tables + 1] = {
      title = ("The trace of %d appends"):format(size),
      columns = { { name = "append" }, { name = "trace" }, { name = "copied so far" } }, rows = rows,
    }
  end
  return tables
end

function article.answer(run)
  local view = medians.of(run)
  local size = view:largest("size")
  local function value(metric)
    return view:value({ size = size }, metric)
  end
  return ("%d appends make an array with room for one element grow %d times. The growths copy %d elements, %.2f for "
    .. "each append, and at the end %d of %d places are unused."):format(size, value("growths"), value("copied"),
    value("copied_per_append"), value("capacity") - size, value("capacity"))
end

return article
