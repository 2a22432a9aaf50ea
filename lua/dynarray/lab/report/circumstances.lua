--- Sentences and tables about a run: how much was measured, where, and what may have spoiled it.
-- @module dynarray.lab.report.circumstances
local results_of = require "dynarray.lab.run.results"
local units = require "dynarray.lab.base.units"

local circumstances = {}

local function count(n, one, many)
  return ("%d %s"):format(n, n == 1 and one or many)
end

--- How much was measured in a run.
function circumstances.effort(run)
  local samples, measured = 0, 0
  for _, case in ipairs(run.cases) do
    samples = samples + #case.samples
    measured = measured + (#case.samples > 0 and 1 or 0)
  end
  local cases = measured == #run.cases and count(measured, "case", "cases")
    or ("%d of %s measured"):format(measured, count(#run.cases, "case", "cases"))
  return ("%s, %s%s"):format(cases, count(samples, "sample", "samples"),
    run.seconds and (", %s"):format(units.number(run.seconds, "s")) or "")
end

--- One sentence on the whole.
function circumstances.summary(results)
  local samples, cases, seconds = 0, 0, 0
  for _, run in ipairs(results.runs) do
    seconds = seconds + (run.seconds or 0)
    for _, case in ipairs(run.cases) do
      cases = cases + 1
      samples = samples + #case.samples
    end
  end
  return ("%s, %s, %s, measured in %s.%s"):format(count(#results.runs, "experiment", "experiments"),
    count(cases, "case", "cases"), count(samples, "sample", "samples"), units.number(seconds, "s"),
    results.interrupted and " It was interrupted: what is missing was not measured." or "")
end

local function environments(results)
  return results.environments or { results.environment or {} }
end

local MANY = 0.1 -- of the samples that stayed slow: it shows in the figures

-- What the processor did to the samples; nil if none was disturbed.
local function slowness(results)
  local samples, slow, again = 0, 0, 0
  for _, run in ipairs(results.runs or {}) do
    for _, case in ipairs(run.cases) do
      for _, sample in ipairs(case.samples) do
        samples = samples + 1
        slow = slow + (sample.slow and 1 or 0)
        again = again + (sample.again or 0)
      end
    end
  end
  if slow + again == 0 then
    return nil
  end
  local format = "the processor was slower at times (others share it, or its clock varies): %s taken again, and %d of "
    .. "%d stayed slow%s"
  return format:format(count(again, "sample was", "samples were"), slow, samples, slow > samples * MANY
    and ", by 10% or more: times may be too long by as much, ratios of times less so" or "")
end

--- What may have spoiled the measurements.
function circumstances.warnings(results)
  local warnings = {}
  for _, environment in ipairs(environments(results)) do
    for _, warning in ipairs(environment.warnings or {}) do
      warnings[#warnings + 1] = warning
    end
  end
  for _, note in ipairs(results.notes or {}) do
    warnings[#warnings + 1] = note
  end
  warnings[#warnings + 1] = slowness(results)
  return warnings
end

local function flat(value)
  if type(value) ~= "table" then
    return tostring(value)
  end
  local parts, keys = {}, {}
  for key in pairs(value) do
    keys[#keys + 1] = key
  end
  table.sort(keys, function(a, b) return tostring(a) < tostring(b) end)
  for k, key in ipairs(keys) do
    local one = flat(value[key])
    parts[k] = math.type(key) and one or key .. " " .. one
  end
  return table.concat(parts, #value > 0 and "; " or ", ")
end

--- One line on where it was measured, and what the instruments themselves cost.
function circumstances.setting(results)
  local environment, parts = environments(results)[1] or {}, {}
  for _, name in ipairs { "cpu", "kernel", "lua", "allocator", "commit" } do
    parts[#parts + 1] = environment[name] and flat(environment[name])
  end
  local costs, overhead = {}, environment.overhead
  for _, name in ipairs { "clock", "append", "memory" } do
    local ns = type(overhead) == "table" and overhead[name]
    costs[#costs + 1] = type(ns) == "number" and ("%s %s"):format(name, units.number(ns, "ns")) or nil
  end
  return ("Measured on %s.%s"):format(#parts > 0 and table.concat(parts, ", ") or "an unknown machine",
    #costs > 0 and (" The instruments cost: %s."):format(table.concat(costs, ", ")) or "")
end

--- What differs between the environments of two results, a line each.
function circumstances.differences(old, new)
  local lines = {}
  local function known(value)
    return value == nil and "unknown" or flat(value)
  end
  local before, after = environments(old)[1] or {}, environments(new)[1] or {}
  for k, name in ipairs(results_of.differences(before, after)) do
    lines[k] = ("%s: %s and %s"):format((name:gsub("_", " ")), known(before[name]), known(after[name]))
  end
  return lines
end

local function bytes(value)
  return type(value) == "number" and units.number(value, "bytes") or flat(value)
end

-- Facts that are sizes or times, with their units.
local with_unit = { memory = bytes, page_size = bytes, huge_page_size = bytes }

function with_unit.caches(list)
  local parts = {}
  for k, cache in ipairs(type(list) == "table" and list or {}) do
    parts[k] = type(cache) == "table" and ("L%s %s %s"):format(flat(cache.level), flat(cache.type), bytes(cache.bytes))
      or flat(cache)
  end
  return #parts > 0 and table.concat(parts, ", ") or flat(list)
end

function with_unit.overhead(costs)
  local parts = {}
  for _, one in ipairs { { "append", "an append" }, { "clock", "reading the clock" },
    { "memory", "asking how much memory is in use" } } do
    local ns = type(costs) == "table" and costs[one[1]]
    parts[#parts + 1] = type(ns) == "number" and ("%s %s"):format(one[2], units.number(ns, "ns")) or nil
  end
  return #parts > 0 and table.concat(parts, ", ") or flat(costs)
end

-- Names of facts that need more words.
local NAMES = { gc = "mode of Lua's collector", overhead = "what the instruments cost" }

--- One table an environment: a row a fact.
function circumstances.environments(results)
  local list = {}
  for k, environment in ipairs(environments(results)) do
    local names, rows = {}, {}
    for name in pairs(environment) do
      if name ~= "warnings" then
        names[#names + 1] = name
      end
    end
    table.sort(names)
    for i, name in ipairs(names) do
      rows[i] = { NAMES[name] or (name:gsub("_", " ")), (with_unit[name] or flat)(environment[name]) }
    end
    list[k] = { columns = { { name = "fact" }, { name = "value" } }, rows = rows }
  end
  return list
end

return circumstances
