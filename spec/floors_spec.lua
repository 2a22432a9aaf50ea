-- scripts/floors.lua, on small sources: what is against the written order is found.
local LUA, CC = os.getenv "LUA" or "lua5.4", os.getenv "CC" or "cc"
local place = os.tmpname()

local function run(command) assert(os.execute(command), command) end

local function write(path, text)
  run(("mkdir -p '%s/%s'"):format(place, path:match "^(.*)/" or "."))
  local file = assert(io.open(place .. "/" .. path, "w"))
  file:write(text)
  file:close()
end

-- Writes and compiles the files, {path = text}, below src/, and says what the script says of that order.
local function check(order, sources)
  os.remove(place)
  run(("rm -rf '%s'"):format(place))
  local compile = {}
  for path, text in pairs(sources) do
    write(path, text)
    if path:find "%.c$" then
      local object = path:gsub("^src/", "objects/"):gsub("%.c$", ".o")
      compile[#compile + 1] = ("mkdir -p '%s' && %s -Isrc -c -o '%s' '%s'"):format(object:match "^(.*)/", CC,
        object, path)
    end
  end
  if compile[1] then
    run(("cd '%s' && %s"):format(place, table.concat(compile, " && ")))
  end
  write("order.md", "# Order\n\n```floors\n" .. order .. "```\n")
  local pipe = assert(io.popen(("%s scripts/floors.lua '%s/order.md' '%s' '%s/objects' 2>&1"):format(LUA, place,
    place, place)))
  local said = pipe:read "a"
  return pipe:close() == true, said
end

local function uses(name, ...)
  local text = {}
  for _, other in ipairs { ... } do
    text[#text + 1] = ("int %s(void);"):format(other)
  end
  text[#text + 1] = ("int %s(void) { return 1"):format(name)
  for _, other in ipairs { ... } do
    text[#text + 1] = (" + %s()"):format(other)
  end
  return table.concat(text, "\n") .. ";\n}\n"
end

local order = "src/top.c  above\nsrc/middle/  in between\nsrc/bottom.c\n"

describe("scripts/floors.lua", function()
  teardown(function() run(("rm -rf '%s'"):format(place)) end)

  it("passes what uses files below it alone", function()
    local ok, said = check(order, {
      ["src/top.c"] = uses("top", "middle", "bottom"), ["src/middle/middle.c"] = uses("middle", "other"),
      ["src/middle/other.c"] = uses("other", "bottom"), ["src/bottom.c"] = uses "bottom",
    })
    assert.is_true(ok, said)
    assert.equal("floors: 4 files stand in order\n", said)
  end)

  it("finds a call of a file above", function()
    local ok, said = check(order, {
      ["src/top.c"] = uses "top", ["src/middle/middle.c"] = uses "middle", ["src/bottom.c"] = uses("bottom", "top"),
    })
    assert.is_false(ok)
    assert.equal("floors: src/bottom.c uses src/top.c (top), which stands above it\n", said)
  end)

  it("finds a circle, in one folder too", function()
    local ok, said = check(order, {
      ["src/top.c"] = uses "top", ["src/middle/a.c"] = uses("a", "b"), ["src/middle/b.c"] = uses("b", "c"),
      ["src/middle/c.c"] = uses("c", "a"), ["src/bottom.c"] = uses "bottom",
    })
    assert.is_false(ok)
    assert.equal("floors: there is a circle: src/middle/a.c -> src/middle/b.c (b), "
      .. "src/middle/b.c -> src/middle/c.c (c), src/middle/c.c -> src/middle/a.c (a)\n", said)
  end)

  it("finds a header of a file above", function()
    local ok, said = check(order, {
      ["src/top.c"] = '#include "top.h"\n', ["src/top.h"] = "enum { TOP };\n",
      ["src/middle/middle.c"] = uses "middle", ["src/bottom.c"] = '#include "top.h"\n' .. uses "bottom",
    })
    assert.is_false(ok)
    assert.equal("floors: src/bottom.c uses src/top.c (top.h), which stands above it\n", said)
  end)

  it("finds a file that uses another of a folder whose files do not", function()
    local ok, said = check("src/top/*\n", {
      ["src/top/a.c"] = "extern int b; int *const a = &b;", ["src/top/b.c"] = "int b;",
    })
    assert.is_false(ok)
    assert.equal("floors: src/top/a.c uses src/top/b.c (b): files of src/top/* do not use each other\n", said)
  end)

  it("finds a function that such a file shows others", function()
    local ok, said = check("src/top/*\n", { ["src/top/a.c"] = uses "a", ["src/top/b.c"] = "int b;" })
    assert.is_false(ok)
    assert.equal("floors: src/top/a.c shows others the function a: files of src/top/* show data alone\n", said)
  end)

  it("finds a header of more than 250 lines, but for public ones", function()
    local long, order_of_headers = ("\n"):rep(251), "src/long.h\nsrc/include/\n"
    local sources = { ["src/long.h"] = ("\n"):rep(250), ["src/include/public.h"] = long }
    assert.is_true((check(order_of_headers, sources)))
    sources["src/long.h"] = long
    local ok, said = check(order_of_headers, sources)
    assert.is_false(ok)
    assert.equal("floors: src/long.h has 251 lines: a header has 250 at most\n", said)
  end)

  it("finds what has no line, no file and no object", function()
    local sources = { ["src/top.c"] = uses "top", ["src/new.c"] = uses "new" }
    local ok, said = check("src/top.c\nsrc/gone.c\n", sources)
    assert.is_false(ok)
    assert.truthy(said:find("src/new.c stands on no floor", 1, true), said)
    assert.truthy(said:find("names src/gone.c, where there is no file", 1, true), said)
    run(("rm '%s/objects/top.o'"):format(place))
    local pipe = assert(io.popen(("%s scripts/floors.lua '%s/order.md' '%s' '%s/objects' 2>&1"):format(LUA, place,
      place, place)))
    said = pipe:read "a"
    assert.is_nil(pipe:close())
    assert.truthy(said:find("there is no object of src/top.c", 1, true), said)
  end)

  it("reads what Lua files require", function()
    local rooms = "lua/our/lab/cli/  \nlua/our/lab/run/\nlua/our/lab/base/\n"
    local sources = {
      ["lua/our/lab/cli/init.lua"] = 'require "our.lab.run"', ["lua/our/lab/run/init.lua"] = "",
      ["lua/our/lab/base/units.lua"] = "",
    }
    assert.is_true((check(rooms, sources)))
    sources["lua/our/lab/base/units.lua"] = "return function() return require('our.lab.run') end"
    local ok, said = check(rooms, sources)
    assert.is_false(ok)
    assert.equal("floors: lua/our/lab/base/units.lua uses lua/our/lab/run/init.lua (our.lab.run), "
      .. "which stands above it\n", said)
    sources["lua/our/lab/base/units.lua"] = 'require "our.lab.base.text"'
    sources["lua/our/lab/base/text.lua"] = 'require("our.lab.base." .. "units")'
    ok, said = check(rooms, sources)
    assert.is_false(ok)
    assert.truthy(said:find("circle: lua/our/lab/base/text.lua -> lua/our/lab/base/units.lua", 1, true), said)
  end)
end)
