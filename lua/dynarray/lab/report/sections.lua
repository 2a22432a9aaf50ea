--- A report's content, one section an experiment, whatever the form that it is shown in.
-- @module dynarray.lab.report.sections
local case_names = require "dynarray.lab.report.case_names"
local circumstances = require "dynarray.lab.report.circumstances"
local command = require "dynarray.lab.report.command"
local medians = require "dynarray.lab.report.medians"
local results = require "dynarray.lab.run.results"
local runner = require "dynarray.lab.run.runner"
local statistics = require "dynarray.lab.statistics"
local tables = require "dynarray.lab.report.tables"
local units = require "dynarray.lab.base.units"

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

-- `block=copy size=1000000` as `copy 1e6`, and `bytes=65536` as `64 KiB`: `unit_of` has the units of parameters.
local function short(name, unit_of)
  return (name:gsub("([%w_]+)=(%S+)", function(key, value)
    local number = math.tointeger(value)
    return number and unit_of[key] and units.number(number, unit_of[key]) or command.value(number or value)
  end))
end

-- The names of some cases of a run of that experiment.
local function names_of(run, module, cases)
  local ids, list = {}, {}
  for i, case in ipairs(run.cases) do
    ids[i] = case.id
  end
  local names, unit_of = case_names(ids), {}
  for _, parameter in ipairs(module.parameters or {}) do
    unit_of[parameter.name] = parameter.unit
  end
  for i, case in ipairs(cases) do
    list[i] = short(names[case.id], unit_of)
  end
  return table.concat(list, "; ")
end

-- What failed, what was dropped, and what was measured too seldom.
local function problems_of(run, module, seldom)
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
      or ("%s, %d of %d cases: %s"):format(why, #dropped, #run.cases, names_of(run, module, dropped))
  end
  for _, case in ipairs(seldom) do
    few[#few + 1] = not case.dropped and case or nil
  end
  if #few > 0 then
    local all = #few + #dropped == #run.cases
    problems[#problems + 1] = ("too few samples (less than %d) for a conclusion from %s"):format(statistics.enough,
      all and "any case" or names_of(run, module, few))
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

-- The results with these cases alone: no answer builds on what another experiment has seen too seldom.
local function conclusive_results(all, by_name)
  local runs = {}
  for k, run in ipairs(all.runs) do
    runs[k] = conclusive(run, by_name[run.experiment] or {})
  end
  return setmetatable({ runs = runs }, { __index = all })
end

local function section_of(all, run, experiment, firm)
  local module = experiment or {}
  local enough, few = conclusive(run, module)
  local problems = problems_of(run, module, few)
  local measured = #enough.cases + #few
  local section = { name = run.experiment, question = module.question or run.experiment, problems = problems }
  if measured > 0 then
    local concluded, others = run, all
    if #enough.cases > 0 then
      concluded, others = enough, firm
    end
    section.answer, section.more = attempt(problems, "answer", module.answer, concluded, others)
    if section.answer and #enough.cases == 0 then
      section.answer = "Too few samples for a conclusion; what was seen: " .. section.answer
    end
    section.plots = attempt(problems, "pictures", module.plots, concluded, others)
    section.tables = attempt(problems, "table", tables.of, run, experiment, all)
  end
  section.answer = section.answer or measured == 0 and "Nothing was measured." or "No answer from this data."
  section.plots, section.tables = drawn(section.plots), section.tables or {}
  section.effort = circumstances.effort(run)
  section.command = command.repeating(all, run)
  return section
end

-- That run of the results, as medians of the cases that were measured often enough; nil if there is none.
local function view_of(all, name, by_name)
  for _, run in ipairs(all.runs) do
    if run.experiment == name then
      return medians.of((conclusive(run, by_name[name] or {})))
    end
  end
end

-- How little policies differ with the block that one gets without asking; nothing where that was not measured.
local function times_hint(all, by_name)
  local view = view_of(all, "policies", by_name)
  local size, count, low, high
  for _, row in ipairs(view.rows) do
    local c, ns = row.case, row.metrics.ns_per_append
    if c.block == "auto" and ns and c.policy ~= "exact" and c.size >= (size or 0) then
      if c.size > (size or 0) then
        size, count, low, high = c.size, 0, math.huge, 0
      end
      count, low, high = count + 1, math.min(low, ns.median), math.max(high, ns.median)
    end
  end
  return size and count > 1 and ("With block \"auto\", policies other than \"exact\" took %s to %s for each of %s "
    .. "appends here. "):format(units.number(low, "ns"), units.number(high, "ns"), units.digits(size)) or ""
end

local ABOUT_THE_SAME = 1.05 -- times: what is held at the peak is the same

-- What 1.5 does for memory, as it was measured where that was.
local function memory_hint(all, by_name)
  local view = view_of(all, "memory", by_name)
  local function peak(policy)
    return view and view:value({ what = "array", policy = policy, block = "auto" }, "peak_per_element")
  end
  local less, double = peak "1.5", peak "double"
  local text = " A smaller factor such as 1.5 leaves less room unused"
  if not (less and double) then
    return text .. "."
  end
  local is_same = math.max(less / double, double / less) < ABOUT_THE_SAME
  return ("%s; %s: at the peak RAM held %s bytes an element with 1.5, %s with double."):format(text,
    is_same and "that saved no RAM here, only addresses" or less < double and "that saved RAM here"
    or "yet it took more RAM here", units.digits(less), units.digits(double))
end

-- What a run of `policies` leaves open: which policy suits a program of the reader's own.
local function hint_of(all, by_name)
  local has = {}
  for _, run in ipairs(all.runs) do
    has[run.experiment] = true
  end
  return has.policies and not has.advise and #all.runs > 1 and {
    name = "advise", question = "Which policy should my program use?",
    answer = "Most programs do well with what they get without asking: policy \"double\", block \"auto\". If you know "
      .. "the size beforehand, give it (capacity = n): then nothing grows.",
    more = times_hint(all, by_name)
      .. "Do not use a fixed step (increment:1000) for arrays that may become large: wherever a block cannot "
      .. "grow without being copied, its time rises with the square of the size."
      .. memory_hint(all, by_name)
      .. "\nYou set policy and capacity where an array is made: dynarray.new{ type = \"int64\", growth = 1.5, "
      .. "capacity = 1000 }. A block may have to be copied if it is small, if the host program brings an "
      .. "allocator of its own, or on a system that is neither Linux nor Windows. In many small arrays that "
      .. "stay as they are, unused room does take RAM: a:shrink_to_fit() gives it back."
      .. "\nOnly a measurement of your own program tells whether another policy is better for it. Write a Lua "
      .. "file that uses arrays as your program does, such as the one below. The command runs it under every "
      .. "policy, drops early those that are certainly worse, and tells in a minute which one to use, or that "
      .. "there is no difference.",
    example = "return function(new)\n  local a = new{ type = \"int64\" }\n"
      .. "  for i = 1, 1000000 do a:append(i) end\nend",
    command = command.program .. " advise FILE.lua", plots = {}, tables = {}, problems = {},
  } or nil
end

--- The sections of a report.
-- @param all what `lab.run` or `lab.load` returned
-- @param options optional: `experiments`, a list of those that are known; all figures of a run stand for what its
-- experiment would say
-- @return a list of { name, question, answer, more (nil, or further sentences: each line is a paragraph), plots,
-- tables, problems, effort, command }
function sections.of(all, options)
  local by_name = {}
  for _, experiment in ipairs(options and options.experiments or {}) do
    by_name[experiment.name] = experiment
  end
  local list, firm = {}, conclusive_results(all, by_name)
  for k, run in ipairs(all.runs) do
    list[k] = section_of(all, run, by_name[run.experiment], firm)
  end
  list[#list + 1] = hint_of(all, by_name)
  return list
end

return sections
