-- Particles in a box, sorted into cells: many small arrays, which are made for each step and dropped.
local PARTICLES = tonumber(os.getenv "PARTICLES") or 20000
local STEPS = 10
local CELLS = 40 -- along each side

local function start(new)
  local x, y = new "float32", new "float32"
  local state = 42
  for _ = 1, PARTICLES do
    state = (state * 1103515245 + 12345) & 0x7FFFFFFF
    x:append(state % 10007 / 10007)
    y:append(state // 10007 % 10007 / 10007)
  end
  return x, y
end

-- The particles of each cell; most cells hold a dozen.
local function sort_into_cells(new, x, y)
  local cells = {}
  for i = 1, #x do
    local cell = math.floor(x[i] * CELLS) * (CELLS + 1) + math.floor(y[i] * CELLS)
    cells[cell] = cells[cell] or new { type = "uint32", capacity = 0 }
    cells[cell]:append(i)
  end
  return cells
end

-- Each particle drifts to the middle of the particles in its cell.
local function drift(x, members)
  local sum = 0.0
  for _, i in ipairs(members) do
    sum = sum + x[i]
  end
  local middle = sum / #members
  for _, i in ipairs(members) do
    x[i] = x[i] + (middle - x[i]) * 0.1
  end
end

return function(new)
  local x, y = start(new)
  for _ = 1, STEPS do
    for _, members in pairs(sort_into_cells(new, x, y)) do
      drift(x, members)
      drift(y, members)
    end
  end
end
