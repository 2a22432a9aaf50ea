-- The core, from C: each check of spec/support/core.c, and of compute.c beside it, in a process of its own.
local build = require "support.build"

local seed = math.tointeger(tonumber(os.getenv("DYNARRAY_SEED"))) or os.time()

local sources = build.files("src/core", ".c")
table.insert(sources, 1, "spec/support/core.c")
local program = build.product("core", sources, "-Isrc -Isrc/include", build.files("src/core src/include", ".h"))

-- Each check that the program has.
local function run_checks(checks)
  local names = build.output("./" .. checks)
  for name in names:gmatch("[^\n]+") do
    it(name, function()
      local pipe = assert(io.popen(("./%s '%s' %d 2>&1"):format(checks, name, seed)))
      local said = pipe:read("a")
      if not pipe:close() then
        error(("%sDYNARRAY_SEED=%d repeats it"):format(said, seed), 0)
      end
      assert.equal("", (said:gsub("==%d+==WARNING: %w+ failed to allocate [^\n]*\n", "")))
    end)
  end
  return names
end

describe("the core", function()
  local names = run_checks(program)

  it("stops a program that appends a float64 to an array of int32, with a message", function()
    local said = build.output(("./%s 'wrong type' 2>&1; echo status $?"):format(program))
    assert.truthy(said:find("the array has elements of another type", 1, true), said)
    assert.truthy(said:find("DYNARRAY_FLOAT64", 1, true), said)
    assert.truthy(said:find "status 134$", said)
  end)

  it("is checked at all", function()
    assert.is_true(#names > 100)
  end)
end)

-- Of the library it has nothing but this part and what that needs, and memory of its own.
local engine = build.files("src/core/compute", ".c")
table.insert(engine, "src/core/element.c")
table.insert(engine, "src/core/parse_number.c")
table.insert(engine, 1, "spec/support/compute.c")

describe("the engine of expressions, without Lua,", function()
  local names = run_checks(build.product("compute", engine, "-Isrc -Isrc/include",
    build.files("src/core src/include spec/support", ".h")))

  it("is checked at all", function()
    assert.is_true(#names > 100)
  end)
end)
