-- The programs of examples/ that work on whole arrays: each runs, and says what a table would say as well.
local child = require "support.child"

local function run(command)
  local out, err, ok = child.shell("exec $LUA examples/" .. command)
  assert.is_true(ok, err)
  return out
end

describe("examples/life.lua", function()
  it("counts the cells that a table counts", function()
    local dynarray = require "dynarray"
    local rows, columns, generations = 20, 30, 12
    local width, chance = columns + 2, dynarray.random((rows + 2) * (columns + 2), "float64", 7)
    local board = {}
    for i = 1, #chance do board[i] = 0 end
    for row = 1, rows do
      for i = row * width + 2, row * width + 1 + columns do board[i] = chance[i] < 0.33 and 1 or 0 end
    end
    for _ = 1, generations do
      local next_board = {}
      for i = 1, #board do next_board[i] = 0 end
      for row = 1, rows do
        for i = row * width + 2, row * width + 1 + columns do
          local n = 0
          for _, by in ipairs { -width - 1, -width, -width + 1, -1, 1, width - 1, width, width + 1 } do
            n = n + board[i + by]
          end
          next_board[i] = (n == 3 or n == 2 and board[i] == 1) and 1 or 0
        end
      end
      board = next_board
    end
    local alive = 0
    for i = 1, #board do alive = alive + board[i] end
    local said = run(("life.lua %d %d %d"):format(rows, columns, generations))
    assert.equal(alive, math.tointeger(tonumber(said:match "(%d+) cells are alive after 12 generations")))
  end)
end)

describe("examples/statistics.lua", function()
  it("tells of a file of its own, and of one that is given", function()
    assert.truthy(run "statistics.lua":find("20000 rows", 1, true))
    local path = os.tmpname()
    local file = assert(io.open(path, "w"))
    file:write "group,x\n1,2\n2,10\n1,4\n2,20\n"
    file:close()
    local said = run(("statistics.lua %s x"):format(path))
    os.remove(path)
    assert.truthy(said:find("x                 9.00      8.08      2.00      7.00     20.00", 1, true), said)
    assert.truthy(said:find("  1. row 4: group 2, x 20", 1, true), said)
    assert.truthy(said:find("       1: 2 rows, mean 3.00, std 1.41", 1, true), said)
  end)
end)

describe("examples/events.lua", function()
  it("serves every customer", function()
    local said = run "events.lua 500"
    assert.truthy(said:find("500 customers, ", 1, true), said)
    assert.truthy(said:find("the counters were busy for ", 1, true), said)
  end)
end)
