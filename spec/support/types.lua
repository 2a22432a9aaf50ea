--- What each element type can hold, written down independently of the library.
local types = {}

types.integers = {
  { name = "int8", size = 1, min = -128, max = 127 },
  { name = "int16", size = 2, min = -32768, max = 32767 },
  { name = "int32", size = 4, min = -2147483648, max = 2147483647 },
  { name = "int64", size = 8, min = math.mininteger, max = math.maxinteger },
  { name = "uint8", size = 1, min = 0, max = 255 },
  { name = "uint16", size = 2, min = 0, max = 65535 },
  { name = "uint32", size = 4, min = 0, max = 4294967295 },
  { name = "uint64", size = 8, min = 0, max = math.maxinteger },
}

types.floats = {
  { name = "float32", size = 4 },
  { name = "float64", size = 8 },
}

types.largest_float32 = 0x1.fffffep+127

types.numeric = {}
for _, list in ipairs { types.integers, types.floats } do
  for _, t in ipairs(list) do
    types.numeric[#types.numeric + 1] = t.name
    types[t.name] = t
  end
end

types.all = { "value", table.unpack(types.numeric) }

-- The float32 nearest to x.
function types.round32(x)
  return (string.unpack("f", string.pack("f", x)))
end

-- What an array of this type gives back for v, or nothing where v does not fit: fits, stored.
function types.stored(name, v)
  if name == "value" then
    return true, v
  elseif math.type(v) == nil then
    return false
  end
  local t = types[name]
  if t.min then
    if name == "uint64" and math.type(v) == "float" and v >= 0x1p63 and v < 0x1p64 then
      return true, v -- above Lua's integers, so it stays the float that it was
    end
    local i = math.tointeger(v)
    if not i or i < t.min or i > t.max then
      return false
    end
    return true, i
  elseif name == "float32" then
    local x = v * 1.0
    if x ~= x or x == math.huge or x == -math.huge then
      return true, x
    elseif math.abs(x) > types.largest_float32 then
      return false
    end
    return true, types.round32(x)
  end
  return true, v * 1.0 -- not + 0.0, which makes 0.0 of -0.0
end

--- The values as an array of that type gives them back.
function types.as(name, ...)
  local list = table.pack(...)
  for i = 1, list.n do
    list[i] = select(2, types.stored(name, list[i]))
  end
  return table.unpack(list, 1, list.n)
end

return types
