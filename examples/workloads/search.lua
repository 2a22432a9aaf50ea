-- A way through a maze, depth first: a stack that grows and shrinks all the time, and seldom becomes larger than it
-- was before.
local WIDTH = tonumber(os.getenv "MAZE_WIDTH") or 450

return function(new)
  local seen = new "uint8"
  seen:resize(WIDTH * WIDTH)
  local stack, deepest, visited = new { type = "int32", capacity = 0 }, 0, 0
  stack:append(1)
  while #stack > 0 do
    local cell = stack:pop()
    if seen[cell] == 0 then
      seen[cell], visited = 1, visited + 1
      local column = (cell - 1) % WIDTH
      if column > 0 and cell * 7919 % 5 > 0 then stack:append(cell - 1) end
      if column < WIDTH - 1 then stack:append(cell + 1) end
      if cell > WIDTH and cell * 104729 % 7 > 0 then stack:append(cell - WIDTH) end
      if cell <= WIDTH * (WIDTH - 1) then stack:append(cell + WIDTH) end
      deepest = math.max(deepest, #stack)
    end
  end
  return visited, deepest
end
