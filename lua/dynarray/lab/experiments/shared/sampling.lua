--- How often something short is timed, and at which places something long is looked at.
local statistics = require "dynarray.lab.statistics"

local sampling = {}

local LEAST_NS = 1e7 -- of all repetitions together
local LEAST_REPEATED, MOST_REPEATED = 5, 1000

--- The median of what `once()` returns, repeated while that is short: the system takes the processor away for
-- milliseconds, which would be most of a sample of microseconds. What takes long is done once.
function sampling.repeated(once)
  local list, total = {}, 0
  repeat
    list[#list + 1] = once()
    total = total + list[#list]
    local enough = total >= LEAST_NS and (#list >= LEAST_REPEATED or total >= LEAST_NS * MOST_REPEATED / 10)
  until enough or #list == MOST_REPEATED
  return statistics.median(list)
end

--- Whole numbers from first to last, evenly spaced on a logarithmic scale, each once.
function sampling.log_spaced(first, last, count)
  local points = {}
  for i = 0, count - 1 do
    local x = math.floor(first * (last / first) ^ (i / math.max(count - 1, 1)) + 0.5)
    if x ~= points[#points] then
      points[#points + 1] = x
    end
  end
  return points
end

return sampling
