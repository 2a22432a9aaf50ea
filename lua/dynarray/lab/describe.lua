--- Sentences and tables about a run: how much was measured, where, and how to do it again.
-- @module dynarray.lab.describe
local results_of = require "dynarray.lab.results"
local shell = require "dynarray.lab.shell"
local text = require "dynarray.lab.text"

local describe = {}

local function count(n, one, many)
  return ("%d %s"):format(n, n == 1 and one or many)
end

--- How much was measured in a run.
function describe.effort(run)
  local samples, measured = 0, 0
  for _, case in ipairs(run.cases) do
    samples = samples + #case.samples
    measured = measured + (#case.samples > 0 and 1 or 0)
  end
  local cases = measured == #run.cases and count(measured, "case", "cases")
    or ("%d of %s"):format(measured, count(#run.cases, "case", "cases"))
  return ("%s, %s%s"):format(cases, count(samples, "sample", "samples"),
    run.seconds and (", %s"):format(text.number(run.seconds, "s")) or "")
end

--- Words as one line of a shell command.
function describe.words(list)
  local words = {}
  for k, word in ipairs(list) do
    words[k] = word:find("^[%w_./:,=+@%%-]+$") and word or shell.quote(word)
  end
  return table.concat(words, " ")
end

--- The words that start the program, in commands that are shown.
describe.program = "dynarray-lab"

--- Numbers as options take them: 1e6, 1.5.
function describe.value(value)
  if type(value) ~= "number" then
    return tostring(value)
  end
  local short = (math.type(value) == "integer" and "%d" or "%.14g"):format(value)
  local zeros = short:match("^%d0*$") and #short - 1 or 0
  return zeros >= 3 and ("%se%d"):format(short:sub(1, 1), zeros) or short
end

--- A list as options take it.
function describe.values(list)
  local values = {}
  for k, value in ipairs(list) do
    values[k] = describe.value(value)
  end
  return table.concat(values, ",")
end

--- The parameters that the command line can set.
describe.parameters = { "size", "policy", "type", "block" }

--- Options that set parameters, `quick`, `budget`, `timeout` and `seed`, each with a space before it.
function describe.settings(given)
  local words = {}
  for _, name in ipairs(describe.parameters) do
    if given[name] and #given[name] > 0 then
      table.move({ "--" .. name, describe.values(given[name]) }, 1, 2, #words + 1, words)
    end
  end
  if given.quick then
    words[#words + 1] = "--quick"
  end
  for _, name in ipairs { "budget", "timeout", "seed" } do
    if given[name] then
      table.move({ "--" .. name, describe.value(given[name]) }, 1, 2, #words + 1, words)
    end
  end
  return #words > 0 and " " .. describe.words(words) or ""
end

--- The command that repeats a run, or all of the results; nil for the results of several commands.
function describe.command(results, run)
  if not run then
    if results.command ~= nil then
      return results.command or nil
    end
    local names = {}
    for k, one in ipairs(results.runs) do
      names[k] = one.experiment
    end
    return ("%s run %s%s"):format(describe.program, describe.words(names), describe.settings(results))
  elseif run.experiment == "advise" then
    return results.command or ("%s advise %s"):format(describe.program,
      describe.words(run.parameters.workload or {}))
  elseif results.command and results.command:find(" --case", 1, true) then
    return results.command -- parameters alone do not tell which cases were chosen
  end
  local given = setmetatable({ quick = results.quick, seed = results.seed }, { __index = run.parameters })
  return ("%s run %s%s"):format(describe.program, run.experiment, describe.settings(given))
end

--- One sentence on the whole.
function describe.summary(results)
  local samples, cases, seconds = 0, 0, 0
  for _, run in ipairs(results.runs) do
    seconds = seconds + (run.seconds or 0)
    for _, case in ipairs(run.cases) do
      cases = cases + 1
      samples = samples + #case.samples
    end
  end
  return ("%s, %s, %s, measured in %s.%s"):format(count(#results.runs, "experiment", "experiments"),
    count(cases, "case", "cases"), count(samples, "sample", "samples"), text.number(seconds, "s"),
    results.interrupted and " It was interrupted: what is missing was not measured." or "")
end

local function environments(results)
  return results.environments or { results.environment or {} }
end

--- What may have spoiled the measurements.
function describe.warnings(results)
  local warnings = {}
  for _, environment in ipairs(environments(results)) do
    for _, warning in ipairs(environment.warnings or {}) do
      warnings[#warnings + 1] = warning
    end
  end
  for _, note in ipairs(results.notes or {}) do
    warnings[#warnings + 1] = note
  end
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
function describe.setting(results)
  local environment, parts = environments(results)[1] or {}, {}
  for _, name in ipairs { "cpu", "kernel", "lua", "allocator", "commit" } do
    parts[#parts + 1] = environment[name] and flat(environment[name])
  end
  local costs, overhead = {}, environment.overhead
  for _, name in ipairs { "clock", "append", "memory" } do
    local ns = type(overhead) == "table" and overhead[name]
    costs[#costs + 1] = type(ns) == "number" and ("%s %s"):format(name, text.number(ns, "ns")) or nil
  end
  return ("Measured on %s.%s"):format(#parts > 0 and table.concat(parts, ", ") or "an unknown machine",
    #costs > 0 and (" The instruments cost: %s."):format(table.concat(costs, ", ")) or "")
end

--- What differs between the environments of two results, a line each.
function describe.differences(old, new)
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

--- One table an environment: a row a fact.
function describe.environments(results)
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
      rows[i] = { name:gsub("_", " "), flat(environment[name]) }
    end
    list[k] = { columns = { { name = "fact" }, { name = "value" } }, rows = rows }
  end
  return list
end

return describe
