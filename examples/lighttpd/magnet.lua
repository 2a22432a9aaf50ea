-- lighttpd's mod_magnet runs this for each request. It records the request; for /stats it shows what was recorded.
--
-- mod_magnet keeps a Lua state for each script and worker, and runs the script's main chunk again for every request,
-- with an environment that is emptied afterwards. What must stay is kept in package.loaded.
local log = package.loaded.request_log

if not log then -- the worker's first request
  package.path = debug.getinfo(1, "S").source:match("^@?(.*/)") .. "?.lua;" .. package.path
  log = require("requests").new(100000)
  package.loaded.request_log = log
end

local request = lighty.r
if request.req_attr["uri.path"] == "/stats" then
  request.resp_header["Content-Type"] = "text/html; charset=utf-8"
  request.resp_body.set(log:page())
  return 200
end

local now, now_ns = lighty.c.hrtime()
local start, start_ns = request.req_item.start_time()
log:record((now - start) * 1e6 + (now_ns - start_ns) * 1e-3, request.resp_body.len or 0)
