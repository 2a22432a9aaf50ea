--- Sums, and arithmetic in place and with new arrays.
local compare = require "model.compare"
local dynarray = require "dynarray"
local expect = require "support.expect"
local samples = require "model.samples"
local types = require "support.types"

local identical, near, same_number, show = expect.identical, compare.near, compare.same_number, samples.show
local random, stored = math.random, types.stored

-- Sums of values, as Lua's + has them.
local function sum_of_values(life)
  local a, model, kind = life.a, life.model, life.kind
  if kind ~= "value" or life:ordered() ~= "number" then return end
  life:note("sum and mean of values")
  local sum, float_sum = 0, 0.0
  for i = 1, model.n do sum, float_sum = sum + model[i], float_sum + model[i] end
  if not identical(a:sum(), sum) then life:fail("sum is wrong") end
  local mean = a:mean()
  if model.n == 0 and mean ~= nil or model.n > 0 and not same_number(mean, float_sum / model.n) then
    life:fail("mean is wrong")
  end
end

local operations = {
  add = function(x, y) return x + y end,
  sub = function(x, y) return x - y end,
  mul = function(x, y) return x * y end,
  div = function(x, y, kind)
    if kind:find "float" then return x / y end
    if y ~= 0 and x % y == 0 then return x // y end
  end,
  abs = math.abs,
  sqrt = function(x, _, kind)
    if kind:find "float" then return math.sqrt(x) end
    local root = x >= 0 and math.floor(math.sqrt(x))
    if root and root * root == x then return root end
  end,
}

-- What an element becomes, nil if it is none.
local function computed(life, name, x, y)
  local result = operations[name](x, y, life.kind)
  return result and life:rounded(result)
end

local function in_place(life)
  local a, model, kind = life.a, life.model, life.kind
  if kind == "value" or not life:small() then return end
  local name = ({ "add", "sub", "mul", "div", "abs", "sqrt" })[random(6)]
  local one, v = random(2) == 1, random(0, 3)
  local b = dynarray.new(kind)
  for i = 1, model.n do b:append((v + i) % 4) end
  life:note(name, one and v or "an array", v)
  local want, misfit = {}, nil
  for i = 1, model.n do
    want[i] = computed(life, name, model[i], one and v or b[i])
    if want[i] == nil then
      misfit = i
      break
    end
  end
  if name == "abs" or name == "sqrt" then
    life:ended(not misfit, misfit and "at index " .. misfit, pcall(a[name], a))
  else
    life:ended(not misfit, misfit and "at index " .. misfit, pcall(a[name], a, one and v or b))
  end
  for i = 1, misfit and 0 or model.n do
    model[i] = want[i]
  end
  life:compare()
end

local function operators(life)
  local a, model, kind = life.a, life.model, life.kind
  if kind == "value" or not life:small() then return end
  local name = ({ "add", "sub", "mul", "div" })[random(4)]
  local v, reversed, one = random(1, 3), random(2) == 1, random(2) == 1
  life:note("operator " .. name, v, reversed, one)
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
      want = computed(life, name, select(2, stored(kind, x)), y)
    end
    if want == nil then
      return life:ended(false, "at index " .. i, ok, b)
    elseif ok and not identical(b[i], want) then
      life:fail(("element %d is %s, expected %s"):format(i, show(b[i]), show(want)))
    end
  end
  life:ended(true, "", ok, b)
  if ok and #b ~= model.n then life:fail("a result has another size") end
end

local function clamp(life)
  local a, model, kind = life.a, life.model, life.kind
  if kind == "value" or not life:small() then return end
  local low = random(0, 50)
  local high = low + random(0, 50)
  life:note("clamp", low, high)
  life:ended(false, "as operand", pcall(a.clamp, a, "x", high))
  life:ended(false, "must be at most", pcall(a.clamp, a, high + 1, low))
  a:clamp(low, high)
  for i = 1, model.n do
    if model[i] < low or model[i] > high then
      model[i] = select(2, stored(kind, model[i] < low and low or high))
    end
  end
end

local function sums(life)
  local a, model, kind = life.a, life.model, life.kind
  if kind == "value" or not life:small() then return end
  life:note("cumsum, sum, mean, dot, and on with the running sums")
  local running, sum, product, magnitude, misfit = {}, 0, 0, 0, nil
  local other, scalar = {}, 0
  for i = 1, model.n do
    other[i] = i % 5
    scalar = scalar + model[i] * other[i]
  end
  for i = 1, model.n do
    sum, product = sum + model[i], product + model[i] * model[i]
    magnitude = magnitude + math.abs(model[i])
    running[i] = life:rounded(sum)
    if running[i] == nil then misfit = misfit or i end
  end
  if not near(a:sum(), sum, magnitude) or not near(a:dot(a), product, product)
    or not near(a:dot(dynarray.from(other, kind)), scalar, magnitude * 5)
    or (model.n > 0 and not near(a:mean(), sum / model.n, magnitude)) or (model.n == 0 and a:mean() ~= nil) then
    life:fail("a sum is wrong")
  end
  life:ended(not misfit, misfit and "at index " .. misfit, pcall(a.cumsum, a))
  for i = 1, misfit and 0 or model.n do
    model[i] = running[i]
  end
  life:compare()
end

-- How often each comes up, and what it does.
return {
  { 1, sum_of_values },
  { 2, in_place },
  { 1, operators },
  { 1, clamp },
  { 1, sums },
}
