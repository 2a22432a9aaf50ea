-- Products of matrices: each array has its size from the start, and never grows. No policy can help here, or harm.
local ROWS = tonumber(os.getenv "ROWS") or 70
local PRODUCTS = 3

local function matrix(new, value)
  local m = new { type = "float64", capacity = ROWS * ROWS }
  m:resize(ROWS * ROWS, value)
  return m
end

local function multiply(new, a, b)
  local product = matrix(new, 0)
  for i = 0, ROWS - 1 do
    for j = 1, ROWS do
      local sum = 0.0
      for k = 1, ROWS do
        sum = sum + a[i * ROWS + k] * b[(k - 1) * ROWS + j]
      end
      product[i * ROWS + j] = sum
    end
  end
  return product
end

return function(new)
  local a, b = matrix(new, 1), matrix(new, 0.5)
  for _ = 1, PRODUCTS do
    b = multiply(new, a, b)
  end
  return #b, b[1]
end
