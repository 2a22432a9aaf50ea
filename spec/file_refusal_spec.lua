-- Calls for files that the system refuses, or that come after something that somebody else did: a library that stands
-- before libc (support/calls.c) lets each fail in turn. What was there stays, and a message says why. What save does
-- then is specified in save_spec.lua, too.
local build = require "support.build"
local needs = require "support.needs"
local plain = require "support.plain"

-- Its path counts from where specs run: LD_PRELOAD takes no spaces, which the checkout's own path may have.
local library = build.product("calls", { "spec/support/calls.c" },
  "-fPIC -shared " .. build.lua_cflags, nil, "")

local directory, path

-- In memory if there is such a file system, so that nothing waits for a disk.
setup(function()
  directory = os.tmpname()
  os.remove(directory)
  if os.execute("test -d /dev/shm -a -w /dev/shm") then
    directory = "/dev/shm/" .. directory:match "[^/]*$"
  end
  assert(os.execute("mkdir " .. directory))
  path = directory .. "/a.npy"
end)

teardown(function()
  os.execute("rm -rf " .. directory)
end)

after_each(function()
  os.execute(("rm -rf %s/* %s/.??*"):format(directory, directory))
end)

-- Runs a script, which gets `calls` and `path`. limits: shell commands that come before.
local function script(code, limits)
  return plain.output((limits or "") .. "export LD_PRELOAD=" .. library, [[
    local path, library = ...
    local dynarray = require "dynarray"
    local calls = assert(package.loadlib(library, "luaopen_calls"))()
    local ENOENT, EINTR, EIO, EAGAIN, EACCES, EEXIST, EINVAL, ENOSPC = 2, 4, 5, 11, 13, 17, 22, 28
    local ENOSYS, EOPNOTSUPP, EDQUOT, ERANGE = 38, 95, 122, 34
    local all = 1 << 30
    local function fails(text, ok, message, code)
      calls.stop()
      if ok or not message:find(text, 1, true) then
        error(("expected %q, got %s, %s"):format(text, ok, message), 2)
      end
      return code
    end
    local function names()
      local pipe <close> = assert(io.popen("ls -A '" .. path:match "^(.*)/" .. "'"))
      return (pipe:read "a":gsub("\n", " "))
    end
    local function opened(options)
      return assert(dynarray.open(path, options or "int64"))
    end
  ]] .. code, path, "./" .. library)
end

-- A life of a file: all that can be done with one. What fails is done again once, and else left out. n: elements 1 to n
-- are there.
local life = [[
  local failures
  local function may_fail(f, ...)
    local done, result, message = pcall(f, ...)
    if done and result then return result end
    failures = failures + 1
    assert(type(done and message or result) == "string")
  end
  local function again(f, ...)
    return may_fail(f, ...) or may_fail(f, ...)
  end
  local function holds(a, n)
    assert(#a == n and (n == 0 or a[1] == 1 and a[n] == n and a:sum() == n * (n + 1) // 2))
  end
  local function append(a, n)
    for i = #a + 1, n do
      if not again(a.append, a, i) then break end
    end
    holds(a, #a)
  end
  local function read(n)
    local r = again(dynarray.open, path, { mode = "r" })
    if r then
      assert(#r <= n) -- fewer if it is refused the number of the system's start
      holds(r, #r)
    end
    return r
  end
  local function write(n)
    local a = again(dynarray.open, path, { type = "int64", capacity = 1, growth = "increment:300" })
    if not a then return n end
    holds(a, n)
    append(a, n + 600)
    may_fail(a.flush, a)
    append(a, n + 700)
    n = #a
    local r = read(n)
    append(a, n + 600)
    n = #a
    if r and pcall(function() return #r end) then
      assert(#r <= n)
      r:close()
    end
    a:resize(n - 1700 > 0 and n - 1700 or 0)
    n = #a
    again(a.shrink_to_fit, a)
    holds(a, n)
    again(a.reserve, a, n + 2000)
    holds(a, n)
    may_fail(a.flush, a)
    append(a, n + 1)
    n = #a
    may_fail(a.close, a)
    return n
  end
  local function live()
    failures = 0
    os.remove(path)
    local n = write(0)
    n = write(n)
    local b = again(dynarray.load, path)
    if b then assert(#b <= n) holds(b, #b) end
    local m = again(dynarray.map, path, "rw")
    if m then
      assert(#m <= n)
      holds(m, #m)
      may_fail(m.flush, m)
      m:close()
    end
    local count = calls.stop()
    if n > 0 then holds(assert(dynarray.load(path)), n) end
    collectgarbage()
    return count
  end
]]

-- What files in memory do by huge pages, others do in another order.
local function in_both(name, code)
  for where, small in pairs { ["in memory"] = false, ["on a disk"] = true } do
    it(name .. ", " .. where, function()
      script(("calls.small_pages(%s)"):format(small) .. code)
    end)
  end
end

describe("an array that is a file", function()
  in_both("loses no element, whichever call is refused", life .. [[
      calls.watch(1, EIO, 0)
      local count = live()
      assert(failures == 0 and count > 50, count)
      local failed = 0
      for n = 1, count do
        calls.watch(n, EIO)
        live()
        failed = failed + (failures > 0 and 1 or 0)
      end
      assert(failed > count // 4, failed)
    ]])

  it("leaves every element that an operation returned from, whichever call is the process's last", function()
    script [[
      local acknowledged = path .. ".acknowledged"
      local program = path .. ".lua"
      local file <close> = assert(io.open(program, "w"))
      file:write [=[
        local path, acknowledged, library, kind, number = ...
        local dynarray = require "dynarray"
        local calls = assert(package.loadlib(library, "luaopen_calls"))()
        local ack <const> = assert(dynarray.map(acknowledged, "rw")) -- at least, at most, at the last flush
        calls.small_pages(kind ~= "in memory")
        calls.unreserved(kind == "unreserved")
        number = math.tointeger(number)
        calls.watch(number, 0)
        local options = { type = "int64", capacity = 1, growth = "increment:300" }
        local a = assert(dynarray.open(path, options))
        local function append(n)
          for i = #a + 1, #a + n do
            ack[2] = i
            a:append(i)
            ack[1] = i
          end
        end
        local function resize(n)
          ack[1], ack[3] = n, math.min(ack[3], n)
          a:resize(n)
          ack[2] = n
        end
        append(700)
        assert(a:flush())
        ack[3] = #a
        append(600)
        resize(400)
        a:shrink_to_fit()
        append(5)
        a:reserve(1500)
        resize(100)
        append(1)
        assert(a:close())
        ack[3] = ack[1]
        a = assert(dynarray.open(path, options))
        append(400)
        assert(a:close())
        os.exit(calls.stop() < number and 42 or 0)
      ]=]
      file:close()
      for _, kind in ipairs { "in memory", "on a disk", "unreserved" } do
        local n, code, how, _ = 0, nil, nil, nil
        repeat
          n = n + 1
          os.remove(path)
          assert(dynarray.from({ 0, 0, 0 }, "int64"):save(acknowledged))
          _, how, code = os.execute(("'%s' '%s' '%s' '%s' '%s' '%s' %d 2>/dev/null"):format(arg[-1], program, path,
            acknowledged, library, kind, n))
          local ended = how == "signal" and code == 9 or code == 137
          assert(ended or code == 42, ("call %d of %s: %s %d"):format(n, kind, how, code))
          local least, most, flushed = table.unpack(assert(dynarray.load(acknowledged)):totable())
          most = math.max(least, most)
          local there <close> = io.open(path, "rb")
          for _, open in ipairs(there and { dynarray.load, dynarray.map, dynarray.open } or {}) do
            local what = ("call %d of %s: %d to %d elements, "):format(n, kind, least, most)
            local a, message = open(path)
            if not a then error(what .. message) end
            assert(#a >= least and #a <= most, what .. #a)
            for i, x in ipairs(a) do assert(x == i, what .. i) end
            a:close()
          end
          local told = there and tonumber(there:read(128):match "'shape': %( *(%d+),%)")
          assert(not there or told >= flushed and told <= most, told)
          assert(there or most <= 1)
        until code == 42
        assert(n > 80, n)
      end
    ]]
  end)

  it("is what it was where a growth fails, and the file cannot be cut any more", function()
    script [[
      for _, kind in ipairs { "mmap64", "fallocate64" } do
        os.remove(path)
        local a = opened { type = "int64", capacity = 400 }
        for i = 1, 100 do a:append(i) end
        calls.watch(1, EIO, all, kind .. " ftruncate64")
        fails("file cannot have room for 10000 elements: Input/output error", pcall(a.reserve, a, 10000))
        for i = 101, 200 do a:append(i) end
        assert(os.execute(("cp '%s' '%s.killed'"):format(path, path))) -- what a kill would leave
        for _, open in ipairs { dynarray.load, dynarray.open } do
          assert(assert(open(path .. ".killed")) == dynarray.range(1, 200))
        end
        collectgarbage()
        collectgarbage()
      end
    ]]
  end)

  it("is as long as it was where there was no room, and the file cannot be cut", function()
    script [[
      calls.small_pages(true) -- as on a disk
      local a = opened { type = "int64", capacity = 400 }
      for i = 1, 100 do a:append(i) end
      calls.watch(1, EDQUOT, all, "fallocate64 ftruncate64")
      fails("file cannot have room for 10000 elements: Disk quota exceeded", pcall(a.reserve, a, 10000))
      calls.stop()
      assert(a:flush())
      assert(a == dynarray.range(1, 100))
      assert(a:close())
    ]]
  end)

  it("is whole for others, and its writer's alone, in the midst of every call", function()
    local said = script [[
      local acknowledged, checker = path .. ".acknowledged", path .. ".lua"
      local file <close> = assert(io.open(checker, "w"))
      file:write [=[
        local path, acknowledged = ...
        local dynarray = require "dynarray"
        local least, most, locked = table.unpack(assert(dynarray.load(acknowledged)):totable())
        if not io.open(path) then return end
        local function read() return dynarray.open(path, { mode = "r" }) end
        for _, open in ipairs { dynarray.load, dynarray.map, read } do
          local a = assert(open(path))
          assert(#a >= least and #a <= most, #a)
          for i, x in ipairs(a) do assert(x == i) end
        end
        if locked == 0 then return end
        for _, mode in ipairs { "a", "w" } do
          local a, message = dynarray.open(path, { mode = mode, type = "int64" })
          assert(a == nil and message:find("another array", 1, true), message)
        end
      ]=]
      file:close()
      assert(dynarray.from({ 0, 0, 0 }, "int64"):save(acknowledged))
      local ack <const> = assert(dynarray.map(acknowledged, "rw")) -- at least, at most, whether it is locked
      local options = { type = "int64", capacity = 1, growth = "increment:300" }
      local a
      local function open()
        a = opened(options)
        ack[3] = 1
      end
      local function append(n)
        for i = #a + 1, #a + n do
          ack[2] = i
          a:append(i)
          ack[1] = i
        end
      end
      local function resize(n)
        ack[1] = n
        a:resize(n)
        ack[2] = n
      end
      local function close()
        ack[3] = 0
        a:close()
      end
      calls.meanwhile(1, ("'%s' '%s' '%s' '%s' 2>&1"):format(arg[-1], checker, path, acknowledged),
        "pread64 pwrite64 fdatasync fallocate64 ftruncate64 mmap64 flock linkat", all)
      open()
      append(700)
      assert(a:flush())
      append(600)
      resize(400)
      a:shrink_to_fit()
      append(5)
      a:reserve(1500)
      close()
      open()
      append(400)
      close()
      assert(calls.stop() > 40)
    ]]
    assert.equal("", said)
  end)

  in_both("waits again where a signal came", life .. [[
      local kinds = "read pread64 write pwrite64 fallocate64 ftruncate64 fdatasync"
      calls.watch(1, EINTR, 0, kinds)
      local count = live()
      for n = 1, count do
        calls.watch(n, EINTR, n, kinds)
        live()
        assert(failures == 0, n)
      end
    ]])

  in_both("goes other ways where a file system cannot do something", life .. [[
      for kind, errors in pairs {
        fallocate64 = { EOPNOTSUPP, ENOSYS }, linkat = { ENOENT, EEXIST }, open64 = { ENOENT, EEXIST },
        lseek64 = { EINVAL }, getrandom = { ENOSYS }, getrlimit64 = { EINVAL },
      } do
        for _, code in ipairs(errors) do
          calls.watch(1, code, 0, kind)
          local count = live()
          for n = 1, count do
            calls.watch(n, code, n, kind)
            live()
          end
        end
      end
    ]])

  in_both("has zeros written where the file system cannot reserve room", [[
      for _, code in ipairs { EOPNOTSUPP, ENOSYS } do
        calls.watch(1, code, all, "fallocate64")
        local a = opened { type = "int64", mode = "w" }
        for i = 1, 100000 do a:append(i) end
        a:close()
        assert(calls.stop() > 5 and dynarray.load(path) == dynarray.range(1, 100000))
      end
      local a = opened()
      calls.watch(1, EOPNOTSUPP, all, "fallocate64 pwrite64")
      fails("file cannot have room for 1000000 elements: Operation not supported", pcall(a.reserve, a, 1000000))
      assert(a:flush() and #a == 100000)
      a:close()
      calls.unreserved(true)
      local n, count = 0, nil
      repeat -- as long as one of the writes fails
        n = n + 1
        calls.watch(n, EIO, n, "pwrite64")
        local b = dynarray.open(path, { capacity = 200000 })
        count = calls.stop()
        assert(b ~= nil == (count < n) and (b or dynarray.load(path)) == dynarray.range(1, 100000))
        if b then b:close() end
      until count < n
      assert(n > 3 and os.remove(path) and io.open(path, "w"):close())
      assert(opened():append(1):close()) -- of an empty file
    ]])

  in_both("takes less than its policy asks for where there is not so much room", [[
    for _, code in ipairs { ENOSPC, EDQUOT } do
      local a = opened { type = "int64", mode = "w", capacity = 10000 }
      a:resize(a.capacity, 1)
      local before = a.capacity
      calls.watch(1, code, 1, "fallocate64")
      a:append(1)
      assert(calls.stop() > 1 and a.capacity > before and a.capacity < 2 * before and a:sum() == before + 1)
      a:close()
    end
  ]])

  it("has an owner where the system gives no random number", function()
    script [[
      calls.watch(1, ENOSYS, all, "getrandom")
      local a = opened():append(1)
      assert(calls.stop() >= 1)
      local r = assert(dynarray.open(path, { mode = "r" }))
      a:append(2)
      assert(#r == 2)
    ]]
  end)

  it("is not opened to write where nobody can tell which start of the system it is", function()
    script [[
      calls.watch(1, ENOENT, 1, "open64")
      fails("files are not supported here: /proc/sys/kernel/random/boot_id is missing", dynarray.open(path, "int64"))
      assert(names() == "")
    ]]
  end)

  it("gives no fewer elements where nobody can tell which start of the system it is, as long as any are unflushed",
    function()
    script [[
      local text = "its last elements are there if the system has not restarted since, but "
        .. "/proc/sys/kernel/random/boot_id cannot be read"
      local function each(open, wanted)
        for n = 2, 20 do
          calls.watch(n, 24, n, "open64") -- EMFILE
          local a, message = open(path)
          if calls.stop() < n then return assert(n > 2 and #a == wanted) end
          if a then assert(#a == wanted) else fails(text, a, message) end
          if a then a:close() end
        end
      end
      local function read(name) return dynarray.open(name, { mode = "r" }) end
      local w = opened():append(1, 2)
      w:flush()
      for _, open in ipairs { read, dynarray.load, dynarray.map } do each(open, 2) end
      w:append(3)
      for _, open in ipairs { read, dynarray.load, dynarray.map } do each(open, 3) end
      local r = read(path) -- which stays as it is
      for i = 4, 1000 do w:append(i) end
      calls.watch(1, 24, all, "open64")
      assert(#r == 3)
      calls.stop()
      assert(#r == 1000)
      w:close()
      assert(os.execute(("%s -e 'a = require \"dynarray\".open(\"%s\"):append(1) os.exit(0)'"):format(arg[-1], path)))
      calls.watch(3, 24, 3, "open64")
      fails(text, dynarray.open(path))
      assert(#opened() == 1001)
    ]]
  end)

  it("is the one that is at the path when it is locked", function()
    script [[
      assert(dynarray.of(1, 2, 3):astype("int64"):save(path .. ".new"))
      assert(dynarray.of(1):astype("int64"):save(path))
      calls.meanwhile(1, ("mv %s.new %s"):format(path, path), "flock")
      local a = opened()
      assert(calls.stop() == 2 and #a == 3)
      a:close()
      calls.watch(1, ENOENT, all, "stat64") -- replaced again and again
      assert(fails("Resource temporarily unavailable", dynarray.open(path)) == EAGAIN)
      calls.watch(1, EIO, 1, "flock")
      assert(fails("Input/output error", dynarray.open(path)) == EIO)
    ]]
  end)

  it("is that of another process that made it at the same moment", function()
    script [[
      local copy = ("cp %s.new %s"):format(path, path)
      assert(dynarray.of(1, 2, 3):astype("int64"):save(path .. ".new"))
      local function check()
        local a = opened()
        calls.stop()
        assert(#a == 3)
        a:close()
        os.remove(path)
      end
      calls.meanwhile(1, copy, "linkat")
      check()
      calls.nameless(true)
      calls.meanwhile(3, copy, "open64")
      check()
      calls.nameless(false)
      assert(os.execute(("ln -s a.npy %s.link"):format(path)))
      path = path .. ".link"
      calls.meanwhile(1, copy, "realpath")
      check()
    ]]
  end)

  it("is made under its name where a file cannot be without one, and removed if that fails", function()
    script [[
      calls.nameless(true)
      calls.watch(1, ENOSPC, 1, "pwrite64")
      assert(fails("No space left on device", dynarray.open(path, "int64")) == ENOSPC and names() == "")
      opened():append(1):close()
      assert(#dynarray.load(path) == 1)
      os.remove(path)
      calls.watch(3, EACCES, 3, "open64")
      assert(fails("Permission denied", dynarray.open(path, "int64")) == EACCES and names() == "")
    ]]
  end)

  it("has no name that is longer than the system's", function()
    script [[
      for _, n in ipairs { 4090, 5000 } do
        calls.watch(2, ENOENT, 2, "open64")
        assert(fails("File name too long", dynarray.open(("x"):rep(n), "int64")) == 36)
      end
    ]]
  end)

  it("says after a flush that failed that nobody knows what is on the disk", function()
    script [[
      local text = "an earlier flush failed, so that it is not known what is on the disk; save the array elsewhere"
      local a = opened():append(1)
      calls.watch(1, EIO, 1, "fdatasync")
      assert(fails("Input/output error", a:flush()) == EIO)
      fails("flush: " .. text, a:flush())
      fails(text, pcall(a.reserve, a, 10000))
      fails("close: " .. text, a:close())
      a = opened()
      assert(#a == 1 and a:append(2):flush() and a:close())
      a = opened()
      calls.watch(1, EIO, 1, "fdatasync") -- fewer elements are told at once, which needs the length on the disk
      a:pop()
      fails(text, a:flush())
      a:append(3)
      fails(text, a:close())
      assert(dynarray.load(path) == dynarray.from({ 1, 3 }, "int64"))
    ]]
  end)

  it("is left as it is if it cannot be opened to write", function()
    script [[
      local function bytes()
        local file <close> = assert(io.open(path, "rb"))
        return file:read "a"
      end
      local code = 'a = require "dynarray".open(arg[1], "int64"):append(1, 2) os.exit(0)'
      assert(os.execute(("%s -e 'arg = { \"%s\" } %s'"):format(arg[-1], path, code)))
      for _ = 1, 2 do -- as a writer that died left it, and closed
        local before = bytes()
        for _, kind in ipairs { "pwrite64", "fallocate64", "fdatasync" } do
          for n = 1, 9 do
            calls.watch(n, EIO, n, kind)
            local a = dynarray.open(path)
            if calls.stop() < n then a:close() break end
            assert(a == nil and bytes() == before, kind)
          end
          local file <close> = assert(io.open(path, "wb"))
          file:write(before)
        end
        opened():close()
      end
    ]]
  end)

  it("is begun anew by one alone", function()
    script [[
      assert(dynarray.of(1, 2, 3):astype("int64"):save(path .. ".new"))
      local options = { type = "int64", mode = "w" }
      opened(options):append(1):close()
      calls.watch(1, EIO, 1, "rename")
      assert(fails("Input/output error", dynarray.open(path, options)) == EIO and #dynarray.load(path) == 1)
      calls.watch(2, EIO, 2, "flock")
      assert(fails("Input/output error", dynarray.open(path, options)) == EIO and #dynarray.load(path) == 0)
      calls.meanwhile(2, ("cp %s.new %s.other && mv %s.other %s"):format(path, path, path, path), "flock")
      fails("somebody else replaced it at the same time", dynarray.open(path, options))
      assert(#dynarray.load(path) == 3)
      local code = 'a = require "dynarray".open(arg[1], "int64"):append(1) os.exit(0)' -- of the same length
      assert(os.execute(("%s -e 'arg = { \"%s.grown\" } %s'"):format(arg[-1], path, code)))
      calls.meanwhile(2, ("mv %s.grown %s"):format(path, path), "flock")
      fails("somebody else replaced it at the same time", dynarray.open(path, options))
      assert(#dynarray.load(path) == 1)
    ]]
  end)
end)

describe("an array that is a file", function()
  it("is not made of a file of no bytes if that fails", function()
    script [[
      for _, kind in ipairs { "fallocate64", "pwrite64", "fdatasync" } do
        assert(io.open(path, "w")):close()
        calls.watch(1, EIO, 1, kind)
        assert(fails("Input/output error", dynarray.open(path, "int64")) == EIO)
        os.remove(path)
      end
    ]]
  end)

  it("is closed, and stays as it is, where it cannot be mapped", function()
    script [[
      opened():append(1, 2):close()
      calls.watch(1, 12, all, "mmap64") -- ENOMEM
      assert(fails("Cannot allocate memory", dynarray.open(path)) == 12)
      assert(#dynarray.load(path) == 2)
      assert(opened():append(3):close() and #dynarray.load(path) == 3)
    ]]
  end)

  it("is within the limit on the size of files that holds now", function()
    needs.commands "prlimit"
    script [[
      local a = opened { type = "int64", capacity = 10000 }
      for i = 1, 5000 do a:append(i) end
      local stat <close> = assert(io.open "/proc/self/stat")
      local limit = ("prlimit --pid %d --fsize=%%s:"):format(stat:read "n")
      assert(os.execute(limit:format(1000)))
      fails("File too large", pcall(a.shrink_to_fit, a))
      assert(os.execute(limit:format "unlimited"))
      assert(#a == 5000 and a.capacity == 10000)
    ]]
  end)

  it("tells in its header more than 10^8 elements, too", function()
    script [[
      local a = opened "int8"
      a:resize(100000001, 1)
      a:flush()
      local file <close> = assert(io.open(path, "rb"))
      assert(file:read(128):find("'shape': %( +100000001,%)"))
      a:resize(99999999)
      file:seek "set"
      assert(file:read(128):find("'shape': %( *0*99999999,%)"))
      a:resize(10)
      a:shrink_to_fit()
    ]]
  end)

  it("takes the elements of a growth by huge pages, whatever the system refuses", function()
    script [[
      local part = dynarray.range(1, 300000)
      for _, kind in ipairs { "fallocate64", "mmap64", "open64", "pwrite64", "read" } do
        local n, count = 0, nil
        repeat
          n = n + 1
          local a = opened():extend(part)
          calls.watch(n, EIO, n, kind)
          local ok, message = pcall(a.extend, a, part)
          count = calls.stop()
          if not ok then
            assert(message:find "file cannot have room for %d+ elements: Input/output error", message)
            assert(#a == #part)
            a:extend(part)
          end
          assert(#a == 2 * #part and a:sum() == 2 * part:sum())
          a:close()
          assert(dynarray.load(path):view(1, #part) == part)
          os.remove(path)
        until count < n
      end
    ]]
  end)

  it("in memory may grow by more than what gets huge pages at once", function()
    script [[
      local a = opened { type = "int64", growth = "increment:9000000" } -- of 72 MB, 64 MiB of them by huge pages
      a:append(1):resize(9000000, 7)
      assert(a.capacity >= 9000000 and a:sum() == 7 * 8999999 + 1)
      a:resize(10)
      a:close()
      assert(dynarray.load(path):sum() == 7 * 9 + 1)
    ]]
  end)

  it("whose mark is read in the midst of a change has it read again", function()
    script [[
      local code = 'a = require "dynarray".open(arg[1], "int64"):append(1, 2, 3) os.exit(0)'
      assert(os.execute(("%s -e 'arg = { \"%s\" } %s'"):format(arg[-1], path, code)))
      local whole = path .. ".whole"
      assert(os.execute(("cp '%s' '%s'"):format(path, whole)))
      local function tear() -- the new size, and the sum of the old one
        local file <close> = assert(io.open(path, "r+b"))
        file:seek("set", file:seek "end" - 128 + 16)
        file:write(string.pack("=i8i8", 3, ~2))
      end
      tear()
      calls.watch(all, EIO, all, "pread64")
      assert(#dynarray.open(path, { mode = "r" }) == 2) -- it stays so: the smaller one
      assert(calls.stop() > 100)
      for n = 1, 20 do
        tear()
        calls.meanwhile(n, ("cp '%s' '%s'"):format(whole, path), "pread64")
        assert(#dynarray.open(path, { mode = "r" }) == 3, n)
        assert(calls.stop() < 50)
      end
    ]]
  end)

  it("is searched for its mark, whatever the system tells about holes and lengths", function()
    script [[
      local code = 'local d = require "dynarray" local a = d.open(arg[1], "int8"):extend(d.filled(%d, 1, "int8"))'
        .. ' a:flush() os.exit(0)'
      for _, size in ipairs { 3, 3904 } do -- elements end where a mark could begin
        os.remove(path)
        assert(os.execute(("%s -e 'arg = { \"%s\" } %s'"):format(arg[-1], path, code:format(size))))
        assert(os.execute(("truncate -s +8192 '%s'"):format(path)))
        for kind, errno in pairs { lseek64 = EINVAL, fstat64 = EIO } do
          for n = 1, 9 do
            calls.watch(n, errno, n, kind)
            local a = dynarray.load(path)
            local count = calls.stop()
            assert(a == nil or #a == size and a:sum() == size)
            if count < n then break end
          end
        end
      end
    ]]
  end)
end)

describe("a file that changes while it is read", function()
  it("is read to its new end, or refused", function()
    script [[
      local function with(number, command, kind, last)
        assert(dynarray.range(1, 1000):save(path))
        calls.meanwhile(number, command:format(path), kind, last)
        return dynarray.load(path)
      end
      fails("the file ends within its header", with(2, "truncate -s 100 '%s'", "read"))
      fails("the file became shorter while it was read", with(3, "truncate -s 130 '%s'", "read"))
      fails("bytes of elements, its header says 1000 x 8", with(1, "printf x >>'%s'", "fstat64", 200))
    ]]
  end)
end)

describe("a reader", function()
  it("sees what it can map where it had to map it anew very often", function()
    script [[
      local w = opened { type = "int8", growth = "increment:4096" }
      calls.watch(1, 12, 1, "mmap64")
      local r = assert(dynarray.open(path, { mode = "r" }))
      calls.stop()
      local followed
      for i = 1, 60 do
        w:extend(dynarray.filled(4096, i, "int8"))
        calls.watch(1, 12, i == 3 and all or 1, "mmap64") -- no room but for what is there, or none at all
        local n = #r
        calls.stop()
        assert(n == 0 or r[n] <= i and r[1] == 1)
        followed = n == #w
      end
      assert(not followed and #r > 40 * 4096)
    ]]
  end)

  it("keeps what it has where it must be mapped elsewhere, and there is no address space", function()
    script [[
      local a = opened "int8":append(1, 2, 3)
      calls.watch(1, 12, all, "mmap64")
      fails("file cannot have room for 73400320 elements: Cannot allocate memory", pcall(a.reserve, a, 70 << 20))
      assert(a:append(4):sum() == 10 and a:reserve(70 << 20):append(5):sum() == 15)
      a:close()
      assert(dynarray.load(path) == dynarray.from({ 1, 2, 3, 4, 5 }, "int8"))
    ]]
  end)

  it("keeps what it has where it may map no more", function()
    script [[
      local w = opened():append(1, 2, 3)
      local r = assert(dynarray.open(path, { mode = "r" }))
      for i = 4, 1000 do w:append(i) end
      calls.watch(1, 12, all, "mmap64") -- ENOMEM
      assert(#r == 496 and r[496] == 496)
      calls.stop()
      assert(#r == 1000 and r[1000] == 1000)
    ]]
  end)
end)

describe("a new file", function()
  it("gets a name that nobody has", function()
    script [[
      local a = dynarray.of(1):astype "int64"
      local accents = path:gsub("a%.npy", "a" .. ("\u{e9}"):rep(110)) -- a name that is cut within no character
      assert(os.execute(("mkfifo '%s.dynarray-0'"):format(path)))
      calls.nameless(true)
      assert(a:save(path) and a:save(accents) and os.remove(accents) and os.remove(path .. ".dynarray-0"))
      calls.nameless(false)
      assert(names() == "a.npy ", names())
      for i = 0, 3 do assert(os.execute(("mkdir '%s.dynarray-%d'"):format(path, i))) end
      assert(a:append(2):save(path) and #dynarray.load(path) == 2)
      os.execute(("rmdir %s.dynarray-*"):format(path))
      calls.watch(1, EEXIST, all, "linkat") -- whatever it is called
      assert(a:append(3):save(path))
      assert(calls.stop() == 100 and #dynarray.load(path) == 3 and names() == "a.npy ")
      calls.nameless(true)
      calls.watch(1, EEXIST, all, "open64")
      assert(fails("File exists", a:append(4):save(path)) == EEXIST)
      assert(#dynarray.load(path) == 3 and names() == "a.npy ")
    ]]
  end)

  it("is nobody's but its own, even if others take it for one that was left", function()
    script [[
      calls.nameless(true)
      local a = dynarray.of(1):astype "int64"
      for _, code in ipairs { EAGAIN, EACCES } do
        calls.watch(1, code, 1, "fcntl64") -- another save has locked it, to remove it
        assert(a:save(path) and #dynarray.load(path) == 1)
        calls.stop()
        assert(names() == "a.npy ")
      end
      calls.meanwhile(1, ("rm '%s.dynarray-0'"):format(path), "fcntl64") -- and has removed it
      assert(a:append(2):save(path) and #dynarray.load(path) == 2)
      calls.stop()
      assert(names() == "a.npy ")
    ]]
  end)

  it("does not remove what took the name of one that was left", function()
    script [[
      local left = path .. ".dynarray-0"
      local function leave()
        assert(io.open(left, "w")):close()
      end
      local a = dynarray.of(1):astype "int64"
      calls.nameless(true)
      for _, number in ipairs { 1, 2 } do
        leave()
        calls.meanwhile(2, ("mv '%s' '%s.old'"):format(left, left) .. (number == 1 and "" or ("; > '%s'"):format(left)),
          "lstat64") -- after that of the path
        assert(a:save(path))
        calls.stop()
        os.remove(left .. ".old")
        assert(names() == (number == 1 and "a.npy " or "a.npy a.npy.dynarray-0 "), names())
        os.remove(left)
      end
      for _, kind in ipairs { "fstat64", "unlink", "fcntl64" } do
        leave()
        calls.watch(1, kind == "fcntl64" and EAGAIN or EIO, 1, kind)
        assert(a:save(path))
        calls.stop()
        assert(names() == "a.npy a.npy.dynarray-0 ", kind)
        os.remove(left)
      end
    ]]
  end)

  it("is in the place of the file that the link led to when it was looked at", function()
    script [[
      local a = dynarray.of(1):astype "int64"
      assert(a:save(path) and a:save(path .. ".other"))
      assert(os.execute(("ln -s a.npy '%s.link'"):format(path)))
      calls.meanwhile(1, ("ln -sf a.npy.other '%s.link'"):format(path), "realpath")
      fails("symbolic link that was changed while it was followed", a:append(2):save(path .. ".link"))
      assert(#dynarray.load(path) == 1 and #dynarray.load(path .. ".other") == 1)
      assert(os.execute(("ln -sf a.npy '%s.link'"):format(path)))
      calls.meanwhile(1, ("ln -sf /proc/self/stat '%s.link'"):format(path), "realpath") -- of another file system
      fails("symbolic link that was changed while it was followed", a:save(path .. ".link"))
      assert(os.execute(("ln -sf a.npy '%s.link'"):format(path)))
      calls.watch(1, ENOENT, 1, "lstat64")
      assert(fails("File name too long", a:save(("x"):rep(5000))) == 36)
      for _, kind in ipairs { "realpath", "stat64" } do
        calls.watch(1, EIO, 1, kind)
        assert(fails("Input/output error", a:save(path .. ".link")) == EIO)
      end
      calls.watch(2, EIO, 2, "lstat64")
      assert(fails("Input/output error", a:save(path .. ".link")) == EIO)
      calls.watch(1, EIO, 1, "lstat64")
      assert(fails("Input/output error", a:save(path .. ".link")) == EIO)
    ]]
  end)

  -- As with fs.protected_regular, which no spec may switch on.
  it("does not take a file of somebody else's, which the system would not let be taken", function()
    needs.all(build.output "id -u" == "0", "root, who may give files away")
    script [[
      local a = dynarray.of(1):astype "int64"
      assert(a:save(path))
      assert(os.execute(("chown 65534 '%s' && chmod 1777 '%s'"):format(path, path:match "^(.*)/")))
      calls.watch(1, EACCES, 1, "open64")
      assert(fails("Permission denied", a:append(2):save(path)) == EACCES)
      assert(#dynarray.load(path) == 1 and names() == "a.npy ")
      calls.watch(1, EIO, 1, "stat64") -- nobody can tell whether the directory is such a one
      assert(a:save(path) and #dynarray.load(path) == 2)
      calls.stop()
      assert(os.execute(("chmod 755 '%s'"):format(path:match "^(.*)/")))
      assert(a:append(3):save(path) and #dynarray.load(path) == 3)
      calls.watch(3, EACCES, 3, "open64") -- after the start of the system and the file
      assert(fails("Permission denied", dynarray.open(path)) == EACCES)
      calls.watch(1, EIO, 1, "fstat64")
      assert(fails("Input/output error", dynarray.open(path)) == EIO)
      calls.watch(2, EIO, 2, "fstat64")
      assert(fails("Input/output error", dynarray.open(path)) == EIO)
      assert(#opened() == 3)
    ]]
  end)

  it("has an access that the old one had, or less", function()
    script [[
      local a = dynarray.of(1):astype "int64"
      assert(a:save(path))
      local function mode()
        local pipe <close> = assert(io.popen(("stat -c %%a '%s'"):format(path)))
        return pipe:read "n"
      end
      assert(os.execute(("chmod 664 '%s'"):format(path)))
      calls.watch(1, ERANGE, 1, "getxattr") -- a list that is too long
      assert(a:save(path))
      calls.stop()
      assert(mode() == 644)
      for n = 1, 2 do
        calls.watch(n, EIO, n, "fstat64")
        assert(fails("Input/output error", a:append(2):save(path)) == EIO)
      end
      calls.watch(1, EIO, 1, "fchmod")
      assert(fails("Input/output error", a:save(path)) == EIO and #dynarray.load(path) == 1)
    ]]
  end)

  it("has an access that the old one had, or less, where owner, group or list cannot be kept", function()
    needs.all(build.output "id -u" == "0", "root, who may give files away")
    local said = script [[
      local a = dynarray.of(1):astype "int64"
      assert(a:save(path))
      local function access()
        local pipe <close> = assert(io.popen(("stat -c '%%a %%u %%g' '%s'"):format(path)))
        return pipe:read "l"
      end
      local function saved_with(owner, group, kinds, code, last)
        assert(os.execute(("chown %d:%d '%s' && chmod 664 '%s'"):format(owner, group, path, path)))
        calls.watch(1, code, last, kinds)
        local ok, _, failed = a:save(path)
        calls.stop()
        return ok and access() or failed
      end
      local function same(wanted, got)
        if wanted ~= got then error(("expected %s, got %s"):format(wanted, got), 2) end
      end
      same("664 0 65534", saved_with(65534, 65534, "fchown", EACCES, 1)) -- the group alone
      same("664 0 0", saved_with(65534, 0, "fchown", EACCES, 1))
      same("644 0 0", saved_with(65534, 65534, "fchown", 1, 2)) -- EPERM
      same("644 0 0", saved_with(65534, 65534, "fchown", EINVAL, 2))
      same(EIO, saved_with(65534, 65534, "fchown", EIO, 2))
      same("664 0 0", saved_with(0, 0, "fremovexattr", EIO, 1))
      local list = string.pack("<I4", 2)
      for _, entry in ipairs { { 1, 6, -1 }, { 2, 6, 1000 }, { 4, 4, -1 }, { 16, 6, -1 }, { 32, 4, -1 } } do
        list = list .. string.pack("<I2I2i4", table.unpack(entry))
      end
      if calls.setxattr(path, "system.posix_acl_access", list) then
        same("664 0 0", saved_with(0, 0, "close", EIO, 0))
        same("644 0 0", saved_with(0, 0, "fsetxattr", EIO, 1))
        assert(calls.setxattr(path, "system.posix_acl_access", list))
        same("644 0 0", saved_with(0, 65534, "fchown", 1, 2))
      else
        print "no lists"
      end
    ]]
    needs.all(said == "", "the file system has no access control lists")
  end)

  it("waits again where a signal came", function()
    script [[
      calls.watch(1, EINTR, 1, "write")
      assert(dynarray.range(1, 1000):save(path))
      calls.watch(1, EINTR, 1, "read")
      assert(dynarray.load(path) == dynarray.range(1, 1000))
      calls.watch(1, EIO, 1, "write")
      assert(fails("Input/output error", dynarray.of(1):astype("int8"):save(path)) == EIO)
    ]]
  end)

  it("of more than a call can move is read and written by several", function()
    script [[
      local n = (1 << 30) + 1000
      local dict = ("{'descr': '|i1', 'fortran_order': False, 'shape': (%d,), }"):format(n)
      local file = assert(io.open(path, "wb"))
      file:write("\x93NUMPY\1\0", string.pack("<I2", 118), dict, (" "):rep(117 - #dict), "\n")
      file:seek("set", 128 + n - 1) -- a hole
      file:write("\7")
      file:close()
      calls.watch(3, EIO, all, "read") -- after two for the header
      assert(fails("Input/output error", dynarray.load(path)) == EIO)
      local a = assert(dynarray.map(path))
      calls.watch(2, EIO, 2, "write") -- after one for the header
      assert(fails("Input/output error", a:save(path .. ".copy")) == EIO and names() == "a.npy ")
    ]]
  end)
end)

describe("what the system tells about the process", function()
  it("is left out where it cannot be had", function()
    script [[
      local probe = dynarray.probe
      calls.watch(1, EIO, 1, "getrusage")
      assert(probe.memory().minor_faults == nil)
      calls.watch(1, EACCES, all, "open64")
      assert(probe.reset_peak() == false and probe.memory().resident == nil)
      calls.stop()
      assert(probe.memory().resident > 0 and probe.memory().minor_faults > 0)
    ]]
  end)

  it("is read as far as it fits, where the user is in very many groups", function()
    needs.all(build.output "id -u" == "0", "root, who may join groups")
    needs.commands "setpriv"
    local groups = {}
    for i = 1, 2000 do groups[i] = 100000 + i end
    local said = build.output(("setpriv --groups %s env LUA_CPATH='%s' %s -e '%s' 2>&1"):format(
      table.concat(groups, ","), package.cpath, os.getenv "LUA" or "lua5.4",
      "local m = require [[dynarray]].probe.memory() print(m.resident > 0 and m.peak >= m.resident)"))
    assert.equal("true", said)
  end)
end)

describe("a file that is mapped", function()
  it("says why it is not", function()
    script [[
      assert(dynarray.range(1, 1000):save(path))
      for _, kind in ipairs { "open64", "fstat64", "lseek64", "read", "mmap64" } do
        calls.watch(1, EIO, 1, kind)
        assert(fails("Input/output error", dynarray.map(path)) == EIO)
      end
      local a = assert(dynarray.map(path, "rw"))
      calls.watch(1, EIO, 1, "msync")
      assert(fails("flush: Input/output error", a:flush()) == EIO)
      assert(a:flush())
    ]]
  end)

  it("has holes that get disk where the file system can do that", function()
    script [[
      local function sparse(n)
        os.remove(path)
        local file <close> = assert(io.open(path, "wb"))
        local dict = ("{'descr': '|i1', 'fortran_order': False, 'shape': (%d,), }"):format(n)
        file:write("\x93NUMPY\1\0", string.pack("<I2", 118), dict, (" "):rep(117 - #dict), "\n")
        file:seek("set", 128 + n - 1)
        file:write "\7"
      end
      for _, code in ipairs { EINTR, EOPNOTSUPP, EDQUOT, ENOSPC } do
        sparse(1 << 20)
        calls.watch(1, code, 1, "fallocate64")
        local a, message, failed = dynarray.map(path, "rw")
        assert(calls.stop() == (code == EINTR and 2 or 1), message)
        if code == EINTR or code == EOPNOTSUPP then
          assert(a[1 << 20] == 7)
        else
          assert(a == nil and failed == code)
        end
      end
      for _, code in ipairs { EIO, 61, 62, 63 } do -- a file system that does not tell how much room it has
        sparse(1 << 20)
        calls.watch(1, code, 1, "fstatvfs64")
        assert(dynarray.map(path, "rw")[1 << 20] == 7)
        assert(calls.stop() == 1)
      end
      sparse(1 << 43)
      assert(fails("No space left on device", dynarray.map(path, "rw")) == ENOSPC)
    ]]
  end)
end)
