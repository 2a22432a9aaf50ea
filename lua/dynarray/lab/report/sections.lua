--- A report's content, one section an experiment, whatever the form that it is shown in.
-- @module dynarray.lab.report.sections
local circumstances = require "dynarray.lab.report.circumstances"
local command = require "dynarray.lab.report.command"
local runner = require "dynarray.lab.run.runner"
local tables = require "dynarray.lab.report.tables"

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
  section.effort = circumstances.effort(run)
  section.command = command.repeating(results, run)
  return section
end

--- The sections of a report.
-- @param results what `lab.run` or `lab.load` returned
-- @param options optional: `experiments`, a list of those that are known; all figures of a run stand for what its
-- experiment would say
-- @return a list of { name, question, answer, plots, tables, problems, effort, command }
function sections.of(results, options)
  local by_name = {}
  for _, experiment in ipairs(options and options.experiments or {}) do
    by_name[experiment.name] = experiment
  end
  local list = {}
  for k, run in ipairs(results.runs) do
    list[k] = section_of(results, run, by_name[run.experiment])
  end
  return list
end

return sections
