-- A page of text, put together from pieces of different length: bytes are added to one buffer by the piece, and now and
-- then the whole is done and a new page begins.
local PIECES = tonumber(os.getenv "PIECES") or 2000000
local PIECES_OF_A_PAGE = 600000

local words = {}
for i, word in ipairs { "growth", " ", "policy", ", ", "a", "capacity of many", ".\n", "block", "s", " that move" } do
  words[i] = { word:byte(1, -1) }
end

return function(new)
  local page, pages, bytes = new "uint8", 0, 0
  for i = 1, PIECES do
    page:extend(words[i * 7 % #words + 1])
    if i % PIECES_OF_A_PAGE == 0 then
      pages, bytes = pages + 1, bytes + #page
      page:close()
      page = new "uint8"
    end
  end
  return pages, bytes + #page
end
