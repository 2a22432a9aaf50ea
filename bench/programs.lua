-- programs.lua: ordinary programs, each with arrays and with tables, and how long NumPy takes for the same
-- (bench/programs.py; Python's heapq for the queue). Arrays and tables must find the same. ARGS: --quick.
package.path = "bench/?.lua;" .. package.path
local support = require "support"
local dynarray = require "dynarray"

local quick = arg[1] == "--quick"
local ROWS, SIDE, GENERATIONS, TASKS = 200000, 300, 20, 50000
if quick then ROWS, SIDE, GENERATIONS, TASKS = 10000, 50, 5, 2000 end
local ROUNDS = quick and 2 or 5

-- A CSV: group 1 to 5, x, y.
os.execute("mkdir -p " .. support.products)
local path = support.products .. "/programs.csv"
do
   math.randomseed(16)
   local out = assert(io.open(path, "w"))
   for _ = 1, ROWS do out:write(("%d,%.4f,%.4f\n"):format(math.random(5), math.random() * 100, math.random() ^ 2)) end
   out:close()
end

local function read_tables()
   local group, x, y, n = {}, {}, {}, 0
   for line in io.lines(path) do
      local a, b, c = line:match "^([^,]*),([^,]*),([^,]*)$"
      n = n + 1
      group[n], x[n], y[n] = tonumber(a), tonumber(b), tonumber(c)
   end
   return group, x, y
end

local group, x, y = dynarray.read(path, { separator = "," })
local tgroup, tx, ty = group:totable(), x:totable(), y:totable()

local function spread(t)
   local sum, squares = 0, 0
   for i = 1, #t do sum = sum + t[i] end
   local mean = sum / #t
   for i = 1, #t do squares = squares + (t[i] - mean) ^ 2 end
   return mean, math.sqrt(squares / #t)
end

-- The board of the game of life: cells in rows, a border of dead cells around them.
local WIDTH = SIDE + 2
local first_board = {}
for i = 1, WIDTH * WIDTH do
   local row, column = (i - 1) // WIDTH, (i - 1) % WIDTH
   first_board[i] = (row > 0 and row <= SIDE and column > 0 and column <= SIDE and math.random() < 0.3) and 1 or 0
end
local inside = dynarray.zeros(WIDTH * WIDTH, "uint8")
for row = 1, SIDE do inside:fill(1, row * WIDTH + 2, row * WIDTH + 1 + SIDE) end
local start_board = dynarray.from(first_board, "uint8")

local due = {}
for i = 1, TASKS do due[i] = math.random(1 << 40) end
local function sooner(a, b) return a.due < b.due end

local programs = {
   { "statistics of a CSV", function()
      local g, a, b = dynarray.read(path, { separator = "," })
      local result = { a:mean(), a:std(), b:mean(), b:std() }
      for k = 1, 5 do result[4 + k] = a:where(dynarray.compute(("x == %d"):format(k), g)):mean() end
      return result
   end, function()
      local g, a, b = read_tables()
      local result, sums, counts = {}, { 0, 0, 0, 0, 0 }, { 0, 0, 0, 0, 0 }
      result[1], result[2] = spread(a)
      result[3], result[4] = spread(b)
      for i = 1, #g do
         local k = g[i]
         sums[k], counts[k] = sums[k] + a[i], counts[k] + 1
      end
      for k = 1, 5 do result[4 + k] = sums[k] / counts[k] end
      return result
   end },
   { "top ten by a column", function()
      local best, rows = y:top(10)
      return { best:sum(), x:take(rows):sum() }
   end, function()
      local rows = {}
      for i = 1, #ty do rows[i] = i end
      table.sort(rows, function(i, j)
         if ty[i] ~= ty[j] then return ty[i] > ty[j] end
         return i < j
      end)
      local best, other = 0, 0
      for k = 1, 10 do best, other = best + ty[rows[k]], other + tx[rows[k]] end
      return { best, other }
   end },
   { "filter", function()
      local chosen = x:where(dynarray.compute("x > 20 and y < 0.5 and g ~= 3", { x = x, y = y, g = group }))
      return { #chosen, chosen:mean() }
   end, function()
      local chosen, sum = {}, 0
      for i = 1, #tx do
         if tx[i] > 20 and ty[i] < 0.5 and tgroup[i] ~= 3 then
            chosen[#chosen + 1] = tx[i]
            sum = sum + tx[i]
         end
      end
      return { #chosen, sum / #chosen }
   end },
   { "histogram and moving average", function()
      local counts = y:histogram(20, 0, 1)
      return { counts[1], counts[20], (x:rolling(50, "mean"):max()) }
   end, function()
      local counts, best, sum = {}, -math.huge, 0
      for k = 1, 20 do counts[k] = 0 end
      for i = 1, #ty do
         local k = math.min(ty[i] * 20 // 1 | 0, 19) + 1
         counts[k] = counts[k] + 1
      end
      for i = 1, #tx do
         sum = sum + tx[i]
         if i > 50 then sum = sum - tx[i - 50] end
         if i >= 50 and sum / 50 > best then best = sum / 50 end
      end
      return { counts[1], counts[20], best }
   end },
   { "game of life", function()
      local board, sums = start_board:copy(), dynarray.zeros(WIDTH * WIDTH, "uint8")
      local cells, first = SIDE * WIDTH, WIDTH + 2
      local function window(a, by) return a:view(first + by, first + by + cells - 3) end
      local above, middle, below = board:view(1, cells), board:view(WIDTH + 1, WIDTH + cells),
         board:view(2 * WIDTH + 1, 2 * WIDTH + cells)
      local left, centre, right = window(sums, -1), window(sums, 0), window(sums, 1)
      local stacks, nines = sums:view(WIDTH + 1, WIDTH + cells), dynarray.zeros(cells - 2, "uint8")
      local around = { n = nines, alive = window(board, 0), inside = window(inside, 0) }
      for _ = 1, GENERATIONS do
         stacks:copy_from(above):add(middle):add(below)
         nines:copy_from(left):add(centre):add(right)
         dynarray.compute("inside and (n == 3 or alive and n == 4)", around, around.alive)
      end
      return { board:sum() }
   end, function()
      local board, next_board = table.move(first_board, 1, #first_board, 1, {}), {}
      for i = 1, #board do next_board[i] = 0 end
      for _ = 1, GENERATIONS do
         for row = 1, SIDE do
            for i = row * WIDTH + 2, row * WIDTH + 1 + SIDE do
               local n = board[i - WIDTH - 1] + board[i - WIDTH] + board[i - WIDTH + 1] + board[i - 1] + board[i + 1]
                  + board[i + WIDTH - 1] + board[i + WIDTH] + board[i + WIDTH + 1]
               next_board[i] = (n == 3 or n == 2 and board[i] == 1) and 1 or 0
            end
         end
         board, next_board = next_board, board
      end
      local alive = 0
      for i = 1, #board do alive = alive + board[i] end
      return { alive }
   end },
   { "priority queue of objects", function()
      local queue, sum = dynarray.new(), 0
      for i = 1, TASKS do queue:heap_push({ due = due[i] }, sooner) end
      for i = 1, TASKS do sum = (sum + queue:heap_pop(sooner).due * (i % 7)) % (1 << 50) end
      return { sum }
   end, function()
      local heap, n, sum = {}, 0, 0
      for i = 1, TASKS do
         local item = { due = due[i] }
         n = n + 1
         local k = n
         while k > 1 and sooner(item, heap[k // 2]) do
            heap[k] = heap[k // 2]
            k = k // 2
         end
         heap[k] = item
      end
      for i = 1, TASKS do
         local least, last, k = heap[1], heap[n], 1
         heap[n] = nil
         n = n - 1
         while n > 0 do
            local child = 2 * k
            if child > n then break end
            if child < n and sooner(heap[child + 1], heap[child]) then child = child + 1 end
            if not sooner(heap[child], last) then break end
            heap[k] = heap[child]
            k = child
         end
         if n > 0 then heap[k] = last end
         sum = (sum + least.due * (i % 7)) % (1 << 50)
      end
      return { sum }
   end },
   { "log of events", function()
      local log = dynarray.new "float64"
      for i = 1, TASKS do log:append(i, due[i], i % 5, i / 2) end
      local kind, value = log:column(3, 4), log:column(4, 4)
      return { #log / 4, value:where(dynarray.compute("x == 2", kind)):mean(), (log:column(2, 4):max()) }
   end, function()
      local log = {}
      for i = 1, TASKS do log[i] = { i, due[i], i % 5, i / 2 } end
      local sum, n, latest = 0, 0, 0
      for _, record in ipairs(log) do
         if record[3] == 2 then sum, n = sum + record[4], n + 1 end
         latest = math.max(latest, record[2])
      end
      return { #log, sum / n, latest }
   end },
}

local function timed(f)
   collectgarbage()
   collectgarbage()
   local start = os.clock()
   local result = f()
   return os.clock() - start, result
end

print(support.environment())
print(("%d rows, %d x %d cells and %d generations, %d tasks; seconds of the processor, medians of %d")
   :format(ROWS, SIDE, SIDE, GENERATIONS, TASKS, ROUNDS))
local numpy = {}
local python = os.getenv("PYTHON") or "/usr/bin/python3"
if os.execute(python .. " -c 'import numpy' 2>/dev/null") then
   local output = support.capture(("env -u OPENBLAS_CORETYPE %s bench/programs.py %s %d %d %d %d")
      :format(python, path, SIDE, GENERATIONS, TASKS, ROUNDS))
   for name, seconds in output:gmatch "([^\n|]+)|([^\n]+)" do numpy[name] = tonumber(seconds) end
end
local rows = {}
for k, program in ipairs(programs) do
   local times, loops = {}, {}
   for round = 1, ROUNDS do
      local result, expected
      times[round], result = timed(program[2])
      loops[round], expected = timed(program[3])
      for i = 1, math.max(#result, #expected) do
         local difference = math.abs(result[i] - expected[i])
         assert(difference <= 1e-9 * math.abs(expected[i]), program[1] .. ": the two find different results")
      end
   end
   local seconds = support.median(times)
   rows[k] = { program[1], ("%.4f"):format(seconds), ("%.4f"):format(support.median(loops)),
      support.verdict(support.ratio(loops, times), program[1] == "game of life" and 10 or 1, true),
      numpy[program[1]] and ("%.4f"):format(numpy[program[1]]) or "",
      numpy[program[1]] and support.number(numpy[program[1]] / seconds) or "" }
end
support.print_table({ "", "arrays", "tables", "ratio", "NumPy", "ratio" }, rows)
os.remove(path)
