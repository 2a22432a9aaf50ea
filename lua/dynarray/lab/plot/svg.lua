--- Makes gnuplot's SVG fit for a page: colours that follow light and dark, ids of its own, no empty groups.
-- @module dynarray.lab.plot.svg
local palette = require "dynarray.lab.plot.palette"

local svg = {}

local function escaped(s)
  return (s:gsub("[&<>\"']", { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;", ["'"] = "&#39;" }))
end
svg.escaped = escaped

--- Of pages with pictures: what lies behind letters does not cross them.
svg.css = "svg text { paint-order: stroke; stroke: var(--page); stroke-width: 3px; stroke-linejoin: round; }"

-- "#0072B2" as gnuplot writes it, whatever the spaces: "0,114,178".
local function triple(hex)
  local r, g, b = hex:match("#(%x%x)(%x%x)(%x%x)")
  return ("%d,%d,%d"):format(tonumber(r, 16), tonumber(g, 16), tonumber(b, 16))
end

--- @param source what gnuplot's svg terminal printed
-- @param options `id` (a prefix of all ids), `title`, `description` (what is seen in it, for who cannot), `standalone`
function svg.themed(source, options)
  local replaced = {}
  for key, pair in pairs(palette.picture) do
    replaced[triple(pair[1])] = palette.reference(key)
  end
  local id = options.id:gsub("[^%w_-]", "-")
  local width, height = source:match('viewBox="0 0 (%d+) (%d+)"')
  local body = source:match("<svg.->(.*)</svg>")
  body = body:gsub("<title>Gnuplot</title>%s*<desc>.-</desc>", "")
    :gsub("<defs>.-</defs>", function(defs) -- what there is for points is kept
      return (defs:gsub("<filter.-</filter>", ""))
    end)
    :gsub("<rect [^>]-fill=\"none\"/>", "", 1)
    :gsub("rgb%(([%d ,]+)%)", function(rgb) return replaced[(rgb:gsub(" ", ""))] end)
    :gsub(' color="black"', "")
    :gsub("id=(['\"])", "id=%1" .. id .. "-")
    :gsub("xlink:href='#", "href='#" .. id .. "-")
    :gsub("<title></title>", "")
    :gsub("<text>%s+", "<text>")
  local empty = "<g [^>]*>%s*</g>\n?"
  local count
  repeat
    body, count = body:gsub(empty, "")
  until count == 0
  body = body:gsub("\n%s*\n+", "\n"):gsub("\t+", "")
  local size = options.standalone and (' width="%s" height="%s"'):format(width, height) or ""
  local head = ('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %s %s" role="img" aria-label="%s"%s>'):format(
    width, height, escaped(options.title .. (options.description and ". " .. options.description or "")), size)
  local style = ""
  if options.standalone then
    style = ("<style>%s\n%s</style><rect width='100%%' height='100%%' fill='var(--page)'/>"):format(palette.css "svg",
      svg.css)
  end
  return head .. "<title>" .. escaped(options.title) .. "</title>" .. style .. body .. "</svg>\n"
end

return svg
