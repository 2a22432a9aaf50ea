-- where, indices and set_where: elements that a mask chooses.
local dynarray = require "dynarray"
local expect = require "support.expect"

local a

before_each(function()
  a = dynarray.from({ 5, -1, 7, 2 }, "float64")
end)

describe("a mask", function()
  it("chooses by 1 and 0, and the others by 1 - mask", function()
    local mask = dynarray.compute("x > 2", a)
    expect.holds(a:where(mask), 5.0, 7.0)
    expect.holds(a:where(1 - mask), -1.0, 2.0)
    expect.holds(a:indices(1 - mask), 2, 4)
    expect.holds(a:set_where(1 - mask, 0), 5.0, 0.0, 7.0, 0.0)
  end)

  it("has no other numbers, as ~ makes of one", function()
    local mask = dynarray.compute("x > 6", a)
    local message = "mask is 255 at 1, wanted 0 or 1: 1 - mask negates a mask"
    expect.raises(message, a.where, a, ~mask)
    expect.raises(message, a.indices, a, ~mask)
    expect.raises(message, a.set_where, a, ~mask, 0)
    expect.holds(a, 5.0, -1.0, 7.0, 2.0)
  end)

  it("is no function and no array of another type: the error says what helps", function()
    expect.raises("got function: filter takes a function", a.where, a, print)
    expect.raises("wanted uint8 of size 4: astype 'uint8' makes one", a.where, a, dynarray.zeros(4, "int64"))
    expect.raises("wanted uint8 of size 4: 1 says yes, 0 says no", a.where, a, dynarray.of(true, false, true, false))
    expect.raises("mask is uint8 of size 3, wanted uint8 of size 4)", a.where, a, dynarray.zeros(3, "uint8"))
    expect.raises("at place 1 of the indices: where takes a mask", a.take, a, dynarray.zeros(4, "uint8"))
  end)

  it("is looked at to its last element", function()
    for _, n in ipairs { 1, 255, 256, 4096, 4097, 10000 } do
      local mask = dynarray.zeros(n, "uint8")
      mask[n] = 2
      expect.raises(("mask is 2 at %d, wanted 0 or 1"):format(n), a.where, dynarray.zeros(n, "int8"), mask)
    end
  end)
end)

describe("a mask", function()
  it("is no number, and no expression that gives one", function()
    local b = dynarray.from({ 1, 2, 3 }, "int8")
    expect.raises("expression gives numbers, not truth values", b.where, b, "sum(x)")
    expect.raises("expression gives numbers, not truth values", b.where, b, "x + 1")
    expect.raises("uint8 array or expression expected, got number", b.where, b, 5)
  end)

  it("may be the array itself", function()
    local m = dynarray.from({ 0, 1, 1 }, "uint8")
    expect.holds(m:set_where(m, 7), 0, 7, 7)
  end)

  it("and what it replaces by may be elsewhere in the same array: all is read before it is written", function()
    for _, n in ipairs { 4, 500 } do
      local marks, ones = dynarray.filled(n + 1, 1, "uint8"), dynarray.filled(n, 1, "uint8")
      marks[1] = 0
      marks:view(2, n + 1):set_where(marks:view(1, n), 0)
      assert.same({ 0, 1, 0, n }, { marks[1], marks[2], marks[n + 1], marks:count(0) })
      local x = dynarray.range(1, n + 1)
      local before = x:copy()
      x:view(2, n + 1):set_where(ones, x:view(1, n))
      assert.is_true(x:view(2, n + 1) == before:view(1, n))
    end
  end)

  it("may be another map of the same file", function()
    local path = os.tmpname()
    assert(dynarray.from({ 1, 0, 1, 1 }, "uint8"):save(path))
    local m, same = assert(dynarray.map(path, "rw")), assert(dynarray.map(path))
    expect.holds(m:set_where(same, 0), 0, 0, 0, 0)
    m:close()
    same:close()
    os.remove(path)
  end)

  it("chooses among values, nil and objects too", function()
    local object = {}
    local values = dynarray.new { capacity = 4 }:append("a", nil, object, 4)
    expect.holds(values:where(dynarray.from({ 1, 0, 1, 0 }, "uint8")), "a", object)
    local some = values:where(dynarray.from({ 0, 1, 0, 1 }, "uint8"))
    assert.same({ 2, nil, 4 }, { #some, some[1], some[2] })
  end)

  it("puts an array into values as one value", function()
    local values, array = dynarray.of(1, 2, 3), dynarray.of(9)
    expect.holds(values:set_where(dynarray.from({ 0, 1, 1 }, "uint8"), array), 1, array, array)
  end)
end)
