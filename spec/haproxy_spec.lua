-- examples/haproxy: the script by itself; and the real proxy, with threads and a limit of memory.
local build = require "support.build"
local needs = require "support.needs"
local outside = require "support.outside"
local server = require "support.server"

local example = "examples/haproxy/"

-- The numbers of /times, by name and labels.
local function numbers_of(text)
  local numbers = {}
  for name, value in text:gmatch "(response_seconds%S*) ([^\n]+)" do
    numbers[name] = tonumber(value)
  end
  return numbers
end

local function quantile(numbers, backend, q)
  return numbers[('response_seconds{backend="%s",quantile="%s"}'):format(backend, q)]
end

-- What haproxy gives the script, as far as the script asks for it; `respond` and `times` are what haproxy would do.
local function loaded(window, ...)
  local clock, actions, services, init = 0, {}, {}, nil
  local core = { backends = {} }
  for _, name in ipairs { ... } do
    core.backends[name] = {}
  end
  function core.register_init(f) init = f end
  function core.register_action(name, _, f) actions[name] = f end
  function core.register_service(name, _, f) services[name] = f end
  local os = { getenv = function(name) return name == "WINDOW" and tostring(window) or nil end }
  local globals = setmetatable({ core = core, os = os }, { __index = _G })
  assert(loadfile(example .. "response_times.lua", "t", globals))()
  init()
  local function respond(backend, us)
    local start = clock
    clock = clock + us
    actions.record {
      f = { be_name = function() return backend end, date = function() return clock end },
      get_var = function() return start end,
    }
  end
  local function times()
    local said
    local applet = setmetatable({ send = function(_, text) said = text end }, { __index = function()
      return function() end
    end })
    services.times(applet)
    return numbers_of(said), said
  end
  return respond, times
end

describe("the times of responses", function()
  it("are told as percentiles, for each backend by itself", function()
    local respond, times = loaded(1000, "slow", "fast", "none")
    for i = 1000, 1, -1 do
      respond("fast", i)
      respond("slow", 1000000 + i)
    end
    respond("not a backend", 5)
    local numbers = times()
    for q, us in pairs { ["0.5"] = 500, ["0.9"] = 900, ["0.99"] = 990, ["0.999"] = 999, ["1"] = 1000 } do
      assert.equal(us / 1e6, quantile(numbers, "fast", q))
      assert.equal((1000000 + us) / 1e6, quantile(numbers, "slow", q))
    end
    assert.equal(0.5005, numbers['response_seconds_sum{backend="fast"}'])
    assert.same({ 1000, 1000, 0 }, { numbers['response_seconds_count{backend="fast"}'],
      numbers['response_seconds_count{backend="slow"}'], numbers['response_seconds_count{backend="none"}'] })
    assert.is_nil(quantile(numbers, "none", "1"))
  end)

  it("are those of the last responses, counted with all before them", function()
    local respond, times = loaded(10, "app")
    for i = 1, 25 do
      respond("app", i * 100)
    end
    local numbers = times()
    assert.equal(25, numbers['response_seconds_count{backend="app"}'])
    assert.equal(25 * 26 / 2 * 100 / 1e6, numbers['response_seconds_sum{backend="app"}'])
    assert.equal(0.0025, quantile(numbers, "app", "1"))
    assert.equal(0.0020, quantile(numbers, "app", "0.5")) -- of 1600 to 2500
  end)

  it("are never below 0", function()
    local respond, times = loaded(10, "app")
    respond("app", -5)
    assert.equal(0, quantile(times(), "app", "1"))
  end)
end)

-- The folder of a module for haproxy's Lua, which need not be the one that runs the specs. It has no sanitizers.
local function module_for(version)
  if _VERSION == "Lua " .. version then
    return nil
  end
  local folder = "build/spec/haproxy"
  assert(os.execute(("mkdir -p %s && ${LUA:-lua5.4} scripts/amalgamate.lua %s"):format(folder, folder)))
  local product = build.product("dynarray-" .. version, { folder .. "/dynarray.c" },
    "-O0 -fPIC -shared -DDYNARRAY_MODULE -DDYNARRAY_NO_CLONES "
    .. build.output("pkg-config --cflags lua" .. version), nil, "")
  assert(os.execute(("cp %s %s/dynarray.so"):format(product, folder)))
  return folder
end

describe("haproxy with this script", function()
  local version, folder, proxy
  local directory = "build/spec/haproxy"
  local it = needs.each(it, function()
    needs.commands("haproxy", "ab")
    needs.all(version, "haproxy was built without Lua")
    needs.all(_VERSION == "Lua " .. version or os.execute("pkg-config --exists lua" .. version),
      "the headers of haproxy's Lua " .. version .. " are not installed")
  end)

  -- Its ports are three in a row. More settings come as text.
  local function start(window, settings)
    local more = directory .. "/more.cfg"
    local file = assert(io.open(more, "w"))
    file:write("global\n", settings or "", "\n")
    file:close()
    return server.start("haproxy", directory, function(port)
      local variables = ("PORT=%d PROGRAM_PORT=%d SPEC_PORT=%d WINDOW=%d"):format(port, port + 1, port + 2, window)
      if folder then
        variables = variables .. (" LUA_CPATH='%s/?.so'"):format(folder)
      end
      -- -db: not in the background
      return ("env %s haproxy -db -f %shaproxy.cfg -f spec/support/haproxy.cfg -f %s"):format(variables, example, more),
        function() return (server.ask(port, "/times") or ""):find("response_seconds", 1, true) end
    end)
  end

  setup(function()
    local said = build.output(outside.command("haproxy -vv 2>&1", 10):gsub("^exec ", ""))
    version = said:match "Built with Lua version : Lua (%d%.%d)"
    if not (version and needs.has "haproxy" and needs.has "ab") then
      return
    end
    os.execute("mkdir -p " .. directory)
    folder = module_for(version)
    proxy = assert(start(1000))
  end)

  teardown(function()
    if proxy then
      proxy:stop()
    end
  end)

  it("counts the responses of all threads", function()
    local _, client = proxy:drive("/", 5000, 8)
    local numbers = numbers_of(proxy:get "/times")
    assert.equal(5000, numbers['response_seconds_count{backend="program"}'])
    local last
    for _, q in ipairs { "0.5", "0.9", "0.99", "0.999", "1" } do
      local seconds = quantile(numbers, "program", q)
      assert.is_true(seconds >= (last or 0), q)
      last = seconds
    end
    assert.is_true(last > 0 and last <= (client[100] + 1) / 1000) -- ab tells whole milliseconds
    assert.is_true(numbers['response_seconds_sum{backend="program"}'] > 0)
    proxy:drive("/times", 20, 4) -- which counts none of these
    assert.equal(5000, numbers_of(proxy:get "/times")['response_seconds_count{backend="program"}'])
  end)

  it("refuses an array what is above the limit of its memory, and goes on", function()
    local fill = server.ask(proxy.port + 2, "/fill")
    local sum, size, message = fill:match "^sum (%d+) of (%d+): (.*)$"
    assert.truthy(sum, fill)
    assert.truthy(message:find("not enough memory", 1, true), message)
    assert.equal(7 * size, tonumber(sum)) -- nothing of it was lost
    local bytes = 8 * tonumber(size)
    assert.is_true(bytes >= 4 << 20 and bytes <= 8 << 20, bytes) -- twice as much would be 16 MiB
    for _ = 1, 5 do -- what was closed is there again
      assert.equal(fill, (server.ask(proxy.port + 2, "/fill")))
    end
    assert.truthy(proxy:get("/"):find("See /times", 1, true))
  end)

  it("has arrays in a state of each thread at once", function()
    proxy.drive({ port = proxy.port + 2 }, "/sort", 2000, 8)
    assert.equal("0 wrong", (server.ask(proxy.port + 2, "/sort")))
  end)

  it("does not start if its limit is below what the arrays need", function()
    local _, message = start(1000000, "tune.lua.maxmem 2")
    assert.truthy(message, "it started")
    assert.truthy(message:find "not enough memory" or message:find "out of memory", message) -- haproxy 2.6, 3.0
  end)
end)
