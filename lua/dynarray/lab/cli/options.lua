--- What the command line takes.
-- @module dynarray.lab.cli.options
local argparse = require "argparse"

local dynarray = require "dynarray"

local options = {}

--- Columns of what is printed: a terminal of a usual width shows it whole.
options.width = 100

local function number(least, what)
  return function(word)
    local value = tonumber(word)
    if not value or value ~= value or value < least then
      return nil, ("'%s' is not %s"):format(word, what)
    end
    return math.tointeger(value) or value
  end
end

local function integer(word)
  local value = math.tointeger(tonumber(word))
  return value, not value and ("'%s' is not an integer"):format(word) or nil
end

-- A share, or the path of a file.
local function threshold(word)
  local value = tonumber(word)
  if not value then
    return word
  end
  return number(0, "a share of 0 or more")(word)
end

local sized = number(1, "a number of 1 or more")

-- "1e3,1e4" as a list; each value by `convert`.
local function list(convert)
  return function(word)
    local values = {}
    for part in (word .. ","):gmatch("([^,]*),") do
      local value, problem = part, nil
      if convert then
        value, problem = convert(part)
      elseif part == "" then
        value, problem = nil, ("'%s' has an empty value"):format(word)
      end
      if value == nil then
        return nil, problem
      end
      values[#values + 1] = value
    end
    return values
  end
end

-- Repeated lists make one.
local function append(result, name, values)
  result[name] = result[name] or {}
  table.move(values, 1, #values, #result[name] + 1, result[name])
end

local function of_arrays(command)
  command:option("--size", "Numbers of elements, as in 1e3,1e4."):argname("N,…"):convert(list(sized)):count("*")
    :action(append)
  command:option("--type", "Element types, as in int64,value."):argname("NAME,…"):convert(list()):count("*")
    :action(append)
end

local function measuring(command, blocks)
  command:option("--policy", "Growth policies, as in double,1.5,increment:100."):argname("NAME,…"):convert(list())
    :count("*"):action(append)
  command:option("--block", "Block kinds: auto, copy, stable." .. (blocks or "")):argname("NAME,…"):convert(list())
    :count("*"):action(append)
  command:option("--memory", "Warm: memory that the system has given before. Cold: as it comes, which is slower.")
    :argname("NAME,…"):convert(list()):count("*"):action(append)
  command:mutex(
    command:flag("--quick", "Few and small cases."),
    command:flag("--all", "Every case that the experiments know; takes an hour."))
  command:option("--budget", "Seconds to measure: 60 by default, with --quick 10. Cases for which there is no time are "
    .. "dropped; with 0, each is measured once.")
    :argname("SECONDS"):convert(number(0, "a number of seconds"))
  command:option("--width", "End as soon as the 95% intervals of all medians are narrower: 0.05 is 5%.")
    :argname("SHARE"):convert(number(0, "a share of 0 or more"))
  command:option("--timeout", "End a sample that takes longer, where it has a process of its own.")
    :argname("SECONDS"):convert(number(0, "a number of seconds"))
  command:option("--seed", "Of the order in which cases are measured."):argname("N"):convert(integer)
  command:option("--output", "The directory of the results."):argname("DIR")
end

local function printing(command)
  command:option("--format", "What is printed."):argname("FORMAT"):choices { "text", "markdown", "json", "csv" }
    :default("text")
  command:flag("--brief", "Print the answers only.")
  command:flag("--quiet", "Print nothing.")
end

--- The parser: `parser:pparse(words)`.
function options.parser()
  local parser = argparse("dynarray-lab", "Growth experiments on real arrays.",
    "Each command has its own --help. Results are written while they are measured: Ctrl-C loses nothing, and the same "
    .. "command goes on from there.")
  parser:command_target("command")
  parser:require_command(true)
  parser:usage_max_width(options.width)
  parser:help_max_width(options.width)
  parser:flag("--version", "Print the version."):action(function()
    io.stdout:write(("dynarray-lab %s, %s\n"):format(dynarray.version, _VERSION))
    os.exit(0)
  end)

  parser:command("list", "The experiments, what they ask, and their parameters.")

  local run = parser:command("run", "Measure: all experiments, or those named.")
  run:argument("names", "Names of experiments."):args("*")
  of_arrays(run)
  measuring(run)
  run:option("--case", "Only this case, named as `plan` does."):argname("ID"):count("*")
  run:flag("--keep", "Measure nothing if the directory has complete results of the same plan.")
  printing(run)

  local advise = parser:command("advise", "Run a workload under every policy, and recommend one.")
  advise:argument("file", "A Lua script that returns function(new) ... end and makes its arrays by new{...}.")
  measuring(advise, " The first is run with every policy, stable with the first policy alone, copy with all but those "
    .. "that add a constant.")
  printing(advise)

  local selfcheck = parser:command("selfcheck", "Measure the same twice, as if it were two versions: how far can "
    .. "differences be believed? Exit status 1: less than is wanted.")
  of_arrays(selfcheck)
  measuring(selfcheck)
  printing(selfcheck)

  local predict = parser:command("predict", "Tell how long a growth takes, and where the time goes, without running "
    .. "it. What things cost on this machine is measured once, in ten seconds, and kept.")
  predict:argument("policy", "A growth policy, as in double, 1.5, increment:1000.")
  predict:argument("size", "Elements appended, as in 1e8."):convert(sized)
  predict:option("--type", "The element type."):argname("NAME"):default("int64")
  predict:option("--block", "auto or copy; both without."):argname("NAME"):choices { "auto", "copy" }
  predict:flag("--measure", "Measure again what things cost.")
  predict:option("--output", "The directory of what things cost."):argname("DIR")

  local report = parser:command("report", "Make a report of result files; several are merged.")
  report:argument("files", "Files named results.jsonl."):args("*")
  report:option("--plan", "The lines that `plan` printed: the results of all of them. Tasks without complete results "
    .. "are named; run the same lines again, and only these are repeated. Exit status 1: there are some.")
    :argname("FILE")
  report:option("--format", "Of the report."):argname("FORMAT")
    :choices { "html", "markdown", "text", "answers" }:default("html")
  report:option("--output", "The file of the report; without, report.html beside the first file, or the terminal.")
    :argname("FILE")
  report:option("--pictures", "Write the pictures into this directory instead."):argname("DIR")
  report:option("--plot", "Only the picture of this name."):argname("NAME"):count("*")
  report:flag("--png", "Pictures as PNG, not SVG.")

  local compare = parser:command("compare",
    "Compare two runs. Exit status 1: some metric got worse by more than the threshold.")
  compare:argument("old", "A results.jsonl.")
  compare:argument("new", "Another.")
  compare:option("--threshold", "A share: 0.05 is 5%. Or the results.jsonl of `selfcheck`: what 95% of its cases stay "
    .. "below."):argname("SHARE|FILE"):convert(threshold):default("0.05")
  compare:option("--format", "What is printed."):argname("FORMAT"):choices { "text", "markdown" }:default("text")

  local plan = parser:command("plan",
    "Print a shell command for each case, which measures it into a directory of its own.")
  plan:argument("names", "Names of experiments."):args("*")
  of_arrays(plan)
  measuring(plan)

  parser:command("man", "Print the manual page: dynarray-lab man | man -l -")
  parser:add_complete_command("completion")
  return parser
end

return options
