--- Copies, parts, views, concatenation.
local dynarray = require "dynarray"
local expect = require "support.expect"
local types = require "support.types"

local identical, random, stored = expect.identical, math.random, types.stored

local function copy(life)
  local a, model, max_size, bounds = life.a, life.model, life.max_size, life.bounds
  life:note("copy, and on with the copy")
  local b = a:copy()
  local nan = false
  for i = 1, model.n do
    nan = nan or model[i] ~= model[i]
  end
  if not nan and (a ~= b or b ~= a) then
    life:fail("the copy differs")
  end
  if b.capacity ~= model.n or b.max_size ~= max_size or b.bounds ~= bounds then
    life:fail("the copy has lost a property")
  end
  a:close()
  life.a = b
end

local function copy_from(life)
  local a, model, kind = life.a, life.model, life.kind
  local n = random(0, math.min(10, a.capacity + 2))
  local list = life:values(n)
  for i = 1, n do
    if list[i] == nil then
      list[i] = 7
    end
  end
  life:note("copy_from", table.unpack(list, 1, n))
  local all_fit = true
  for i = 1, n do
    all_fit = all_fit and stored(kind, list[i])
  end
  local capacity = a.capacity
  local ok, err = pcall(a.copy_from, a, list)
  if n > capacity then
    life:ended(false, all_fit and "Not enough space to copy into" or "", ok, err)
  elseif not all_fit then
    life:ended(false, "at index", ok, err)
  else
    life:ended(true, "", ok, err)
    for i = 1, n do
      model[i] = select(2, stored(kind, list[i]))
    end
    model.n = math.max(n, model.n)
  end
  if a.capacity ~= capacity then
    life:fail("copy_from changed the capacity")
  end
end

local function from_itself(life)
  local a, model, kind, max_size, bounds = life.a, life.model, life.kind, life.max_size, life.bounds
  life:note("from itself, and on with that")
  local list = dynarray.of(a:unpack())
  local same = dynarray.filled(3, 7, kind)
  if #list ~= model.n or list.type ~= "value" or #same ~= 3 or same[1] ~= 7 or same[3] ~= 7 then
    life:fail("of or filled is wrong")
  end
  for i = 1, model.n do
    if not identical(list[i], model[i]) then life:fail("of is wrong at " .. i) end
  end
  local b = dynarray.from(a, { bounds = bounds, max_size = max_size })
  if b.type ~= kind then
    life:fail("from changed the type")
  end
  life.a = b
end

local function concat(life)
  local a, model, kind = life.a, life.model, life.kind
  local n = random(0, 5)
  life:note("..", n)
  local b = a .. dynarray.from(table.move({ 1, 2, 3, 4, 5 }, 1, n, 1, {}), kind)
  if #b ~= model.n + n or n > 0 and b[#b] ~= n or model.n > 0 and not identical(b[1], model[1]) then
    life:fail("the concatenation is wrong")
  end
end

local function parts(life)
  local a, model, kind = life.a, life.model, life.kind
  local i, j, given = life:range()
  life:note("slice, view, frozen, totable, unpack, iter", table.unpack(given, 1, given.n))
  if i == nil then
    for _, name in ipairs { "slice", "view", "totable", "unpack" } do
      life:ended(false, "out of range", pcall(a[name], a, table.unpack(given, 1, given.n)))
    end
    return
  end
  local slice, view = a:slice(table.unpack(given, 1, given.n)), a:view(table.unpack(given, 1, given.n))
  local frozen, list = view:frozen(), a:totable(table.unpack(given, 1, given.n))
  local results = table.pack(a:unpack(table.unpack(given, 1, given.n)))
  local next_element, nan = view:iter(), false
  if j < i then j = i - 1 end
  if #slice ~= j - i + 1 or #view ~= #slice or #frozen ~= #slice or results.n ~= #slice then
    life:fail("a part is too long or too short")
  end
  for k = 1, #slice do
    local want = model[i + k - 1]
    nan = nan or want ~= want
    local got, at = next_element()
    if not (identical(want, slice[k]) and identical(want, view[k]) and identical(want, frozen[k])
      and identical(want, list[k]) and identical(want, results[k]) and identical(want, got) and at == k) then
      life:fail("a part is wrong at " .. k)
    end
  end
  if next_element() ~= nil or not nan and (slice ~= view or view ~= frozen) then
    life:fail("a part is no part")
  end
  if #view > 0 then
    local k, v = random(#view), life:value()
    life:note("write through a view", k, v)
    local fits, kept = stored(kind, v)
    life:ended(fits, "at index " .. k, pcall(view.set, view, k, v))
    if fits then
      model[i + k - 1] = kept
    end
    life:note("copy onto a view")
    view:copy_from(a:view(1, #view))
    table.move(model, 1, #view, i)
  end
end

-- How often each comes up, and what it does.
return {
  { 1, copy },
  { 1, copy_from },
  { 1, from_itself },
  { 1, concat },
  { 1, parts },
}
