--- Words for the shell, and what it answers.
local shell = {}

--- The text as one word of a shell command.
function shell.quote(text)
  return "'" .. text:gsub("'", "'\\''") .. "'"
end

--- What a command printed, without the last newline; nil if it failed or printed nothing. Complaints are dropped.
function shell.output(command)
  local pipe = io.popen("{ " .. command .. "; } 2>/dev/null </dev/null")
  local text = pipe and pipe:read("a")
  if not (pipe and pipe:close() and text) then
    return nil
  end
  text = text:gsub("\n+$", "")
  return text ~= "" and text or nil
end

return shell
