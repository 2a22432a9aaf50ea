-- Functions of the core that no script can call in this way, from C: each check of spec/support/private.c in a process
-- of its own.
local build = require "support.build"
local needs = require "support.needs"

local flags = "-Isrc -Isrc/include -Wl,--wrap=realloc,--wrap=strtod,--wrap=localeconv,--wrap=snprintf"

local function program()
  local sources = build.files("src/core", ".c")
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
