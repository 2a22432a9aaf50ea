--- Values that go into arrays, and how a failure shows them.
local dynarray = require "dynarray"

local random = math.random

local samples = {}

samples.integers = { 0, 1, -1, 2, 127, 128, -128, -129, 255, 256, 32767, 32768, -32768, -32769, 65535, 65536,
  2147483647, 2147483648, -2147483648, -2147483649, 4294967295, 4294967296, 1 << 53, (1 << 53) + 1, math.maxinteger,
  math.mininteger }
samples.floats = { 0.0, -0.0, 1.0, -1.0, 0.5, 0.1, 1e10, 2.0 ^ 31, 2.0 ^ 62, 1e30, 1e38, 1e39, -1e39, 1e300, 1e-40,
  1e-300, math.huge, -math.huge, 0 / 0 }
samples.objects = { "", "x", "10", ("long"):rep(20), true, false, {}, {}, print, io.stdout, dynarray.of(1),
  coroutine.create(print) }

local function one_of(list)
  return list[random(#list)]
end
samples.one_of = one_of

--- Mostly what fits into an array of that type, sometimes what does not.
function samples.value(kind)
  local choice = random(16)
  if choice <= 11 then
    return kind == "value" and choice == 1 and one_of(samples.objects) or random(0, 100)
  elseif choice == 12 then
    return one_of(samples.integers)
  elseif choice == 13 then
    return one_of(samples.floats)
  elseif choice == 14 then
    return random(0, 100) + 0.0
  elseif choice == 15 then
    return one_of(samples.objects)
  end
  return nil
end

--- A value in a message.
function samples.show(v)
  return type(v) == "string" and ("%q"):format(v) or tostring(v)
end

return samples
