-- Faults that specs should notice: changes one token of src, builds, and runs specs until one fails.
--
--   lua scripts/mutants.lua FOLDER [SEED [COUNT [PLACE]]]
--
-- PLACE, the beginning of a path or a file:line, is where all mutants shall be.
-- Mutants are drawn from all by the seed. Those that do not compile, or to the same machine code, do not count. A
-- mutant is killed by a spec that fails, or hangs; or it survives. What cannot be noticed stands in spec/mutants.txt,
-- with the reason. Works in copies of the files in FOLDER, as many at once as there are processors (JOBS=1: one).
-- LONGEST=10 leaves out the specs that take more than ten seconds.
--
-- A mutant is tried with the specs that run its line. Which these are, gcov counts at first, for each spec alone; what
-- it found stays in FOLDER until the sources change, and a spec that changes is counted anew.
local folder, seed, count, only = arg[1], tonumber(arg[2]) or 0, tonumber(arg[3]) or 100, arg[4] or ""
if seed == 0 then
  seed = os.time()
end

-- The specs that notice nothing of the C sources that others would not: of the laboratory, of documents, of packages.
local apart = { amalgamation = true, bench = true, churn = true, clingo = true, docs = true,
  examples = true, floors = true, fuzz = true, install = true, haproxy = true, lighttpd = true, lua_versions = true,
  mutants = true, packages = true, recorder = true, site = true, threads = true, workloads = true }

-- What belongs to a file whose name is not that of a spec: the end of its path, and specs, the best first. The others
-- come after them, the fastest first.
local owners = {
  { "methods/access", "index sequence value error_position" },
  { "methods/append_extend", "append extend" },
  { "methods/astype", "element_types several_blocks" },
  { "methods/bytes", "file" },
  { "methods/concat", "tostring map_filter_reduce" },
  { "methods/constructors", "construct" },
  { "methods/csv_write", "csv" },
  { "methods/cumulative", "reduce" },
  { "methods/equality", "compare_concat" },
  { "methods/fill", "resize copy" },
  { "methods/insert_remove", "insert_remove" },
  { "methods/operators", "compare_concat arithmetic" },
  { "methods/random", "map_filter_reduce" },
  { "methods/range_linspace", "construct" },
  { "methods/rearrange", "insert_remove" },
  { "methods/save_load", "file save mapped_file" },
  { "methods/sort", "sort search reduce" },
  { "methods/statistics", "statistics reduce mean_percentile" },
  { "methods/sum_mean_min_max", "reduce mean_percentile" },
  { "methods/take_put", "map_filter_reduce search" },
  { "methods/tostring", "tostring file" },
  { "methods/totable", "iterate" },
  { "methods/unique_dedup", "search" },
  { "methods/where", "search map_filter_reduce" },
  { "array/anchor", "value core" },
  { "array/append", "append growth" },
  { "array/argument", "error_position" },
  { "array/common_type", "arithmetic aliases" },
  { "array/comparison", "search" },
  { "array/construction", "construct" },
  { "array/conversion", "element_types" },
  { "array/expression", "compute" },
  { "array/file_block", "open" },
  { "array/holding", "accounting memory" },
  { "array/lifecycle", "accounting memory collector" },
  { "array/options", "construct" },
  { "array/path", "file" },
  { "array/policy_argument", "policy growth" },
  { "array/sorting", "sort reduce" },
  { "array/source", "extend construct reentry" },
  { "array/value_word", "value" },
  { "array/view_sync", "view" },
  { "api/module", "growth construct host" },
  { "base/error", "error_position" },
  { "core/argsort", "sort" },
  { "core/array", "core" },
  { "core/bound", "search" },
  { "core/capacity_plan", "core growth" },
  { "core/cummax_diff", "reduce" },
  { "core/element", "core" },
  { "core/file_mark", "open crash" },
  { "core/gather", "map_filter_reduce" },
  { "core/load_element", "search" },
  { "core/memory", "core accounting limit kept_memory" },
  { "core/npy", "file open mapped_file" },
  { "core/open_file", "open crash" },
  { "core/owner", "core host" },
  { "core/parse_number", "csv tostring" },
  { "core/policies", "policy growth core" },
  { "core/random", "map_filter_reduce" },
  { "core/rearrange", "core insert_remove" },
  { "core/rolling", "reduce" },
  { "core/save_load", "file save mapped_file" },
  { "core/sort", "sort search reduce" },
  { "core/statistics", "statistics reduce mean_percentile" },
  { "core/stride", "map_filter_reduce" },
  { "core/sum", "reduce mean_percentile" },
  { "core/unique", "search" },
  { "core/compute", "compute" },
  { "system/clock", "probe" },
  { "system/files", "file save mapped_file" },
  { "system/pages", "block refusal core" },
  { "system/process", "probe block" },
  { "system/storage", "open crash" },
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
local spec_folder = folder .. "/specs" -- what is known of each spec
local mutant_list = folder .. "/mutants" -- one a line, with its specs
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

-- Runs a shell command in a copy, with what the specs need to find these objects: "plain", or "counted" by gcov. What
-- is random is the same each time; the model's lives are short, since there are so many mutants. If memory runs out,
-- the system ends this.
local function inside(place, command, kind)
  local here = lines_of("cd " .. quoted(place) .. " && pwd")[1]
  local paths = ("%s/lua/?.lua;%s/lua/?/init.lua;%s/spec/?.lua;;"):format(here, here, here)
  local objects = here .. "/build/" .. (kind or "plain")
  local set = { "MAKEFLAGS=", "MAKELEVEL=", "GCOV_ERROR_FILE=/dev/null", "DYNARRAY_SEED=1",
    "DYNARRAY_OPERATIONS=100000", "LUA_PATH=" .. quoted(paths), "LUA_CPATH=" .. quoted(objects .. "/?.so;;"),
    "DYNARRAY_OUT=" .. quoted(objects), "DYNARRAY_SPEC_OBJECTS=" .. quoted(objects) }
  return os.execute(("cd %s && { echo 1000 >/proc/self/oom_score_adj; } 2>/dev/null; export %s; %s"):format(
    quoted(here), table.concat(set, " "), command))
end

-- Compiles these sources, as `make coverage` does, and links. Not -O2: this is about what the source says. No -g, so
-- that a change of nothing gives the same object. What `make sanitize` would report as undefined ends the program.
-- `any` is compiled where it is not the same as the other object.
local compile = [[
flags="-std=c11 -DNDEBUG -O1 -U__OPTIMIZE__ -w -fPIC -fvisibility=hidden -Isrc -Isrc/include $LUA_CFLAGS"
flags="$flags -fsanitize=undefined -fsanitize-undefined-trap-on-error -Dtarget_clones(...)= -MMD"
export flags; cd build/plain && find ../../src -type d | sed 's,^../../src,,' | while read -r d; do
    mkdir -p "objects$d" "any$d"; done; cd ../.. && : >build/said &&
printf '%s\n' SOURCES | xargs -P PROCESSES -n 1 sh -c 'o=${0#src/}; o=${o%.c}.o
    ${CC:-cc} $flags -c -o build/plain/objects/$o $0 2>>build/said || exit 255
    if cmp -s build/as-it-was/objects/$o build/as-it-was/any/$o; then
        cp build/plain/objects/$o build/plain/any/$o
    else
        ${CC:-cc} $flags -DDYNARRAY_NO_CLONES -c -o build/plain/any/$o $0 2>>build/said
    fi || exit 255' &&
${CC:-cc} -shared -o build/plain/dynarray.so $(find build/plain/objects -name '*.o') -lm 2>>build/said &&
rm -f build/plain/libdynarray.a &&
ar qcs build/plain/libdynarray.a $(find build/plain/objects/core -name '*.o')
]]

local function build(place, sources, processes)
  return inside(place, (compile:gsub("%u%u%u+", { SOURCES = table.concat(sources, " "), PROCESSES = processes })))
end

-- What a spec says to it: "passes", "fails" or "hangs"; and the seconds that it took.
local function try(place, name, seconds, kind)
  local started = now()
  local _, _, code = inside(place, ("timeout -k 2 %d %s spec/run.lua --no-keep-going spec/%s_spec.lua </dev/null "
    .. ">build/said 2>&1"):format(seconds, interpreter, name), kind)
  local how = code == 0 and "passes" or (code == 124 or code == 137) and "hangs" or "fails"
  return how, now() - started
end

local counts = "make -s -j %d counted LUA=%s coverage=build/counted "
  .. "counted='-O1 -U__OPTIMIZE__ --coverage $(once)' >build/said 2>&1"

-- A copy of all that git knows, built in both ways; its plain objects are kept aside.
local function prepare(place, model)
  local to, built = quoted(place), true
  assert(os.execute(("rm -rf %s && mkdir -p %s && git ls-files -z -co --exclude-standard | "
    .. "xargs -0 cp -p --parents -t %s && mkdir -p %s/build/plain"):format(to, to, to, to)))
  if model then
    assert(os.execute(("cp -Rp %s/build/plain %s/build/as-it-was %s/build"):format(quoted(model), quoted(model), to)))
  else
    built = build(place, lines_of "find src -name '*.c'", jobs) and inside(place, "cp -Rp build/plain build/as-it-was")
  end
  if not built or not inside(place, counts:format(jobs, interpreter)) then
    error(("cannot build: see %s/build/said"):format(place), 0)
  end
end

-- ---------------------------------------------------------------------------------------------
-- Which lines a spec runs

-- Calls visit("path:line", whether it ran) for each line of ours that has code in it, by gcov's notes or counts.
local function each_line(place, ending, visit)
  local path
  for _, text in ipairs(lines_of(("cd %s && find build/counted -name '*.%s' -print0 | xargs -0 -r gcov -t 2>/dev/null")
    :format(quoted(place), ending))) do
    local ran, number, rest = text:match "^ *([^ :]+): *(%d+):(.*)$"
    if number == "0" then
      if rest:find "^Source:" then
        path = rest:match "^Source:(src/.*)$" -- else it is none of ours
      end
    elseif number and path and ran ~= "-" then
      visit(path .. ":" .. number, ran:find "^%d" ~= nil)
    end
  end
end

-- Writes what a spec is like without a mutant: a line with its sum, what it did and the seconds; then the lines that it
-- ran, or "any" if it only passes where nothing is counted.
local function measure(place, name, sum)
  local out, ran = {}, {}
  inside(place, "find build/counted -name '*.gcda' -delete")
  local how, seconds = try(place, name, 3 * longest, "counted")
  if how == "passes" then
    each_line(place, "gcda", function(line, did)
      if did and not ran[line] then
        ran[line] = true
        out[#out + 1] = line
      end
    end)
  else
    how, seconds = try(place, name, longest)
    out[1] = "any"
  end
  table.sort(out)
  spit(spec_folder .. "/" .. name, ("%s %s %.2f %d\n%s\n"):format(sum, how, seconds, longest, table.concat(out, "\n")))
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
  for _, path in ipairs(lines_of(there .. "/plain && find . -name '*.o' -newer ../begun")) do
    any = true
    same = same and os.execute(("%s && cmp -s plain/%s as-it-was/%s"):format(there, path, path)) == true
  end
  return any, same
end

local function restore(place, path, text)
  spit(place .. "/" .. path, text)
  inside(place, "cd build/plain && find . -name '*.o' -newer ../begun | while read -r o; do cp ../as-it-was/$o $o; "
    .. "done; cp -p ../as-it-was/dynarray.so ../as-it-was/libdynarray.a .; rm -rf ../spec/counted")
end

-- ---------------------------------------------------------------------------------------------
-- One mutant

-- Blanks say nothing, and the backslash of a definition neither.
local function bare(line)
  return (line:gsub("%s*\\$", ""):gsub("%s+", " "):gsub("^ ", ""):gsub(" $", ""))
end

-- The specs for a mutant there, the best first: those that belong to the file; then those that ran the line, the
-- fastest first. A process that is killed counts nothing, so what belongs to the file is tried in any case.
local function specs_of(path, line, known)
  local list, seen, after = {}, {}, {}
  local function add(name)
    if not seen[name] and known.times[name] then -- a spec that was renamed has no time
      seen[name] = true
      list[#list + 1] = name
    end
  end
  for _, row in ipairs(owners) do
    if path:find(row[1], 1, true) then
      for name in row[2]:gmatch "%S+" do
        add(name)
      end
    end
  end
  add(path:match "([%w_]+)%.[ch]$")
  for name in pairs(known.times) do
    if not known.ran[name] or known:runs(name, path, line) then
      after[#after + 1] = name
    end
  end
  table.sort(after, function(x, y) return known.times[x] < known.times[y] end)
  for _, name in ipairs(after) do
    add(name)
  end
  return list
end

-- What became of it, and by which spec. The text of `tried` is names of specs with their seconds.
local function one(place, path, position, old, new, tried)
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
    for name, seconds in tried:gmatch "(%S+)=(%S+)" do
      local how = try(place, name, math.ceil(10 + 5 * tonumber(seconds)))
      if how ~= "passes" then
        result, by = how == "hangs" and "hung" or "killed", name
        break
      end
    end
  end
  restore(place, path, text)
  return result, by
end

-- ---------------------------------------------------------------------------------------------
-- What the processes below do, each in a copy: FOLDER --one COPY NUMBER, or FOLDER --measure COPY NAME:SUM

if arg[2] == "--measure" then
  measure(folder .. "/" .. arg[3], arg[4]:match "^(.*):(.*)$")
  return
end

if arg[2] == "--one" then
  if io.open(folder .. "/stop") then
    os.exit(255) -- xargs begins no more
  end
  local started, number = now(), 0
  for text in io.lines(mutant_list) do
    number = number + 1
    if number == tonumber(arg[4]) then
      local path, position, old, new, tried = text:match "^(.-)\t(.-)\t(.-)\t(.-)\t(.*)$"
      local result, by = one(folder .. "/" .. arg[3], path, tonumber(position), old, new, tried)
      print(("%d\t%s\t%s\t%.0f"):format(number, result, by, now() - started))
    end
  end
  return
end

-- Runs this script for each line of the shell command's output, as many at once as there are copies.
local function workers(lines, what)
  return assert(io.popen(("%s | xargs -P %d -n 1 --process-slot-var=SLOT sh -c "
    .. "'exec %s scripts/mutants.lua \"$0\" %s $((SLOT + 1)) \"$1\"' %s 2>>%s"):format(lines, jobs, interpreter, what,
    quoted(folder), quoted(folder .. "/errors"))))
end

-- ---------------------------------------------------------------------------------------------
-- All

local function draw()
  local all = {}
  for _, path in ipairs(lines_of "find src -name '*.[ch]' | LC_ALL=C sort") do
    local text, at, line = slurp(path), 1, 1
    each_mutant(text, function(position, old, new)
      if position < at then
        at, line = 1, 1
      end
      line = line + select(2, text:sub(at, position - 1):gsub("\n", ""))
      at = position
      local here = path .. ":" .. line
      if here:sub(1, #only) == only and (here == only or not only:find ":") then
        all[#all + 1] = { path, position, old, new, line }
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

-- Where the mutant is: that line, bare.
local function line_of(m)
  local number = 0
  for text in io.lines(m[1]) do
    number = number + 1
    if number == m[5] then
      return bare(text)
    end
  end
end

local reasons = explained()
local function reason_of(m)
  local here = reasons[m[1] .. "\n" .. line_of(m)]
  return here and (here[change_of(m)] or here["any"])
end

local mutants = draw()
print(("SEED=%d COUNT=%d, of %d mutants"):format(seed, count, #mutants))
os.remove(folder .. "/stop")
os.remove(folder .. "/errors")

-- The copies stay as long as nothing changes but specs.
local function sum_of(files)
  return lines_of("git ls-files -z -co --exclude-standard " .. files .. " | LC_ALL=C sort -z | xargs -0 cat | cksum")[1]
end

local function prepare_all()
  local sum = sum_of "src lua mk Makefile scripts/template_lines.lua spec ':!spec/*_spec.lua' ':!spec/mutants.txt'"
    .. " by " .. (os.getenv "CC" or "cc")
  for slot = 1, jobs do
    local place, noted = folder .. "/" .. slot, ("%s/%d.sum"):format(folder, slot)
    local file = io.open(noted)
    if not (file and file:read "a" == sum) then
      os.remove(noted)
      if slot == 1 then
        assert(os.execute("rm -rf " .. quoted(spec_folder)))
      end
      prepare(place, slot > 1 and folder .. "/1")
      spit(noted, sum)
    end
    assert(os.execute(("rm -f %s/spec/*_spec.lua && cp -p spec/*_spec.lua %s/spec"):format(quoted(place),
      quoted(place))))
  end
  assert(os.execute("mkdir -p " .. quoted(spec_folder)))
end

-- sum, what it did, seconds, LONGEST; and the file, open after that.
local function known_of(name)
  local file = io.open(spec_folder .. "/" .. name)
  if file then
    local sum, how, seconds, within = file:read "l":match "^(.*) (%a+) ([%d.]+) (%d+)$"
    return sum, how, tonumber(seconds), tonumber(within), file
  end
end

local function measure_all()
  local todo = {}
  for _, name in ipairs(specs) do
    local sum = sum_of(("spec/%s_spec.lua"):format(name)):gsub(" ", "-")
    local known_sum, how, _, within = known_of(name)
    if known_sum ~= sum or (how ~= "passes" and within < longest) then
      todo[#todo + 1] = name .. ":" .. sum
    end
  end
  if #todo > 0 then
    print(("which lines do %d specs run?"):format(#todo))
    io.flush()
    assert(workers("printf '%s\\n' " .. table.concat(todo, " "), "--measure"):close(), "see " .. folder .. "/errors")
  end
end

-- times: name -> seconds; ran: name -> { ["path:line"] = true, [path] = true }; code: the same, for all that could run
local function read_known()
  local known = { times = {}, ran = {}, code = {} }
  each_line(folder .. "/1", "gcno", function(line) known.code[line] = true end)
  for _, name in ipairs(specs) do
    local _, how, seconds, _, file = known_of(name)
    if how == "passes" and seconds <= 3 * longest then
      local ran = {}
      for line in file:lines() do
        ran[line] = true
        ran[line:match "^[^:]*"] = true
      end
      known.times[name] = seconds
      known.ran[name] = not ran.any and ran or nil
    else
      print(("%s_spec is left out: without a mutant it %s (%.0f s)"):format(name, how, seconds))
    end
    file:close()
  end
  return known
end

-- Whether the spec runs what stands there. A line without code is the rest of the one before; or, outside of functions,
-- a table or a definition, which may be used by any function of the file; in a header, by any file.
local function runs(known, name, path, number)
  local line, texts = number, known.texts[path]
  while not known.code[path .. ":" .. line] do
    line = line - 1
    if line < 1 or number - line > 20 or not texts[line]:find "^%s" or not texts[number]:find "^%s" then
      return path:find "%.h$" ~= nil or known.ran[name][path] == true
    end
  end
  return known.ran[name][path .. ":" .. line] == true
end

local function write_list(known)
  known.runs, known.texts = runs, {}
  local out, lists = {}, {}
  for k, m in ipairs(mutants) do
    local path, number = m[1], m[5]
    local here = path .. ":" .. number
    if not known.texts[path] then
      known.texts[path] = {}
      for text in io.lines(path) do
        table.insert(known.texts[path], text)
      end
    end
    if not lists[here] then
      local list = specs_of(path, number, known)
      for j, name in ipairs(list) do
        list[j] = ("%s=%.2f"):format(name, known.times[name])
      end
      lists[here] = table.concat(list, " ")
    end
    out[k] = table.concat({ path, m[2], m[3], m[4], lists[here] }, "\t")
  end
  spit(mutant_list, table.concat(out, "\n") .. "\n")
end

prepare_all()
measure_all()
write_list(read_known())

local row = "%s:%d: %s: %s%s (%d s)\n    %s"
local found, counted, next_index = {}, 0, 1
local queue = workers("seq " .. #mutants, "--one")
local sums, left = { killed = 0, hung = 0, survived = 0, explained = 0 }, {}
for said in queue:lines() do
  local index, result, by, seconds = said:match "^(%d+)\t([^\t]*)\t([^\t]*)\t(%d+)$"
  found[tonumber(index)] = { result, by, seconds }
  -- in the order of the draw, so that the sample is the same however fast each was
  while found[next_index] and counted < count do
    local m, f = mutants[next_index], found[next_index]
    if sums[f[1]] then
      local reason = f[1] == "survived" and reason_of(m)
      counted = counted + 1
      local outcome = reason and "explained" or f[1]
      sums[outcome] = sums[outcome] + 1
      local text = row:format(m[1], m[5], change_of(m), outcome, f[2] ~= "" and " by " .. f[2] or reason
        and ", " .. reason or "", f[3], line_of(m))
      left[#left + 1] = outcome == "survived" and text or nil
      print(text)
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
if #left > 0 then
  print "\nThese want a spec, or an entry in spec/mutants.txt:"
  print(table.concat(left, "\n"))
end
print(("\nSEED=%d COUNT=%d: %d killed, %d hung, %d survived (%.1f%%), %d of them explained in spec/mutants.txt"):format(
  seed, counted, sums.killed, sums.hung, sums.survived + sums.explained, 100 * (sums.survived + sums.explained)
  / counted, sums.explained))
print(("%d unexplained: %.1f%%"):format(sums.survived, 100 * sums.survived / counted))
os.exit(sums.survived / counted < 0.05)
