-- dynarray.open: arrays that are files and grow with them. What a crash leaves is specified in crash_spec.lua.
local dynarray = require "dynarray"
local build = require "support.build"
local child = require "support.child"
local expect = require "support.expect"
local files = require "support.files"
local native = require "support.native"
local needs = require "support.needs"
local plain = require "support.plain"
local types = require "support.types"

local output = build.output
local directory, path

local function names()
  local list = {}
  for name in io.popen("LC_ALL=C ls -A " .. directory):lines() do
    list[#list + 1] = name
  end
  return table.concat(list, " ")
end

local function write(bytes, name)
  local file = assert(io.open(name or path, "wb"))
  file:write(bytes)
  file:close()
end

-- The bytes that save writes for these elements.
local function saved(list, type)
  local name = directory .. "/saved.npy"
  assert(dynarray.from(list, type):save(name))
  local bytes = files.read(name)
  os.remove(name)
  return bytes
end

local function open(...)
  return assert(dynarray.open(path, ...))
end

-- open fails with this message, and leaves the file as it was.
local function refuses(message, options)
  local before = io.open(path, "rb") and files.read(path)
  local a, text, code = dynarray.open(path, options)
  if a then
    a:close()
    error("expected " .. message, 2)
  end
  if not text:find(path .. ": ", 1, true) or not text:find(message, 1, true) then
    error(("expected %q, got %q"):format(message, text), 2)
  end
  assert.equal(before, io.open(path, "rb") and files.read(path))
  return code
end

setup(function()
  directory = os.tmpname()
  os.remove(directory)
  assert(os.execute("mkdir " .. directory))
  path = directory .. "/a.npy"
end)

teardown(function()
  os.execute("rm -rf " .. directory)
end)

after_each(function()
  collectgarbage()
  collectgarbage()
  os.execute(("rm -rf %s/* %s/.??*"):format(directory, directory))
end)

describe("an open file", function()
  it("is an array that is there again when it is opened again", function()
    for _, type in ipairs(types.numeric) do
      local a = open(type)
      assert.equal("file", a.block)
      assert.equal(type, a.type)
      assert.equal(16, a.capacity)
      expect.holds(a)
      for i = 1, 100 do a:append(i) end
      assert.is_true(a:close())
      expect.holds(a)
      expect.raises("array is closed", a.append, a, 1)
      local b = open()
      assert.equal(type, b.type)
      assert.is_true(b == dynarray.load(path))
      assert.equal(100, #b)
      assert.equal(100, b[100])
      b:append(101)
      b:close()
      assert.equal(101, #dynarray.load(path))
      os.remove(path)
    end
  end)

  it("has, once it is closed, the bytes that save would write", function()
    for _, n in ipairs { 0, 1, 15, 16, 17, 480, 496, 497, 1000, 5000 } do
      local list = {}
      for i = 1, n do list[i] = i end
      open("float64"):extend(list):close()
      assert.equal(saved(list, "float64"), files.read(path))
      open():close() -- nothing has changed
      assert.equal(saved(list, "float64"), files.read(path))
      os.remove(path)
    end
    assert.equal("", names())
  end)

  it("is completed by the collector, at the end of a scope, and with the state", function()
    open("int8"):append(1)
    collectgarbage()
    collectgarbage()
    assert.equal(saved({ 1 }, "int8"), files.read(path))
    do
      local a <close> = open()
      a:append(2)
    end
    assert.equal(saved({ 1, 2 }, "int8"), files.read(path))
    child.output([[a = assert(require "dynarray".open(arg[1])):append(3)]], path)
    assert.equal(saved({ 1, 2, 3 }, "int8"), files.read(path))
    child.output([[a = assert(require "dynarray".open(arg[1])):append(4) os.exit(true, true)]], path)
    assert.equal(saved({ 1, 2, 3, 4 }, "int8"), files.read(path))
  end)

  it("is completed with the state where nobody calls its finalizer, as it was made while the state closes", function()
    open("int8"):append(1):close()
    child.output([[
      local dynarray = require "dynarray"
      setmetatable({}, { __gc = function()
        r = assert(dynarray.open(arg[1], { mode = "r" }))
        a = assert(dynarray.open(arg[1])):append(2)
      end })
    ]], path)
    assert.equal(saved({ 1, 2 }, "int8"), files.read(path))
  end)

  it("is left as it is, with the state, where somebody cut it", function()
    assert.equal("closed\n", child.output([[
      local dynarray = require "dynarray"
      setmetatable({}, { __gc = function()
        a = assert(dynarray.open(arg[1], "int8")):append(1, 2)
        os.execute("truncate -s 0 " .. arg[1])
        print "closed"
      end })
    ]], path))
    assert.equal("", files.read(path))
  end)

  it("grows by its policy, and nothing is copied", function()
    local events = {}
    local a = open { type = "int64", capacity = 2, growth = 1.5, on_grow = function(event)
      events[#events + 1] = ("%d %d %d %d %s"):format(event.size, event.old_capacity, event.new_capacity,
        event.bytes_copied, event.how)
    end }
    for i = 1, 7 do a:append(i) end
    assert.same({ "2 2 3 0 extended", "3 3 5 0 extended", "5 5 8 0 extended" }, events)
    local stats = a:stats()
    assert.same({ 3, 0, 0, 3, 0 }, { stats.growths, stats.elements_copied, stats.bytes_copied, stats.in_place,
      stats.moves })
    assert.equal(64, stats.peak_bytes)
    assert.equal(1.5, a.growth)
    a:set_growth("increment:100"):extend { 8, 9, 10 }
    assert.equal(108, a.capacity)
    a:shrink_to_fit()
    assert.equal(10, a.capacity)
    a:reserve(100000)
    assert.equal(100000, a.capacity)
    expect.holds(a, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10)
  end)

  it("is mapped so that the system can give it large pages", function()
    needs.files "/proc/self/maps"
    local mode = io.open "/proc/sys/vm/overcommit_memory"
    needs.all(mode and mode:read "n" ~= 2 and output "ulimit -v" == "unlimited", "address space is not free here")
    open("int64"):close() -- a new file has no name there
    local a, found = open(), nil
    for line in io.lines "/proc/self/maps" do
      local address = line:find(path, 1, true) and line:match "^%x+"
      found = found or address and tonumber(address, 16)
    end
    assert.equal(0, found % (2 << 20))
    a:close()
  end)

  -- Says of a file in memory whether huge pages were asked for. It has all elements in any case.
  local function in_memory(before)
    needs.all(output "stat -f -c %T /dev/shm 2>/dev/null" == "tmpfs" and os.execute "test -w /dev/shm", "no /dev/shm")
    local major, minor = output "uname -r":match "^(%d+)%.(%d+)"
    needs.all(tonumber(major) * 100 + tonumber(minor) >= 601, "Linux before 6.1")
    needs.huge_pages()
    local library = build.product("refuse", { "spec/support/refuse.c" }, "-fPIC -shared " .. build.lua_cflags, nil, "")
    local file = "/dev/shm/" .. directory:match "[^/]*$"
    finally(function() os.remove(file) end)
    return plain.output("export LD_PRELOAD=" .. library, [[
      local library, path = ...
      local dynarray = require "dynarray"
      local refuse = assert(package.loadlib(library, "luaopen_refuse"))()
      local chunk = dynarray.range(1, 100000)
      refuse.set()
    ]] .. before .. [[
      local a = assert(dynarray.open(path, "int64"))
      for i = 1, 30 do a:extend(chunk) end
      assert(a.capacity == 3200000 and #a == 3000000 and a:sum() == 30 * 5000050000 and a[2999999] == 99999)
      local r = assert(dynarray.open(path, { mode = "r" }))
      assert(r == a)
      r:close()
      a:close()
      assert(assert(dynarray.load(path)):sum() == 30 * 5000050000)
      os.remove(path)
      print(refuse.calls "collapse" > 1)
    ]], library, file)
  end

  it("in memory asks for huge pages", function()
    assert.equal("true\n", in_memory "")
  end)

  it("in memory has all elements, too, where the system gives no huge page", function()
    assert.equal("true\n", in_memory 'refuse.set("collapse", 1, 1 << 30)')
    assert.equal("false\n", in_memory 'refuse.hide "/sys/kernel/mm/transparent_hugepage/enabled"')
    assert.equal("false\n", in_memory 'refuse.set("collapsible", 1, 1)') -- as before Linux 6.1
  end)

  it("takes the options of new", function()
    local a = open { type = "int16", max_size = 3, fill = 7, bounds = "sequence" }
    a:resize(2)
    expect.holds(a, 7, 7)
    a[3] = 1
    expect.raises("size 4 exceeds max_size 3", a.append, a, 1)
    assert.is_nil(a[4])
    assert.equal("sequence", a.bounds)
    a:close()
    refuses("3 elements, more than max_size 2", { max_size = 2 })
    expect.raises("capacity 20 exceeds max_size 10", dynarray.open, path, { max_size = 10, capacity = 20 })
    expect.raises("mode expected a, r or w, got \"rw\"", dynarray.open, path, { mode = "rw" })
    expect.raises("fill needs a type", dynarray.open, path, { fill = 1 })
    expect.raises("unknown option 'block' (known: bounds", dynarray.open, path, { block = "stable" })
    expect.raises("unknown option 'mode' (known: block", dynarray.new, { mode = "r" })
    expect.raises('type "value" is not one of int8', dynarray.open, path, "value")
    expect.raises("path with a zero byte", dynarray.open, path .. "\0")
    expect.raises("string expected, got no value", dynarray.open)
    assert.equal("Ran out of memory: old allocated size: 3, new allocated size is 6\n", child.output([[
      assert(require "dynarray".open(arg[1], { capacity = 3, debug = true })):append(4)
    ]], path))
    os.remove(path)
    open("int16"):append(7, 7, 1):close()
    local b = open { capacity = 3, debug = false, growth = function(_, needed) return needed + 1 end }
    b:append(1)
    assert.equal(5, b.capacity)
  end)

  it("does what other arrays do", function()
    local model, a = dynarray.new "int32", open "int32"
    local function both(method, ...)
      model[method](model, ...)
      a[method](a, ...)
      assert.is_true(a == model, method)
    end
    for i = 1, 3000 do both("append", i * 7919 % 1009) end
    both("sort")
    both("insert", 5, 1, 2, 3)
    both("insert_all", 1, { 9, 8, 7 })
    both("remove", 100)
    both("remove_range", 1000, 1999)
    both("swap_remove", 3)
    both("dedup")
    both("reverse")
    both("extend", { 1, 2, 3 })
    both("mul", 3)
    both("resize", 3500, 4)
    both("resize", 2000)
    both("pop")
    both("rotate", 5)
    both("fill", 1, 10, 20)
    both("clamp", 100, 2000)
    a:copy_from { 5, 6 }
    model:copy_from { 5, 6 }
    assert.is_true(a == model)
    for _, method in ipairs { "sum", "mean", "min", "max", "totable", "tobytes" } do
      assert.same(model[method](model), a[method](a))
    end
    local v = a:view(10, 20)
    v:fill(3)
    assert.equal(3, a[20])
    local copy = a:copy()
    assert.are_not.equal("file", copy.block)
    assert.is_true(copy:append(1) == model:fill(3, 10, 20):append(1))
    a:append(1)
    assert.is_true(a:slice(1, 3) == model:slice(1, 3))
    both("pop")
    both("clear")
    both("append", 1)
  end)

  it("is the file that it was given, by whatever name", function()
    os.execute(("mkdir %s/d && ln -s d/b.npy %s && touch %s/d/b.npy"):format(directory, path, directory))
    open("int8"):append(1):close()
    assert.equal(saved({ 1 }, "int8"), files.read(directory .. "/d/b.npy"))
    os.remove(directory .. "/d/b.npy")
    refuses("No such file", "int8")
  end)

  it("may be begun anew, in a new file", function()
    open("int8"):append(1, 2):close()
    os.execute("chmod 640 " .. path)
    local old = assert(dynarray.map(path))
    local a = open { type = "int64", mode = "w" }
    expect.holds(a)
    a:append(5):close()
    expect.holds(old, 1, 2)
    expect.holds(dynarray.load(path), 5)
    assert.equal("640\n", io.popen("stat -c %a " .. path):read("a"))
    refuses("an element type is needed to begin the file", { mode = "w" })
    write "no array at all"
    open { type = "int64", mode = "w" }:append(6):close()
    expect.holds(dynarray.load(path), 6)
    assert.equal("a.npy", names())
  end)

  it("is made of a file of no bytes, too", function()
    write ""
    refuses "an element type is needed to begin the file"
    open("uint8"):append(200):close()
    expect.holds(dynarray.load(path), 200)
  end)

  it("is an array of NumPy's, before and after", function()
    needs.python "numpy"
    local function numpy(code)
      local out, err, ok = child.shell(([[%s -c "import numpy; p = '%s'; %s"]]):format(needs.python_program, path,
        code))
      assert(ok, err)
      return out
    end
    numpy "numpy.save(p, numpy.arange(10.0))"
    local a = open "float64"
    a:append(100)
    assert.equal("10 45.0\n", numpy "a = numpy.load(p); print(len(a), a.sum())")
    a:flush()
    assert.equal("11 145.0\n", numpy "a = numpy.load(p); print(len(a), a.sum())")
    assert.equal("11 145.0\n", numpy "a = numpy.load(p, mmap_mode='r'); print(len(a), a.sum())")
    a:close()
    assert.equal("11 145.0\n", numpy "a = numpy.load(p); print(len(a), a.sum())")
    numpy "numpy.save(p, numpy.asfortranarray(numpy.arange(5, dtype='i2')))"
    expect.holds(open():append(7), 0, 1, 2, 3, 4, 7)
  end)

  it("keeps the length of another program's header", function()
    for _, bytes in ipairs { 96, 192, 4032 } do
      local dict = "{'descr': '<i4', 'fortran_order': False, 'shape': (2,), }"
      write("\x93NUMPY\1\0" .. string.pack("<I2", bytes - 10) .. dict .. (" "):rep(bytes - 11 - #dict) .. "\n"
        .. string.pack("<i4i4", 5, 6))
      open():append(7):close()
      assert.equal(bytes + 12, #files.read(path))
      expect.holds(dynarray.load(path), 5, 6, 7)
    end
  end)

  it("is not changed where its header reaches past what a disk writes at once", function()
    local dict = "{'descr': '<i4', 'fortran_order': False, 'shape': (1,), }"
    for _, before in ipairs { 384, 500, 600 } do
      local text = (" "):rep(before) .. dict
      write("\x93NUMPY\1\0" .. string.pack("<I2", 1014) .. text .. (" "):rep(1013 - #text) .. "\n\1\0\0\0")
      if before == 384 then
        open():append(2):close()
        expect.holds(dynarray.load(path), 1, 2)
      else
        refuses "a header too long to be changed at once; load it and save it to another file, which can be"
      end
    end
  end)

  it("leaves what it cannot be as it is", function()
    local needs_type = "No such file or directory; a new file needs a type: open(path, type)"
    assert.equal(2, refuses(needs_type))
    assert.equal(2, refuses(needs_type, { mode = "w" }))
    local _, message = dynarray.open(path, { mode = "r" })
    assert.equal(path .. ": No such file or directory", message)
    write(saved({ 1, 2 }, "int16"))
    refuses("elements of type int16, wanted float64", "float64")
    for _, bytes in ipairs { "x", "text, text, text, text, text", ("\0"):rep(5000) } do
      write(bytes)
      refuses("not an .npy file", "int16")
    end
    local good = saved({ 1, 2 }, "int16")
    write(good .. "x")
    refuses "5 bytes of elements, its header says 2 x 2"
    write(good .. good) -- what numpy.save twice into one file makes
    refuses "136 bytes of elements, its header says 2 x 2"
    write(good .. ("\0"):rep(4096 - #good))
    refuses "3968 bytes of elements, its header says 2 x 2"
    write(good:sub(1, -2))
    refuses "3 bytes of elements, its header says 2 x 2"
    write((good:gsub("<i2", ">i2")))
    refuses "elements in another byte order cannot be mapped; load it and save it to another file, which can be"
    for _, bytes in ipairs { 65, 4106, 4096 } do -- odd, short, and past the first page
      local dict = "{'descr': '<i2', 'fortran_order': False, 'shape': (1,)}"
      write("\x93NUMPY\1\0" .. string.pack("<I2", bytes - 10) .. dict .. (" "):rep(bytes - 10 - #dict) .. "\1\2")
      refuses "elements that are not aligned cannot be mapped"
    end
    local dict = "{'descr': '<i2', 'fortran_order': False, 'shape': (1,)} "
    write("\x93NUMPY\1\0" .. string.pack("<I2", #dict) .. dict .. "\1\2")
    refuses "a header too short to be kept up to date"
    assert.equal(21, (select(3, dynarray.open(directory, "int8")))) -- EISDIR
  end)

  it("opens a file with a hole larger than any disk, or refuses it, without a search that does not end", function()
    child.output([[
      local a = require "dynarray".open(arg[1], "int64"):append(1, 2, 3)
      a:flush():append(4)
      os.exit(0)
    ]], path)
    local bytes = files.read(path)
    for _, size in ipairs { "7E", "15T", "1T" } do
      write(bytes)
      if os.execute(("truncate -s %s %s 2>/dev/null"):format(size, path)) then
        for _, way in ipairs { dynarray.load, dynarray.map } do
          expect.holds(assert(way(path)), 1, 2, 3, 4)
        end
        local r = dynarray.open(path, { mode = "r" })
        if r then expect.holds(r, 1, 2, 3, 4) end
      end
    end
  end)

  it("larger than the address space is refused", function()
    local file = "/dev/shm/" .. directory:match "[^/]*$" .. ".npy"
    finally(function() os.remove(file) end)
    local a = dynarray.open(file, "int64")
    needs.all(a and os.execute(("truncate -s 7E %s 2>/dev/null"):format(file)), "/dev/shm has no files of 7 EiB")
    os.remove(file)
    child.output([[
      local a = require "dynarray".open(arg[1], "int64"):append(1, 2, 3)
      os.exit(0)
    ]], file)
    local r = assert(dynarray.open(file, { mode = "r" }))
    assert(dynarray.from({ 1, 2, 3 }, "int64"):save(file .. ".complete"))
    finally(function() os.remove(file) os.remove(file .. ".complete") end)
    local complete = assert(dynarray.open(file .. ".complete", { mode = "r" }))
    assert(os.execute(("truncate -s 7E %s.complete"):format(file)))
    expect.holds(complete, 1, 2, 3)
    for _, size in ipairs { "7E", "1E" } do -- past what a mapping may have, and past what it can have
      assert(os.execute(("truncate -s %s %s"):format(size, file)))
      expect.holds(r, 1, 2, 3)
      for _, mode in ipairs { "r", "a" } do
        local none, message = dynarray.open(file, { mode = mode })
        assert.is_nil(none)
        assert.truthy(size == "1E" or message == file .. ": larger than the address space", message)
      end
    end
  end)

  it("has no more room than a header can tell", function()
    open("int8"):append(1):close()
    for _, capacity in ipairs { 1 << 62, (1 << 61) + 1 } do
      refuses("larger than the address space", { type = "int8", capacity = capacity })
    end
    local a = open()
    expect.raises("size 20000000000000000 out of range", a.reserve, a, 20000000000000000)
    expect.holds(a, 1)
  end)

  it("has one writer", function()
    local a = open("int8"):append(1)
    local text = 'another array, perhaps of another process, is writing to it; { mode = "r" } reads it'
    assert.equal(11, refuses(text))
    refuses(text, "int16")
    refuses(text, { mode = "w", type = "int8" })
    assert.equal("true\n", child.output([[
      local a, message = require "dynarray".open(arg[1])
      print(a == nil and message:find("another array", 1, true) ~= nil)
    ]], path))
    a:append(2):close()
    expect.holds(open(), 1, 2)
  end)

  it("leaves no lock when open fails, and no file open", function()
    write(saved({ 1 }, "int8"))
    local name = directory .. "/script.lua"
    write([[
      local dynarray = require "dynarray"
      for _ = 1, 70 do
        assert(not dynarray.open(arg[1], "int16"))
        assert(dynarray.open(arg[1])):close()
      end
      print "done"
    ]], name)
    local out, err = child.shell(("ulimit -n 64; exec $LUA %s %s"):format(name, path))
    assert.equal("done\n", out .. err)
  end)

  it("may be saved by its reader, which has nothing to flush", function()
    open("int8"):append(1, 2):close()
    local r = open { mode = "r" }
    assert.equal(r, r:flush())
    assert.equal(r, r:save(path))
    expect.holds(dynarray.load(path), 1, 2)
    local a = open { type = "int16", mode = "w", capacity = 5, max_size = 10 }
    assert.equal(5, a.capacity)
  end)

  it("is not moved out of its state or onto itself", function()
    local a = open("int8"):append(1)
    local ok, message = a:save(path)
    assert.is_nil(ok)
    assert.equal(path .. ": the array's own file; flush writes it to the disk, close completes it", message)
    assert.is_nil(a:view():save(path))
    ok, message = a:write(path)
    assert.is_nil(ok)
    assert.equal(path .. ": the array's own file; flush writes it to the disk, close completes it", message)
    assert.is_nil(dynarray.zeros(1):write(path, a:view()))
    assert.equal("/dev/null: not a regular file", select(2, a:save "/dev/null")) -- on another device
    assert.equal(a, a:save(directory .. "/b.npy"))
    expect.holds(dynarray.load(directory .. "/b.npy"), 1)
    assert.equal(a, a:append(2):flush())
    expect.holds(dynarray.load(path), 1, 2)
  end)

  it("counts no memory, and grows past the limit of memory", function()
    assert.equal("done\n", child.output([[
      local dynarray = require "dynarray"
      dynarray.limit(100000)
      local before = dynarray.memory()
      local a = dynarray.open(arg[1], "float64")
      for i = 1, 100000 do a:append(i) end
      local after = dynarray.memory()
      assert(after.bytes == before.bytes and after.growths == before.growths + a:stats().growths)
      a:close()
      print("done")
    ]], path))
  end)
end)

describe("a header", function()
  it("tells what flush has brought to the disk, and nothing that is not there", function()
    local a = open("int64"):append(1, 2, 3)
    local function told()
      return tonumber(files.read(path):match("'shape': %( *(%d+),%)"))
    end
    assert.equal(0, told())
    a:flush()
    assert.equal(3, told())
    for i = 4, 10000 do a:append(i) end
    assert.equal(3, told())
    a:flush()
    assert.equal(10000, told())
    a:resize(5)
    assert.equal(5, told())
    a:append(1)
    assert.equal(5, told())
    a:flush()
    assert.equal(6, told())
    assert.equal(128, #files.read(path):match "^[^\n]*\n")
  end)
end)

describe("a reader", function()
  it("sees size and elements as they are now, and cannot write", function()
    local w = open("int64"):append(1, 2, 3)
    local r = open { mode = "r" }
    expect.holds(r, 1, 2, 3)
    assert.equal("file", r.block)
    w:append(4)
    assert.equal(4, r[4])
    w[1] = 10
    expect.holds(r, 10, 2, 3, 4)
    for i = 5, 100000 do w:append(i) end
    assert.equal(100000, #r)
    assert.equal(100000, r[100000])
    assert.equal(w:sum(), r:sum())
    w:resize(10):shrink_to_fit()
    assert.equal(10, #r)
    expect.raises("index 11 out of bounds (size 10)", function() return r[11] end)
    expect.raises("array is read-only", r.append, r, 1)
    expect.raises("array is read-only", r.resize, r, 1)
    expect.raises("array is read-only", function() r[1] = 1 end)
    expect.raises("array is read-only", r.clear, r)
    expect.raises("array is read-only", r.reserve, r, 100)
    w:append(11):close()
    assert.equal(11, #r)
    assert.equal(11, r:view(11)[1])
    assert.is_true(r:close())
  end)

  it("asks the system for no element that it has seen", function()
    open "int32":append(1, 2, 3):close()
    local library = build.product("calls", { "spec/support/calls.c" }, "-fPIC -shared " .. build.lua_cflags, nil, "")
    local seen, unseen = plain.numbers("export LD_PRELOAD=" .. library, [[
      local path, library = ...
      local calls = assert(package.loadlib(library, "luaopen_calls"))()
      local a = assert(require "dynarray".open(path, { mode = "r", bounds = "sequence" }))
      local view = a:view(1, 2)
      calls.watch(0, 1)
      for i = 1, 100 do assert(a[3] == 3 and view[i % 2 + 1] == i % 2 + 1) end
      local seen = calls.stop()
      calls.watch(0, 1)
      assert(a[4] == nil)
      print(seen, calls.stop())
    ]], path, library)
    assert.equal(0, seen)
    assert.is_true(unseen > 0)
  end)

  it("never sees fewer elements when the file grows while it looks", function()
    -- Its path counts from where specs run: LD_PRELOAD takes no spaces, which the checkout's own path may have.
    local library = build.product("slow", { "spec/support/slow.c" }, "-fPIC -shared", nil, "")
    local writer, reader = directory .. "/writer.lua", directory .. "/reader.lua"
    write([[
      local a = assert(require "dynarray".open(arg[1], { type = "int64", growth = "increment:512" }))
      local ends = os.clock() + 10 -- at the latest
      while os.clock() < ends and not io.open(arg[1] .. ".enough") do
        for i = 1, 512 do a:append(#a + 1) end
        local next = os.clock() + 0.003
        while os.clock() < next do end
      end
      a:close()
      io.open(arg[1] .. ".done", "w"):close()
    ]], writer)
    write([[
      local dynarray = require "dynarray"
      local path, last, looks = arg[1], 0, 0
      local r
      repeat r = dynarray.open(path, { mode = "r" }) until r
      local function see(n, what)
        assert(n >= last, ("%s sees %d after %d"):format(what, n, last))
        last, looks = n, looks + 1
      end
      repeat
        see(#r, "#")
        see(#assert(dynarray.open(path, { mode = "r" })), "open")
        see(#assert(dynarray.load(path)), "load")
        if looks > 10 and last > 512 then io.open(path .. ".enough", "w"):close() end
      until io.open(path .. ".done")
      print(looks > 10 and last > 512 and r:sum() == last * (last + 1) // 2)
    ]], reader)
    -- A sanitized program takes a library that stands before the sanitizer's only where it is told to.
    local out, err = child.shell(([[
      $LUA %s %s &
      export ASAN_OPTIONS="$ASAN_OPTIONS:verify_asan_link_order=0"
      LD_PRELOAD=%s $LUA %s %s
    ]]):format(writer, path, library, reader, path))
    assert.equal("true\n", out .. err)
  end)

  it("has views whose elements stay", function()
    local w = open("float64"):append(1, 2, 3, 4, 5)
    local r = open { mode = "r" }
    local v, all = r:view(1, 5), r:frozen()
    assert.equal(5, #all)
    for i = 6, 3000000 do w:append(i) end -- past what the reader has kept address space for
    assert.equal(5, #v)
    assert.equal(3000000, #all)
    assert.equal(15.0, v:sum())
    assert.equal(15.0 + 3000000, v:sum() + all[3000000])
    assert.equal(55.0, v:dot(r:view(1, 5)))
    local n = 0
    r:view(1, 100):each(function() n = n + 1 w:append(0) assert(#r > 3000000) end)
    assert.equal(100, n)
  end)

  it("reads what nobody writes: complete files, and those of writers that died", function()
    write(saved({ 1, 2 }, "int8"))
    local r = open { mode = "r", type = "int8" }
    expect.holds(r, 1, 2)
    refuses("elements of type int8, wanted int16", { mode = "r", type = "int16" })
    r:close()
    os.remove(path)
    child.output([[require "dynarray".open(arg[1], "int16"):append(7, 8) os.exit(true, false)]], path)
    expect.holds(open { mode = "r" }, 7, 8)
    expect.holds(dynarray.load(path), 7, 8)
    local m = dynarray.map(path, "rw")
    expect.holds(m, 7, 8)
    refuses("elements of type int16, wanted int8", "int8")
    expect.holds(open(), 7, 8)
    assert.equal(2, (select(3, dynarray.open(path .. "x", { mode = "r" })))) -- ENOENT
  end)

  it("keeps its elements where somebody wrote another array over the file", function()
    local good = saved({ 1, 2 }, "int64")
    local dict = "{'descr': '<i8', 'fortran_order': False, 'shape': (2,), }"
    local longer = "\x93NUMPY\1\0" .. string.pack("<I2", 246) .. dict .. (" "):rep(245 - #dict) .. "\n"
    for _, bytes in ipairs { good:gsub("<i8", "<f8"), good:gsub("<i8", ">i8"), longer .. good:sub(129), "none" } do
      write(good)
      local r = open { mode = "r" }
      local file <close> = assert(io.open(path, "r+b"))
      file:write(bytes)
      file:flush()
      assert.equal(2, #r)
      r:close()
    end
  end)

  it("takes no more elements than there is room for, whatever the mark says", function()
    local w = open("int64"):append(1)
    local r = open { mode = "r" }
    local file <close> = assert(io.open(path, "r+b"))
    file:seek("end", -128 + 16)
    file:write(string.pack("=i8i8", 1000000, ~1000000))
    file:flush()
    assert.equal(480, #r)
    assert.equal(0, r[480])
    w:append(2)
    expect.holds(r, 1, 2)
  end)

  it("takes the smaller number where a writer died between both that its mark has of the size", function()
    for _, sizes in ipairs { { 3, 2 }, { 2, 3 } } do
      os.remove(path)
      child.output([[require "dynarray".open(arg[1], "int64"):append(7, 8, 9) os.exit(true, false)]], path)
      local file = assert(io.open(path, "r+b"))
      file:seek("end", -128 + 16)
      file:write(string.pack("=i8i8", sizes[1], ~sizes[2]))
      file:close()
      expect.holds(open { mode = "r" }, 7, 8)
      expect.holds(dynarray.load(path), 7, 8)
      expect.holds(open(), 7, 8)
    end
  end)

  it("follows the next writer, too", function()
    open("int64"):append(1):close()
    local w = open()
    local r = open { mode = "r" }
    expect.holds(r, 1)
    w:append(2):close()
    w = open()
    w:append(3)
    expect.holds(r, 1, 2, 3)
  end)

  it("has nothing where not even the header is there any more", function()
    open("int64"):append(1):close()
    local r = open { mode = "r" }
    os.execute("truncate -s 50 " .. path)
    expect.holds(r)
  end)

  it("takes no element from a file that was cut, and goes on", function()
    local w = open("int64")
    for i = 1, 2000 do w:append(i) end
    w:flush()
    local r = open { mode = "r" }
    assert.equal(2000, #r)
    os.execute("truncate -s 4096 " .. path)
    assert.equal(496, #r)
    assert.equal(496, r[496])
    os.execute("truncate -s 0 " .. path)
    assert.equal(0, #r)
    expect.raises("out of bounds", function() return r[1] end)
    r:close()
  end)
end)

describe("a reader where address space is limited", function()
  it("follows the file as long as there is room for it", function()
    -- The memory that sanitizers reserve would be past any limit.
    local printed = plain.output("ulimit -v 400000", [[
      local dynarray = require "dynarray"
      local w = assert(dynarray.open(arg[1], { type = "int8", growth = "increment:4096" }))
      local r = assert(dynarray.open(arg[1], { mode = "r" }))
      for i = 1, 300 do
        w:extend(dynarray.filled(4096, i % 100, "int8"))
        assert(#r == #w and r[#r] == i % 100, i)
      end
      print "followed"
    ]], path)
    assert.equal("followed\n", printed)
  end)
end)

describe("a file twice as large as the memory", function()
  -- The two forms of control groups that Linux has: how /proc/mounts tells a mount of one, and the name of its limit.
  local forms = {
    ["version 1"] = { mount = "^%S+ (%S+) cgroup %S*memory", limit = "memory.limit_in_bytes" },
    ["version 2"] = { mount = "^%S+ (%S+) cgroup2 ", limit = "memory.max" },
  }

  local function place_of(form)
    for line in io.lines "/proc/mounts" do
      local place = line:match(form.mount)
      if place then return place end
    end
  end

  -- Makes a control group of 16 MiB; nil and why not.
  local function group(form)
    local place = place_of(form)
    if not place then return nil, "no such file system is mounted" end
    local made = output(("mktemp -d %s/dynarray-XXXXXX 2>/dev/null"):format(place))
    if made == "" then return nil, "this process may not make one" end
    local limit = made .. "/" .. form.limit
    if os.execute(("test -w %s && echo $((16 << 20)) 2>/dev/null >%s"):format(limit, limit)) then return made end
    os.execute("rmdir " .. made)
    return nil, "they do not limit memory: perhaps the other version does"
  end

  for version, form in pairs(forms) do
    it("is appended to, summed and sorted, and the system kills nobody: control groups of " .. version, function()
      local file = "build/spec/large.npy"
      needs.files "/proc/mounts"
      needs.all(output "mkdir -p build/spec && stat -f -c %T build/spec" ~= "tmpfs", "build/spec is in memory")
      local memory, reason = group(form)
      needs.all(memory, ("no control group of %s: %s"):format(version, reason))
      finally(function()
        os.remove(file)
        os.execute("rmdir " .. memory)
      end)
      local printed = plain.output(("echo $$ >%s/cgroup.procs"):format(memory), [[
        local dynarray = require "dynarray"
        os.remove(arg[1])
        local n <const> = 4 << 20
        local a <close> = assert(dynarray.open(arg[1], "int64"))
        for i = 1, n do a:append((i * 7919) % n) end
        assert(a:sum() == n * (n - 1) // 2)
        a:sort()
        assert(a:is_sorted() and a[1] == 0 and a[n] == n - 1)
        print "sorted"
      ]], file)
      assert.equal("sorted\n", printed)
    end)
  end
end)

describe("a file that is full", function()
  -- A limit on the size of files stands for a full disk; one of the kernel's own is tried where we may mount it.
  local script = [[
    local dynarray = require "dynarray"
    local a = assert(dynarray.open(arg[1], "float64"))
    local ok, message
    repeat ok, message = pcall(a.append, a, #a) until not ok
    assert(message:find("file cannot have room for %d+ elements: " .. arg[2]), message)
    local n = #a
    assert(n == a.capacity and n > 1000 and a[n] == n - 1)
    assert(n * 8 > arg[3] * 0.9, n) -- there is less room than the policy wants, and that is taken
    assert(not pcall(a.append, a, 1) and #a == n and a.capacity == n)
    assert(not pcall(a.extend, a, a))
    a:pop()
    a:append(n - 1)
    assert(a:sum() == n * (n - 1) // 2)
    a:set_growth("increment:64")
    while pcall(a.append, a, #a) do end
    assert(#a >= n)
    n = #a
    assert(a:flush())
    assert(a:close())
    a = assert(dynarray.load(arg[1]))
    assert(#a == n and a[n] == n - 1)
    print "done"
  ]]

  it("is an error at the growth, with the array as before", function()
    local name = directory .. "/script.lua"
    write(script, name)
    for _, blocks in ipairs { 100, 150, 201 } do
      os.remove(path)
      local out, err = child.shell(("ulimit -f %d; exec $LUA %s %s 'File too large' %d"):format(blocks, name, path,
        blocks * 512))
      assert.equal("done\n", out .. err)
    end
  end)

  -- A disk of 9 MiB has huge pages, but not for all of the last growth.
  for _, mebibytes in ipairs { 1, 9 } do
    it(("is that on a disk of %d MiB, too"):format(mebibytes), function()
      needs.all(os.execute "unshare -m mount -t tmpfs none /mnt 2>/dev/null", "mounting is not allowed here")
      local name = directory .. "/script.lua"
      write(script, name)
      local out, err = child.shell(("unshare -m sh -c 'mkdir %s/m && mount -t tmpfs -o size=%dm none %s/m && "
        .. "exec $LUA %s %s/m/a.npy \"No space left on device\" %d'"):format(directory, mebibytes, directory, name,
        directory, mebibytes << 20))
      assert.equal("done\n", out .. err)
    end)
  end
end)

describe("a copy of a growing file", function()
  it("gets disk space for its room before it is written to, or is refused and left as it is", function()
    needs.all(os.execute "unshare -m mount -t tmpfs none /mnt 2>/dev/null", "mounting is not allowed here")
    local grow, look = directory .. "/grow.lua", directory .. "/look.lua"
    write([[
      local a = assert(require "dynarray".open(arg[1], { type = "int64", capacity = 50000 }))
      a:append(1, 2, 3)
      os.exit(true, false)
    ]], grow)
    write([[
      local dynarray = require "dynarray"
      local path, fill = arg[1], "head -c 2M /dev/zero 2>/dev/null >" .. arg[2]
      local function read()
        local file <close> = assert(io.open(path, "rb"))
        return file:read "a"
      end
      os.execute(fill)
      local before = read()
      local a, message, code = dynarray.open(path, { capacity = 50000 })
      assert(a == nil and code == 28 and read() == before, message)
      os.remove(arg[2])
      a = assert(dynarray.open(path, { capacity = 50000 }))
      os.execute(fill)
      for i = 4, 50000 do a:append(i) end
      assert(a:sum() == 50000 * 50001 // 2)
      a:close()
      print "done"
    ]], look)
    local out, err = child.shell(([[unshare -m sh -c '
      mkdir DIR/m && mount -t tmpfs -o size=1m none DIR/m && $LUA DIR/grow.lua DIR/m/a.npy &&
      cp --sparse=always DIR/m/a.npy DIR/m/b.npy && rm DIR/m/a.npy && exec $LUA DIR/look.lua DIR/m/b.npy DIR/m/fill']])
      :gsub("DIR", directory))
    assert.equal("done\n", out .. err)
  end)
end)

describe("a file that somebody changed", function()
  it("gets one more element at most, if another owns it by now", function()
    local a = open("int64"):extend(dynarray.range(1, 1000)):reserve(2000)
    os.execute(("F='%s'; printf xxxxxxxx | dd of=$F bs=1 seek=$(($(stat -c %%s $F) - 88)) conv=notrunc 2>/dev/null")
      :format(path))
    a:append(1001)
    local ok, message = pcall(a.append, a, 1002)
    assert.is_false(ok)
    assert.matches("changed by somebody else, who ignored its lock", message, 1, true)
    assert.equal(dynarray.range(1, 1001), a)
    a:close()
  end)

  local over = "printf xxxxxxxx | dd of=$F bs=1 seek=$(($(stat -c %%s $F) - %d)) conv=notrunc 2>/dev/null"
  for what, command in pairs {
    ["made longer"] = "truncate -s +4096 $F", ["cut"] = "truncate -s -4096 $F",
    ["written over"] = over:format(128), ["taken by another owner"] = over:format(88),
  } do
    it("is left alone, with an error: " .. what, function()
      local a = open("int64"):extend(dynarray.filled(1000, 7, "int64"))
      a:flush()
      os.execute("F=" .. path .. "; " .. command)
      local before = files.read(path)
      local text = "the file was changed by somebody else, who ignored its lock; save the array elsewhere"
      assert.equal("flush: " .. text, select(2, a:flush()))
      expect.raises("file cannot have room for 100000 elements: " .. text, a.reserve, a, 100000)
      if what ~= "cut" then -- else its last element may be gone
        assert.equal(a, a:save(directory .. "/b.npy"))
        assert.equal(1000, #dynarray.load(directory .. "/b.npy"))
      end
      local ok, message = a:close()
      assert.is_nil(ok)
      assert.equal("close: " .. text, message)
      assert.equal(before, files.read(path))
    end)
  end

  it("is not taken for one on the disk when it has no name", function()
    for _, command in ipairs { "rm -f ", "true > %s.new; mv %s.new " } do
      local a = open("int64"):append(1)
      os.execute((command:gsub("%%s", path)) .. path)
      local text = "the file was removed or replaced while it was open; save the array elsewhere"
      assert.equal("flush: " .. text, select(2, a:flush()))
      for i = 2, 1000 do a:append(i) end
      assert.equal(a, a:save(path))
      assert.equal("close: " .. text, select(2, a:close()))
      assert.equal(1000, #dynarray.load(path))
      os.remove(path)
    end
  end)

  it("stays the writer's when it is given another name", function()
    local a = open("int64"):append(1)
    os.rename(path, path .. "2")
    assert.equal(a, a:flush())
    assert.is_true(a:append(2):close())
    expect.holds(dynarray.load(path .. "2"), 1, 2)
  end)
end)

describe("open when memory runs out", function()
  it("loses nothing and leaves no lock", function()
    for _, once in ipairs { false, true } do
      native.every_failure {
        name = "open", once = once,
        setup = ([[
          dynarray = require "dynarray"
          path = %q
          assert(dynarray.open(path, { mode = "w", type = "int16" })):append(1, 2, 3):close()
        ]]):format(path),
        code = "a = assert(dynarray.open(path, { capacity = 100 })) a:append(4) a:reserve(10000) a:close()",
        done = "#assert(dynarray.load(path)) == 4",
        failed = "#assert(dynarray.load(path)) >= 3",
      }
    end
  end)
end)

describe("a growth of an open file that cannot be mapped", function()
  it("leaves the file as long as it was", function()
    local library = build.product("refuse", { "spec/support/refuse.c" }, "-fPIC -shared " .. build.lua_cflags, nil, "")
    plain.output("export LD_PRELOAD=" .. library, [[
      local path, library = ...
      local refuse = assert(package.loadlib(library, "luaopen_refuse"))()
      local function length()
        local file <close> = io.open(path)
        return file:seek "end"
      end
      local a = assert(require "dynarray".open(path, "int64"))
      for i = 1, 100 do a:append(i) end
      local before = length()
      refuse.set("probe", 1, 1 << 30)
      assert(not pcall(a.reserve, a, 100000))
      assert(length() == before, length() .. " bytes in place of " .. before)
      refuse.set()
      assert(#a == 100 and a:sum() == 5050)
      a:reserve(100000)
      assert(length() > before and a:sum() == 5050)
    ]], path, library)
  end)
end)

describe("an open file in C", function()
  local headers = build.files("src/core src/include", ".h")

  it("does the same without Lua", function()
    local sources = build.array()
    table.insert(sources, 1, "spec/support/open.c")
    local program = build.product("open", sources, "-Isrc -Isrc/include", headers)
    assert.equal("done", build.output(("./%s %s 2>&1"):format(program, path)))
  end)

  local function open_host()
    local library = build.product("open_host", { "spec/support/open_host.c" }, "-fPIC -shared -Isrc/include "
      .. build.lua_cflags, headers)
    return assert(package.loadlib("./" .. library, "luaopen_open_host"))()
  end

  it("stays where it is while it is pinned, to write or to read", function()
    local host = open_host()
    local w = host.open(path)
    local r = open { mode = "r" }
    host.pin(w)
    local place = w:pointer()
    while #w < w.capacity do w:append(7) end
    for method, argument in pairs { append = 1, reserve = 1000, resize = 3 } do
      expect.raises("array is pinned", w[method], w, argument)
    end
    expect.raises("array is pinned", w.clear, w)
    expect.raises("array is pinned", w.close, w)
    assert.equal(place, w:pointer())
    assert(w:flush())
    host.unpin(w)
    assert.equal(#w, #r)
    host.pin(r)
    local n = #r
    w:extend(dynarray.filled(1000000, 8, "int32"))
    assert.equal(n, #r)
    assert.equal(7, r[n])
    host.unpin(r)
    assert.equal(#w, #r)
    assert.equal(8, r[#r])
    r:close()
    w:close()
  end)

  it("is opened through the table of functions", function()
    local host = open_host()
    local a = host.open(path)
    expect.holds(a, 1, 2, 3)
    assert.equal("file", a.block)
    expect.holds(open { mode = "r" }, 1, 2, 3)
    local b, message = host.open(path)
    assert.is_nil(b)
    assert.truthy(message:find("another array", 1, true))
    expect.raises("an array of a file cannot leave its state", host.moves, a, dynarray.new "int8")
    a:close()
    expect.holds(host.open(path, 12), 1, 2, 3, 1, 2, 3) -- DYNARRAY_ANY
    for _, type in ipairs { 10, 11, 13, -1 } do -- value, opaque, and none
      expect.raises(("element type %d is not allowed here"):format(type), host.open, path, type)
    end
  end)
end)

describe("an array that reads a file", function()
  it("may grow while a comparator runs, and counts as it was", function()
    local own = os.tmpname()
    os.remove(own)
    local w = assert(dynarray.open(own, "int64")):append(3, 1, 2)
    local r = assert(dynarray.open(own, { mode = "r" }))
    assert.equal(3, #r)
    expect.holds(dynarray.range(1, 5):lower_bound(r, function(x, y)
      w:append(100)
      assert(#r > 3)
      return x < y
    end), 3, 1, 2)
    r:close()
    w:close()
    os.remove(own)
  end)
end)
