-- scripts/site.lua DIRECTORY: makes one site of what LDoc wrote there, the pages and both references: links between
-- pages work, contents are in order, and each page has a field for a search in all of them.
local root = assert(arg[1], "which directory?")

local function read(path)
  local file <close> = assert(io.open(path))
  return file:read("a")
end

local function write(path, text)
  local file <close> = assert(io.open(path, "w"))
  file:write(text)
end

local function html_files()
  local list = {}
  local find <close> = assert(io.popen(("cd '%s' && find . -name '*.html' | sort"):format(root)))
  for path in find:lines() do
    list[#list + 1] = path:sub(3)
  end
  return list
end

local ENTITIES = { ["&lt;"] = "<", ["&gt;"] = ">", ["&amp;"] = "&", ["&quot;"] = '"', ["&#39;"] = "'",
  ["&rsquo;"] = "'", ["&lsquo;"] = "'", ["&ldquo;"] = '"', ["&rdquo;"] = '"', ["&hellip;"] = "..." }

local function plain(html)
  return (html:gsub("<[^>]*>", " "):gsub("&#?%w+;", ENTITIES):gsub("%s+", " "):gsub("^ ", ""):gsub(" $", ""))
end

-- What GitHub makes of a heading for links within a page.
local function anchor(heading)
  return (plain(heading):lower():gsub("[^%w%s_-]", ""):gsub("%s", "-"))
end

-- A link of a page as it stands in the checkout, for the page as it stands on the site.
local function target_of(link)
  local page, place = link:match "([^/]+%.md)(#?[%w_-]*)$"
  if link:find "^%a+:" then
    return link
  elseif page then
    return page .. ".html" .. place
  end
  return (link:gsub("^docs/pictures/", "../pictures/"):gsub("^pictures/", "../pictures/")
    :gsub("^LICENSE$", "../LICENSE"))
end

-- Files of the checkout that are not on the site, such as examples, are named without a link.
local function is_on_site(link)
  return link:find "^#" or link:find "^%a+:" or link:find "%.md#?[%w_-]*$" or link:find "%.html" or link == "LICENSE"
end

local function with_links(html)
  html = html:gsub('<a href="([^"]*)">(.-)</a>', function(link, text)
    return not is_on_site(link) and text or nil
  end)
  return (html:gsub('(%f[%w]%l+=")([^"]*)(")', function(before, link, after)
    if before == 'href="' or before == 'src="' then
      return before .. target_of(link) .. after
    end
  end))
end

-- Headings get the anchors that links use; the contents list them in their order, which LDoc does not keep.
local function with_contents(html)
  local head, body = html:match '^(.-<div id="content">)(.*)$'
  local list = {}
  body = body:gsub("<h([23])>(.-)</h[23]>", function(level, heading)
    local place = anchor(heading)
    if level == "2" then
      list[#list + 1] = ('<li><a href="#%s">%s</a></li>'):format(place, heading)
    end
    return ('<h%s id="%s">%s</h%s>'):format(level, place, heading, level)
  end)
  head = head:gsub("(<h2>Contents</h2>\n<ul>\n).-(</ul>)", function(before, after)
    return before .. table.concat(list, "\n") .. "\n" .. after
  end)
  return head .. body
end

-- Beside LDoc's own: tables with lines, pictures that fit, and a page that a telephone can show.
local STYLE = [[
<style>
#container { margin: 0; }
#content { width: auto; max-width: 60em; overflow-wrap: break-word; }
#content img { max-width: 100%; height: auto; }
#content table { margin: 0.5em 0 1em; }
#content th, #content td { border: 1px solid #ccc; padding: 0.2em 0.5em; text-align: left; vertical-align: top; }
#content th { background: #f0f0f0; }
pre { overflow-x: auto; }
@media (max-width: 800px) {
  #navigation { float: none; width: auto; }
  #content { margin-left: 0; border: 0; overflow-x: auto; }
}
</style>
]]

local SEARCH = [[
<form id="search" role="search" onsubmit="return false">
<input type="search" placeholder="Search" aria-label="Search all pages" style="width: 90%%; margin: 0.5em">
<ul aria-live="polite"></ul>
</form>
<script>const base = "%s"</script>
<script src="%ssearch.js" defer></script>
]]

-- The navigation: a search, pages, both references.
local function with_navigation(html, base)
  local search = SEARCH:format(base, base)
  html = html:gsub('(<div id="navigation">.-</h1>)', function(before) return before .. search end, 1)
  html = html:gsub("<h2>Topics</h2>", "<h2>Pages</h2>", 1):gsub("<h2>Modules</h2>", "<h2>Reference</h2>", 1)
  local other = base:find "%.%./%.%./" and { "index", "dynarray" } or { "lab/index", "dynarray.lab" }
  local link = ('<li><a href="%s%s.html">%s</a></li>\n'):format(base, other[1], other[2])
  html = html:gsub("(<h2>Reference</h2>.-)(</ul>)", function(before, after) return before .. link .. after end, 1)
  local head = '    <meta name="viewport" content="width=device-width, initial-scale=1">\n' .. STYLE .. "</head>"
  return (html:gsub("</head>", function() return head end, 1))
end

-- The parts of a page that a search tells apart: what follows each heading, and each entry of the reference.
local function parts(path, html)
  local title = plain(html:match '<div id="content">.-<h1>(.-)</h1>' or path)
  local body = html:match '<div id="content">(.*)' or ""
  local marks, list = {}, {}
  for at, place in body:gmatch '()<h[23] id="([^"]*)"' do
    marks[#marks + 1] = { at = at, place = place }
  end
  for at, place in body:gmatch '()<dt>%s*<a name = "([^"]*)"' do
    marks[#marks + 1] = { at = at, place = place }
  end
  table.sort(marks, function(x, y) return x.at < y.at end)
  table.insert(marks, 1, { at = 1, place = "" })
  for k, mark in ipairs(marks) do
    local html_of_part = body:sub(mark.at, marks[k + 1] and marks[k + 1].at - 1 or -1)
    local heading = html_of_part:match "^<h[23][^>]*>(.-)</h[23]>" or html_of_part:match "^<dt>.-<strong>(.-)</strong>"
    local name = k > 1 and heading and title .. ": " .. plain(heading) or title
    list[#list + 1] = ('{"p":%q,"n":%q,"t":%q}'):format(path .. (mark.place ~= "" and "#" .. mark.place or ""), name,
      plain(html_of_part)):gsub("\\\n", " ")
  end
  return table.concat(list, ",\n")
end

-- All words must occur in a part; those in whose name they occur come first.
local SCRIPT = [[
const parts = [
%s
];
const input = document.querySelector("#search input"), list = document.querySelector("#search ul");
function search() {
  const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
  const found = words.length === 0 ? [] : parts.map(part => {
    const name = part.n.toLowerCase(), text = part.t.toLowerCase();
    const all = words.every(w => name.includes(w) || text.includes(w));
    return { part, points: all ? 1 + 10 * words.filter(w => name.includes(w)).length : 0 };
  }).filter(one => one.points > 0).sort((x, y) => y.points - x.points).slice(0, 12);
  list.replaceChildren(...found.map(({ part }) => {
    const item = document.createElement("li"), link = document.createElement("a");
    link.href = base + part.p;
    link.textContent = part.n;
    item.append(link);
    return item;
  }));
  if (words.length > 0 && found.length === 0) list.textContent = "Nothing found.";
}
input.addEventListener("input", search);
input.value = new URLSearchParams(location.search).get("q") || "";
search();
]]

local index = {}
for _, path in ipairs(html_files()) do
  local html = read(root .. "/" .. path)
  local base = ("../"):rep(select(2, path:gsub("/", "")))
  if path:find "^topics/" then
    html = with_contents(with_links(html))
  end
  html = with_navigation(html, base)
  write(root .. "/" .. path, html)
  index[#index + 1] = parts(path, html)
end
write(root .. "/search.js", (SCRIPT:gsub("%%s", function() return table.concat(index, ",\n") end, 1)))
