--- The range and the marked places of an axis.
-- @module dynarray.lab.plot.axis
local units = require "dynarray.lab.base.units"

local axis = {}

-- Steps of a linear axis, as shares of a power of ten; those of sizes in bytes are powers of two.
local DECIMAL_STEPS = { 1, 2, 5, 10 }

local function binary(spec)
  return spec.unit == "bytes" or spec.unit == "B"
end

--- The range that holds all values, with some room; the values that a logarithm does not take are left out.
-- @return low, high
function axis.range(spec, values)
  local low, high = math.huge, -math.huge
  for _, value in ipairs(values) do
    if value == value and math.abs(value) < math.huge and not (spec.log and value <= 0) then
      low, high = math.min(low, value), math.max(high, value)
    end
  end
  if low > high then
    return spec.log and 1 or 0, spec.log and 10 or 1
  end
  if spec.log then
    local margin = math.max((high / low) ^ 0.04, 1.05)
    return low / margin, high * margin
  end
  -- Zero is part of the picture unless all lies far from it.
  if low > 0 and low < high * 0.6 or low == high and low > 0 then
    low = 0
  elseif high < 0 and high > low * 0.6 then
    high = 0
  end
  if low == high then
    local margin = math.max(math.abs(high) * 0.04, 0.5)
    return low == 0 and 0 or low - margin, high + margin
  end
  local margin = (high - low) * 0.04
  return low == 0 and 0 or low - margin, high == 0 and 0 or high + margin
end

--- The high end of a range that leaves a share of the axis free above `high`.
function axis.raised(spec, low, high, share)
  if spec.log then
    return low * (high / low) ^ (1 / (1 - share))
  end
  return low + (high - low) / (1 - share)
end

--- Where in the range a value lies: 0 at its low end, 1 at its high end.
function axis.place(spec, low, high, value)
  if spec.log then
    if value <= 0 then
      return 0
    end
    low, high, value = math.log(low), math.log(high), math.log(value)
  end
  return (value - low) / (high - low)
end

local function linear_step(spec, low, high, most)
  local least = (high - low) / most
  if binary(spec) and high >= 1024 then
    return 2.0 ^ math.ceil(math.log(least, 2) - 1e-9)
  end
  local power = 10.0 ^ math.floor(math.log(least, 10))
  for _, step in ipairs(DECIMAL_STEPS) do
    if step * power >= least * (1 - 1e-9) then
      return step * power
    end
  end
end

-- Every so many powers of two, or of ten. Of sizes in bytes, five and ten: 32 KiB, 1 MiB, 32 MiB and 1 GiB have the
-- same digits.
local EVERY = { bytes = { 1, 2, 5, 10, 20 }, [2] = { 1, 2, 3, 4, 5, 6, 8, 10, 15, 20 }, [10] = { 1, 2, 3, 4, 6, 9 } }

local function powers_in(first, last, every)
  return last // every - (first - 1) // every
end

-- The fewest powers left out such that the others fit; two are left where there are two.
local function every_of(steps, first, last, most)
  local every = steps[1]
  for _, step in ipairs(steps) do
    if powers_in(first, last, every) <= most or powers_in(first, last, step) < 2 then
      break
    end
    every = step
  end
  return every
end

-- Powers of the base, every so many that they fit; between the powers of ten 2 and 5, or 3, where there is room.
local function logarithmic(spec, low, high, most)
  local base = (spec.log == 2 or binary(spec)) and 2 or 10
  local first = math.ceil(math.log(low, base) - 1e-9)
  local last = math.floor(math.log(high, base) + 1e-9)
  local every = every_of(base == 2 and binary(spec) and EVERY.bytes or EVERY[base], first, last, most)
  local factors = { 1 }
  if base == 10 then
    local decades = last - first + 2
    factors = decades * 3 <= most and { 1, 2, 5 } or decades * 2 <= most and { 1, 3 } or factors
  end
  local places = {}
  for exponent = math.floor(math.log(low, base)), last do
    if exponent % every == 0 then
      for _, factor in ipairs(factors) do
        local value = factor * (base + 0.0) ^ exponent
        if value >= low * (1 - 1e-9) and value <= high * (1 + 1e-9) then
          places[#places + 1] = value
        end
      end
    end
  end
  return places
end

--- At most about `most` places: a list of { value, label }.
function axis.ticks(spec, low, high, most)
  local places = {}
  if spec.log then
    places = logarithmic(spec, low, high, most)
  end
  if #places < 2 then
    local step = linear_step(spec, low, high, most)
    places = {}
    for k = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) do
      places[#places + 1] = k * step
    end
  end
  local ticks = {}
  local unit = units.scale(spec.unit) and spec.unit:match("^%a+") or spec.unit == "%" and "%" or nil
  for k, value in ipairs(places) do
    local label = units.number(value, unit):gsub("(%.%d-)0+%f[^%d]", "%1"):gsub("%.%f[^%d.]", "")
    if not unit and spec.log == 10 and value >= 1e4 then
      label = units.power(value)
    end
    ticks[k] = { value, value == 0 and "0" or label }
  end
  return ticks
end

--- What stands beside the axis; the unit too, unless each place has it.
function axis.title(spec)
  if not spec.unit or spec.unit == "" or spec.unit == spec.label then
    return spec.label or ""
  end
  local scale, rest = units.scale(spec.unit)
  local unit = scale and rest:gsub("^/", "per ") or spec.unit
  if unit == "%" or unit == "" then
    return spec.label or ""
  end
  return ("%s, %s"):format(spec.label or "", unit)
end

return axis
