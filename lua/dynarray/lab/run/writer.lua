--- Results written while they are measured: results.jsonl, whose lines results.lua explains, and results.csv beside it,
-- one row a measurement.
local filesystem = require "dynarray.lab.base.filesystem"
local json = require "dkjson"
local results = require "dynarray.lab.run.results"

local writer = {}
writer.__index = writer

local fixed_columns = { "experiment", "id", "round", "metric", "value", "unit" }

local function field(value)
  local text = value == nil and "" or tostring(value)
  if text:find('[",\r\n]') then
    text = '"' .. text:gsub('"', '""') .. '"' -- RFC 4180
  end
  return text
end

local function put(file, path, text)
  local ok, message = file:write(text)
  if ok then
    ok, message = file:flush()
  end
  if not ok then
    error(("cannot write %s: %s"):format(path, message), 0)
  end
end

function writer:line(object)
  put(self.jsonl, self.path, json.encode(object) .. "\n")
end

function writer:row(values)
  for i = 1, self.columns do
    values[i] = field(values[i])
  end
  put(self.csv, self.csv_path, table.concat(values, ",", 1, self.columns) .. "\n")
end

local function open(path)
  local file, message = io.open(path, "wb")
  if not file then
    error("cannot write " .. message, 0)
  end
  return file
end

-- The keys of all cases, in order.
local function keys_of(all)
  local set, keys = {}, {}
  for _, run in ipairs(all.runs) do
    for _, entry in ipairs(run.cases) do
      for key in pairs(entry.case) do
        if not set[key] then
          set[key] = true
          keys[#keys + 1] = key
        end
      end
    end
  end
  table.sort(keys)
  return keys
end

--- A writer into that directory, which is made if need be. What `all` holds is written first, to a new file that then
-- takes the place of the old one.
function writer.new(directory, all)
  local path = directory .. "/results.jsonl"
  local self = setmetatable({ path = path, csv_path = directory .. "/results.csv", keys = keys_of(all) }, writer)
  self.columns = #fixed_columns + #self.keys
  filesystem.make_directory(directory)
  self.jsonl = open(path .. ".new")
  for _, environment in ipairs(all.environments) do
    self:line { kind = "environment", schema = results.schema, seed = all.seed, quick = all.quick, all = all.all,
      budget = all.budget, command = all.command, environment = environment }
  end
  self.csv = open(self.csv_path)
  self:row(table.move(self.keys, 1, #self.keys, #fixed_columns + 1, { table.unpack(fixed_columns) }))
  for _, run in ipairs(all.runs) do
    local cases = {}
    for i, entry in ipairs(run.cases) do
      cases[i] = { id = entry.id, case = setmetatable(entry.case, nil) }
    end
    self:line { kind = "run", experiment = run.experiment, parameters = run.parameters, metrics = run.metrics,
      cases = cases }
    for _, entry in ipairs(run.cases) do
      for _, sample in ipairs(entry.samples) do
        self:sample(run, entry, sample)
      end
      if entry.error then
        self:error(run, entry)
      elseif entry.dropped then
        self:dropped(run, entry)
      end
    end
  end
  local ok, message = os.rename(path .. ".new", path)
  if not ok then
    error("cannot write " .. message, 0)
  end
  return self
end

function writer:sample(run, entry, sample)
  self:line { kind = "sample", experiment = run.experiment, id = entry.id, round = sample.round,
    seconds = sample.seconds, metrics = sample.metrics, series = sample.series, again = sample.again,
    slow = sample.slow }
  for _, metric in ipairs(run.metrics) do
    local value = sample.metrics[metric.name]
    if value then
      local row = { run.experiment, entry.id, sample.round, metric.name, value, metric.unit }
      for i, key in ipairs(self.keys) do
        row[#fixed_columns + i] = entry.case[key]
      end
      self:row(row)
    end
  end
end

function writer:error(run, entry)
  self:line { kind = "error", experiment = run.experiment, id = entry.id, message = entry.error }
end

function writer:dropped(run, entry)
  self:line { kind = "dropped", experiment = run.experiment, id = entry.id }
end

function writer:finish(seconds, interrupted)
  self:line { kind = "end", seconds = seconds, interrupted = interrupted }
  self:close()
end

function writer:close()
  self.jsonl:close()
  self.csv:close()
end

return writer
