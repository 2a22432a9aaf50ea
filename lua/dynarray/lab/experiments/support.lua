--- What the experiments share: arrays as a case asks for them, all combinations of parameters, points for a plot.
local dynarray = require "dynarray"
local shell = require "dynarray.lab.shell"
local simulate = require "dynarray.lab.simulate"
local stats = require "dynarray.lab.stats"
local text = require "dynarray.lab.text"

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

local MOST_OF_MEMORY = 0.5 -- of what can be had without swapping

--- Why a case that takes so many bytes is not measured; nil if it fits, or the system does not tell.
function support.too_large(bytes)
  local meminfo = shell.contents "/proc/meminfo"
  local kib = meminfo and tonumber(meminfo:match("MemAvailable:%s*(%d+) kB"))
  if kib and bytes > kib * 1024 * MOST_OF_MEMORY then
    return ("takes %s, measured up to half of what is free"):format(text.number(bytes, "bytes"))
  end
end

--- An error for a case that takes too many bytes.
function support.need(bytes)
  local problem = support.too_large(bytes)
  if problem then
    error(problem, 0)
  end
end

--- Bytes at the peak of a growth to the case's size by its policy, if blocks are copied.
function support.peak_bytes(case)
  return simulate.run(case.policy, case.size, { element_size = support.element_size(case.type) }).peak_bytes
end

--- Words as a sentence lists them: a, b and c.
function support.join(words)
  if #words < 2 then
    return words[1] or ""
  end
  return table.concat(words, ", ", 1, #words - 1) .. " and " .. words[#words]
end

return support
