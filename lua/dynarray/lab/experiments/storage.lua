--- One array in RAM, in the page cache and on the disk: writing, syncing, reading; and what outlives the process.
--
-- On the disk means that the file's pages were dropped from the page cache before the read. GNU dd asks for that
-- (`oflag=nocache`: posix_fadvise); it needs no root. Whether it worked is seen by the page faults that waited for the
-- disk; where there are none (a file system in memory, another dd), the cold reads are left out.
local arrays = require "dynarray.lab.experiments.shared.arrays"
local child = require "dynarray.lab.run.child"
local dynarray = require "dynarray"
local medians = require "dynarray.lab.report.medians"
local sentence = require "dynarray.lab.report.sentence"
local shell = require "dynarray.lab.base.shell"
local units = require "dynarray.lab.base.units"

local probe = dynarray.probe

local ELEMENT = 8    -- bytes
local READS = 64     -- random ones
local COLD_READS = 8 -- from the disk, milliseconds each
local MOSTLY = 50    -- % of the reads: if fewer waited for the disk, the file was not dropped
local APPENDS = 1000 -- of which each nth is followed by flush
local KILLED = 10000 -- elements that a process has appended when it is killed

local PLACES = { "RAM", "page cache", "disk" }

local storage = {
  name = "storage",
  question = "What is slower than RAM? What does an array on the disk cost, and what survives the end of the program?",
  fresh = true,
  parameters = {
    { name = "what", default = { "RAM", "page cache", "disk", "flush", "killed" },
      quick = { "RAM", "page cache", "disk", "flush", "killed" },
      help = "where the array is read from; flush: appends with a flush after every so many; killed: what a killed "
        .. "process leaves" },
    { name = "bytes", default = { 16 * 2 ^ 20 }, all = { 16 * 2 ^ 20, 256 * 2 ^ 20 }, quick = { 16 * 2 ^ 20 },
      unit = "bytes", help = "of the array" },
    { name = "every", default = { 10, 100, 1000 }, all = { 1, 10, 100, 1000 }, quick = { 100, 1000 },
      help = "appends between two flushes" },
  },
  metrics = {
    { name = "write", unit = "ns", better = "less" },
    { name = "sync", unit = "ns", better = "less" },
    { name = "sequential", unit = "ns", better = "less" },
    { name = "random", unit = "ns", better = "less", main = true },
    { name = "waits", unit = "%" },
    { name = "append", unit = "ns", better = "less" },
    { name = "survived", unit = "%", better = "more" },
  },
}

local KNOWN = { RAM = true, ["page cache"] = true, disk = true, flush = true, killed = true }

function storage.check(parameters)
  for _, what in ipairs(parameters.what) do
    if not KNOWN[what] then
      error(("what = %s is unknown (%s)"):format(what, table.concat(storage.parameters[1].default, ", ")), 0)
    end
  end
  for _, every in ipairs(parameters.every) do
    if math.type(math.tointeger(every)) ~= "integer" or every < 1 then
      error(("every = %s is no number of appends (1 or more)"):format(every), 0)
    end
  end
end

function storage.cases(parameters)
  local cases = {}
  for _, what in ipairs(parameters.what) do
    if what == "killed" then
      cases[#cases + 1] = { what = what }
    else
      local key = what == "flush" and "every" or "bytes"
      for _, value in ipairs(parameters[key]) do
        cases[#cases + 1] = { what = what, [key] = value }
      end
    end
  end
  return cases
end

function storage.needed(case)
  return case.what ~= "flush"
end

function storage.once(case)
  return case.what == "killed"
end

function storage.touches(case)
  return case.bytes or 0
end

-- Runs use(path) with the name of an empty file, and removes it, whatever happens. The file is there all the time, so
-- that nobody else can put one there.
local function with_file(use)
  local path = os.tmpname()
  local results = table.pack(pcall(use, path))
  os.remove(path)
  if not results[1] then
    error(results[2], 0)
  end
  return table.unpack(results, 2, results.n)
end

-- Asks the system to drop what it has of the file from the page cache. Pages must be on the disk and not mapped.
local function drop(path)
  shell.output(("dd of=%s oflag=nocache conv=notrunc,fdatasync count=0"):format(shell.quote(path)))
end

-- `count` places far from each other, in no order.
local function places_of(n, count)
  local places = {}
  for i = 1, count do
    -- 27 has no factor in common with 64 and 8: each stripe comes once
    places[i] = i * 27 % count * (n // count) + n // count // 2 + 1
  end
  return places
end

-- Reads elements at random places; nanoseconds for each, and the share of them that waited for the disk.
local function read_randomly(a, places)
  local sum, before, start = 0, probe.memory().major_faults, probe.clock()
  for i = 1, #places do
    sum = sum + a[places[i]]
  end
  local ns, after = probe.clock() - start, probe.memory().major_faults
  assert(sum == #places, "what was read is not what was written")
  return ns / #places, before and (after - before) / #places * 100
end

-- With each read the system reads many pages around it, megabytes on some machines: before each all are dropped.
local function read_cold(path, n)
  local total, waits = 0, 0
  for _, place in ipairs(places_of(n, COLD_READS)) do
    drop(path)
    local a <close> = assert(dynarray.open(path, { mode = "r" }))
    local ns, share = read_randomly(a, { place })
    total, waits = total + ns, share and waits and waits + share
  end
  return total / COLD_READS, waits and waits / COLD_READS
end

local function read_in_order(a)
  local start = probe.clock()
  local sum = a:sum()
  local ns = probe.clock() - start
  assert(sum == #a, "what was read is not what was written")
  return ns / #a
end

-- Fills an array; nanoseconds an element.
local function write(a, n)
  local start = probe.clock()
  a:resize(n):fill(1)
  return (probe.clock() - start) / n
end

local function in_memory(n)
  local a <close> = dynarray.new { type = "int64", capacity = 0 }
  local metrics = { write = write(a, n) }
  metrics.random, metrics.waits = read_randomly(a, places_of(n, READS))
  metrics.sequential = read_in_order(a)
  return metrics
end

local function in_file(n, is_cold)
  return with_file(function(path)
    local metrics = {}
    do
      local a <close> = assert(dynarray.open(path, "int64"))
      metrics.write = write(a, n)
      local start = probe.clock()
      assert(a:flush())
      metrics.sync = (probe.clock() - start) / n
    end
    if is_cold then
      metrics.random, metrics.waits = read_cold(path, n)
      drop(path)
    end
    local a <close> = assert(dynarray.open(path, { mode = "r" }))
    if not is_cold then
      metrics.random, metrics.waits = read_randomly(a, places_of(n, READS))
    end
    metrics.sequential = read_in_order(a)
    if is_cold and not (metrics.waits and metrics.waits >= MOSTLY) then
      metrics.random, metrics.sequential = nil, nil -- not cold: the file's pages could not be dropped
    end
    return metrics
  end)
end

local function flushing(every)
  return with_file(function(path)
    local a <close> = assert(dynarray.open(path, "int64"))
    local count = math.max(APPENDS, every)
    count = every < 100 and every * 20 or count
    local start = probe.clock()
    for i = 1, count do
      a:append(i)
      if i % every == 0 then
        assert(a:flush())
      end
    end
    return { append = (probe.clock() - start) / count }
  end)
end

-- Another process appends and kills itself (signal 9), without flush or close.
local function killed()
  return with_file(function(path)
    local chunk = ("package.path, package.cpath = %q, %q local a = require('dynarray').open(%q, 'int64') "
      .. "for i = 1, %d do a:append(i) end io.write('ready') io.flush() os.execute('kill -9 $PPID') io.write('alive')")
      :format(package.path, package.cpath, path, KILLED)
    local said = shell.output(("%s -e %s || true"):format(shell.quote(child.interpreter()), shell.quote(chunk)))
    assert(said == "ready", "the process that appends was not killed")
    local a <close> = assert(dynarray.open(path, { mode = "r" }))
    local right = 0
    for i = 1, math.min(#a, KILLED) do
      right = right + (a[i] == i and 1 or 0)
    end
    return { survived = right / KILLED * 100 }
  end)
end

function storage.measure(case)
  if case.what == "flush" then
    return flushing(math.tointeger(case.every))
  elseif case.what == "killed" then
    return killed()
  end
  arrays.need(case.bytes)
  local n = case.bytes // ELEMENT | 0
  if case.what == "RAM" then
    return in_memory(n)
  end
  return in_file(n, case.what == "disk")
end

function storage.plots(run)
  local view = medians.of(run)
  local plots, lines = {}, {}
  for _, pattern in ipairs { "random", "sequential" } do
    local line = { label = pattern == "random" and "random reads" or "in order", x = {}, y = {} }
    for _, place in ipairs(PLACES) do
      local value = view:value({ what = place }, pattern)
      if value then
        line.x[#line.x + 1], line.y[#line.y + 1] = place, value
      end
    end
    lines[#lines + 1] = #line.x > 0 and line or nil
  end
  if #lines > 0 then
    plots[#plots + 1] = {
      name = "storage-reads", title = "Reading an element from RAM, the page cache, and the disk", kind = "bars",
      x = { label = "" }, y = { label = "per element", unit = "ns", log = 10 }, lines = lines,
      read = "Short bars are better; the scale goes by factors, so the numbers tell more than the lengths. Random "
        .. "reads wait for one place after the other; in order, much comes with one wait.",
    }
  end
  local line = view:line("append", { what = "flush" }, "every", "append")
  if line then
    plots[#plots + 1] = {
      name = "storage-flush", title = "Appending to a file with a flush after every so many", kind = "lines",
      x = { label = "appends between two flushes", log = 10 }, y = { label = "per append", unit = "ns", log = 10 },
      lines = { line },
      read = "To the right, more appends share one flush, and each of them costs less: it is the wait for the disk "
        .. "that takes the time.",
    }
  end
  return plots
end

local function in_place(place)
  return place == "RAM" and place or "the " .. place
end

local function reads_part(view)
  local parts = {}
  for _, place in ipairs(PLACES) do
    local random = view:value({ what = place }, "random")
    parts[#parts + 1] = random and ("%s from %s"):format(units.number(random, "ns"), in_place(place)) or nil
  end
  if #parts == 0 then
    return nil
  end
  local ram, disk = view:value({ what = "RAM" }, "random"), view:value({ what = "disk" }, "random")
  local why = ""
  if ram and disk then
    why = ("; so a program whose data do not fit into RAM is slow: at each such read it waits about %s times as long")
      :format(units.rough(disk / ram))
  elseif #view:where { what = "disk" } > 0 then
    why = "; the disk itself was not measured, as the file's pages could not be dropped from the page cache here"
  end
  return ("Reading one element at a random place for the first time takes %s%s."):format(sentence.join(parts), why)
end

local AROUND = "From the disk, the system reads a stretch around the place with each such read, megabytes on some "
  .. "machines: so it takes longer than the disk alone would for one element."
local ELSEWHERE = "Reads from RAM differ from those of the question on caches: at random each is the first at its "
  .. "place here, and a call from Lua; in order, elements are added up, and none waits for the one before."

local function order_part(view)
  local parts = {}
  for _, place in ipairs(PLACES) do
    local in_order = view:value({ what = place }, "sequential")
    parts[#parts + 1] = in_order and ("%s from %s"):format(units.number(in_order, "ns"), in_place(place)) or nil
  end
  return #parts > 0 and ("Read in order, an element takes %s, since much then comes at once."):format(
    sentence.join(parts))
end

local function flush_part(view)
  local most, slow = view:most({ what = "flush" }, "append")
  local least, quick = view:least({ what = "flush" }, "append")
  if not most or most == least then
    return nil
  end
  return ("An append to a file takes %s if a flush follows every %s appends, %s if every %s."):format(
    units.number(slow, "ns"), units.digits(most.case.every), units.number(quick, "ns"),
    units.digits(least.case.every))
end

local function survival_part(view)
  local survived = view:value({ what = "killed" }, "survived")
  return survived and ("An array in RAM is lost when its program ends; of one that is a file %s of the elements were "
    .. "there after the program was killed, but if the power fails, only what a flush has written is sure to be there.")
    :format(units.number(survived, "%"))
end

function storage.answer(run)
  local view, answer, more = medians.of(run), {}, {}
  answer[1] = reads_part(view)
  answer[#answer + 1] = survival_part(view) or nil
  more[1] = order_part(view) or nil
  more[#more + 1] = view:value({ what = "disk" }, "random") and AROUND
  more[#more + 1] = view:value({ what = "RAM" }, "random") and ELSEWHERE
  more[#more + 1] = flush_part(view)
  more[#more + 1] = view:value({ what = "killed" }, "survived") and "The program was killed once for this; the power "
    .. "was not cut."
  return #answer > 0 and table.concat(answer, " ") or "Nothing of it could be measured here.",
    #more > 0 and table.concat(more, "\n") or nil
end

return storage
