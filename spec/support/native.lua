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

-- Lets every allocation be one at which Lua collects, and calls `meddle` by a finalizer at the n-th of them.
local meddled = [[
  local count, meta, meddle = 0, {}, function() %s end
  function meta.__gc()
    count = count + 1
    if count < %d then
      setmetatable({}, meta)
    elseif count == %d then
      meddle()
    end
  end
  local operation = function() %s end
  collectgarbage("incremental", 1, 1000, 63) -- no pause, and a whole cycle in each step
  collectgarbage()
  setmetatable({}, meta)
  local ok, err = pcall(operation)
  collectgarbage("incremental", 200, 100, 13)
  return not ok and err or "", count
]]

--- Runs an operation again and again, each time in a new state, in which a finalizer runs other code in between: the
-- first time that the operation lets the collector run, the second, and so on to the last. The finalizer sees no memory
-- that the operation still needs.
-- @param case { name =, setup = code, code = operation, meddle = code of the finalizer,
--   holds = expression that is true afterwards (optional) }
-- @return how often the operation ended with which error, without its position ("": none)
function native.every_finalizer(case)
  local ends = {}
  for n = 1, most_requests do
    local what = case.name .. ", collection " .. n
    local s = native.state(package.path, package.cpath)
    same(true, s:run(case.setup), what)
    local ran, err, count = s:run(meddled:format(case.meddle, n, n, case.code))
    same(true, ran, what)
    if case.holds then
      same(true, select(2, s:run("return not not (" .. case.holds .. ")")), what .. " (" .. err .. ")")
    end
    local bytes, faults = s:close()
    same(0, bytes, what)
    same(0, faults, what)
    if count < n then
      same("", err, what)
      return ends
    end
    err = err:gsub("^[^:]*:%d+: ", "")
    ends[err] = (ends[err] or 0) + 1
  end
  error(case.name .. " never ends without a collection")
end

return native
