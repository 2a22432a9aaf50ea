-- Tables of text.
local text_table = require "dynarray.lab.report.text_table"

describe("a table", function()
  local small = {
    title = "Times",
    columns = { { name = "policy" }, { name = "append", unit = "ns" }, { name = "copied", unit = "elements" } },
    rows = { { "double", 3.25, 1023 }, { "a|b", 1200 }, { "µ", nil, 5 } },
  }

  it("is aligned: words to the left, numbers to the right", function()
    assert.equal(table.concat({
      "Times",
      "policy   append  copied, elements",
      "double  3.25 ns              1023",
      "a|b     1.20 µs",
      "µ                               5",
      "" }, "\n"), text_table.aligned(small))
  end)

  it("is Markdown, with nothing in a cell that ends it", function()
    assert.equal(table.concat({
      "**Times**", "",
      "| policy | append | copied, elements |",
      "| --- | ---: | ---: |",
      "| double | 3.25 ns | 1023 |",
      "| a\\|b | 1.20 µs |  |",
      "| µ |  | 5 |",
      "" }, "\n"), text_table.markdown(small))
  end)

  local wide = {
    title = "A wide table",
    columns = { { name = "policy" }, { name = "block" }, { name = "append", unit = "ns" }, { name = "growths" },
      { name = "why it was not measured" } },
    rows = {
      { "double", "auto", 3.25, 1023, "because the machine has not the memory for it" }, { "1.5", "copy", 4, 7 },
    },
  }

  it("is as wide as the page: words are wrapped", function()
    assert.equal(table.concat({
      "A wide table",
      "policy  block   append  growths  why it was not",
      "                                 measured",
      "double  auto   3.25 ns     1023  because the machine",
      "                                 has not the memory",
      "                                 for it",
      "1.5     copy      4 ns        7",
      "" }, "\n"), text_table.aligned(wide, 52))
  end)

  it("is in parts below each other where that is not enough, each with what names the rows", function()
    assert.equal(table.concat({
      "A wide table",
      "policy  block   append",
      "double  auto   3.25 ns",
      "1.5     copy      4 ns",
      "",
      "policy  block  growths",
      "double  auto      1023",
      "1.5     copy         7",
      "",
      "policy  block  why it was not",
      "               measured",
      "double  auto   because the",
      "               machine has not",
      "               the memory for",
      "               it",
      "1.5     copy",
      "" }, "\n"), text_table.aligned(wide, 30))
  end)

  it("is never wider than the page", function()
    for width = 30, 120 do
      for line in text_table.aligned(wide, width):gmatch("[^\n]+") do
        assert.is_true(utf8.len(line) <= width, line)
      end
    end
  end)

  it("may be empty", function()
    assert.equal("a\n", text_table.aligned { columns = { { name = "a" } }, rows = {} })
  end)
end)

describe("a table of a page", function()
  local wide = {
    title = "A wide table",
    columns = { { name = "policy" }, { name = "time of an append", unit = "ns" }, { name = "growths" } },
    rows = { { "double", 3.25, 1023 }, { "exact", 4, 7 } },
  }

  it("is whole where it fits, if its headings are wrapped", function()
    local parts = text_table.parts(wide, 26) -- double, 3.25 ns and growths, with gaps
    assert.equal(1, #parts)
    assert.same(wide.rows, parts[1].rows)
    assert.equal("A wide table", parts[1].title)
  end)

  it("is several else, each with what names the row", function()
    local parts = text_table.parts(wide, 20)
    assert.same({ { "double", 3.25 }, { "exact", 4 } }, parts[1].rows)
    assert.same({ { "double", 1023 }, { "exact", 7 } }, parts[2].rows)
    assert.is_nil(parts[2].title)
    assert.equal("growths", parts[2].columns[2].name)
  end)
end)
