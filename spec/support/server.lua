--- Runs web servers of others on free ports of the loopback interface, and asks them for pages.
local build = require "support.build"
local outside = require "support.outside"

local server = {}
server.__index = server

local longest = 300 -- seconds; a server that nobody stops ends by then

local function slurp(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read("a")
  file:close()
  return text
end

local function is_alive(pid)
  return os.execute(("kill -0 %d 2>/dev/null"):format(pid)) == true
end

local function sleep()
  os.execute("sleep 0.02")
end

-- The process, once it is ready; nil and what it said if it ends.
local function launch(command, log, is_ready)
  os.remove(log)
  local pid = tonumber(build.output(("(%s) >%s 2>&1 </dev/null & echo $!"):format(outside.command(command, longest),
    log)))
  repeat
    sleep()
    local ended = not is_alive(pid)
    if not ended and is_ready(slurp(log)) then
      return pid
    end
  until ended
  return nil, slurp(log)
end

--- Starts a server with its files in `directory` (which is made). `prepare`(port) writes its configuration, and returns
-- the command and a function of what the server wrote, which tells whether it is ready. `name` is for messages.
function server.start(name, directory, prepare)
  os.execute("mkdir -p " .. directory)
  local log = directory .. "/log"
  local complaint
  for _ = 1, 20 do -- another program may have the port
    local port = math.random(20000, 60000)
    local command, is_ready = prepare(port)
    local pid
    pid, complaint = launch(command, log, is_ready)
    if pid then
      return setmetatable({ pid = pid, port = port, log = log }, server)
    end
    if not complaint:find("in use", 1, true) then
      break
    end
  end
  return nil, name .. " does not start: " .. complaint
end

function server:stop()
  os.execute(("kill %d 2>/dev/null"):format(self.pid))
  while is_alive(self.pid) do
    sleep()
  end
end

--- The body and the head of what answers at a port, without blanks at the end; nil if nothing does.
function server.ask(port, path)
  local command = [[exec 3<>/dev/tcp/127.0.0.1/%d && printf "GET %s HTTP/1.0\r\n\r\n" >&3 && cat <&3]]
  local text = build.output(("bash -c '%s' 2>/dev/null"):format(command:format(port, path)))
  local head, body = text:match("^(.-)\r\n\r\n(.*)$")
  return body, head
end

function server:get(path)
  return server.ask(self.port, path)
end

--- Drives n requests through `connections`, by ab: returns requests a second, and the client's percentiles in ms.
function server:drive(path, n, connections)
  local said = build.output(("ab -q -k -n %d -c %d http://127.0.0.1:%d%s 2>&1"):format(n, connections, self.port, path))
  local complete, failed = said:match("Complete requests:%s+(%d+)"), said:match("Failed requests:%s+(%d+)")
  assert(tonumber(complete) == n and failed == "0" and not said:find("Non-2xx", 1, true), said)
  local percentiles = {}
  for p, ms in said:gmatch("(%d+)%%%s+(%d+)") do
    percentiles[tonumber(p)] = tonumber(ms)
  end
  return tonumber(said:match("Requests per second:%s+([%d.]+)")), percentiles
end

--- Seconds of processor time that the server has taken.
function server:cpu()
  local pid = slurp(("/proc/%d/task/%d/children"):format(self.pid, self.pid)):match("%d+") -- below `timeout`
  local fields = {}
  for field in slurp("/proc/" .. pid .. "/stat"):match("%)(.*)"):gmatch("%S+") do
    fields[#fields + 1] = tonumber(field) or field
  end
  return (fields[12] + fields[13]) / tonumber(build.output("getconf CLK_TCK"))
end

return server
