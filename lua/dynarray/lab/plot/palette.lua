--- All colours, of pictures and of pages: pairs, for light and for dark pages. They stand nowhere else.
-- @module dynarray.lab.plot.palette
local palette = {}

--- Of lines, in order; `other` is of lines beyond those that have a colour. A colour-blind reader tells them apart:
-- Okabe and Ito, "Color Universal Design" (2008), without their yellow, and with a brown; those that have a contrast of
-- less than 3 with the page are darker here. And of what pictures have beside lines.
palette.picture = {
  { "#0072B2", "#4DA6E8" }, { "#D55E00", "#F0803C" }, { "#009E73", "#2CC79A" }, { "#CC79A7", "#E29AC2" },
  { "#B27B00", "#F2B632" }, { "#3592C9", "#A5DBFA" }, { "#8C5A2B", "#C9965F" }, other = { "#767676", "#A8A8A8" },
  text = { "#1F2328", "#E6E6E6" }, grid = { "#D8DADD", "#3A3E44" }, mark = { "#5C6370", "#9AA2AD" },
}

--- Of pages, beside those.
palette.page = {
  page = { "#FFFFFF", "#16181B" }, soft = { "#F4F5F7", "#212429" }, warn = { "#8A5A00", "#F2B632" },
  link = { "#0B5CAD", "#7DB8F5" },
}

local function variable(key)
  return "--" .. (type(key) == "number" and "line" or "") .. key
end

--- A colour of pictures in CSS: its variable (`--line1`, `--text`), with the light one where there is no variable.
function palette.reference(key)
  return ("var(%s,%s)"):format(variable(key), palette.picture[key][1])
end

--- The CSS that gives the variables their values, for light and for dark pages; `selector` is what they hold for.
function palette.css(selector)
  local light, dark = {}, {}
  for _, colours in ipairs { palette.picture, palette.page } do
    for key, pair in pairs(colours) do
      light[#light + 1] = ("%s:%s"):format(variable(key), pair[1])
      dark[#dark + 1] = ("%s:%s"):format(variable(key), pair[2])
    end
  end
  table.sort(light)
  table.sort(dark)
  return ("%s{%s}\n@media (prefers-color-scheme: dark){%s{%s}}"):format(selector, table.concat(light, ";"), selector,
    table.concat(dark, ";"))
end

-- The colours that are a policy's own, in every picture.
local OWN = { double = 1, increment = 2, ["1.5"] = 3, cpython = 4, golden = 5, go = 6, exact = 7 }

-- What tells policies apart where a picture has more lines than colours: these keep theirs, first ones first.
local IMPORTANT = { "double", "increment", "1.5", "cpython", "golden", "exact", "go" }

--- Lines of a picture that have a colour; the others are grey.
palette.most_lines = 5

-- By what a policy multiplies in the long run; fixed steps come before all factors.
local FACTORS = { ["python-array"] = 1.0625, cpython = 1.125, go = 1.25, v8 = 1.5, folly = 1.5, golden = 1.618,
  double = 2, rust = 2, lua = 2 }

-- How lines of one colour are dashed, by the block of their arrays.
local DASH_OF_BLOCK = { auto = 0, copy = 1, stable = 2 }

-- The policy that a label such as "double, copy" names: its own name, its place in the order; nil if it names none.
local function policy_of(label)
  for part in (tostring(label or "") .. ","):gmatch("%s*([^,]-)%s*,") do
    local step = part == "exact" and 1 or tonumber(part:match("^increment:(%d+)$"))
    if step then
      return part == "exact" and "exact" or "increment", -1 / step
    end
    local factor = FACTORS[part] or part:find("^%d+%.?%d*$") and tonumber(part)
    if factor and factor >= 1 then
      local is_named = FACTORS[part] or OWN[part]
      return is_named and part or factor == 2 and "double" or ("%.12g"):format(factor), factor
    end
  end
end

--- Puts what is named by label(item) into the order of all pictures: +k by k, then factors by size, then the rest as
-- it came.
-- @return a new list
function palette.ordered(list, label)
  local keyed, sorted = {}, {}
  for i, item in ipairs(list) do
    local _, place = policy_of(label(item))
    keyed[i] = { item = item, place = place or math.huge, i = i }
  end
  table.sort(keyed, function(p, q)
    if p.place ~= q.place then
      return p.place < q.place
    end
    return p.i < q.i
  end)
  for i, one in ipairs(keyed) do
    sorted[i] = one.item
  end
  return sorted
end

-- The lines that keep a colour where there are too many: those of known policies first, then in their order.
local function emphasized(policies, most)
  local chosen, count = {}, 0
  local function choose(wanted)
    for k = 1, policies.n do
      if count < most and not chosen[k] and (not wanted or policies[k] == wanted) then
        chosen[k], count = true, count + 1
      end
    end
  end
  for _, name in ipairs(IMPORTANT) do
    choose(name)
  end
  choose()
  return chosen
end

--- How lines of these labels are drawn: a policy has its own colour, whatever else is in the picture; what is no such
-- policy takes the colours that are left, in order. Lines of one colour differ in their dash.
-- @param labels a list with `n`
-- @param most so many lines have a colour, the others are grey; nil: all
-- @return for each label { colour, dash (0 is solid), grey }
function palette.styles(labels, most)
  local policies, taken = { n = labels.n }, {}
  for k = 1, labels.n do
    policies[k] = policy_of(labels[k])
    taken[OWN[policies[k]] or 0] = true
  end
  local chosen = emphasized(policies, most or labels.n)
  local free, used, shared, styles = {}, 0, {}, {}
  for key = 1, #palette.picture do
    free[#free + 1] = not taken[key] and key or nil
  end
  for k = 1, labels.n do
    local name = policies[k]
    local key = OWN[name] or name and shared[name]
    if not chosen[k] then
      key = "other"
    elseif not key then
      local keys = #free > 0 and free or { 1, 2, 3, 4, 5, 6, 7 }
      key = keys[used % #keys + 1]
      used = used + 1
      if name then
        shared[name] = key
      end
    end
    local dash = DASH_OF_BLOCK[tostring(labels[k] or ""):match(",%s*(%l+)")] or 0
    for _ = 1, 4 do -- one that no line of this colour has yet
      local id = key .. "/" .. dash
      if not shared[id] then
        shared[id] = true
        break
      end
      dash = (dash + 1) % 4
    end
    styles[k] = { colour = palette.picture[key][1], dash = dash, grey = key == "other" }
  end
  return styles
end

return palette
