--- Sorting, and what needs an order.
local compare = require "model.compare"
local dynarray = require "dynarray"
local expect = require "support.expect"
local samples = require "model.samples"
local types = require "support.types"

local identical, random, stored = expect.identical, math.random, types.stored
local near, same_number = compare.near, compare.same_number
local precedes, sorted_copy = compare.precedes, compare.sorted_copy

-- An array whose elements have an order, for those below.
local function refill_with_order(life)
  local a, kind = life.a, life.kind
  if random(3) > 1 then return end
  local n, strings = random(0, 40), kind == "value" and random(3) == 1
  life:note("clear, and append what has an order", n, strings)
  a:clear()
  life.model = { n = 0 }
  for _ = 1, n do
    local v = random(0, 20)
    if strings then
      v = tostring(v)
    elseif random(8) == 1 and (kind == "value" or kind:find "float") then
      v = samples.one_of(samples.floats)
    elseif random(4) == 1 then
      v = v + 0.0
    end
    life:append_ended({ v }, 1, pcall(a.append, a, v))
  end
end

-- What has no order keeps its elements.
local function sort_without_order(life)
  local a, model = life.a, life.model
  life:note("sort, perhaps without an order")
  local list = table.move(model, 1, model.n, 1, {})
  if not pcall(a.sort, a) then return end
  for i = 1, model.n do model[i] = a[i] end
  for i = 1, model.n do
    local k = 1
    while k <= model.n and not identical(list[k], model[i]) do k = k + 1 end
    if k > model.n then life:fail("sort made up an element") end
    list[k] = list -- found once
  end
end

-- A value of the order that the elements have.
local function value_of(life, order)
  local model, v = life.model, life:value()
  if order == "string" then v = tostring(v) elseif not math.type(v) then v = 5 end
  if model.n > 0 and random(2) == 1 then v = model[random(model.n)] end
  return v
end

local function nth_and_percentile(life)
  local a, n, order = life.a, life.model.n, life:ordered()
  if not order then return end
  local sorted = sorted_copy(life.model, n)
  local k, percent = random(0, n + 1), random(0, 100)
  life:note("nth, percentile", k, percent)
  local nth = life:ended(k >= 1 and k <= n, "out of bounds", pcall(a.nth, a, k))
  if k >= 1 and k <= n and not same_number(nth, sorted[k]) then life:fail("nth is wrong") end
  local rank = percent / 100 * (n - 1)
  local middle = life:ended(order == "number" or n == 0, "percentile needs numbers", pcall(a.percentile, a, percent))
  if order == "number" and n > 0 then
    local low = sorted[math.floor(rank) + 1]
    local high = sorted[math.ceil(rank) + 1]
    local part = rank - math.floor(rank)
    local want = part == 0 and low + 0.0 or low == high and low + 0.0 or low * (1 - part) + high * part
    if low == -math.huge and high == math.huge then want = part < 0.5 and low or high end -- the nearer one
    if not near(middle, want, math.abs(want)) then life:fail(("percentile is %s, not %s"):format(middle, want)) end
  elseif n == 0 and middle ~= nil then
    life:fail("a percentile of nothing")
  end
end

local function min_and_max(life)
  local a, model = life.a, life.model
  local n = model.n
  if not life:ordered() then return end
  life:note("min, max")
  local sorted = sorted_copy(model, n)
  local first_nan
  for i = n, 1, -1 do
    if model[i] ~= model[i] then first_nan = i end
  end
  for name, want in pairs { min = sorted[1], max = sorted[n] } do
    local best, at = a[name](a)
    if n == 0 and (best ~= nil or at ~= nil) or first_nan and (best == best or at ~= first_nan)
      or n > 0 and not first_nan and (best ~= want or model[at] ~= want) then
      life:fail(name .. " is wrong")
    end
  end
end

-- The first places before which x may stand and behind which it may.
local function bounds_of(model, x)
  local low, high = 1, 1
  for i = 1, model.n do
    if precedes(model[i], x) then low = low + 1 end
    if not precedes(x, model[i]) then high = high + 1 end
  end
  return low, high
end

local function insert_sorted(life, v, less)
  local a, model = life.a, life.model
  local n = model.n
  life:note("lower_bound, upper_bound, insert_sorted", v)
  local low, high = bounds_of(model, v)
  if a:lower_bound(v, less) ~= low or a:upper_bound(v, less) ~= high then
    life:fail("lower_bound or upper_bound is wrong")
  end
  local many = dynarray.of(v, model[1], model[n], v)
  local lows, highs = a:lower_bound(many, less), a:upper_bound(many, less)
  for i = 1, 4 do
    low, high = bounds_of(model, many[i])
    if n > 0 and (lows[i] ~= low or highs[i] ~= high) then life:fail("the bounds of an array are wrong") end
  end
  if n > 0 then
    local i = random(n)
    low, high = bounds_of(model, model[i])
    if a:lower_bound(a)[i] ~= low or a:upper_bound(a)[i] ~= high then life:fail("its own bounds are wrong") end
  end
  local fits, kept = stored(life.kind, v)
  local ok, err, place = pcall(a.insert_sorted, a, v, less)
  if not fits then
    life:ended(false, "", ok, err)
  elseif n == life.max_size then
    life:ended(false, "exceeds max_size", ok, err)
  else
    life:ended(true, "", ok, err)
    local _, want = bounds_of(model, kept)
    if place ~= want then life:fail(("insert_sorted put it at %d, not %d"):format(place, want)) end
    table.move(model, place, n, place + 1)
    model[place], model.n = kept, n + 1
  end
end

local function sort(life)
  local a, model, kind, order = life.a, life.model, life.kind, life:ordered()
  if not order then return end
  local n = model.n
  local less = random(2) == 1 and precedes or nil
  local v = value_of(life, order)
  local name = random(2) == 1 and "sort" or "sort_stable"
  life:note(name, order, less ~= nil)
  local sorted = sorted_copy(model, n, kind:find "float" and not less)
  local is_sorted = true
  for i = 2, n do is_sorted = is_sorted and not precedes(model[i], model[i - 1]) end
  if a:is_sorted(less) ~= is_sorted then life:fail("is_sorted is wrong") end
  a[name](a, less)
  for i = 1, n do
    local zero = kind == "value" and sorted[i] == 0 and a[i] == 0 -- which of the two comes first is not said
    if not zero and not identical(a[i], sorted[i]) then life:fail("sort is wrong at " .. i) end
    model[i] = a[i]
  end
  insert_sorted(life, v, less)
end

-- How often each comes up, and what it does.
return {
  { 1, refill_with_order },
  { 1, sort_without_order },
  { 4, nth_and_percentile },
  { 4, min_and_max },
  { 4, sort },
}
