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

local function length(s)
  return utf8.len(s) or #s
end

--- The text in lines of at most so many columns. A word that is longer is cut.
-- @param indent optional: what each line but the first begins with
-- @return a list of lines
function sentence.wrapped(text, width, indent)
  indent = indent or ""
  local lines, line, begin = {}, nil, text:match("^%s*")
  for word in text:gmatch("%S+") do
    local longer = line and line .. " " .. word or begin .. word
    if line and length(longer) > width then
      lines[#lines + 1] = line
      longer = indent .. word
    end
    while length(longer) > width do
      local cut = (utf8.offset(longer, width + 1) or width + 1) - 1
      lines[#lines + 1], longer = longer:sub(1, cut), indent .. longer:sub(cut + 1)
    end
    line = longer
  end
  lines[#lines + 1] = line
  return lines
end

return sentence
