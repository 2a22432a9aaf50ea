--- The growth laboratory: experiments on real arrays, measured so that a sceptic believes them.
--
--     local lab = require "dynarray.lab"
--     local all = lab.run { names = { "policies" }, quick = true }
--     for _, line in ipairs(lab.results.summary(all.runs[1])) do print(line.id, line.metric, line.median) end
--
-- What each experiment measures stands in its module; what results are, in dynarray.lab.results.
--
-- An experiment of a script's own is a table like those of the laboratory, and goes into `names` as it is:
--
--     { name = "mine",
--       question = "What does it cost?",
--       parameters = { { name = "size", default = { 100, 1000 }, quick = { 10 }, help = "elements" } },
--       check = function(parameters) ... end,           -- optional: raises an error about values that cannot be
--       cases = function(parameters) return { { size = 100 }, ... } end, -- strings, numbers and booleans by name
--       metrics = { { name = "ns", unit = "ns", better = "less" }, { name = "growths", exact = true } },
--                                                       -- less, more or nothing is better; exact: the same each time
--                                                       -- (unless = { block = "auto" }: but not in those cases);
--                                                       -- main = true: its interval decides when a case is done
--       measure = function(case) return { ns = 1.5, growths = 7 }, series end, -- one sample; series is optional:
--                                                       -- { name = { x = {...}, y = {...} } }, for plots
--       once = true,      -- optional: one sample a case is enough
--       fresh = true,     -- optional: each sample in a process of its own, which finds the experiment by
--       module = "mine" } -- require, or dofile with `file = "mine.lua"`
--
-- For reports it may have plots, tables and answer, see dynarray.lab.report.
local plan = require "dynarray.lab.plan"
local results = require "dynarray.lab.results"
local runner = require "dynarray.lab.runner"
local stats = require "dynarray.lab.stats"

local lab = { results = results, stats = stats }

--- Measures, and returns the results. Ctrl-C ends it early: what was measured is returned, with `interrupted = true`.
-- @param options a table, all of it optional: names = list of experiments (names, or tables of the shape of the
--   laboratory's own); experiments = list that names are looked up in; parameters = { size = { 100, 1000 }, ... };
--   only = list of ids of cases; quick = true: small parameters; budget = seconds, 60 by default, though each case is
--   measured once in any case; width = of the 95% interval of the median, relative, 0.05 by default: a case with a
--   narrower one is done; timeout = seconds: a sample in a process of its own that takes longer is ended, and its case
--   has failed; seed = integer, 1 by default; output = directory, where results.jsonl and results.csv are written as
--   they come, and an interrupted run of the same plan goes on; command = what to tell in reports;
--   on_progress = function { experiment, done, total, seconds, seconds_left }, called before the first sample, too
-- @return results, see dynarray.lab.results
function lab.run(options)
  return runner.run(options or {})
end

--- The cases that such a run measures, in the order of its first round.
-- @return list of { experiment, id, case }
function lab.plan(options)
  return plan.list(options)
end

--- Reads results from files and joins them.
-- @param ... paths of results.jsonl files
function lab.load(...)
  return results.load(...)
end

-- Loaded when they are first used.
local function forward(name)
  lab[name] = function(...)
    return require("dynarray.lab." .. name)[name](...)
  end
end

--- Two runs, metric by metric; see dynarray.lab.compare.
forward "compare"
--- A run as one page; see dynarray.lab.report.
forward "report"
--- Which policy a workload should use; see dynarray.lab.advise.
forward "advise"

-- lab.experiments: the list of the laboratory's own, in order.
return setmetatable(lab, {
  __index = function(_, key)
    return key == "experiments" and require "dynarray.lab.experiments" or nil
  end,
})
