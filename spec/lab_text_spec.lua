-- Numbers with units, and tables of text.
local text = require "dynarray.lab.text"

describe("a number", function()
  it("has three significant digits, whole ones all of theirs below a million", function()
    local shown = {}
    for k, value in ipairs { 0, 7, 1023, 999999, 1e6, 1.5e6, 123456789, 3.14159, 31.4159, 314.159, 9.996, 0.12345, 1e-7,
                             -2.5, 1 / 0, -1 / 0, 0 / 0 } do
      shown[k] = text.digits(value)
    end
    assert.same({ "0", "7", "1023", "999999", "1e6", "1.5e6", "1.23e8", "3.14", "31.4", "314", "10.0", "0.123", "1e-7",
      "-2.50", "inf", "-inf", "-" }, shown)
  end)

  it("has the step of its unit that suits it", function()
    assert.equal("1.20 ns", text.number(1.2, "ns"))
    assert.equal("1.00 µs", text.number(999.9, "ns"))
    assert.equal("2.50 ms", text.number(2.5e6, "ns"))
    assert.equal("15.7 µs", text.number(15.7, "us"))
    assert.equal("1.50 s", text.number(1500, "ms"))
    assert.equal("90 s", text.number(90, "s"))
    assert.equal("250 ms", text.number(0.25, "s"))
    assert.equal("3.10 ns/append", text.number(3.1, "ns/append"))
    assert.equal("1023 B", text.number(1023, "bytes"))
    assert.equal("34 MiB", text.number(34 * 2 ^ 20, "bytes"))
    assert.equal("0 B", text.number(0, "bytes"))
  end)

  it("keeps a unit that has no steps", function()
    assert.equal("12.5%", text.number(12.5, "%"))
    assert.equal("1023 elements", text.number(1023, "elements"))
    assert.equal("7", text.number(7, ""))
  end)

  it("may be something else, or nothing", function()
    assert.equal("double", text.number("double", "ns"))
    assert.equal("true", text.number(true))
    assert.equal("", text.number(nil, "ns"))
  end)
end)

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
      "" }, "\n"), text.aligned(small))
  end)

  it("is Markdown, with nothing in a cell that ends it", function()
    assert.equal(table.concat({
      "**Times**", "",
      "| policy | append | copied, elements |",
      "| --- | ---: | ---: |",
      "| double | 3.25 ns | 1023 |",
      "| a\\|b | 1.20 µs |  |",
      "| µ |  | 5 |",
      "" }, "\n"), text.markdown(small))
  end)

  it("may be empty", function()
    assert.equal("a\n", text.aligned { columns = { { name = "a" } }, rows = {} })
  end)
end)
