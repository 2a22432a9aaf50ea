--- Adding to the end, and taking from it.
local dynarray = require "dynarray"
local expect = require "support.expect"
local samples = require "model.samples"
local types = require "support.types"

local identical, show, random = expect.identical, samples.show, math.random

local function append(life)
  local a, model = life.a, life.model
  local v = life:value()
  life:note("append", v)
  local ok, result = pcall(a.append, a, v)
  life:append_ended({ v }, 1, ok, result)
  if ok and (result ~= a or not identical(a[model.n], model[model.n])) then
    life:fail("append lost its element")
  end
end

local function append_several(life)
  local a = life.a
  local n = random(0, 8)
  local list = life:values(n)
  life:note("append", table.unpack(list, 1, n))
  life:append_ended(list, n, pcall(a.append, a, table.unpack(list, 1, n)))
end

local function extend_by_table(life)
  local a = life.a
  local n = random(0, 12)
  local list = life:values(n)
  while n > 0 and list[n] == nil do -- a border of its own
    n = n - 1
  end
  for i = 1, n do
    if list[i] == nil then
      list[i] = 7
    end
  end
  life:note("extend", table.unpack(list, 1, n))
  life:append_ended(list, n, pcall(a.extend, a, list))
end

local function extend_by_iterator(life)
  local a = life.a
  local n = random(0, 12)
  local list, i = life:values(n), 0
  for j = 1, n do
    if list[j] == nil then
      n = j - 1
      break
    end
  end
  life:note("extend with an iterator", table.unpack(list, 1, n))
  life:append_ended(list, n, pcall(a.extend, a, function()
    i = i + 1
    if i <= n then
      return list[i]
    end
  end))
end

local function extend_by_array(life)
  local a = life.a
  local other = types.all[random(#types.all)]
  local b = dynarray.new(other)
  for _ = 1, random(0, 9) do
    pcall(b.append, b, samples.value(other))
  end
  local list = {}
  for i = 1, #b do
    list[i] = b[i]
  end
  life:note("extend with", other, table.unpack(list, 1, #b))
  life:append_ended(list, #b, pcall(a.extend, a, b))
end

local function extend_by_itself(life)
  local a, model = life.a, life.model
  life:note("extend with itself")
  local list, n = table.move(model, 1, model.n, 1, {}), model.n
  life:append_ended(list, n, pcall(a.extend, a, a))
end

local function pop(life)
  local a, model, sequence = life.a, life.model, life.sequence
  life:note("pop")
  local ok, result = pcall(a.pop, a)
  local n = model.n
  life:ended(n > 0 or sequence, "pop from an empty array", ok, result)
  if n > 0 then
    if not identical(result, model[n]) then
      life:fail(("popped %s, expected %s"):format(show(result), show(model[n])))
    end
    model[n], model.n = nil, n - 1
  elseif ok and result ~= nil then
    life:fail("popped something from nothing")
  end
end

-- How often each comes up, and what it does.
return {
  { 20, append },
  { 3, append_several },
  { 2, extend_by_table },
  { 1, extend_by_iterator },
  { 1, extend_by_array },
  { 1, extend_by_itself },
  { 10, pop },
}
