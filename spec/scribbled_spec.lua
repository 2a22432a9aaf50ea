-- Memory that changes while it is read: mapped files, and memory that a host lends. DYNARRAY_SPEC_SECONDS: how long the
-- other thread writes, for an attack; DYNARRAY_SEED: as it was.
local build = require "support.build"
local child = require "support.child"

local library = "./" .. build.product("scribble", { "spec/support/scribble.c" },
  "-Isrc/include -fPIC -shared -pthread " .. build.lua_cflags,
  { "src/include/dynarray.h", "src/include/dynarray_lua.h" })

local seconds = os.getenv "DYNARRAY_SPEC_SECONDS" or "2"
local seed = math.tointeger(tonumber(os.getenv "DYNARRAY_SEED")) or os.time()

describe("memory that another thread writes to", function()
  it("leads no method out of the array, and every call ends", function()
    local out, err, ok = child.program("spec/support/scribble.lua", library, seconds, tostring(seed))
    local last = out:match "([^\n]*)\n*$"
    assert(ok and last == "sound", ("%s: %s"):format(last, err))
  end)
end)
