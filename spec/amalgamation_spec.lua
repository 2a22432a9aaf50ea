-- `make amalgamation`: one C file, built in all the ways that hosts need.
local build = require "support.build"
local needs = require "support.needs"

local output = build.output
local directory = "build/amalgamation"
local work = "build/spec/amalgamation"
local warnings = "-Wall -Wextra -Wpedantic -Werror"
local seed = math.tointeger(tonumber(os.getenv "DYNARRAY_SEED")) or os.time()

local lua_cflags = output "pkg-config --cflags lua5.4"
local lua_libs = output "pkg-config --libs lua5.4"

local function succeed(command)
  local said = output(command .. " 2>&1 && echo done")
  assert(said == "done", command .. "\n" .. said)
end

-- Compiled where nothing else is found: neither our sources nor, unless told, Lua's headers.
-- Once for each name.
local function compile(name, compiler, flags)
  local object = ("%s/%s.o"):format(work, name)
  local present = io.open(object, "rb")
  if present then
    present:close()
    return object
  end
  succeed(("cd %s && %s -std=c11 %s %s -c -o ../../%s dynarray.c"):format(directory, compiler, flags, warnings, object))
  return object
end

local function link(name, compiler, sources, flags)
  local program = ("%s/%s"):format(work, name)
  succeed(("%s -I%s %s -o %s %s -lm"):format(compiler, directory, sources, program, flags))
  return program
end

local function split(text)
  local list = {}
  for line in text:gmatch "[^\n]+" do
    list[#list + 1] = line
  end
  return list
end

local function lines(command)
  return split(output(command))
end

local function defined(object)
  return lines(("nm --extern-only --defined-only %s | awk '{ print $3 }' | grep -v __x86 | sort"):format(object))
end

local declared = { core = {}, all = {} }
for header, lists in pairs { dynarray = { declared.core, declared.all }, dynarray_lua = { declared.all } } do
  for line in io.lines(("src/include/%s.h"):format(header)) do
    for _, list in ipairs(lists) do
      list[#list + 1] = line:match "^DYNARRAY_API.-([%w_]+)%("
    end
  end
end
table.sort(declared.core)
table.sort(declared.all)

setup(function()
  succeed(("rm -rf %s %s && mkdir -p %s"):format(directory, work, work))
  succeed "env -u MAKEFLAGS -u MAKELEVEL -u LUA make -s amalgamation"
end)

describe("the amalgamation", function()
  it("is one file, the public headers and the licence", function()
    assert.same({ "LICENSE", "dynarray.c", "dynarray.h", "dynarray_lua.h" }, lines("LC_ALL=C ls " .. directory))
  end)

  for name, how in pairs {
    gcc = { "gcc", "-O1" },
    clang = { "clang", "-O1" },
    ["gcc, 32 bits"] = { "gcc", "-O1 -m32" },
    ["clang, 32 bits"] = { "clang", "-O1 -m32" },
    ["gcc, no pages"] = { "gcc", "-O1 -DDYNARRAY_NO_PAGES" },
  } do
    it("holds what the core's checks check: " .. name, function()
      needs.programs(how[1], how[2]:match "%-m32")
      local stem = "core-" .. name:gsub("%W+", "-")
      local object = compile(stem, how[1], how[2])
      assert.same(declared.core, defined(object))
      local program = link(stem, how[1], "-std=c11 spec/support/core.c " .. object, how[2])
      local checks = lines("./" .. program)
      assert.is_true(#checks > 10)
      for _, check in ipairs(checks) do
        local said = output(("./%s '%s' %d 2>&1 && echo done"):format(program, check, seed))
        assert(said == "done", ("%s: %s\nDYNARRAY_SEED=%d repeats it"):format(check, said, seed))
      end
    end)
  end

  it("without mmap makes no mapping", function()
    local object = compile("core-gcc-no-pages", "gcc", "-O1 -DDYNARRAY_NO_PAGES")
    assert.same({}, lines(("nm -u %s | grep 'map\\|madvise\\|open'"):format(object)))
  end)

  for _, compiler in ipairs { "gcc", "clang", "gcc -m32" } do
    it("without an operating system asks for nothing of one: " .. compiler, function()
      needs.programs(compiler:match "%a+", compiler:match "%-m32")
      local stem = "no-os-" .. compiler:gsub("%W+", "-")
      local object = compile(stem, compiler, "-O1 -DDYNARRAY_NO_OS")
      local known = { memcpy = true, memmove = true, memset = true, memcmp = true, strcmp = true, ceil = true,
        _GLOBAL_OFFSET_TABLE_ = true }
      for _, name in ipairs(lines(("nm -u %s | awk '{ print $2 }'"):format(object))) do
        assert.is_true(known[name] or name:find "^__x86" ~= nil, name)
      end
      succeed("./" .. link(stem, compiler, "-std=c11 spec/support/arena.c " .. object, ""))
    end)
  end
end)

describe("the amalgamation with Lua", function()
  local function run(program)
    assert.equal("10100\t50009950\t1\n10101", output(("./%s 2>&1"):format(program)))
  end

  for c, cxx in pairs { gcc = "g++", clang = "clang++" } do
    it(("is a part of a program in C11, and in C++17: %s, %s"):format(c, cxx), function()
      needs.programs(c)
      needs.commands(cxx)
      local object = compile("lua-" .. c, c, "-O0 " .. lua_cflags)
      assert.same(declared.all, defined(object))
      run(link("c-" .. c, c, "-std=c11 spec/support/embed.c " .. object, lua_cflags .. " " .. lua_libs))
      run(link("cxx-" .. c, cxx, "-std=c++17 -x c++ spec/support/embed.c -x none " .. object,
        lua_cflags .. " " .. lua_libs))
    end)
  end

  it("compiles for 32 bits", function()
    needs.compiler("gcc", "-m32")
    -- Debian keeps a part of Lua's headers with each architecture
    succeed(("cp $(find /usr/include -name lua5.4-deb-multiarch.h | head -n 1) %s"):format(work))
    local object = compile("lua-32", "gcc", ("-O0 -m32 -I../spec/amalgamation %s"):format(lua_cflags))
    assert.same(declared.all, defined(object))
  end)

  it("can be left away", function()
    assert.same(declared.core, defined(compile("no-lua", "gcc", "-O0 -DDYNARRAY_NO_LUA " .. lua_cflags)))
  end)

  it("needs no malloc without an operating system, and says what there is not", function()
    local object = compile("lua-no-os", "gcc", "-O0 -fPIC -DDYNARRAY_NO_OS " .. lua_cflags)
    assert.same({}, lines(("nm -u %s | grep -w 'malloc\\|realloc\\|free\\|luaL_newstate\\|mmap\\|mmap64\\|open\\|"
      .. "open64\\|clock_gettime\\|getrusage\\|getpid\\|stat64\\|fsync'"):format(object)))
    succeed(("mkdir -p %s/no-os && gcc -shared -o %s/no-os/dynarray.so %s -lm"):format(work, work, object))
    local said = output(([[LUA_CPATH='%s/no-os/?.so' lua5.4 -e '
      local dynarray = require "dynarray"
      local a = dynarray.new{ type = "float64", }
      for i = 1, 1e6 do a:append(i) end
      print(a:sum(), a:save("build/spec/none.npy"))
      print(dynarray.open("build/spec/none.npy", "float64"))
      print(dynarray.open("build/spec/none.npy", { mode = "r" }))
      local probe = dynarray.probe
      print(next(probe.memory()), probe.reset_peak(), pcall(probe.clock))
      print(pcall(probe.appends, a, 1))
      print(#a, pcall(probe.chase, dynarray.from({ 1 }, "int64"), 1))
    ' 2>&1]]):format(work))
    assert.same({ "500000500000.0\tnil\tbuild/spec/none.npy: files are not supported here\tnil",
      "nil\tbuild/spec/none.npy: files are not supported here\tnil",
      "nil\tbuild/spec/none.npy: files are not supported here\tnil",
      "nil\tfalse\tfalse\tthis system has no monotonic clock",
      "false\tthis system has no monotonic clock",
      "1000000\tfalse\tthis system has no monotonic clock" }, split(said))
  end)
end)
