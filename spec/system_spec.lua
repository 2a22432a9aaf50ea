-- What is asked of the operating system, in ways that every one has: this runs on all that `make check-platform` knows.
local dynarray = require "dynarray"

local probe = dynarray.probe
local keep = dynarray.collector().keep

describe("files on every system", function()
  local path = "build/spec/system-\u{e4}\u{4e2d}\u{1f600}.npy" -- letters of two, three and four bytes in UTF-8

  setup(function()
    if not io.open("build/spec/.", "rb") and package.config:sub(1, 1) == "/" then
      os.execute "mkdir -p build/spec"
    end
  end)

  teardown(function() os.remove(path) end)

  it("have names in UTF-8", function()
    local a = dynarray.from({ 1, 2, 3 }, "int32")
    assert.equal(a, a:save(path))
    assert.equal(a, (assert(dynarray.load(path))))
    local longest = path:gsub("%.npy$", ("\u{1f600}"):rep(20) .. "%0")
    assert.equal(a, a:save(longest))
    assert.equal(a, (assert(dynarray.load(longest))))
    os.remove(longest)
  end)

  it("are replaced by save, and keep what they had if it fails", function()
    local a = assert(dynarray.from({ 1, 2, 3 }, "float64"):save(path))
    a:append(4):save(path)
    assert.equal(a, (assert(dynarray.load(path))))
    local refused, message = a:save("build/spec/none/here.npy")
    assert.is_nil(refused)
    assert.equal("build/spec/none/here.npy: No such file or directory", message)
  end)

  it("are mapped, and written to by the elements", function()
    assert(dynarray.filled(100000, 1, "int64"):save(path))
    do
      local mapped <close> = assert(dynarray.map(path, "rw"))
      mapped[100000] = 7
      assert.equal(mapped, mapped:flush())
    end
    local again <close> = assert(dynarray.map(path))
    assert.equal(100006, again:sum())
    assert.is_false(pcall(function() again[1] = 0 end))
  end)

  it("that are none are refused, with a reason and a code", function()
    for _, name in ipairs { "build", "build/spec/there-is-none.npy" } do
      local a, message, code = dynarray.load(name)
      assert.is_nil(a)
      assert.equal(name, message:match "^(.*): %u")
      assert.is_true(code > 0)
    end
    local a, message = dynarray.load "README.md"
    assert.is_nil(a)
    assert.equal("README.md: not an .npy file", message)
  end)
end)

describe("large blocks on every system", function()
  it("grow past many times their size, keep their elements, and shrink", function()
    local a = dynarray.new { type = "int64", capacity = 1 << 19 } -- 4 MiB
    for i = 1, 1 << 19 do
      a:append(i)
    end
    a:reserve(1 << 24)
    assert.equal((1 << 19) * ((1 << 19) + 1) // 2, a:sum())
    a:resize(1 << 18)
    a:shrink_to_fit()
    assert.equal(1 << 18, a.capacity)
    assert.equal(1 << 18, a[1 << 18])
  end)

  it("that are stable do not move", function()
    local a = dynarray.new { type = "int64", block = "stable", max_size = 1 << 22 }
    a:append(1)
    local place = a:pointer()
    a:resize(1 << 22, 3)
    assert.equal(place, a:pointer())
    assert.equal(3 * ((1 << 22) - 1) + 1, a:sum())
  end)
end)

describe("the probe on every system", function()
  teardown(function() dynarray.collector { keep = keep } end)

  it("has a clock that goes on", function()
    local first = probe.clock()
    local last = first
    while last == first do
      last = probe.clock()
    end
    assert.is_true(last > first)
  end)

  it("knows how much memory the process has", function()
    collectgarbage() -- arrays of other specs
    dynarray.collector { keep = 0 }
    local memory = probe.memory()
    if not memory.resident then
      return pending "this system does not say"
    end
    local a <close> = dynarray.filled(1 << 21, 1, "int64") -- 16 MiB
    local more = probe.memory()
    assert.is_true(more.resident > memory.resident + (8 << 20))
    assert.is_true(more.peak >= more.resident)
    assert.equal(1 << 21, a:sum())
  end)
end)
