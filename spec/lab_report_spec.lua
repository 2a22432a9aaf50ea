-- The report: one page that needs nothing else, Markdown, text.
local browser = require "support.browser"
local child = require "support.child"
local command = require "dynarray.lab.report.command"
local data = require "support.lab_data"
local dynarray = require "dynarray"
local files = require "support.files"
local lab = require "dynarray.lab"
local needs = require "support.needs"
local pictures = require "dynarray.lab.report.picture_files"
local report = require "dynarray.lab.report"

local here = io.popen("pwd"):read("l")
local directory = here .. "/build/spec/report"
local options = { experiments = data.experiments }

setup(function()
  os.execute("rm -rf '" .. directory .. "' && mkdir -p '" .. directory .. "'")
end)

local function count(text, pattern)
  return select(2, text:gsub(pattern, ""))
end

describe("a section", function()
  it("does not take Ctrl-C for an answer that fails", function()
    local all, own = data.results(), {}
    for key, value in pairs(data.experiments[1]) do
      own[key] = value
    end
    own.answer = function() error("somewhere.lua:1: interrupted!", 0) end
    local ok, message = pcall(lab.report, all, { format = "text", experiments = { own, data.experiments[2] } })
    assert.is_false(ok)
    assert.truthy(tostring(message):find("interrupted!$"), message)
  end)
end)

describe("the page", function()
  local it = needs.each(it, function() needs.all(browser.name(), "no Chromium is installed") end)
  local path = directory .. "/report.html"
  local document, console

  setup(function()
    assert(lab.report(data.results(), { output = path, experiments = data.experiments }))
    if browser.name() then
      document, console = browser.open(path)
    end
  end)

  it("is free of errors in a browser", function()
    assert.same({}, console)
  end)

  it("has every plot, drawn, for wide and for narrow windows", function()
    for _, name in ipairs { "growth-time", "growth-bars", "caches" } do
      local figure = document:match('<figure id="plot%-' .. name:gsub("%-", "%%-") .. '">(.-)</figure>')
      assert.truthy(figure, name)
      assert.equal(2, count(figure, "<svg "))
      assert.equal(2, count(figure, "</svg>"))
      assert.is_true(count(figure, "<path ") + count(figure, "<polygon ") > 4, name)
    end
    assert.equal(3, count(document, "<figure"))
  end)

  it("has question, answer, table and command of each experiment", function()
    for _, word in ipairs {
      "What does &lt;growth&gt; cost &amp; why?", "Growing by one copies 500 times as much.", "3.10 ns ±", "1000 ≠",
      "dynarray-lab run growth --size 10,1e3 --policy double,exact --quick --seed 7", "32 KiB", "4 cases, 28 samples",
    } do
      assert.truthy(document:find(word, 1, true), word)
    end
  end)

  it("has the environment and its warnings", function()
    assert.truthy(document:find("A &lt;fast&gt; processor", 1, true))
    assert.truthy(document:find("Load 3.5 &amp; rising.", 1, true))
  end)

  it("needs no network", function()
    for address in document:gmatch("[%w-]+=[\"']?(%a+://[^\"'> ]*)") do
      assert.truthy(address:find("^http://www%.w3%.org/"), address) -- names of languages, not places
    end
    assert.equal(0, count(document, "<script") + count(document, "<link") + count(document, "@import"))
  end)

  it("has no id twice", function()
    local seen = {}
    for id in document:gmatch('%sid="([^"]*)"') do
      assert.is_nil(seen[id], id)
      seen[id] = true
    end
  end)

  it("is for phones, and for dark screens", function()
    assert.truthy(document:find('name="viewport" content="width=device-width', 1, true))
    assert.truthy(document:find("prefers-color-scheme: dark", 1, true))
    assert.truthy(document:find("--line1:#4DA6E8", 1, true))
  end)
end)

describe("where a report was measured", function()
  it("is told in units", function()
    local environment = { memory = 25276502016, page_size = 4096, huge_page_size = 2097152, processors = 2,
      caches = { { level = 1, type = "data", bytes = 49152 }, { level = 2, type = "unified", bytes = 2097152 } },
      overhead = { append = 1.2124, clock = 28.3951, memory = 65314.125 } }
    local facts = {}
    local circumstances = require "dynarray.lab.report.circumstances"
    for _, row in ipairs(circumstances.environments({ environment = environment })[1].rows) do
      facts[row[1]] = row[2]
    end
    assert.same({ memory = "23.5 GiB", ["page size"] = "4 KiB", ["huge page size"] = "2 MiB", processors = "2",
      caches = "L1 data 48 KiB, L2 unified 2 MiB", ["what the instruments cost"] = "an append 1.21 ns, reading the "
      .. "clock 28.4 ns, asking how much memory is in use 65.3 µs" }, facts)
  end)
end)

describe("a section of a report", function()
  it("has no picture of what was not measured", function()
    local experiment = { name = "growth", question = "?", metrics = data.experiments[1].metrics, parameters = {},
      answer = function() return "1." end,
      plots = function() return { { name = "none", lines = { { x = {}, y = {} } } }, { name = "bare", lines = {} },
        { name = "one", lines = { { x = { 1 }, y = { 2 } } } } } end }
    local list = require("dynarray.lab.report.sections").of(data.results(), { experiments = { experiment } })
    local names = {}
    for _, section in ipairs(list) do
      for _, plot in ipairs(section.name == "growth" and section.plots or {}) do
        names[#names + 1] = plot.name
      end
    end
    assert.same({ "one" }, names)
  end)
end)

describe("a report of the policies", function()
  local function policies(...)
    local runs = {}
    for k, name in ipairs { ... } do
      runs[k] = { experiment = name, metrics = {}, parameters = {}, cases = {} }
    end
    return { runs = runs, environment = {}, notes = {} }
  end

  it("says of 1.5 what was measured", function()
    local function said(half, double)
      local all = policies("policies", "memory")
      for policy, bytes in pairs { ["1.5"] = half, double = double } do
        local samples = {}
        for k = 1, 10 do
          samples[k] = { round = k, metrics = { peak_per_element = bytes } }
        end
        table.insert(all.runs[2].cases, { id = policy, samples = samples,
          case = { what = "array", policy = policy, block = "auto" } })
      end
      all.runs[2].metrics = { { name = "peak_per_element", unit = "bytes" } }
      return lab.report(all, { format = "text", experiments = {} }):gsub("%s+", " ")
    end
    assert.truthy(said(8.41, 8.43):find("that saved no RAM here, only addresses: at the peak RAM held 8.41", 1, true))
    assert.truthy(said(9, 12):find("that saved RAM here: at the peak RAM held 9 bytes an element", 1, true))
    assert.truthy(said(14, 11):find("yet it took more RAM here", 1, true))
    assert.falsy(lab.report(policies("policies", "memory"), { experiments = {} }):find("RAM here", 1, true))
  end)

  it("ends with how to ask which one suits a program", function()
    for _, format in ipairs { "html", "markdown", "text", "answers" } do
      local shown = lab.report(policies("policies", "memory"), { format = format, experiments = {} })
      assert.truthy(shown:find("Most programs do well", 1, true), format)
    end
    local page = lab.report(policies("policies", "memory"), { experiments = {} })
    assert.truthy(page:find(" advise FILE.lua</code>", 1, true))
    local example = page:match("<pre><code>(.-)</code></pre>"):gsub("&quot;", '"')
    local workload, arrays = load(example)(), 0
    workload(function(setup)
      arrays = arrays + 1
      return dynarray.new(setup)
    end)
    assert.equal(1, arrays)
    assert.falsy(lab.report(policies("policies", "advise"), { experiments = {} }):find("Most programs", 1, true))
    assert.falsy(lab.report(policies("policies"), { experiments = {} }):find("Most programs", 1, true))
  end)
end)

describe("the page", function()
  it("says first what is found, then how to read the picture, then more, and folds the rest", function()
    local own = setmetatable({ answer = function() return "So it is.", "And more.\nMuch more." end, plots = function()
      local line = { label = "double", x = { 1, 2 }, y = { 1, 2 } }
      local axes = { x = { label = "x" }, y = { label = "y" }, lines = { line } }
      return { setmetatable({ name = "one", read = "Left to right." }, { __index = axes }),
        setmetatable({ name = "two", open = true }, { __index = axes }),
        setmetatable({ name = "three" }, { __index = axes }) }
    end }, { __index = data.experiments[1] })
    local page = lab.report(data.results(nil, 10), { experiments = { own, data.experiments[2] } })
    local last = 0
    for _, words in ipairs { "<p class='answer'>So it is.</p>", "<figure id='plot-one'>", "Left to right.",
      "<p>And more.</p>", "<p>Much more.</p>",
      "<details open><summary>Picture: two", "<details><summary>Picture: three", "<details><summary>All figures" } do
      local at = page:find(words, last + 1, true)
      assert.truthy(at, words)
      last = at
    end
    assert.truthy(lab.report(data.results(nil, 10), { experiments = { own }, format = "answers" }):find(
      "growth: So it is.\n", 1, true))
    for _, format in ipairs { "text", "markdown" } do
      local shown = lab.report(data.results(nil, 10), { experiments = { own }, format = format })
      assert.truthy(shown:find("So it is.\n\nAnd more.\n\nMuch more.\n", 1, true), format)
    end
  end)

  it("folds a long list of cases behind what is said of them", function()
    local results = data.results()
    for k, case in ipairs(results.runs[1].cases) do
      case.id = case.id .. " " .. tostring(k):rep(60)
      case.dropped = true
    end
    assert.truthy(report.html(results, options):find(
      "<details><summary>too few samples for a conclusion "
      .. "since the time was too short, 4 of 4 cases</summary>", 1, true))
  end)
end)

describe("a report of what is not whole", function()
  local function broken()
    local results = data.results()
    results.interrupted = true
    table.insert(results.notes, "the last line is cut and was dropped")
    results.runs[1].cases[1].samples = {}
    results.runs[1].cases[1].error = "not enough memory"
    return results
  end

  local function failing()
    error("a case is missing")
  end

  local experiments = {
    setmetatable({ answer = failing, plots = failing }, { __index = data.experiments[1] }), data.experiments[2],
  }

  it("says what is missing", function()
    local markdown = report.markdown(broken(), { experiments = experiments })
    for _, word in ipairs {
      "It was interrupted", "The last line is cut and was dropped.", "policy=double size=10 failed: not enough memory",
      "no answer: a case is missing", "no pictures: a case is missing", "3 of 4 cases measured", "| failed |",
    } do
      assert.truthy(markdown:find(word, 1, true), word)
    end
  end)

  it("names cases in the units of their parameters", function()
    local all, own = data.results(nil, 10), setmetatable({}, { __index = data.experiments[1] })
    own.parameters = { { name = "size", unit = "bytes" } }
    all.runs[1].cases[1].dropped, all.runs[1].cases[1].id = true, "size=65536"
    assert.truthy(report.text(all, { experiments = { own }, brief = true }):find("1 of 4 cases: 64 KiB\n", 1, true))
  end)

  it("draws no conclusion from cases with few samples, and names them", function()
    local all, seen = data.results(nil, 10), nil
    all.runs[1].cases[2].samples = { all.runs[1].cases[2].samples[1] }
    all.runs[1].cases[4].dropped = true
    local own = setmetatable({ answer = function(run)
      seen = #run.cases
      return "So it is."
    end }, { __index = data.experiments[1] })
    local shown = report.text(all, { experiments = { own }, brief = true })
    assert.equal(3, seen)
    assert.truthy(shown:find("growth: So it is.", 1, true))
    assert.truthy(shown:find("time was too short, 1 of 4 cases: exact 1e3\n", 1, true))
    assert.truthy(shown:find("too few samples (less than 10) for a conclusion from double 1e3\n", 1, true))
    for _, case in ipairs(all.runs[1].cases) do
      case.samples = { case.samples[1] }
    end
    shown = report.text(all, { experiments = { own }, brief = true })
    assert.equal(4, seen)
    assert.truthy(shown:find("growth: Too few samples for a conclusion; what was seen: So it is.", 1, true))
    assert.truthy(shown:find("for a conclusion from any case", 1, true))
    own.once = true
    assert.truthy(report.text(all, { experiments = { own }, brief = true }):find("growth: So it is.", 1, true))
  end)

  it("is made even if nothing was measured", function()
    local results = data.results()
    for _, run in ipairs(results.runs) do
      for _, case in ipairs(run.cases) do
        case.samples = {}
      end
    end
    assert.truthy(report.html(results, options):find("Nothing was measured.", 1, true))
  end)

  it("shows an experiment that it does not know", function()
    local results = data.results()
    results.runs[1].experiment = "foreign"
    local markdown = report.markdown(results, options)
    assert.truthy(markdown:find("## foreign", 1, true))
    assert.truthy(markdown:find("| 1000 | double |", 1, true) or markdown:find("| double | 1000 |", 1, true))
  end)
end)

describe("the command that repeats", function()
  local function commands(results)
    return command.repeating(results), command.repeating(results, results.runs[1])
  end

  it("a whole run is the one it was measured by", function()
    local results = data.results()
    results.command = "lua5.4 bin/dynarray-lab run growth --budget 3"
    local whole, part = commands(results)
    assert.equal(results.command, whole)
    assert.equal("dynarray-lab run growth --size 10,1e3 --policy double,exact --quick --seed 7", part)
  end)

  it("some cases alone is the one they were measured by", function()
    local results = data.results()
    results.command = "dynarray-lab run growth --case 'policy=double size=10'"
    assert.same({ results.command, results.command }, { commands(results) })
  end)

  it("several is none", function()
    local results = data.results()
    results.command = false
    assert.is_nil((commands(results)))
    assert.falsy(report.html(results, options):find("All of it again", 1, true))
  end)

  it("has integers in full", function()
    local results = data.results()
    results.seed = 1234567890123456789
    assert.truthy(select(2, commands(results)):find("--seed 1234567890123456789", 1, true))
    assert.equal("1e15 -5 2.5", command.value(10 ^ 15 // 1 | 0) .. " " .. command.value(-5) .. " " ..
      command.value(2.5))
  end)
end)

describe("a report as text", function()
  it("has tables and answers, and pictures on demand", function()
    local plain = report.text(data.results(), options)
    assert.truthy(plain:find("1000  exact", 1, true))
    assert.falsy(plain:find("#####", 1, true))
    local drawn = report.text(data.results(), { experiments = data.experiments, plots = true, width = 70 })
    assert.truthy(drawn:find("#####", 1, true))
  end)

  it("may be the answers alone", function()
    assert.equal("growth: Growing by one copies 500 times as much.\ncaches: At 32 KiB.\n",
      report.text(data.results(nil, 10), { experiments = data.experiments, brief = true }))
  end)

  it("tells the machine, and what the instruments cost", function()
    local results = data.results()
    results.environment.overhead = { clock = 22, append = 0.9, memory = 27000 }
    local shown = report.text(results, options)
    assert.truthy(shown:find("Measured on A <fast> processor. The instruments cost: clock 22 ns, append 0.9", 1, true))
  end)

  it("gives the terminal nothing to obey, and Markdown no HTML", function()
    local results = data.results()
    local case = results.runs[1].cases[1]
    case.case.policy, case.samples, case.error = "\27[31m<script>&", {}, "\27[2J\194\155<b>"
    assert.falsy(report.text(results, options):gsub("\n", ""):find("[%c\155]"))
    local markdown = report.markdown(results, options)
    assert.falsy(markdown:find("<script>", 1, true) or markdown:find("<b>", 1, true) or markdown:find("\27", 1, true))
    assert.truthy(markdown:find("&lt;script>&amp;", 1, true))
  end)

  it("says which picture cannot be drawn, and goes on", function()
    local plots = function() return { { name = "odd", x = {}, y = {}, lines = { { x = { 1 }, y = { {} } } } } } end
    local odd = { experiments = { setmetatable({ plots = plots }, { __index = data.experiments[1] }) } }
    assert.truthy(report.html(data.results(), odd):find("no picture odd", 1, true))
  end)

  it("is one of three forms", function()
    assert.has_error(function() lab.report(data.results(), { format = "pdf" }) end,
      "unknown format 'pdf' (html, markdown, text or answers)")
  end)

  it("is not written where nothing can be", function()
    local ok, problem = lab.report(data.results(), { output = "/nowhere/r.html", experiments = data.experiments })
    assert.is_nil(ok)
    assert.truthy(problem:find("/nowhere/r.html", 1, true))
  end)
end)

describe("the pictures of a report", function()
  it("are files, SVG or PNG, all or those named", function()
    local paths = assert(pictures.write(data.results(), directory, options))
    assert.same({ directory .. "/growth-time.svg", directory .. "/growth-bars.svg", directory .. "/caches.svg" }, paths)
    assert.truthy(files.read(paths[1]):find("^<svg .*</svg>"))
    paths = assert(pictures.write(data.results(), directory,
      { experiments = data.experiments, format = "png", names = { "caches" } }))
    assert.same({ directory .. "/caches.png" }, paths)
    assert.equal("\137PNG", files.read(paths[1]):sub(1, 4))
  end)

  it("must be there to be named, and have a place", function()
    local ok, problem = pictures.write(data.results(), directory, { experiments = data.experiments, names = { "x" } })
    assert.is_nil(ok)
    assert.equal("there is no picture named 'x'", problem)
    ok, problem = pictures.write(data.results(), "/nowhere", options)
    assert.is_nil(ok)
    assert.truthy(problem:find("/nowhere/growth-time.svg", 1, true))
  end)
end)

describe("docs/how-arrays-grow.md", function()
  it("quotes the answers of the run that drew its pictures", function()
    local answers = files.read("docs/pictures/answers.txt"):gsub("%s+", " ")
    local chapter, quotes = files.read("docs/how-arrays-grow.md"), 0
    for quote in ("\n" .. chapter):gmatch "\n(>[^\n]*[\n>][^\n]*.-)\n\n" do
      local sentence = quote:gsub("\n?> ?", " "):gsub("%s+", " "):match "^%s*(.-)%s*$"
      assert.truthy(answers:find(": " .. sentence, 1, true), sentence)
      quotes = quotes + 1
    end
    assert.equal(6, quotes)
  end)

  it("takes over the answers of a new run", function()
    local function write(name, text)
      local file = assert(io.open(directory .. "/" .. name, "w"))
      file:write(text)
      file:close()
    end
    write("answers", "one: The first\n  answer.\none: too few samples\ntwo: The second.\n")
    write("chapter", "# Title\n\n> Old.\n> Older.\n\nText.\n\n> Old, too.\n\nEnd.\n")
    local function quote(names)
      return select(3, child.shell(("$LUA scripts/quotes.lua '%s/answers' '%s/chapter' %s"):format(directory,
        directory, names)))
    end
    assert.is_true(quote "one two")
    assert.equal("# Title\n\n> The first answer.\n\nText.\n\n> The second.\n\nEnd.\n",
      files.read(directory .. "/chapter"))
    assert.falsy(quote "one")
    assert.falsy(quote "one three")
  end)
end)
