-- A queue whose load comes in waves: jobs arrive faster than they are done, then slower. It is read from a moving
-- head. When more than half was read, that part is removed in one piece, and the memory is given back.
local JOBS = tonumber(os.getenv "JOBS") or 400000
local WAVE = 50000

return function(new)
  local queue, head = new "float64", 1
  local arrived, done, load = 0, 0, 0.0
  while done < JOBS do
    local coming = math.min(arrived // WAVE % 2 == 0 and 30 or 10, JOBS - arrived)
    for i = 1, coming do
      queue:append(arrived + i)
    end
    arrived = arrived + coming
    for _ = 1, math.min(20, #queue - head + 1) do
      load = load + queue[head]
      head, done = head + 1, done + 1
    end
    if head > 1000 and head > #queue // 2 then
      queue:remove_range(1, head - 1)
      queue:shrink_to_fit()
      head = 1
    end
  end
  return load
end
