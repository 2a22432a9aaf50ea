-- Writes all C sources as one file, and the public headers beside it: `lua5.4 scripts/amalgamate.lua DIRECTORY`.
-- Names of ours that are not public become static.

-- What a program without Lua needs. All other files of src/core serve the binding alone.
local basis = {
  "array", "block", "capacity_plan", "element", "file_mark", "memory", "npy", "open_file", "open_file_none", "policies",
  "save_load",
  "system/clock_%l+", "system/files_%l+", "system/pages_%l+", "system/storage_%l+",
}

-- Of the binding, from the ground up.
local floors = { "base", "array", "methods", "api" }

local public = { ["dynarray.h"] = true, ["dynarray_lua.h"] = true }

local intro = [[
/*
** dynarray.c: all of dynarray in one file, written by `make amalgamation`; see dynarray.h for its use and for
** the licence. Compile it as C11 or later, beside the two headers. Lua's headers are to be found by the
** compiler if the binding, dynarray_lua.h, is wanted; -DDYNARRAY_NO_LUA leaves it away. -DDYNARRAY_MODULE makes
** a module for `require`: luaopen_dynarray is all that others see of it. Other switches are described below:
** DYNARRAY_NO_PAGES, DYNARRAY_NO_OS and others.
*/
#if defined(DYNARRAY_MODULE)
#if defined(__GNUC__)
#define DYNARRAY_API __attribute__((unused)) static
#else
#define DYNARRAY_API static
#endif
#define luaopen_dynarray dynarray_open_module
#endif

#if defined(__GNUC__)
#pragma GCC diagnostic ignored "-Wunused-function" /* which functions are used depends on the switches */
#endif
#if !defined(DYNARRAY_NO_LUA) && defined(__has_include)
#if !__has_include(<lua.h>)
#define DYNARRAY_NO_LUA
#endif
#endif
]]

-- What require calls, where all else is static.
local outro = [[

#if defined(DYNARRAY_MODULE)
#undef luaopen_dynarray
#if defined(_WIN32)
__declspec(dllexport)
#elif defined(__GNUC__)
__attribute__((visibility("default")))
#endif
int luaopen_dynarray(lua_State *L);
int luaopen_dynarray(lua_State *L) { return dynarray_open_module(L); }
#endif
]]

local function lines_of(command)
  local list, pipe = {}, assert(io.popen(command))
  for line in pipe:lines() do
    list[#list + 1] = line
  end
  pipe:close()
  return list
end

local function slurp(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read "a"
  file:close()
  return text
end

local headers, all_macros = {}, {}
for _, path in ipairs(lines_of "find src/core src/lua -name '*.h' | LC_ALL=C sort") do
  headers[path:sub(#"src/" + 1)] = slurp(path) -- as #include names it
end

local objects = {} -- names of internal constants that more than one file uses

-- Declarations begin in the first column; a definition takes its linkage from its declaration.
local function with_static_declarations(text)
  -- An array of unknown length cannot be declared static: its definition comes before its use, see `floors`.
  text = text:gsub("\nextern const [^\n;]-([%w_]+)%[%];[^\n]*", function(name)
    objects[name] = true
    return ""
  end)
  text = text:gsub("\nextern (const [%w_]+ ([%w_]+))", function(declaration, name)
    objects[name] = true
    return "\nstatic " .. declaration
  end)
  return (text:gsub("\n([%a_][%w_]*[ *][^\n;{}=#\"]-[%w_]+%()", function(declaration)
    local first = declaration:match "^[%w_]+"
    if first ~= "static" and first ~= "typedef" and first ~= "extern" and first ~= "_Static_assert" then
      return "\nstatic " .. declaration
    end
  end))
end

for name, text in pairs(headers) do
  headers[name] = with_static_declarations(text)
end

local function macros_of(text)
  local names = {}
  for name in ("\n" .. text):gmatch "\n[ \t]*#[ \t]*define ([%w_]+)" do
    names[name] = true
  end
  return names
end

local seen, out = {}, { intro }

-- The text with each of our headers where it is first included.
local function expanded(text)
  return (("\n" .. text):gsub('\n#include "([^"\n]+)"[^\n]*', function(path)
    local name = public[path] and path or headers[path] and path or error("no header " .. path)
    if seen[name] then
      return ""
    end
    seen[name] = true
    return "\n" .. (public[name] and ('#include "%s"\n'):format(name) or expanded(headers[name]))
  end):sub(2))
end

local sources = {}
for _, path in ipairs(lines_of "find src/core src/lua -name '*.c' | LC_ALL=C sort") do
  local text = slurp(path)
  for name in pairs(objects) do
    text = text:gsub("\n(const [%w_ *]-" .. name .. "%f[^%w_])", "\nstatic %1")
  end
  local source = { path = path, text = text, macros = macros_of(text) }
  for name in pairs(source.macros) do
    all_macros[name] = (all_macros[name] or 0) + 1
  end
  sources[#sources + 1] = source
end

local function add(source)
  local undone = {}
  for name in pairs(source.macros) do
    if all_macros[name] > 1 then
      undone[#undone + 1] = ("#undef %s\n"):format(name)
    end
  end
  table.sort(undone)
  out[#out + 1] = ("\n/* %s */\n\n"):format(source.path)
  out[#out + 1] = expanded(source.text)
  out[#out + 1] = table.concat(undone)
  source.done = true
end

local function add_all(pattern, condition)
  for _, source in ipairs(sources) do
    if not source.done and source.path:find(pattern) and condition(source) then
      add(source)
    end
  end
end

local function is_basis(source)
  for _, name in ipairs(basis) do
    if source.path:find("^src/core/" .. name .. "%.c$") then
      return true
    end
  end
  return false
end

-- vectorize.h changes the compiler's options for what follows.
local function is_plain(source)
  return not source.text:find('#include "core/vectorize.h"', 1, true)
end

add_all("^src/core/", is_basis)
out[#out + 1] = "\n#if !defined(DYNARRAY_NO_LUA)\n"
add_all("^src/core/", is_plain)
for _, floor in ipairs(floors) do
  add_all("^src/lua/" .. floor .. "/", is_plain)
end
add_all("", function() return true end)
out[#out + 1] = outro .. "\n#endif\n"

local directory = assert(arg[1], "a directory is wanted")
assert(os.execute(("mkdir -p '%s' && cp src/include/*.h LICENSE '%s'"):format(directory, directory)))
local file = assert(io.open(directory .. "/dynarray.c", "wb"))
file:write(table.concat(out))
file:close()
