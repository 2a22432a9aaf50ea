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

  it("may be empty", function()
    assert.equal("a\n", text_table.aligned { columns = { { name = "a" } }, rows = {} })
  end)
end)
