--- All colours, of pictures and of pages: pairs, for light and for dark pages. They stand nowhere else.
-- @module dynarray.lab.plot.palette
local palette = {}

--- Of lines, in order. A colour-blind reader tells them apart: Okabe and Ito, "Color Universal Design" (2008), without
-- their yellow, which is too light for lines on white. And of what pictures have beside lines.
palette.picture = {
  { "#0072B2", "#4DA6E8" }, { "#D55E00", "#F0803C" }, { "#009E73", "#2CC79A" }, { "#CC79A7", "#E29AC2" },
  { "#E69F00", "#F2B632" }, { "#56B4E9", "#A5DBFA" }, { "#767676", "#A8A8A8" },
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

--- The colour of the kth line; after the last colour the first comes again, dashed.
function palette.line(k)
  return palette.picture[(k - 1) % #palette.picture + 1][1]
end

--- How often the colours were used up before the kth line.
function palette.round(k)
  return (k - 1) // #palette.picture
end

return palette
