--- Commands that measure: their words, their options, and the one that repeats a run.
-- @module dynarray.lab.report.command
local shell = require "dynarray.lab.base.shell"

local command = {}

--- Words as one line of a shell command.
function command.words(list)
  local words = {}
  for k, word in ipairs(list) do
    words[k] = word:find("^[%w_./:,=+@%%-]+$") and word or shell.quote(word)
  end
  return table.concat(words, " ")
end

--- The words that start the program, in commands that are shown.
command.program = "dynarray-lab"

--- Numbers as options take them: 1e6, 1.5.
function command.value(value)
  if type(value) ~= "number" then
    return tostring(value)
  end
  local short = (math.type(value) == "integer" and "%d" or "%.14g"):format(value)
  local zeros = short:match("^%d0*$") and #short - 1 or 0
  return zeros >= 3 and ("%se%d"):format(short:sub(1, 1), zeros) or short
end

--- A list as options take it.
function command.values(list)
  local values = {}
  for k, value in ipairs(list) do
    values[k] = command.value(value)
  end
  return table.concat(values, ",")
end

--- The parameters that the command line can set.
command.parameters = { "size", "policy", "type", "block", "memory" }

--- Options that set parameters, `quick`, `all`, `budget`, `width`, `timeout` and `seed`, each with a space before it.
function command.settings(given)
  local words = {}
  for _, name in ipairs(command.parameters) do
    if given[name] and #given[name] > 0 then
      table.move({ "--" .. name, command.values(given[name]) }, 1, 2, #words + 1, words)
    end
  end
  for _, name in ipairs { "quick", "all" } do
    words[#words + 1] = given[name] and "--" .. name or nil
  end
  for _, name in ipairs { "budget", "width", "timeout", "seed" } do
    if given[name] then
      table.move({ "--" .. name, command.value(given[name]) }, 1, 2, #words + 1, words)
    end
  end
  return #words > 0 and " " .. command.words(words) or ""
end

--- The command that repeats a run, or all of the results; nil for the results of several commands.
function command.repeating(results, run)
  if not run then
    if results.command ~= nil then
      return results.command or nil
    end
    local names = {}
    for k, one in ipairs(results.runs) do
      names[k] = one.experiment
    end
    return ("%s run %s%s"):format(command.program, command.words(names), command.settings(results))
  elseif run.experiment == "advise" then
    return results.command or ("%s advise %s"):format(command.program,
      command.words(run.parameters.workload or {}))
  elseif results.command and results.command:find(" --case", 1, true) then
    return results.command -- parameters alone do not tell which cases were chosen
  end
  local given = { quick = results.quick, all = results.all, seed = results.seed }
  setmetatable(given, { __index = run.parameters })
  return ("%s run %s%s"):format(command.program, run.experiment, command.settings(given))
end

return command
