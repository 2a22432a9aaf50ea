--- Operations on whole arrays: chosen elements, other orders, expressions.
local compare = require "model.compare"
local dynarray = require "dynarray"
local expect = require "support.expect"
local samples = require "model.samples"
local types = require "support.types"

local identical, random, stored, show = expect.identical, math.random, types.stored, samples.show
local precedes, same_number = compare.precedes, compare.same_number

--- The array has to hold the n values of the list.
local function holds(life, what, a, list, n)
  if #a ~= n then life:fail(("%s has %d elements, not %d"):format(what, #a, n)) end
  for i = 1, n do
    if not identical(a[i], list[i]) then
      life:fail(("%s: element %d is %s, not %s"):format(what, i, show(a[i]), show(list[i])))
    end
  end
end

--- A value that is no array: those stand for their elements.
local function one_value(life)
  local v = life:value()
  return getmetatable(v) == "dynarray" and 5 or v
end

local function take_and_put(life)
  local a, model, n = life.a, life.model, life.model.n
  local places, want, outside = {}, {}, nil
  for k = 1, random(0, 10) do
    places[k] = random(n == 0 and 0 or 1, n)
    if random(50) == 1 then places[k] = random(2) == 1 and 0 or n + 1 end
    if places[k] < 1 or places[k] > n then outside = outside or places[k] end
    want[k] = model[places[k]]
  end
  life:note("take and put", table.unpack(places))
  local indices = random(2) == 1 and places or dynarray.from(places, "int64")
  local text = outside and ("index %d out of bounds"):format(outside)
  local taken = life:ended(not outside, text, pcall(a.take, a, indices))
  if not outside then holds(life, "take", taken, want, #places) end
  local v = one_value(life)
  local fits, kept = stored(life.kind, v)
  if life.kind == "value" then fits, kept = true, v end
  if not fits and #places == 0 then return end
  life:ended(fits and not outside, fits and text or outside and "" or "as operand", pcall(a.put, a, indices, v))
  if fits and not outside then
    for _, i in ipairs(places) do model[i] = kept end
  end
end

local function choose(life)
  local a, model, n = life.a, life.model, life.model.n
  local mask, chosen, places = dynarray.new "uint8", { n = 0 }, {}
  for i = 1, n do
    mask:append(random(0, 2) == 1 and 1 or 0)
    if mask[i] ~= 0 then
      chosen.n = chosen.n + 1
      chosen[chosen.n], places[chosen.n] = model[i], i
    end
  end
  life:note("where, indices, set_where", chosen.n)
  holds(life, "where", a:where(mask), chosen, chosen.n)
  holds(life, "indices", a:indices(mask), places, chosen.n)
  if life.kind ~= "value" and n > 0 then
    local half = a:indices("i > " .. n // 2)
    if #half ~= n - n // 2 or half[1] ~= n // 2 + 1 then life:fail "indices of an expression are wrong" end
  end
  local v = one_value(life)
  local fits, kept = stored(life.kind, v)
  if life.kind == "value" then fits, kept = true, v end
  life:ended(fits, "as operand", pcall(a.set_where, a, mask, v))
  for _, i in ipairs(fits and places or {}) do model[i] = kept end
end

--- What comes before in argsort and top: NaN last, also of the greatest first; the first of equal ones.
local function ranks(list, n, descending)
  local places = {}
  for i = 1, n do places[i] = i end
  table.sort(places, function(i, j)
    local x, y = list[i], list[j]
    if x ~= x or y ~= y then return x == x or (y ~= y and i < j) end
    if descending then x, y = y, x end
    if precedes(x, y) then return true elseif precedes(y, x) then return false end
    return i < j
  end)
  return places
end

local function orders(life)
  local a, model, n = life.a, life.model, life.model.n
  local order = life:ordered()
  if not order then return end
  local has_nan = false
  for i = 1, n do has_nan = has_nan or model[i] ~= model[i] end
  if has_nan and life.kind == "value" then return end
  local descending = random(2) == 1
  local places = ranks(model, n, descending)
  life:note("argsort, top, sort", descending)
  holds(life, "argsort", a:argsort(descending and "descending" or nil), places, n)
  local k = random(0, n + 2)
  local best, where = a:top(k)
  local greatest = ranks(model, n, true)
  for i = 1, math.min(k, n) do
    if where[i] ~= greatest[i] or not identical(best[i], model[greatest[i]]) then life:fail "top is wrong" end
  end
  if #best ~= math.min(k, n) or #where ~= #best then life:fail "top has another size" end
  if descending and random(4) == 1 then
    a:sort "descending"
    local sorted = {}
    for i = 1, n do sorted[i] = model[places[i]] end
    for i = 1, n do
      if not same_number(a[i], sorted[i]) then life:fail "descending order is wrong" end
      model[i] = a[i]
    end
  end
end

local function shuffle(life)
  local a, model, n = life.a, life.model, life.model.n
  local seed = random(1000)
  life:note("shuffle", seed)
  local places = {}
  for i = 1, n do places[i] = i end
  local shuffled = dynarray.from(places, life.kind == "value" and "value" or "int64"):shuffle(seed)
  if life.kind ~= "value" and a.element_size ~= 8 then
    shuffled = dynarray.from(places, "int64"):shuffle(seed)
  end
  local before = table.move(model, 1, n, 1, {})
  a:shuffle(seed)
  for i = 1, n do model[i] = before[shuffled[i]] end
end

local function unique(life)
  local a, model, n = life.a, life.model, life.model.n
  if not life:ordered() then return end
  life:note "unique"
  local sorted, values, counts = ranks(model, n, false), a:unique()
  local k, count = 0, 0
  for i = 1, n do
    local x = model[sorted[i]]
    if i == 1 or precedes(values[k], x) then
      if i > 1 and counts[k] ~= count then life:fail(("%s is counted %d times"):format(show(values[k]), counts[k])) end
      k, count = k + 1, 0
      if not same_number(values[k], x) then life:fail(("different element %d is wrong"):format(k)) end
    end
    count = count + 1
  end
  if #values ~= k or #counts ~= k or n > 0 and counts[k] ~= count then life:fail "unique has lost elements" end
end

local function converted(life)
  local a, model, n, kind = life.a, life.model, life.model.n, life.kind
  if kind == "value" then return end
  life:note "diff, astype"
  local differences = a:diff()
  if #differences ~= math.max(n - 1, 0) then life:fail "diff has another size" end
  holds(life, "astype", a:astype(kind), model, n)
  if a:astype "value" ~= dynarray.from(a, "value") and not kind:find "float" then life:fail "astype is wrong" end
end

local function running(life)
  local a, model, n, kind = life.a, life.model, life.model.n, life.kind
  if kind == "value" then return end
  local greatest = random(2) == 1
  life:note("cummax or cummin", greatest)
  if greatest then a:cummax() else a:cummin() end
  for i = 2, n do
    local best, x = model[i - 1], model[i]
    if best == best and not (greatest and best > x or not greatest and best < x) then best = x end
    if not same_number(a[i], best) then life:fail(("element %d is %s, not %s"):format(i, show(a[i]), show(best))) end
    model[i] = a[i]
  end
end

local function operators(life)
  local a, model, n, kind = life.a, life.model, life.model.n, life.kind
  if kind == "value" or not life:small() then return end
  local y = random(1, 4)
  life:note("% // ^ - & | ~ << >>", y)
  local rest, quotient, power = a % y, a // y, a ^ 2
  for i = 1, n do
    local x = model[i]
    if rest[i] ~= life:rounded(x % y) or quotient[i] ~= life:rounded(x // y) or power[i] ~= (kind == "float32"
      and types.round32(x ^ 2) or x ^ 2) then
      life:fail(("an operator is wrong for %s"):format(x))
    end
  end
  local positive = 0 -- how many have no negative in the type
  for i = 1, n do
    local least = types[kind].min
    if least and (least == 0 and model[i] > 0 or least < 0 and model[i] == least) then positive = positive + 1 end
  end
  local negative = life:ended(positive == 0, "does not fit into", pcall(function() return -a end))
  if positive == 0 then holds(life, "-", -negative, model, n) end
  if kind:find "float" then return end
  local both, one, other, up, down = a & y, a | y, a ~ y, a << 1, a >> 1
  for i = 1, n do
    local x = model[i]
    if both[i] ~= x & y or one[i] ~= x | y or other[i] ~= x ~ y or (x >= 0 and x < 60 and up[i] ~= x << 1)
      or (x >= 0 and down[i] ~= x >> 1) then
      life:fail(("bits of %s are wrong"):format(x))
    end
  end
  holds(life, "~", ~~a, model, n)
end

local function statistics(life)
  local a, model, n, kind = life.a, life.model, life.model.n, life.kind
  if kind == "value" or not life:small() then return end
  local i = random(1, n + 1)
  local j = random(i - 1, n)
  life:note("statistics", i, j)
  local count, sum, squares, scale = j - i + 1, 0.0, 0.0, 0.0
  for k = i, j do sum, scale = sum + model[k], scale + math.abs(model[k]) end
  for k = i, j do squares = squares + (model[k] - sum / count) ^ 2 end
  local near = compare.near
  if count == 0 and (a:var(0, i, j) or a:std(0, i, j)) or count > 0
    and not (near(a:var(0, i, j), squares / count, scale ^ 2) and near(a:std(0, i, j) ^ 2, squares / count, scale ^ 2)
    and near(a:sum(i, j), sum, scale) and near(a:mean(i, j), sum / count, scale)) then
    life:fail "a figure of a range is wrong"
  end
  local least, greatest = a:min(i, j), a:max(i, j)
  for k = i, j do
    if model[k] < least or model[k] > greatest then life:fail "an extreme of a range is wrong" end
  end
  if n > 1 and math.abs(a:corr(a)) > 1 then life:fail "corr is wrong" end
  if not same_number(a:median() or 0, a:percentile(50) or 0)
    or not same_number(a:median(i, j) or 0, a:slice(i, j):median() or 0) then
    life:fail "median is wrong"
  end
  local counts = a:histogram(random(1, 5), 0, 100)
  local inside = 0
  for k = 1, n do inside = inside + (model[k] >= 0 and model[k] <= 100 and 1 or 0) end
  if counts:sum() ~= inside then life:fail "histogram has lost elements" end
  local k = random(1, 6)
  local windows, means, lows = a:rolling(k, "sum"), a:rolling(k, "mean"), a:rolling(k, "min")
  if #windows ~= math.max(n - k + 1, 0) then life:fail "rolling has another size" end
  for first = 1, n - k + 1 do
    local total, low, size = 0, math.huge, 0.0
    for m = first, first + k - 1 do
      total, low, size = total + model[m], math.min(low, model[m]), size + math.abs(model[m])
    end
    if not near(windows[first], total, size) or not near(means[first], total / k, size) or lows[first] ~= low then
      life:fail(("window %d is wrong"):format(first))
    end
  end
end

local function records(life)
  local a, model, n = life.a, life.model, life.model.n
  local k = random(1, 5)
  life:note("tuples, column, set_column", k)
  local whole = n % k == 0
  local text = ("size %d is no multiple of %d fields"):format(n, k)
  life:ended(whole, text, pcall(a.tuples, a, k))
  local j = random(1, k)
  local column = life:ended(whole, text, pcall(a.column, a, j, k))
  if not whole then return life:ended(false, text, pcall(a.set_column, a, j, k, a)) end
  local list = {}
  for i = 1, n // k do list[i] = model[(i - 1) * k + j] end
  holds(life, "column", column, list, n // k)
  local seen = 0
  for i, x, y in a:tuples(k) do
    seen = seen + 1
    local at = (i - 1) * k
    if i ~= seen or not identical(x, model[at + 1]) or (k > 1 and not identical(y, model[at + 2])) then
      life:fail "a record is wrong"
    end
  end
  if seen ~= n // k then life:fail "tuples has lost records" end
  a:set_column(j, k, column:reverse())
  for i = 1, n // k do model[(i - 1) * k + j] = list[n // k + 1 - i] end
end

local function update(life)
  local a, model = life.a, life.model
  local i, j, arguments = life:range()
  life:note("update", table.unpack(arguments, 1, arguments.n))
  life:ended(i ~= nil, "out of range", pcall(a.update, a, function(x, k)
    if not identical(x, model[k]) then life:fail "update got another element" end
    return model[i + j - k]
  end, table.unpack(arguments, 1, arguments.n)))
  if not i then return end
  local before = table.move(model, i, j, i, {})
  -- what was written is read by nobody: f looks at the model alone
  for k = i, j do model[k] = before[i + j - k] end
end

local function heap(life)
  local a, model, n = life.a, life.model, life.model.n
  local order = life:ordered()
  if not order then return end
  for i = 1, n do
    if model[i] ~= model[i] then return end
  end
  local x = life.kind == "value" and order == "string" and "m" or 50
  if order == "string" and n == 0 then return end
  life:note("heapify, heap_push, heap_pop", x)
  a:heapify()
  local ok, result = pcall(a.heap_push, a, x)
  if not ok then
    life:ended(false, "size", ok, result)
  else
    local least = x
    for i = 1, n do
      if model[i] < least then least = model[i] end
    end
    if a:heap_pop() ~= least then life:fail "heap_pop gives not the least" end
    for i = 1, n do
      if model[i] == least and not (x == least and n == 0) then
        model[i] = x
        break
      end
    end
  end
  local sorted, list = compare.sorted_copy(model, n), {}
  for i = 1, n do
    list[i] = a[i]
    if i > 1 and a[i] < a[i // 2] then life:fail(("element %d is less than the one above"):format(i)) end
  end
  list = compare.sorted_copy(list, n)
  for i = 1, n do
    if list[i] ~= sorted[i] then life:fail "a heap has other elements" end
    model[i] = a[i]
  end
end

local function concat(life)
  local a, model, n = life.a, life.model, life.model.n
  local list = {}
  for i = 1, n do
    if type(model[i]) ~= "number" and type(model[i]) ~= "string" then
      return life:ended(false, "wanted a string or a number", pcall(a.concat, a))
    end
    list[i] = tostring(model[i])
  end
  life:note "concat"
  if a:concat ", " ~= table.concat(list, ", ") then life:fail "concat is wrong" end
end

local function columns(life)
  local a, model, n, kind = life.a, life.model, life.model.n, life.kind
  if kind == "value" then return end
  life:note "write and read"
  local text = {}
  a:write({ write = function(file, s)
    text[#text + 1] = s
    return file
  end }, a)
  text = table.concat(text)
  if n == 0 then return end
  local x, y = dynarray.read(text, { type = kind })
  for i = 1, n do
    if not same_number(x[i], model[i]) or not same_number(y[i], model[i]) then
      life:fail "read is not what was written"
    end
  end
end

--- Arrays of numbers that are made of nothing, and the elements as an expression.
local function made(life)
  local a, model, n, kind = life.a, life.model, life.model.n, life.kind
  local count, first, step = random(0, 20), random(0, 9), random(1, 3)
  if kind == "value" then return end
  life:note("zeros, range, linspace, random, compute, is", count, first, step)
  local zeros, numbers = {}, {}
  for i = 1, count do
    zeros[i], numbers[i] = 0, first + (i - 1) * step
    if kind:find "float" then zeros[i], numbers[i] = 0.0, numbers[i] + 0.0 end
  end
  holds(life, "zeros", dynarray.zeros(count, kind), zeros, count)
  local last = first + (count - 1) * step
  holds(life, "range", dynarray.range(first, last, step, kind), numbers, count)
  holds(life, "linspace", dynarray.linspace(first, last, count, kind), numbers, count)
  local seed = random(1000)
  local dice = dynarray.random(count, kind, seed)
  if #dice ~= count or dice.type ~= kind then life:fail "random has another size or type" end
  if dice ~= dynarray.random(count, kind, seed) then life:fail "random differs for the same seed" end
  if n > 0 and life:small() then holds(life, "compute", dynarray.compute("x", { x = a }, kind), model, n) end
  if not dynarray.is(a) or dynarray.is(model) then life:fail "is is wrong" end
end

return {
  { 1, made },
  { 1, columns },
  { 1, records },
  { 1, update },
  { 1, heap },
  { 1, concat },
  { 1, statistics },
  { 1, take_and_put },
  { 1, choose },
  { 1, orders },
  { 1, shuffle },
  { 1, unique },
  { 1, converted },
  { 1, running },
  { 1, operators },
}
