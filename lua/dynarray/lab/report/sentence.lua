--- Parts of sentences.
-- @module dynarray.lab.report.sentence
local sentence = {}

--- Words as a sentence lists them: a, b and c.
function sentence.join(words)
  if #words < 2 then
    return words[1] or ""
  end
  return table.concat(words, ", ", 1, #words - 1) .. " and " .. words[#words]
end

return sentence
