-- Random operations on an array and on a plain table that models it, side by side.
local dynarray = require "dynarray"
local expect = require "support.expect"
local members = require "support.members"
local types = require "support.types"

local total_operations = 1000000
local seed = math.tointeger(tonumber(os.getenv("DYNARRAY_SEED"))) or os.time()
local kept_operations = 12 -- told of on failure

local random, identical, stored = math.random, expect.identical, types.stored

local integers = { 0, 1, -1, 2, 127, 128, -128, -129, 255, 256, 32767, 32768, -32768, -32769, 65535, 65536, 2147483647,
  2147483648, -2147483648, -2147483649, 4294967295, 4294967296, 1 << 53, (1 << 53) + 1, math.maxinteger,
  math.mininteger }
local floats = { 0.0, -0.0, 1.0, -1.0, 0.5, 0.1, 1e10, 2.0 ^ 31, 2.0 ^ 62, 1e30, 1e38, 1e39, -1e39, 1e300, 1e-40,
  1e-300, math.huge, -math.huge, 0 / 0 }
local objects = { "", "x", "10", ("long"):rep(20), true, false, {}, {}, print, io.stdout, dynarray.of(1),
  coroutine.create(print) }

-- Mostly what fits, sometimes what does not.
local function value(kind)
  local choice = random(16)
  if choice <= 11 then
    return kind == "value" and choice == 1 and objects[random(#objects)] or random(0, 100)
  elseif choice == 12 then
    return integers[random(#integers)]
  elseif choice == 13 then
    return floats[random(#floats)]
  elseif choice == 14 then
    return random(0, 100) + 0.0
  elseif choice == 15 then
    return objects[random(#objects)]
  end
  return nil
end

-- The order of sort: Lua's, with NaN last.
local function precedes(x, y)
  if x ~= x then return false end
  return y ~= y or x < y
end

-- A copy of the first n, in that order; what is equal keeps its order, but for zeros if they are told apart.
local function sorted_copy(list, n, zeros)
  local places, sorted = {}, {}
  for i = 1, n do places[i] = i end
  table.sort(places, function(i, j)
    local x, y = list[i], list[j]
    if precedes(x, y) then return true elseif precedes(y, x) then return false end
    if zeros and x == 0 and 1 / x ~= 1 / y then return 1 / x < 1 / y end
    return i < j
  end)
  for k, i in ipairs(places) do sorted[k] = list[i] end
  return sorted
end

local function same_number(x, y)
  return x == y or x ~= x and y ~= y
end

local function near(x, y, scale)
  return same_number(x, y) or math.abs(x - y) <= scale * 1e-9
end

local function show(v)
  return type(v) == "string" and ("%q"):format(v) or tostring(v)
end

-- One run: an array, its model, and the operations. The model is a table with its size in n.
local function run(kind, bounds, operations)
  local sequence = bounds == "sequence"
  local max_size = 300
  local a, model
  local log, log_position, step = {}, 0, 0

  local function note(...)
    log_position = log_position % kept_operations + 1
    log[log_position] = table.pack(step, ...)
  end

  local function fail(message)
    local lines = { message, ("%s, %s, operation %d; DYNARRAY_SEED=%d repeats it; the last operations:"):format(kind,
      bounds, step, seed) }
    for i = 1, kept_operations do
      local entry = log[(log_position + i - 1) % kept_operations + 1]
      if entry then
        local words = {}
        for j = 1, entry.n do
          words[j] = show(entry[j])
        end
        lines[#lines + 1] = table.concat(words, " ")
      end
    end
    error(table.concat(lines, "\n"), 0)
  end

  local function compare()
    local n = model.n
    if #a ~= n or a.size ~= n or a.capacity < n then
      fail(("size %d, expected %d, capacity %d"):format(#a, n, a.capacity))
    end
    for i = 1, n do
      if not identical(a[i], model[i]) then
        fail(("element %d is %s, expected %s"):format(i, show(a[i]), show(model[i])))
      end
    end
  end

  -- The operation has to end as the model says: without an error, or with one that holds `text`.
  local function ended(expected_ok, text, ok, result)
    if ok ~= expected_ok then
      fail(expected_ok and "unexpected error: " .. tostring(result) or "no error; expected " .. text)
    elseif not ok and not result:find(text, 1, true) then
      fail(("error %q, expected %q"):format(result, text))
    end
    return result
  end

  -- Appends the list to the model, or says why not.
  local function model_append(list, n)
    local new = model.n + n
    local kept = {}
    for i = 1, n do
      local fits, v = stored(kind, list[i])
      if not fits then
        return false, kind
      end
      kept[i] = v
    end
    if new > max_size then
      return false, ("size %d exceeds max_size %d"):format(new, max_size)
    end
    for i = 1, n do
      model[model.n + i] = kept[i]
    end
    model.n = new
    return true
  end

  -- Both a value that does not fit and a size past the bound are errors; which comes first is nobody's business.
  local function append_ended(list, n, ok, result)
    local expected_ok, text = model_append(list, n)
    if not expected_ok and model.n + n > max_size then
      text = ""
    end
    return ended(expected_ok, text, ok, result)
  end

  local function values(n)
    local list = {}
    for i = 1, n do
      list[i] = random(40) == 1 and value(kind) or random(0, 100)
    end
    return list
  end

  local function index()
    local choice = random(20)
    if choice == 1 then
      return random(-2, 0)
    elseif choice == 2 then
      return model.n + random(1, 3)
    elseif choice == 3 then
      return integers[random(#integers)]
    end
    return random(1, math.max(model.n, 1))
  end

  local function read(i)
    return a[i]
  end

  local function write(i, v)
    a[i] = v
  end

  local function model_write(i, v)
    local n = model.n
    if i >= 1 and i <= n then
      if v == nil and sequence and i == n then
        model[n], model.n = nil, n - 1
        return true
      end
      local fits, kept = stored(kind, v)
      if not fits then
        return false, "at index " .. i
      end
      model[i] = kept
      return true
    elseif sequence and v == nil then
      return true
    elseif sequence and i == n + 1 then
      local fits, kept = stored(kind, v)
      if n + 1 > max_size then
        return false, fits and "exceeds max_size" or ""
      elseif not fits then
        return false, "at index " .. i
      end
      model[i], model.n = kept, i
      return true
    end
    return false, ("index %d out of bounds (size %d)"):format(i, n)
  end

  -- What an element becomes, nil if it is none: floats round, and may be infinite.
  local function rounded(x)
    if kind == "float32" then return types.round32(x) end
    return select(2, stored(kind, x))
  end

  -- Whether all elements are numbers whose products Lua has exactly.
  local function small()
    for i = 1, model.n do
      local most = kind:find "int" and 1 << 28 or 1e30
      if not (model[i] >= -most and model[i] <= most) then return false end
    end
    return true
  end

  -- "number" or "string" if all elements are that, and so have an order; "number" for none.
  local function ordered()
    local order = model.n > 0 and type(model[1]) or "number"
    for i = 1, model.n do
      if type(model[i]) ~= order then return nil end
    end
    return (order == "number" or order == "string") and order or nil
  end

  -- Arguments i and j of a range, some left out, some out of range; the range, or nil if that is an error.
  local function range()
    local n = model.n
    local i, j = random(1, n + 1), random(0, n)
    local given = random(0, 2)
    if given == 0 then
      return 1, n, table.pack()
    elseif random(12) == 1 then
      local wrong = random(3)
      if wrong == 1 then i = random(2) == 1 and 0 or n + 2 elseif given == 2 then j = wrong == 2 and -1 or n + 1 end
    end
    local inside = i >= 1 and i <= n + 1 and (given == 1 or j >= 0 and j <= n)
    if given == 1 then return inside and i or nil, n, table.pack(i) end
    return inside and i or nil, j, table.pack(i, j)
  end

  local operations_on = {
    add = function(x, y) return x + y end,
    sub = function(x, y) return x - y end,
    mul = function(x, y) return x * y end,
    div = function(x, y)
      if kind:find "float" then return x / y end
      if y ~= 0 and x % y == 0 then return x // y end
    end,
    abs = math.abs,
    sqrt = function(x)
      if kind:find "float" then return math.sqrt(x) end
      local root = x >= 0 and math.floor(math.sqrt(x))
      if root and root * root == x then return root end
    end,
  }

  local function computed(name, x, y)
    local result = operations_on[name](x, y)
    return result and rounded(result)
  end

  local function create()
    local capacity = random(0, 20)
    note("new", kind, bounds, capacity)
    a = dynarray.new { type = kind, bounds = bounds, capacity = capacity, max_size = max_size,
      growth = ({ 2, 1.5, "exact", 1.1 })[random(4)], block = random(4) == 1 and "copy" or nil }
    model = { n = 0 }
  end

  local actions = {
    { 20, function()
      local v = value(kind)
      note("append", v)
      local ok, result = pcall(a.append, a, v)
      append_ended({ v }, 1, ok, result)
      if ok and (result ~= a or not identical(a[model.n], model[model.n])) then
        fail("append lost its element")
      end
    end },
    { 20, function()
      local i = index()
      note("read", i)
      local inside = i >= 1 and i <= model.n
      local result = ended(inside or sequence, ("index %d out of bounds (size %d)"):format(i, model.n), pcall(read, i))
      if inside and not identical(result, model[i]) or not inside and sequence and result ~= nil then
        fail(("read %s, expected %s"):format(show(result), show(inside and model[i] or nil)))
      end
    end },
    { 20, function()
      local i, v = index(), value(kind)
      note("write", i, v)
      local ok, err = pcall(write, i, v)
      local expected_ok, text = model_write(i, v)
      ended(expected_ok, text, ok, err)
    end },
    { 10, function()
      note("pop")
      local ok, result = pcall(a.pop, a)
      local n = model.n
      ended(n > 0 or sequence, "pop from an empty array", ok, result)
      if n > 0 then
        if not identical(result, model[n]) then
          fail(("popped %s, expected %s"):format(show(result), show(model[n])))
        end
        model[n], model.n = nil, n - 1
      elseif ok and result ~= nil then
        fail("popped something from nothing")
      end
    end },
    { 3, function()
      local n = random(0, 8)
      local list = values(n)
      note("append", table.unpack(list, 1, n))
      append_ended(list, n, pcall(a.append, a, table.unpack(list, 1, n)))
    end },
    { 2, function()
      local n = random(0, 12)
      local list = values(n)
      while n > 0 and list[n] == nil do -- a border of its own
        n = n - 1
      end
      for i = 1, n do
        if list[i] == nil then
          list[i] = 7
        end
      end
      note("extend", table.unpack(list, 1, n))
      append_ended(list, n, pcall(a.extend, a, list))
    end },
    { 1, function()
      local n = random(0, 12)
      local list, i = values(n), 0
      for j = 1, n do
        if list[j] == nil then
          n = j - 1
          break
        end
      end
      note("extend with an iterator", table.unpack(list, 1, n))
      append_ended(list, n, pcall(a.extend, a, function()
        i = i + 1
        if i <= n then
          return list[i]
        end
      end))
    end },
    { 1, function()
      local other = types.all[random(#types.all)]
      local b = dynarray.new(other)
      for _ = 1, random(0, 9) do
        pcall(b.append, b, value(other))
      end
      local list = {}
      for i = 1, #b do
        list[i] = b[i]
      end
      note("extend with", other, table.unpack(list, 1, #b))
      append_ended(list, #b, pcall(a.extend, a, b))
    end },
    { 1, function()
      note("extend with itself")
      local list, n = table.move(model, 1, model.n, 1, {}), model.n
      append_ended(list, n, pcall(a.extend, a, a))
    end },
    { 3, function()
      local i = index()
      note("get", i)
      local inside = i >= 1 and i <= model.n
      local result = ended(inside or sequence, ("index %d out of bounds (size %d)"):format(i, model.n),
        pcall(a.get, a, i))
      if inside and not identical(result, model[i]) then
        fail(("got %s, expected %s"):format(show(result), show(model[i])))
      end
    end },
    { 3, function()
      local i, v = index(), value(kind)
      note("set", i, v)
      local ok, err = pcall(a.set, a, i, v)
      local expected_ok, text = model_write(i, v)
      ended(expected_ok, text, ok, err)
    end },
    { 2, function()
      local n, given, v = random(0, 40), random(2) == 1, nil
      if random(10) == 1 then
        n = random(-1, 400)
      end
      if given then
        v = value(kind)
      end
      note("resize", n, given and v or "")
      local ok, err
      if given then
        ok, err = pcall(a.resize, a, n, v)
      else
        ok, err = pcall(a.resize, a, n)
        v = 0
      end
      local fits, kept = stored(kind, v)
      if n < 0 or n > max_size then
        ended(false, "", ok, err)
      elseif n > model.n and not fits then
        ended(false, "wanted " .. kind, ok, err and err:gsub("does not fit into", "wanted"))
      elseif fits then
        ended(true, "", ok, err)
        for i = model.n + 1, n do
          model[i] = kept
        end
        for i = n + 1, model.n do
          model[i] = nil
        end
        model.n = n
      elseif ok then -- a fill that is not needed need not be looked at
        for i = n + 1, model.n do
          model[i] = nil
        end
        model.n = math.min(n, model.n)
      end
    end },
    { 2, function()
      local n = random(0, 60)
      note("reserve", n)
      local before = a.capacity
      a:reserve(n)
      if a.capacity ~= math.max(n, before) then
        fail(("capacity %d"):format(a.capacity))
      end
    end },
    { 1, function()
      note("shrink_to_fit")
      a:shrink_to_fit()
      if a.capacity ~= model.n then
        fail(("capacity %d"):format(a.capacity))
      end
    end },
    { 1, function()
      note("clear")
      local before = a.capacity
      a:clear()
      model = { n = 0 }
      if a.capacity ~= before then
        fail(("capacity %d"):format(a.capacity))
      end
    end },
    { 1, function() -- an array whose elements have an order, for those below
      if random(3) > 1 then return end
      local n, strings = random(0, 40), kind == "value" and random(3) == 1
      note("clear, and append what has an order", n, strings)
      a:clear()
      model = { n = 0 }
      for _ = 1, n do
        local v = random(0, 20)
        if strings then
          v = tostring(v)
        elseif random(8) == 1 and (kind == "value" or kind:find "float") then
          v = floats[random(#floats)]
        elseif random(4) == 1 then
          v = v + 0.0
        end
        append_ended({ v }, 1, pcall(a.append, a, v))
      end
    end },
    { 4, function() -- search
      local v, from = value(kind), random(1, model.n + 2)
      if model.n > 0 and random(2) == 1 then v = model[random(model.n)] end
      note("index_of, count, contains", v, from)
      local first, later, count = nil, nil, 0
      for i = 1, model.n do
        if model[i] == v then
          first, count = first or i, count + 1
          later = later or i >= from and i or nil
        end
      end
      if a:index_of(v) ~= first or a:index_of(v, from) ~= later or a:count(v) ~= count
        or a:contains(v) ~= (count > 0) then
        fail("search is wrong")
      end
      ended(false, "index 0 out of range", pcall(a.index_of, a, v, 0))
    end },
    { 1, function() -- what has no order keeps its elements
      note("sort, perhaps without an order")
      local list = table.move(model, 1, model.n, 1, {})
      if not pcall(a.sort, a) then return end
      for i = 1, model.n do model[i] = a[i] end
      for i = 1, model.n do
        local k = 1
        while k <= model.n and not identical(list[k], model[i]) do k = k + 1 end
        if k > model.n then fail("sort made up an element") end
        list[k] = list -- found once
      end
    end },
    { 4, function() -- order
      local order = ordered()
      if not order then return end
      local less = random(2) == 1 and precedes or nil
      local v = value(kind)
      if order == "string" then v = tostring(v) elseif not math.type(v) then v = 5 end
      if model.n > 0 and random(2) == 1 then v = model[random(model.n)] end
      note("order", order, less ~= nil, v)
      local n = model.n
      local sorted = sorted_copy(model, n, kind:find "float" and not less)

      local k = random(0, n + 1)
      local nth = ended(k >= 1 and k <= n, "out of bounds", pcall(a.nth, a, k))
      if k >= 1 and k <= n and not same_number(nth, sorted[k]) then fail("nth is wrong") end
      local percent = random(0, 100)
      local rank = percent / 100 * (n - 1)
      local middle = ended(order == "number" or n == 0, "percentile of numbers", pcall(a.percentile, a, percent))
      if order == "number" and n > 0 then
        local low = sorted[math.floor(rank) + 1]
        local high = sorted[math.ceil(rank) + 1]
        local part = rank - math.floor(rank)
        local want = part == 0 and low + 0.0 or low == high and low + 0.0 or low * (1 - part) + high * part
        if not near(middle, want, math.abs(want)) then fail(("percentile is %s, not %s"):format(middle, want)) end
      elseif n == 0 and middle ~= nil then
        fail("a percentile of nothing")
      end
      local first_nan
      for i = n, 1, -1 do
        if model[i] ~= model[i] then first_nan = i end
      end
      for name, want in pairs { min = sorted[1], max = sorted[n] } do
        local best, at = a[name](a)
        if n == 0 and (best ~= nil or at ~= nil) or first_nan and (best == best or at ~= first_nan)
          or n > 0 and not first_nan and (best ~= want or model[at] ~= want) then
          fail(name .. " is wrong")
        end
      end

      local is_sorted = true
      for i = 2, n do is_sorted = is_sorted and not precedes(model[i], model[i - 1]) end
      if a:is_sorted(less) ~= is_sorted then fail("is_sorted is wrong") end
      a[random(2) == 1 and "sort" or "sort_stable"](a, less)
      for i = 1, n do
        local zero = kind == "value" and sorted[i] == 0 and a[i] == 0 -- which of the two comes first is not said
        if not zero and not identical(a[i], sorted[i]) then fail("sort is wrong at " .. i) end
        model[i] = a[i]
      end

      local function bounds_of(x)
        local low, high = 1, 1
        for i = 1, n do
          if precedes(model[i], x) then low = low + 1 end
          if not precedes(x, model[i]) then high = high + 1 end
        end
        return low, high
      end
      local low, high = bounds_of(v)
      if a:lower_bound(v, less) ~= low or a:upper_bound(v, less) ~= high then
        fail("lower_bound or upper_bound is wrong")
      end
      local fits, kept = stored(kind, v)
      local ok, err, place = pcall(a.insert_sorted, a, v, less)
      if not fits then
        ended(false, "", ok, err)
      elseif n == max_size then
        ended(false, "exceeds max_size", ok, err)
      else
        ended(true, "", ok, err)
        local _, want = bounds_of(kept)
        if place ~= want then fail(("insert_sorted put it at %d, not %d"):format(place, want)) end
        table.move(model, place, n, place + 1)
        model[place], model.n = kept, n + 1
      end
    end },
    { 1, function() -- sums of values, as Lua's + has them
      if kind ~= "value" or ordered() ~= "number" then return end
      note("sum and mean of values")
      local sum, float_sum = 0, 0.0
      for i = 1, model.n do sum, float_sum = sum + model[i], float_sum + model[i] end
      if not identical(a:sum(), sum) then fail("sum is wrong") end
      local mean = a:mean()
      if model.n == 0 and mean ~= nil or model.n > 0 and not same_number(mean, float_sum / model.n) then
        fail("mean is wrong")
      end
    end },
    { 2, function() -- in place
      if kind == "value" or not small() then return end
      local name = ({ "add", "sub", "mul", "div", "abs", "sqrt" })[random(6)]
      local one, v = random(2) == 1, random(0, 3)
      local b = dynarray.new(kind)
      for i = 1, model.n do b:append((v + i) % 4) end
      note(name, one and v or "an array", v)
      local want, misfit = {}, nil
      for i = 1, model.n do
        want[i] = computed(name, model[i], one and v or b[i])
        if want[i] == nil then
          misfit = i
          break
        end
      end
      if name == "abs" or name == "sqrt" then
        ended(not misfit, misfit and "at index " .. misfit, pcall(a[name], a))
      else
        ended(not misfit, misfit and "at index " .. misfit, pcall(a[name], a, one and v or b))
      end
      for i = 1, misfit and 0 or model.n do
        model[i] = want[i]
      end
      compare()
    end },
    { 1, function() -- new arrays
      if kind == "value" or not small() then return end
      local name = ({ "add", "sub", "mul", "div" })[random(4)]
      local v, reversed, one = random(1, 3), random(2) == 1, random(2) == 1
      note("operator " .. name, v, reversed, one)
      local other = {}
      for i = 1, model.n do other[i] = one and v or (v + i) % 3 + 1 end
      local operand = one and v or dynarray.from(other, kind)
      local operate = ({ add = function(x, y) return x + y end, sub = function(x, y) return x - y end,
        mul = function(x, y) return x * y end, div = function(x, y) return x / y end })[name]
      local ok, b = pcall(operate, reversed and operand or a, reversed and a or operand)
      for i = 1, model.n do
        local x, y = reversed and other[i] or model[i], reversed and model[i] or other[i]
        local want
        if name == "div" and kind:find "int" then
          want = x / y
        else
          want = computed(name, select(2, stored(kind, x)), y)
        end
        if want == nil then
          return ended(false, "at index " .. i, ok, b)
        elseif ok and not identical(b[i], want) then
          fail(("element %d is %s, expected %s"):format(i, show(b[i]), show(want)))
        end
      end
      ended(true, "", ok, b)
      if ok and #b ~= model.n then fail("a result has another size") end
    end },
    { 1, function()
      if kind == "value" or not small() then return end
      local low = random(0, 50)
      local high = low + random(0, 50)
      note("clamp", low, high)
      ended(false, "as operand", pcall(a.clamp, a, "x", high))
      ended(false, "is not at most", pcall(a.clamp, a, high + 1, low))
      a:clamp(low, high)
      for i = 1, model.n do
        if model[i] < low or model[i] > high then
          model[i] = select(2, stored(kind, model[i] < low and low or high))
        end
      end
    end },
    { 1, function()
      if kind == "value" or not small() then return end
      note("cumsum, sum, mean, dot, and on with the running sums")
      local sums, sum, product, magnitude, misfit = {}, 0, 0, 0, nil
      local other, scalar = {}, 0
      for i = 1, model.n do
        other[i] = i % 5
        scalar = scalar + model[i] * other[i]
      end
      for i = 1, model.n do
        sum, product = sum + model[i], product + model[i] * model[i]
        magnitude = magnitude + math.abs(model[i])
        sums[i] = rounded(sum)
        if sums[i] == nil then misfit = misfit or i end
      end
      if not near(a:sum(), sum, magnitude) or not near(a:dot(a), product, product)
        or not near(a:dot(dynarray.from(other, kind)), scalar, magnitude * 5)
        or (model.n > 0 and not near(a:mean(), sum / model.n, magnitude)) or (model.n == 0 and a:mean() ~= nil) then
        fail("a sum is wrong")
      end
      ended(not misfit, misfit and "at index " .. misfit, pcall(a.cumsum, a))
      for i = 1, misfit and 0 or model.n do
        model[i] = sums[i]
      end
      compare()
    end },
    { 1, function()
      if random(100) > 1 then return end
      note("save, load, map")
      local path = os.tmpname()
      if kind == "value" then
        ended(false, "value", pcall(a.save, a, path))
      else
        a:save(path)
        local loaded, mapped, shown = dynarray.load(path), dynarray.map(path, "rw"), dynarray.map(path)
        if #shown ~= model.n then fail("the file is too long or too short") end
        for i = 1, model.n do
          if not identical(shown[i], model[i]) then fail("the file is wrong at " .. i) end
          ended(false, "read-only", pcall(shown.set, shown, i, model[i]))
        end
        shown:close()
        if mapped:flush() ~= mapped then fail("flush does not return its array") end
        for i = 1, model.n do
          if not identical(loaded[i], model[i]) or not identical(mapped[i], model[i]) then
            fail("the file is wrong at " .. i)
          end
        end
        if #loaded ~= model.n or #mapped ~= model.n then fail("the file is too long or too short") end
        mapped:close()
      end
      os.remove(path)
    end },
    { 1, function()
      note("pointer, stats")
      if type(a:pointer()) ~= "userdata" and model.n > 0 then fail("no pointer") end
      local stats = a:stats()
      if stats.peak_bytes < a.capacity * a.element_size or stats.growths < stats.in_place + stats.moves then
        fail("figures that cannot be")
      end
    end },
    { 1, function()
      note("copy, and on with the copy")
      local b = a:copy()
      local nan = false
      for i = 1, model.n do
        nan = nan or model[i] ~= model[i]
      end
      if not nan and (a ~= b or b ~= a) then
        fail("the copy differs")
      end
      if b.capacity ~= model.n or b.max_size ~= max_size or b.bounds ~= bounds then
        fail("the copy has lost a property")
      end
      a:close()
      a = b
    end },
    { 1, function()
      local n = random(0, math.min(10, a.capacity + 2))
      local list = values(n)
      for i = 1, n do
        if list[i] == nil then
          list[i] = 7
        end
      end
      note("copy_from", table.unpack(list, 1, n))
      local all_fit = true
      for i = 1, n do
        all_fit = all_fit and stored(kind, list[i])
      end
      local capacity = a.capacity
      local ok, err = pcall(a.copy_from, a, list)
      if n > capacity then
        ended(false, all_fit and "Not enough space to copy into" or "", ok, err)
      elseif not all_fit then
        ended(false, "at index", ok, err)
      else
        ended(true, "", ok, err)
        for i = 1, n do
          model[i] = select(2, stored(kind, list[i]))
        end
        model.n = math.max(n, model.n)
      end
      if a.capacity ~= capacity then
        fail("copy_from changed the capacity")
      end
    end },
    { 1, function()
      note("from itself, and on with that")
      local list = dynarray.of(a:unpack())
      local same = dynarray.filled(3, 7, kind)
      if #list ~= model.n or list.type ~= "value" or #same ~= 3 or same[1] ~= 7 or same[3] ~= 7 then
        fail("of or filled is wrong")
      end
      for i = 1, model.n do
        if not identical(list[i], model[i]) then fail("of is wrong at " .. i) end
      end
      local b = dynarray.from(a, { bounds = bounds, max_size = max_size })
      if b.type ~= kind then
        fail("from changed the type")
      end
      a = b
    end },
    { 1, function()
      local n = random(0, 5)
      note("..", n)
      local b = a .. dynarray.from(table.move({ 1, 2, 3, 4, 5 }, 1, n, 1, {}), kind)
      if #b ~= model.n + n or n > 0 and b[#b] ~= n or model.n > 0 and not identical(b[1], model[1]) then
        fail("the concatenation is wrong")
      end
    end },
    { 1, function()
      note("pairs and ipairs")
      local i = 0
      for j, v in pairs(a) do
        i = i + 1
        if j ~= i or not identical(v, model[i]) then
          fail("pairs is wrong at " .. j)
        end
      end
      if i ~= model.n then
        fail("pairs ends at " .. i)
      end
      for _, iterate in ipairs { ipairs, dynarray.ipairs } do
        i = 0
        for j, v in iterate(a) do
          i = i + 1
          if j ~= i or not identical(v, model[i]) then
            fail("ipairs is wrong at " .. j)
          end
        end
        if i ~= model.n and model[i + 1] ~= nil then
          fail("ipairs ends at " .. i)
        end
      end
    end },
    { 1, function()
      local policy = ({ 2, 1.5, "exact", "cpython" })[random(4)]
      note("set_growth", policy)
      a:set_growth(policy)
    end },
    { 1, function()
      if sequence then
        -- nil inside is no number, so only where table and array can agree: no nil among the elements.
        for i = 1, model.n do
          if model[i] == nil then
            return
          end
        end
        local position = random(1, model.n + 1)
        if random(2) == 1 then
          note("table.insert", position)
          if model.n < max_size then
            table.insert(a, position, 5)
            table.insert(model, position, select(2, stored(kind, 5)))
            model.n = model.n + 1
          end
        elseif position <= model.n then
          note("table.remove", position)
          local x, y = table.remove(a, position), table.remove(model, position)
          model.n = model.n - 1
          if not identical(x, y) then
            fail(("removed %s, expected %s"):format(show(x), show(y)))
          end
        end
      end
    end },
    { 3, function()
      local i, n = index(), random(0, 4)
      if random(8) == 1 then
        i = model.n + 1
      end
      local list = values(n)
      local how = random(4)
      local ok, result
      for j = 1, how > 1 and n or 0 do -- borders of tables, ends of iterators
        if list[j] == nil then
          list[j] = 7
        end
      end
      if how == 1 then
        note("insert", i, table.unpack(list, 1, n))
        ok, result = pcall(a.insert, a, i, table.unpack(list, 1, n))
      else
        note("insert_all", i, how, table.unpack(list, 1, n))
        local j, source = 0, list
        if how == 3 then
          source = dynarray.from(list)
        elseif how == 4 then
          source = function()
            j = j + 1
            return list[j]
          end
        end
        ok, result = pcall(a.insert_all, a, i, source)
      end
      local all_fit = true
      for j = 1, n do
        all_fit = all_fit and stored(kind, list[j])
      end
      if how == 1 and n == 0 then
        ended(false, "value expected", ok, result)
      elseif i < 1 or i > model.n + 1 then
        ended(false, ("index %d out of bounds (size %d)"):format(i, model.n), ok, result)
      elseif not all_fit then
        ended(false, model.n + n > max_size and "" or kind, ok, result)
      elseif model.n + n > max_size then
        ended(false, "exceeds max_size", ok, result) -- an iterator may have more than that
      else
        ended(true, "", ok, result)
        table.move(model, i, model.n, i + n)
        for j = 1, n do
          model[i + j - 1] = select(2, stored(kind, list[j]))
        end
        model.n = model.n + n
      end
    end },
    { 1, function()
      local n = model.n
      if n > 0 and n < 100 then
        local i, from = random(1, n + 1), random(1, n)
        local to = random(from, n)
        note("insert_all of a view of itself", i, from, to)
        a:insert_all(i, a:view(from, to))
        local list = table.move(model, from, to, 1, {})
        local count = to - from + 1
        table.move(model, i, n, i + count)
        table.move(list, 1, count, i, model)
        model.n = n + count
      end
    end },
    { 3, function()
      local i, n = index(), model.n
      local name = random(2) == 1 and "remove" or "swap_remove"
      if name == "remove" and random(3) == 1 then
        note("remove the last")
        local ok, result = pcall(a.remove, a)
        ended(n > 0 or sequence, "remove from an empty array", ok, result)
        if ok and not identical(result, model[n]) then fail("removed another") end
        if n > 0 then model[n], model.n = nil, n - 1 end
        return
      end
      note(name, i)
      local ok, result = pcall(a[name], a, i)
      if i < 1 or i > n then
        local none = sequence and name == "remove" and (i == n + 1 or n == 0 and i == 0)
        ended(none, ("index %d out of bounds (size %d)"):format(i, n), ok, result)
      else
        ended(true, "", ok, result)
        if not identical(result, model[i]) then
          fail(("removed %s, expected %s"):format(show(result), show(model[i])))
        end
        if name == "remove" then
          table.move(model, i + 1, n, i)
        else
          model[i] = model[n]
        end
        model[n], model.n = nil, n - 1
      end
    end },
    { 1, function()
      local n = model.n
      local i = random(1, n + 1)
      local j = math.min(n, random(i - 1, i + 5))
      if random(10) == 1 then
        if random(2) == 1 then i = random(2) == 1 and 0 or n + 2 else j = random(2) == 1 and -1 or n + 1 end
      end
      note("remove_range", i, j)
      local inside = i >= 1 and i <= n + 1 and j >= 0 and j <= n
      ended(inside, "out of range", pcall(a.remove_range, a, i, j))
      if inside and j >= i then
        table.move(model, j + 1, n, i)
        model.n = n - (j - i + 1)
        for k = model.n + 1, n do
          model[k] = nil
        end
      end
    end },
    { 1, function()
      local n = model.n
      local choice, k, list = random(3), random(-30, 30), {}
      if choice == 1 then
        note("reverse")
        a:reverse()
        for i = 1, n do
          list[i] = model[n + 1 - i]
        end
      elseif choice == 2 then
        note("rotate", k)
        a:rotate(k)
        for i = 1, n do
          list[(i - 1 + k) % n + 1] = model[i]
        end
      elseif n > 0 then
        local i, j = index(), index()
        local inside = i >= 1 and i <= n and j >= 1 and j <= n
        note("swap", i, j)
        ended(inside, "out of bounds", pcall(a.swap, a, i, j))
        table.move(model, 1, n, 1, list)
        if inside then list[i], list[j] = list[j], list[i] end
      end
      for i = 1, choice == 3 and n == 0 and 0 or n do
        model[i] = list[i]
      end
    end },
    { 1, function()
      local v = value(kind)
      local i, j, given = range()
      note("fill", v, table.unpack(given, 1, given.n))
      local fits, kept = stored(kind, v)
      local ok, err = pcall(a.fill, a, v, table.unpack(given, 1, given.n))
      ended(fits and i ~= nil, i == nil and "" or "at index " .. i, ok, err)
      for k = i or 1, fits and i and j or 0 do
        model[k] = kept
      end
    end },
    { 1, function()
      note("dedup")
      a:dedup()
      local new = { n = 0 }
      for i = 1, model.n do
        if i == 1 or model[i] ~= new[new.n] then
          new.n = new.n + 1
          new[new.n] = model[i]
        end
      end
      model = new
    end },
    { 1, function()
      local i, j, given = range()
      note("slice, view, frozen, totable, unpack, iter", table.unpack(given, 1, given.n))
      if i == nil then
        for _, name in ipairs { "slice", "view", "totable", "unpack" } do
          ended(false, "out of range", pcall(a[name], a, table.unpack(given, 1, given.n)))
        end
        return
      end
      local slice, view = a:slice(table.unpack(given, 1, given.n)), a:view(table.unpack(given, 1, given.n))
      local frozen, list = view:frozen(), a:totable(table.unpack(given, 1, given.n))
      local results = table.pack(a:unpack(table.unpack(given, 1, given.n)))
      local next_element, nan = view:iter(), false
      if j < i then j = i - 1 end
      if #slice ~= j - i + 1 or #view ~= #slice or #frozen ~= #slice or results.n ~= #slice then
        fail("a part is too long or too short")
      end
      for k = 1, #slice do
        local want = model[i + k - 1]
        nan = nan or want ~= want
        local got, at = next_element()
        if not (identical(want, slice[k]) and identical(want, view[k]) and identical(want, frozen[k])
          and identical(want, list[k]) and identical(want, results[k]) and identical(want, got) and at == k) then
          fail("a part is wrong at " .. k)
        end
      end
      if next_element() ~= nil or not nan and (slice ~= view or view ~= frozen) then
        fail("a part is no part")
      end
      if #view > 0 then
        local k, v = random(#view), value(kind)
        note("write through a view", k, v)
        local fits, kept = stored(kind, v)
        ended(fits, "at index " .. k, pcall(view.set, view, k, v))
        if fits then
          model[i + k - 1] = kept
        end
        note("copy onto a view")
        view:copy_from(a:view(1, #view))
        table.move(model, 1, #view, i)
      end
    end },
    { 1, function()
      note("map, filter, reduce, each")
      local same = a:map(function(v) return v end)
      local odd = a:filter(function(_, i) return i % 2 == 1 end)
      local visited = a:reduce(function(sum, _, i) return sum + i end, 0)
      a:each(function(_, i) visited = visited - i end)
      local other = types.all[random(#types.all)]
      local want, misfit = {}, nil
      for i = model.n, 1, -1 do
        local fits, kept = stored(other, model[i])
        want[i] = kept
        if not fits then misfit = i end
      end
      local mapped = ended(not misfit, misfit and "at index " .. misfit,
        pcall(a.map, a, function(v) return v end, other))
      for i = 1, misfit and 0 or model.n do
        if not identical(mapped[i], want[i]) then fail("map to another type is wrong at " .. i) end
      end
      local calls = 0
      local last = ended(model.n > 0, "needs an initial value", pcall(a.reduce, a, function(_, v)
        calls = calls + 1
        return v
      end))
      if model.n > 0 and (calls ~= model.n - 1 or not identical(last, model[model.n])) then fail("reduce is wrong") end
      if #same ~= model.n or #odd ~= (model.n + 1) // 2 or visited ~= 0 then
        fail("not every element was visited once")
      end
      for i = 1, model.n do
        if not identical(same[i], model[i]) or i % 2 == 1 and not identical(odd[i // 2 + 1], model[i]) then
          fail("an element changed on the way at " .. i)
        end
      end
    end },
    { 1, function()
      if kind ~= "value" then
        note("tobytes and frombytes, and on with that")
        local b = dynarray.frombytes(a:tobytes(), kind)
        a:clear():extend(b)
      end
    end },
    { 1, function()
      if random(20) == 1 then
        note("close")
        a:close()
        if #a ~= 0 or pcall(a.append, a, 1) then
          fail("closed, and yet not")
        end
        create()
      end
    end },
  }

  local wheel = {}
  for _, action in ipairs(actions) do
    for _ = 1, action[1] do
      wheel[#wheel + 1] = action[2]
    end
  end

  create()
  for i = 1, operations do
    step = i
    local ok, err = pcall(wheel[random(#wheel)])
    if not ok then
      if type(err) == "string" and err:find("DYNARRAY_SEED", 1, true) then
        error(err, 0)
      end
      fail("unexpected error: " .. tostring(err))
    end
    if #a ~= model.n then
      fail(("size %d, expected %d"):format(#a, model.n))
    end
    if i % 16 == 0 then
      compare()
    end
  end
  compare()
end

describe("a random life", function()
  local lives, life = #types.all * 2, 0
  for _, kind in ipairs(types.all) do
    for _, bounds in ipairs { "strict", "sequence" } do
      life = life + 1
      local number = life
      it(("leaves an array and its model the same: %s, %s"):format(kind, bounds), function()
        math.randomseed(seed, number)
        run(kind, bounds, math.ceil(total_operations / lives))
      end)
    end
  end
end)

-- The functions that lua calls as `owner[name]`, replaced by ones that take note of those that succeed, and back.
local function listen(owner, called, names)
  local kept = {}
  for _, name in ipairs(names) do
    local f = owner[name]
    kept[name] = f
    owner[name] = function(...)
      local results = table.pack(f(...))
      called[name] = true
      if getmetatable((...)) == "dynarray" and getmetatable((select(2, ...))) == "dynarray" then
        called[name .. " of arrays"] = true
      end
      return table.unpack(results, 1, results.n)
    end
  end
  return function()
    for name, f in pairs(kept) do owner[name] = f end
  end
end

local module_functions = { "new", "of", "from", "filled", "frombytes", "load", "map" }
local metamethods = { "__newindex", "__len", "__pairs", "__eq", "__concat", "__add", "__sub", "__mul", "__div" }
local of_arrays = { "__add", "__sub", "__mul", "__div", "add", "sub", "mul", "div", "dot" }
local of_numbers = { abs = true, sqrt = true, clamp = true, cumsum = true, tobytes = true, save = true, flush = true,
  frombytes = true, load = true }
for _, name in ipairs(of_arrays) do of_numbers[name] = true end

-- What has to succeed on arrays of that type.
local function wanted(kind)
  local list = {}
  for _, names in ipairs { members, metamethods, module_functions } do
    for _, name in ipairs(names) do
      if kind ~= "value" or not of_numbers[name] then list[#list + 1] = name end
    end
  end
  for _, name in ipairs(kind == "value" and {} or of_arrays) do list[#list + 1] = name .. " of arrays" end
  return list
end

describe("the model", function()
  for number, kind in ipairs { "value", "int8", "uint64", "float32" } do
    it("knows every function, method and operator: " .. kind, function()
      local called, restore = {}, {}
      for owner, names in pairs { [members.table] = members, [debug.getmetatable(dynarray.new())] = metamethods,
        [dynarray] = module_functions } do
        restore[#restore + 1] = listen(owner, called, names)
      end
      local function missing()
        local list = {}
        for _, name in ipairs(wanted(kind)) do
          if not called[name] then list[#list + 1] = name end
        end
        return list
      end
      -- The rarest comes up once in some ten thousand operations: a few runs find all, however the dice fall.
      math.randomseed(seed, number)
      local ok, message = pcall(function()
        for _ = 1, 20 do
          run(kind, "strict", 20000)
          if #missing() == 0 then break end
        end
      end)
      for _, back in ipairs(restore) do back() end
      assert(ok, message)
      assert.same({}, missing())
    end)
  end
end)
