--- Builds what the specs need from C, on demand, into build/spec. The name of a product holds a sum of its sources
-- and flags, so that an edit or other flags (a sanitizer's) make another.
local build = {}

local compiler = os.getenv("CC") or "cc"
-- Where the libraries are that this run tries.
build.out = os.getenv "DYNARRAY_OUT" or "."
-- What stands before a program that was built, if its processor or its system is another one: qemu or wine.
build.run = os.getenv "DYNARRAY_RUN" or ""
local extra = os.getenv("DYNARRAY_SPEC_CFLAGS") or ""
-- Objects of ours that count what runs, see mk/coverage.mk.
local objects = os.getenv "DYNARRAY_SPEC_OBJECTS"

function build.output(command)
  local pipe = assert(io.popen(command))
  local text = pipe:read("a")
  pipe:close()
  return (text:gsub("%s+$", ""))
end

-- Files below the folders (words of one string) whose names end in that way, sorted.
function build.files(folders, ending)
  local list = {}
  for path in build.output(("find %s -name '*%s' | LC_ALL=C sort"):format(folders, ending)):gmatch("[^\n]+") do
    list[#list + 1] = path
  end
  return list
end

-- Of the Lua that runs this: headers and library.
local function lua_flags(option)
  local version = _VERSION:match "%d%.%d"
  local command = "for name in lua%s lua-%s lua; do pkg-config %s $name 2>/dev/null && break; done"
  return build.output(command:format(version, version, option))
end
build.lua_cflags = os.getenv "LUA_CFLAGS" or lua_flags "--cflags"
build.lua_libs = os.getenv "LUA_LIBS" or lua_flags "--libs"

local function quoted(list)
  local words = {}
  for k, path in ipairs(list) do
    words[k] = "'" .. path:gsub("'", "'\\''") .. "'"
  end
  return table.concat(words, " ")
end

-- Of a text and of what is in two lists of files.
local function checksum(text, list, more)
  local sum, sums = 5381, build.output(("cksum %s %s"):format(quoted(list), quoted(more)))
  text = text .. sums
  for i = 1, #text do
    sum = (sum * 33 + text:byte(i)) & 0xffffffff
  end
  return ("%08x"):format(sum)
end

-- The library's sources, and the headers that they include.
function build.library()
  return build.files("src", ".c"), build.files("src", ".h")
end

-- The sources of the array and its files, without what works on many elements; `more` names some of the others.
function build.array(more)
  local list = build.files("src/core/system", ".c")
  local names = "array block capacity_plan element file_mark memory npy open_file open_file_none owner policies "
    .. "save_load "
  for name in (names .. (more or "")):gmatch "%S+" do
    list[#list + 1] = ("src/core/%s.c"):format(name)
  end
  return list
end

-- The folder of the objects from which `make` built what this run tries.
local function made_objects()
  if extra ~= "" then
    return "build/sanitize"
  end
  return (build.out == "." or build.out == build.output "pwd") and "build/release" or build.out
end

-- The same, with these objects in the place of our sources: to compile the library again takes long. If make compiles
-- all as one file, there are none.
local function made(sources)
  local folder, list = made_objects(), {}
  for k, source in ipairs(sources) do
    local name = source:match "^src/(.*)%.c$"
    local object = name and ("%s/%s.o"):format(folder, name)
    local file = object and io.open(object, "rb")
    list[k] = file and object or source
    if file then
      file:close()
    end
  end
  return list
end

-- The same with objects that count, in the place of our sources and our library.
local function counted(sources, flags)
  local kind, list = flags:find("-DDYNARRAY_NO_CLONES", 1, true) and "any" or "objects", {}
  for k, source in ipairs(sources) do
    local name = source:match "^src/(.*)%.c$"
    list[k] = name and ("%s/%s/%s.o"):format(objects, kind, name) or source
  end
  return list, (flags:gsub("'[^']*(/libdynarray%.a)'", function(library)
    return "'" .. objects .. library .. "'"
  end))
end

-- Compiles the sources (a list of paths) with the flags; `also` are files that they include. Returns the path.
-- Our own sources are not compiled again, unless flags define something for them. sanitizers: in place of those of this
-- run, if there are any.
function build.product(name, sources, flags, also, sanitizers)
  local folder = "build/spec"
  if objects and not sanitizers then
    local own_sources, own_flags = table.concat(sources), flags
    sources, flags = counted(sources, flags)
    if table.concat(sources) ~= own_sources or flags ~= own_flags then
      folder = folder .. "/counted" -- scripts/mutants.lua empties it
      flags = flags .. " -lgcov"
    end
  elseif (sanitizers or extra) == extra and not flags:find("-D", 1, true) then
    sources = made(sources)
  end
  flags = ("-std=c11 -O1 -g -Wall -Wextra %s %s"):format(flags, sanitizers or extra)
  local path = ("%s/%s-%s"):format(folder, name, checksum(compiler .. flags, sources, also or {}))
  local present = io.open(path, "rb")
  if present then
    present:close()
    return path
  end
  -- A name of its own: another process may build the same.
  local new = ("%s.%s"):format(path, build.output "sh -c 'echo $$'")
  local command = ("mkdir -p %s && %s -o %s %s %s -lm && mv %s %s"):format(folder, compiler, new, quoted(sources),
    flags, new, path)
  assert(os.execute(command), "cannot build " .. path .. ": is a C compiler there?")
  return path
end

return build
