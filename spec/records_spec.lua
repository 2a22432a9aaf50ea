-- Records of k elements side by side: loops over them, and their columns.
local dynarray = require "dynarray"
local expect = require "support.expect"
local types = require "support.types"

local function count_to(n, kind)
  local a = dynarray.new(kind)
  for i = 1, n do a:append(i) end
  return a
end

describe("tuples", function()
  it("loops over the elements of records, of every type", function()
    for _, kind in ipairs(types.all) do
      local seen = {}
      for i, x, y, z, more in count_to(6, kind):tuples(3) do
        seen[#seen + 1] = table.concat({ i, x // 1 | 0, y // 1 | 0, z // 1 | 0, tostring(more) }, " ")
      end
      assert.same({ "1 1 2 3 nil", "2 4 5 6 nil" }, seen)
    end
  end)

  it("has as many variables as a function can have", function()
    for _, kind in ipairs { "float64", "int32", "int8", "value" } do
      local step, a, start = dynarray.filled(400, 7, kind):tuples(200)
      local record = table.pack(step(a, start))
      assert.equal(201, record.n)
      assert.is_true(record[1] == 1 and record[2] == 7 and record[201] == 7)
      assert.equal(2, (step(a, 1)))
      assert.is_nil(step(a, 2))
    end
    expect.raises("fields 201 out of range (1 to 200)", dynarray.filled(402, 7, "int8").tuples,
      dynarray.filled(402, 7, "int8"), 201)
  end)

  it("ends at once where there are no records", function()
    for _ in dynarray.new "int32":tuples(2) do error "a record of nothing" end
  end)

  it("ends where the array ends by then, as view and by itself", function()
    for _, kind in ipairs { "float64", "int32", "int8" } do
      local a, whole, part = count_to(12, kind), {}, {}
      for i in a:tuples(2) do
        whole[#whole + 1] = i
        a:resize(6)
      end
      a = count_to(12, kind)
      for i, _, y in a:view(3, 10):tuples(2) do
        part[#part + 1] = i .. ":" .. (y // 1 | 0)
        a:resize(7) -- the view has 5 elements left, which are two records
      end
      assert.same({ 1, 2, 3 }, whole)
      assert.same({ "1:4", "2:6" }, part)
    end
  end)

  it("wants a size that is a multiple", function()
    local a = count_to(5)
    expect.raises("size 5 is no multiple of 2 fields", a.tuples, a, 2)
    expect.raises("fields 0 out of range", a.tuples, a, 0)
    expect.raises("no argument expected", a.tuples, a, 5, 5)
  end)
end)

describe("column and set_column", function()
  it("read and replace every k-th element, of every type", function()
    for _, kind in ipairs(types.all) do
      local a = count_to(6, kind)
      assert.equal(kind, a:column(1, 2).type)
      expect.holds(a:column(1, 2), types.as(kind, 1, 3, 5))
      expect.holds(a:column(3, 3), types.as(kind, 3, 6))
      expect.holds(a:column(1, 1), types.as(kind, 1, 2, 3, 4, 5, 6))
      assert.equal(a, a:set_column(2, 2, count_to(3, kind)))
      expect.holds(a, types.as(kind, 1, 1, 3, 2, 5, 3))
    end
  end)

  it("read and replace objects", function()
    local x, y, z = {}, {}, {}
    local a = dynarray.of(x, 1, y, 2)
    expect.holds(a:column(1, 2), x, y)
    expect.holds(a:set_column(2, 2, dynarray.of(z, nil)), x, z, y, nil)
    expect.holds(a:set_column(1, 2, a:column(2, 2)), z, z, nil, nil)
  end)

  it("convert a source of another type, and change nothing if it does not fit", function()
    local a = count_to(4, "int8")
    expect.holds(a:set_column(1, 2, dynarray.from({ 7, 8 }, "float64")), 7, 2, 8, 4)
    local before = expect.snapshot(a)
    expect.raises("300 does not fit into int8 (-128 to 127)", a.set_column, a, 1, 2, dynarray.from({ 1, 300 }, "int16"))
    expect.raises("numeric array expected", a.set_column, a, 1, 2, dynarray.of(1, 2))
    expect.raises("column has 3 elements, wanted 2", a.set_column, a, 1, 2, count_to(3, "int8"))
    expect.raises("column 3 out of range (1 to 2)", a.set_column, a, 3, 2, count_to(2, "int8"))
    expect.raises("column 0 out of range (1 to 2)", a.column, a, 0, 2)
    expect.raises("size 4 is no multiple of 3 fields", a.column, a, 1, 3)
    expect.unchanged(before)
  end)

  it("take a source that is the array itself", function()
    local a = count_to(4, "int32")
    expect.holds(a:set_column(1, 1, a:view()), 1, 2, 3, 4)
    expect.holds(a:set_column(1, 2, a:view(3, 4)), 3, 2, 4, 4)
  end)
end)
