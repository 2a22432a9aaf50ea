--- Numbers with their units.
-- @module dynarray.lab.base.units
local units = {}

local KIB = 1024

-- Units that are scaled: each from the factor at which it begins.
local times = { { 1, "ns" }, { 1e3, "µs" }, { 1e6, "ms" }, { 1e9, "s" } }
local sizes = { { 1, "B" }, { KIB, "KiB" }, { KIB ^ 2, "MiB" }, { KIB ^ 3, "GiB" }, { KIB ^ 4, "TiB" } }
local scales = {
  ns = { factor = 1, steps = times },
  us = { factor = 1e3, steps = times },
  ms = { factor = 1e6, steps = times },
  s = { factor = 1e9, steps = times },
  bytes = { factor = 1, steps = sizes },
  B = { factor = 1, steps = sizes },
}

--- How a unit is scaled: `factor` to the first of its `steps`; what follows the unit ("/append"). Nil for the others.
function units.scale(unit)
  local base, rest = (unit or ""):match("^(%a+)(.*)$")
  return base and scales[base], rest
end

--- A number as `1e8`, `2.5e-7`.
function units.power(value)
  local mantissa, exponent = ("%.2e"):format(value):match("^(.-)e(.*)$")
  return mantissa:gsub("%.?0+$", "") .. "e" .. math.tointeger(tonumber(exponent))
end

--- A number in three significant digits; whole numbers below a million in full.
function units.digits(value)
  if value ~= value then
    return "-"
  end
  local size = math.abs(value)
  if size == math.huge then
    return value < 0 and "-inf" or "inf"
  elseif size < 1e6 and value == math.floor(value) then
    return ("%d"):format(value)
  elseif size >= 1e6 or size < 1e-3 then
    return units.power(value)
  end
  return ("%." .. (size >= 99.95 and 0 or size >= 9.995 and 1 or size >= 0.9995 and 2 or 3) .. "f"):format(value)
end

--- A number in two significant digits, as a ratio of two times deserves: `18000`, `240`, `3.0`, `0.58`.
function units.rough(value)
  if value ~= value or math.abs(value) == math.huge or math.abs(value) >= 1e6 or math.abs(value) < 1e-3 then
    return units.digits(value)
  end
  local rounded = tonumber(("%.1e"):format(value))
  local size = math.abs(rounded)
  return ("%." .. (size >= 10 and 0 or size >= 1 and 1 or size >= 0.1 and 2 or 3) .. "f"):format(rounded)
end

--- A value with its unit, in the step of the unit that suits it: `1.20 ns`, `34.0 MiB`, `12.5%`.
-- Strings and booleans are shown as they are, nil as nothing.
function units.number(value, unit)
  if type(value) ~= "number" then
    return value == nil and "" or tostring(value)
  end
  local scale, rest = units.scale(unit)
  if not scale then
    local space = (unit == "%" or unit == "" or not unit) and "" or " "
    return units.digits(value) .. space .. (unit or "")
  end
  local scaled = value * scale.factor
  local step = scale.steps[1]
  for _, next_step in ipairs(scale.steps) do
    if math.abs(scaled) >= next_step[1] * 0.9995 then
      step = next_step
    end
  end
  return units.digits(scaled / step[1]) .. " " .. step[2] .. rest
end

--- Nanoseconds as people tell long times: `2.5 s`, `4.81 hours`.
function units.duration(ns)
  local seconds = ns / 1e9
  if seconds < 120 then
    return units.number(ns, "ns")
  elseif seconds < 7200 then
    return units.digits(seconds / 60) .. " minutes"
  elseif seconds < 172800 then
    return units.digits(seconds / 3600) .. " hours"
  end
  return units.digits(seconds / 86400) .. " days"
end

return units
