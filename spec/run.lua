-- busted's own script runs under whatever `lua` is; this runs under the interpreter that started it.
--
--   lua5.4 spec/run.lua FILE ...   these specs, by busted (its options, too)
--   lua5.4 spec/run.lua            all: each file in a process of its own, so that no file finds the heap of another,
--                                  and as many at once as there are processors (JOBS=1: one after the other)
if #arg > 0 then
  require "busted.runner" { standalone = false }
  return
end

-- What takes longest goes first, so that no processor waits for another at the end.
local slowest = { "amalgamation", "lua_versions", "churn", "model", "threads", "lab_experiments", "lab_cli", "install",
  "site", "haproxy", "block", "memory", "misuse", "sort", "limit", "lab_runner", "lab_advise", "scribbled" }

-- Of these, a sanitizer would see nothing: what they try they build themselves, without it, or it is no C of ours. So
-- `make sanitize`, which runs all others, would only run them a second time.
local unsanitized = { amalgamation = true, floors = true, install = true, lua_versions = true, site = true }
local sanitized = (os.getenv "DYNARRAY_SPEC_CFLAGS" or "") ~= ""

local function lines_of(command)
  local lines, pipe = {}, assert(io.popen(command))
  for line in pipe:lines() do
    lines[#lines + 1] = line
  end
  return lines, pipe:close()
end

local function quoted(s)
  return "'" .. s:gsub("'", "'\\''") .. "'"
end

local function names()
  local rank = {}
  for i, name in ipairs(slowest) do
    rank[name] = i
  end
  local list = {}
  for _, path in ipairs(lines_of "ls spec/*_spec.lua") do
    local name = path:match "([^/]+)_spec%.lua$"
    if not (sanitized and unsanitized[name]) then
      list[#list + 1] = name
    end
  end
  table.sort(list, function(x, y)
    local rx, ry = rank[x] or math.huge, rank[y] or math.huge
    if rx ~= ry then
      return rx < ry
    end
    return x < y
  end)
  return list
end

local function interpreter()
  local first = 0
  while arg[first - 1] do
    first = first - 1
  end
  return arg[first]
end

local place = lines_of("mktemp -d")[1]
local all = names()
local jobs = os.getenv "JOBS" or lines_of("getconf _NPROCESSORS_ONLN")[1] or "1"

-- A worker prints the name of each file that has ended; what busted said is in the directory.
local worker = ('%s spec/run.lua --output=plainTerminal "spec/$1_spec.lua" >%s/"$1" 2>&1; echo "$1"')
  :format(quoted(interpreter()), quoted(place))
local queue = assert(io.popen(("printf '%%s\\n' %s | xargs -P %d -n 1 sh -c %s sh"):format(
  table.concat(all, " "), tonumber(jobs), quoted(worker))))

local started = os.time()
local counts, details, seen = { 0, 0, 0, 0 }, {}, {}
for name in queue:lines() do
  seen[name] = true
  local file = assert(io.open(place .. "/" .. name))
  local said = file:read "a"
  file:close()
  local before, s, f, e, p, after =
    said:match "^(.-)(%d+) success%a* / (%d+) failure%a* / (%d+) error%a* / (%d+) pending : [%d.]+ seconds\n?(.*)$"
  if before then
    for i, n in ipairs { s, f, e, p } do
      counts[i] = counts[i] + tonumber(n)
    end
    io.write(before:match "^%s*(.-)%s*$")
    details[#details + 1] = after:match "%S" and after
  else
    counts[3] = counts[3] + 1
    io.write "x"
    details[#details + 1] = ("Error -> spec/%s_spec.lua\nit ended before busted could say how it went:\n%s\n")
      :format(name, said)
  end
  io.flush()
end
queue:close()
os.execute("rm -r " .. quoted(place))
for _, name in ipairs(all) do
  assert(seen[name], "not run: " .. name)
end

print(("\n%d successes / %d failures / %d errors / %d pending : %d seconds"):format(counts[1], counts[2], counts[3],
  counts[4], os.time() - started))
print(table.concat(details))
os.exit(counts[2] + counts[3] == 0)
