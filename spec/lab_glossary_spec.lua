-- Words of ours in a report are explained where they first occur, and all at the end.
local data = require "support.lab_data"
local glossary = require "dynarray.lab.report.glossary"
local lab = require "dynarray.lab"

local function section(answer, label)
  return { question = "", answer = answer, tables = {}, plots = label and { { lines = { { label = label } } } } or {} }
end

local function words_of(list)
  local words = {}
  for k, entry in ipairs(list) do
    words[k] = entry.word
  end
  return words
end

describe("the glossary", function()
  it("explains a word in the first section that has it, and once", function()
    local first, all = glossary.of { section("The median."), section("A median of a growth.", "double, copy") }
    assert.same({ "median" }, words_of(first[1]))
    assert.same({ "growth", "block \"copy\"" }, words_of(first[2]))
    assert.same({ "growth", "block \"copy\"", "median" }, words_of(all))
  end)

  it("explains units and words of tables at the end alone", function()
    local first, all = glossary.of { section("It takes 2 MiB of RAM for 1e6 elements in a cache.") }
    assert.same({ "cache" }, words_of(first[1]))
    assert.same({ "1e6", "KiB, MiB, GiB, TiB", "RAM", "cache" }, words_of(all))
  end)

  it("finds words in how to read a picture, in commands and in how much was measured", function()
    local one = section("So.", "line")
    one.plots[1].read, one.command, one.effort = "Where a hole is.", "run --memory warm", "3 cases"
    local first, all = glossary.of { one }
    assert.same({ "hole", "warm and cold" }, words_of(first[1]))
    assert.same({ "case, sample, ±", "hole", "warm and cold" }, words_of(all))
  end)

  it("knows the words where they are whole", function()
    local first = glossary.of { section("Automatic copyright, medians.") }
    assert.same({}, first[1])
  end)

  it("stands at the end of the page, and of Markdown", function()
    local results = data.results()
    local page = lab.report(results, { experiments = data.experiments })
    local glossary_at = page:find("<section id='glossary'>", 1, true)
    assert.is_true(glossary_at > page:find('<section id="environment">', 1, true))
    assert.truthy(page:find("<dt>growth</dt>", glossary_at, true))
    assert.truthy(page:find("<div class='words'>", 1, true) < glossary_at)
    local markdown = lab.report(results, { experiments = data.experiments, format = "markdown" })
    assert.truthy(markdown:find("\n## Words\n.*\n%- growth: "))
  end)

  it("stands behind the answer in text, but not where answers alone are asked for", function()
    local results = data.results()
    local text = lab.report(results, { experiments = data.experiments, format = "text" })
    assert.truthy(text:find("times as much%.\n\nWords:\n  growth: An append finds no room"), text)
    assert.falsy(lab.report(results, { experiments = data.experiments, format = "answers" }):find("Words:", 1, true))
  end)
end)
