--- One sample of a case in a fresh process, under the interpreter that runs this one.
--
-- Not by os.execute: while that waits, this process ignores Ctrl-C. With a pipe, the signal ends both processes.
local json = require "dkjson"
local shell = require "dynarray.lab.base.shell"
local steady = require "dynarray.lab.run.steady"

local child = {}

local MARK = "dynarray-lab-sample " -- begins the line with the answer; what else is printed is not for us

-- The words at negative indices of arg end with the interpreter.
local function candidates()
  local list = {}
  if type(arg) == "table" then
    local first = 0
    while arg[first - 1] do
      first = first - 1
    end
    list[1] = first < 0 and arg[first] or nil
  end
  list[#list + 1] = os.getenv("LUA")
  list[#list + 1] = "lua" .. _VERSION:match("[%d.]+")
  list[#list + 1] = "lua"
  return list
end

local interpreter

--- The command that starts this version of Lua. A plain `lua` may be another version, so each is asked.
function child.interpreter()
  for _, name in ipairs(interpreter and {} or candidates()) do
    if shell.output(shell.quote(name) .. " -e 'print(_VERSION)'") == _VERSION then
      interpreter = name
      break
    end
  end
  return interpreter or error(("no interpreter of %s for fresh processes: set LUA"):format(_VERSION), 0)
end

local function experiment_of(module)
  if module.file then
    return { file = module.file }
  end
  local name = module.module or "dynarray.lab.experiments." .. module.name
  if not package.searchpath(name, package.path) and not package.preload[name] then
    error(("experiment '%s' wants fresh processes: give it module = or file =, where they find it"):format(module.name),
      0)
  end
  return { module = name }
end

local TIMED_OUT = 124 -- the status of timeout (coreutils)

-- In the foreground, so that Ctrl-C reaches what it runs.
local function command(question, timeout)
  local format = "package.path, package.cpath = %q, %q require('dynarray.lab.run.child').answer(%q)"
  local chunk = format:format(package.path, package.cpath, json.encode(question))
  local limit = timeout and ("timeout --foreground --kill-after=5 %.3f "):format(timeout) or ""
  return ("exec %s%s -e %s </dev/null"):format(limit, shell.quote(child.interpreter()), shell.quote(chunk))
end

local function result_of(text)
  local answer
  for line in text:gmatch("[^\n]+") do
    if line:sub(1, #MARK) == MARK then
      answer = json.decode(line:sub(#MARK + 1), 1, nil, nil)
    end
  end
  return answer
end

--- Measures a case in a process of its own.
-- @param timeout optional: seconds, after which the process is ended
-- @param best optional: ns of steady.reference at its best; the measurement waits a moment for the processor
-- @return a table { metrics, series, seconds, reference = ns of the slower loop around it }; raises the error that the
-- experiment raised
function child.sample(module, case, timeout, best)
  local question = experiment_of(module)
  question.case, question.best, question.shifts_heap = case, best, module.shifts_heap
  local pipe <close> = assert(io.popen(command(question, timeout)))
  local text = pipe:read("a")
  local _, how, code = pipe:close()
  local answer = text and result_of(text)
  if how == "signal" and code == 2 then
    error("interrupted!", 0) -- SIGINT, before Lua's handler was there
  elseif not answer and timeout and how == "exit" and (code == TIMED_OUT or code == 128 + 9) then
    error(("took more than %.14g s, and was stopped"):format(timeout), 0)
  elseif not answer then
    error(("the process of the sample ended with %s %s and no result"):format(how == "signal" and "signal" or "status",
      tostring(code)), 0)
  elseif answer.error then
    error(answer.error, 0)
  end
  return answer
end

--- Measures in this process.
-- @return as child.sample
function child.measure(module, case)
  local clock = require "dynarray".probe.clock
  local before = clock()
  local metrics, series = module.measure(case)
  return { metrics = metrics, series = series, seconds = (clock() - before) / 1e9 }
end

-- Where blocks lie within their pages can change the time of the same script by a third (caches, and stores that look
-- like the loads after them), and malloc lays out all blocks of a script alike in each process. So its heap begins
-- elsewhere in each run, and no policy is lucky in all of them. T. Mytkowicz et al., "Producing wrong data without
-- doing anything obviously wrong", 2009; C. Curtsinger and E. Berger, "Stabilizer", 2013. Experiments with small loops
-- of our own do without: it made half of the cases of `selfcheck` differ by up to 7%, in place of 1%.
local PAGE, ALIGNMENT = 4096, 16

local function shift_heap()
  child.padding = ("x"):rep(require "dynarray".probe.clock() % (PAGE // ALIGNMENT) * ALIGNMENT)
end

--- The other side of child.sample: prints the answer.
function child.answer(text)
  local ok, answer = pcall(function()
    local question = json.decode(text, 1, nil, nil)
    if question.shifts_heap then
      shift_heap()
    end
    local module = question.file and dofile(question.file) or require(question.module)
    local before = steady.wait(question.best)
    local measured = child.measure(module, question.case)
    measured.reference = math.max(before, steady.reference())
    return json.encode(measured)
  end)
  io.stdout:write("\n", MARK, ok and answer or json.encode { error = tostring(answer) }, "\n")
end

return child
