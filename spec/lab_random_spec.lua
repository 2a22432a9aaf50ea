local random = require "dynarray.lab.base.random"

describe("the laboratory's generator", function()
  it("gives the published numbers of splitmix64", function()
    -- rosettacode.org/wiki/Pseudo-random_numbers/Splitmix64, from Vigna's C
    local g = random.new(1234567)
    for _, wanted in ipairs { "6457827717110365317", "3203168211198807973", "9817491932198370423",
      "4593380528125082431", "16408922859458223821" } do
      local high, low = wanted:match("^(%d+)(%d%d%d%d%d%d%d%d%d)$")
      assert.equal(high * 1 * 1000000000 + low * 1, g:next()) -- wraps, as the numbers do
    end
  end)

  it("repeats for the same seed, a number or a text", function()
    for _, seed in ipairs { 0, -1, 42, "", "a", "policies 1" } do
      local a, b = random.new(seed), random.new(seed)
      for _ = 1, 10 do
        assert.equal(a:next(), b:next())
      end
    end
    assert.are_not.equal(random.new("a 1"):next(), random.new("a 2"):next())
    assert.are_not.equal(random.new(1):next(), random.new("1"):next())
  end)

  it("leaves math.random alone", function()
    math.randomseed(5)
    local wanted = math.random(1 << 30)
    math.randomseed(5)
    random.new(1):shuffled { 1, 2, 3 }
    assert.equal(wanted, math.random(1 << 30))
  end)

  it("gives every integer of a range about as often", function()
    local g, counts = random.new(7), { 0, 0, 0, 0, 0 }
    for _ = 1, 5000 do
      local i = g:integer(5)
      counts[i] = counts[i] + 1
    end
    for _, count in ipairs(counts) do
      assert.is_true(math.abs(count - 1000) < 100, table.concat(counts, " "))
    end
  end)

  it("shuffles into every order about as often, and leaves the list as it was", function()
    local g, list, counts, orders = random.new(9), { "a", "b", "c" }, {}, 0
    for _ = 1, 6000 do
      local order = table.concat(g:shuffled(list))
      orders = orders + (counts[order] and 0 or 1)
      counts[order] = (counts[order] or 0) + 1
    end
    assert.same({ "a", "b", "c" }, list)
    assert.equal(6, orders)
    for order, count in pairs(counts) do
      assert.is_true(math.abs(count - 1000) < 120, order .. " " .. count)
    end
    assert.same({}, g:shuffled {})
  end)
end)
