--- What a run will measure: which experiments, with which parameters, which cases, in which order.
local dynarray = require "dynarray"
local random = require "dynarray.lab.base.random"
local results = require "dynarray.lab.run.results"
local simulate = require "dynarray.lab.model.simulate"

local plan = {}

local DEFAULT_BUDGET, QUICK_BUDGET = 60, 10 -- seconds
local DEFAULT_WIDTH = 0.05

local known_options = {
  names = "table", experiments = "table", parameters = "table", only = "table", quick = "boolean", all = "boolean",
  budget = "number", width = "number", timeout = "number", seed = "number", output = "string", command = "string",
  keep = "boolean", on_start = "function", on_progress = "function",
}

local function fail(text, ...)
  error(text:format(...), 0)
end

local function check_options(options)
  for name, value in pairs(options) do
    local wanted = known_options[name]
    if not wanted then
      fail("unknown option '%s' of the laboratory", tostring(name))
    elseif type(value) ~= wanted then
      fail("option %s expected a %s, got %s", name, wanted, type(value))
    end
  end
  for _, name in ipairs { "budget", "width" } do
    local value = options[name]
    if value and not (value >= 0 and value < math.huge) then
      fail("%s %s out of range (0 and more)", name, tostring(value))
    end
  end
  if options.timeout and not (options.timeout > 0 and options.timeout < math.huge) then
    fail("timeout %s out of range (more than 0)", tostring(options.timeout))
  end
  if options.quick and options.all then
    fail("quick and all cannot be used together")
  end
  if options.seed and not math.tointeger(options.seed) then
    fail("seed %s is not an integer", tostring(options.seed))
  end
end

-- -------------------------------------------------------------------------------------------------------------------
-- Experiments

local shape = { { "name", "string" }, { "question", "string" }, { "parameters", "table" }, { "cases", "function" },
  { "metrics", "table" }, { "measure", "function" } }

local function check_experiment(experiment)
  for _, pair in ipairs(shape) do
    local field, wanted = table.unpack(pair)
    if type(experiment[field]) ~= wanted then
      fail("experiment %s: %s expected a %s, got %s", tostring(experiment.name), field, wanted, type(experiment[field]))
    end
  end
  return experiment
end

local function names_of(list)
  local names = {}
  for i, item in ipairs(list) do
    names[i] = item.name
  end
  return table.concat(names, ", ")
end

local function named(list, name)
  for _, experiment in ipairs(list) do
    if experiment.name == name then
      return experiment
    end
  end
  fail("no experiment '%s' (there are %s)", tostring(name), names_of(list))
end

-- The experiments asked for: names of the list, or experiments.
local function chosen(options)
  local wanted, seen = {}, {}
  local list = options.experiments or {}
  for _, name in ipairs(options.names or list) do
    local experiment = check_experiment(type(name) == "table" and name or named(list, name))
    if seen[experiment.name] then
      fail("experiment '%s' is named twice", experiment.name)
    end
    seen[experiment.name] = true
    wanted[#wanted + 1] = experiment
  end
  return wanted
end

-- -------------------------------------------------------------------------------------------------------------------
-- Parameters

-- What the library says about an option that it does not take.
local function taken_by_new(option)
  return function(value)
    local ok, message = pcall(dynarray.new, { type = "float64", [option] = value })
    return ok or (message:gsub("^bad argument #%d to '.-' %((.*)%)$", "%1"))
  end
end

local taken_by_growth = taken_by_new "growth"

local checks = {
  policy = function(value)
    local growth = simulate.growth(value)
    if type(growth) == "number" and growth > 1 and growth < simulate.least_factor then
      return ("growth factor %.14g out of range (%s or more, since growths are simulated one by one)"):format(growth,
        simulate.least_factor)
    end
    return taken_by_growth(growth)
  end,
  type = taken_by_new "type",
  block = taken_by_new "block",
  memory = function(value)
    return value == "warm" or value == "cold" or ("memory %s is unknown (warm or cold)"):format(tostring(value))
  end,
  size = function(value)
    return math.type(value) == "integer" and value >= 1 and value <= 1 << 53
      or ("size %s out of range (1 to %d)"):format(tostring(value), 1 << 53)
  end,
}

--- Raises an error about values of parameters that cannot be.
-- @param values a table: one value by the name of a parameter
function plan.check(values)
  for name, value in pairs(values) do
    local verdict = not checks[name] or checks[name](value)
    if verdict ~= true then
      fail("%s", verdict)
    end
  end
end

-- 1e3 is an integer here.
local function plain(value)
  return math.type(value) == "float" and math.tointeger(value) or value
end

local function includes(list, value)
  for _, one in ipairs(list or {}) do
    if plain(one) == value then
      return true
    end
  end
  return false
end

-- The values of a parameter as a list. What the experiment itself names is allowed.
local function values_of(experiment, parameter, given)
  local values = {}
  for i, one in ipairs(type(given) == "table" and given or { given }) do
    local value = plain(one)
    local kind = type(value)
    if kind ~= "number" and kind ~= "string" and kind ~= "boolean" then
      fail("%s: %s cannot be a %s", experiment.name, parameter.name, kind)
    end
    local check = checks[parameter.name]
    local own = includes(parameter.default, value) or includes(parameter.quick, value) or includes(parameter.all, value)
    local verdict = own or not check or check(value)
    if verdict ~= true then
      fail("%s", verdict)
    end
    values[i] = value
  end
  if #values == 0 then
    fail("%s: %s has no values", experiment.name, parameter.name)
  end
  return values
end

local function parameters_of(experiment, options)
  local parameters = {}
  for _, parameter in ipairs(experiment.parameters) do
    local given = options.parameters and options.parameters[parameter.name]
    if given == nil then
      given = options.quick and parameter.quick or options.all and parameter.all or parameter.default
    end
    parameters[parameter.name] = values_of(experiment, parameter, given)
  end
  if experiment.check then
    experiment.check(parameters)
  end
  return parameters
end

local function check_parameter_names(experiments, given)
  for name in pairs(given or {}) do
    local there = {}
    for _, experiment in ipairs(experiments) do
      for _, parameter in ipairs(experiment.parameters) do
        if parameter.name == name then
          there = true
        elseif there ~= true then
          there[#there + 1] = experiment.name .. " has " .. parameter.name
        end
      end
    end
    if there ~= true then
      fail("no parameter '%s' (%s)", tostring(name), #there > 0 and table.concat(there, ", ") or "there are none")
    end
  end
end

-- -------------------------------------------------------------------------------------------------------------------
-- Cases

local function copy_of_case(experiment, case)
  local copy = {}
  for key, value in pairs(case) do
    if type(key) ~= "string" or type(value) == "table" or type(value) == "function" then
      fail("experiment %s: a case holds strings, numbers and booleans by name", experiment.name)
    end
    copy[key] = plain(value)
  end
  return copy
end

local function cases_of(experiment, parameters)
  local cases, seen = {}, {}
  for i, case in ipairs(experiment.cases(parameters)) do
    local copy = copy_of_case(experiment, case)
    local id = results.id(copy)
    if seen[id] then
      fail("experiment %s: two cases are named '%s'", experiment.name, id)
    end
    seen[id] = true
    cases[i] = { id = id, case = copy }
  end
  return cases
end

-- Only the cases with these ids; experiments without any are left out.
local function select_cases(runs, only)
  local wanted, left = {}, {}
  for _, id in ipairs(only) do
    wanted[id] = false
  end
  for _, run in ipairs(runs) do
    local cases = {}
    for _, case in ipairs(run.cases) do
      if wanted[case.id] ~= nil then
        wanted[case.id] = true
        cases[#cases + 1] = case
      end
    end
    run.cases = cases
    if #cases > 0 then
      left[#left + 1] = run
    end
  end
  for _, id in ipairs(only) do
    if not wanted[id] then
      fail("no case '%s'", id)
    end
  end
  return left
end

-- What is said about a metric, without functions.
local function metrics_of(experiment)
  local metrics = {}
  for i, metric in ipairs(experiment.metrics) do
    metrics[i] = {}
    for key, value in pairs(metric) do
      metrics[i][key] = type(value) ~= "function" and value or nil
    end
  end
  return metrics
end

--- The plan of a run; the same options and seed give the same one. Raises an error about what cannot be.
-- @param options of lab.run
-- @return { seed, quick, budget, width, command, runs = { { experiment = name, module, parameters, metrics, cases } } }
function plan.build(options)
  options = options or {}
  check_options(options)
  local experiments = chosen(options)
  check_parameter_names(experiments, options.parameters)
  local runs = {}
  for i, experiment in ipairs(experiments) do
    local parameters = parameters_of(experiment, options)
    runs[i] = { experiment = experiment.name, module = experiment, parameters = parameters,
      metrics = metrics_of(experiment), cases = cases_of(experiment, parameters) }
  end
  if options.only then
    runs = select_cases(runs, options.only)
  end
  return {
    seed = math.tointeger(options.seed or 1), quick = options.quick or false, all = options.all or false,
    budget = options.budget or (options.quick and QUICK_BUDGET or DEFAULT_BUDGET),
    width = options.width or DEFAULT_WIDTH, command = options.command, runs = runs,
  }
end

--- The cases of a round in the order in which they are measured.
function plan.round(seed, experiment, round, cases)
  return random.new(("%d %s %d"):format(seed, experiment, round)):shuffled(cases)
end

--- All cases, in the order of the first round.
-- @return list of { experiment = name, id, case }
function plan.list(options)
  local built, list = plan.build(options), {}
  for _, run in ipairs(built.runs) do
    for _, case in ipairs(plan.round(built.seed, run.experiment, 1, run.cases)) do
      list[#list + 1] = { experiment = run.experiment, id = case.id, case = case.case }
    end
  end
  return list
end

return plan
