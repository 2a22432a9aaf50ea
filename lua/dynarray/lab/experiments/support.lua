--- What the experiments share: arrays as a case asks for them, all combinations of parameters, points for a plot.
local dynarray = require "dynarray"
local shell = require "dynarray.lab.shell"
local simulate = require "dynarray.lab.simulate"
local stats = require "dynarray.lab.stats"

local support = {}

--- An empty array of the case's type, policy and block, with no capacity unless options say otherwise.
function support.array(case, options)
  local setup = { type = case.type or "int64", growth = simulate.growth(case.policy), block = case.block, capacity = 0 }
  for key, value in pairs(options or {}) do
    setup[key] = value
  end
  return dynarray.new(setup)
end

local element_sizes = {}

--- Bytes of an element of that type.
function support.element_size(type)
  type = type or "int64"
  element_sizes[type] = element_sizes[type] or dynarray.new({ type = type, capacity = 0 }).element_size
  return element_sizes[type]
end

--- Cases: every combination of the values of these parameters, the first changing slowest.
function support.combinations(parameters, ...)
  local cases = { {} }
  for _, name in ipairs { ... } do
    local longer = {}
    for _, case in ipairs(cases) do
      for _, value in ipairs(parameters[name]) do
        local copy = { [name] = value }
        for key, other in pairs(case) do
          copy[key] = other
        end
        longer[#longer + 1] = copy
      end
    end
    cases = longer
  end
  return cases
end

local LEAST_NS = 1e6 -- of all repetitions together
local LEAST_REPEATED, MOST_REPEATED = 5, 1000

--- The median of what `once()` returns, repeated while that is short: the system takes the processor away for
-- milliseconds, which would be most of a sample of microseconds. What takes long is done once.
function support.repeated(once)
  local list, total = {}, 0
  repeat
    list[#list + 1] = once()
    total = total + list[#list]
    local enough = total >= LEAST_NS and (#list >= LEAST_REPEATED or total >= LEAST_NS * MOST_REPEATED / 10)
  until enough or #list == MOST_REPEATED
  return stats.median(list)
end

--- Whole numbers from first to last, evenly spaced on a logarithmic scale, each once.
function support.log_spaced(first, last, count)
  local points = {}
  for i = 0, count - 1 do
    local x = math.floor(first * (last / first) ^ (i / math.max(count - 1, 1)) + 0.5)
    if x ~= points[#points] then
      points[#points + 1] = x
    end
  end
  return points
end

--- Bytes that can be had without swapping; nil where the system does not tell.
function support.available_memory()
  local text = shell.contents "/proc/meminfo"
  local kib = text and text:match("MemAvailable:%s*(%d+) kB")
  return kib and tonumber(kib) * 1024
end

--- Words as a sentence lists them: a, b and c.
function support.join(words)
  if #words < 2 then
    return words[1] or ""
  end
  return table.concat(words, ", ", 1, #words - 1) .. " and " .. words[#words]
end

return support
