-- bench/lighttpd.lua [--quick]: what examples/lighttpd costs a web server: requests a second without a script, with
-- that script, and with one that does nothing, which shows what mod_magnet itself costs. In each round every server is
-- driven once, in random order.
package.path = "bench/?.lua;" .. package.path
local support = require "support"
local lighttpd = require "support.lighttpd"

local quick = arg[1] == "--quick"
local rounds, requests, connections = quick and 3 or 11, quick and 20000 or 100000, 8
local example = 'include var.CWD + "/examples/lighttpd/lighttpd.conf"\n'
local directory = support.products .. "/lighttpd/"
os.execute("mkdir -p " .. directory)
local empty = assert(io.open(directory .. "empty.lua", "w"))
empty:write("local request = lighty.r\n")
empty:close()

local everywhere = '$HTTP["url"] =~ "" { magnet.attract-response-start-to := ( %s ) }\n'
local arms = {
   { name = "no script", configuration = example .. everywhere:format("") },
   { name = "empty script", configuration = example .. everywhere:format('var.CWD + "/' .. directory .. 'empty.lua"') },
   { name = "the example", configuration = example },
}

local function measure(arm)
   local cpu = arm.server:cpu()
   arm.rates[#arm.rates + 1] = arm.server:drive("/index.html", requests, connections)
   arm.costs[#arm.costs + 1] = (arm.server:cpu() - cpu) / requests * 1e6
end

local function ratio(arm, field)
   local ratios = {}
   for round, x in ipairs(arm[field]) do ratios[round] = x / arms[1][field][round] end
   return support.number(support.median(ratios))
end

local function run()
   for i, arm in ipairs(arms) do
      arm.server = lighttpd.start(directory .. i, arm.configuration)
      arm.rates, arm.costs = {}, {}
   end
   for _ = 1, rounds do
      for _, arm in ipairs(support.shuffled(arms)) do measure(arm) end
   end
   local rows = {}
   for i, arm in ipairs(arms) do
      rows[i] = { arm.name, support.number(support.median(arm.rates)), ratio(arm, "rates"),
         support.number(support.median(arm.costs)), ratio(arm, "costs") }
   end
   print(support.environment())
   print(("lighttpd, a page of 130 bytes; ab, %d connections kept alive, %d rounds of %d requests\n"):format(
      connections, rounds, requests))
   support.print_table({ "", "requests/s", "ratio", "processor us a request", "ratio" }, rows)
   for i = 1, #arms - 1 do assert(arms[i].server:get("/stats"):find("requests 0, ", 1, true)) end
   local page = arms[#arms].server:get("/stats")
   print("\nthe example's own figures:\n" .. page:match("<pre>\n(.-)\n</pre>"))
end

local ok, message = xpcall(run, debug.traceback)
for _, arm in ipairs(arms) do
   if arm.server then arm.server:stop() end
end
if not ok then error(message, 0) end
