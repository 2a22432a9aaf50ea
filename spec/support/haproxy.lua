-- Services of spec/support/haproxy.cfg, in a Lua state for each thread.
local dynarray = require "dynarray"

local function answer(applet, text)
  applet:set_status(200)
  applet:add_header("content-length", #text)
  applet:start_response()
  applet:send(text)
end

-- Doubles an array until haproxy gives no more memory: its size, and why it ended.
core.register_service("fill", "http", function(applet)
  local a = dynarray.filled(1, 7, "int64")
  local ok, message
  repeat
    ok, message = pcall(a.extend, a, a)
  until not ok
  local text = ("sum %d of %d: %s"):format(a:sum(), #a, message)
  a:close()
  answer(applet, text)
end)

-- Makes and sorts an array, and says how often that went wrong in this state, or that it did not get the memory.
local wrong = 0
core.register_service("sort", "http", function(applet)
  local ok, a = pcall(dynarray.random, 20000, "float64", 1)
  if not ok then
    return answer(applet, "no memory")
  end
  local sum = a:sum()
  a:sort()
  if a[1] > a[20000] or math.abs(a:sum() - sum) > 1e-6 then
    wrong = wrong + 1
  end
  a:close()
  answer(applet, ("%d wrong"):format(wrong))
end)
