--- Iteration, and functions on elements.
local dynarray = require "dynarray"
local expect = require "support.expect"
local types = require "support.types"

local identical, random, stored = expect.identical, math.random, types.stored

local function pairs_and_ipairs(life)
  local a, model = life.a, life.model
  life:note("pairs and ipairs")
  local i = 0
  for j, v in pairs(a) do
    i = i + 1
    if j ~= i or not identical(v, model[i]) then
      life:fail("pairs is wrong at " .. j)
    end
  end
  if i ~= model.n then
    life:fail("pairs ends at " .. i)
  end
  for _, iterate in ipairs { ipairs, dynarray.ipairs } do
    i = 0
    for j, v in iterate(a) do
      i = i + 1
      if j ~= i or not identical(v, model[i]) then
        life:fail("ipairs is wrong at " .. j)
      end
    end
    if i ~= model.n and model[i + 1] ~= nil then
      life:fail("ipairs ends at " .. i)
    end
  end
end

local function functional(life)
  local a, model = life.a, life.model
  life:note("map, filter, reduce, each")
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
  local mapped = life:ended(not misfit, misfit and "at index " .. misfit,
    pcall(a.map, a, function(v) return v end, other))
  for i = 1, misfit and 0 or model.n do
    if not identical(mapped[i], want[i]) then life:fail("map to another type is wrong at " .. i) end
  end
  local calls = 0
  local last = life:ended(model.n > 0, "needs an initial value", pcall(a.reduce, a, function(_, v)
    calls = calls + 1
    return v
  end))
  if model.n > 0 and (calls ~= model.n - 1 or not identical(last, model[model.n])) then life:fail("reduce is wrong") end
  if #same ~= model.n or #odd ~= (model.n + 1) // 2 or visited ~= 0 then
    life:fail("not every element was visited once")
  end
  for i = 1, model.n do
    if not identical(same[i], model[i]) or i % 2 == 1 and not identical(odd[i // 2 + 1], model[i]) then
      life:fail("an element changed on the way at " .. i)
    end
  end
end

-- How often each comes up, and what it does.
return {
  { 1, pairs_and_ipairs },
  { 1, functional },
}
