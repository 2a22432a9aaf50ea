--- Size, capacity and growth; closing.
local types = require "support.types"

local random, stored = math.random, types.stored

local function resize(life)
  local a, model, kind, max_size = life.a, life.model, life.kind, life.max_size
  local n, given, v = random(0, 40), random(2) == 1, nil
  if random(10) == 1 then
    n = random(-1, 400)
  end
  if given then
    v = life:value()
  end
  life:note("resize", n, given and v or "")
  local ok, err
  if given then
    ok, err = pcall(a.resize, a, n, v)
  else
    ok, err = pcall(a.resize, a, n)
    v = 0
  end
  local fits, kept = stored(kind, v)
  if n < 0 or n > max_size then
    life:ended(false, "", ok, err)
  elseif n > model.n and not fits then
    life:ended(false, "wanted " .. kind, ok, err and err:gsub("does not fit into", "wanted"))
  elseif fits then
    life:ended(true, "", ok, err)
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
end

local function reserve(life)
  local a = life.a
  local n = random(0, 60)
  life:note("reserve", n)
  local before = a.capacity
  a:reserve(n)
  if a.capacity ~= math.max(n, before) then
    life:fail(("capacity %d"):format(a.capacity))
  end
end

local function shrink_to_fit(life)
  local a, model = life.a, life.model
  life:note("shrink_to_fit")
  a:shrink_to_fit()
  if a.capacity ~= model.n then
    life:fail(("capacity %d"):format(a.capacity))
  end
end

local function clear(life)
  local a = life.a
  life:note("clear")
  local before = a.capacity
  a:clear()
  life.model = { n = 0 }
  if a.capacity ~= before then
    life:fail(("capacity %d"):format(a.capacity))
  end
end

local function set_growth(life)
  local a = life.a
  local policy = ({ 2, 1.5, "exact", "cpython" })[random(4)]
  life:note("set_growth", policy)
  a:set_growth(policy)
end

local function close(life)
  local a = life.a
  if random(20) == 1 then
    life:note("close")
    life:close()
    if #a ~= 0 or pcall(a.append, a, 1) then
      life:fail("closed, and yet not")
    end
    life:create()
  end
end

local function pointer_and_stats(life)
  local a, model = life.a, life.model
  life:note("pointer, stats")
  if type(a:pointer()) ~= "userdata" and model.n > 0 then life:fail("no pointer") end
  local stats = a:stats()
  if stats.peak_bytes < a.capacity * a.element_size or stats.growths < stats.in_place + stats.moves then
    life:fail("figures that cannot be")
  end
end

-- How often each comes up, and what it does.
return {
  { 2, resize },
  { 2, reserve },
  { 1, shrink_to_fit },
  { 1, clear },
  { 1, set_growth },
  { 1, close },
  { 1, pointer_and_stats },
}
