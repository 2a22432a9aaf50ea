local dynarray = require "dynarray"
local simulate = require "dynarray.lab.model.simulate"
local structures = require "dynarray.lab.model.structures"

local POLICIES = { "increment:1", "increment:7", "increment:1000", "1.125", "1.25", "3" }
table.move(simulate.policies, 1, #simulate.policies, #POLICIES + 1, POLICIES)

-- What simulate.run computes by growths and series, append by append.
local function step_by_step(policy, n, first)
  local next_capacity = simulate.next(policy)
  local capacity, growths, copied, unused, worst, peak = first, 0, 0, 0, 0, first
  for size = 1, n do
    if size > capacity then
      local grown = next_capacity(capacity, size, 8)
      growths, copied, peak = growths + 1, copied + capacity, math.max(peak, capacity + grown)
      capacity = grown
    end
    local share = 1 - size / capacity
    unused = unused + share
    worst = size >= n / 10 and math.max(worst, share) or worst
  end
  return {
    growths = growths, copied = copied, capacity = capacity, unused_average = unused / n, unused_worst = worst,
    peak_bytes = peak * 8, unused = 1 - n / capacity,
  }
end

describe("the simulation of a policy", function()
  it("gives what following every append gives", function()
    for _, policy in ipairs(POLICIES) do
      for _, first in ipairs { 0, 1, 5, 64 } do
        for _, n in ipairs { 1, 2, 9, 100, 1234, 5000 } do
          local got = simulate.run(policy, n, { capacity = first })
          for key, value in pairs(step_by_step(policy, n, first)) do
            assert.is_true(math.abs(got[key] - value) <= 1e-9 * math.max(1, value),
              ("%s from %d to %d: %s is %s, not %s"):format(policy, first, n, key, got[key], value))
          end
        end
      end
    end
  end)

  it("agrees with the array that copies", function()
    for _, policy in ipairs(POLICIES) do
      local a <close> = dynarray.new { type = "int64", capacity = 0, growth = simulate.growth(policy), block = "copy" }
      dynarray.probe.appends(a, 3000)
      local stats, got = a:stats(), simulate.run(policy, 3000)
      assert.are.equal(stats.growths, got.growths, policy)
      assert.are.equal(stats.elements_copied, got.copied, policy)
      assert.are.equal(stats.peak_bytes, got.peak_bytes, policy)
      assert.are.equal(a.capacity, got.capacity, policy)
    end
  end)

  it("gives the article's figures", function()
    local got = simulate.run("double", 1000, { capacity = 1 })
    assert.are.equal(10, got.growths)
    assert.are.equal(1023, got.copied)
    assert.are.equal(1024, got.capacity)
  end)

  it("follows every policy to 1e12 elements", function()
    local n = 10 ^ 12 // 1 | 0
    for _, policy in ipairs(POLICIES) do
      local got = simulate.run(policy, n)
      assert.is_true(got.capacity >= n, policy)
      assert.is_true(got.copied_per_append > 0.9, policy)
    end
    assert.are.equal(n, simulate.run("exact", n).growths)
    assert.is_true(math.abs(simulate.run("exact", n).copied_per_append - (n - 1) / 2) < 1e-3)
    assert.is_true(math.abs(simulate.run("increment:1000", n).copied_per_append - (1e9 - 1) / 2) < 1e-6)
    -- A factor f copies 1 / (f - 1) elements an append right before a growth, f times that right after.
    local copied = simulate.run("1.25", n).copied_per_append
    assert.is_true(copied > 4 and copied < 5, copied)
    assert.is_true(math.abs(simulate.run("1.25", n).unused_worst - 0.2) < 1e-6)
  end)

  it("takes a function for a policy", function()
    local got = simulate.run(function(capacity, needed) return math.max(needed, capacity + 10) end, 100)
    assert.are.equal(10, got.growths)
  end)

  it("uses the element's size where a policy does", function()
    assert.are_not.equal(simulate.run("folly", 1000, { element_size = 1 }).growths,
      simulate.run("folly", 1000, { element_size = 8 }).growths)
    assert.are.equal(1024 + 512, simulate.run("double", 1000, { element_size = 1 }).peak_bytes)
  end)

  it("names a policy that it does not know", function()
    assert.has_error(function() simulate.run("tripple", 10) end, "growth policy tripple is unknown")
  end)

  it("says when a policy gives less than is needed", function()
    assert.has_error(function() simulate.run(function() return 5 end, 10) end, "growth policy gave 5 for 6 elements")
  end)
end)

-- Each structure once more, append by append, as its paper describes it: what it holds, and what it copied.
local by_element = {}

by_element["hashed array tree"] = function(n)
  local m, leaves, copied = 1, 0, 0
  for size = 1, n do
    if size > m * m then
      copied, m = copied + size - 1, m * 2
      leaves = (size - 1 + m - 1) // m
    end
    if size > leaves * m then
      leaves = leaves + 1
    end
  end
  return m + leaves * m - n, copied
end

by_element["Brodnik et al."] = function(n)
  local superblock, in_superblock, room, blocks, index = -1, 0, 0, 0, 1
  for size = 1, n do
    if size > room then
      if superblock < 0 or in_superblock == 1 << (superblock // 2) then
        superblock, in_superblock = superblock + 1, 0
      end
      in_superblock, blocks = in_superblock + 1, blocks + 1
      room = room + (1 << ((superblock + 1) // 2))
      while index < blocks do
        index = index * 2
      end
    end
  end
  return index + room - n, 0
end

local function tarjan_zwick(r)
  return function(n)
    local B, copied, level = 2, 0, {}
    for k = 1, r - 1 do
      level[k] = 0
    end
    local function held()
      local sum = 0
      for k = 1, r - 1 do
        sum = sum + level[k] * B ^ k
      end
      return sum
    end
    for size = 1, n do
      if size > B ^ r then
        copied, B = copied + size - 1, B * 2
        local rest = size - 1
        for k = r - 1, 1, -1 do
          level[k], rest = rest // B ^ k, rest % B ^ k
        end
      end
      if size > held() then
        for k = r - 2, 1, -1 do -- the largest first, so that there is room
          local full = level[k] == 2 * B
          for below = 1, k - 1 do
            full = full and level[below] == 2 * B
          end
          if full then
            level[k], level[k + 1] = level[k] - B, level[k + 1] + 1
            copied = copied + B ^ (k + 1)
          end
        end
        level[1] = level[1] + 1
      end
    end
    return 2 * B * (r - 2) + B + held() - n, copied
  end
end

by_element["Tarjan-Zwick r=3"] = tarjan_zwick(3)
by_element["Tarjan-Zwick r=4"] = tarjan_zwick(4)

describe("the models of structures that are not contiguous", function()
  it("give what following every append gives", function()
    for _, model in ipairs(structures.list) do
      for _, n in ipairs { 1, 2, 3, 4, 5, 16, 17, 64, 65, 100, 255, 256, 257, 1000, 4096, 4097, 5000 } do
        local extra, copied = by_element[model.name](n)
        local got = model.at(n)
        assert.are.equal(extra, got.extra, ("%s, extra words at %d"):format(model.name, n))
        assert.is_true(math.abs(copied - got.copied_per_append * n) < 1e-6,
          ("%s, copied at %d: %s, not %s"):format(model.name, n, got.copied_per_append * n, copied))
      end
    end
  end)

  it("hold what their papers say", function()
    for _, exponent in ipairs { 6, 9, 12 } do
      local n = 10.0 ^ exponent
      assert.is_true(structures.named("hashed array tree").at(n).extra <= 4 * n ^ 0.5 + 2)
      assert.is_true(structures.named("Brodnik et al.").at(n).extra <= 4 * n ^ 0.5 + 2)
      assert.is_true(structures.named("Tarjan-Zwick r=3").at(n).extra <= 8 * n ^ (1 / 3) + 2)
      assert.is_true(structures.named("Tarjan-Zwick r=4").at(n).extra <= 12 * n ^ (1 / 4) + 2)
    end
    assert.are.equal(0, structures.named("Brodnik et al.").at(1e9).copied_per_append)
  end)

  it("know the worst share of the last tenfold", function()
    for _, model in ipairs(structures.list) do
      local most = 0
      for n = 200, 2000 do
        most = math.max(most, model.at(n).unused)
      end
      assert.is_true(math.abs(most - model.worst(2000)) < 1e-12, model.name)
    end
  end)

  it("are marked as models", function()
    for _, model in ipairs(structures.list) do
      assert.is_true(model.at(100).model)
      assert.is_string(model.source)
    end
  end)
end)
