-- The documents: their code runs, their links lead somewhere, their commands are there, their figures name their
-- source, and their lists of operations and files are those of the sources.
local dynarray = require "dynarray"
local build = require "support.build"
local child = require "support.child"
local documents = require "support.documents"
local members = require "support.members"
local types = require "support.types"

local pages = documents.all()
local by_path = {}
for _, page in ipairs(pages) do
  by_path[page.path] = page
end

local function exists(path)
  local file = io.open(path)
  return file and file:close()
end

local function each_block(visit)
  for _, page in ipairs(pages) do
    for _, block in ipairs(page.blocks) do
      visit(page, block, ("%s, line %d"):format(page.path, block.first))
    end
  end
end

describe("a document", function()
  it("says in its first paragraph what it is for", function()
    for _, page in ipairs(pages) do
      assert.truthy(page.lines[1]:match "^# %S", page.path)
      assert.equal("", page.lines[2], page.path)
      assert.truthy(page.purpose and page.purpose:match "%.", page.path)
    end
  end)

  it("has sentences that one need not read twice for their length", function()
    for _, page in ipairs(pages) do
      for _, block in ipairs(page.blocks) do
        local prose = page.path ~= "CHANGELOG.md" and (block.kind == "paragraph" or block.kind == "list")
        for sentence in ((prose and block.text or ""):gsub("`[^`]*`", "code") .. " "):gmatch "(.-[.?!:;])[%s)]" do
          local _, words = sentence:gsub("%S+", "")
          assert.is_true(words <= 40, ("%s, line %d: %d words: %s"):format(page.path, block.first, words, sentence))
        end
      end
    end
  end)

  it("is found from the README by links", function()
    local found, queue = { ["README.md"] = true }, { "README.md" }
    for _, path in ipairs(queue) do
      for _, link in ipairs(by_path[path].links) do
        local target = documents.target(by_path[path], link.target)
        if by_path[target] and not found[target] then
          found[target] = true
          table.insert(queue, target)
        end
      end
    end
    for _, page in ipairs(pages) do
      assert.is_true(found[page.path], page.path)
    end
  end)

  it("has links that lead somewhere", function()
    for _, page in ipairs(pages) do
      for _, link in ipairs(page.links) do
        if not link.target:match "^https?:" then
          local place = ("%s, line %d: %s"):format(page.path, link.line, link.target)
          local path, heading = documents.target(page, link.target)
          assert.truthy(exists(path), place)
          assert.truthy(heading == "" or by_path[path].headings[heading], place)
        end
      end
    end
  end)

  it("names files that there are", function()
    local folders = { "src/", "lua/", "spec/", "docs/", "examples/", "bench/", "scripts/", "bin/", "mk/" }
    for _, page in ipairs(pages) do
      for code in table.concat(page.lines, "\n"):gmatch "`([^`\n]*)`" do
        for _, folder in ipairs(folders) do
          if code:sub(1, #folder) == folder and not code:find "[%s*<>{}]" then
            assert.truthy(page.path == "CHANGELOG.md" or exists(code), page.path .. ": " .. code)
          end
        end
      end
    end
  end)
end)

describe("the README", function()
  local readme = by_path["README.md"]

  it("fits on two screens", function()
    assert.is_true(#readme.lines <= 110, #readme.lines .. " lines")
  end)

  it("says on its first screen that an array can be a file that a crash does not hurt", function()
    assert.truthy(table.concat(readme.lines, " ", 1, 10):find "can be a file that grows .- killed loses none")
  end)

  it("has figures that the page of benchmarks has, too", function()
    local benchmarks = table.concat(by_path["docs/benchmarks.md"].lines, "\n")
    local n = 0
    for _, block in ipairs(readme.blocks) do
      if block.kind == "table" and block.section == "Figures" then
        for number in block.text:gsub("`[^`]*`", ""):gmatch "%f[%w]%d[%d.,e]*%f[^%d]" do
          n = n + 1
          assert.truthy(benchmarks:find(number, 1, true), number)
        end
      end
    end
    assert.is_true(n >= 10, tostring(n))
  end)

  it("begins with an example that prints ten growths", function()
    for _, block in ipairs(readme.blocks) do
      if block.language == "lua" then
        local out = child.run('local dynarray = require "dynarray"\n' .. block.text)
        local growth = "Ran out of memory: old allocated size: %d+, new allocated size is %d+\n"
        assert.equal(10, select(2, out:gsub(growth, "")))
        assert.is_true(#block.lines <= 12)
        return
      end
    end
    error("the README has no example")
  end)
end)

describe("code in Lua", function()
  -- In a process and an empty directory of their own, since they set limits and write files.
  local runner = [[
    local run = require "support.example"
    local dynarray = require "dynarray"
    for k = 1, #arg, 3 do
      local lines = {}
      for line in (arg[k + 2] .. "\n"):gmatch "(.-)\n" do lines[#lines + 1] = line end
      local ok, message = xpcall(run, debug.traceback, lines, tonumber(arg[k + 1]))
      if not ok then
        io.stderr:write(arg[k], ": ", message, "\n")
        os.exit(1)
      end
    end
  ]]

  for _, page in ipairs(pages) do
    local words = {}
    for _, block in ipairs(page.blocks) do
      if block.language == "lua" then
        table.insert(words, page.path)
        table.insert(words, tostring(block.first))
        table.insert(words, block.text)
      end
    end
    if #words > 0 then
      it(("of %s does what it says"):format(page.path), function()
        local folder = "build/spec/documents/" .. page.path
        assert(os.execute(("rm -rf '%s' && mkdir -p '%s'"):format(folder, folder)))
        local file = assert(io.open(folder .. "/runner.lua", "w"))
        file:write(runner)
        file:close()
        for k, word in ipairs(words) do
          words[k] = "'" .. word:gsub("'", "'\\''") .. "'"
        end
        local _, err, ok = child.shell(("cd '%s' && exec $LUA runner.lua %s"):format(folder, table.concat(words, " ")))
        assert.is_true(ok, err)
      end)
    end
  end
end)

describe("code in C", function()
  it("stands in examples/, where each is part of what the specs build and run", function()
    local files = build.files("examples", ".c")
    local texts, n = {}, 0
    for k, path in ipairs(files) do
      local file <close> = assert(io.open(path))
      texts[k] = file:read("a")
    end
    each_block(function(_, block, place)
      if block.language == "c" then
        local found = false
        for _, text in ipairs(texts) do
          found = found or text:find("\n" .. block.text .. "\n", 1, true) ~= nil
        end
        assert.is_true(found, place .. " is in no example")
        n = n + 1
      end
    end)
    assert.is_true(n >= 2)
  end)
end)

-- Commands in blocks without a language and in code within a line.
local function commands(visit)
  each_block(function(page, block, place)
    if page.path == "CHANGELOG.md" then
      return
    elseif block.kind == "code" and (block.language == "" or block.language == "sh") then
      for _, line in ipairs(block.lines) do
        visit((line:gsub("%s+#%s.*$", "")), place)
      end
    elseif block.kind ~= "code" then
      for code in block.text:gmatch "`([^`]*)`" do
        visit(code, place)
      end
    end
  end)
end

describe("a command", function()
  it("of make has targets that there are", function()
    local targets = {}
    local makefiles <close> = assert(io.popen("cat Makefile mk/*.mk 2>/dev/null"))
    for line in makefiles:lines() do
      for name in (line:match "^([%w_ -]+):[^=]" or line:match "^([%w_ -]+):$" or ""):gmatch "%S+" do
        targets[name] = true
      end
    end
    local n = 0
    commands(function(command, place)
      local words = command:match "^make%f[%s](.*)" or command:match "%s+make%f[%s](.*)"
      for word in (words or ""):gsub("[;&|`].*", ""):gmatch "%S+" do
        if word:match "^[%a][%w-]*$" then
          n = n + 1
          assert.truthy(targets[word] or word == "dist", ("%s: make %s"):format(place, word))
        end
      end
    end)
    assert.is_true(n > 20)
  end)

  it("of make that runs some specs has specs that there are", function()
    local script = io.open("scripts/hard.sh"):read "a"
    local names = assert(script:match "set %-%- (.-[^\\])\n"):gsub("\\\n", " ")
    for name in names:gmatch "%S+" do
      assert.truthy(exists(("spec/%s_spec.lua"):format(name)), name)
    end
  end)

  it("of the laboratory has subcommands and options that there are", function()
    local helps, n = {}, 0
    commands(function(command, place)
      local name, rest = command:match "dynarray%-lab (%l[%w-]*)(.*)"
      if name then
        n = n + 1
        helps[name] = helps[name] or (child.program("bin/dynarray-lab", name, "--help"))
        assert.truthy(helps[name]:find("Usage: dynarray-lab " .. name, 1, true), place .. ": " .. command)
        for option in rest:gsub("[;|].*", ""):gmatch "%s(%-%-[%l-]+)" do
          assert.truthy(helps[name]:find(option, 1, true), place .. ": " .. option)
        end
      end
    end)
    assert.is_true(n > 5)
  end)
end)

describe("a figure", function()
  -- A time with its unit, or "times as fast" and the like: what somebody measured.
  local function measured(text)
    return text:find "%d ?[nmu]s%f[%W]" or text:find "%d times as " or text:find "%d%% of the time"
  end

  it("names the command that measures it, or leads to the page that does", function()
    for _, page in ipairs(pages) do
      local text_of_section = {}
      for _, block in ipairs(page.blocks) do
        text_of_section[block.section] = (text_of_section[block.section] or "") .. "\n" .. block.text
      end
      for _, block in ipairs(page.blocks) do
        if block.kind ~= "code" and page.path ~= "CHANGELOG.md" and measured(block.text) then
          local text = text_of_section[block.section]
          assert.truthy(text:find "make %l" or text:find "benchmarks%.md" or text:find "dynarray%-lab",
            ("%s, line %d"):format(page.path, block.first))
        end
      end
    end
  end)

  it("of each comparison that make has is on the page of benchmarks", function()
    local sections = {}
    for _, block in ipairs(by_path["docs/benchmarks.md"].blocks) do
      sections[block.section] = (sections[block.section] or "") .. "\n" .. block.text
    end
    local makefiles <close> = assert(io.popen("cat Makefile mk/*.mk 2>/dev/null"))
    local n = 0
    for target in makefiles:read("a"):gmatch "\n(bench%-[%l-]+):" do
      n = n + 1
      local found = false
      for _, text in pairs(sections) do
        found = found or text:find("`make " .. target .. "`", 1, true) and text:find "%d" and true
      end
      assert.truthy(found, target)
    end
    assert.is_true(n >= 9)
  end)

  it("on the page of benchmarks stands in a section that names its command", function()
    local named = {}
    for _, block in ipairs(by_path["docs/benchmarks.md"].blocks) do
      named[block.section] = named[block.section] or block.text:find "`make %l" ~= nil
      assert.truthy(block.kind ~= "table" or named[block.section], block.section)
    end
  end)
end)

describe("the page of the laboratory", function()
  it("names every experiment", function()
    local text = table.concat(by_path["docs/laboratory.md"].lines, "\n")
    local n = 0
    for name in ("\n" .. child.program("bin/dynarray-lab", "list")):gmatch "\n(%l[%w_-]*)%s%s" do
      n = n + 1
      assert.truthy(text:find("`" .. name .. "`", 1, true), name)
    end
    assert.is_true(n >= 8)
  end)
end)

describe("the architecture's list of files for", function()
  local FOLDERS = "src lua bin docs examples bench scripts mk README.md"
  -- It names each example itself; pictures are drawn by programs, and the chapter shows those of some experiments.
  local LEFT_OUT = "--exclude=architecture.md --exclude-dir=pictures --exclude=how-arrays-grow.md --exclude=bench.mk"
    .. " --exclude=quotes.lua"
  local architecture = by_path["docs/architecture.md"]
  local n = 0

  for _, block in ipairs(architecture.blocks) do
    local what, word = block.section:match "^(.*), as `(.-)`$"
    if what and block.kind == "table" then
      n = n + 1
      it(what .. " is that of the sources", function()
        local listed, found = {}, {}
        for k = 3, #block.lines do
          table.insert(listed, block.lines[k]:match "^| `(.-)` |")
        end
        local command = ("grep -rlwi %s -e '%s' %s | LC_ALL=C sort"):format(LEFT_OUT, word, FOLDERS)
        for path in build.output(command):gmatch "[^\n]+" do
          table.insert(found, path)
        end
        table.sort(listed)
        assert.same(found, listed)
        assert.is_true(#listed <= 4)
      end)
    end
  end

  it("a policy, a type, a method and an experiment is there", function()
    assert.equal(4, n)
  end)

  -- `file`: ... `word` ... `word`. `file`: ...
  local function each_file(cell, visit)
    local file, words
    for code, colon in (cell .. " "):gmatch "`([^`]+)`(.)" do
      if colon == ":" then
        file, words = code, {}
        visit(file, words)
      else
        assert(file, cell)
        table.insert(words, code)
      end
    end
  end

  local function text_of(path)
    local file <close> = assert(io.open(path))
    return file:read "a"
  end

  local rows = 0
  for _, block in ipairs(architecture.blocks) do
    for k = 3, block.section == "Other changes" and block.kind == "table" and #block.lines or 0 do
      local change, cell = block.lines[k]:match "^| (.-) | (.*) |$"
      rows = rows + 1
      it(change .. " names files that hold what it says, four at most", function()
        local files = {}
        each_file(cell, function(path, words)
          table.insert(files, { path = path, words = words })
        end)
        assert.is_true(#files >= 1 and #files <= 4, #files .. " files")
        for _, file in ipairs(files) do
          local text = text_of(file.path)
          assert.truthy(file.words[1], "nothing to search for in " .. file.path)
          for _, word in ipairs(file.words) do
            assert.truthy(text:find(word, 1, true), file.path .. " has no " .. word)
          end
        end
      end)
    end
  end

  it("other changes is there", function()
    assert.is_true(rows >= 10, rows .. " rows")
  end)
end)

local groups = {
  ["`value`"] = { "value" },
  integers = { "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64" },
  floats = { "float32", "float64" },
}

-- Arguments for a call on an array of 1, 4 and 9; none where none are needed.
local function arguments(method, array, path)
  local function keep(x) return x end
  return table.unpack(({
    add = { 1 }, append = { 1 }, clamp = { 1, 5 }, contains = { 4 }, copy_from = { { 1 } }, count = { 4 }, div = { 1 },
    dot = { array }, each = { keep }, extend = { { 1 } }, fill = { 2 }, filter = { keep }, get = { 1 },
    index_of = { 4 }, insert = { 1, 2 }, insert_all = { 1, { 2 } }, insert_sorted = { 3 }, lower_bound = { 2 },
    map = { keep }, mul = { 1 }, nth = { 1 }, percentile = { 50 }, reduce = { keep, 0 }, remove_range = { 1, 2 },
    reserve = { 5 }, resize = { 5 }, rotate = { 1 }, save = { path }, set = { 1, 2 }, set_growth = { 2 },
    astype = { "float64" }, indices = { dynarray.from({ 1, 0, 1 }, "uint8") }, put = { { 1 }, 2 },
    set_where = { dynarray.from({ 1, 0, 1 }, "uint8"), 2 }, take = { { 3, 1 } }, top = { 2 },
    where = { dynarray.from({ 1, 0, 1 }, "uint8") },
    column = { 1, 1 }, concat = { ", " }, heap_push = { 3 },
    set_column = { 1, 1, array }, tuples = { 1 }, update = { keep }, write = { path },
    corr = { array }, histogram = { 2 }, rolling = { 2, "sum" },
    sub = { 1 }, swap = { 1, 2 }, swap_remove = { 1 }, upper_bound = { 2 },
  })[method] or {})
end

local operators = {
  ["a + x"] = function(a) return a + 1 end,
  ["a - x"] = function(a) return a - 1 end,
  ["a * x"] = function(a) return a * 1 end,
  ["a / x"] = function(a) return a / 1 end,
  ["a // x"] = function(a) return a // 1 end,
  ["a % x"] = function(a) return a % 2 end,
  ["a ^ x"] = function(a) return a ^ 2 end,
  ["-a"] = function(a) return -(a * 0) end, -- unsigned numbers have no negative ones
  ["a & x"] = function(a) return a & 1 end,
  ["a | x"] = function(a) return a | 1 end,
  ["a ~ x"] = function(a) return a ~ 1 end,
  ["a << x"] = function(a) return a << 1 end,
  ["a >> x"] = function(a) return a >> 1 end,
  ["~a"] = function(a) return ~a end,
  ["a .. b"] = function(a) return a .. a end,
  ["a == b"] = function(a) return a == a:copy() end,
}

-- Whether it works on an array of that type.
local function works(name, type_name)
  local array, path = dynarray.from({ 1, 4, 9 }, type_name), os.tmpname()
  if name == "flush" and type_name ~= "value" then
    array = assert(dynarray.map(array:save(path) and path, "rw"))
  end
  local ok = pcall(operators[name] or array[name], array, arguments(name, array, path))
  os.remove(path)
  return ok
end

-- The rows: names, and yes or no for each column.
local function rows()
  local list = {}
  for _, block in ipairs(by_path["docs/guide.md"].blocks) do
    if block.kind == "table" and block.lines[1] == "| operations | `value` | integers | floats |" then
      for k = 3, #block.lines do
        local names, value, integers, floats = block.lines[k]:match("^| (.-) | (%l+) | (%l+) | (%l+) |$")
        assert(names, block.lines[k])
        list[#list + 1] = { names = names, ["`value`"] = value, integers = integers, floats = floats }
      end
    end
  end
  assert(list[1], "the table is not where it was")
  return list
end

describe("the table of operations in the guide", function()
  it("names every method and operator once", function()
    local seen = {}
    for _, row in ipairs(rows()) do
      for name in row.names:gsub("\\|", "|"):gmatch("`([^`]+)`") do
        assert.is_nil(seen[name], name .. " is there twice")
        assert.is_true(operators[name] ~= nil or members.table[name] ~= nil, name)
        seen[name] = true
      end
    end
    for _, name in ipairs(members) do
      assert.is_true(seen[name], name .. " is missing")
    end
    for name in pairs(operators) do
      assert.is_true(seen[name], name .. " is missing")
    end
  end)

  it("has all types", function()
    local n = 0
    for _, names in pairs(groups) do n = n + #names end
    assert.equal(#types.all, n)
  end)

  for _, row in ipairs(rows()) do
    it("says for which types there are " .. row.names:gsub("`", ""), function()
      for name in row.names:gsub("\\|", "|"):gmatch("`([^`]+)`") do
        for column, type_names in pairs(groups) do
          for _, type_name in ipairs(type_names) do
            assert.equal(row[column], works(name, type_name) and "yes" or "no", name .. " of " .. type_name)
          end
        end
      end
    end)
  end
end)
