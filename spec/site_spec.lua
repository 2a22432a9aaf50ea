-- `make docs`: the site of all documents and both references.
local browser = require "support.browser"
local child = require "support.child"
local needs = require "support.needs"

local function read(path)
  local file <close> = assert(io.open(path))
  return file:read("a")
end

local function lines(shell)
  local list = {}
  local pipe <close> = assert(io.popen(shell))
  for line in pipe:lines() do
    list[#list + 1] = line
  end
  return list
end

describe("make docs", function()
  local it = needs.each(it, function() needs.commands "ldoc" end)
  local pages

  setup(function()
    if not needs.has "ldoc" then
      return
    end
    local _, err, ok = child.shell("env -u MAKEFLAGS -u MAKELEVEL make docs")
    assert.is_true(ok, err)
    pages = lines("find build/docs -name '*.html'")
  end)

  it("has all documents", function()
    for _, path in ipairs(lines("ls *.md docs/*.md")) do
      local page = "build/docs/topics/" .. path:match "[^/]+$" .. ".html"
      assert.truthy(io.open(page), path .. " is to be named in docs/config.ld")
    end
  end)

  it("has links that lead somewhere", function()
    local ids, n = {}, 0
    for _, page in ipairs(pages) do
      ids[page] = {}
      for id in read(page):gmatch '%f[%w]%l+%s*=%s*"([^"]*)"' do
        ids[page][id] = true
      end
    end
    for _, page in ipairs(pages) do
      for attribute, link in read(page):gmatch '(%f[%w]%l+)="([^"]*)"' do
        local path, place = link:match "^([^#]*)#?(.*)$"
        if (attribute == "href" or attribute == "src") and not link:find "^%a+:" then
          n = n + 1
          path = path == "" and page or page:match "^(.*/)" .. path
          local count
          repeat
            path, count = path:gsub("[^/]+/%.%./", "", 1)
          until count == 0
          assert.truthy(io.open(path), page .. ": " .. link)
          assert.truthy(place == "" or ids[path][place], page .. ": " .. link)
        end
      end
    end
    assert.is_true(n > 100)
  end)

  it("has a search in all pages", function()
    needs.all(browser.name(), "no Chromium is installed")
    local function found(page, words)
      local here = lines("pwd")[1]
      local dom, console = browser.open(("%s/build/docs/%s?q=%s"):format(here, page, words))
      assert.same({}, console)
      local list = {}
      for link in (dom:match '<form id="search".-</form>' or ""):gmatch 'href="([^"]*)"' do
        list[link] = true
      end
      return list
    end
    assert.is_true(found("index.html", "swap_remove")["index.html#a:swap_remove"])
    assert.is_true(found("topics/guide.md.html", "on_grow%20watch")["../topics/growth.md.html#watch-it"])
    assert.same({}, found("lab/index.html", "nosuchwordhere"))
  end)
end)
