--- Results of two small experiments that were never measured, for the specs of what is shown.
local lab_data = {}

local growth = {
  name = "growth",
  question = "What does <growth> cost & why?",
  parameters = { { name = "size", default = { 10, 1000 } }, { name = "policy", default = { "double", "exact" } } },
  metrics = {
    { name = "ns_per_append", unit = "ns", better = "less" },
    { name = "growths", unit = "", exact = true },
    { name = "growths_predicted", unit = "", exact = true, predicts = "growths" },
  },
  plots = function()
    local lines = {}
    for k, label in ipairs { "double", "exact" } do
      lines[k] = {
        label = label, x = { 10, 1000 }, y = { 3 * k, 30 * k }, low = { 2 * k, 20 * k }, high = { 4 * k, 40 * k },
      }
    end
    return {
      { name = "growth-time", title = "Time of an append", kind = "lines", x = { label = "elements", log = 10 },
        y = { label = "per append", unit = "ns" }, lines = lines },
      { name = "growth-bars", title = "Growths", kind = "bars", x = { label = "policy" }, y = { label = "growths" },
        lines = { { x = { "double", "exact" }, y = { 7, 1000 } } } },
    }
  end,
  answer = function() return "Growing by one copies 500 times as much." end,
}

local caches = {
  name = "caches",
  question = "Where do the caches end?",
  parameters = {},
  metrics = { { name = "ns_per_read", unit = "ns", better = "less" } },
  plots = function()
    return {
      { name = "caches", title = "Time of a read", x = { label = "working set", unit = "bytes", log = 2 },
        y = { label = "a read", unit = "ns", log = 10 },
        lines = { { label = "random", x = { 4096, 2 ^ 20 }, y = { 1, 80 } } },
        marks = { { x = 32768, label = "L1d 32 KiB" } } },
    }
  end,
  tables = function()
    return {
      {
        title = "Caches", columns = { { name = "level" }, { name = "size", unit = "bytes" } },
        rows = { { "L1d", 32768 } },
      },
      { title = "Reads", columns = { { name = "time", unit = "ns" } }, rows = { { 1.25 }, { 80 } } },
    }
  end,
  answer = function() return "At 32 KiB." end,
}

lab_data.experiments = { growth, caches }

local function samples(list)
  local made = {}
  for k, metrics in ipairs(list) do
    made[k] = { round = k, seconds = 0.01, metrics = metrics }
  end
  return made
end

local function case(size, policy, scale)
  local list = {}
  for k, ns in ipairs { 3.0, 3.1, 3.2, 3.3, 3.1, 3.0, 3.2 } do
    list[k] = {
      ns_per_append = ns * scale, growths = size - 1, growths_predicted = policy == "exact" and size or size - 1,
    }
  end
  return {
    id = ("policy=%s size=%d"):format(policy, size), case = { policy = policy, size = size }, samples = samples(list),
  }
end

local function results(scale)
  local environment = {
    cpu = "A <fast> processor", caches = { { level = 1, bytes = 32768 } }, warnings = { "load 3.5 & rising" },
  }
  return {
    schema = 1, seed = 7, quick = true, budget = 5, interrupted = false, notes = {},
    environment = environment, environments = { environment },
    runs = {
      {
        experiment = "growth", metrics = growth.metrics, seconds = 1.5,
        parameters = { size = { 10, 1000 }, policy = { "double", "exact" } },
        cases = { case(10, "double", scale), case(1000, "double", scale), case(10, "exact", scale),
          case(1000, "exact", 10 * scale) },
      },
      {
        experiment = "caches", metrics = caches.metrics, parameters = {}, seconds = 0.25,
        cases = { { id = "bytes=4096", case = { bytes = 4096 }, samples = samples { { ns_per_read = 1.5 * scale } } } },
      },
    },
  }
end

--- Fresh results; times are multiplied by `scale`. Each case has seven samples or one, or `count` of them.
function lab_data.results(scale, count)
  local all = results(scale or 1)
  for _, run in ipairs(count and all.runs or {}) do
    for _, entry in ipairs(run.cases) do
      for k = 1, count do
        entry.samples[k] = entry.samples[k] or { round = k, seconds = 0.01, metrics = entry.samples[1].metrics }
      end
    end
  end
  return all
end

return lab_data
