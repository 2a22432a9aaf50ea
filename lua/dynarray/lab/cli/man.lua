--- The manual page, made from what the parser knows: its commands, arguments and options, and what they say of
-- themselves.
-- @module dynarray.lab.cli.man
local man = {}

-- Text as roff shows it. No line of it begins with what would be a request.
local function roff(text)
  text = text:gsub("\\", "\\e"):gsub("%-", "\\-"):gsub("…", "...")
  return (text:gsub("^([.'])", "\\&%1"):gsub("\n([.'])", "\n\\&%1"))
end

local function sentence(text)
  return text:find("[.?!]$") and text or text .. "."
end

-- argparse keeps these names to itself, and has kept them since 0.5; its own help is made from the same.
local function label_of(element)
  return table.concat(element:_get_label_lines(), " ")
end

local function elements(lines, heading, list)
  if #list == 0 then
    return
  end
  lines[#lines + 1] = heading
  for _, element in ipairs(list) do
    lines[#lines + 1] = ".TP"
    lines[#lines + 1] = ".B " .. roff(label_of(element))
    lines[#lines + 1] = roff(sentence(element:_get_description()))
  end
end

local function usage_of(parser)
  return (parser:get_usage():gsub("^Usage: ", ""):gsub("%s+", " "))
end

--- The page as roff.
-- @param parser of argparse, with commands
-- @param about `version`, `files` and `status`: lists of { name, what it is }
function man.page(parser, about)
  local lines = {
    ('.TH DYNARRAY\\-LAB 1 "" "dynarray %s" "User Commands"'):format(about.version),
    ".SH NAME", "dynarray\\-lab \\- " .. roff(parser._description:gsub("%.$", ""):lower()),
    ".SH SYNOPSIS", ".B dynarray\\-lab", ".I command", roff "[options]",
    ".SH DESCRIPTION", roff(parser._description), roff(parser._epilog),
    ".SH COMMANDS",
  }
  for _, command in ipairs(parser._commands) do
    lines[#lines + 1] = ".SS " .. roff(command._name)
    lines[#lines + 1] = roff(sentence(command._description or ""))
    lines[#lines + 1] = ".PP"
    lines[#lines + 1] = roff(usage_of(command))
    elements(lines, ".PP\nArguments:", command._arguments)
    elements(lines, ".PP\nOptions:", command._options)
  end
  elements(lines, ".SH OPTIONS", parser._options)
  for _, part in ipairs { { ".SH FILES", about.files }, { ".SH EXIT STATUS", about.status } } do
    lines[#lines + 1] = part[1]
    for _, pair in ipairs(part[2]) do
      lines[#lines + 1] = (".TP\n.B %s\n%s"):format(roff(pair[1]), roff(pair[2]))
    end
  end
  return table.concat(lines, "\n") .. "\n"
end

return man
