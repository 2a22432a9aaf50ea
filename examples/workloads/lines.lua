-- Collects the numbers of a large text file, line by line, three numbers a line. The variable NUMBERS_FILE names
-- the file. Without it, a temporary file is written when this script is loaded; only the function below is timed.
local LINES = tonumber(os.getenv "LINES_OF_NUMBERS") or 200000

local function temporary_file()
  local file = assert(io.tmpfile())
  for i = 1, LINES do
    file:write(("%d %.2f %d\n"):format(i, i * 0.37 % 100, i * 7919 % 1000))
  end
  return file
end

local path = os.getenv "NUMBERS_FILE"
local file = path and assert(io.open(path)) or temporary_file()

return function(new)
  file:seek("set")
  local ids, prices, amounts = new { type = "int64" }, new { type = "float64" }, new { type = "float64" }
  for line in file:lines() do
    local id, price, amount = line:match("^(%d+) (%S+) (%S+)$")
    ids:append(math.tointeger(id))
    prices:append(tonumber(price))
    amounts:append(tonumber(amount))
  end
  return #ids, prices:dot(amounts)
end
