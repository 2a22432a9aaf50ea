--- A sweep over several machines, as its plan knows it: which tasks there are, and which have no complete results.
-- @module dynarray.lab.cli.sweep
local filesystem = require "dynarray.lab.base.filesystem"
local results = require "dynarray.lab.run.results"

local sweep = {}

-- The word after an option, as the shell reads it.
local function word_after(line, option)
  local rest = line:match("%s" .. option:gsub("%-", "%%-") .. " (.*)$")
  if not rest then
    return nil
  end
  local plain = rest:match("^([^'%s]+)")
  if plain then
    return plain
  end
  local quoted = rest:gsub("'\\''", "\0"):match("^'([^']*)'")
  return quoted and quoted:gsub("\0", "'") or nil
end

--- The tasks of a plan: the lines that `dynarray-lab plan` printed.
-- @return a list of { line, experiment, id, directory }; or nil and why not
function sweep.tasks(path)
  local text = filesystem.contents(path)
  if not text then
    return nil, path .. ": cannot be read"
  end
  local tasks = {}
  for line in text:gmatch("[^\n]+") do
    local task = { line = #tasks + 1, experiment = line:match(" run (%S+)"), id = word_after(line, "--case"),
      directory = word_after(line, "--output") }
    if not (task.experiment and task.id and task.directory) then
      return nil, ("%s:%d: no line of `dynarray-lab plan`"):format(path, task.line)
    end
    tasks[#tasks + 1] = task
  end
  if #tasks == 0 then
    return nil, path .. ": no tasks"
  end
  return tasks
end

-- Why what a task left is not complete; nil if it is.
local function lacks(task, all)
  if all.interrupted then
    return "was cut"
  end
  for _, run in ipairs(all.runs) do
    for _, entry in ipairs(run.cases) do
      if entry.id == task.id and entry.error then
        return "failed: " .. entry.error
      elseif entry.id == task.id and #entry.samples > 0 then
        return nil
      end
    end
  end
  return "has no samples"
end

--- What is there of these tasks.
-- @return the files with results, a list; and a list of sentences, one for each task without complete results
function sweep.look(tasks)
  local files, problems = {}, {}
  for _, task in ipairs(tasks) do
    local path, problem = task.directory .. "/results.jsonl", "has no results"
    if filesystem.first_line(path) then
      local ok, all = pcall(results.load, path)
      files[#files + 1] = ok and path or nil
      problem = not ok and tostring(all) or nil
      problem = problem or lacks(task, all)
    end
    problems[#problems + 1] = problem and ("task %d, %s %s, %s: run that line again"):format(task.line, task.experiment,
      task.id, problem) or nil
  end
  return files, problems
end

return sweep
