-- Named policies against their sources: capacities worked out by hand, and what appending costs in the long run.
local dynarray = require "dynarray"
local expect = require "support.expect"

-- The capacities from 0 on, as many as are wanted.
local function sequence(name, count, element_size)
  local policy, capacities = dynarray.growth[name], { 0 }
  while #capacities < count do
    local capacity = capacities[#capacities]
    capacities[#capacities + 1] = policy(capacity, capacity + 1, element_size)
  end
  return capacities
end

-- Elements copied for each of n appended one by one.
local function copies(name, n, element_size, first)
  local policy, capacity, copied = dynarray.growth[name], first or 0, 0
  while capacity < n do
    copied = copied + capacity
    capacity = policy(capacity, capacity + 1, element_size)
  end
  return copied / n, capacity
end

describe("the capacities of a named policy", function()
  -- element size, then what the source's formula gives from an empty array on
  local by_hand = {
    ["double"] = { { 8, 0, 1, 2, 4, 8, 16, 32, 64, 128 } },
    -- grow(): old + (old >> 1), at first DEFAULT_CAPACITY, 10
    ["1.5"] = { { 8, 0, 10, 15, 22, 33, 49, 73, 109, 163, 244, 366 } },
    ["golden"] = { { 8, 0, 1, 2, 4, 7, 12, 20, 33, 54, 88 } },
    -- n = old + 1: (n + n / 8 + 6) to a multiple of 4
    ["cpython"] = { { 8, 0, 4, 8, 16, 24, 32, 40, 52, 64, 76, 92, 108, 128, 148, 172, 200, 232, 268, 308, 352 } },
    -- n = old + 1: n + n / 16 + 3, from 8 elements on + 7
    ["python-array"] = { { 8, 0, 4, 8, 16, 25, 34, 44, 54, 65, 77, 89 } },
    ["rust"] = { { 1, 0, 8, 16, 32, 64 }, { 8, 0, 4, 8, 16, 32 }, { 1024, 0, 4, 8 }, { 1025, 0, 1, 2, 4 } },
    -- twice below 256, then old + (old + 768) / 4, in bytes rounded up to a size class
    ["go"] = {
      { 8, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 848, 1280, 1792, 2560, 3408, 5120, 7168, 9216, 12288, 16384,
        21504 },
      { 1, 0, 8, 16, 32, 64, 128, 256, 512, 896, 1408, 2048, 3072, 4096, 5376, 6912, 9472, 12288, 16384, 21760, 28672,
        40960 },
    },
    -- 64 bytes, twice below 4 KiB, (old * 3 + 1) / 2 to 128 KiB, twice above
    ["folly"] = {
      { 8, 0, 8, 16, 32, 64, 128, 256, 512, 768, 1152, 1728, 2592, 3888, 5832, 8748, 13122, 19683, 39366, 78732 },
      { 128, 0, 1, 2, 4, 8, 16, 32, 48, 72, 108, 162, 243, 365, 548, 822, 1233, 2466, 4932 },
    },
    ["lua"] = { { 8, 0, 1, 2, 4, 8, 16, 32, 64, 128 } },
    -- n = old + 1: n + n / 2 + 16
    ["v8"] = { { 8, 0, 17, 43, 82, 140, 227, 358 } },
    ["exact"] = { { 8, 0, 1, 2, 3, 4, 5 } },
    ["increment:1"] = { { 8, 0, 1, 2, 3, 4, 5 } },
    ["increment:1000"] = { { 8, 0, 1000, 2000, 3000 } },
  }

  for name, cases in pairs(by_hand) do
    it("are those of its source: " .. name, function()
      for _, case in ipairs(cases) do
        local element_size = table.remove(case, 1)
        assert.same(case, sequence(name, #case, element_size))
      end
    end)
  end

  it("are those of an array that is appended to", function()
    for name, cases in pairs { cpython = { 0, 4, 8, 16, 24, 32, 40, 52, 64 }, lua = { 0, 1, 2, 4, 8, 16 },
      ["1.5"] = { 0, 10, 15, 22, 33, 49, 73, 109 }, ["increment:7"] = { 0, 7, 14, 21, 28 },
      go = { 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 848, 1280 } } do
      local a = dynarray.new { type = "float64", capacity = 0, growth = name }
      local seen = { 0 }
      for i = 1, cases[#cases] do
        a:append(i)
        if a.capacity ~= seen[#seen] then
          seen[#seen + 1] = a.capacity
        end
      end
      assert.same(cases, seen)
    end
  end)

  it("go: each size class of Go's allocator is the next for one byte more than the class before", function()
    local classes, last = { 8, 16, 24, 32, 48, 64, 80, 96, 112, 128, 144, 160, 176, 192, 208, 224, 240, 256, 288, 320,
      352, 384, 416, 448, 480, 512, 576, 640, 704, 768, 896, 1024, 1152, 1280, 1408, 1536, 1792, 2048, 2304, 2688, 3072,
      3200, 3456, 4096, 4864, 5120, 5376, 6144, 6528, 6784, 6912, 8192, 9472, 9728, 10240, 10880, 12288, 13568, 14336,
      16384, 18432, 19072, 20480, 21760, 24576, 27264, 28672, 32768, 40960 }, 0
    for _, class in ipairs(classes) do
      assert.equal(class, dynarray.growth.go(0, last + 1, 1))
      assert.equal(class, dynarray.growth.go(0, class, 1))
      last = class
    end
  end)

  it("reach what is needed at once", function()
    for name in pairs(by_hand) do
      for _, capacity in ipairs { 0, 1, 7, 100, 4096, 1 << 20 } do
        for _, needed in ipairs { capacity + 1, capacity + 2, capacity * 2, capacity * 2 + 1, capacity + 100000 } do
          if needed > capacity then
            local got = dynarray.growth[name](capacity, needed, 8)
            assert(got >= needed, ("%s(%d, %d) is %d"):format(name, capacity, needed, got))
          end
        end
      end
    end
    assert.equal(5000, dynarray.growth.exact(10, 5000, 8))
    assert.equal(5000, dynarray.growth["increment:1000"](0, 4001, 8))
    assert.equal(5010, dynarray.growth["increment:1000"](10, 5000, 8))
    assert.equal(5000, dynarray.growth.double(10, 5000, 8))
    assert.equal(5000, dynarray.growth.cpython(10, 5000, 8)) -- a jump gets no margin
    assert.equal(8192, dynarray.growth.lua(10, 5000, 8))
    assert.equal(5000, dynarray.growth.rust(10, 5000, 8))
    assert.equal(5120, dynarray.growth.go(10, 5000, 8)) -- 40,000 bytes in pages of 8 KiB
    assert.equal(26, dynarray.growth.go(10, 25, 8)) -- more than twice as much gets no more than its class
    assert.equal(20, dynarray.growth.go(10, 20, 8))
  end)
end)

describe("100,000,000 appends one by one", function()
  local n = 100000000

  -- The figures of the literature are those of issue 3; where a start is given, they hold for that first capacity.
  local known = {
    { "cpython", 8.35 },
    { "rust", 1.34 },
    { "double", 1.34 },
    { "lua", 1.34 },
    { "1.5", 2.72, first = 1 }, -- new ArrayList(1)
    { "v8", 2.26 },
    { "1.5", 2.10 }, -- new ArrayList(): 10 at first
    -- 4.48 without size classes; these round up, and the last growths fall elsewhere
    { "go", 4.59, element_size = 8 },
    { "go", 4.92, element_size = 1 },
    { "go", 4.70, element_size = 4 },
    { "python-array", 16.41 },
    { "folly", 1.61 },
    { "golden", 1.66 },
  }

  for _, case in ipairs(known) do
    local name, expected = table.unpack(case)
    it(("copy %.2f elements each: %s, %d bytes, from %d"):format(expected, name, case.element_size or 8,
      case.first or 0), function()
      local got, capacity = copies(name, n, case.element_size or 8, case.first)
      assert.is_true(math.abs(got / expected - 1) < 0.01, got)
      assert.is_true(capacity >= n)
    end)
  end

  it("copy 4.48 elements each by Go's formula without size classes", function()
    local capacity, copied = 1, 0
    while capacity < n do
      copied = copied + capacity
      local plain = capacity < 256 and capacity * 2 or capacity + (capacity + 768) // 4
      local rounded = dynarray.growth.go(capacity, capacity + 1, 8)
      assert(rounded >= plain and rounded <= plain * 1.25, capacity)
      capacity = plain
    end
    assert.is_true(math.abs(copied / n / 4.48 - 1) < 0.01)
  end)

  it("copy as many as a real array does", function()
    for _, name in ipairs { "cpython", "1.5", "go", "folly", "v8", "double", "increment:10000" } do
      local a = dynarray.new { type = "int32", capacity = 0, growth = name, block = "copy" }
      for i = 1, 100000 do
        a:append(i)
      end
      assert.equal(copies(name, 100000, 4) * 100000, a:stats().elements_copied)
    end
  end)
end)

describe("set_growth", function()
  it("takes effect at the next growth, and changes neither capacity nor elements", function()
    local a = dynarray.new { type = "int16", capacity = 10 }
    local model = {}
    local function append_to(n)
      for i = #a + 1, n do
        a:append(i)
        model[i] = i
      end
      return a.capacity
    end
    append_to(10)
    for _, step in ipairs { { "cpython", 16 }, { "double", 32 }, { 3, 96 }, { "go", 192 }, { 1.5, 288 },
      { "increment:12", 300 }, { "exact", 301 }, { "lua", 512 }, { "folly", 1024 }, { "rust", 2048 },
      { function(capacity) return capacity + 2 end, 2050 }, { "1.5", 3075 } } do
      local policy, expected = table.unpack(step)
      local before = a.capacity
      a:set_growth(policy)
      assert.equal(before, a.capacity)
      assert.equal(policy, a.growth)
      assert.equal(expected, append_to(before + 1))
      append_to(expected)
    end
    expect.holds(a:slice(1, 200), table.unpack(model, 1, 200))
    for i = 1, #a do
      assert(a[i] == i)
    end
  end)

  it("is one array's own", function()
    local a, b = dynarray.new { capacity = 4 }, dynarray.new { capacity = 4 }
    a:set_growth("exact")
    assert.equal(2, b.growth)
    a:append(1, 2, 3, 4):append(5)
    b:append(1, 2, 3, 4):append(5)
    assert.same({ 5, 8 }, { a.capacity, b.capacity })
    assert.equal("exact", a:copy().growth)
  end)
end)
