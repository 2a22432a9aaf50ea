--- The array that a case asks for, and whether it fits into memory.
local dynarray = require "dynarray"
local filesystem = require "dynarray.lab.base.filesystem"
local simulate = require "dynarray.lab.model.simulate"
local units = require "dynarray.lab.base.units"

local arrays = {}

--- An empty array of the case's type, policy and block, with no capacity unless options say otherwise.
function arrays.new(case, options)
  local setup = { type = case.type or "int64", growth = simulate.growth(case.policy), block = case.block, capacity = 0 }
  for key, value in pairs(options or {}) do
    setup[key] = value
  end
  return dynarray.new(setup)
end

local element_sizes = {}

--- Bytes of an element of that type.
function arrays.element_size(type)
  type = type or "int64"
  element_sizes[type] = element_sizes[type] or dynarray.new({ type = type, capacity = 0 }).element_size
  return element_sizes[type]
end

local MOST_OF_MEMORY = 0.5 -- of what can be had without swapping

--- Why a case that takes so many bytes is not measured; nil if it fits, or the system does not tell.
function arrays.too_large(bytes)
  local meminfo = filesystem.contents "/proc/meminfo"
  local kib = meminfo and tonumber(meminfo:match("MemAvailable:%s*(%d+) kB"))
  if kib and bytes > kib * 1024 * MOST_OF_MEMORY then
    return ("takes %s, measured up to half of what is free"):format(units.number(bytes, "bytes"))
  end
end

--- An error for a case that takes too many bytes.
function arrays.need(bytes)
  local problem = arrays.too_large(bytes)
  if problem then
    error(problem, 0)
  end
end

--- Bytes at the peak of a growth to the case's size by its policy, if blocks are copied.
function arrays.peak_bytes(case)
  return simulate.run(case.policy, case.size, { element_size = arrays.element_size(case.type) }).peak_bytes
end

return arrays
