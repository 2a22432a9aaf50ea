-- What crashes leave of arrays that are files: processes killed at random moments, and power failures made up from
-- recorded writes. DYNARRAY_CRASH_ROUNDS=1000 does more of both (20 by default, some seconds).
local build = require "support.build"
local child = require "support.child"
local dynarray = require "dynarray"
local needs = require "support.needs"

local rounds = math.tointeger(tonumber(os.getenv "DYNARRAY_CRASH_ROUNDS")) or 20
local seed = math.tointeger(tonumber(os.getenv "DYNARRAY_SEED")) or os.time()

local directory, path, acknowledged

-- In memory if there is such a file system: what a process leaves is the same, and flush waits for no disk.
setup(function()
  directory = os.tmpname()
  os.remove(directory)
  if os.execute("test -d /dev/shm -a -w /dev/shm") then
    directory = "/dev/shm/" .. directory:match "[^/]*$"
  end
  assert(os.execute("mkdir " .. directory))
  path, acknowledged = directory .. "/a.npy", directory .. "/acknowledged.npy"
end)

teardown(function()
  os.execute("rm -rf " .. directory)
end)

-- A writer of 1, 2, 3 ... writes down what returned: how many elements there are at least and at most, and at the last
-- flush; in shared memory, which outlives it as well.
local writer = [[
  local dynarray = require "dynarray"
  local path, kind = arg[1], arg[3]
  local ack = assert(dynarray.map(arg[2], "rw"))
  local options = { growth = kind == "often" and "increment:64" or nil, type = "int64" }
  local a = assert(dynarray.open(path, options))
  local n = #a
  local function append(count)
    for _ = 1, count do
      n = n + 1
      ack[2] = n
      a:append(n)
      ack[1] = n
    end
  end
  append(1)
  while true do
    append(kind == "often" and 100 or 1000)
    if kind == "flush" then
      assert(a:flush())
      ack[3] = n
    elseif kind == "close" then
      assert(a:close())
      ack[3] = n
      a = assert(dynarray.open(path, options))
    elseif kind == "shrink" then
      ack[1] = n - 300
      a:resize(n - 300):shrink_to_fit()
      n = n - 300
      if ack[3] > n then ack[3] = n end
    elseif kind == "extend" then
      local more = dynarray.new "int64"
      for i = 1, 5000 do more:append(n + i) end
      ack[2] = n + 5000
      a:extend(more)
      n = n + 5000
      ack[1] = n
    end
  end
]]

describe("a writer that is killed", function()
  for _, kind in ipairs { "append", "often", "flush", "close", "shrink", "extend" } do
    it("leaves every element that an operation returned from: " .. kind, function()
      local script = directory .. "/writer.lua"
      local file = assert(io.open(script, "w"))
      file:write(writer)
      file:close()
      os.remove(path)
      dynarray.from({ 0, 0, 0 }, "int64"):save(acknowledged)
      local ack = assert(dynarray.map(acknowledged))
      math.randomseed(seed)
      local progress, slowness = 0, 1
      local wanted = kind == "append" and rounds or rounds // 3
      local round = 0
      -- On a busy machine, writers may need longer to come to write at all.
      while round < wanted or progress <= 1000 and slowness < 1000 do
        round = round + 1
        local before = ack[1]
        local seconds = ("%.3f"):format((0.01 + math.random() * 0.07) * slowness)
        local _, err = child.shell(("$LUA %s %s %s %s & sleep %s; kill -KILL $!; wait $!"):format(script, path,
          acknowledged, kind, seconds))
        err = err:gsub("Killed\n?", "")
        local function check(condition, what)
          if not condition then
            error(("round %d: %s; %s; acknowledged %s; DYNARRAY_SEED=%d"):format(round, what, err,
              tostring(ack), seed))
          end
        end
        check(err == "", "the writer failed")
        if ack[1] == before then
          slowness = slowness * 2
        end
        if io.open(path) then
          local told = assert(io.open(path, "rb")):read(128):match("'shape': %( *(%d+),%)")
          local a = assert(dynarray.open(path, { mode = math.random(2) == 1 and "r" or "a" }))
          check(#a >= ack[1] and #a <= math.max(ack[2], ack[1]), ("%d elements"):format(#a))
          check(tonumber(told) >= ack[3] and tonumber(told) <= #a, "the header tells " .. told)
          local wrong
          for i, x in ipairs(a) do
            wrong = wrong or x ~= i and i
          end
          check(not wrong, ("element %s is %s"):format(wrong, wrong and a[wrong]))
          progress = math.max(progress, #a)
          if a.capacity > 4000000 then -- enough: begin anew, with the next round
            a:close()
            os.remove(path)
            dynarray.from({ 0, 0, 0 }, "int64"):save(acknowledged)
            ack = assert(dynarray.map(acknowledged))
          elseif math.random(3) == 1 then
            assert(a:close())
          end
          a = nil -- luacheck: ignore 311
        end
        collectgarbage()
        collectgarbage()
      end
      assert.is_true(progress > 1000) -- the writers did come to write
    end)
  end

  it("may also end by exit, or by abort", function()
    for _, ending in ipairs { "os.exit(0)", "os.exit(0, false)", "os.execute('kill -ABRT ' .. pid)" } do
      os.remove(path)
      child.shell(([[exec $LUA -e "
        local pid = io.open('/proc/self/stat'):read('n')
        local a = require 'dynarray'.open('%s', 'int64')
        for i = 1, 1000 do a:append(i) end
        %s"]]):format(path, ending))
      assert.equal(1000, #assert(dynarray.open(path)))
      collectgarbage()
      collectgarbage()
    end
  end)
end)

describe("a writer that is stopped", function()
  it("keeps its file from others, in the midst of a growth too, and goes on", function()
    os.remove(path)
    local script = directory .. "/stopped.lua"
    local file = assert(io.open(script, "w"))
    file:write [[
      local dynarray = require "dynarray"
      local a = assert(dynarray.open(arg[1], { type = "int64", growth = "exact" }))
      io.stdout:write("open\n"):flush()
      for i = 1, 30000 do
        a:append(i)
        if i == 1000 then os.execute "kill -STOP $PPID" end -- so that it is seen, however fast it is
      end
      a:close()
    ]]
    file:close()
    local pipe = assert(io.popen(("${LUA:-lua5.4} %s %s & echo $!; exec >&-; wait"):format(script, path)))
    -- The file is the writer's before this process looks, however long the writer takes to begin.
    local lines = { pipe:read("l", "l") }
    table.sort(lines)
    local pid = assert(math.tointeger(tonumber(lines[1])), lines[1])
    assert.equal("open", lines[2])
    local ended = false
    finally(function() -- pipe would wait for a stopped one for ever
      if not ended then os.execute(("kill -KILL %d 2>/dev/null"):format(pid)) end
    end)
    local seen, last = 0, 0
    repeat
      os.execute(("sleep 0.01; kill -STOP %d 2>/dev/null"):format(pid))
      local a, message = dynarray.open(path, "int64")
      if a then
        assert.equal(30000, #a) -- it has closed the file, and may be stopped on its way out
        os.execute(("kill -CONT %d 2>/dev/null"):format(pid))
        break
      end
      if message:find("another array", 1, true) then
        local r = assert(dynarray.open(path, { mode = "r" }))
        assert.is_true(#r >= last)
        last = #r
        for i, x in ipairs(r) do
          assert(i == x)
        end
        seen = seen + 1
        r:close()
      end
    until not os.execute(("kill -CONT %d 2>/dev/null"):format(pid))
    pipe:close()
    ended = true
    assert.is_true(seen > 0)
    assert.equal(30000, #assert(dynarray.load(path)))
  end)
end)

describe("a machine that loses power", function()
  it("finds what was there at the last flush, whatever came to the disk since", function()
    needs.commands(os.getenv "CC" or "cc")
    local sources, wraps = build.array(), {}
    table.insert(sources, 1, "spec/support/power.c")
    for _, name in ipairs { "reserve", "fill", "write", "cut", "sync", "boot", "create" } do
      wraps[#wraps + 1] = "--wrap=storage_" .. name
    end
    local program = build.product("power", sources, "-Isrc -Isrc/include -Wl,"
      .. table.concat(wraps, ","), build.files("src/core src/include", ".h"))
    local states, complete = 0, 0
    for round = 1, rounds // 4 do
      os.execute(("rm -f %s/file.npy %s/crashed.npy"):format(directory, directory))
      local said = build.output(("./%s %s %d 60 2>&1"):format(program, directory, seed + round))
      local n, whole, cuts = said:match "^(%d+) states, (%d+) of (%d+) power cuts in each of theirs$"
      assert(n, said .. "; DYNARRAY_SEED=" .. seed + round - 1)
      states, complete = states + n, complete + whole / cuts
    end
    assert.is_true(states > 1000)
    assert.is_true(complete / (rounds // 4) > 0.3, complete)
  end)
end)

describe("a file of another start of the system", function()
  -- As after a power failure: the number of the start stands in the mark, 48 bytes from its begin.
  local function of_another_start(bytes)
    local mark = #bytes - 128
    return bytes:sub(1, mark + 48) .. ("\1"):rep(16) .. bytes:sub(mark + 65)
  end

  local function write(bytes)
    os.remove(path)
    local file = assert(io.open(path, "wb"))
    file:write(bytes)
    file:close()
  end

  local function died(n, flushed)
    os.remove(path)
    child.output([[
      local a = require "dynarray".open(arg[1], "int64")
      for i = 1, arg[2] do
        a:append(i)
        if i == tonumber(arg[3]) then a:flush() end
      end
      os.exit(0)
    ]], path, tostring(n), tostring(flushed))
    local file = assert(io.open(path, "rb"))
    local bytes = file:read "a"
    file:close()
    return bytes
  end

  it("has the elements of the last flush", function()
    local bytes = died(1000, 700)
    local function read(name)
      return dynarray.open(name, { mode = "r" })
    end
    for _, open in ipairs { dynarray.load, dynarray.map, read, dynarray.open } do
      write(bytes)
      assert.equal(1000, #open(path))
      write(of_another_start(bytes))
      assert.equal(700, #open(path))
      collectgarbage()
      collectgarbage()
    end
  end)

  it("has them when the header was being written, and tells fewer", function()
    local bytes = of_another_start(died(1000, 700))
    write(bytes:sub(1, 64) .. "        00000000" .. bytes:sub(81))
    assert.equal(700, #assert(dynarray.open(path)))
  end)

  it("has them after two such crashes, too, without a flush between them", function()
    local bytes = of_another_start(died(1000, 700))
    write(bytes:sub(1, 64) .. "        00000000" .. bytes:sub(81))
    child.output([[
      local a = require "dynarray".open(arg[1])
      a:append(1)
      os.exit(#a == 701)
    ]], path)
    local file = assert(io.open(path, "rb"))
    bytes = file:read "a"
    file:close()
    write(of_another_start(bytes))
    assert.equal(700, #assert(dynarray.open(path)))
  end)

  it("has them when its mark never came to the disk", function()
    local bytes = died(1000, 700)
    write(bytes:sub(1, -129) .. ("\0"):rep(128))
    assert.equal(700, #assert(dynarray.open(path)))
    collectgarbage()
    collectgarbage()
    write(bytes:sub(1, 8192)) -- nor its last pages
    assert.equal(700, #assert(dynarray.open(path)))
  end)
end)

describe("a file of a writer that died, changed by others", function()
  local function bytes_of(n)
    os.remove(path)
    child.output([[
      local a = require "dynarray".open(arg[1], "int64")
      for i = 1, arg[2] do a:append(i) end
      a:flush():append(0)
      os.exit(0)
    ]], path, tostring(n))
    local file = assert(io.open(path, "rb"))
    local bytes = file:read "a"
    file:close()
    return bytes
  end

  local function opens(bytes)
    local file = assert(io.open(path, "wb"))
    file:write(bytes)
    file:close()
    local a, message = dynarray.open(path)
    if a then
      return #a, a:close()
    end
    file = assert(io.open(path, "rb"))
    assert.equal(bytes, file:read "a") -- not made worse
    file:close()
    return message:gsub("^.-: ", "")
  end

  it("is refused where it is damaged, with what can be done", function()
    local good = bytes_of(1000)
    assert.equal("damaged: its end is missing; the 1000 elements of its header are there: cut it to 8128 bytes to go "
      .. "on with them", (opens(good:sub(1, -101))))
    assert.equal("damaged: 100 bytes behind its end; cut it to " .. #good .. " bytes", (opens(good .. ("x"):rep(100))))
    assert.equal(1000, (opens(good:sub(1, 8128))))
    assert.equal("7000 bytes of elements, its header says 1000 x 8: restore it", (opens(good:sub(1, 7128))))
    local mark = #good - 128
    local forged = good:sub(1, mark + 16) .. string.pack("=i8i8", 1000000000, ~1000000000) .. good:sub(mark + 33)
    assert.truthy(opens(forged):find("damaged: its mark says 1000000000 elements, but %d+ fit; restore it"))
  end)

  it("never makes a process die or read what is not there, whatever bytes it has", function()
    local good = bytes_of(600)
    math.randomseed(seed)
    local places = { 1, 6, 8, 60, 70, 80, 120, 129, #good - 127, #good - 119, #good - 111, #good - 103, #good - 95,
      #good - 79 }
    for _ = 1, 300 do
      local bytes = good
      for _ = 1, math.random(3) do
        local at = places[math.random(#places)] + math.random(0, 8)
        bytes = bytes:sub(1, at - 1) .. string.char(math.random(0, 255)) .. bytes:sub(at + 1)
      end
      if math.random(4) == 1 then
        bytes = bytes:sub(1, math.random(#bytes))
      end
      local file = assert(io.open(path, "wb"))
      file:write(bytes)
      file:close()
      for _, mode in ipairs { "r", "a" } do
        local a = dynarray.open(path, { mode = mode })
        if a then
          assert(#a * a.element_size <= #bytes, seed)
          local _ = a.type:find "float" or a:sum()
          a:close()
        end
      end
    end
  end)
end)
