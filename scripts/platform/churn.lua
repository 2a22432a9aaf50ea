-- lua scripts/platform/churn.lua LUA CPATH LUA CPATH: how much longer the first Lua, with the module that is there,
-- takes to make and drop 400 arrays of 1 MiB than the second: the middle ratio of rounds in which both take turns.
local rounds <const> = 9

local code <const> = [[
  local dynarray = require "dynarray"
  local began = os.clock()
  for i = 1, 400 do dynarray.filled(1 << 20, i & 127, "int8") end
  print(os.clock() - began)
]]

local function seconds(lua, cpath)
  local pipe = assert(io.popen(("LUA_CPATH='%s' '%s' -e '%s'"):format(cpath, lua, code)))
  local said = pipe:read("a")
  pipe:close()
  return assert(tonumber(said), said)
end

local ratios = {}
for i = 1, rounds do
  ratios[i] = seconds(arg[1], arg[2]) / seconds(arg[3], arg[4])
end
table.sort(ratios)
print(("%.2f"):format(ratios[rounds // 2 + 1]))
