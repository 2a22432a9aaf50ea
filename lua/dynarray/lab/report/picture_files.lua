--- The pictures of a report as files.
-- @module dynarray.lab.report.picture_files
local filesystem = require "dynarray.lab.base.filesystem"
local plot = require "dynarray.lab.plot"
local sections = require "dynarray.lab.report.sections"

local pictures = {}

local function set(list)
  local members = {}
  for _, name in ipairs(list) do
    members[name] = true
  end
  return members
end

-- Writes one; returns true, or nil and why not.
local function write(spec, path, format)
  if format == "png" then
    return plot.png(spec, path)
  end
  local picture, problem = plot.svg(spec, { standalone = true })
  if not picture then
    return nil, problem
  end
  return filesystem.write(path, picture)
end

--- Writes the plots as files, one each, named after the plot.
-- @param results what `lab.run` or `lab.load` returned
-- @param directory there already
-- @param options optional: `format` ("svg" or "png"; default "svg"), `names` (a list: only these), `experiments`
-- @return the paths, a list; or nil and why not
function pictures.write(results, directory, options)
  options = options or {}
  local format = options.format or "svg"
  local wanted = options.names and set(options.names)
  local paths = {}
  for _, section in ipairs(sections.of(results, options)) do
    for _, spec in ipairs(section.plots) do
      if not wanted or wanted[spec.name] then
        local path = ("%s/%s.%s"):format(directory, spec.name:gsub("[/%c]", "-"), format)
        local ok, problem = write(spec, path, format)
        if not ok then
          return nil, problem
        end
        paths[#paths + 1] = path
        if wanted then
          wanted[spec.name] = nil
        end
      end
    end
  end
  local missing = wanted and next(wanted)
  if missing then
    return nil, ("there is no picture named '%s'"):format(missing)
  end
  return paths
end

return pictures
