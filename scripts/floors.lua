-- Checks that no file of ours uses one that stands above it, and that there is no circle:
--
--     lua5.4 scripts/floors.lua [ORDER [ROOT [OBJECTS]]]
--
-- ORDER, docs/architecture.md by default, has the order in its blocks that begin with ```floors: a path a line,
-- the top first, then what is there. A path is a file, or all files of a folder that no other line names:
-- "folder/" if they may use each other; "folder/*" if they may not, and show others data alone, no functions.
-- Blocks are orders of their own.
--
-- A C file (with its header) uses another if its object refers to a symbol of the other's object, as `nm` says,
-- or if it includes the other's header. A Lua file uses what it requires. Objects are read from OBJECTS,
-- build/release by default, sources from ROOT.
local order_path = arg[1] or "docs/architecture.md"
local root = (arg[2] or "."):gsub("/*$", "/")
local objects = (arg[3] or "build/release"):gsub("/*$", "/")
local NM = os.getenv "NM" or "nm"

local HEADER_LINES = 250 -- at most, but for those of src/include

local problems = {}

local function problem(format, ...)
  problems[#problems + 1] = format:format(...)
end

local function lines_of(command)
  local list, pipe = {}, assert(io.popen(command))
  for line in pipe:lines() do
    list[#list + 1] = line
  end
  assert(pipe:close(), "failed: " .. command)
  return list
end

local function quoted(path)
  return "'" .. path:gsub("'", "'\\''") .. "'"
end

local function slurp(path)
  local file = io.open(path, "rb")
  if not file then
    return nil
  end
  local text = file:read "a"
  file:close()
  return text
end

local function sorted_keys(t)
  local keys = {}
  for key in pairs(t) do
    keys[#keys + 1] = key
  end
  table.sort(keys)
  return keys
end

-- ---------------------------------------------------------------------------------------------
-- The order: a list of blocks, each a list of floors

local function read_order(path)
  local blocks, floors = {}, nil
  for line in (assert(slurp(path), "cannot read " .. path) .. "\n"):gmatch "([^\n]*)\n" do
    if line:find "^```floors%s*$" then
      floors = {}
      blocks[#blocks + 1] = floors
    elseif line:find "^```" then
      floors = nil
    elseif floors and line:find "%S" then
      floors[#floors + 1] = { path = line:match "^%S+" }
    end
  end
  assert(blocks[1], path .. " has no block that begins with ```floors")
  return blocks
end

-- The number of the floor on which a file stands, by the longest path that names it.
local function floor_of(floors, file)
  local best, length
  for i, floor in ipairs(floors) do
    local folder = floor.path:match "^(.*/)%*?$"
    local names = folder and file:sub(1, #folder) == folder or floor.path == file
    if names and (not length or #floor.path > length) then
      best, length = i, #floor.path
    end
  end
  return best
end

-- ---------------------------------------------------------------------------------------------
-- Who uses whom: uses[file][other] = by what, a symbol or a name

local function add_use(uses, file, other, what)
  if file ~= other then
    uses[file] = uses[file] or {}
    uses[file][other] = uses[file][other] or what
  end
end

-- A .c file and its header are one, called as the .c file if there is one.
local function c_units(folder)
  local units = {} -- path of either = name of the unit
  for _, path in ipairs(lines_of("cd " .. quoted(root) .. " && find " .. quoted(folder) .. " -name '*.[ch]'")) do
    local stem = path:match "^(.*)%.[ch]$"
    local has_source = io.open(root .. stem .. ".c")
    if has_source then
      has_source:close()
    end
    units[path] = stem .. (has_source and ".c" or ".h")
  end
  return units
end

local function read_symbols(units, uses, functions)
  local defined, wanted = {}, {}
  for _, path in ipairs(sorted_keys(units)) do
    if path:find "%.c$" then
      local object = objects .. path:gsub("^src/", ""):gsub("%.c$", ".o")
      if not slurp(object) then
        problem("there is no object of %s (%s): build first", path, object)
      else
        for _, line in ipairs(lines_of(NM .. " -g " .. quoted(object))) do
          local kind, symbol = line:match "(%a) (%S+)$"
          if kind == "U" or kind == "w" then
            wanted[#wanted + 1] = { path, symbol }
          elseif kind then
            defined[symbol] = path
          end
          if kind == "T" then
            functions[path] = functions[path] or symbol
          end
        end
      end
    end
  end
  for _, want in ipairs(wanted) do
    if defined[want[2]] then
      add_use(uses, want[1], defined[want[2]], want[2])
    end
  end
end

local function read_includes(units, uses)
  for _, path in ipairs(sorted_keys(units)) do
    for name in ("\n" .. slurp(root .. path)):gmatch '\n%s*#%s*include%s*"([^"\n]+)"' do
      local other = units["src/" .. name] or units["src/include/" .. name]
      if other then
        add_use(uses, units[path], other, name)
      end
    end
  end
end

local function check_header(path)
  local _, count = slurp(root .. path):gsub("\n", "")
  if count > HEADER_LINES and not path:find "^src/include/" then
    problem("%s has %d lines: a header has %d at most", path, count, HEADER_LINES)
  end
end

local function read_c(folder)
  local units, uses, functions = c_units(folder), {}, {}
  read_symbols(units, uses, functions)
  read_includes(units, uses)
  for _, path in ipairs(sorted_keys(units)) do
    if path:find "%.h$" then
      check_header(path)
    end
  end
  local files = {}
  for _, unit in pairs(units) do
    files[unit] = true
  end
  return files, uses, functions
end

-- What is required by a name that is put together, as in require("a.b." .. name), are all files of a.b.
local function read_lua(folder)
  local files, uses, modules = {}, {}, {}
  for _, path in ipairs(lines_of("cd " .. quoted(root) .. " && find " .. quoted(folder) .. " -name '*.lua'")) do
    files[path] = true
    modules[path:gsub("^lua/", ""):gsub("%.lua$", ""):gsub("/init$", ""):gsub("/", ".")] = path
  end
  for path in pairs(files) do
    for name in slurp(root .. path):gmatch "require%s*%(?%s*[\"']([%w_.]+)[\"']" do
      for module, other in pairs(modules) do
        if module == name or (name:find "%.$" and module:sub(1, #name) == name) then
          add_use(uses, path, other, module)
        end
      end
    end
  end
  return files, uses, {}
end

-- ---------------------------------------------------------------------------------------------
-- The checks

local function check_order(floors, files, uses, functions)
  local used = {}
  for _, file in ipairs(sorted_keys(files)) do
    local i = floor_of(floors, file)
    if not i then
      problem("%s stands on no floor: give it a line in %s", file, order_path)
    else
      used[i] = true
      if functions[file] and floors[i].path:find "%*$" then
        problem("%s shows others the function %s: files of %s show data alone", file, functions[file],
          floors[i].path)
      end
      for _, other in ipairs(sorted_keys(uses[file] or {})) do
        local j = floor_of(floors, other)
        if j and j < i then
          problem("%s uses %s (%s), which stands above it", file, other, uses[file][other])
        elseif i == j and floors[i].path:find "%*$" then
          problem("%s uses %s (%s): files of %s do not use each other", file, other, uses[file][other],
            floors[i].path)
        end
      end
    end
  end
  for i, floor in ipairs(floors) do
    if not used[i] then
      problem("%s names %s, where there is no file", order_path, floor.path)
    end
  end
end

-- Each circle once, from the file where it was found back to it.
local function check_circles(files, uses)
  local state, way = {}, {}
  local function visit(file)
    if state[file] == "done" then
      return
    end
    way[#way + 1] = file
    if state[file] == "open" then
      local first = #way - 1
      while way[first] ~= file do
        first = first - 1
      end
      local told = {}
      for k = first, #way - 1 do
        told[#told + 1] = ("%s -> %s (%s)"):format(way[k], way[k + 1], uses[way[k]][way[k + 1]])
      end
      problem("there is a circle: %s", table.concat(told, ", "))
    else
      state[file] = "open"
      for _, other in ipairs(sorted_keys(uses[file] or {})) do
        visit(other)
      end
      state[file] = "done"
    end
    way[#way] = nil
  end
  for _, file in ipairs(sorted_keys(files)) do
    visit(file)
  end
end

local count = 0
for _, floors in ipairs(read_order(order_path)) do
  local lua = floors[1].path:find "^lua/" or floors[1].path:find "%.lua$"
  local folder = floors[1].path:match(lua and "^lua/[^/]+/[^/]+" or "^[^/]+")
  local files, uses, functions = (lua and read_lua or read_c)(folder)
  check_order(floors, files, uses, functions)
  check_circles(files, uses)
  count = count + #sorted_keys(files)
end
if problems[1] then
  io.stderr:write("floors: ", table.concat(problems, "\nfloors: "), "\n")
  os.exit(1)
end
print(("floors: %d files stand in order"):format(count))
