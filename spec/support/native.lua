--- Lua states whose allocator counts and fails on request: see native.c.
local build = require "support.build"

local here = debug.getinfo(1, "S").source:match("^@(.*)native%.lua$")
local library = build.product("native", { here .. "native.c" }, "-fPIC -shared " .. build.lua_cflags)

local native = assert(package.loadlib("./" .. library, "luaopen_native"))()

local most_requests = 1000

local function same(expected, actual, what)
  if expected ~= actual then
    error(("%s: expected %s, got %s"):format(what, expected, actual), 0)
  end
end

--- Lets the n-th request for memory of an operation fail, for every n, until it needs fewer: each time in
-- a new state, from which nothing may be left, and with Lua's own error.
-- @param case { name =, setup = code, code = operation, done = expression that is true after a success,
--   failed = expression that is true after a failure (optional), once = only that request fails }
function native.every_failure(case)
  for n = 1, most_requests do
    local what = case.name .. ", request " .. n
    local s = native.state(package.path, package.cpath)
    same(true, s:run(case.setup), what)
    local ok, err = s:run_failing(case.code, n, case.once)
    local finished = ok and s:requests() < n
    if not ok then
      same("not enough memory", err, what)
    end
    local holds = ok and case.done or case.failed
    if holds then
      same(true, select(2, s:run("return not not (" .. holds .. ")")), what)
    end
    local bytes, faults = s:close()
    same(0, bytes, what)
    same(0, faults, what)
    if finished then
      return
    end
  end
  error(case.name .. " never succeeds")
end

return native
