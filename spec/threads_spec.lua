-- Several states: a library that knows nothing but what it is given can be used by a thread for each.
local build = require "support.build"

local lua_cflags = build.lua_cflags
local lua_libs = build.lua_libs
local includes = "-Isrc -Isrc/include " .. lua_cflags

-- The sections of an object file that hold something and can be written to by a running program.
local function writable(object)
  local sections = {}
  for name, bytes in build.output("size -A -d " .. object):gmatch("(%.%S+)%s+(%d+)") do
    local is_data = name:find("^%.t?data") or name:find("^%.t?bss") or name:find("^%.ldata") or name:find("^%.lbss")
    if is_data and not name:find("^%.data%.rel%.ro") and tonumber(bytes) > 0 then
      sections[name] = true
    end
  end
  return sections
end

-- The variables in these sections, as "name bytes".
local function variables(object)
  local list, sections = {}, writable(object)
  for name, bytes, variable in build.output("objdump -t " .. object):gmatch(" O (%.%S+)\t(%x+) +([^\n]+)") do
    if sections[name] then
      list[#list + 1] = ("%s %d"):format(variable:match "%S+$", tonumber(bytes, 16))
    end
  end
  table.sort(list)
  return list
end

describe("the library's sources", function()
  local function object(name, sources, also)
    return build.product(name, sources, "-O0 -fPIC -nostdlib -r " .. includes, also, "")
  end

  -- Two by which threads exchange a freed block, and one that tells how far the pages of malloc's memory are there.
  it("have no variable that could be written to, but three that are atomic", function()
    local library = object("library", build.library())
    assert.same({ "expected_end 8", "idle_region 8", "lender 8" }, variables(library))
    assert.same({ [".bss"] = true }, writable(library))
  end)

  it("would be found out", function()
    local path = "build/spec/variables.c"
    os.execute("mkdir -p build/spec")
    local file = assert(io.open(path, "w"))
    file:write("int shared; static long counter = 5; _Thread_local char own[3];\n",
      "long next(void);\nlong next(void) { static short calls; return counter++ + calls++ + shared + own[0]; }\n",
      "const int fixed = 7; extern const char *const names[];\nconst char *const names[] = {\"a\", \"b\"};\n")
    file:close()
    local found = object("variables", { path })
    assert.same({ [".bss"] = true, [".data"] = true, [".tbss"] = true }, writable(found))
    local names = table.concat(variables(found), ", ")
    assert.truthy(names:find "counter 8" and names:find "shared 4" and names:find "calls%.%d+ 2", names)
  end)
end)

describe("eight threads with a state each", function()
  local program

  setup(function()
    local sources, also = build.library()
    table.insert(sources, "spec/support/threads.c")
    local flags = ("-O0 %s %s -lpthread"):format(includes, lua_libs)
    program = build.product("threads", sources, flags, also, "-fsanitize=thread")
  end)

  local function run(arguments)
    return build.output(("TSAN_OPTIONS=exitcode=66 timeout 300 ./%s %s 2>&1; echo status $?"):format(program,
      arguments))
  end

  it("move arrays to one another through queues, and ThreadSanitizer has nothing to say", function()
    assert.equal("320 arrays moved, 0 left\nstatus 0", run "queue spec/support/threads.lua")
  end)

  it("build arrays without a heap, whose freed blocks they exchange, and ThreadSanitizer has nothing to say", function()
    assert.equal("0 arrays moved, 0 left\nstatus 0", run "plain")
  end)

  it("would be reported if they shared an array", function()
    local said = run "race"
    assert.truthy(said:find("WARNING: ThreadSanitizer: data race", 1, true), said)
    assert.truthy(said:find("in dynarray_extend", 1, true), said)
    assert.truthy(said:find("status 66", 1, true), said)
  end)
end)
