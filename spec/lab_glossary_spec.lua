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
end)
