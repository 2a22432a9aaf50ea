--- Runs that go on where an interrupted one ended.
local results = require "dynarray.lab.run.results"

local resume = {}

-- The same cases of the same experiments, in an order from the same seed.
local function is_same_plan(all, built)
  if all.seed ~= built.seed or #all.runs ~= #built.runs then
    return false
  end
  for i, run in ipairs(built.runs) do
    local other = all.runs[i]
    if other.experiment ~= run.experiment or #other.cases ~= #run.cases then
      return false
    end
    for k, case in ipairs(run.cases) do
      if other.cases[k].id ~= case.id then
        return false
      end
    end
  end
  return true
end

local function exists(path)
  local file = io.open(path, "rb")
  if file then
    file:close()
  end
  return file ~= nil
end

-- Gives what is there, of whatever run, the first number that is free.
-- @return the new name of results.jsonl
local function set_aside(directory)
  local number = 1
  while exists(("%s/results.%d.jsonl"):format(directory, number)) do
    number = number + 1
  end
  local path = ("%s/results.%d."):format(directory, number)
  assert(os.rename(directory .. "/results.jsonl", path .. "jsonl"))
  if exists(directory .. "/results.csv") then
    assert(os.rename(directory .. "/results.csv", path .. "csv"))
  end
  return path .. "jsonl"
end

--- What a run of the same plan has left in that directory, if it is complete: to its end, with samples of every case,
-- none of which failed. Else nil.
-- @param built what plan.build returned
function resume.complete(directory, built)
  local path = directory .. "/results.jsonl"
  local ok, all = pcall(function() return exists(path) and results.load(path) end)
  if not (ok and all and not all.interrupted and is_same_plan(all, built)) then
    return nil
  end
  for _, run in ipairs(all.runs) do
    for _, entry in ipairs(run.cases) do
      if entry.error or #entry.samples == 0 then
        return nil
      end
    end
  end
  return all
end

--- What an interrupted run of the same plan left in that directory, nil if there is nothing to go on with.
-- Cases that failed at once or were dropped are tried again: what they lacked may be there now. Results of anything
-- else are kept under another name.
-- @param built what plan.build returned
-- @return the results, or nil and that name, if any
function resume.from(directory, built)
  local path = directory .. "/results.jsonl"
  if not exists(path) then
    return nil
  end
  local ok, all = pcall(results.load, path)
  if not (ok and all.interrupted and is_same_plan(all, built)) then
    return nil, set_aside(directory)
  end
  for _, run in ipairs(all.runs) do
    for _, entry in ipairs(run.cases) do
      if #entry.samples == 0 then
        entry.error = nil
      end
      entry.dropped = nil
    end
  end
  return all
end

return resume
