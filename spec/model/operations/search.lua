--- Searching.
local random = math.random

local function search(life)
  local a, model = life.a, life.model
  local v, from = life:value(), random(1, model.n + 2)
  if model.n > 0 and random(2) == 1 then v = model[random(model.n)] end
  life:note("index_of, count, contains", v, from)
  if life.a.type ~= "value" and type(v) == "function" then
    for _, name in ipairs { "index_of", "count", "contains" } do
      life:ended(false, "number expected, got function", pcall(a[name], a, v))
    end
    return
  end
  local first, later, count = nil, nil, 0
  for i = 1, model.n do
    if model[i] == v then
      first, count = first or i, count + 1
      later = later or i >= from and i or nil
    end
  end
  if a:index_of(v) ~= first or a:index_of(v, from) ~= later or a:count(v) ~= count
    or a:contains(v) ~= (count > 0) then
    life:fail("search is wrong")
  end
  life:ended(false, "index 0 out of range", pcall(a.index_of, a, v, 0))
end

-- How often each comes up, and what it does.
return {
  { 4, search },
}
