--- Inserting and removing in the middle.
local dynarray = require "dynarray"
local expect = require "support.expect"
local samples = require "model.samples"
local types = require "support.types"

local identical, show, random, stored = expect.identical, samples.show, math.random, types.stored

-- As a table, an array or an iterator.
local function source_of(list, how)
  if how == "array" then
    return dynarray.from(list)
  elseif how == "iterator" then
    local j = 0
    return function()
      j = j + 1
      return list[j]
    end
  end
  return list
end

-- Inserts n values at i by `insert`, or by `insert_all` from what `how` says.
local function insert_by(life, how, list, n, i)
  local a = life.a
  if how == "arguments" then
    life:note("insert", i, table.unpack(list, 1, n))
    return pcall(a.insert, a, i, table.unpack(list, 1, n))
  end
  for j = 1, n do -- borders of tables, ends of iterators
    if list[j] == nil then
      list[j] = 7
    end
  end
  life:note("insert_all", i, how, table.unpack(list, 1, n))
  return pcall(a.insert_all, a, i, source_of(list, how))
end

local function insert(life)
  local model, kind, max_size = life.model, life.kind, life.max_size
  local i, n = life:index(), random(0, 4)
  if random(8) == 1 then
    i = model.n + 1
  end
  local list = life:values(n)
  local how = samples.one_of { "arguments", "table", "array", "iterator" }
  local ok, result = insert_by(life, how, list, n, i)
  local all_fit = true
  for j = 1, n do
    all_fit = all_fit and stored(kind, list[j])
  end
  if how == "arguments" and n == 0 then
    life:ended(false, "value expected", ok, result)
  elseif i < 1 or i > model.n + 1 then
    life:ended(false, ("index %d out of bounds (size %d)"):format(i, model.n), ok, result)
  elseif not all_fit then
    life:ended(false, model.n + n > max_size and "" or kind, ok, result)
  elseif model.n + n > max_size then
    life:ended(false, "exceeds max_size", ok, result) -- an iterator may have more than that
  else
    life:ended(true, "", ok, result)
    table.move(model, i, model.n, i + n)
    for j = 1, n do
      model[i + j - 1] = select(2, stored(kind, list[j]))
    end
    model.n = model.n + n
  end
end

local function insert_own_view(life)
  local a, model = life.a, life.model
  local n = model.n
  if n > 0 and n < 100 then
    local i, from = random(1, n + 1), random(1, n)
    local to = random(from, n)
    life:note("insert_all of a view of itself", i, from, to)
    a:insert_all(i, a:view(from, to))
    local list = table.move(model, from, to, 1, {})
    local count = to - from + 1
    table.move(model, i, n, i + count)
    table.move(list, 1, count, i, model)
    model.n = n + count
  end
end

local function remove(life)
  local a, model, sequence = life.a, life.model, life.sequence
  local i, n = life:index(), model.n
  local name = random(2) == 1 and "remove" or "swap_remove"
  if name == "remove" and random(3) == 1 then
    life:note("remove the last")
    local ok, result = pcall(a.remove, a)
    life:ended(n > 0 or sequence, "remove from an empty array", ok, result)
    if ok and not identical(result, model[n]) then life:fail("removed another") end
    if n > 0 then model[n], model.n = nil, n - 1 end
    return
  end
  life:note(name, i)
  local ok, result = pcall(a[name], a, i)
  if i < 1 or i > n then
    local none = sequence and name == "remove" and (i == n + 1 or n == 0 and i == 0)
    life:ended(none, ("index %d out of bounds (size %d)"):format(i, n), ok, result)
  else
    life:ended(true, "", ok, result)
    if not identical(result, model[i]) then
      life:fail(("removed %s, expected %s"):format(show(result), show(model[i])))
    end
    if name == "remove" then
      table.move(model, i + 1, n, i)
    else
      model[i] = model[n]
    end
    model[n], model.n = nil, n - 1
  end
end

local function remove_range(life)
  local a, model = life.a, life.model
  local n = model.n
  local i = random(1, n + 1)
  local j = math.min(n, random(i - 1, i + 5))
  if random(10) == 1 then
    if random(2) == 1 then i = random(2) == 1 and 0 or n + 2 else j = random(2) == 1 and -1 or n + 1 end
  end
  life:note("remove_range", i, j)
  local inside = i >= 1 and i <= n + 1 and j >= 0 and j <= n
  life:ended(inside, "out of range", pcall(a.remove_range, a, i, j))
  if inside and j >= i then
    table.move(model, j + 1, n, i)
    model.n = n - (j - i + 1)
    for k = model.n + 1, n do
      model[k] = nil
    end
  end
end

local function dedup(life)
  local a, model = life.a, life.model
  life:note("dedup")
  a:dedup()
  local new = { n = 0 }
  for i = 1, model.n do
    if i == 1 or model[i] ~= new[new.n] then
      new.n = new.n + 1
      new[new.n] = model[i]
    end
  end
  life.model = new
end

local function table_insert_and_remove(life)
  local a, model, kind, sequence, max_size = life.a, life.model, life.kind, life.sequence, life.max_size
  if sequence then
    -- nil inside is no number, so only where table and array can agree: no nil among the elements.
    for i = 1, model.n do
      if model[i] == nil then
        return
      end
    end
    local position = random(1, model.n + 1)
    if random(2) == 1 then
      life:note("table.insert", position)
      if model.n < max_size then
        table.insert(a, position, 5)
        table.insert(model, position, select(2, stored(kind, 5)))
        model.n = model.n + 1
      end
    elseif position <= model.n then
      life:note("table.remove", position)
      local x, y = table.remove(a, position), table.remove(model, position)
      model.n = model.n - 1
      if not identical(x, y) then
        life:fail(("removed %s, expected %s"):format(show(x), show(y)))
      end
    end
  end
end

-- How often each comes up, and what it does.
return {
  { 3, insert },
  { 1, insert_own_view },
  { 3, remove },
  { 1, remove_range },
  { 1, dedup },
  { 1, table_insert_and_remove },
}
