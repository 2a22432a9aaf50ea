-- What save does to the files that are there: whose the new one is, what is left when a call fails or the process ends.
-- A library that stands before libc (support/calls.c) refuses each call for files in turn, or lets it be the last.
local dynarray = require "dynarray"
local build = require "support.build"
local needs = require "support.needs"
local plain = require "support.plain"

-- Its path counts from where specs run: LD_PRELOAD takes no spaces, which the checkout's own path may have.
local library = build.product("calls", { "spec/support/calls.c" },
  "-fPIC -shared " .. build.lua_cflags, nil, "")

local directory

local function path(name)
  return directory .. "/" .. (name or "a.npy")
end

local function quoted(s)
  return "'" .. s:gsub("'", "'\\''") .. "'"
end

-- Names in the directory, in order, with a space between them.
local function names()
  return (build.output("ls -A " .. quoted(directory)):gsub("\n", " "))
end

-- Mode, owner and group of a file.
local function access(name)
  return build.output("stat -c '%a %u %g' " .. quoted(path(name)))
end

-- Lua code for a process: `a` is what it may save, `path` where to, `calls` says which call fails.
local prelude = [[
  local path, library, nameless = ...
  local dynarray = require "dynarray"
  local calls = assert(package.loadlib(library, "luaopen_calls"))()
  calls.nameless(nameless == "refused")
  local a = dynarray.filled(1000, 2, "int32")
  local function names()
    local pipe <close> = assert(io.popen("ls -A '" .. path:match "^(.*)/" .. "'"))
    return pipe:read "a"
  end
]]

-- The ways in which a new file is made.
local ways = { ["without a name at first"] = "allowed", ["under a name beside the old one"] = "refused" }

describe("save", function()
  before_each(function()
    directory = os.tmpname()
    os.remove(directory)
    directory = directory .. " it"
    assert(os.execute("mkdir " .. quoted(directory)))
  end)
  after_each(function() os.execute("rm -rf " .. quoted(directory)) end)

  for way, nameless in pairs(ways) do
    it("leaves what was there, or has done all, whichever call fails: a file " .. way, function()
      local said = plain.output("export LD_PRELOAD=" .. library, prelude .. [[
        local old = dynarray.filled(10, 1, "int32")
        local failures, n, done = 0, 0, false
        repeat
          assert(old:save(path))
          n = n + 1
          calls.watch(n, 5)
          local ok, message = a:save(path)
          done = calls.stop() < n
          assert(names() == "a.npy\n", names())
          if ok then
            assert(dynarray.load(path) == a)
          else
            failures = failures + 1
            assert(message:find("Input/output error", 1, true), message)
            assert(dynarray.load(path) == old)
          end
        until done
        print(failures > 3 and "each" or failures)
      ]], path(), library, nameless)
      assert.equal("each\n", said)
    end)

    it("leaves the old file or the new one, and none that stays, if a call is its last: " .. way, function()
      local said = plain.output("export LD_PRELOAD=" .. library, prelude .. [[
        local number = tonumber((select(4, ...)))
        if number then -- a child
          calls.watch(number, 0)
          assert(a:save(path))
          os.exit(calls.stop() < number and 42 or 0)
        end
        local old = dynarray.filled(10, 1, "int32")
        local n, seen, code, how = 0, {}, nil, nil
        repeat
          assert(old:save(path))
          n = n + 1
          local words = ("'%s' '%s' '%s' '%s' %s %d 2>&1"):format(arg[-1], arg[0], path, library, nameless, n)
          _, how, code = os.execute(words)
          assert(how == "signal" and code == 9 or code == 137 or code == 42, code)
          local found = assert(dynarray.load(path))
          seen[found[1] ] = true
          assert(found == old or found == a)
          assert(a:save(path)) -- removes what was left, if anything was
          assert(names() == "a.npy\n", names())
        until code == 42
        print(n > 4 and seen[1] and seen[2] and "both" or n)
      ]], path(), library, nameless)
      assert.truthy(said:find "both\n$", said)
    end)
  end

  it("removes what one that did not end left, but nothing that another process still writes", function()
    needs.commands "python3"
    local left, written = path "a.npy.dynarray-0", path "a.npy.dynarray-1"
    for _, name in ipairs { left, written } do
      assert(io.open(name, "w")):close()
    end
    local said = build.output(("python3 -c %s %s env LUA_CPATH=%s %s -e %s 2>&1"):format(quoted [[
import fcntl, struct, subprocess, sys
F_OFD_SETLK = 37 # as Linux numbers it
file = open(sys.argv[1], "r+")
fcntl.fcntl(file, F_OFD_SETLK, struct.pack("hhqqi", fcntl.F_WRLCK, 0, 0, 0, 0))
subprocess.run(sys.argv[2:])
]], quoted(written), quoted(package.cpath), os.getenv "LUA" or "lua5.4", quoted(([[
      local dynarray = require "dynarray"
      for i = 1, 5 do assert(dynarray.filled(i, 7, "int8"):save(%q)) end
    ]]):format(path()))))
    assert.equal("", said)
    assert.equal("a.npy a.npy.dynarray-1", names())
    assert.equal(5, #dynarray.load(path()))
  end)

  it("does not follow a link that the system does not follow", function()
    local said = plain.output("export LD_PRELOAD=" .. library, prelude .. [[
      local old = dynarray.filled(10, 1, "int32")
      assert(old:save(path))
      assert(os.execute(("ln -s a.npy '%s.link'"):format(path)))
      calls.watch(1, 13, 1, "stat64") -- as in a sticky directory a link of somebody else's
      local ok, message, code = a:save(path .. ".link")
      calls.stop()
      assert(ok == nil and code == 13 and dynarray.load(path) == old)
      assert(a:save(path .. ".link") and dynarray.load(path) == a)
      print((names():gsub("\n", " ")))
    ]], path(), library, "allowed")
    assert.equal("a.npy a.npy.link \n", said)
  end)

  describe("over a file of somebody else's", function()
    local nobody = 65534

    -- Saves as that user, of no group but that one.
    local function save_as(user)
      return build.output(("setpriv --reuid=%d --regid=%d --clear-groups env LUA_CPATH=%s %s -e %s 2>&1"):format(user,
        user, quoted(package.cpath), os.getenv "LUA" or "lua5.4", quoted(([[
          print(require "dynarray".of(1):copy() and require "dynarray".filled(3, 7, "int8"):save(%q))
        ]]):format(path()))))
    end

    local each = needs.each(it, function()
      needs.all(build.output "id -u" == "0", "root, who may save over files of others")
      needs.commands "setpriv"
    end)

    each("keeps owner, group and mode, but no bit that makes others of who runs it", function()
      local modes = { ["6777"] = "777", ["4755"] = "755", ["2711"] = "711", ["1600"] = "600", ["640"] = "640" }
      for given, kept in pairs(modes) do
        assert(dynarray.filled(3, 1, "int8"):save(path()))
        os.execute(("chown %d:%d %s && chmod %s %s"):format(nobody, nobody - 1, quoted(path()), given, quoted(path())))
        assert(dynarray.filled(3, 2, "int8"):save(path()))
        assert.equal(("%s %d %d"):format(kept, nobody, nobody - 1), access())
        assert.equal(2, dynarray.load(path())[1])
      end
    end)

    each("gives a group that it cannot keep no more than both had", function()
      assert(os.execute(("chmod 777 %s"):format(quoted(directory))))
      local modes = { ["664"] = "644", ["660"] = "600", ["646"] = "644", ["6777"] = "777", ["604"] = "600" }
      for given, kept in pairs(modes) do
        os.remove(path())
        assert(dynarray.filled(3, 1, "int8"):save(path()))
        os.execute(("chown 0:0 %s && chmod %s %s"):format(quoted(path()), given, quoted(path())))
        assert.truthy(save_as(nobody):find("dynarray<int8>", 1, true))
        assert.equal(("%s %d %d"):format(kept, nobody, nobody), access())
      end
    end)

    each("keeps the access control list, and gets none that the old one had not", function()
      needs.commands "python3"
      local function list(code)
        return build.output(("python3 -c %s %s 2>&1"):format(quoted([[
import os, struct, sys
acl = struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *e) for e in
  [(1, 6, 0xffffffff), (2, 6, 1000), (4, 0, 0xffffffff), (16, 6, 0xffffffff), (32, 0, 0xffffffff)])
name, path = "system.posix_acl_access", sys.argv[1]
]] .. code), quoted(path())))
      end
      assert(dynarray.filled(3, 1, "int8"):save(path()))
      if list("os.setxattr(path, name, acl)") ~= "" then
        pending("the file system has no access control lists")
      end
      assert.equal("660 0 0", access())
      assert(dynarray.filled(3, 2, "int8"):save(path()))
      assert.equal("True", list("print(os.getxattr(path, name) == acl)"))
      -- of the directory, for new files
      list [[
os.setxattr(os.path.dirname(path), "system.posix_acl_default", acl)
os.removexattr(path, name)
os.chmod(path, 0o660)]]
      assert(dynarray.filled(3, 3, "int8"):save(path()))
      assert.equal("660 0 0", access())
      assert.truthy(list("os.getxattr(path, name)"):find("No data available", 1, true))
    end)
  end)
end)

describe("a file with holes", function()
  it("gets disk when it is mapped to be written to, or is refused then", function()
    directory = os.tmpname()
    os.remove(directory)
    assert(os.execute("mkdir " .. directory))
    finally(function() os.execute("rm -rf " .. directory) end)
    local said = plain.output("export LD_PRELOAD=" .. library, prelude .. [[
      assert(dynarray.filled(1, 0, "int8"):save(path))
      local file <close> = assert(io.open(path, "r+b"))
      local header = file:read(128):gsub("%(1,%)", "(1048576,)"):gsub("(%(1048576,%), }) +\n", function(end_of_it)
        return end_of_it .. (" "):rep(128 - 10 - 61 - 6) .. "\n"
      end)
      header = header:sub(1, 127):gsub("\n", " ") .. "\n"
      file:seek("set", 0)
      file:write(header)
      file:seek("set", 128 + 1048576 - 1)
      file:write("\0")
      file:flush()
      local function blocks()
        local pipe <close> = assert(io.popen("stat -c %b '" .. path .. "'"))
        return pipe:read "n"
      end
      assert(blocks() < 100 and #assert(dynarray.map(path)) == 1048576 and blocks() < 100)
      for n = 1, 20 do
        calls.watch(n, 28)
        local a, message, code = dynarray.map(path, "rw")
        if calls.stop() < n then break end
        assert(a or code == 28 or message:find "cannot", message)
        if a then a:close() end
      end
      print(blocks() >= 1048576 // 512 and dynarray.map(path, "rw"):sum())
    ]], path(), library, "allowed")
    assert.equal("0\n", said)
  end)

  it("does not use up a disk that is too small for it", function()
    directory = os.tmpname()
    os.remove(directory)
    assert(os.execute("mkdir " .. directory))
    finally(function() os.execute("rm -rf " .. directory) end)
    local available = math.tointeger(build.output("df -k --output=avail " .. quoted(directory)):match "%d+")
    local n = available * 1024 // 4 -- twice what is left
    local dict = ("{'descr': '<f8', 'fortran_order': False, 'shape': (%d,), }"):format(n)
    local file = assert(io.open(path(), "wb"))
    file:write("\x93NUMPY\1\0\x76\0", dict, (" "):rep(117 - #dict), "\n")
    file:close()
    local command = ("truncate -s %d %s 2>/dev/null"):format(128 + 8 * n, quoted(path()))
    needs.all(available > 0 and available < 1 << 32 and os.execute(command), "no file can be larger than the disk")
    local a, _, code = dynarray.map(path(), "rw")
    assert.is_nil(a)
    assert.equal(28, code) -- ENOSPC
    assert.is_true(build.output("stat -c %b " .. quoted(path())) + 0 < 100)
  end)
end)
