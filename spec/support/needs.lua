--- What a spec needs of the machine. Called at the head of an `it`: where it is not there, the spec is pending, with
-- the reason. The summary counts these.
local needs = {}

local known = {}

-- Whether this shell command succeeds; asked once.
local function succeeds(command)
  if known[command] == nil then
    known[command] = os.execute(("(%s) >/dev/null 2>&1"):format(command)) == true
  end
  return known[command]
end

-- Whether a program is there, for a `setup`, in which nothing can be pending.
function needs.has(name)
  return succeeds("command -v " .. name)
end

-- `it` for specs that all need the same: ask() calls the functions below.
function needs.each(it, ask)
  return function(name, body)
    it(name, function()
      ask()
      body()
    end)
  end
end

-- busted runs spec files in an environment whose `pending` ends the `it` that runs. Such a file loads this module, and
-- is on the stack now.
local function environment()
  local level = 3
  while true do
    local info = assert(debug.getinfo(level, "f"), "needs is for spec files")
    local name, value = debug.getupvalue(info.func, 1)
    if name == "_ENV" and value ~= _G then
      return value
    end
    level = level + 1
  end
end
local specs = environment()

-- For anything else: `found` is what was looked for.
function needs.all(found, reason)
  if not found then
    specs.pending(reason)
  end
end

-- Huge pages, for who asks for them.
function needs.huge_pages()
  local file = io.open "/sys/kernel/mm/transparent_hugepage/enabled" or specs.pending "no huge pages"
  local setting = file:read "a"
  file:close()
  needs.all(not setting:find("[never]", 1, true), "huge pages are switched off")
end

-- Programs, found by the shell.
function needs.commands(...)
  for _, name in ipairs { ... } do
    needs.all(needs.has(name), name .. " is not installed")
  end
end

-- Lua modules.
function needs.modules(...)
  for _, name in ipairs { ... } do
    needs.all(package.searchpath(name, package.path) or package.searchpath(name, package.cpath),
      "the Lua module " .. name .. " is not installed")
  end
end

-- Modules of Debian's python3; another on the path need not have them.
needs.python_program = "/usr/bin/python3"
function needs.python(...)
  for _, name in ipairs { ... } do
    needs.all(succeeds(("%s -c 'import %s'"):format(needs.python_program, name)), "Python's " .. name
      .. " is not installed")
  end
end

-- Files of the system, as those of /proc.
function needs.files(...)
  for _, path in ipairs { ... } do
    needs.all(succeeds(("test -e '%s'"):format(path)), path .. " is not there")
  end
end

-- Room in the address space for a map of this many bytes. qemu notes each page, so it has none for very large ones.
function needs.address_space(bytes)
  needs.all(bytes < 1 << 31 or string.packsize "T" >= 8, "32 bits have no room for such a map")
  needs.all(bytes < 1 << 36 or not (os.getenv "DYNARRAY_RUN" or ""):find("qemu", 1, true),
    "qemu has no room for such a map")
end

-- errno.h as a sign of the system's headers: those of 32 bits may be missing.
local compiles = "d=$(mktemp -d) && printf '#include <errno.h>\\n#include <stdio.h>\\nint main(void) { return 0; }\\n' "
  .. ">$d/t.c && %s %s -o $d/t $d/t.c%s; r=$?; rm -r $d; exit $r"

-- A compiler that knows these flags and has the system's headers for them.
function needs.compiler(compiler, flags)
  needs.commands(compiler)
  needs.all(succeeds(compiles:format(compiler, "-c " .. (flags or ""), "")), ("`%s %s` does not compile here")
    :format(compiler, flags or ""))
end

-- The same, and that its programs run: a kernel need not run those of 32 bits.
function needs.programs(compiler, flags)
  needs.commands(compiler)
  needs.all(succeeds(compiles:format(compiler, flags or "", " && $d/t")), ("programs by `%s %s` do not run here")
    :format(compiler, flags or ""))
end

return needs
