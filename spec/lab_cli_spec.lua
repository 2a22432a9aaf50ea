-- The command line.
local child = require "support.child"
local files = require "support.files"
local lab = require "dynarray.lab"

local read = files.read
local write = require("support.lab").write
local PROGRAM = "bin/dynarray-lab"
local here = io.popen("pwd"):read("l")
local directory = here .. "/build/spec/cli"

-- What it printed; a status other than 0 fails the spec.
local function run(...)
  local out, err, ok, code = child.program(PROGRAM, ...)
  assert(ok, ("%s: %s%s"):format(code, out, err))
  return out, err
end

local function refused(message, ...)
  local out, err, _, code = child.program(PROGRAM, ...)
  assert.equal("", out)
  assert.truthy(err:find(message, 1, true), err)
  assert.equal(1, select(2, err:gsub("\n", "")), err)
  assert.equal(2, code)
end

before_each(function()
  os.execute("rm -rf '" .. directory .. "' && mkdir -p '" .. directory .. "'")
end)

describe("dynarray-lab list", function()
  it("has every experiment with its question and parameters", function()
    local out = run("list"):gsub("%s+", " ")
    for _, experiment in ipairs(lab.experiments) do
      assert.truthy(out:find(experiment.name, 1, true))
      assert.truthy(out:find(experiment.question, 1, true))
    end
    assert.truthy(out:find("size: elements appended (1e3)", 1, true))
  end)
end)

describe("dynarray-lab", function()
  it("tells its version", function()
    local dynarray = require "dynarray"
    assert.equal(("dynarray-lab %s, %s\n"):format(dynarray.version, _VERSION), (run "--version"))
  end)

  it("has a manual page with every command and option", function()
    local page = run "man"
    for _, words in ipairs { ".TH DYNARRAY\\-LAB 1", ".SS run", ".SS advise", ".SS selfcheck", ".SS predict",
      "\\-\\-budget", ".SH EXIT STATUS" } do
      assert.truthy(page:find(words, 1, true), words)
    end
    for line in page:gmatch("[^\n]+") do
      assert.truthy(not line:find("^'") and (not line:find("^%.") or line:find("^%.%u")), line)
    end
  end)

  it("completes its commands in the shell", function()
    for _, shell in ipairs { "bash", "zsh", "fish" } do
      assert.truthy(run("completion", shell):find("selfcheck", 1, true), shell)
    end
  end)

  it("prints lines of at most 100 columns", function()
    run("run", "article", "policies", "costs", "process", "--quick", "--budget", "0", "--quiet", "--output", directory)
    local file = directory .. "/results.jsonl"
    write(directory .. "/long.jsonl", (read(file):gsub('"warnings":%[[^]]*%]', '"warnings":[' ..
      '"the machine is busy, and this warning is so long that no terminal of a usual width can show it on one line"]')))
    local helps = {}
    for k, name in ipairs { "run", "advise", "selfcheck", "predict", "report", "compare", "plan" } do
      helps[k] = { name, "--help" }
    end
    for _, words in ipairs { { "list" }, { "--help" }, { "report", file, "--format", "text" },
      { "report", file, "--format", "answers" }, { "compare", file, directory .. "/long.jsonl" },
      { "predict", "increment:1000", "1e8", "--output", directory }, table.unpack(helps) } do
      local out, err = child.program(PROGRAM, table.unpack(words))
      for line in (out .. err):gmatch("[^\n]+") do
        assert.is_true(utf8.len(line) <= 100, line)
      end
    end
  end)
end)

describe("dynarray-lab run", function()
  it("shows the answer, and keeps samples and a report", function()
    local out, err = run("run", "article", "--output", directory .. "/a")
    assert.truthy(out:find("The growths copy 1023 elements", 1, true))
    assert.truthy(out:find("old allocated size: 512, new allocated size is 1024", 1, true))
    assert.truthy(out:find("report:  " .. directory .. "/a/report.html", 1, true))
    assert.falsy(err:find("\r", 1, true)) -- no progress on a pipe
    assert.truthy(read(directory .. "/a/report.html"):find("<svg", 1, true))
    local results = lab.load(directory .. "/a/results.jsonl")
    assert.equal(10, results.runs[1].cases[1].samples[1].metrics.growths)
    assert.truthy(results.command:find("bin/dynarray%-lab run article %-%-output"))
  end)

  it("prints JSON Lines, CSV or Markdown", function()
    local arguments = { "run", "article", "--output", directory, "--format" }
    local function printed(format)
      arguments[#arguments + 1] = format
      local out = run(table.unpack(arguments))
      arguments[#arguments] = nil
      return out
    end
    local lines = printed("json")
    assert.equal(read(directory .. "/results.jsonl"), lines)
    assert.truthy(lines:find('"kind":"sample"', 1, true))
    local head = "experiment,id,round,metric,value,unit,size\narticle,size=1000,1,growths,10,,1000\n"
    assert.equal(head, printed("csv"):sub(1, #head))
    assert.truthy(printed("markdown"):find("| append | trace |", 1, true))
  end)

  it("takes parameters, a seed and a budget", function()
    run("run", "policies", "--quick", "--size", "1e2,50", "--policy", "double", "--policy=1.5", "--block", "copy",
      "--type", "int32", "--memory", "cold", "--budget", "0", "--seed", "5", "--quiet", "--output", directory)
    local results = lab.load(directory .. "/results.jsonl")
    assert.equal(5, results.seed)
    local ids = {}
    for k, case in ipairs(results.runs[1].cases) do
      ids[k] = case.id
    end
    table.sort(ids)
    assert.same({
      "block=copy memory=cold policy=1.5 size=100 type=int32", "block=copy memory=cold policy=1.5 size=50 type=int32",
      "block=copy memory=cold policy=double size=100 type=int32",
      "block=copy memory=cold policy=double size=50 type=int32",
    }, ids)
  end)

  it("runs from another directory, and by its own name", function()
    local out, err, ok = child.shell(("cd '%s' && unset LUA_PATH && $LUA '%s/%s' run article --brief --output out")
      :format(directory, here, PROGRAM))
    assert(ok, err)
    assert.truthy(out:find("^article: 1000 appends make an array with room for one element grow 10 times"))
    assert.truthy(read(directory .. "/out/results.csv"):find("growths", 1, true))
    local by_name = [[
      interpreter=$(command -v "$LUA"); ln -sf "$interpreter" '%s/lua5.4'
      PATH='%s':$PATH; export PATH; %s list]]
    out, err, ok = child.shell(by_name:format(directory, directory, PROGRAM))
    assert(ok, err)
    assert.truthy(out:find("^article"))
  end)

  it("runs through a link, and tells how it was called", function()
    local line = "ln -s '%s/%s' '%s/link' && unset LUA_PATH && cd / && $LUA -e x=1 '%s/link' plan article"
    local out, err, ok = child.shell(line:format(here, PROGRAM, directory, directory))
    assert(ok, err)
    local interpreter = out:match("^(%S+) %-e x=1 '?" .. directory:gsub("%p", "%%%0") .. "/link'? run article ")
    assert.truthy(interpreter and not interpreter:find("^-"), out)
    run("run", "article", "--brief", "--output", directory)
    assert.truthy(read(directory .. "/report.html"):find("/?[%w/.]+ bin/dynarray%-lab run article %-%-size 1e3"))
  end)

  it("says where the results before are kept", function()
    local function measured()
      return select(2, run("run", "article", "--brief", "--output", directory))
    end
    assert.falsy(measured():find("kept", 1, true))
    local told = ("earlier results there are kept as %s/results.1.jsonl\n"):format(directory)
    assert.truthy(measured():find(told, 1, true))
  end)

  it("says how far it is on a terminal, and draws there", function()
    local out, err, ok = child.run([[
      package.loaded["dynarray.lab.cli.terminal"] = {
        is = function() return true end, width = function() return 90 end,
      }
      os.exit(require("dynarray.lab.cli").main({ "run", "article", "policies", "--quick", "--size", "1000", "--policy",
        "double", "--budget", "0", "--output", ... }, { program = { "dynarray-lab" } }), true)
    ]], directory)
    assert(ok, err)
    assert.truthy(err:find("\r%[#* *%] %l+, %d+ of %d+ samples, %d+:%d%d left"))
    assert.truthy(err:find("\r\27[K", 1, true)) -- and takes it away
    assert.truthy(out:find("\27[", 1, true))
    assert.truthy(out:find("A allocated size", 1, true))
  end)

  it("keeps what it has when it is interrupted, and goes on from there", function()
    local file = directory .. "/results.jsonl"
    local command = PROGRAM .. " run policies --quick --budget 60 --output " .. directory
    local out, err, _, code = child.shell(([[
      $LUA %s & pid=$!
      until grep -q '"kind":"sample"' %s 2>/dev/null; do sleep 0.02; done
      kill -INT $pid; wait $pid]]):format(command, file))
    assert.equal(130, code, out .. err)
    assert.truthy(err:find("interrupted; the same command goes on from here", 1, true))
    local before = lab.load(file)
    assert.is_true(before.interrupted)
    run("run", "policies", "--quick", "--budget", "0", "--output", directory)
    local after = lab.load(file)
    assert.is_false(after.interrupted)
    local kept = 0
    for k, case in ipairs(before.runs[1].cases) do
      for i, sample in ipairs(case.samples) do
        assert.same(sample, after.runs[1].cases[k].samples[i])
        kept = kept + 1
      end
      assert.is_true(#after.runs[1].cases[k].samples >= 1, case.id)
    end
    assert.is_true(kept >= 1)
  end)
end)

describe("dynarray-lab report", function()
  local function measured(name)
    local path = ("%s/%s"):format(directory, name)
    run("run", "article", "--quiet", "--output", path)
    return path .. "/results.jsonl"
  end

  it("merges files into one page", function()
    local one, two = measured("one"), measured("two")
    assert.equal(directory .. "/all.html\n", (run("report", one, two, "--output", directory .. "/all.html")))
    assert.truthy(read(directory .. "/all.html"):find("1 case, 2 samples", 1, true))
    assert.equal(directory .. "/one/report.html\n", (run("report", one)))
  end)

  it("prints Markdown or text", function()
    local file = measured("one")
    assert.truthy(run("report", file, "--format", "markdown"):find("^# What growth costs"))
    assert.truthy(run("report", file, "--format", "text"):find("The growths copy 1023 elements", 1, true))
  end)

  it("writes pictures, as PNG on demand", function()
    local file = measured("one")
    local pictures = directory .. "/pictures"
    assert.equal(pictures .. "/article-1000.svg\n", (run("report", file, "--pictures", pictures)))
    assert.equal(pictures .. "/article-1000.png\n",
      (run("report", file, "--pictures", pictures, "--png", "--plot", "article-1000")))
    assert.truthy(read(pictures .. "/article-1000.svg"):find("^<svg"))
    assert.truthy(read(pictures .. "/article-1000.png"):find("^\137PNG"))
  end)
end)

-- Results with these times, as a file.
local function file_of(name, times, environment, more)
  local path = ("%s/%s.jsonl"):format(directory, name)
  local file = assert(io.open(path, "w"))
  file:write('{"kind":"environment","schema":1,"environment":', environment or "{}", "}\n")
  file:write('{"kind":"run","experiment":"policies","parameters":{"size":[10]},"metrics":[{"name":"ns_per_append",',
    '"unit":"ns","better":"less"}],"cases":[{"id":"size=10","case":{"size":10}}]}\n')
  for round, ns in ipairs(times) do
    file:write(('{"kind":"sample","experiment":"policies","id":"size=10","round":%d,"seconds":%g,"metrics":')
      :format(round, ns), ('{"ns_per_append":%g}}\n'):format(ns))
  end
  file:write(more or '{"kind":"end","seconds":1,"interrupted":false}\n')
  file:close()
  return path
end

describe("dynarray-lab compare", function()
  it("ends with status 1 for a regression past the threshold alone", function()
    local old, new = file_of("old", { 10, 10.1, 10.2, 10.3, 10.4 }), file_of("new", { 12, 12.1, 12.2, 12.3, 12.4 })
    local out, _, _, code = child.program(PROGRAM, "compare", old, new)
    assert.equal(1, code)
    assert.truthy(out:find("1.196", 1, true))
    assert.truthy(out:find("1 worse by more than 5%", 1, true))
    assert.truthy(run("compare", old, new, "--threshold", "0.3"):find(" worse\n", 1, true))
    assert.truthy(run("compare", new, old):find("better", 1, true))
    assert.truthy(run("compare", old, old, "--format", "markdown"):find("| ~ |", 1, true))
  end)
end)

describe("dynarray-lab compare, of runs that can hardly be compared,", function()
  local times = { 10, 10.1, 10.2, 10.3, 10.4 }

  local function compared(old, new)
    local out, err, _, code = child.program(PROGRAM, "compare", old, new)
    return code, out, err
  end

  it("ends with status 1 where the new run fails, or has nothing in common", function()
    local old = file_of("old", times)
    local code, out = compared(old, file_of("failing", {}, nil,
      '{"kind":"error","experiment":"policies","id":"size=10","message":"no memory"}\n'))
    assert.equal(1, code)
    assert.truthy(out:find("1 failed in the new run", 1, true))
    code, out = compared(file_of("empty", {}), file_of("empty", {}))
    assert.equal(1, code)
    assert.truthy(out:find("nothing to compare", 1, true))
  end)

  it("says what differs between them, what spoiled them, and what was interrupted", function()
    local old = file_of("old", times, '{"cpu":"one","load":1,"warnings":["the machine is busy"]}')
    local code, _, err = compared(old, file_of("new", times, '{"cpu":"two","load":2,"commit":"abc"}', ""))
    assert.equal(0, code)
    assert.equal(table.concat {
      "the runs differ in commit: unknown and abc\n", "the runs differ in cpu: one and two\n",
      "warning: old: the machine is busy\n", "warning: new: interrupted: what is missing was not measured\n",
    }, err)
    assert.equal("", select(3, compared(file_of("new", times), file_of("new", times))))
  end)

  it("says that there are too few samples; files joined by cat have more", function()
    local old, new = file_of("old", { 1, 2, 3 }), file_of("new", { 4, 5, 6 })
    local _, out, err = compared(old, new)
    assert.truthy(out:find("1 with too few samples to tell", 1, true))
    assert.truthy(err:find("joined by cat", 1, true))
    os.execute(("cat '%s' '%s' >'%s/both.jsonl'"):format(old, file_of("more", { 1.1, 2.1, 3.1 }), directory))
    local code
    code, _, err = compared(directory .. "/both.jsonl", new)
    assert.equal(1, code)
    assert.equal("", err)
  end)
end)

describe("what cannot be done", function()
  it("is said in one line, with status 2", function()
    refused("dynarray-lab: no experiment 'nothing' (there are article, policies", "run", "nothing")
    refused("'0' is not a number of 1 or more", "run", "policies", "--size", "0")
    refused("'many' is not a number", "run", "policies", "--size", "many")
    refused("'-1' is not a number of seconds", "run", "policies", "--budget=-1")
    refused("'x' is not an integer", "run", "policies", "--seed", "x")
    refused("is not a policy (expected a factor > 1", "run", "policies", "--policy", "thrice", "--quick")
    refused("int99", "run", "policies", "--type", "int99", "--quick")
    refused("no case 'size=3'", "run", "article", "--case", "size=3")
    refused("unknown option '--sise'", "run", "policies", "--sise", "3")
    refused("unknown command 'walk'", "walk")
    refused("a command is required", nil)
    refused("option '--format' must be one of", "run", "article", "--format", "pdf")
    refused("nowhere.lua", "advise", "nowhere.lua")
    refused("cannot", "run", "article", "--output", "/proc/nothing/here")
    refused("nowhere.jsonl", "report", directory .. "/nowhere.jsonl")
    refused("nowhere.jsonl", "compare", directory .. "/nowhere.jsonl", directory .. "/nowhere.jsonl")
    refused("Makefile", "report", "Makefile")
  end)

  it("leaves what is there as it is", function()
    run("run", "article", "--quiet", "--output", directory)
    local before = read(directory .. "/results.jsonl")
    refused("/proc/nothing", "report", directory .. "/results.jsonl", "--output", "/proc/nothing/report.html")
    refused("/proc/nothing", "report", directory .. "/results.jsonl", "--pictures", "/proc/nothing/here")
    refused("no experiment 'nothing'", "run", "nothing", "--output", directory)
    assert.equal(before, read(directory .. "/results.jsonl"))
  end)

  it("is a disk that is full", function()
    local _, err, _, code = child.shell("$LUA " .. PROGRAM .. " list >/dev/full")
    assert.equal(2, code)
    assert.equal("dynarray-lab: No space left on device\n", err)
  end)

  it("is a library that is missing: what to install is said", function()
    local line = "cp %s '%s' && cd '%s' && LUA_PATH=/nowhere LUA_CPATH=/nowhere $LUA dynarray-lab list"
    local _, err, _, code = child.shell(line:format(PROGRAM, directory, directory))
    assert.equal(2, code)
    assert.truthy(err:find("apt%-get install lua%-%l+; else: luarocks install %l+"))
  end)
end)
