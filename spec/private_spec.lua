-- Functions of the core that no script can call in this way, from C: each check of spec/support/private.c in a process
-- of its own.
local build = require "support.build"
local needs = require "support.needs"

local flags = "-Isrc -Isrc/include -Wl,--wrap=realloc,--wrap=strtod,--wrap=localeconv"

-- With the objects that this run has built; if it counts what runs, support.build knows others.
local function program()
  local sanitized = (os.getenv "DYNARRAY_SPEC_CFLAGS" or "") ~= ""
  local folder = sanitized and "build/sanitize/" or "build/release/"
  local sources = build.files("src/core", ".c")
  for i, source in ipairs(sources) do
    local object = folder .. source:match "^src/(.*)%.c$" .. ".o"
    local file = not os.getenv "DYNARRAY_SPEC_OBJECTS" and io.open(object, "rb")
    if file then
      file:close()
      sources[i] = object
    end
  end
  table.insert(sources, 1, "spec/support/private.c")
  return build.product("private", sources, flags, build.files("src/core src/include spec/support", ".h"))
end

describe("the core by itself", function()
  if build.output "uname -s" ~= "Linux" then
    it("is checked", function() needs.all(false, "only GNU's linker puts functions in the place of libc's") end)
    return
  end
  local path = program()
  local names = build.output("./" .. path)
  for name in names:gmatch "[^\n]+" do
    it(name, function()
      assert.equal("", build.output(("./%s '%s' 2>&1 || echo failed"):format(path, name)))
    end)
  end

  it("is checked at all", function()
    assert.is_true(#names > 100)
  end)
end)
