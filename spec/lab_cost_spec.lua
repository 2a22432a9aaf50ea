-- The model of what growth costs, and of the heap.
local child = require "support.child"
local cost = require "dynarray.lab.model.cost"
local dynarray = require "dynarray"
local lab = require "dynarray.lab"
local simulate = require "dynarray.lab.model.simulate"

local costs = require "dynarray.lab.experiments.costs"

-- All constants 0 but these.
local function constants(some)
  local all = {}
  for _, constant in ipairs(cost.constants) do
    all[constant.name] = some[constant.name] or 0
  end
  return all
end

-- What one page of 4 KiB or one call costs, times how many there are.
local function counted(name, policy, n, options)
  local near = name == "small_page" and { near_page = 1 } or {}
  near[name] = 1
  return cost.predict(constants(near), policy, n, options).total
end

describe("the model of costs", function()
  it("has the growths and the copies of the formulas", function()
    for _, policy in ipairs { "double", "1.5", "golden", "cpython", "exact", "increment:1000", "go", 3 } do
      for _, n in ipairs { 1, 100, 4096, 100000, 1000000 } do
        local p, simulated = cost.predict(constants {}, policy, n, { block = "copy" }), simulate.run(policy, n)
        assert.equal(simulated.growths, p.growths, policy)
        assert.is_true(math.abs(p.copied_bytes - simulated.copied * 8) <= 8e-9 * p.copied_bytes, policy)
      end
    end
  end)

  it("adds up its parts", function()
    local p = cost.predict(constants { store = 1, copy_small = 1, call = 1, small_page = 1, mapping = 1 }, "double",
      1000000, { block = "copy" })
    local sum = 0
    for _, part in ipairs(cost.parts) do
      assert.is_true(p[part.name] > 0, part.name)
      sum = sum + p[part.name]
    end
    assert.equal(p.total, sum)
  end)

  it("grows as the square of the size where a constant is added, and in proportion where it is multiplied", function()
    local c = constants { copy_huge = 1 }
    local function ratio(policy)
      local options = { block = "copy" }
      return cost.predict(c, policy, 1 << 30, options).total / cost.predict(c, policy, 1 << 28, options).total
    end
    assert.is_true(math.abs(ratio "increment:1000" - 16) < 0.1, ratio "increment:1000")
    assert.is_true(math.abs(ratio "double" - 4) < 0.3, ratio "double")
  end)

  it("takes no longer than a moment for 1e12 elements", function()
    local start = os.clock()
    local p = cost.predict(constants { copy_huge = 1 }, "exact", 1000000000000, { block = "copy" })
    assert.equal(1000000000000, p.growths)
    assert.is_true(os.clock() - start < 1)
  end)

  it("copies nothing in a block of pages that grows in place", function()
    local small, large = counted("copy_medium", "double", 1 << 14, { block = "auto" }),
      counted("copy_medium", "double", 1 << 26, { block = "auto" })
    assert.equal(small, large) -- what lies in the heap before is less than that
  end)

  it("takes few pages from those that have just come back, many from the system", function()
    local function both(n)
      local options = { block = "copy" }
      return cost.predict(constants { near_page = 1 }, "double", n, options).total,
        cost.predict(constants { small_page = 1 }, "double", n, options).total
    end
    local near, far = both(1 << 18) -- 2 MiB
    assert.is_true(near > 0 and far == 0)
    near, far = both(1 << 21) -- 16 MiB: the last blocks are larger than 4 MiB
    assert.is_true(near > 0 and far > near)
  end)

  it("knows blocks of two kinds", function()
    assert.has_error(function() cost.predict(constants {}, "double", 1, { block = "stable" }) end,
      'no cost is known for block "stable" (auto or copy)')
  end)
end)

-- Pages that the system gave while such an array grew, in a process of its own, for the kth time.
local function faults(policy, n, k)
  return tonumber(child.output(([[
    local dynarray = require "dynarray"
    local memory = dynarray.probe.memory
    local faults
    for _ = 1, %d do
      local a <close> = dynarray.new { type = "int64", growth = %q, capacity = 0, block = "copy" }
      local before = memory().minor_faults
      dynarray.probe.appends(a, %d)
      faults = memory().minor_faults - before
    end
    print(faults)
  ]]):format(k, policy, n)))
end

describe("the model of glibc's heap", function()
  local why = dynarray.probe.build.sanitized and "the allocator is the sanitizer's"
    or not dynarray.probe.memory().minor_faults and "this system does not count faults"
  local pipe = io.popen "getconf GNU_LIBC_VERSION 2>/dev/null"
  why = why or not pipe:read("a"):find "^glibc" and "the system's malloc is another"
  pipe:close()
  why = why or dynarray.new { type = "int8", capacity = 1 << 20 }.block ~= "heap" and "the system's malloc is another"
  local thp = io.open "/sys/kernel/mm/transparent_hugepage/enabled"
  why = why or thp and thp:read("a"):find("[always]", 1, true) and "all memory is huge pages"
  if thp then thp:close() end

  local function agree(policy, n, k)
    local predicted = counted("small_page", policy, n, { block = "copy", again = k > 1 })
    local measured = faults(policy, n, k)
    assert.is_true(math.abs(measured - predicted) <= 0.03 * measured + 96,
      ("%s, %d: %.0f pages predicted, %d measured"):format(policy, n, predicted, measured))
  end

  it("touches as many pages as the system gives to a first growth", function()
    if why then return pending(why) end
    for _, policy in ipairs { "double", "1.5", "cpython", "increment:10000" } do
      agree(policy, 300000, 1)
    end
  end)

  it("touches as many as the system gives once more when the process has grown such arrays before", function()
    if why then return pending(why) end
    for _, policy in ipairs { "double", "golden", "cpython", "increment:1000" } do
      agree(policy, 100000, 3)
    end
    agree("double", 1000000, 3)
  end)
end)

describe("experiment costs", function()
  local all = lab.run { names = { "costs" }, quick = true, budget = 0 }
  local run = all.runs[1]

  it("measures constants that can be", function()
    local c = costs.constants(run)
    assert.is_true(c.store > 0 and c.copy_small > 0 and c.growth > 0)
    assert.is_true(c.copy_huge >= c.copy_small / 2)
    assert.is_true(c.small_page > 0 or c.huge_page > 0)
  end)

  it("puts predictions beside what policies measured, and marks those that are far off", function()
    local policies = require "dynarray.lab.experiments.policies"
    local c = costs.constants(run)
    local case = { policy = "double", block = "copy", type = "int64", size = 1000, memory = "warm" }
    local predicted = costs.predict(c, case).total / case.size
    local function shown(ratio)
      local other = { experiment = "policies", parameters = {}, metrics = policies.metrics, cases = {
        { id = "one", case = case, samples = { { round = 1, metrics = { ns_per_append = predicted / ratio } } } },
        { id = "two", case = { policy = "exact", block = "copy", type = "int64", size = 10000000 }, samples = {} },
        { id = "three", case = { policy = "exact", block = "stable", type = "int64", size = 1000 }, samples = {} },
      } }
      return costs.tables(run, { runs = { run, other } })[2].rows,
        select(2, costs.answer(run, { runs = { run, other } }))
    end
    local rows, answer = shown(1.2)
    assert.equal(2, #rows)
    assert.equal("+20%", rows[2][6])
    assert.equal("", rows[2][#rows[2]])
    assert.equal("not measured", rows[1][6]) -- exact: steps come before factors
    assert.truthy(answer:find("Of 1 measured times, 1 differ from what these constants predict by at most 30%.", 1,
      true))
    rows, answer = shown(0.5)
    assert.equal("more than 30% off (few appends)", rows[2][#rows[2]])
    assert.truthy(answer:find("Of 1 measured times, 0 differ", 1, true))
    assert.truthy(answer:find("1 took longer than predicted (few appends: there a growth", 1, true))
    assert.equal(1, #costs.tables(run, { runs = { run } }))
  end)

  it("marks a prediction by the difference that its column shows", function()
    local policies = require "dynarray.lab.experiments.policies"
    local function shown(ratio, samples)
      local case = { policy = "increment:1000", block = "copy", type = "int64", size = 20000, memory = "warm" }
      local predicted = costs.predict(costs.constants(run), case).total / case.size
      local other = { experiment = "policies", parameters = {}, metrics = policies.metrics, cases = { { id = "one",
        case = case, samples = samples or { { round = 1, metrics = { ns_per_append = predicted / ratio } } } } } }
      local row = costs.tables(run, { runs = { run, other } })[2].rows[1]
      return row[6], row[#row] ~= "", select(2, costs.answer(run, { runs = { run, other } }))
    end
    for ratio, marked in pairs { [0.72] = false, [0.697] = false, [0.68] = true, [1.3] = false, [1.33] = true } do
      local off, is_marked = shown(ratio)
      assert.equal(("%+.0f%%"):format((ratio - 1) * 100), off)
      assert.equal(marked, is_marked, off)
    end
    assert.truthy(select(3, shown(0.5)):find("1 took longer than predicted", 1, true))
    assert.truthy(select(3, shown(2)):find("1 took less time than predicted", 1, true))
  end)

  it("gives a reason that fits the direction", function()
    local policies = require "dynarray.lab.experiments.policies"
    local c = costs.constants(run)
    for name in pairs(c) do
      c[name] = name:find "^copy" and 1000 or 1 -- copying is most
    end
    local costs_run = { experiment = "costs", parameters = {}, metrics = costs.metrics,
      cases = { { id = "", case = {}, samples = { { round = 1, metrics = c } } } } }
    local case = { policy = "increment:1000", block = "copy", type = "int64", size = 20000, memory = "warm" }
    local predicted = costs.predict(c, case).total / case.size
    for ratio, reason in pairs { [0.5] = "longer than predicted (copying: the model counts on malloc to keep",
      [2] = "less time than predicted (copying: both blocks fit into a cache)" } do
      local other = { experiment = "policies", parameters = {}, metrics = policies.metrics, cases = { { id = "one",
        case = case, samples = { { round = 1, metrics = { ns_per_append = predicted / ratio } } } } } }
      local _, more = costs.answer(costs_run, { runs = { costs_run, other } })
      assert.truthy(more:find(reason, 1, true), more)
    end
  end)

  it("tells the share of a part as its table does", function()
    local policies = require "dynarray.lab.experiments.policies"
    local all_runs = { runs = { run, { experiment = "policies", parameters = {}, metrics = policies.metrics, cases = {
      { id = "one", case = { policy = "double", block = "auto", type = "int64", size = 10000000 }, samples = {} },
    } } } }
    local shares, most = costs.tables(run, all_runs)[2].rows[1], 0
    for column = 7, 10 do
      most = math.max(most, tonumber(shares[column]))
    end
    assert.equal(tostring(most), costs.answer(run, all_runs):match("not copied, (%d+)%%"))
  end)
end)

describe("dynarray-lab predict", function()
  it("tells how long it takes, and where the time goes", function()
    local directory = io.popen("pwd"):read("l") .. "/build/spec/predict"
    os.execute(("rm -rf '%s' && mkdir -p '%s'"):format(directory, directory))
    lab.run { names = { "costs" }, budget = 0, output = directory }
    local out, err, ok = child.program("bin/dynarray-lab", "predict", "increment:1000", "1e8", "--output", directory)
    assert(ok, err)
    assert.truthy(out:find('1e8 appends with increment:1000, block "copy": ', 1, true))
    assert.truthy(out:find("100000 growths copy 36.4 TiB, 50000 elements for each append.", 1, true), out)
    assert.truthy(out:find('block "auto"', 1, true))
    assert.truthy(out:find("first touches +[%d.]+ %a+ +[%d.]+"))
    local mistakes = { { "nope", "1" }, { "double", "0" }, { "double", "1.5" }, { "double", "9", "--type", "x" } }
    for _, wrong in ipairs(mistakes) do
      local _, message, _, code = child.program("bin/dynarray-lab", "predict", table.unpack(wrong))
      assert.equal(2, code)
      assert.equal(1, select(2, message:gsub("\n", "")), message)
    end
  end)
end)
