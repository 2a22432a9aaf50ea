--- Reversing, rotating, swapping, filling.
local types = require "support.types"

local random, stored = math.random, types.stored

local function reverse_rotate_swap(life)
  local a, model = life.a, life.model
  local n = model.n
  local choice, k, list = random(3), random(-30, 30), {}
  if choice == 1 then
    life:note("reverse")
    a:reverse()
    for i = 1, n do
      list[i] = model[n + 1 - i]
    end
  elseif choice == 2 then
    life:note("rotate", k)
    a:rotate(k)
    for i = 1, n do
      list[(i - 1 + k) % n + 1] = model[i]
    end
  elseif n > 0 then
    local i, j = life:index(), life:index()
    local inside = i >= 1 and i <= n and j >= 1 and j <= n
    life:note("swap", i, j)
    life:ended(inside, "out of bounds", pcall(a.swap, a, i, j))
    table.move(model, 1, n, 1, list)
    if inside then list[i], list[j] = list[j], list[i] end
  end
  for i = 1, choice == 3 and n == 0 and 0 or n do
    model[i] = list[i]
  end
end

local function fill(life)
  local a, model, kind = life.a, life.model, life.kind
  local v = life:value()
  local i, j, given = life:range()
  life:note("fill", v, table.unpack(given, 1, given.n))
  local fits, kept = stored(kind, v)
  local ok, err = pcall(a.fill, a, v, table.unpack(given, 1, given.n))
  life:ended(fits and i ~= nil, i == nil and "" or "at index " .. i, ok, err)
  for k = i or 1, fits and i and j or 0 do
    model[k] = kept
  end
end

-- How often each comes up, and what it does.
return {
  { 1, reverse_rotate_swap },
  { 1, fill },
}
