--- Builds and loads native.c: Lua states whose allocator counts and fails on request.
-- The library is built on demand into build/spec, under a name made of its source and flags, so that an edit or
-- another set of flags (a sanitizer's) builds another.
local here = debug.getinfo(1, "S").source:match("^@(.*)native%.lua$")
local source = here .. "native.c"

local function read(command)
  local pipe = assert(io.popen(command))
  local text = pipe:read("a")
  pipe:close()
  return (text:gsub("%s+$", ""))
end

local function checksum(text)
  local sum = 5381
  for i = 1, #text do
    sum = (sum * 33 + text:byte(i)) & 0xffffffff
  end
  return sum
end

local file = assert(io.open(source, "rb"))
local text = file:read("a")
file:close()

local compiler = os.getenv("CC") or "cc"
local flags = table.concat({
  "-std=c11 -O1 -g -Wall -Wextra -fPIC -shared",
  read("pkg-config --cflags lua5.4 2>/dev/null || pkg-config --cflags lua-5.4"),
  os.getenv("DYNARRAY_SPEC_CFLAGS") or "",
}, " ")
local library = ("build/spec/native-%08x.so"):format(checksum(compiler .. flags .. text))

local present = io.open(library, "rb")
if present then
  present:close()
else
  -- A sanitizer preloaded for the specs has no business in the compiler.
  local built = os.execute(("mkdir -p build/spec && LD_PRELOAD= %s %s -o %s.new %s && mv %s.new %s"):format(compiler,
    flags, library, source, library, library))
  assert(built, "cannot build " .. source .. ": is a C compiler there?")
end

return assert(package.loadlib("./" .. library, "luaopen_native"))()
