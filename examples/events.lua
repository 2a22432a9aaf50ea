-- A log of events and a queue of what is to come: customers at three counters.
-- `lua5.4 examples/events.lua [customers]`
--
-- The queue is a heap of tables, the least time first. The log is one array of records: a number for each field, one
-- after another, which whole-array methods then take apart.
local dynarray = require "dynarray"

local customers = math.tointeger(tonumber(arg and arg[1])) or 2000
local COUNTERS, FIELDS = 3, 4

math.randomseed(11)
local queue = dynarray.new() -- of events, by their time
local function sooner(x, y) return x.time < y.time end

local clock = 0
for customer = 1, customers do
  clock = clock - math.log(1 - math.random())
  queue:heap_push({ time = clock, customer = customer, arrives = true }, sooner)
end

local log = dynarray.new { type = "float64", capacity = customers * FIELDS } -- customer, arrival, start, end
local waiting, free = dynarray.new(), COUNTERS

local function serve(event, now)
  free = free - 1
  local done = now + 2.8 * math.random() + 1.4
  log:append(event.customer, event.time, now, done)
  queue:heap_push({ time = done }, sooner)
end

local head = 1 -- of those that wait
while #queue > 0 do
  local event = queue:heap_pop(sooner)
  if not event.arrives then
    free = free + 1
    if head <= #waiting then
      serve(waiting[head], event.time)
      head = head + 1
    end
  elseif free > 0 then
    serve(event, event.time)
  else
    waiting:append(event)
  end
end

print "the first customers:"
for i, customer, arrival, start, done in log:tuples(FIELDS) do
  print(("%4d came at %6.2f, was served from %6.2f to %6.2f"):format(customer, arrival, start, done))
  if i == 5 then break end
end

local arrival, start, done = log:column(2, FIELDS), log:column(3, FIELDS), log:column(4, FIELDS)
local wait = start - arrival
print(("\n%d customers, %d of them waited; on average %.2f, at most %.2f"):format(#wait, #wait:where "x > 0",
  wait:mean(), (wait:max())))
print(("half of them waited %.2f or less, nine in ten %.2f or less"):format(wait:percentile(50, 90)))
print(("the counters were busy for %.0f%% of the time"):format(100 * dynarray.compute("sum(done - start)",
  { done = done, start = start }) / COUNTERS / done:max()))
