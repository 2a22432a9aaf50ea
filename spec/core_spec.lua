-- The core, from C: each check of spec/support/core.c in a process of its own.
local build = require "support.build"

local seed = math.tointeger(tonumber(os.getenv("DYNARRAY_SEED"))) or os.time()

local sources = build.files("src/core", ".c")
table.insert(sources, 1, "spec/support/core.c")
local program = build.product("core", sources, "-Isrc -Isrc/include", build.files("src/core src/include", ".h"))

describe("the core", function()
  local names = build.output("./" .. program)
  for name in names:gmatch("[^\n]+") do
    it(name, function()
      local pipe = assert(io.popen(("./%s '%s' %d 2>&1"):format(program, name, seed)))
      local said = pipe:read("a")
      if not pipe:close() then
        error(("%sDYNARRAY_SEED=%d repeats it"):format(said, seed), 0)
      end
      assert.equal("", (said:gsub("==%d+==WARNING: %w+ failed to allocate [^\n]*\n", "")))
    end)
  end

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
