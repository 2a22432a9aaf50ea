--- A line on the terminal that says how far a run is and how long it will take.
-- @module dynarray.lab.run.progress
local progress = {}

local BAR = 20

--- Seconds as `0:42`, `12:05`, `1:02:03`.
function progress.duration(seconds)
  seconds = math.ceil(math.max(0, seconds))
  local hours, minutes = seconds // 3600, seconds // 60 % 60
  if hours > 0 then
    return ("%d:%02d:%02d"):format(hours, minutes, seconds % 60)
  end
  return ("%d:%02d"):format(minutes, seconds % 60)
end

--- The line for an event of `lab.run`, at most `width` characters.
function progress.line(event, width)
  local share = event.total > 0 and event.done / event.total or 1
  if event.seconds_left and event.seconds_left + event.seconds > 0 then
    share = event.seconds / (event.seconds + event.seconds_left)
  end
  share = math.max(0, math.min(1, share))
  local filled = math.floor(share * BAR + 0.5)
  local left = event.seconds_left and (", %s left"):format(progress.duration(event.seconds_left)) or ""
  local bar = ("#"):rep(filled) .. (" "):rep(BAR - filled)
  local line = ("[%s] %s, %d of %d samples%s"):format(bar, event.experiment or "", event.done, event.total, left)
  return line:sub(1, width)
end

--- A function for `on_progress` that keeps one line up to date on the stream, and one that takes the line away.
function progress.new(stream, width)
  local shown
  return function(event)
    local line = progress.line(event, width - 1)
    if line ~= shown then
      shown = line
      stream:write("\r", line, "\27[K")
      stream:flush()
    end
  end, function()
    if shown then
      shown = nil
      stream:write("\r\27[K")
      stream:flush()
    end
  end
end

return progress
