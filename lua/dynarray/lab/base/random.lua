--- A seeded generator, so that plans repeat and the script's own math.random is left alone.
-- splitmix64: Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014.
local random = {}
random.__index = random

-- FNV-1a, 64 bits: http://www.isthe.com/chongo/tech/comp/fnv/
local function fnv1a(text)
  local h = 0xcbf29ce484222325
  for i = 1, #text do
    h = (h ~ text:byte(i)) * 0x100000001b3
  end
  return h
end

--- A generator. The same seed gives the same numbers.
-- @param seed an integer, or a string
function random.new(seed)
  return setmetatable({ state = math.type(seed) == "integer" and seed or fnv1a(tostring(seed)) }, random)
end

--- A name of 16 digits for the text. Two texts have the same name only by a rare chance.
function random.digest(text)
  return ("%016x"):format(fnv1a(text))
end

--- The next 64 bits.
function random:next()
  local z = self.state + 0x9e3779b97f4a7c15
  self.state = z
  z = (z ~ z >> 30) * 0xbf58476d1ce4e5b9
  z = (z ~ z >> 27) * 0x94d049bb133111eb
  return z ~ z >> 31
end

--- An integer from 1 to n; for n below 2^32, no number is likelier than another by more than one in 2^31.
function random:integer(n)
  return (self:next() >> 1) % n + 1
end

--- A copy of the list in random order (Fisher and Yates).
function random:shuffled(list)
  local order = table.move(list, 1, #list, 1, {})
  for i = #order, 2, -1 do
    local j = self:integer(i)
    order[i], order[j] = order[j], order[i]
  end
  return order
end

return random
