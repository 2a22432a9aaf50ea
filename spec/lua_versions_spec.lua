-- Other versions of Lua than the one that runs the specs: `make LUA_VERSION=5.3`, and our specs under it.
local build = require "support.build"
local needs = require "support.needs"

local output = build.output
local directory = "build/spec/lua5.3"
-- Nothing of what is set for the Lua and the compiler that run the specs.
local clean = "env -u MAKEFLAGS -u MAKELEVEL -u CC -u LUA -u LUA_CFLAGS -u LUA_LIBS -u DYNARRAY_SPEC_CFLAGS"

local how = ("LUA_VERSION=5.3 OUT=%s CFLAGS='-O0 -DDYNARRAY_NO_CLONES -Werror'"):format(directory)

-- Those that use nothing that came with Lua 5.4; `more` leaves single ones away that do.
local specs = { "append", "arithmetic", "compare_concat", "construct", "copy", "element_types", "error_position",
  "extend", "file", "growth", "index", "iterate", "map_filter_reduce", "memory", "policy", "resize", "search",
  "sequence", "tostring" }
local more = "--filter-out='<close>' --filter-out='every kind of array alive'"

describe("Lua 5.3", function()
  local it = needs.each(it, function() needs.commands "lua5.3" end)

  setup(function()
    if not needs.has "lua5.3" then
      return
    end
    local said = output(("%s make -j2 module %s 2>&1 || echo failed"):format(clean, how))
    assert(not said:find "failed$", said)
  end)

  it("opens the module, and only the one that was built for it", function()
    local script = [[
      local dynarray = require "dynarray"
      local a = dynarray.from({ 1, 2, 3 }, "float64")
      print(_VERSION, a:sum(), a)
    ]]
    local command = ("LUA_CPATH='%s/?.so' lua%s -e '%s' 2>&1")
    assert.equal("Lua 5.3\t6.0\tdynarray<float64>(size 3, capacity 3): 1.0, 2.0, 3.0",
      output(command:format(directory, "5.3", script)))
    assert.truthy(output(command:format(directory, "5.4", script)):find "undefined symbol", 1, true)
    assert.truthy(output(command:format(build.out, "5.3", script)):find "undefined symbol", 1, true)
  end)

  it("keeps what the examples of the reference say", function()
    local said = output(("%s make check-lua %s 2>&1"):format(clean, how))
    assert(tonumber(said:match "Lua 5%.3: (%d+) passed, 0 failed" or 0) > 90, said)
  end)

  for _, name in ipairs(specs) do
    it("keeps what " .. name .. "_spec says", function()
      local said = output(("%s LUA=lua5.3 LUA_CPATH='%s/?.so;;' lua5.3 spec/run.lua %s spec/%s_spec.lua 2>&1")
        :format(clean, directory, more, name))
      assert(tonumber(said:match "(%d+) successes / 0 failures / 0 errors" or 0) > 4, said)
    end)
  end
end)

describe("a Lua with numbers of 32 bits", function()
  it("is refused with a message", function()
    local cc, headers = os.getenv "CC" or "cc", "build/spec/lua32"
    local from = output(("echo '#include <lua.h>' | %s -E %s - | sed -n 's|^# 1 \"\\(.*\\)/lua\\.h\".*|\\1|p'")
      :format(cc, build.lua_cflags))
    assert(os.execute(("rm -rf %s && mkdir -p %s && cp '%s'/*.h %s"):format(headers, headers, from, headers)))
    assert(os.execute(("sed 's/^#define LUA_32BITS.*/#define LUA_32BITS 1/' '%s/luaconf.h' >%s/luaconf.h")
      :format(from, headers)))
    local said = output(("%s -std=c11 -Isrc -Isrc/include -I%s -fsyntax-only src/lua/api/module.c 2>&1")
      :format(cc, headers))
    assert.truthy(said:find("dynarray needs a Lua with 64-bit integers and doubles, not one with LUA_32BITS", 1, true),
      said)
  end)
end)
