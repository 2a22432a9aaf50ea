--- What things cost on this machine, as a run of the experiment `costs` found it.
local cost = require "dynarray.lab.model.cost"
local medians = require "dynarray.lab.report.medians"

local constants = {}

--- Those of a run of `costs`: medians by name, nil if one was not measured.
function constants.of(run)
  local view, found = medians.of(run), {}
  for _, constant in ipairs(cost.constants) do
    found[constant.name] = view:value({}, constant.name)
    if not found[constant.name] then
      return nil
    end
  end
  return found
end

--- Those of results; nil if they have none.
function constants.among(all)
  for _, run in ipairs(all and all.runs or {}) do
    local found = run.experiment == "costs" and constants.of(run)
    if found then
      return found
    end
  end
end

return constants
