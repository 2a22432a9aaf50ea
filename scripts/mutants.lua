-- Faults that specs should notice: changes one token of src/core or src/lua, builds, and runs specs until one fails.
--
--   lua scripts/mutants.lua FOLDER [SEED [COUNT [PLACE]]]
--
-- PLACE, the beginning of a path or a file:line, is where all mutants shall be.
-- Mutants are drawn from all by the seed. Those that do not compile, or to the same machine code, do not count. A
-- mutant is killed by a spec that fails, or hangs; or it survives. What cannot be noticed stands in spec/mutants.txt,
-- with the reason. Works in copies of the files in FOLDER, as many at once as there are processors (JOBS=1: one).
-- LONGEST=10 leaves out the specs that take more than ten seconds.
local folder, seed, count, only = arg[1], tonumber(arg[2]) or os.time(), tonumber(arg[3]) or 100, arg[4] or ""

-- The specs that notice nothing of the C sources that others would not: of the laboratory, of documents, of packages.
local apart = { amalgamation = true, bench = true, churn = true, clingo = true, docs = true, documents = true,
  examples = true, floors = true, install = true, lighttpd = true, lua_versions = true, packages = true,
  recorder = true, site = true, threads = true, workloads = true }

-- What belongs to a file whose name is not that of a spec: the end of its path, and specs, the best first. The others
-- come after them, the fastest first.
local owners = {
  { "methods/access", "index sequence value error_position" },
  { "methods/append_extend", "append extend" },
  { "methods/astype", "whole" },
  { "methods/bytes", "file" },
  { "methods/choose", "search functional" },
  { "methods/csv_write", "csv" },
  { "methods/constructors", "construct" },
  { "methods/distinct", "search" },
  { "methods/equality", "compare_concat" },
  { "methods/fill", "resize copy" },
  { "methods/gather", "functional search" },
  { "methods/insert_remove", "list" },
  { "methods/join", "tostring functional" },
  { "methods/operators", "compare_concat arithmetic" },
  { "methods/order", "sort search reduce" },
  { "methods/random", "functional" },
  { "methods/ranges", "construct" },
  { "methods/rearrange", "list" },
  { "methods/records", "csv sort" },
  { "methods/running", "reduce" },
  { "methods/statistics", "reduce edges" },
  { "methods/text", "tostring file" },
  { "methods/totable", "iterate" },
  { "array/anchor", "value core" },
  { "array/append", "append growth" },
  { "array/argument", "error_position" },
  { "array/comparison", "search" },
  { "array/construction", "construct" },
  { "array/conversion", "element_types" },
  { "array/expression", "compute" },
  { "array/file_block", "open" },
  { "array/holding", "accounting memory" },
  { "array/lifecycle", "accounting memory collector" },
  { "array/meeting", "arithmetic aliases" },
  { "array/options", "construct" },
  { "array/path", "file" },
  { "array/source", "extend construct reentry" },
  { "array/window", "view" },
  { "array/word", "value" },
  { "api/module", "growth construct host" },
  { "base/error", "error_position" },
  { "core/array", "core" },
  { "core/argsort", "sort" },
  { "core/distinct", "search" },
  { "core/element", "core" },
  { "core/gather", "functional" },
  { "core/heap", "core accounting limit keep" },
  { "core/mark", "open crash" },
  { "core/npy", "file open map" },
  { "core/numeral", "csv tostring" },
  { "core/open_file", "open crash" },
  { "core/owner", "core host" },
  { "core/plan", "core growth" },
  { "core/random", "functional" },
  { "core/rearrange", "core list" },
  { "core/rolling", "reduce" },
  { "core/running", "reduce" },
  { "core/sort", "sort search reduce" },
  { "core/statistics", "reduce edges" },
  { "core/stride", "functional" },
  { "core/sum", "reduce edges" },
  { "core/compute", "compute" },
  { "system/pages", "block refusal core" },
  { "system/files", "file save map" },
  { "system/storage", "open crash" },
  { "system/process", "probe block" },
  { "system/clock", "probe" },
}

local function lines_of(command)
  local list, pipe = {}, assert(io.popen(command))
  for line in pipe:lines() do
    list[#list + 1] = line
  end
  return list, pipe:close()
end

local function slurp(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read "a"
  file:close()
  return text
end

local function spit(path, text)
  local file = assert(io.open(path, "wb"))
  assert(file:write(text))
  assert(file:close())
end

local function quoted(s)
  return "'" .. s:gsub("'", "'\\''") .. "'"
end

local function now()
  return tonumber(lines_of("date +%s.%N")[1])
end

local interpreter = arg[-1]
local jobs = tonumber(os.getenv "JOBS" or lines_of("getconf _NPROCESSORS_ONLN")[1])
local longest = tonumber(os.getenv "LONGEST" or 60) -- seconds; specs that take more are left out

local specs = {}
for _, path in ipairs(lines_of "ls spec/*_spec.lua") do
  local name = path:match "([^/]+)_spec%.lua$"
  if not apart[name] and not name:find "^lab_" then
    specs[#specs + 1] = name
  end
end

-- ---------------------------------------------------------------------------------------------
-- Mutants of a text

local others = {
  ["<"] = "<=", ["<="] = "<", [">"] = ">=", [">="] = ">", ["=="] = "!=", ["!="] = "==", ["&&"] = "||", ["||"] = "&&",
  ["+"] = "-", ["-"] = "+", ["+="] = "-=", ["-="] = "+=", ["true"] = "false", ["false"] = "true", ["!"] = "",
}
local operators = { "<<=", ">>=", "...", "->", "++", "--", "<<", ">>", "<=", ">=", "==", "!=", "&&", "||", "+=", "-=",
  "*=", "/=", "%=", "&=", "|=", "^=", "##" }

-- The text with spaces in place of comments, strings and directives that are no definitions.
local function code_of(text)
  local function blank(s)
    return (s:gsub("[^\n]", " "))
  end
  local out, at = {}, 1
  while at <= #text do
    local first = text:find("[/\"'#]", at) or #text + 1
    out[#out + 1] = text:sub(at, first - 1)
    local last = first
    local two = text:sub(first, first + 1)
    if two == "/*" then
      last = select(2, text:find("*/", first + 2, true))
    elseif two:sub(1, 1) == '"' or two:sub(1, 1) == "'" then
      last = first + 1
      while text:sub(last, last) ~= two:sub(1, 1) do
        last = last + (text:sub(last, last) == "\\" and 2 or 1)
      end
    elseif two:sub(1, 1) == "#" and text:find("^# *%l", first) and text:sub(1, first - 1):find "\n *$" then
      if text:find("^# *define [%w_]+", first) then
        last = select(2, text:find("^# *define [%w_]+%(?", first))
        if text:sub(last, last) == "(" then -- parameters
          last = text:find(")", last, true)
        end
      else
        last = (text:find("\n", first, true) or #text + 1) - 1
      end
    elseif two ~= "" then
      out[#out + 1] = text:sub(first, first)
      at = first + 1
      goto continue
    end
    out[#out + 1] = blank(text:sub(first, last))
    at = last + 1
    ::continue::
  end
  return table.concat(out)
end

-- Calls visit(position, old text, new text) for each mutant.
local function each_mutant(text, visit)
  local code, at = code_of(text), 1
  assert(#code == #text)
  while at <= #code do
    local _, last = code:find("^[%a_][%w_]*", at)
    local number = false
    if not last then
      _, last = code:find("^%.?%d[%w_.]*", at)
      number = last ~= nil
    end
    if not last then
      last = at
      for _, operator in ipairs(operators) do
        if code:sub(at, at + #operator - 1) == operator then
          last = at + #operator - 1
          break
        end
      end
    end
    local token = code:sub(at, last)
    local other = others[token]
    if number then
      local digits, suffix = token:match "^(0?x?%x+)([uUlL]*)$"
      local value = digits and math.tointeger(tonumber(digits))
      if value then
        visit(at, token, ("%d"):format(value + 1) .. suffix)
        if value == 1 then
          visit(at, token, "0" .. suffix)
        end
      end
    elseif other and not ((token == "+" or token == "-") and code:sub(at - 1, last + 1):find "^%S" ) then
      if not ((token == "+" or token == "-") and code:sub(last + 1, last + 1) ~= " ") then
        visit(at, token, other)
      end
    end
    at = last + 1
  end
  -- A call whose value nobody uses, on a line of its own or behind a condition.
  for first, call in code:gmatch "()([%a_][%w_]*%b();)" do
    local before = code:sub(1, first - 1):match "([^\n]*)$"
    if not call:find "\n" and (before:find "^%s*$" or before:find "^%s*if %(.*%) $" or before:find "^%s*else $")
      and not call:find "^if" and not call:find "^while" and not call:find "^return" and not call:find "^for" then
      visit(first, text:sub(first, first + #call - 1), ";")
    end
  end
end

-- ---------------------------------------------------------------------------------------------
-- The copies

-- Runs a shell command in a copy, with what `make coverage` gives the specs. If memory runs out, the system ends this.
local function inside(place, command)
  local here = lines_of("cd " .. quoted(place) .. " && pwd")[1]
  local paths = ("%s/lua/?.lua;%s/lua/?/init.lua;%s/spec/?.lua;;"):format(here, here, here)
  return os.execute(("cd %s && { echo 1000 >/proc/self/oom_score_adj; } 2>/dev/null; export LUA_PATH=%s LUA_CPATH=%s "
    .. "DYNARRAY_OUT=%s DYNARRAY_SPEC_OBJECTS=%s MAKEFLAGS= MAKELEVEL=; %s"):format(quoted(here), quoted(paths),
    quoted(here .. "/build/coverage/?.so;;"), quoted(here .. "/build/coverage"), quoted(here .. "/build/coverage"),
    command))
end

-- Compiles these sources, as `make coverage` does, and links. Not -O2: this is about what the source says. No -g, so
-- that a change of nothing gives the same object.
local compile = [[
flags="-std=c11 -DNDEBUG -O1 -w -fPIC -fvisibility=hidden -Isrc -Isrc/include $LUA_CFLAGS -Dtarget_clones(...)= -MMD"
export flags; cd build/coverage && find ../../src -type d | sed 's,^../../src,,' | while read -r d; do
    mkdir -p "objects$d" "any$d"; done; cd ../.. && : >build/said &&
printf '%s\n' SOURCES | xargs -P PROCESSES -n 1 sh -c 'o=${0#src/}; o=${o%.c}.o
    ${CC:-cc} $flags -c -o build/coverage/objects/$o $0 2>>build/said || exit 255
    ${CC:-cc} $flags -DDYNARRAY_NO_CLONES -c -o build/coverage/any/$o $0 2>>build/said || exit 255' &&
${CC:-cc} -shared -o build/coverage/dynarray.so $(find build/coverage/objects -name '*.o') -lm 2>>build/said &&
rm -f build/coverage/libdynarray.a &&
ar qcs build/coverage/libdynarray.a $(find build/coverage/objects/core -name '*.o')
]]

local function build(place, sources, processes)
  return inside(place, (compile:gsub("%u%u%u+", { SOURCES = table.concat(sources, " "), PROCESSES = processes })))
end

-- What a spec says to it: "passes", "fails" or "hangs"; and the seconds that it took.
local function try(place, name, seconds)
  local started = now()
  local _, _, code = inside(place, ("timeout -k 2 %d %s spec/run.lua --no-keep-going spec/%s_spec.lua </dev/null "
    .. ">build/said 2>&1"):format(seconds, interpreter, name))
  local how = code == 0 and "passes" or (code == 124 or code == 137) and "hangs" or "fails"
  return how, now() - started
end

-- A copy of all that git knows, built; its objects are kept aside.
local function prepare(place)
  local to = quoted(place)
  assert(os.execute(("rm -rf %s && mkdir -p %s/build/coverage && git ls-files -z -co --exclude-standard | "
    .. "xargs -0 cp -p --parents -t %s"):format(to, to, to)))
  if not build(place, lines_of "find src -name '*.c'", jobs) then
    error(("cannot build: see %s/build/said"):format(place), 0)
  end
  assert(inside(place, "cp -Rp build/coverage build/as-it-was"))
end

-- The C files that read this file.
local function readers(place, path)
  if path:find "%.c$" then
    return { path }
  end
  local list = {}
  for _, d in ipairs(lines_of(("cd %s/build/as-it-was/objects && grep -rlF %s . || :"):format(quoted(place),
    quoted(path)))) do
    list[#list + 1] = d:gsub("^%.", "src"):gsub("%.d$", ".c")
  end
  return list
end

-- The objects that a build made anew, and whether each is what it was.
local function made(place)
  local same, any, there = true, false, "cd " .. quoted(place .. "/build")
  for _, path in ipairs(lines_of(there .. "/coverage && find . -name '*.o' -newer ../begun")) do
    any = true
    same = same and os.execute(("%s && cmp -s coverage/%s as-it-was/%s"):format(there, path, path)) == true
  end
  return any, same
end

local function restore(place, path, text)
  spit(place .. "/" .. path, text)
  inside(place, "cd build/coverage && find . -name '*.o' -newer ../begun | while read -r o; do cp ../as-it-was/$o $o; "
    .. "done; find ../spec -type f -newer ../begun -delete 2>/dev/null")
end

-- ---------------------------------------------------------------------------------------------
-- One mutant

local function line_at(text, position)
  local number = select(2, text:sub(1, position - 1):gsub("\n", "")) + 1
  local first = text:sub(1, position - 1):find "[^\n]*$"
  return number, text:sub(first, (text:find("\n", first, true) or #text + 1) - 1)
end

-- Blanks say nothing, and the backslash of a definition neither.
local function bare(line)
  return (line:gsub("%s*\\$", ""):gsub("%s+", " "):gsub("^ ", ""):gsub(" $", ""))
end

local function specs_of(path, times)
  local list, seen, others_of = {}, {}, {}
  local function add(name)
    if not seen[name] then
      seen[name] = true
      list[#list + 1] = name
    end
  end
  for _, row in ipairs(owners) do
    if path:find(row[1], 1, true) then -- a spec that was renamed has no time
      for name in row[2]:gmatch "%S+" do
        add(name)
      end
    end
  end
  local name = path:match "([%w_]+)%.[ch]$"
  for _, spec in ipairs(specs) do
    if spec == name then
      add(spec)
    end
  end
  for _, spec in ipairs(specs) do
    others_of[#others_of + 1] = times[spec] and spec
  end
  table.sort(others_of, function(x, y) return times[x] < times[y] end)
  for _, spec in ipairs(others_of) do
    add(spec)
  end
  return list
end

-- Prints one line: what became of it, and by which spec.
local function one(place, mutant, times)
  local path, position, old, new = table.unpack(mutant)
  local text = slurp(place .. "/" .. path)
  assert(text:sub(position, position + #old - 1) == old)
  assert(inside(place, "touch build/begun; sleep 0.02"))
  spit(place .. "/" .. path, text:sub(1, position - 1) .. new .. text:sub(position + #old))
  local result, by = "survived", ""
  if not build(place, readers(place, path), 1) then
    result = "no program"
  else
    local any, same = made(place)
    if not any then
      result = "no part of the program"
    elseif same then
      result = "the same program"
    end
  end
  if result == "survived" then
    for _, name in ipairs(specs_of(path, times)) do
      if times[name] then
        local how = try(place, name, math.ceil(10 + 5 * times[name]))
        if how ~= "passes" then
          result, by = how == "hangs" and "hung" or "killed", name
          break
        end
      end
    end
  end
  restore(place, path, text)
  return result, by
end

-- ---------------------------------------------------------------------------------------------
-- All

-- The file that says which spec takes how long, and which mutants there are: for the processes that work on them.
local plan = folder .. "/plan"

local function write_plan(times, mutants)
  local out = {}
  for name, seconds in pairs(times) do
    out[#out + 1] = ("times[%q] = %.2f"):format(name, seconds)
  end
  for k, m in ipairs(mutants) do
    out[#out + 1] = ("mutants[%d] = { %q, %d, %q, %q }"):format(k, m[1], m[2], m[3], m[4])
  end
  spit(plan, table.concat(out, "\n"))
end

local function read_plan()
  local env = { times = {}, mutants = {} }
  assert(loadfile(plan, "t", env))()
  return env.times, env.mutants
end

if arg[2] == "--one" then -- FOLDER --one PLACE INDEX: by the process below
  local place, index = arg[3], tonumber(arg[4])
  local stopped = io.open(folder .. "/stop")
  if stopped then
    os.exit(255) -- xargs begins no more
  else
    local times, mutants = read_plan()
    local started = now()
    local result, by = one(folder .. "/" .. place, mutants[index], times)
    print(("%d\t%s\t%s\t%.0f"):format(index, result, by, now() - started))
  end
  return
end

local function draw()
  local all = {}
  for _, path in ipairs(lines_of "find src/core src/lua -name '*.[ch]' | LC_ALL=C sort") do
    local text = slurp(path)
    each_mutant(text, function(position, old, new)
      local here = ("%s:%d"):format(path, (line_at(text, position)))
      if here:sub(1, #only) == only and (here == only or not only:find ":") then
        all[#all + 1] = { path, position, old, new }
      end
    end)
  end
  math.randomseed(seed)
  for k = #all, 2, -1 do
    local j = math.random(k)
    all[k], all[j] = all[j], all[k]
  end
  return all
end

-- path .. line -> { [change or "any"] = reason }
local function explained()
  local list, path, line = {}, nil, nil
  for text in io.lines "spec/mutants.txt" do
    if text:find "^src/" then
      path = text
    elseif text:find "^  %S" then
      line = bare(text)
      local found = false
      for there in io.lines(path) do
        found = found or bare(there) == line
      end
      if not found then
        error(("spec/mutants.txt: %s has no line `%s`"):format(path, line), 0)
      end
    elseif text:find "^    %S" then
      local change, reason = text:match "^    (.-): (.*)$"
      list[path .. "\n" .. line] = list[path .. "\n" .. line] or {}
      list[path .. "\n" .. line][change] = reason
    end
  end
  return list
end

local function change_of(m)
  if m[4] == ";" then
    return "no call"
  end
  return ("%s becomes %s"):format(m[3], m[4] == "" and "nothing" or m[4])
end

local reasons = explained()
local function reason_of(m)
  local _, line = line_at(slurp(m[1]), m[2])
  local here = reasons[m[1] .. "\n" .. bare(line)]
  return here and (here[change_of(m)] or here["any"])
end

local mutants = draw()
print(("SEED=%d COUNT=%d, of %d mutants"):format(seed, count, #mutants))
os.remove(folder .. "/stop")

-- The copies stay as long as no file changes.
local function sum_of_files()
  return lines_of("git ls-files -z -co --exclude-standard src spec lua ':!spec/mutants.txt' | LC_ALL=C sort -z | "
    .. "xargs -0 cat | cksum")[1]
    .. (" %d jobs, longest %d"):format(jobs, longest)
end

local function measure()
  local times = {}
  prepare(folder .. "/1")
  for _, name in ipairs(specs) do -- the first run builds what the specs need
    local how, seconds = try(folder .. "/1", name, 3 * longest)
    if how == "passes" and seconds <= longest then
      times[name] = seconds
    else
      print(("%s_spec is left out: without a mutant it %s (%.0f s)"):format(name, how, seconds))
    end
  end
  for slot = 2, jobs do
    assert(os.execute(("rm -rf %s/%d && cp -Rp %s/1 %s/%d"):format(folder, slot, folder, folder, slot)))
  end
  return times
end

local sum_file = io.open(folder .. "/sum")
local times
if sum_file and sum_file:read "a" == sum_of_files() then
  times = read_plan()
else
  os.remove(folder .. "/sum")
  times = measure()
  spit(folder .. "/sum", sum_of_files())
end
write_plan(times, mutants)

local row = "%s:%d: %s: %s%s (%d s)\n    %s"
local found, counted, next_index = {}, 0, 1
local queue = assert(io.popen(("seq %d | xargs -P %d -n 1 --process-slot-var=SLOT sh -c "
  .. "'exec %s scripts/mutants.lua \"$0\" --one $((SLOT + 1)) \"$1\"' %s 2>>%s"):format(#mutants, jobs, interpreter,
  quoted(folder), quoted(folder .. "/errors"))))
local sums = { killed = 0, hung = 0, survived = 0, explained = 0 }
for said in queue:lines() do
  local index, result, by, seconds = said:match "^(%d+)\t([^\t]*)\t([^\t]*)\t(%d+)$"
  found[tonumber(index)] = { result, by, seconds }
  -- in the order of the draw, so that the sample is the same however fast each was
  while found[next_index] and counted < count do
    local m, f = mutants[next_index], found[next_index]
    if sums[f[1]] then
      local number, line = line_at(slurp(m[1]), m[2])
      local reason = f[1] == "survived" and reason_of(m)
      counted = counted + 1
      local outcome = reason and "explained" or f[1]
      sums[outcome] = sums[outcome] + 1
      print(row:format(m[1], number, change_of(m), outcome, f[2] ~= "" and " by " .. f[2] or reason and ", " .. reason
        or "", f[3], bare(line)))
      io.flush()
    end
    next_index = next_index + 1
  end
  if counted >= count or next_index > #mutants then
    spit(folder .. "/stop", "")
  end
end
queue:close()
if counted == 0 then
  error(("no mutant at %s makes a program: see %s/errors"):format(only, folder), 0)
end
print(("SEED=%d COUNT=%d: %d killed, %d hung, %d survived (%.1f%%), %d of them explained in spec/mutants.txt"):format(
  seed, counted, sums.killed, sums.hung, sums.survived + sums.explained, 100 * (sums.survived + sums.explained)
  / counted, sums.explained))
print(("%d unexplained: %.1f%%"):format(sums.survived, 100 * sums.survived / counted))
os.exit(sums.survived / counted < 0.05)
