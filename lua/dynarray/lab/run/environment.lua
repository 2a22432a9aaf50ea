--- What a measurement was made on, and what spoils it. What the system does not tell is left out.
local child = require "dynarray.lab.run.child"
local dynarray = require "dynarray"
local filesystem = require "dynarray.lab.base.filesystem"
local shell = require "dynarray.lab.base.shell"

local environment = {}

local KIB = 1024
local units = { K = KIB, M = KIB ^ 2, G = KIB ^ 3 }

local function read(path)
  return filesystem.contents(path) or ""
end

local function bytes(text)
  local number, unit = (text or ""):match("^(%d+)([KMG]?)")
  return number and math.tointeger(tonumber(number) * (units[unit] or 1)) or nil
end

-- "always [madvise] never" -> "madvise"
local function selected(path)
  return read(path):match("%[(%S+)%]")
end

--- The caches of the first processor: a list of { level, type = "data", "instruction" or "unified", bytes }, or nil.
function environment.caches()
  local list = {}
  for i = 0, 15 do
    local folder = ("/sys/devices/system/cpu/cpu0/cache/index%d/"):format(i)
    local size = bytes(filesystem.first_line(folder .. "size"))
    local level = tonumber(filesystem.first_line(folder .. "level"))
    local kind = filesystem.first_line(folder .. "type")
    if not (size and level and kind) then
      break
    end
    list[#list + 1] = { level = level, type = kind:lower(), bytes = size }
  end
  return #list > 0 and list or nil
end

local function cpu()
  local text = read("/proc/cpuinfo")
  return text:match("model name%s*:%s*([^\n]+)") or shell.output("uname -m")
end

local function is_virtual()
  local flags = read("/proc/cpuinfo"):match("\nflags[^\n]*") or ""
  return flags:find(" hypervisor%f[%W]") ~= nil
end

-- With the release, which the language itself does not tell.
local function lua_version()
  local ok, interpreter = pcall(child.interpreter)
  local said = ok and shell.output(shell.quote(interpreter) .. " -v 2>&1")
  return said and said:match("^Lua [%d.]+") or _VERSION
end

-- Parts of the names of libraries that take malloc's place.
local mallocs = { jemalloc = "jemalloc", tcmalloc = "tcmalloc", mimalloc = "mimalloc", vgpreload = "valgrind" }

-- Such a library is loaded with the process.
local function allocator()
  local maps = read("/proc/self/maps")
  for name, title in pairs(mallocs) do
    if maps:find("/[^/\n]*" .. name .. "[^/\n]*\n") then
      return title
    end
  end
  local libc = shell.output("getconf GNU_LIBC_VERSION")
  return libc or "the system's malloc"
end

-- Whether large blocks come from pages of their own: only beside the stock allocator.
local function has_pages()
  local a <close> = dynarray.new { type = "uint8", capacity = 4 * KIB ^ 2 }
  return a.block == "pages"
end

local function collector_mode()
  local mode = collectgarbage("incremental")
  collectgarbage(mode)
  return mode
end

-- The commit of the checkout that these files are from; not that of a project which holds a copy.
local function commit()
  local path = package.searchpath("dynarray.lab.run.environment", package.path)
  local folder = path and path:match("^(.*)/[^/]*$")
  if not folder then
    return nil
  end
  local git = "git -C " .. shell.quote(folder)
  local id = shell.output(git .. " ls-files --error-unmatch environment.lua && " .. git .. " rev-parse --short=10 HEAD")
  if not id then
    return nil
  end
  local dirty = shell.output(git .. " status --porcelain --untracked-files=no")
  return id:match("[^\n]*$") .. (dirty and " with changes" or "")
end

--- What spoils a measurement, in an environment.
-- @return list of sentences
function environment.warnings(e)
  local list = {}
  local function warn(condition, text, ...)
    if condition then
      list[#list + 1] = text:format(...)
    end
  end
  warn(e.load and e.load > e.processors / 2, "the machine is busy: load %.2f on %d processors", e.load or 0,
    e.processors)
  warn(e.governor and e.governor ~= "performance", "the processor's frequency varies: governor %s", e.governor)
  warn(e.boost, "the processor's frequency varies: turbo is on")
  warn(e.virtual, "a virtual machine: others may share its processors")
  warn(not e.build.optimized, "the library was compiled without optimisation")
  warn(e.build.sanitized, "the library was compiled with a sanitizer")
  warn(e.allocator == "valgrind", "the process runs under valgrind")
  warn(not e.pages, "large blocks do not come from pages: the allocator is not the stock one")
  warn(e.hook, "a debug hook is set")
  return list
end

--- What there is, now. Reads files and runs some short programs.
-- @return a table: time, cpu, processors, caches (list of { level, type, bytes }), memory (bytes), kernel, page_size,
--   huge_page_size (bytes), huge_pages ("always", "madvise", "never"), lua, gc, allocator, pages, library, commit,
--   build, overhead (see dynarray.probe), load, governor, boost, virtual, warnings (list of sentences)
function environment.read()
  local no_turbo = filesystem.first_line("/sys/devices/system/cpu/intel_pstate/no_turbo")
  local boost = filesystem.first_line("/sys/devices/system/cpu/cpufreq/boost")
  local e = {
    time = os.date("!%Y-%m-%dT%H:%M:%SZ"),
    cpu = cpu(),
    processors = math.tointeger(tonumber(shell.output("nproc") or shell.output("getconf _NPROCESSORS_ONLN"))) or 1,
    caches = environment.caches(),
    memory = bytes((read("/proc/meminfo"):match("MemTotal:%s*(%d+) kB") or "") .. "K"),
    kernel = shell.output("uname -sr"),
    page_size = bytes(shell.output("getconf PAGESIZE")),
    huge_page_size = bytes(filesystem.first_line("/sys/kernel/mm/transparent_hugepage/hpage_pmd_size")),
    huge_pages = selected("/sys/kernel/mm/transparent_hugepage/enabled"),
    lua = lua_version(),
    gc = collector_mode(),
    allocator = allocator(),
    pages = has_pages(),
    library = dynarray.version,
    commit = commit(),
    build = dynarray.probe.build,
    overhead = dynarray.probe.overhead(),
    load = tonumber(read("/proc/loadavg"):match("^%S+")),
    governor = filesystem.first_line("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"),
    boost = no_turbo == "0" or boost == "1" or nil,
    virtual = is_virtual(),
    hook = debug.gethook() ~= nil or nil,
  }
  e.warnings = environment.warnings(e)
  return e
end

return environment
