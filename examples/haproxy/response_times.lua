-- haproxy runs this when it starts. Then it calls `record` at each response, and `times` for a request that asks for
-- the figures, see haproxy.cfg.
local dynarray = require "dynarray"

local window = tonumber(os.getenv "WINDOW") -- responses of each backend: haproxy.cfg says how many
local backends = {} -- by their names

-- All memory for times is taken now: if haproxy's limit does not allow it, haproxy says so and does not start.
core.register_init(function()
  for name in pairs(core.backends) do
    backends[name] = {
      times = dynarray.new { type = "float32", capacity = window, max_size = window }, -- microseconds
      count = 0, -- of all responses, also of those that were overwritten
      sum = 0,
    }
  end
end)

-- Appends while there is room, then overwrites the oldest time. haproxy lets no other thread into this state meanwhile.
core.register_action("record", { "http-res" }, function(txn)
  local backend = backends[txn.f:be_name()]
  if not backend then -- a response of haproxy's own
    return
  end
  local time = math.max(0, txn.f:date(0, "us") - txn:get_var "txn.start") -- the clock may have been set back
  local times, count = backend.times, backend.count
  if count < window then
    times:append(time)
  else
    times[count % window + 1] = time
  end
  backend.count, backend.sum = count + 1, backend.sum + time
end)

-- haproxy may interrupt what follows for other requests. So the times are sorted in a copy that is this request's own.
local function figures(name, backend, lines)
  local function add(metric, labels, value)
    lines[#lines + 1] = ('response_seconds%s{backend="%s"%s} %.9g'):format(metric, name, labels, value)
  end
  if backend.count > 0 then
    local sorted = backend.times:copy():sort()
    for _, per_mille in ipairs { 500, 900, 990, 999, 1000 } do
      -- the least time that so many are not above
      local time = sorted[(per_mille * #sorted + 999) // 1000]
      add("", (',quantile="%g"'):format(per_mille / 1000), time / 1e6)
    end
    sorted:close() -- haproxy gets the memory back now, not when Lua's collector comes by
  end
  add("_sum", "", backend.sum / 1e6)
  add("_count", "", backend.count)
end

core.register_service("times", "http", function(applet)
  local names, lines = {}, { "# TYPE response_seconds summary" }
  for name in pairs(backends) do
    names[#names + 1] = name
  end
  table.sort(names)
  for _, name in ipairs(names) do
    figures(name, backends[name], lines)
  end
  local text = table.concat(lines, "\n") .. "\n"
  applet:set_status(200)
  applet:add_header("content-type", "text/plain; version=0.0.4")
  applet:add_header("content-length", #text)
  applet:start_response()
  applet:send(text)
end)
