--- The experiments, in the order in which the laboratory runs them. `advise` beside them is one, too, but needs a
-- workload.
local names = {
  "article", "policies", "costs", "latency", "reuse", "memory", "hierarchy", "storage", "places", "process",
  "collector", "versus",
}

local experiments = {}
for i, name in ipairs(names) do
  experiments[i] = require("dynarray.lab.experiments." .. name)
end

return experiments
