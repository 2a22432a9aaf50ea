-- The words of a text, each with the places where it stands: an array of strings, and one of numbers for each word.
local WORDS = tonumber(os.getenv "WORDS") or 250000
local VOCABULARY = 5000

return function(new)
  local text, places, state = new(), {}, 3
  for place = 1, WORDS do
    state = (state * 1103515245 + 12345) & 0x7FFFFFFF
    local word = "word" .. state // 512 % (1 + state // 65536 % VOCABULARY)
    text:append(word)
    places[word] = places[word] or new { type = "uint32", capacity = 0 }
    places[word]:append(place)
  end
  local most = 0
  for _, list in pairs(places) do
    most = math.max(most, #list)
  end
  return #text, most
end
