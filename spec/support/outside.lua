--- Programs of others that load dynarray by `require`: what their environment must hold.
local build = require "support.build"

local outside = {}

local function quoted(s)
  return "'" .. s:gsub("'", "'\\''") .. "'"
end

local function variables()
  local list = {
    PATH = os.getenv("PATH") .. ":/usr/sbin:/sbin", -- where servers are, for users whose PATH has no sbin
    LUA_PATH = package.path,
    LUA_CPATH = package.cpath,
  }
  -- A sanitized module needs the sanitizer's library first, and knows nothing of what such programs leak.
  if (os.getenv("DYNARRAY_SPEC_CFLAGS") or ""):find("-fsanitize=address", 1, true) then
    list.LD_PRELOAD = build.output((os.getenv("CC") or "cc") .. " -print-file-name=libasan.so")
    list.ASAN_OPTIONS = (os.getenv("ASAN_OPTIONS") or "") .. ":detect_leaks=0"
  end
  return list
end

--- A shell's `exec` of the command under that environment, ended by TERM after `seconds`, whatever happens to us.
function outside.command(command, seconds)
  local words = {}
  for name, value in pairs(variables()) do
    words[#words + 1] = name .. "=" .. quoted(value)
  end
  table.sort(words)
  return ("exec timeout %d env %s %s"):format(seconds, table.concat(words, " "), command)
end

return outside
