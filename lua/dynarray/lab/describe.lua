--- Sentences and tables about a run: how much was measured, where, and how to do it again.
-- @module dynarray.lab.describe
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

--- A word of a shell command.
function describe.quoted(word)
  if word:find("^[%w_./:,=+@%%-]+$") then
    return word
  end
  return shell.quote(word)
end

--- Numbers as options take them: 1e6, 1.5.
function describe.value(value)
  if type(value) ~= "number" then
    return tostring(value)
  end
  local short = ("%.14g"):format(value)
  local zeros = short:match("^%d0*$") and #short - 1 or 0
  return zeros >= 3 and ("%se%d"):format(short:sub(1, 1), zeros) or short
end

--- The command that repeats a run, or all of the results.
function describe.command(results, run)
  local words = { "dynarray-lab", "run" }
  if not run then
    if results.command then
      return results.command
    end
    for _, one in ipairs(results.runs) do
      words[#words + 1] = one.experiment
    end
  else
    words[#words + 1] = run.experiment
    local names = {}
    for name in pairs(run.parameters or {}) do
      names[#names + 1] = name
    end
    table.sort(names)
    for _, name in ipairs(names) do
      local values = {}
      for k, value in ipairs(run.parameters[name]) do
        values[k] = describe.value(value)
      end
      if describe.options[name] and #values > 0 then
        words[#words + 1] = "--" .. name
        words[#words + 1] = describe.quoted(table.concat(values, ","))
      end
    end
  end
  if results.quick then
    words[#words + 1] = "--quick"
  end
  for _, name in ipairs { "budget", "seed" } do
    if results[name] then
      words[#words + 1] = "--" .. name
      words[#words + 1] = describe.value(results[name])
    end
  end
  return table.concat(words, " ")
end

--- The parameters that the command line can set.
describe.options = { size = true, policy = true, type = true, block = true }

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
