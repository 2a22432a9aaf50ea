--- A report's content, one section an experiment, whatever the form that it is shown in.
-- @module dynarray.lab.sections
local describe = require "dynarray.lab.describe"
local runner = require "dynarray.lab.runner"
local tables = require "dynarray.lab.tables"

local sections = {}

-- What an experiment makes of a run. A run that was interrupted may lack what it needs: that is said, not raised.
local function attempt(problems, what, make, ...)
  if not make then
    return nil
  end
  local ok, value = pcall(make, ...)
  if ok then
    return value
  elseif runner.is_interrupt(value) then
    error(value, 0)
  end
  problems[#problems + 1] = ("no %s: %s"):format(what, tostring(value):gsub("^[^\n]-:%d+: ", ""):match("^[^\n]*"))
end

local function section_of(results, run, experiment)
  local problems = {}
  for _, case in ipairs(run.cases) do
    if case.error then
      problems[#problems + 1] = ("%s failed: %s"):format(case.id, case.error)
    end
  end
  local measured = 0
  for _, case in ipairs(run.cases) do
    measured = measured + (#case.samples > 0 and 1 or 0)
  end
  local module = experiment or {}
  local section = { name = run.experiment, question = module.question or run.experiment, problems = problems }
  if measured > 0 then
    section.answer = attempt(problems, "answer", module.answer, run)
    section.plots = attempt(problems, "pictures", module.plots, run)
    section.tables = attempt(problems, "table", tables.of, run, experiment)
  end
  section.answer = section.answer or measured == 0 and "Nothing was measured." or "No answer from this data."
  section.plots, section.tables = section.plots or {}, section.tables or {}
  section.effort = describe.effort(run)
  section.command = describe.command(results, run)
  return section
end

--- The sections of a report.
-- @param results what `lab.run` or `lab.load` returned
-- @param options optional: `experiments`, a list (default: the laboratory's)
-- @return a list of { name, question, answer, plots, tables, problems, effort, command }
function sections.of(results, options)
  local by_name = {}
  for _, experiment in ipairs(options and options.experiments or require "dynarray.lab.experiments") do
    by_name[experiment.name] = experiment
  end
  local list = {}
  for k, run in ipairs(results.runs) do
    local experiment = by_name[run.experiment]
    if run.experiment == "advise" then -- asked for by a command of its own, not one of the list
      experiment = experiment or require "dynarray.lab.advise"
    end
    list[k] = section_of(results, run, experiment)
  end
  return list
end

return sections
