local child = require "dynarray.lab.run.child"
local expect = require "support.expect"
local lab = require "dynarray.lab"
local shell = require "dynarray.lab.base.shell"
local support = require "support.lab"

local directory

before_each(function()
  directory = support.directory()
end)

after_each(function()
  support.remove(directory)
end)

-- An experiment in a file of its own whose measure has that body.
local function experiment(body, name)
  local path = directory .. "/" .. (name or "experiment") .. ".lua"
  support.write(path, ([[
    return { name = "own", question = "?", fresh = true, file = %q, metrics = { { name = "value" } },
      parameters = { { name = "size", default = { 1 } } }, cases = function() return { { size = 1 } } end,
      measure = function(case) %s end }
  ]]):format(path, body))
  return dofile(path)
end

describe("a sample in a process of its own", function()
  it("is not this process, nor the one before", function()
    local own = experiment [[
      local pipe <close> = io.popen("echo $PPID")
      return { value = tonumber(pipe:read("l")) }
    ]]
    local first, second = child.sample(own, {}).metrics.value, child.sample(own, {}).metrics.value
    assert.are_not.equal(first, second)
    local pipe <close> = io.popen("echo $PPID")
    assert.are_not.equal(tonumber(pipe:read("l")), first)
  end)

  it("begins its heap at another place than the one before, if the experiment says so", function()
    local own = experiment [[ return { value = #(require "dynarray.lab.run.child".padding or "none") } ]]
    assert.are.equal(4, child.sample(own, {}).metrics.value)
    own.shifts_heap = true
    local seen, different = {}, 0
    for _ = 1, 8 do
      local bytes = child.sample(own, {}).metrics.value
      assert.is_true(bytes < 4096 and bytes % 16 == 0)
      different = different + (seen[bytes] and 0 or 1)
      seen[bytes] = true
    end
    assert.is_true(different > 1)
  end)

  it("gets the case, and gives metrics, series and the time", function()
    local own = experiment [[
      assert(case.text == "it's \"quoted\"\n\\ $HOME `x` %s" and case.flag == false and case.half == 0.5)
      return { value = case.size }, { s = { x = { 1, 2 }, y = { 0.5, case.size } } }
    ]]
    local sample = child.sample(own,
      { text = "it's \"quoted\"\n\\ $HOME `x` %s", flag = false, half = 0.5, size = 1 << 60 })
    assert.same({ value = 1 << 60 }, sample.metrics)
    assert.same({ s = { x = { 1, 2 }, y = { 0.5, 1 << 60 } } }, sample.series)
    assert.is_true(sample.seconds > 0)
  end)

  -- A sample of the experiment while modules are found in the directory, too.
  local function sample_with_modules(own)
    local before = package.path
    package.path = directory .. "/?.lua;" .. before
    local ok, sample = pcall(child.sample, own, {})
    package.path = before
    assert.is_true(ok, sample)
    return sample
  end

  it("finds modules where this process does", function()
    support.write(directory .. "/a module.lua", "return { 42 }")
    local own = experiment [[return { value = require("a module")[1] }]]
    assert.equal(42, sample_with_modules(own).metrics.value)
  end)

  it("is that of a module, if the experiment is in one", function()
    local own = experiment "return { value = 7 }"
    own.file, own.module = nil, "experiment"
    assert.equal(7, sample_with_modules(own).metrics.value)
  end)

  it("may print what it wants", function()
    local own = experiment [[
      print("noise") io.write("no newline") os.execute("echo from the shell")
      setmetatable({}, { __gc = function() print("the last words") end })
      return { value = 1 }
    ]]
    assert.equal(1, child.sample(own, {}).metrics.value)
  end)

  it("has an empty input, whatever this process has", function()
    local own = experiment "return { value = #io.read('a') }"
    local program = "print(require 'dynarray.lab.run.child'.sample(dofile(%q), {}).metrics.value)"
    support.write(directory .. "/main.lua", program:format(own.file))
    assert.equal("0", shell.output(("echo input | %s %s"):format(shell.quote(child.interpreter()),
      shell.quote(directory .. "/main.lua"))))
  end)

  it("is what a fresh experiment is measured by", function()
    local all = lab.run { names = { experiment [[
      counter = (counter or 0) + 1
      return { value = counter }
    ]] }, budget = 1000 }
    assert.same({ 1, 1, 1, 1, 1, 1, 1, 1, 1, 1 }, lab.results.samples(all.runs[1], {}, "value"))
  end)
end)

describe("a process of its own that fails", function()
  local function message(body)
    return expect.error(child.sample, experiment(body), {})
  end

  it("hands on the error, and where it was", function()
    assert.truthy(message("error('it failed')"):find("experiment%.lua:%d: it failed$"))
    assert.equal("it failed", message "error('it failed', 0)")
    assert.equal("nil", message "error()")
    assert.truthy(message("return { value = print }"):find("function", 1, true))
  end)

  it("tells how it ended, without a result", function()
    assert.equal("the process of the sample ended with status 3 and no result", message "os.exit(3)")
    assert.equal("the process of the sample ended with status 0 and no result", message "os.exit(0)")
    assert.equal("the process of the sample ended with signal 9 and no result", message [[os.execute("kill -9 $PPID")]])
  end)

  it("took longer than it may", function()
    local own = experiment "while case.size == 1 do end return { value = 1 }"
    assert.equal("took more than 0.2 s, and was stopped", expect.error(child.sample, own, { size = 1 }, 0.2))
    assert.equal(1, child.sample(own, { size = 2 }, 100).metrics.value)
    assert.equal("took more than 0.2 s, and was stopped",
      lab.run({ names = { own }, timeout = 0.2 }).runs[1].cases[1].error)
  end)

  it("was interrupted, if the signal found no handler of Lua's", function()
    assert.equal("interrupted!", message [[
      local function interrupt()
        io.popen("kill -INT $PPID"):close()
        while true do end
      end
      pcall(interrupt) -- Lua's handler is gone then
      interrupt()
    ]])
  end)

  it("is a case's error, and the run goes on", function()
    local own = experiment [[if case.size == 1 then os.exit(1) end return { value = case.size }]]
    own.cases = function() return { { size = 1 }, { size = 2 } } end
    local run = lab.run({ names = { own }, budget = 0 }).runs[1]
    assert.equal("the process of the sample ended with status 1 and no result", run.cases[1].error)
    assert.equal(2, lab.results.value(run, { size = 2 }, "value"))
  end)

  it("is one that cannot find the experiment", function()
    local own = experiment "return {}"
    os.remove(own.file)
    expect.raises("cannot open", child.sample, own, {})
    own.file = nil
    expect.raises("experiment 'own' wants fresh processes: give it module = or file =, where they find it",
      child.sample, own, {})
  end)
end)

describe("the interpreter of such processes", function()
  local output, arguments = shell.output, arg

  -- The module anew, where these commands answer with these versions.
  local function chosen(versions, words)
    local asked = {}
    shell.output = function(command)
      local name = command:match("^'(.-)' %-e")
      asked[#asked + 1] = name
      return versions[name]
    end
    _G.arg = words
    package.loaded["dynarray.lab.run.child"] = nil
    local fresh = require "dynarray.lab.run.child"
    local ok, name = pcall(fresh.interpreter)
    package.loaded["dynarray.lab.run.child"] = child
    shell.output, _G.arg = output, arguments
    return name, ok, asked
  end

  it("is the one that runs this", function()
    local name, _, asked = chosen({ ["/opt/lua x"] = _VERSION }, { [-2] = "/opt/lua x", [-1] = "-e", [0] = "script" })
    assert.equal("/opt/lua x", name)
    assert.equal(1, #asked)
  end)

  it("is another of the same version where a program without one runs this", function()
    for _, words in ipairs { { [0] = "host" }, {}, false } do
      assert.equal("lua5.4", (chosen({ lua = "Lua 5.1", ["lua5.4"] = _VERSION }, words or nil)))
      assert.equal("lua", (chosen({ lua = _VERSION }, words or nil)))
    end
  end)

  it("is never one of another version", function()
    local name, ok, asked = chosen({ lua = "Lua 5.1", ["lua5.4"] = "Lua 5.5" }, { [-1] = "lua" })
    assert.is_false(ok)
    assert.equal("no interpreter of " .. _VERSION .. " for fresh processes: set LUA", name)
    assert.equal("lua", asked[1])
    assert.equal("lua", asked[#asked])
  end)
end)
