-- Measurements of many sensors, which come in turns: a few hundred arrays grow side by side, so that none of them has
-- the end of the heap for itself.
local SENSORS = 300
local READINGS = tonumber(os.getenv "READINGS") or 1500000

return function(new)
  local series = {}
  for sensor = 1, SENSORS do
    series[sensor] = new { type = "float32", capacity = 0 }
  end
  local state = 1
  for _ = 1, READINGS do
    state = (state * 1103515245 + 12345) & 0x7FFFFFFF
    series[1 + state // 65536 % SENSORS]:append(state % 1000)
  end
  local sum = 0
  for sensor = 1, SENSORS do
    sum = sum + #series[sensor]
  end
  return sum, (series[1]:max())
end
