-- examples/lighttpd: the real server, with arrays in its worker.
local dynarray = require "dynarray"
local lighttpd = require "support.lighttpd"
local needs = require "support.needs"

local example = "examples/lighttpd/"
local requests = assert(loadfile(example .. "requests.lua"))()

local function held()
  collectgarbage()
  collectgarbage()
  return dynarray.memory().bytes
end

describe("the log of requests", function()
  it("keeps the last ones, in arrays that do not grow", function()
    local before = held()
    local log = requests.new(100)
    local growths = dynarray.memory().growths
    assert.equal(before + 1600, held())
    for i = 1, 250 do
      log:record(i, 2 * i)
      if i >= 100 then
        assert.same({ i, 100, 100 }, { log.count, #log.times, #log.sizes })
        assert.same({ i - 99, i }, { (log.times:min()), (log.times:max()) })
      end
    end
    assert.equal(before + 1600, held())
    assert.equal(growths, dynarray.memory().growths)
    assert.equal(2 * log.times:sum(), log.sizes:sum())
  end)

  it("gives the figures that are in it", function()
    local log = requests.new(1000)
    for i = 1, 1000 do
      log:record(1001 - i, 7)
    end
    local figures = log:figures()
    assert.truthy(figures:find("requests 1000, shown 1000\nus mean 500.5 p50 500.0 p99 990.0 p99.9 999.0 max 1000.0\n"
      .. "bytes mean 7.0 p50 7.0 p99 7.0 p99.9 7.0 max 7.0\n", 1, true), figures)
  end)

  it("draws each request once, and leaves no memory behind", function()
    for _, times in ipairs { { 5 }, { 1, 1000000 }, { 3, 3, 3 }, { -1, 0, 2, 2.5, 4 }, { 1, 10, 100, 1000, 10000 } } do
      local log = requests.new(10)
      for _, time in ipairs(times) do
        log:record(time, 1)
      end
      local bytes, drawn, tallest = held(), 0, 0
      collectgarbage "stop"
      for height, n in log:svg():gmatch('height="([%d.]+)" fill="steelblue"><title>(%d+):') do
        drawn = drawn + tonumber(n)
        tallest = math.max(tallest, tonumber(height))
      end
      assert.same({ #times, 240.0 }, { drawn, tallest })
      assert.equal(bytes, dynarray.memory().bytes) -- closed, not left to the collector
      collectgarbage "restart"
    end
  end)

  it("shows that nothing came yet", function()
    local page = requests.new(10):page()
    assert.truthy(page:find("requests 0, shown 0\narray memory", 1, true), page)
    assert.truthy(page:find("<svg[^>]*>\n</svg>"), page)
  end)
end)

describe("lighttpd with the log", function()
  local it = needs.each(it, function() needs.commands("lighttpd", "ab") end)
  local server
  local directory = "build/spec/lighttpd"
  local slow_us = 4000

  local function put(name, text)
    local file = assert(io.open(directory .. "/" .. name, "w"))
    file:write(text)
    file:close()
  end

  -- The figures of /stats, by name; whether they are of a page that is whole.
  local function stats()
    local page, head = server:get("/stats")
    assert.truthy(head:find("^HTTP/1.%d 200 OK\r\n"), head)
    assert.truthy(head:find("Content-Type: text/html", 1, true), head)
    assert.truthy(page:find("</svg>$"), page)
    local s = {}
    for line in page:gmatch("[^\n]+") do
      local name = line:match("^(us) ") or line:match("^(bytes) ")
      for key, value in line:gmatch("([%a.%d]+) ([%d.-]+)") do
        s[name and name .. " " .. key or key] = tonumber(value)
      end
    end
    s.drawn = 0
    for n in page:gmatch("<title>(%d+):") do
      s.drawn = s.drawn + tonumber(n)
    end
    return s
  end

  setup(function()
    if not needs.has "lighttpd" then
      return
    end
    os.execute("mkdir -p " .. directory)
    put("small", ("s"):rep(1000))
    put("large", ("l"):rep(5000))
    put("slow.lua", ("local function us() local s, ns = lighty.c.hrtime() return s * 1000000 + ns // 1000 end\n"
      .. "local start = us() while us() < start + %d do end lighty.r.resp_body.set('slow') return 200"):format(slow_us))
    server = lighttpd.start(directory, ([[
      include var.CWD + "/%slighttpd.conf"
      server.document-root := var.CWD + "/%s"
      $HTTP["url"] == "/slow" { magnet.attract-physical-path-to = ( var.CWD + "/%s/slow.lua" ) }
    ]]):format(example, directory, directory))
  end)

  teardown(function()
    if server then
      server:stop()
    end
  end)

  it("shows what 20,000 requests took", function()
    local _, small = server:drive("/small", 9000, 8)
    local _, large = server:drive("/large", 10950, 8)
    local _, slow = server:drive("/slow", 50, 2)
    local s = stats()
    assert.same({ 20000, 20000, 20000 }, { s.requests, s.shown, s.drawn })
    -- sizes, exactly
    assert.equal(("%.1f"):format((9000 * 1000 + 10950 * 5000 + 50 * 4) / 20000), ("%.1f"):format(s["bytes mean"]))
    assert.same({ 5000, 5000, 5000, 5000 }, { s["bytes p50"], s["bytes p99"], s["bytes p99.9"], s["bytes max"] })
    -- Each request took the server no longer than its client, who sees whole milliseconds, and 1 in 400 was slow.
    assert.is_true(s["us p50"] > 0)
    assert.is_true(s["us p50"] <= 1000 * (math.max(small[50], large[50]) + 1))
    assert.is_true(s["us p99"] >= s["us p50"])
    assert.is_true(s["us p99.9"] >= slow_us)
    assert.is_true(s["us max"] >= s["us p99.9"])
    assert.is_true(s["us max"] <= 1000 * (math.max(small[100], large[100], slow[100]) + 1))
    assert.is_true(s["us mean"] >= 50 * slow_us / 20000)
  end)

  it("counts what is not there, but not its own pages", function()
    local before = stats()
    local _, head = server:get("/nothing")
    assert.truthy(head:find("404 Not Found", 1, true), head)
    stats()
    assert.equal(before.requests + 1, stats().requests)
  end)

  it("holds no more memory however many come", function()
    local before = stats()
    server:drive("/small", 100000, 8)
    local s = stats()
    assert.same({ before.requests + 100000, 100000, 100000 }, { s.requests, s.shown, s.drawn })
    assert.same({ 1000, 1000 }, { s["bytes mean"], s["bytes max"] }) -- the others are forgotten
    assert.same({ 1600000, 1600000 }, { before.memory, s.memory })
    assert.is_true(s.peak <= 2 * s.memory) -- a page's copy of the times, and what sorts it
  end)
end)
