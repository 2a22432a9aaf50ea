--- A report's content, one section an experiment, whatever the form that it is shown in.
-- @module dynarray.lab.report.sections
local case_names = require "dynarray.lab.report.case_names"
local circumstances = require "dynarray.lab.report.circumstances"
local command = require "dynarray.lab.report.command"
local results = require "dynarray.lab.run.results"
local runner = require "dynarray.lab.run.runner"
local statistics = require "dynarray.lab.statistics"
local tables = require "dynarray.lab.report.tables"

local sections = {}

-- What an experiment makes of a run. A run that was interrupted may lack what it needs: that is said, not raised.
local function attempt(problems, what, make, ...)
  if not make then
    return nil
  end
  local ok, value, more = pcall(make, ...)
  if ok then
    return value, more
  elseif runner.is_interrupt(value) then
    error(value, 0)
  end
  problems[#problems + 1] = ("no %s: %s"):format(what, tostring(value):gsub("^[^\n]-:%d+: ", ""):match("^[^\n]*"))
end

-- The cases that were measured often enough for a conclusion, as a run of their own; and the others.
local function conclusive(run, module)
  local enough, few = setmetatable({ cases = {} }, { __index = run }), {}
  for _, case in ipairs(run.cases) do
    local n, once = #case.samples, results.is_once(run, module, case.case)
    local least = once and 1 or module.race and module.race.least or statistics.enough
    table.insert(n >= least and enough.cases or few, n > 0 and case or nil)
  end
  return enough, few
end

-- `block=copy size=1000000` as `copy 1e6`.
local function short(name)
  return (name:gsub("[%w_]+=(%S+)", function(value)
    return command.value(math.tointeger(value) or value)
  end))
end

-- The names of some cases of a run.
local function names_of(run, cases)
  local ids, list = {}, {}
  for i, case in ipairs(run.cases) do
    ids[i] = case.id
  end
  local names = case_names(ids)
  for i, case in ipairs(cases) do
    list[i] = short(names[case.id])
  end
  return table.concat(list, "; ")
end

-- What failed, what was dropped, and what was measured too seldom.
local function problems_of(run, seldom)
  local problems, dropped, few = {}, {}, {}
  for _, case in ipairs(run.cases) do
    if case.error then
      problems[#problems + 1] = ("%s failed: %s"):format(case.id, case.error)
    elseif case.dropped then
      dropped[#dropped + 1] = case
    end
  end
  if #dropped > 0 then
    local why = "too few samples for a conclusion since the time was too short"
    problems[#problems + 1] = #run.cases == 1 and why
      or ("%s, %d of %d cases: %s"):format(why, #dropped, #run.cases, names_of(run, dropped))
  end
  for _, case in ipairs(seldom) do
    few[#few + 1] = not case.dropped and case or nil
  end
  if #few > 0 then
    local all = #few + #dropped == #run.cases
    problems[#problems + 1] = ("too few samples (less than %d) for a conclusion from %s"):format(statistics.enough,
      all and "any case" or names_of(run, few))
  end
  return problems
end

-- Plots with a line that has points; the others were of what was not measured.
local function drawn(plots)
  local list = {}
  for _, plot in ipairs(plots or {}) do
    local has_points = false
    for _, line in ipairs(plot.lines) do
      has_points = has_points or #line.y > 0
    end
    list[#list + 1] = has_points and plot or nil
  end
  return list
end

local function section_of(all, run, experiment)
  local module = experiment or {}
  local enough, few = conclusive(run, module)
  local problems = problems_of(run, few)
  local measured = #enough.cases + #few
  local section = { name = run.experiment, question = module.question or run.experiment, problems = problems }
  if measured > 0 then
    local concluded = #enough.cases > 0 and enough or run
    section.answer, section.more = attempt(problems, "answer", module.answer, concluded, all)
    if section.answer and #enough.cases == 0 then
      section.answer = "Too few samples for a conclusion; what was seen: " .. section.answer
    end
    section.plots = attempt(problems, "pictures", module.plots, concluded, all)
    section.tables = attempt(problems, "table", tables.of, run, experiment, all)
  end
  section.answer = section.answer or measured == 0 and "Nothing was measured." or "No answer from this data."
  section.plots, section.tables = drawn(section.plots), section.tables or {}
  section.effort = circumstances.effort(run)
  section.command = command.repeating(all, run)
  return section
end

-- What a run of `policies` leaves open: which policy suits a program of the reader's own.
local function hint_of(all)
  local has = {}
  for _, run in ipairs(all.runs) do
    has[run.experiment] = true
  end
  return has.policies and not has.advise and #all.runs > 1 and {
    name = "advise", question = "Which policy should my program use?",
    answer = "Most programs do well with what they get without asking: policy \"double\", block \"auto\". If you know "
      .. "the size beforehand, give it (capacity = n): then nothing grows. If memory at the peak counts more than "
      .. "time, try 1.5. Do not use a fixed step (increment:1000) for arrays that may become large.",
    more = "Whether another policy is better for your program is measured with it, not with this page: it depends on "
      .. "how many arrays it has, and on how they grow. Write a Lua file that uses arrays as your program does, such "
      .. "as the one below. The command runs it under every policy, drops early those that are certainly worse, and "
      .. "tells in a minute which one to use, or that there is no difference.",
    example = "return function(new)\n  local a = new{ type = \"int64\" }\n  for i = 1, 1000000 do a:append(i) end\nend",
    command = command.program .. " advise FILE.lua", plots = {}, tables = {}, problems = {},
  } or nil
end

--- The sections of a report.
-- @param all what `lab.run` or `lab.load` returned
-- @param options optional: `experiments`, a list of those that are known; all figures of a run stand for what its
-- experiment would say
-- @return a list of { name, question, answer, more (nil, or further sentences), plots, tables, problems, effort,
-- command }
function sections.of(all, options)
  local by_name = {}
  for _, experiment in ipairs(options and options.experiments or {}) do
    by_name[experiment.name] = experiment
  end
  local list = {}
  for k, run in ipairs(all.runs) do
    list[k] = section_of(all, run, by_name[run.experiment])
  end
  list[#list + 1] = hint_of(all)
  return list
end

return sections
