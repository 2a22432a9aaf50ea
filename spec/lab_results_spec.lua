local expect = require "support.expect"
local lab = require "dynarray.lab"
local results = require "dynarray.lab.run.results"
local support = require "support.lab"
local writer = require "dynarray.lab.run.writer"

local directory, path

local function environment(fields)
  local e = { cpu = "one", time = "2026-01-01T00:00:00Z", load = 0.5, warnings = {} }
  for key, value in pairs(fields or {}) do
    e[key] = value
  end
  return e
end

-- Results of one run with two cases, the first with three samples.
local function example()
  local all = results.new { seed = 3, quick = true, budget = 5, command = "run it" }
  results.add_environment(all, environment())
  local run = results.add_run(all, {
    experiment = "quick", parameters = { size = { 1, 2 } },
    metrics = { { name = "ns", unit = "ns", better = "less" }, { name = "double", unit = "", exact = true } },
    cases = { { id = 'name=a, "b" size=1', case = { size = 1, name = 'a, "b"' } },
      { id = "size=2", case = { size = 2 } } },
  })
  for round, ns in ipairs { 1.25, 9, 1.5 } do
    results.add_sample(run, run.cases[1], { round = round, seconds = round / 8, metrics = { ns = ns, double = 2 },
      series = round == 2 and { s = { x = { 1, 2 }, y = { 3, 4.5 } } } or nil })
  end
  run.cases[2].error = "it failed\nin two lines"
  return all, run
end

local function write(all, unfinished)
  local w = writer.new(directory, all)
  if unfinished then
    w:close()
  else
    w:finish(1.5, false)
  end
end

before_each(function()
  directory = support.directory()
  path = directory .. "/results.jsonl"
end)

after_each(function()
  support.remove(directory)
end)

describe("the name of a case", function()
  it("holds its keys in order, with their values", function()
    assert.equal("a=true b=0.1 c=x y z=1000000", results.id { z = 1000000, c = "x y", a = true, b = 0.1 })
    assert.equal("size=1000000", results.id { size = 1e6 })
    assert.equal("case", results.id {})
  end)
end)

describe("results", function()
  it("come back from a file as they were", function()
    local all = example()
    write(all)
    local read = lab.load(path)
    assert.same(all, read)
    assert.is_false(read.interrupted)
  end)

  it("keep integers, and floats to fourteen digits, and drop what is no number", function()
    assert.equal("integer", math.type(results.number(1 << 60)))
    assert.equal(1 << 60, results.number(1 << 60))
    assert.equal(0.1, results.number(0.1))
    assert.equal(tonumber("0.33333333333333"), results.number(1 / 3))
    assert.is_nil(results.number(0 / 0))
    assert.is_nil(results.number(-math.huge))
  end)

  it("stand in a table for spreadsheets too, one row a measurement", function()
    write((example()))
    assert.same({
      "experiment,id,round,metric,value,unit,name,size",
      'quick,"name=a, ""b"" size=1",1,ns,1.25,ns,"a, ""b""",1',
      'quick,"name=a, ""b"" size=1",1,double,2,,"a, ""b""",1',
      'quick,"name=a, ""b"" size=1",2,ns,9,ns,"a, ""b""",1',
      'quick,"name=a, ""b"" size=1",2,double,2,,"a, ""b""",1',
      'quick,"name=a, ""b"" size=1",3,ns,1.5,ns,"a, ""b""",1',
      'quick,"name=a, ""b"" size=1",3,double,2,,"a, ""b""",1',
    }, support.lines(directory .. "/results.csv"))
  end)

  it("are summed up by case and metric", function()
    local _, run = example()
    local lines = results.summary(run)
    assert.equal(2, #lines)
    local ns, double = lines[1], lines[2]
    assert.equal("ns", ns.metric)
    assert.same({ 3, 1.5, 1.25, 9, "ns" }, { ns.n, ns.median, ns.low, ns.high, ns.unit })
    assert.same({ 1.25, 9 }, { ns.min, ns.max })
    assert.same({ 3, 2, 2, 2, true }, { double.n, double.median, double.low, double.high, double.exact })
    assert.same({ size = 1, name = 'a, "b"' }, ns.case)
    run.cases[1].samples[3].metrics.double = 5
    double = results.summary(run)[2]
    assert.same({ 2, 2, 2, 5 }, { double.median, double.low, double.high, double.max })
  end)

  it("are found by some of a case's values", function()
    local _, run = example()
    assert.equal(1.5, results.value(run, { size = 1 }, "ns"))
    assert.same({ 1.25, 9, 1.5 }, results.samples(run, {}, "ns"))
    assert.is_nil(results.value(run, { size = 2 }, "ns"))
    assert.is_nil(results.value(run, { size = 1 }, "no such"))
    assert.same({ x = { 1, 2 }, y = { 3, 4.5 } }, results.last_series(run, {}, "s"))
    assert.is_nil(results.last_series(run, {}, "t"))
    assert.is_nil(results.last_series(run, { size = 2 }, "s"))
  end)
end)

describe("files", function()
  it("are joined: cases of an experiment, samples of a case", function()
    local all = example()
    write(all)
    local other = results.new { seed = 3 }
    results.add_environment(other, environment { time = "later", load = 3 })
    local run = results.add_run(other, { experiment = "quick", parameters = { size = { 2, 3 } },
      metrics = { { name = "ns", unit = "ns", better = "less" }, { name = "new", unit = "" } },
      cases = { { id = "size=2", case = { size = 2 } }, { id = "size=3", case = { size = 3 } } } })
    results.add_run(other, { experiment = "more", parameters = {}, metrics = {}, cases = {} })
    results.add_sample(run, run.cases[1], { round = 1, seconds = 0.7, metrics = { ns = 7 } })
    assert(os.rename(path, directory .. "/1"))
    write(other)
    local read = lab.load(directory .. "/1", path)
    assert.equal(2, #read.runs)
    assert.same({ 1, 2, 3 }, read.runs[1].parameters.size)
    assert.equal(3, #read.runs[1].metrics)
    assert.equal(3, #read.runs[1].cases)
    assert.same({ 7 }, results.samples(read.runs[1], { size = 2 }, "ns"))
    assert.same({ 1.25, 9, 1.5 }, results.samples(read.runs[1], { size = 1 }, "ns"))
    assert.equal(1, #read.environments)
    assert.equal(1, #read.notes) -- what failed was measured in the other
  end)

  it("give the same measurement once, though it stands in two", function()
    write((example()))
    assert.equal(3, #lab.load(path, path).runs[1].cases[1].samples)
    assert.equal(3, #results.samples(lab.load(path, path).runs[1], {}, "ns"))
  end)

  it("of several commands are those of none", function()
    local all = example()
    write(all)
    assert(os.rename(path, directory .. "/1"))
    assert.equal("run it", lab.load(directory .. "/1", directory .. "/1").command)
    for _, command in ipairs { "run another", false } do
      all.command = command or nil
      write(all)
      assert.is_false(lab.load(directory .. "/1", path).command)
      assert.is_false(lab.load(path, directory .. "/1").command)
    end
  end)

  it("do not hide what was measured in one by an error in another", function()
    local all, run = example()
    write(all)
    assert(os.rename(path, directory .. "/1"))
    run.cases[2].error = nil
    results.add_sample(run, run.cases[2], { round = 1, seconds = 1, metrics = { ns = 7 } })
    write(all)
    for _, files in ipairs { { path, directory .. "/1" }, { directory .. "/1", path } } do
      local read = lab.load(table.unpack(files))
      assert.is_nil(read.runs[1].cases[2].error)
      assert.equal(1, #read.runs[1].cases[2].samples)
      assert.same({ "quick, size=2 failed in one of the files: it failed\nin two lines" }, read.notes)
    end
    assert.equal("it failed\nin two lines", lab.load(directory .. "/1", directory .. "/1").runs[1].cases[2].error)
  end)

  it("from different machines are joined as well, and that is told", function()
    local all = example()
    write(all)
    assert(os.rename(path, directory .. "/1"))
    all.environments = { environment { cpu = "two" } }
    write(all)
    local read = lab.load(directory .. "/1", path)
    assert.equal("one", read.environment.cpu)
    assert.equal("two", read.environments[2].cpu)
    assert.same({ "measured in different environments" }, read.notes)
  end)

  it("without an end are those of an interrupted run", function()
    write(example(), true)
    local read = lab.load(path)
    assert.is_true(read.interrupted)
    assert.equal(3, #read.runs[1].cases[1].samples)
  end)

  it("that are cut in the middle of a line lose that line, and it is told", function()
    write((example()))
    local text, whole = support.read(path), {}
    for _, line in ipairs(support.lines(path)) do
      whole[line] = true
    end
    for cut = 1, #text, 3 do
      local left = text:sub(1, cut)
      local last = left:match("[^\n]*$")
      support.write(path, left)
      local ok, read = pcall(lab.load, path)
      if left == last and not whole[last] then
        assert.is_false(ok)
        assert.equal(path .. ": no results of the laboratory", read)
      else
        assert.is_true(ok, read)
        local cut_line = last ~= "" and not whole[last]
        assert.same(cut_line and { path .. ": the last line is cut and was dropped" } or {}, read.notes)
        assert.is_true(read.interrupted)
      end
    end
  end)
end)

describe("a finished file", function()
  it("to which a piece of a line was added is one of an interrupted run", function()
    write((example()))
    support.write(path, support.read(path) .. '{"kind":"sam')
    assert.is_true(lab.load(path).interrupted)
  end)
end)

describe("a file that is something else", function()
  local function refused(text, content)
    support.write(path, content)
    local message = expect.raises(text, lab.load, path)
    assert.equal(1, message:find(path, 1, true))
  end

  local head = '{"kind":"environment","schema":1,"environment":{}}\n'
  local run = '{"kind":"run","experiment":"e","parameters":{},"metrics":[{"name":"m"}],' ..
    '"cases":[{"id":"a=1","case":{"a":1}}]}\n'

  it("is told by name and line", function()
    refused(": no results of the laboratory", "")
    refused(": no results of the laboratory", "hello\nworld\n")
    refused(": no results of the laboratory", "\0\255\n")
    refused(": no results of the laboratory", "[]\n")
    refused(": no results of the laboratory", run)
    refused(":1: schema 2, this version reads schema 1", '{"kind":"environment","schema":2,"environment":{}}\n')
    refused(":1: schema nil, this version reads schema 1", '{"kind":"environment","environment":{}}\n')
    refused(":1: an environment without data", '{"kind":"environment","schema":1}\n')
    for _, facts in ipairs { "[1]", '{"warnings":[1,2]}', '{"warnings":[{}]}', '{"warnings":"busy"}' } do
      refused(":1: an environment without data",
        '{"kind":"environment","schema":1,"environment":' .. facts .. "}\n")
    end
    refused(":2: unknown kind 'x'", head .. '{"kind":"x"}\n')
    refused(":2: unknown kind 'nil'", head .. '{}\n')
    refused(":2: not a JSON object", head .. 'x\n' .. run)
    refused(":2: not a JSON object", head .. '{"kind":"end"} {}\n')
    refused(":2: not a JSON object", head .. '5\n')
  end)

  it("is refused where a field is wrong", function()
    refused(":2: a run without", head .. '{"kind":"run"}\n')
    refused(":2: a run without", head .. '{"kind":"run","experiment":5,"parameters":{},"metrics":[],"cases":[]}\n')
    refused(":2: a run without", head .. '{"kind":"run","experiment":"e","parameters":[[1]],"metrics":[],"cases":[]}\n')
    refused(":2: a run without", head .. '{"kind":"run","experiment":"e","parameters":{},"metrics":[1],"cases":[]}\n')
    refused(":2: a run without", head .. run:gsub("a=1", "a=2"))
    refused(":2: a run without", head .. run:gsub('"a":1', '"a":{}'))
    refused(":2: a run without", head .. run:gsub('"a":1', '"a":null'))
    refused(":3: a sample of a case that no run has", head .. run .. '{"kind":"sample"}\n')
    refused(":3: a sample of a case that no run has", head .. run .. '{"kind":"sample","experiment":"e","id":"a=2"}\n')
    local sample = '{"kind":"sample","experiment":"e","id":"a=1","round":%s,"seconds":%s,"metrics":%s,"series":%s}\n'
    for _, fields in ipairs { { "1.5", "1", "{}", "null" }, { "1", '"1"', "{}", "null" }, { "1", "1", "5", "null" },
      { "1", "1", '{"m":"x"}', "null" }, { "1", "1", '[1]', "null" }, { "1", "1", "{}", "5" },
      { "1", "1", "{}", '{"s":{"x":[1]}}' }, { "1", "1", "{}", '{"s":{"x":[1],"y":[1,2,3]}}' },
      { "1", "1", "{}", '{"s":{"x":["a"],"y":[1]}}' }, { "1", "1", "{}", '{"s":{"x":[1],"y":["a"]}}' } } do
      refused(":3: a sample without round, seconds or metrics", head .. run .. sample:format(table.unpack(fields)))
    end
    refused(":3: an error of a case", head .. run .. '{"kind":"error","experiment":"e","id":"a=1"}\n')
    refused(":2: an end that does not tell", head .. '{"kind":"end"}\n')
  end)

  it("is refused when it is nested as deep as a decoder can fall", function()
    refused(":2: not a JSON object", head .. ("["):rep(200000) .. "\n")
    refused(":2: not a JSON object", head .. '{"a":' .. ("["):rep(100000) .. ("]"):rep(100000) .. "}\n")
  end)

  it("cannot be read at all", function()
    expect.raises("No such file or directory", lab.load, directory .. "/none")
    expect.raises("Is a directory", lab.load, directory)
  end)

  it("may hold numbers that are none, which count as not measured", function()
    support.write(path, head .. run ..
      '{"kind":"sample","experiment":"e","id":"a=1","round":1,"seconds":1,"metrics":{"m":1e999}}\n')
    assert.same({}, results.samples(lab.load(path).runs[1], {}, "m"))
  end)
end)

describe("a directory that cannot be written to", function()
  it("is told before anything is measured", function()
    local measured = false
    local experiment = support.experiment { measure = function() measured = true return {} end }
    local function refused(text, output)
      expect.raises(text, lab.run, { names = { experiment }, output = output, budget = 0 })
      assert.is_false(measured)
    end
    support.write(directory .. "/file", "")
    refused("cannot write " .. directory .. "/file", directory .. "/file")
    refused("cannot write /proc/none", "/proc/none")
    assert(os.execute(("mkdir '%s/results.csv'"):format((directory:gsub("'", "'\\''")))))
    refused("results.csv: Is a directory", directory)
  end)

  it("is told when the disk is full", function()
    assert(os.execute(("ln -s /dev/full '%s/results.jsonl.new'"):format((directory:gsub("'", "'\\''")))))
    expect.raises("results.jsonl: No space left on device", lab.run, { names = { support.experiment() },
      output = directory, budget = 0 })
  end)
end)
