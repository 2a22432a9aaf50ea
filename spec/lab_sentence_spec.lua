-- Parts of sentences, and sentences in lines.
local sentence = require "dynarray.lab.report.sentence"

describe("a list of words", function()
  it("is joined as a sentence has it", function()
    assert.equal("", sentence.join {})
    assert.equal("a", sentence.join { "a" })
    assert.equal("a and b", sentence.join { "a", "b" })
    assert.equal("a, b and c", sentence.join { "a", "b", "c" })
  end)
end)

describe("wrapped text", function()
  it("has lines of at most so many columns, broken between words", function()
    assert.same({ "one two", "three", "four" }, sentence.wrapped("one two three four", 8))
    assert.same({ "one two three four" }, sentence.wrapped("one two three four", 18))
    assert.same({}, sentence.wrapped("", 8))
  end)

  it("may be indented from the second line on, and keeps its own indentation", function()
    assert.same({ "  one", "    two", "    thre", "    e" }, sentence.wrapped("  one two three", 8, "    "))
  end)

  it("cuts a word that is longer than a line", function()
    assert.same({ "a", "longword" }, sentence.wrapped("a longword", 8))
    assert.same({ "verylong", "word" }, sentence.wrapped("verylongword", 8))
  end)

  it("counts characters, not bytes", function()
    assert.same({ "µµµµ µµµ", "µ" }, sentence.wrapped("µµµµ µµµ µ", 8))
    assert.same({ "µµµ", "µµ" }, sentence.wrapped("µµµµµ", 3))
  end)
end)
