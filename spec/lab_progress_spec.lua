-- The line that says how far a run is.
local progress = require "dynarray.lab.run.progress"
local terminal = require "dynarray.lab.cli.terminal"

local function event(changes)
  local all = { experiment = "policies", done = 3, total = 12, seconds = 10, seconds_left = 30 }
  for name, value in pairs(changes or {}) do
    all[name] = value
  end
  return all
end

local function stream()
  return {
    text = "",
    write = function(self, ...) self.text = self.text .. table.concat { ... } end,
    flush = function() end,
  }
end

describe("the progress line", function()
  it("has the share of the time, what is measured, how much of it, and the time left", function()
    assert.equal("[#####               ] policies, 3 of 12 samples, 0:30 left", progress.line(event(), 100))
  end)

  it("goes by samples where no time is known", function()
    assert.equal("[##########          ] policies, 6 of 12 samples",
      progress.line({ experiment = "policies", done = 6, total = 12 }, 100))
    assert.equal("[####################] policies, 0 of 0 samples",
      progress.line({ experiment = "policies", done = 0, total = 0 }, 100))
  end)

  it("is never longer than the terminal is wide", function()
    assert.equal("[#####      ", progress.line(event(), 12))
  end)

  it("is written over itself, and taken away", function()
    local out = stream()
    local show, clear = progress.new(out, 40)
    show(event())
    show(event()) -- nothing new
    clear()
    clear()
    assert.equal("\r[#####               ] policies, 3 of 1\27[K\r\27[K", out.text)
  end)
end)

describe("a duration", function()
  it("has seconds, minutes and hours", function()
    local shown = {}
    for k, seconds in ipairs { -1, 0, 0.2, 59, 60, 725, 3723 } do
      shown[k] = progress.duration(seconds)
    end
    assert.same({ "0:00", "0:00", "0:01", "0:59", "1:00", "12:05", "1:02:03" }, shown)
  end)
end)

describe("a pipe", function()
  it("is no terminal", function()
    local pipe = io.popen([["${LUA:-lua5.4}" -e 'print(require("dynarray.lab.cli.terminal").is(1))']])
    assert.equal("false\n", pipe:read("a"))
    pipe:close()
  end)
end)

describe("the width of the terminal", function()
  it("is a number of columns, one that text fits into", function()
    assert.is_true(terminal.width() >= 40)
  end)
end)
