local child = require "support.child"
local dynarray = require "dynarray"
local environment = require "dynarray.lab.run.environment"

describe("the environment", function()
  local e = environment.read()

  it("tells the machine, the system and the library", function()
    for _, name in ipairs { "time", "cpu", "kernel", "lua", "gc", "allocator", "library" } do
      assert.equal("string", type(e[name]), name)
      assert.truthy(e[name]:find("%S"), name)
    end
    for _, name in ipairs { "processors", "memory", "page_size" } do
      assert.is_true(math.type(e[name]) == "integer" and e[name] >= 1, name)
    end
    assert.truthy(e.time:find("^%d%d%d%d%-%d%d%-%d%dT%d%d:%d%d:%d%dZ$"))
    assert.truthy(e.lua:find("^" .. _VERSION:gsub("%.", "%%.")))
    assert.equal(dynarray.version, e.library)
    assert.is_true(e.overhead.clock > 0)
    assert.same(dynarray.probe.build, e.build)
  end)

  it("tells caches as the system does, the first of them small", function()
    for _, cache in ipairs(e.caches or {}) do
      assert.is_true(cache.level >= 1 and cache.level <= 5)
      assert.is_true(cache.bytes >= 1024)
      assert.equal("string", type(cache.type))
    end
  end)

  it("tells the commit of the checkout, not of a project that holds a copy", function()
    local pipe <close> = io.popen("git rev-parse --short=10 HEAD 2>/dev/null")
    local head = pipe:read("l")
    assert.equal(head, e.commit and e.commit:match("^%x+"))
    assert.equal("nil\n", child.output [[
      local folder = os.tmpname()
      os.remove(folder)
      assert(os.execute("mkdir -p " .. folder .. "/lib && cp -r lua/dynarray " .. folder .. "/lib && cd " .. folder ..
        " && git init -q && git -c user.name=x -c user.email=x commit -q --allow-empty -m x"))
      package.path = folder .. "/lib/?.lua;" .. folder .. "/lib/?/init.lua;" .. package.path
      print(require "dynarray.lab.run.environment".read().commit)
      os.execute("rm -rf " .. folder)
    ]])
  end)

  it("tells the collector's mode, and leaves it", function()
    local mode = collectgarbage("incremental")
    assert.equal("incremental", environment.read().gc)
    assert.equal("incremental", collectgarbage("generational"))
    assert.equal("generational", environment.read().gc)
    assert.equal("generational", collectgarbage(mode))
  end)
end)

describe("what spoils a measurement", function()
  local function good()
    return { processors = 4, load = 0.5, governor = "performance", pages = true, allocator = "glibc 2.36",
      build = { optimized = true, sanitized = false } }
  end

  it("is nothing on a quiet machine", function()
    assert.same({}, environment.warnings(good()))
    local e = good()
    e.load, e.governor = nil, nil -- not told by the system
    assert.same({}, environment.warnings(e))
  end)

  for field, row in pairs {
    load = { 2.5, "the machine is busy: load 2.50 on 4 processors" },
    governor = { "powersave", "the processor's frequency varies: governor powersave" },
    boost = { true, "the processor's frequency varies: turbo is on" },
    virtual = { true, "a virtual machine: others may share its processors" },
    build = { { optimized = false }, "the library was compiled without optimisation" },
    allocator = { "valgrind", "the process runs under valgrind" },
    pages = { false, "large blocks do not come from pages: the allocator is not the stock one" },
    hook = { true, "a debug hook is set" },
  } do
    it("is told: " .. row[2], function()
      local e = good()
      e[field] = row[1]
      assert.same({ row[2] }, environment.warnings(e))
    end)
  end

  it("is a sanitizer", function()
    local e = good()
    e.build.sanitized = true
    assert.same({ "the library was compiled with a sanitizer" }, environment.warnings(e))
  end)

  it("is noticed where it is so", function()
    assert.equal("true\tno hook\n", child.output [[
      local environment = require "dynarray.lab.run.environment"
      local before = environment.read()
      debug.sethook(function() end, "", 1000000000)
      print(environment.read().hook, before.hook or "no hook")
    ]])
    local e = environment.read()
    assert.equal(dynarray.probe.build.sanitized, table.concat(e.warnings):find("sanitizer") ~= nil)
  end)

  it("is another malloc, or valgrind, which are seen among the libraries of the process", function()
    local function allocator(library)
      return child.output([[
        local folder = os.tmpname()
        os.remove(folder)
        local module = assert(package.searchpath("dynarray", package.cpath))
        assert(os.execute("mkdir " .. folder .. " && cp " .. module .. " " .. folder .. "/" .. ...))
        assert(package.loadlib(folder .. "/" .. ..., "*"))
        print(require "dynarray.lab.run.environment".read().allocator)
        os.execute("rm -rf " .. folder)
      ]], library)
    end
    assert.equal("jemalloc\n", allocator "libjemalloc.so.2")
    assert.equal("valgrind\n", allocator "vgpreload_memcheck-amd64-linux.so")
    assert.is_nil(environment.read().allocator:find("valgrind"))
  end)
end)
