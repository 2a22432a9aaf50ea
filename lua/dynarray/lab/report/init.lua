--- What was measured, for people: a page of HTML that needs nothing else, Markdown, or text for a terminal.
-- @module dynarray.lab.report
local circumstances = require "dynarray.lab.report.circumstances"
local command = require "dynarray.lab.report.command"
local filesystem = require "dynarray.lab.base.filesystem"
local glossary = require "dynarray.lab.report.glossary"
local page_style = require "dynarray.lab.report.page_style"
local plot = require "dynarray.lab.plot"
local sections = require "dynarray.lab.report.sections"
local sentence = require "dynarray.lab.report.sentence"
local svg = require "dynarray.lab.plot.svg"
local text_table = require "dynarray.lab.report.text_table"

local report = {}

local escaped = svg.escaped

-- Each picture twice, for wide and for narrow pages, since text must not shrink; the style shows one of them.
local SIZES = { { class = "wide", width = 760, height = 400 }, { class = "narrow", width = 350, height = 300 } }

-- Characters of a table that fits into a window of 1200 pixels.
local TABLE_WIDTH = 138

local function html_part(part, rows, numeric)
  local html = { "<div class='scroll' tabindex='0'><table>" }
  if part.title then
    html[#html + 1] = ("<caption>%s</caption>"):format(escaped(part.title))
  end
  for i, row in ipairs(rows) do
    local tag = i == 1 and "th scope='col'" or "td"
    local cells = {}
    for k, cell in ipairs(row) do
      cells[k] = ("<%s%s>%s</%s>"):format(tag, numeric[k] and " class='number'" or "", escaped(cell), tag:sub(1, 2))
    end
    html[#html + 1] = (i == 1 and "<thead>" or i == 2 and "<tbody>" or "") .. "<tr>" .. table.concat(cells) .. "</tr>"
      .. (i == 1 and "</thead>" or "")
  end
  html[#html + 1] = (#rows > 1 and "</tbody>" or "") .. "</table></div>"
  return table.concat(html, "\n")
end

-- The parts of a table stand side by side where there is room.
local function html_table(table_)
  local html = {}
  for k, part in ipairs(text_table.parts(table_, TABLE_WIDTH)) do
    html[k] = html_part(part, text_table.cells(part))
  end
  return ("<div class='row'>%s</div>"):format(table.concat(html, "\n"))
end

-- A title, and what it stands for at a click; open at first if `is_open`.
local function folded(title, content, is_open)
  return ("<details%s><summary>%s</summary>%s</details>"):format(is_open and " open" or "", escaped(title), content)
end

local function html_folded(table_)
  return folded(table_.title or "All figures", html_table { columns = table_.columns, rows = table_.rows })
end

-- A picture, or nil and why there is none: data from a file may be of any shape.
local function drawn(draw, spec, options)
  local ok, picture, problem = pcall(draw, spec, options)
  if ok then
    return picture, problem
  elseif tostring(picture):find("interrupted!$") then
    error(picture, 0)
  end
  return nil, ("no picture %s: %s"):format(tostring(spec.name), tostring(picture))
end

local function html_figure(spec)
  local pictures = {}
  for _, size in ipairs(SIZES) do
    local picture, problem = drawn(plot.svg, spec, {
      width = size.width, height = size.height, untitled = true, id = spec.name .. "-" .. size.class,
    })
    if not picture then
      return ("<p class='problem'>%s</p>"):format(escaped(problem))
    end
    pictures[#pictures + 1] = ("<div class='%s'>%s</div>"):format(size.class, picture)
  end
  return ("<figure id='plot-%s'><figcaption>%s</figcaption>\n%s</figure>"):format(escaped(spec.name),
    escaped(spec.title or spec.name), table.concat(pictures, "\n"))
end

local function html_reading(spec)
  local reading, notes = plot.reading(spec)
  return (reading and ("<p class='reading'>%s</p>"):format(escaped(reading)) or "")
    .. (notes and ("<p>%s</p>"):format(escaped(notes)) or "")
end

local function html_words(words)
  local html = {}
  for k, entry in ipairs(words) do
    html[k] = ("<dt>%s</dt><dd>%s</dd>"):format(escaped(entry.word), escaped(entry.means))
  end
  return #html > 0 and "<dl>\n" .. table.concat(html, "\n") .. "\n</dl>" or ""
end

local function html_glossary(words)
  return #words > 0 and ("<section id='glossary'>\n<h2>Words</h2>\n%s\n</section>"):format(html_words(words)) or ""
end

-- A long list of cases is folded behind what is said of them.
local LONG_PROBLEM = 160

local function html_problem(problem)
  local what, list = problem:match("^([^:]*): (.*)$")
  if #problem > LONG_PROBLEM and what then
    return ("<div class='problem'>%s</div>"):format(folded(what, ("<p>%s</p>"):format(escaped(list))))
  end
  return ("<p class='problem'>%s</p>"):format(escaped(problem))
end

-- The question, the answer, one picture with how to read it, and all else at a click.
local function html_section(section, words)
  local html = { ("<section id='%s'>\n<h2>%s</h2>"):format(escaped(section.name), escaped(section.question)) }
  local function add(format, ...)
    html[#html + 1] = format:format(...)
  end
  add("<p class='answer'>%s</p>", escaped(section.answer))
  local first = section.plots[1]
  add("<div class='row'>%s<div class='aside'>", first and html_figure(first) or "")
  html[#html + 1] = first and html_reading(first) or nil
  for paragraph in (section.more or ""):gmatch("[^\n]+") do
    html[#html + 1] = ("<p>%s</p>"):format(escaped(paragraph))
  end
  html[#html + 1] = #words > 0 and "<div class='words'>" .. html_words(words) .. "</div>" or nil
  add("</div></div>")
  for k = 2, #section.plots do
    local spec = section.plots[k]
    html[#html + 1] = folded("Picture: " .. (spec.title or spec.name), html_reading(spec) .. html_figure(spec),
      spec.open)
  end
  for _, table_ in ipairs(section.tables) do
    html[#html + 1] = html_folded(table_)
  end
  for _, problem in ipairs(section.problems) do
    html[#html + 1] = html_problem(problem)
  end
  html[#html + 1] = section.example and ("<pre><code>%s</code></pre>"):format(escaped(section.example)) or nil
  add("<p class='note'>%s<code>%s</code></p>\n</section>",
    section.effort and escaped(section.effort) .. ". Again: " or "", escaped(section.command))
  return table.concat(html, "\n")
end

-- A warning, which a terminal shows behind the word "warning", as a sentence of its own.
local function as_sentence(warning)
  return warning:gsub("^%l", string.upper) .. (warning:find "[.?!]$" and "" or ".")
end

--- One page of HTML, pictures and style within it.
-- @param results what `lab.run` or `lab.load` returned
-- @param options optional: `experiments`, a list of those that are known
-- @return HTML
function report.html(results, options)
  local list = sections.of(results, options)
  local answers, bodies = {}, {}
  local first, words = glossary.of(list)
  for k, section in ipairs(list) do
    answers[k] = ("<li><a href='#%s'>%s</a></li>"):format(escaped(section.name), escaped(section.question))
    bodies[k] = html_section(section, first[k])
  end
  local warnings = {}
  for k, warning in ipairs(circumstances.warnings(results)) do
    warnings[k] = ("<p class='problem'>%s</p>"):format(escaped(as_sentence(warning)))
  end
  local environments = {}
  for k, table_ in ipairs(circumstances.environments(results)) do
    environments[k] = html_table(table_)
  end
  local repeating = command.repeating(results)
  local again = repeating and ('<p class="note">All of it again: <code>%s</code></p>'):format(escaped(repeating)) or ""
  return ([[<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>dynarray: what growth costs</title>
<style>
%s
</style>
</head>
<body>
<main>
<h1>What growth costs, measured</h1>
<p>An array that grows needs memory again and again. What does that cost on this machine? Each question below is
answered first, then shown in one picture. All figures are at hand: open what is folded. Words are explained where
they first occur, and all of them at the end, under <a href="#glossary">Words</a>.</p>
<p>%s</p>
%s
<nav aria-label="Questions">
<ol class="answers">
%s
</ol>
</nav>
%s
<section id="environment">
<h2>Where this was measured</h2>
%s
%s
</section>
%s
</main>
</body>
</html>
]]):format(page_style.css, escaped(circumstances.summary(results)),
    table.concat(warnings, "\n"), table.concat(answers, "\n"), table.concat(bodies, "\n"),
    table.concat(environments, "\n"), again, html_glossary(words))
end

--- The same in Markdown, without pictures.
function report.markdown(results, options)
  local parts = { "# What growth costs, measured\n", circumstances.summary(results) .. "\n" }
  local function add(format, ...)
    parts[#parts + 1] = format:format(...)
  end
  for _, warning in ipairs(circumstances.warnings(results)) do
    add("> %s\n", text_table.escaped(as_sentence(warning)))
  end
  local list = sections.of(results, options)
  local _, words = glossary.of(list)
  for _, section in ipairs(list) do
    add("## %s\n\n%s\n", text_table.escaped(section.question), text_table.escaped(section.answer))
    for paragraph in (section.more or ""):gmatch("[^\n]+") do
      add("%s\n", text_table.escaped(paragraph))
    end
    if section.example then
      add("```lua\n%s\n```\n", section.example)
    end
    for _, problem in ipairs(section.problems) do
      add("> %s\n", text_table.escaped(problem))
    end
    for _, table_ in ipairs(section.tables) do
      parts[#parts + 1] = text_table.markdown(table_)
    end
    add("%s`%s`\n", section.effort and section.effort .. ". Again: " or "", section.command)
  end
  parts[#parts + 1] = "## Where this was measured\n"
  for _, table_ in ipairs(circumstances.environments(results)) do
    parts[#parts + 1] = text_table.markdown(table_)
  end
  if #words > 0 then
    parts[#parts + 1] = "## Words\n"
    for _, entry in ipairs(words) do
      add("- %s: %s", text_table.escaped(entry.word), text_table.escaped(entry.means))
    end
    parts[#parts + 1] = ""
  end
  return table.concat(parts, "\n")
end

local WIDTH = 100 -- of text, at most

-- The words that occur in a section first, and what they mean; nil if there are none.
local function text_words(words, width)
  local lines = {}
  for _, entry in ipairs(words) do
    local line = ("  %s: %s"):format(entry.word, entry.means)
    lines[#lines + 1] = table.concat(sentence.wrapped(line, width, "    "), "\n")
  end
  return #lines > 0 and "Words:\n" .. table.concat(lines, "\n") .. "\n" or nil
end

-- A section in full: question, answer, words, pictures where they are wanted, tables.
local function text_section(section, words, add, options, width)
  add(section.question)
  add(section.answer)
  for paragraph in (section.more or ""):gmatch("[^\n]+") do
    add(paragraph)
  end
  add(text_words(words, width), true)
  for _, spec in ipairs(options.plots and section.plots or {}) do
    local picture, problem = drawn(plot.text, spec, { width = width, colour = options.colour })
    add(picture or problem, picture ~= nil)
    local reading, notes = plot.reading(spec)
    add(picture and reading)
    add(picture and notes)
  end
  for _, table_ in ipairs(section.tables) do
    add(text_table.aligned(table_, width), true)
  end
  for _, problem in ipairs(section.problems) do
    add("! " .. problem)
  end
  add(section.example and section.example .. "\n", true)
  add(not section.effort and section.command)
end

--- The same as text, at most 100 columns wide.
-- @param results what `lab.run` or `lab.load` returned
-- @param options optional: `experiments`; `width` columns, if it is less; `plots`: with pictures; `colour`: with
-- colours; `brief`: answers only
function report.text(results, options)
  options = options or {}
  local width, parts = math.min(options.width or WIDTH, WIDTH), {}
  local function add(text, as_it_is)
    if text and as_it_is then
      parts[#parts + 1] = text
    elseif text then
      parts[#parts + 1] = table.concat(sentence.wrapped(text_table.clean(text), width, "  "), "\n")
        .. (options.brief and "" or "\n")
    end
  end
  local list = sections.of(results, options)
  local first = glossary.of(list)
  for k, section in ipairs(list) do
    if options.brief then
      add(section.name .. ": " .. section.answer)
      for _, problem in ipairs(section.problems) do
        add(section.name .. ": " .. problem)
      end
    else
      text_section(section, first[k], add, options, width)
    end
  end
  if not options.brief then
    add(circumstances.setting(results))
  end
  return table.concat(parts, "\n") .. "\n"
end

--- The answers alone, as text: a line that begins with the experiment's name, and lines that go on with it.
function report.answers(results, options)
  return report.text(results, { experiments = options and options.experiments, brief = true })
end

--- A report in the form asked for.
-- @param results what `lab.run` or `lab.load` returned
-- @param options optional: `format` ("html", "markdown", "text" or "answers"; default "html"), `output` (the file to
-- write), and what `report.html` and `report.text` take
-- @return the report as a string; with `output` true, or nil and why it could not be written
function report.report(results, options)
  options = options or {}
  local format = options.format or "html"
  local make = ({
    html = report.html, markdown = report.markdown, text = report.text, answers = report.answers,
  })[format]
  if not make then
    error(("unknown format '%s' (html, markdown, text or answers)"):format(format), 2)
  end
  local content = make(results, options)
  if options.output then
    return filesystem.write(options.output, content)
  end
  return content
end

return report
