-- Conway's game of life by whole arrays: `lua5.4 examples/life.lua [rows [columns [generations]]]`.
--
-- The board is one array of zeros and ones, row after row, with a border of dead cells around it. A view that begins
-- one cell or one row later is the board moved by that much, so the neighbours of all cells are added at once.
local dynarray = require "dynarray"

local rows = math.tointeger(tonumber(arg and arg[1])) or 24
local columns = math.tointeger(tonumber(arg and arg[2])) or 64
local generations = math.tointeger(tonumber(arg and arg[3])) or 50

local width = columns + 2
local cells = rows * width -- from the first cell of the first row on, with the borders on the right and left
local first = width + 2 -- the first cell that is no border, in the array

--- The board as it begins: a third of the cells are alive, the same ones each time.
local board = dynarray.zeros((rows + 2) * width, "uint8")
local inside = dynarray.zeros((rows + 2) * width, "uint8")
for row = 1, rows do
  local start = row * width + 2
  inside:fill(1, start, start + columns - 1)
end
dynarray.compute("inside and x < 0.33", { x = dynarray.random(#board, "float64", 7), inside = inside }, board)

--- Windows on the rows of an array, moved by that many cells.
local function window(a, by)
  return a:view(first + by, first + by + cells - 3)
end

-- The sum of three cells, one above the other; of three such sums side by side, the nine cells around each. What `add`
-- and the comparisons do to bytes stays in bytes: 64 cells at once where the processor has registers for that.
local sums = dynarray.zeros(#board, "uint8")
local stacks, nines = sums:view(width + 1, width + cells), dynarray.zeros(cells - 2, "uint8")
local above, middle, below = board:view(1, cells), board:view(width + 1, width + cells),
  board:view(2 * width + 1, 2 * width + cells)
local left, centre, right = window(sums, -1), window(sums, 0), window(sums, 1)
local around = { n = nines, alive = window(board, 0), inside = window(inside, 0) }

for _ = 1, generations do
  stacks:copy_from(above):add(middle):add(below)
  nines:copy_from(left):add(centre):add(right)
  dynarray.compute("inside and (n == 3 or alive and n == 4)", around, around.alive)
end

local shown = {}
for row = 1, math.min(rows, 24) do
  local line = board:slice(row * width + 2, row * width + 1 + math.min(columns, 64))
  shown[row] = line:concat():gsub("0", "."):gsub("1", "#")
end
print(table.concat(shown, "\n"))
print(("%d cells are alive after %d generations"):format(board:sum(), generations))
