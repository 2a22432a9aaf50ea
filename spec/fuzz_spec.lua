-- The fuzzers of `make fuzz`: that they know what there is, and what is said where they cannot run.
local dynarray = require "dynarray"
local build = require "support.build"
local child = require "support.child"
local files = require "support.files"
local members = require "support.members"

describe("the fuzzer of Lua programs", function()
  local source = files.read "spec/fuzz/lua.c"

  local function knows(name)
    assert.truthy(source:find(('"%s"'):format(name), 1, true), name .. " is not in spec/fuzz/lua.c")
  end

  it("calls every method and metamethod", function()
    for _, name in ipairs(members) do
      knows(name)
    end
    for name, f in pairs(debug.getmetatable(dynarray.new())) do
      if type(f) == "function" then
        knows(name)
      end
    end
  end)

  it("calls every function of the module", function()
    for name, f in pairs(dynarray) do
      if type(f) == "function" then
        knows(name)
      end
    end
  end)
end)

describe("make fuzz", function()
  local directory

  before_each(function()
    directory = build.output "mktemp -d"
  end)

  after_each(function()
    os.execute("rm -r " .. directory)
  end)

  -- What fuzz.sh prints with a clang of these lines.
  local function fuzz(clang)
    local file = assert(io.open(directory .. "/clang", "w"))
    file:write("#!/bin/sh\n" .. clang)
    file:close()
    build.output(("chmod +x %s/clang"):format(directory))
    return child.shell(("PATH=%s:$PATH MAKE=true scripts/fuzz.sh 1 0 nothing"):format(directory))
  end

  it("says in a line that there is no libFuzzer, and does not fail", function()
    local out, err, ok = fuzz "exit 1"
    assert.equal("fuzz: skipped: clang and its libFuzzer are not here (Debian: clang, libclang-rt-14-dev or newer)\n",
      out)
    assert.equal("", err)
    assert.is_true(ok)
  end)

  it("fails if a fuzzer does, and says how to repeat it", function()
    os.execute "mkdir -p build/fuzz"
    local program = assert(io.open("build/fuzz/nothing", "w"))
    program:write [[#!/bin/sh
      echo 'it crashed' >&2
      echo 'Test unit written to build/fuzz/nothing-crash-1' >&2
      exit 77
    ]]
    program:close()
    build.output "chmod +x build/fuzz/nothing"
    local out, _, ok = fuzz "exit 0"
    build.output "rm -r build/fuzz/nothing* build/fuzz/corpus/nothing spec/fuzz/nothing"
    assert.equal([[
fuzz nothing: failed
it crashed
Test unit written to build/fuzz/nothing-crash-1
to repeat it: FUZZ_PRINT=1 build/fuzz/nothing build/fuzz/nothing-crash-1
]], out)
    assert.is_false(ok)
  end)
end)
