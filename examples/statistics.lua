-- Statistics of a CSV file: `lua5.4 examples/statistics.lua [file [column]]`. Without a file it makes one of its own,
-- of measurements of three stations. The file has a header, and numbers in all columns that are looked at.
local dynarray = require "dynarray"

local path, wanted = arg and arg[1], arg and arg[2] or "temperature"
local made = not path
if made then
  local n = 20000
  path = os.tmpname()
  local station = dynarray.compute("int32(floor(3 * x) + 1)", dynarray.random(n, "float64", 1))
  local hour = dynarray.compute("i - 1", {}, dynarray.zeros(n, "int64"))
  local temperature = dynarray.compute("round(10 * (12 + station + 8 * sin(hour / 24 * 6.2832) + 4 * (x - 0.5))) / 10",
    { station = station, hour = hour, x = dynarray.random(n, "float64", 2) })
  assert(station:write(path, hour, temperature, { header = "station,hour,temperature" }))
end

-- The names are in the first line.
local file = assert(io.open(path))
local names = {}
for name in file:read("l"):gmatch "[^,\r]+" do names[#names + 1] = name end
file:close()
local columns = table.pack(dynarray.read(path, { header = true }))
if made then os.remove(path) end

local by_name = {}
for i, name in ipairs(names) do by_name[name] = columns[i] end
local x = by_name[wanted] or error("no column is named " .. wanted)

print(("%d rows\n\n%-12s %9s %9s %9s %9s %9s"):format(#x, "", "mean", "std", "least", "median", "greatest"))
for i, name in ipairs(names) do
  local a = columns[i]
  print(("%-12s %9.2f %9.2f %9.2f %9.2f %9.2f"):format(name, a:mean(), a:std(1), (a:min()), a:median(), (a:max())))
end

print(("\nThe ten rows of the greatest %s:"):format(wanted))
local _, rows = x:top(10)
for k, row in ipairs(rows) do
  local fields = {}
  for i, name in ipairs(names) do fields[i] = ("%s %g"):format(name, columns[i][row]) end
  print(("%3d. row %d: %s"):format(k, row, table.concat(fields, ", ")))
end

local low, high = x:percentile(5, 95)
print(("\nNine rows in ten have %g to %g. Without the others the mean is %.2f."):format(low, high,
  x:where(dynarray.compute("x >= low and x <= high", { x = x, low = low, high = high })):mean()))

print(("\nHow often %s has which value:"):format(wanted))
local counts, edges = x:histogram(12)
local most = counts:max()
for i, count in ipairs(counts) do
  print(("%8.1f to %6.1f %7d %s"):format(edges[i], edges[i + 1], count, ("#"):rep(40 * count // most)))
end

local day = x:rolling(24, "mean")
if #day > 0 then
  print(("\nThe mean of 24 rows one after another is between %.2f and %.2f."):format((day:min()), (day:max())))
end

-- Groups: the rows in the order of the first column, so that those of one value are neighbours.
local order = columns[1]:argsort()
local values, sizes = columns[1]:unique()
if #values <= 20 then
  local sorted, first = x:take(order), 1
  print(("\n%s by %s:"):format(wanted, names[1]))
  for i, value in ipairs(values) do
    local last = first + sizes[i] - 1
    print(("%8g: %d rows, mean %.2f, std %.2f"):format(value, sizes[i], sorted:mean(first, last),
      sorted:std(1, first, last)))
    first = last + 1
  end
end
