--- A user's script that shows how a program uses its arrays: it returns `function(new) ... end` and makes its arrays
-- with `new{ ... }`, which takes what dynarray.new takes.
local dynarray = require "dynarray"
local filesystem = require "dynarray.lab.base.filesystem"
local random = require "dynarray.lab.base.random"

local workload = {}

local function fail(path, message)
  error(("workload %s: %s"):format(path, (tostring(message):gsub("%s*\n.*$", ""))), 0)
end

local function compiled(path)
  local chunk, message = loadfile(path, "t")
  return chunk or fail(path, message)
end

--- What tells one version of the script from another. Nothing of it is run; an error, in one line, if it is no Lua.
function workload.version(path)
  compiled(path)
  return random.digest(filesystem.contents(path) or "")
end

--- The function that the script returns. An error, in one line, if there is none.
-- @param version optional: that it must have
function workload.load(path, version)
  local chunk = compiled(path)
  if version and workload.version(path) ~= version then
    fail(path, "was changed while it was measured")
  end
  local ok, run = pcall(chunk)
  if not ok then
    fail(path, run)
  elseif type(run) ~= "function" then
    fail(path, ("returns a %s, not a function(new)"):format(type(run)))
  end
  return run
end

-- What dynarray.new takes, with the growth policy and the block under test in place of the script's own.
local function setup_of(options, growth, block)
  local setup = { growth = growth, block = block }
  if type(options) == "string" then
    setup.type = options
  elseif type(options) == "table" then
    for key, value in pairs(options) do
      setup[key] = setup[key] or value
    end
  elseif options ~= nil then
    return options -- an error, as for dynarray.new
  end
  return setup
end

local TOO_MANY = {}

--- Runs it once with that policy and block; returns how many arrays it made, nil if it was ended at more than `most`.
function workload.run(path, run, growth, block, most)
  local arrays = 0
  local ok, message = pcall(run, function(options)
    arrays = arrays + 1
    if arrays > (most or math.huge) then
      error(TOO_MANY)
    end
    local made, array = pcall(dynarray.new, setup_of(options, growth, block))
    return made and array or error(array, 2)
  end)
  if message == TOO_MANY then
    return nil
  elseif not ok then
    fail(path, message)
  elseif arrays == 0 then
    fail(path, "makes no array: it never calls new")
  end
  return arrays
end

return workload
