--- The documents as lists of what is in them: headings, paragraphs, tables, blocks of code, links.
local documents = {}

local function lines_of(path)
  local list = {}
  for line in io.lines(path) do
    list[#list + 1] = line
  end
  return list
end

--- What GitHub makes of a heading for links within a page.
local function anchor(heading)
  return (heading:lower():gsub("`", ""):gsub("[^%w%s_-]", ""):gsub("%s", "-"))
end

--- The inline links of a line, code left out: text and target.
local function add_links(links, line, number)
  for target in line:gsub("`[^`]*`", "code"):gmatch("%]%(([^%s)]+)%)") do
    links[#links + 1] = { target = target, line = number }
  end
end

--- A page: `title`, `purpose` (the first paragraph), and lists:
--   headings    anchors, as keys
--   blocks      in order; kind "paragraph", "table", "list" or "code", with `lines`, `first` (the line where it
--               begins), `language` of code ("" where it is indented or none is named) and `section`, the heading above
--   links       target, line
function documents.read(path)
  local page = { path = path, headings = {}, blocks = {}, links = {}, lines = lines_of(path) }
  local section, block = "", nil

  local function finish()
    block = nil
  end

  local function add(kind, line, number)
    if not block or block.kind ~= kind then
      block = { kind = kind, lines = {}, first = number, section = section, language = "" }
      table.insert(page.blocks, block)
    end
    table.insert(block.lines, line)
  end

  local k = 1
  while k <= #page.lines do
    local line = page.lines[k]
    local language = line:match "^%s*```(%S*)"
    local heading = line:match "^#+ (.*)"
    if language then
      local indent = line:match "^%s*"
      block = { kind = "code", lines = {}, first = k + 1, section = section, language = language }
      table.insert(page.blocks, block)
      k = k + 1
      while k <= #page.lines and not page.lines[k]:match "^%s*```$" do
        table.insert(block.lines, (page.lines[k]:gsub("^" .. indent, "")))
        k = k + 1
      end
      assert(page.lines[k], path .. ": a block of code has no end")
      finish()
    elseif heading then
      finish()
      page.title = page.title or heading
      page.headings[anchor(heading)] = true
      section = heading
    elseif line == "" then
      if not (block and block.kind == "code" and (page.lines[k + 1] or ""):match "^    ") then
        finish()
      end
    elseif line:match "^    " and not (block and block.kind == "list") then
      add("code", line:sub(5), k)
    elseif line:match "^|" then
      add("table", line, k)
      add_links(page.links, line, k)
    else
      if line:match "^[-*] " or line:match "^%d+%. " then
        finish() -- each item by itself
        add("list", line, k)
      else
        add(block and block.kind == "list" and "list" or "paragraph", line, k)
      end
      add_links(page.links, line, k)
    end
    k = k + 1
  end
  for _, b in ipairs(page.blocks) do
    b.text = table.concat(b.lines, "\n")
  end
  page.purpose = page.blocks[1] and page.blocks[1].kind == "paragraph" and page.blocks[1].text or nil
  return page
end

--- All documents of the repository.
function documents.all()
  local list = {}
  local find <close> = assert(io.popen("ls *.md docs/*.md"))
  for path in find:lines() do
    list[#list + 1] = documents.read(path)
  end
  return list
end

--- The path that a link leads to, from the page where it stands, and its anchor.
function documents.target(page, link)
  local path, place = link:match "^([^#]*)#?(.*)$"
  if path == "" then
    return page.path, place
  end
  local folder = page.path:match "^(.*/)" or ""
  path = folder .. path
  local n
  repeat
    path, n = path:gsub("[^/]+/%.%./", "", 1)
  until n == 0
  return path, place
end

return documents
