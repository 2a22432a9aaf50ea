--- What was measured: the data of a run, what it comes to, and files of it read back.
--
-- results = { schema, environment, environments (list), notes (list), seed, quick, all, budget, command (false if files
--   of several were joined), interrupted, kept (the new name of earlier results in the same directory), runs }
-- run = { experiment, parameters, metrics, seconds, cases = { { id, case, samples, error, dropped } } }; dropped: there
--   was no time for enough samples
-- sample = { round, seconds, metrics = { name = number }, series = { name = { x, y } } or nil, again = how often it was
--   taken again because the processor was slow, slow = true if it was slow each time; both nil otherwise }
--
-- A file holds one JSON object a line: an environment first, the plan of each run, samples and errors as they came, and
-- an end. It is written while it is measured, so that a file without an end is one of an interrupted run.
-- @module dynarray.lab.run.results
local json = require "dkjson"
local statistics = require "dynarray.lab.statistics"

local results = { schema = 1 }

--- The name of a case: its keys in order, with their values.
function results.id(case)
  local words = {}
  for key, value in pairs(case) do
    words[#words + 1] = key .. "=" .. (type(value) == "number" and ("%.14g"):format(value) or tostring(value))
  end
  table.sort(words)
  return #words > 0 and table.concat(words, " ") or "case"
end

--- A number as a file keeps it, so that data in memory and data read back are the same; nil for NaN and infinities.
function results.number(x)
  if math.type(x) == "integer" then
    return x
  elseif x ~= x or x == math.huge or x == -math.huge then
    return nil
  end
  return tonumber(("%.14g"):format(x))
end

--- Empty results; fields: what is known about the whole.
function results.new(fields)
  local new = { schema = results.schema, environments = {}, notes = {}, runs = {}, interrupted = false }
  for key, value in pairs(fields or {}) do
    new[key] = value
  end
  return new
end

local function find(list, key, value)
  for _, item in ipairs(list) do
    if item[key] == value then
      return item
    end
  end
end

-- Facts that are other ones in each session, even on the same machine and with the same build.
local volatile = { time = true, load = true, warnings = true, overhead = true }

local function equal(a, b)
  if type(a) ~= "table" or type(b) ~= "table" then
    return a == b
  end
  for key, value in pairs(a) do
    if not equal(value, b[key]) then
      return false
    end
  end
  for key in pairs(b) do
    if a[key] == nil then
      return false
    end
  end
  return true
end

local function lasting(environment)
  local rest = {}
  for key, value in pairs(environment) do
    rest[key] = not volatile[key] and value or nil
  end
  return rest
end

--- The names of the facts in which two environments differ, in order. What is other in each session does not count.
function results.differences(one, other)
  local a, b, names = lasting(one), lasting(other), {}
  for name, value in pairs(a) do
    names[#names + 1] = not equal(value, b[name]) and name or nil
  end
  for name in pairs(b) do
    names[#names + 1] = a[name] == nil and name or nil
  end
  table.sort(names)
  return names
end

--- Adds an environment, unless one like it is there, and a note if it is another.
function results.add_environment(all, environment)
  for _, known in ipairs(all.environments) do
    if equal(lasting(known), lasting(environment)) then
      return
    end
  end
  all.environments[#all.environments + 1] = environment
  all.environment = all.environments[1]
  if #all.environments == 2 then
    all.notes[#all.notes + 1] = "measured in different environments"
  end
end

local function add_missing(list, more)
  for _, value in ipairs(more) do
    local there = false
    for _, known in ipairs(list) do
      there = there or known == value
    end
    if not there then
      list[#list + 1] = value
    end
  end
end

--- Adds the run of an experiment, without samples. If there is one already, it gets the cases that it lacks.
-- @param all results
-- @param plan { experiment, parameters, metrics, cases = { { id, case } } }
-- @return the run
function results.add_run(all, plan)
  local run = find(all.runs, "experiment", plan.experiment)
  if not run then
    run = { experiment = plan.experiment, parameters = {}, metrics = {}, cases = {}, seconds = 0 }
    all.runs[#all.runs + 1] = run
  end
  for name, values in pairs(plan.parameters) do
    run.parameters[name] = run.parameters[name] or {}
    add_missing(run.parameters[name], values)
  end
  for _, metric in ipairs(plan.metrics) do
    if not find(run.metrics, "name", metric.name) then
      run.metrics[#run.metrics + 1] = metric
    end
  end
  for _, case in ipairs(plan.cases) do
    if not find(run.cases, "id", case.id) then
      run.cases[#run.cases + 1] = { id = case.id, case = case.case, samples = {} }
    end
  end
  return run
end

local function nanoseconds(seconds)
  return math.floor(seconds * 1e9 + 0.5)
end

--- Adds a sample to a case of the run, unless it has it: one of the same round that took as long, to the nanosecond.
function results.add_sample(run, entry, sample)
  for _, known in ipairs(entry.samples) do
    if known.round == sample.round and known.seconds == sample.seconds then
      return
    end
  end
  entry.samples[#entry.samples + 1] = sample
  -- in whole nanoseconds, so that the sum is the same in whatever order samples come
  run.seconds = (nanoseconds(run.seconds) + nanoseconds(sample.seconds)) / 1e9
end

-- -------------------------------------------------------------------------------------------------------------------
-- Reading files

local function is_strings_to(value, kind)
  if type(value) ~= "table" then
    return false
  end
  for key, v in pairs(value) do
    if type(key) ~= "string" or not kind(v) then
      return false
    end
  end
  return true
end

local function is_scalar(v)
  return type(v) == "string" or type(v) == "number" or type(v) == "boolean"
end

local function is_list_of(value, kind)
  if type(value) ~= "table" then
    return false
  end
  for key, v in pairs(value) do
    if math.type(key) ~= "integer" or key < 1 or key > #value or not kind(v) then
      return false
    end
  end
  return true
end

local function is_number(v)
  return type(v) == "number"
end

local function is_string(v)
  return type(v) == "string"
end

local function is_fact(v)
  return is_scalar(v) or type(v) == "table"
end

local function is_values(v)
  return is_list_of(v, is_scalar)
end

local function is_metric(v)
  return type(v) == "table" and type(v.name) == "string"
end

local function is_case(v)
  return type(v) == "table" and is_strings_to(v.case, is_scalar) and v.id == results.id(v.case)
end

local function is_points(v)
  return type(v) == "table" and is_list_of(v.x, is_number) and is_list_of(v.y, is_number)
    and #v.x == #v.y
end

local kinds = {}

function kinds.environment(all, line)
  if line.schema ~= results.schema then
    return ("schema %s, this version reads schema %d"):format(tostring(line.schema), results.schema)
  elseif not is_strings_to(line.environment, is_fact) or
      line.environment.warnings ~= nil and not is_list_of(line.environment.warnings, is_string) then
    return "an environment without data"
  end
  if all.environment and line.command ~= all.command then
    all.command = false
  end
  for _, name in ipairs { "seed", "quick", "all", "budget", "command" } do
    if all[name] == nil and is_scalar(line[name]) then
      all[name] = line[name]
    end
  end
  results.add_environment(all, line.environment)
end

function kinds.run(all, line)
  if not (type(line.experiment) == "string" and is_strings_to(line.parameters, is_values) and
      is_list_of(line.metrics, is_metric) and is_list_of(line.cases, is_case)) then
    return "a run without experiment, parameters, metrics or cases"
  end
  results.add_run(all, line)
end

local function place_of(all, line)
  local run = find(all.runs, "experiment", line.experiment)
  return run, run and find(run.cases, "id", line.id)
end

function kinds.sample(all, line)
  local run, entry = place_of(all, line)
  if not entry then
    return "a sample of a case that no run has"
  elseif not (math.type(line.round) == "integer" and is_number(line.seconds) and is_strings_to(line.metrics, is_number)
      and (line.series == nil or is_strings_to(line.series, is_points))
      and (line.again == nil or is_number(line.again)) and (line.slow == nil or type(line.slow) == "boolean")) then
    return "a sample without round, seconds or metrics"
  end
  local metrics = {}
  for name, value in pairs(line.metrics) do
    metrics[name] = results.number(value)
  end
  results.add_sample(run, entry,
    { round = line.round, seconds = line.seconds, metrics = metrics, series = line.series, again = line.again,
      slow = line.slow })
end

function kinds.error(all, line)
  local _, entry = place_of(all, line)
  if not entry or type(line.message) ~= "string" then
    return "an error of a case that no run has, or without message"
  end
  entry.error = line.message
end

function kinds.dropped(all, line)
  local _, entry = place_of(all, line)
  if not entry then
    return "a dropped case that no run has"
  end
  entry.dropped = true
end

kinds["end"] = function(_, line)
  if type(line.interrupted) ~= "boolean" then
    return "an end that does not tell whether it was interrupted"
  end
end

-- The object of a line, or nil. Deeply nested input overflows the decoder's stack: an error like any other.
local function decode(text)
  local ok, object, after = pcall(json.decode, text, 1, nil, nil)
  if ok and type(object) == "table" and not text:find("%S", after) then
    return object
  end
end

local function read_lines(path)
  local file, message = io.open(path, "rb")
  if not file then
    error(message, 0)
  end
  local text, problem = file:read("a")
  file:close()
  if not text then
    error(("%s: %s"):format(path, problem), 0)
  end
  return text
end

--- Reads one file into `all`.
-- @return whether the file has an end that was not interrupted
local function read(all, path)
  local text = read_lines(path)
  local number, finished, known = 0, false, false
  for line, newline in text:gmatch("([^\n]*)(\n?)") do
    number = number + 1
    local object = line ~= "" and decode(line)
    if object and not known and object.kind ~= "environment" or not object and number == 1 then
      error(path .. ": no results of the laboratory", 0)
    elseif object then
      local kind = kinds[object.kind]
      local problem = not kind and ("unknown kind '%s'"):format(tostring(object.kind)) or kind(all, object)
      if problem then
        error(("%s:%d: %s"):format(path, number, problem), 0)
      end
      known = true
      finished = object.kind == "end" and not object.interrupted
    elseif line ~= "" and newline == "" then
      all.notes[#all.notes + 1] = ("%s: the last line is cut and was dropped"):format(path)
      finished = false
    elseif line ~= "" then
      error(("%s:%d: not a JSON object"):format(path, number), 0)
    end
  end
  return finished
end

-- What failed in one file and was measured in another did not fail; what was dropped in one may have samples enough.
local function forgive(all)
  for _, run in ipairs(all.runs) do
    for _, entry in ipairs(run.cases) do
      if entry.error and #entry.samples > 0 then
        all.notes[#all.notes + 1] = ("%s, %s failed in one of the files: %s"):format(run.experiment, entry.id,
          entry.error)
        entry.error = nil
      end
      if #entry.samples >= statistics.enough then
        entry.dropped = nil
      end
    end
  end
end

--- Reads files and joins what they hold: cases of the same experiment, samples of the same case.
-- Raises an error that names the file and the line where something is wrong; a last line that is cut is dropped, with
-- a note.
-- @param ... paths
function results.load(...)
  local all = results.new()
  for _, path in ipairs { ... } do
    if not read(all, path) then
      all.interrupted = true
    end
  end
  if select("#", ...) > 1 then
    forgive(all)
  end
  return all
end

-- -------------------------------------------------------------------------------------------------------------------
-- What it comes to

--- The samples of a metric of one case, a list.
function results.values(entry, metric)
  local values = {}
  for _, sample in ipairs(entry.samples) do
    values[#values + 1] = sample.metrics[metric]
  end
  return values
end

--- The samples of a metric of each of these cases, by round: a list of tables, as race.standing takes them.
function results.by_round(entries, metric)
  local arms = {}
  for i, entry in ipairs(entries) do
    arms[i] = {}
    for _, sample in ipairs(entry.samples) do
      arms[i][sample.round] = sample.metrics[metric]
    end
  end
  return arms
end

--- Whether the metric is the same each time in this case: it is exact, unless the case has all of these values.
function results.is_exact(metric, case)
  if not metric.exact or type(metric.unless) ~= "table" then
    return metric.exact or false
  end
  for key, value in pairs(metric.unless) do
    if case[key] ~= value then
      return true
    end
  end
  return false
end

--- One line for each case and each of its metrics that was measured.
-- @return list of { id, case, metric, unit, exact, n, median, low, high, min, max, outliers }, see statistics.describe
function results.summary(run)
  local lines = {}
  for _, entry in ipairs(run.cases) do
    for _, metric in ipairs(run.metrics) do
      local values = results.values(entry, metric.name)
      if #values > 0 then
        local line = statistics.describe(values)
        line.exact = results.is_exact(metric, entry.case)
        if line.exact then
          line.low, line.high = line.median, line.median
        end
        line.id, line.case, line.metric, line.unit = entry.id, entry.case, metric.name, metric.unit
        lines[#lines + 1] = line
      end
    end
  end
  return lines
end

--- Whether a case is measured once: its experiment says so, or all metrics are the same each time.
function results.is_once(run, module, case)
  local once = module.once
  if type(once) == "function" then
    once = once(case)
  end
  if once then
    return true
  end
  for _, metric in ipairs(run.metrics) do
    if not metric.exact then
      return false
    end
  end
  return true
end

local function matching(run, match)
  local entries = {}
  for _, entry in ipairs(run.cases) do
    local fits = true
    for key, value in pairs(match) do
      fits = fits and entry.case[key] == value
    end
    if fits then
      entries[#entries + 1] = entry
    end
  end
  return entries
end

--- All samples of a metric, of the cases with these values.
-- @param run a run of the results
-- @param match a table: some keys of the case and their values
-- @param metric its name
-- @return a list of numbers
function results.samples(run, match, metric)
  local values = {}
  for _, entry in ipairs(matching(run, match)) do
    table.move(results.values(entry, metric), 1, #entry.samples, #values + 1, values)
  end
  return values
end

--- The median of these samples, nil if there are none.
function results.value(run, match, metric)
  local values = results.samples(run, match, metric)
  return #values > 0 and statistics.median(values) or nil
end

--- The series of that name in the last sample that has it, nil if none has.
function results.last_series(run, match, name)
  local last
  for _, entry in ipairs(matching(run, match)) do
    for _, sample in ipairs(entry.samples) do
      last = sample.series and sample.series[name] or last
    end
  end
  return last
end

return results
