-- Two runs compared, metric by metric.
local compare = require "dynarray.lab.report.compare"
local data = require "support.lab_data"
local lab = require "dynarray.lab"
local text_table = require "dynarray.lab.report.text_table"

local function row_of(comparison, id, metric)
  for _, row in ipairs(comparison.rows) do
    if row.id == id and row.metric == metric then
      return row
    end
  end
end

local function verdict(old_scale, new_scale, options)
  local comparison = lab.compare(data.results(old_scale), data.results(new_scale), options)
  return row_of(comparison, "policy=double size=10", "ns_per_append").verdict, comparison
end

describe("comparing two runs", function()
  it("finds no difference between a run and itself", function()
    local same, comparison = verdict(1, 1)
    assert.equal("~", same)
    assert.equal(0, comparison.regressions)
    assert.same({ ["~"] = 12, ["too few samples"] = 1 }, comparison.counts)
  end)

  it("tells better from worse, and a regression by its size", function()
    assert.equal("better", (verdict(1.2, 1)))
    assert.equal("regression", (verdict(1, 1.2)))
    assert.equal("worse", (verdict(1, 1.2, { threshold = 0.25 })))
    assert.equal(4, select(2, verdict(1, 1.2)).regressions)
  end)

  it("gives the ratio with its interval", function()
    local _, comparison = verdict(1, 1.5)
    local row = row_of(comparison, "policy=exact size=1000", "ns_per_append")
    assert.is_true(math.abs(row.ratio - 1.5) < 1e-9)
    assert.is_true(row.low < row.ratio and row.ratio < row.high and row.low > 1.3 and row.high < 1.7)
    assert.is_true(row.p < 0.01)
  end)

  it("takes any change of an exact metric as one, and calls it neither good nor bad", function()
    local new = data.results()
    for _, sample in ipairs(new.runs[1].cases[1].samples) do
      sample.metrics.growths = 8
    end
    local row = row_of(lab.compare(data.results(), new), "policy=double size=10", "growths")
    assert.equal("less", row.verdict)
    assert.equal(8 / 9, row.ratio)
  end)

  it("respects metrics of which more is better", function()
    local old, new = data.results(), data.results(1.2)
    local metrics = { { name = "ns_per_append", unit = "ns", better = "more" } }
    old.runs[1].metrics, new.runs[1].metrics = metrics, metrics
    assert.equal("better", row_of(lab.compare(old, new), "policy=double size=10", "ns_per_append").verdict)
    assert.equal("regression", row_of(lab.compare(new, old), "policy=double size=10", "ns_per_append").verdict)
  end)

  it("says where samples are too few to tell", function()
    local row = row_of(lab.compare(data.results(), data.results(9)), "bytes=4096", "ns_per_read")
    assert.equal("too few samples", row.verdict)
  end)

  it("counts a regression only where all of the interval is past the threshold", function()
    local wide = data.results()
    for k, ns in ipairs { 3.1, 3.31, 3.32, 3.4, 3.41, 3.5, 3.6 } do
      wide.runs[1].cases[1].samples[k].metrics.ns_per_append = ns
    end
    local comparison = lab.compare(data.results(), wide)
    local row = row_of(comparison, "policy=double size=10", "ns_per_append")
    assert.is_true(row.ratio > 1.05 and row.low < 1.05 and row.p < 0.05)
    assert.equal("worse", row.verdict)
    assert.equal(0, comparison.regressions)
  end)

  -- Results of so many cases, each with these times.
  local function many(cases, times)
    local samples = {}
    for k, ns in ipairs(times) do
      samples[k] = { round = k, seconds = 1, metrics = { ns = ns } }
    end
    local run = { experiment = "e", metrics = { { name = "ns", better = "less" } }, cases = {} }
    for k = 1, cases do
      run.cases[k] = { id = "k=" .. k, case = { k = k }, samples = samples }
    end
    return { runs = { run } }
  end

  it("corrects for the number of rows", function()
    local old, new = { 1, 2, 3, 4, 5.5, 6 }, { 5, 12, 13, 14, 15, 16 } -- p = 8/924
    assert.equal(1, lab.compare(many(1, old), many(1, new)).regressions)
    assert.equal(5, lab.compare(many(5, old), many(5, new)).regressions)
    assert.same({ ["~"] = 6 }, lab.compare(many(6, old), many(6, new)).counts)
    assert.same({ ["too few samples"] = 24 }, lab.compare(many(24, old), many(24, new)).counts)
  end)

  it("needs no correction where all of one run lies past the threshold above all of the other", function()
    local function counts(old, new)
      return lab.compare(many(200, old), many(200, new)).counts
    end
    local fast, slow, near = { 1, 1.1, 1.2, 1.1, 1 }, { 1.5, 1.3, 1.4, 1.6, 1.3 }, { 1.5, 1.25, 1.4, 1.6, 1.3 }
    assert.same({ regression = 200 }, counts(fast, slow))
    assert.same({ better = 200 }, counts(slow, fast))
    assert.same({ ["too few samples"] = 200 }, counts(fast, near))
    assert.same({ ["too few samples"] = 200 }, counts({ 1, 1 }, { 9, 9 }))
  end)

  it("takes a case that fails in the new run alone as a regression", function()
    local new = data.results()
    new.runs[1].cases[1].samples = {}
    new.runs[1].cases[1].error = "no memory"
    local comparison = lab.compare(data.results(), new)
    assert.equal(1, comparison.regressions)
    assert.truthy(compare.summary(comparison):find("1 failed in the new run", 1, true))
    assert.truthy(text_table.aligned(compare.table(comparison)):find("policy=double size=10 .*failed: no memory\n"))
    assert.equal(0, lab.compare(new, new).regressions)
    assert.equal(0, lab.compare(new, data.results()).regressions)
  end)

  it("takes a worse exact metric as a regression, unless it is not exact in that case", function()
    local function results_with(copied, block)
      local samples = { { round = 1, seconds = 1, metrics = { copied = copied } } }
      return { runs = { { experiment = "e", metrics = { { name = "copied", exact = true, unless = { block = "auto" },
        better = "less" } }, cases = { { id = "block=" .. block, case = { block = block }, samples = samples } } } } }
    end
    local function counts(block)
      return lab.compare(results_with(1, block), results_with(10, block)).counts
    end
    assert.same({ regression = 1 }, counts("copy"))
    assert.same({ ["too few samples"] = 1 }, counts("auto"))
  end)

  it("knows for each metric of the laboratory which is better, or that neither is", function()
    local neutral = {}
    for _, experiment in ipairs(lab.experiments) do
      for _, metric in ipairs(experiment.metrics) do
        if not metric.better and not metric.predicts then
          neutral[#neutral + 1] = experiment.name .. " " .. metric.name
        end
      end
    end
    table.sort(neutral)
    assert.same({ "article capacity", "article fifth", "article first_after_write", "latency clock", "latency max_at",
      "latency max_grows", "places below_stack", "places bytes", "places in_heap", "policies in_place",
      "policies moves", "process brk_step", "process huge_pages", "process mmap_threshold",
      "process mmap_threshold_after_free", "process pages_threshold", "reuse growths", "storage waits" }, neutral)
  end)

  it("counts what only one of them has", function()
    local old, new = data.results(), data.results()
    table.remove(old.runs[1].cases)
    table.remove(new.runs)
    local comparison = lab.compare(old, new)
    assert.equal(1, comparison.only_old)
    assert.equal(3, comparison.only_new)
    assert.equal("9 without a significant difference, 1 only in the old run, 3 only in the new run",
      compare.summary(comparison))
  end)

  it("may find nothing", function()
    local empty = data.results()
    empty.runs = {}
    assert.equal("nothing to compare", compare.summary(lab.compare(empty, empty)))
  end)

  it("is shown as a table", function()
    local shown = text_table.aligned(compare.table(select(2, verdict(1, 2))))
    local row = "policy=double size=10 +ns_per_append +3.10 ns +6.20 ns +2.000 +1.%d+ to 2.%d+ +regression"
    assert.truthy(shown:find(row))
  end)
end)
