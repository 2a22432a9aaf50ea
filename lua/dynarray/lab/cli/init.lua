--- The command line: what `dynarray-lab` does.
-- @module dynarray.lab.cli
local circumstances = require "dynarray.lab.report.circumstances"
local command = require "dynarray.lab.report.command"
local compare = require "dynarray.lab.report.compare"
local constants_of = require "dynarray.lab.experiments.shared.constants"
local costs = require "dynarray.lab.experiments.costs"
local dynarray = require "dynarray"
local filesystem = require "dynarray.lab.base.filesystem"
local lab = require "dynarray.lab"
local man = require "dynarray.lab.cli.man"
local options = require "dynarray.lab.cli.options"
local plan = require "dynarray.lab.run.plan"
local plot = require "dynarray.lab.plot"
local progress = require "dynarray.lab.run.progress"
local selfcheck = require "dynarray.lab.experiments.selfcheck"
local sentence = require "dynarray.lab.report.sentence"
local sweep = require "dynarray.lab.cli.sweep"
local terminal = require "dynarray.lab.cli.terminal"
local text_table = require "dynarray.lab.report.text_table"

local cli = {}

--- Exit statuses. 130 is what shells give to a program ended by Ctrl-C.
cli.status = { ok = 0, regression = 1, failed = 1, usage = 2, interrupted = 130 }

-- Errors that the user can do something about: one line, no position.
local function refuse(format, ...)
  error({ message = format:format(...) }, 0)
end

local function check(value, problem)
  if value == nil then
    refuse("%s", problem)
  end
  return value
end

-- Options that may be repeated are empty lists where they are not given.
local function given(list)
  return list and #list > 0 and list or nil
end

-- Tells the user something beside what is printed, in lines of a usual width.
local function tell(format, ...)
  io.stderr:write(table.concat(sentence.wrapped(format:format(...), options.width, "  "), "\n"), "\n")
end

-- Prints; a full disk behind a pipe or a file is an error.
local function out(...)
  check(io.stdout:write(...))
end

local function parameters_of(arguments)
  local parameters = {}
  for _, name in ipairs(command.parameters) do
    parameters[name] = given(arguments[name])
  end
  return next(parameters) and parameters
end

local function run_options(context, arguments, names)
  local default = (context.output or "dynarray-lab") .. (#names > 0 and "/" .. table.concat(names, "-") or "")
  return {
    names = #names > 0 and names or nil, parameters = parameters_of(arguments), quick = arguments.quick,
    all = arguments.all, budget = arguments.budget, width = arguments.width or 0, timeout = arguments.timeout,
    seed = arguments.seed, output = arguments.output or default, only = given(arguments.case),
    command = command.program .. " " .. command.words(context.words), keep = arguments.keep,
  }
end

-- How much will be measured, and how long that takes.
local function announce(start)
  local function count(n, what)
    return ("%d %s%s"):format(n, what, n == 1 and "" or "s")
  end
  local time = start.seconds > 0 and "about " .. progress.duration(start.seconds) or "each once"
  local cases, experiments = count(start.cases, "case"), count(start.experiments, "experiment")
  io.stderr:write(("measuring %s of %s: %s\n"):format(cases, experiments, time))
end

-- Calls measure(options); says how long it will take, and keeps a progress line where there is a terminal to show it.
local function with_progress(run, measure, quiet)
  run.on_start = not quiet and announce or nil
  if not terminal.is(2) then
    return measure(run)
  end
  local clear
  run.on_progress, clear = progress.new(io.stderr, terminal.width())
  local results = table.pack(pcall(measure, run))
  clear()
  if not results[1] then
    error(results[2], 0)
  end
  return results[2]
end

local function copy_file(path)
  local file = check(io.open(path, "rb"))
  for block in file:lines(65536) do
    out(block)
  end
  file:close()
end

local function show(results, arguments, directory)
  local format = arguments.format
  if arguments.quiet then
    return
  elseif format == "json" or format == "csv" then
    copy_file(directory .. "/results." .. (format == "json" and "jsonl" or "csv"))
  elseif format == "markdown" then
    out(lab.report(results, { format = "markdown" }))
  else
    local on_terminal = terminal.is(1)
    out(lab.report(results, {
      format = "text", brief = arguments.brief, plots = on_terminal, colour = on_terminal,
      width = on_terminal and terminal.width(),
    }))
  end
end

local function any_failed(results)
  for _, run in ipairs(results.runs) do
    for _, case in ipairs(run.cases) do
      if case.error then
        return true
      end
    end
  end
  return false
end

-- Shows what was measured, writes the report beside it, and says where all is.
local function finish(results, arguments, run)
  show(results, arguments, run.output)
  if not arguments.quiet then
    for _, warning in ipairs(circumstances.warnings(results)) do
      tell("warning: %s", warning)
    end
    if results.kept then
      io.stderr:write("earlier results there are kept as ", results.kept, "\n")
    end
    local stream = arguments.format == "text" and io.stdout or io.stderr
    check(stream:write(("samples: %s/results.jsonl, results.csv\n"):format(run.output)))
    if not results.interrupted then
      local path = run.output .. "/report.html"
      check(lab.report(results, { output = path }))
      check(stream:write(("report:  %s\n"):format(path)))
    end
    if not plot.available() then
      io.stderr:write(plot.advice, "\n")
    end
  end
  if results.interrupted then
    io.stderr:write("interrupted; the same command goes on from here\n")
    return cli.status.interrupted
  end
  return any_failed(results) and cli.status.failed or cli.status.ok
end

local commands = {}

function commands.list()
  for _, experiment in ipairs(lab.experiments) do
    local margin = (" "):rep(12)
    local lines = table.concat(sentence.wrapped(margin .. experiment.question, options.width, margin), "\n")
    out(("%-10s  "):format(experiment.name), lines:sub(#margin + 1), "\n")
    for _, parameter in ipairs(experiment.parameters) do
      local line = ("%s%s: %s (%s)"):format((" "):rep(12), parameter.name, parameter.help or "",
        command.values(parameter.default):gsub(",", ", "))
        out(table.concat(sentence.wrapped(line, options.width, (" "):rep(14)), "\n"), "\n")
    end
  end
  return cli.status.ok
end

function commands.run(arguments, context)
  local run = run_options(context, arguments, arguments.names)
  return finish(with_progress(run, lab.run, arguments.quiet), arguments, run)
end

function commands.advise(arguments, context)
  local name = arguments.file:match("([^/]*)$"):gsub("%.lua$", "")
  local run = run_options(context, arguments, { "advise-" .. name })
  run.names = nil
  local function advise(all)
    return lab.advise(arguments.file, all)
  end
  return finish(with_progress(run, advise, arguments.quiet), arguments, run)
end

local SELFCHECK_BUDGET = 150

function commands.selfcheck(arguments, context)
  local run = run_options(context, arguments, { "selfcheck" })
  run.names = { selfcheck }
  run.budget = run.budget or not run.quick and SELFCHECK_BUDGET or nil
  local all = with_progress(run, lab.run, arguments.quiet)
  local status = finish(all, arguments, run)
  local found = selfcheck.of(all.runs[1])
  if status == cli.status.ok and not (found and found.as_wanted) then
    return cli.status.failed
  end
  return status
end

local COSTS_BUDGET = 10

-- The constants of this machine: those of the directory, or measured now and kept there. Those that an older version
-- measured may lack some.
local function constants_in(directory, again)
  local path = directory .. "/results.jsonl"
  local known = not again and filesystem.first_line(path) and lab.load(path)
  local constants = known and not known.interrupted and constants_of.among(known)
  if not constants then
    local measured = { names = { "costs" }, budget = COSTS_BUDGET, width = 0, output = directory }
    constants = constants_of.among(with_progress(measured, lab.run))
  end
  return constants or refuse("%s: this system does not tell what things cost", path)
end

function commands.predict(arguments, context)
  local case = { policy = arguments.policy, size = math.tointeger(arguments.size), type = arguments.type }
  plan.check { policy = case.policy, size = case.size or arguments.size, type = case.type }
  local constants = constants_in(arguments.output or context.output .. "/costs", arguments.measure)
  for _, block in ipairs { arguments.block or "copy", not arguments.block and "auto" or nil } do
    case.block = block
    local said, parts = costs.explain(constants, case)
    out(table.concat(sentence.wrapped(said, options.width), "\n"), "\n\n")
    out(text_table.aligned(parts, options.width), "\n")
  end
  return cli.status.ok
end

-- The results of all tasks of a plan that have some; what the others lack is told, and noted in the results.
local function results_of_plan(path)
  local tasks = check(sweep.tasks(path))
  local files, problems = sweep.look(tasks)
  for _, problem in ipairs(problems) do
    io.stderr:write(problem, "\n")
  end
  if #files == 0 then
    refuse("%s: no task has results yet", path)
  end
  local results = lab.load(table.unpack(files))
  table.move(problems, 1, #problems, #results.notes + 1, results.notes)
  return results, #problems
end

function commands.report(arguments, context)
  local files, missing = arguments.files, 0
  local results
  if arguments.plan then
    if #files > 0 then
      refuse("either files or --plan")
    end
    results, missing = results_of_plan(arguments.plan)
    files = { (arguments.plan:match("^(.*/)") or "") .. "results.jsonl" } -- the report stands beside the plan
  else
    files = #files > 0 and files or { context.output .. "/results.jsonl" }
    results = lab.load(table.unpack(files))
  end
  if arguments.pictures then
    filesystem.make_directory(arguments.pictures)
    local paths = check(lab.pictures(results, arguments.pictures,
      { format = arguments.png and "png" or "svg", names = given(arguments.plot) }))
    out(table.concat(paths, "\n"), "\n")
    return cli.status.ok
  end
  local path = arguments.output
  if not path and arguments.format == "html" then
    path = (files[1]:match("^(.*/)") or "") .. "report.html"
  end
  if path then
    check(lab.report(results, { format = arguments.format, output = path }))
    out(path, "\n")
  else
    local on_terminal = terminal.is(1)
    out((lab.report(results, {
      format = arguments.format, plots = on_terminal, colour = on_terminal, width = on_terminal and terminal.width(),
    })))
  end
  if not plot.available() then
    io.stderr:write(plot.advice, "\n")
  end
  return missing > 0 and cli.status.failed or cli.status.ok
end

function commands.compare(arguments)
  local old, new = lab.load(arguments.old), lab.load(arguments.new)
  local threshold = arguments.threshold
  if type(threshold) == "string" then
    threshold = selfcheck.threshold(lab.load(threshold))
  end
  local comparison = compare.compare(old, new, { threshold = threshold })
  for _, line in ipairs(circumstances.differences(old, new)) do
    tell("the runs differ in %s", line)
  end
  for k, run in ipairs { old, new } do
    local name = k == 1 and "old" or "new"
    for _, warning in ipairs(circumstances.warnings(run)) do
      tell("warning: %s: %s", name, warning)
    end
    if run.interrupted then
      tell("warning: %s: interrupted: what is missing was not measured", name)
    end
  end
  if comparison.counts["too few samples"] then
    tell "too few samples for so many rows: compare several runs of each, joined by cat"
  end
  local shown = compare.table(comparison)
  out(arguments.format == "markdown" and text_table.markdown(shown) or text_table.aligned(shown, options.width), "\n")
  out(table.concat(sentence.wrapped(compare.summary(comparison), options.width), "\n"), "\n")
  if #comparison.rows == 0 then
    return cli.status.failed
  end
  return comparison.regressions > 0 and cli.status.regression or cli.status.ok
end

-- The options given, without the parameters that an experiment does not have.
local function settings_of(experiment, arguments)
  local own = {
    quick = arguments.quick, all = arguments.all, budget = arguments.budget, width = arguments.width,
    timeout = arguments.timeout, seed = arguments.seed,
  }
  for _, parameter in ipairs(experiment.parameters) do
    own[parameter.name] = arguments[parameter.name]
  end
  return command.settings(own)
end

-- One line a case: what is given here is given to each.
function commands.plan(arguments, context)
  local run = run_options(context, arguments, arguments.names)
  local settings = {}
  for _, experiment in ipairs(lab.experiments) do
    settings[experiment.name] = settings_of(experiment, arguments)
  end
  for k, one in ipairs(lab.plan(run)) do
    local case = command.words { "--case", one.id, "--output", ("%s/%04d"):format(run.output, k) }
    out(("%s run %s --keep --quiet%s %s\n"):format(command.program, one.experiment, settings[one.experiment], case))
  end
  return cli.status.ok
end

local FILES = {
  { "results.jsonl, results.csv", "Every sample, in the directory of the results." },
  { "report.html", "The report, beside them." },
}
local STATUS = {
  { "0", "Success." },
  { "1", "A case failed; compare found something worse by more than its threshold; selfcheck found less than wanted." },
  { "2", "The command line, or a file, is not as it should be." },
  { "130", "Interrupted; the same command goes on from there." },
}

function commands.man()
  out(man.page(options.parser(), { version = dynarray.version, files = FILES, status = STATUS }))
  return cli.status.ok
end

-- An error as one line: the message alone, since it is for the user of the program.
local function one_line(problem)
  if type(problem) == "table" and problem.message then
    problem = problem.message
  end
  return (tostring(problem):gsub("^[^%s:]+%.lua:%d+: ", ""):gsub("%s*\n.*", ""))
end

--- Runs a command.
-- @param words what was given on the command line
-- @param context `program`: the words that start the program; `output`: the directory of results where none is given
-- @return the exit status
function cli.main(words, context)
  context.words = table.move(words, 1, #words, 1, {})
  command.program = command.words(context.program)
  local parsed, arguments = options.parser():pparse(context.words)
  if not parsed then
    io.stderr:write("dynarray-lab: ", one_line(arguments), " (see dynarray-lab --help)\n")
    return cli.status.usage
  end
  local ok, status = pcall(function()
    local status = commands[arguments.command](arguments, context)
    check(io.stdout:flush())
    return status
  end)
  if ok then
    return status
  elseif tostring(status):find("interrupted!", 1, true) then
    io.stderr:write("interrupted\n")
    return cli.status.interrupted
  end
  io.stderr:write("dynarray-lab: ", one_line(status), "\n")
  return cli.status.usage
end

return cli
