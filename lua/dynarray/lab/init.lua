--- The growth laboratory: experiments on real arrays, measured so that a sceptic believes them.
--
--     local lab = require "dynarray.lab"
--     local all = lab.run { names = { "policies" }, quick = true }
--     for _, line in ipairs(lab.results.summary(all.runs[1])) do print(line.id, line.metric, line.median) end
--
-- What each experiment measures stands in its module; what results are, in dynarray.lab.run.results.
--
-- An experiment of a script's own is a table like those of the laboratory, and goes into `names` as it is:
--
--     { name = "mine",
--       question = "What does it cost?",
--       parameters = { { name = "size", default = { 100, 1000 }, quick = { 10 }, help = "elements" } }, -- also: all
--       check = function(parameters) ... end,           -- optional: raises an error about values that cannot be
--       cases = function(parameters) return { { size = 100 }, ... } end, -- strings, numbers and booleans by name
--       metrics = { { name = "ns", unit = "ns", better = "less" }, { name = "growths", exact = true } },
--                                                       -- less, more or nothing is better; exact: the same each time
--                                                       -- (unless = { block = "auto" }: but not in those cases);
--                                                       -- main = true: its interval decides when a case is done
--       measure = function(case) return { ns = 1.5, growths = 7 }, series end, -- one sample; series is optional:
--                                                       -- { name = { x = {...}, y = {...} } }, for plots
--       once = true,      -- optional: one sample a case is enough; or function(case)
--       needed = function(case) return true end, -- optional: whether the answer needs the case. Where time is short,
--                         -- the others are dropped first. Without it, the first case alone is needed
--       touches = function(case) return 1e6 end, -- optional: bytes of memory that a sample writes to. The system gives
--                         -- them before it begins, unless case.memory is "cold"
--       race = { least = 10, losers = function(entries) return set, decided end }, -- optional: after each round, the
--                         -- entries that are certainly worse; they get no more than `least` samples. The run ends when
--                         -- all is decided; with ends_early, half of its time is kept for rounds after the first;
--                         -- ranked = function(entries): the most promising first. If there is no time for ten samples
--                         -- of all, the last are given up
--       fresh = true,     -- optional: each sample in a process of its own, which finds the experiment by
--       module = "mine" } -- require, or dofile with `file = "mine.lua"`
--
-- For reports it may have `plots`, `tables` and `answer`: functions of the run and of all results; see
-- dynarray.lab.report. `answer` returns one or two plain sentences and, if there is more to say, a second string, each
-- line of which is a paragraph. The run that `answer` and `plots` get has only cases with samples enough, unless there
-- are none.
-- @module dynarray.lab
local plan = require "dynarray.lab.run.plan"
local results = require "dynarray.lab.run.results"
local runner = require "dynarray.lab.run.runner"
local statistics = require "dynarray.lab.statistics"

-- The options, with the laboratory's experiments where they name no others.
local function with_experiments(options)
  local copy = { experiments = require "dynarray.lab.experiments" }
  for key, value in pairs(options or {}) do
    copy[key] = value
  end
  return copy
end

-- Those of commands of their own, which no list has: reports know them, too.
local function with_known_experiments(options)
  local copy = with_experiments(options)
  copy.experiments = table.move(copy.experiments, 1, #copy.experiments, 1, {})
  for _, name in ipairs { "advise", "selfcheck" } do
    local experiment = require("dynarray.lab.experiments." .. name)
    copy.experiments[#copy.experiments + 1] = experiment
  end
  return copy
end

local lab = { results = results, stats = statistics }

--- Measures, and returns the results. Ctrl-C ends it early: what was measured is returned, with `interrupted = true`.
-- @param options optional, as is all in it
-- @param options.names experiments: names, or tables of the shape of the laboratory's own; default: all
-- @param options.experiments the list in which names are looked up; default: the laboratory's
-- @param options.parameters lists of values by parameter, as in `{ size = { 100, 1000 } }`
-- @param options.only ids of cases: no other is measured
-- @param options.quick true: few and small cases
-- @param options.all true: all cases that the experiments name, which takes long
-- @param options.budget seconds, 60 by default and 10 if quick. Each case gets ten samples at least: if there is no
--   time for that, the last cases of each experiment are dropped, and marked in the results. With 0, or if quick, none
--   is dropped, and each is measured once in any case
-- @param options.width relative, of the 95% interval of the median; a case with a narrower one is done; default 0.05
-- @param options.timeout seconds after which a sample in a process of its own is ended, and its case has failed
-- @param options.seed integer, 1 by default: of the order of the cases
-- @param options.output a directory: results.jsonl and results.csv are written there as they come, and an interrupted
--   run of the same plan goes on
-- @param options.keep true: if `output` has complete results of the same plan, those are returned, and nothing is
-- measured
-- @param options.command what reports tell as the command that repeats the run
-- @param options.on_start function({ experiments, cases, seconds }), called before the first sample: how many there
--   are, and the seconds that will be used (0: each case is measured once)
-- @param options.on_progress function({ experiment, done, total, seconds, seconds_left }), called before the first
--   sample, too
-- @return results, see dynarray.lab.run.results
function lab.run(options)
  return runner.run(with_experiments(options))
end

--- The cases that such a run measures, in the order of its first round.
-- @param options those of `lab.run`
-- @return list of { experiment, id, case }
function lab.plan(options)
  return plan.list(with_experiments(options))
end

--- Reads results from files and joins them.
-- @param ... paths of results.jsonl files
-- @return results, see dynarray.lab.run.results
function lab.load(...)
  return results.load(...)
end

-- What follows is loaded when it is first used.

--- Two runs, metric by metric.
-- @param ... see `dynarray.lab.report.compare.compare`
-- @return the comparison
function lab.compare(...)
  return require("dynarray.lab.report.compare").compare(...)
end

--- A run as one page of HTML, or as Markdown or text; a string, or a file.
-- @param all what `lab.run` or `lab.load` returned
-- @param options see `dynarray.lab.report.report`
-- @return the report; with `output` true, or nil and why it could not be written
function lab.report(all, options)
  return require("dynarray.lab.report").report(all, with_known_experiments(options))
end

--- The pictures of a report as files.
-- @param all what `lab.run` or `lab.load` returned
-- @param directory there already
-- @param options see `dynarray.lab.report.picture_files.write`
-- @return the paths, a list; or nil and why not
function lab.pictures(all, directory, options)
  return require("dynarray.lab.report.picture_files").write(all, directory, with_known_experiments(options))
end

--- Which policy a workload should use.
-- @param ... see `dynarray.lab.experiments.advise.advise`
-- @return results
function lab.advise(...)
  return require("dynarray.lab.experiments.advise").advise(...)
end

-- lab.experiments: the list of the laboratory's own, in order.
return setmetatable(lab, {
  __index = function(_, key)
    return key == "experiments" and require "dynarray.lab.experiments" or nil
  end,
})
