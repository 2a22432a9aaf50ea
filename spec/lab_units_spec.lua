-- Numbers with units.
local units = require "dynarray.lab.base.units"

describe("a number", function()
  it("has three significant digits, whole ones all of theirs below a million", function()
    local shown = {}
    for k, value in ipairs { 0, 7, 1023, 999999, 1e6, 1.5e6, 123456789, 3.14159, 31.4159, 314.159, 9.996, 0.12345, 1e-7,
                             -2.5, 1 / 0, -1 / 0, 0 / 0 } do
      shown[k] = units.digits(value)
    end
    assert.same({ "0", "7", "1023", "999999", "1e6", "1.5e6", "1.23e8", "3.14", "31.4", "314", "10.0", "0.123", "1e-7",
      "-2.50", "inf", "-inf", "-" }, shown)
  end)

  it("has two significant digits where more would be a pretence", function()
    local shown = {}
    for k, value in ipairs { 18134, 240.4, 99.6, 9.96, 3.04, 0.582, 0.0247, 999999, 1.23e7, 1 / 0 } do
      shown[k] = units.rough(value)
    end
    assert.same({ "18000", "240", "100", "10", "3.0", "0.58", "0.025", "1000000", "1.23e7", "inf" }, shown)
  end)

  it("has the step of its unit that suits it", function()
    assert.equal("1.20 ns", units.number(1.2, "ns"))
    assert.equal("1.00 µs", units.number(999.9, "ns"))
    assert.equal("2.50 ms", units.number(2.5e6, "ns"))
    assert.equal("15.7 µs", units.number(15.7, "us"))
    assert.equal("1.50 s", units.number(1500, "ms"))
    assert.equal("90 s", units.number(90, "s"))
    assert.equal("250 ms", units.number(0.25, "s"))
    assert.equal("3.10 ns/append", units.number(3.1, "ns/append"))
    assert.equal("1023 B", units.number(1023, "bytes"))
    assert.equal("34 MiB", units.number(34 * 2 ^ 20, "bytes"))
    assert.equal("0 B", units.number(0, "bytes"))
  end)

  it("keeps a unit that has no steps", function()
    assert.equal("12.5%", units.number(12.5, "%"))
    assert.equal("1023 elements", units.number(1023, "elements"))
    assert.equal("7", units.number(7, ""))
  end)

  it("may be something else, or nothing", function()
    assert.equal("double", units.number("double", "ns"))
    assert.equal("true", units.number(true))
    assert.equal("", units.number(nil, "ns"))
  end)
end)
