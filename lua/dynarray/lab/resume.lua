--- Runs that go on where an interrupted one ended.
local results = require "dynarray.lab.results"

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

--- What an interrupted run of the same plan left in that directory, nil if there is nothing to go on with.
-- A finished run will be replaced; an unfinished one of another plan, and a file that is something else, get another
-- name.
-- @param built what plan.build returned
function resume.from(directory, built)
  local path = directory .. "/results.jsonl"
  if not exists(path) then
    return nil
  end
  local ok, all = pcall(results.load, path)
  if ok and all.interrupted and is_same_plan(all, built) then
    return all
  elseif not ok or all.interrupted then
    assert(os.rename(path, directory .. "/results.unfinished.jsonl"))
  end
end

return resume
