-- scripts/quotes.lua ANSWERS CHAPTER NAME ...: puts the answers of a run where the chapter quotes those of an earlier
-- one.
--
-- ANSWERS is what `dynarray-lab report --format answers` prints. A quotation is a paragraph of lines that begin with
-- "> "; those of the chapter are, in order, the answers of the experiments that are named.
local NAMES = table.move(arg, 3, #arg, 1, {})
local WIDTH = 120

local function slurp(path)
  local file <close> = assert(io.open(path))
  return file:read "a"
end

-- The answers by experiment, each on one line.
local answers, name = {}, nil
for line in slurp(arg[1]):gmatch "[^\n]+" do
  local begins, rest = line:match "^(%l+): (.*)$"
  if begins and answers[begins] == nil then
    name, answers[begins] = begins, rest
  elseif begins then
    name = nil -- a remark on an answer, such as what was dropped
  elseif name then
    answers[name] = answers[name] .. line:gsub("^%s+", " ")
  end
end

local function quoted(text)
  local lines, line = {}, ">"
  for word in text:gmatch "%S+" do
    if #line + 1 + #word > WIDTH then
      lines[#lines + 1], line = line, ">"
    end
    line = line .. " " .. word
  end
  lines[#lines + 1] = line
  return table.concat(lines, "\n") .. "\n"
end

-- The chapter, with an answer in place of each run of lines that begin with ">".
local count, within, chapter = 0, false, {}
for line in slurp(arg[2]):gmatch "([^\n]*)\n" do
  if line:find "^>" then
    if not within then
      count = count + 1
      local answer = NAMES[count] and answers[NAMES[count]]
      chapter[#chapter + 1] = quoted(answer
        or error(("%s: no answer for quotation %d (%s)"):format(arg[1], count, NAMES[count]), 0))
    end
  else
    chapter[#chapter + 1] = line .. "\n"
  end
  within = line:find "^>" ~= nil
end
assert(count == #NAMES, ("%s: %d quotations, wanted %d"):format(arg[2], count, #NAMES))
local file <close> = assert(io.open(arg[2], "w"))
file:write(table.concat(chapter))
