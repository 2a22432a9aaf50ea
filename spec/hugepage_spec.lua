-- Blocks of pages where the system gives no huge pages.
local needs = require "support.needs"
local plain = require "support.plain"

local LUA
do
  local first = 0
  while arg[first - 1] do
    first = first - 1
  end
  LUA = arg[first]
end

describe("a stable array of some kilobytes", function()
  it("takes as much memory as it counts, and a page or two", function()
    local counted, resident = plain.numbers("", [[
      local dynarray = require "dynarray"
      local keep, before = {}, dynarray.probe.memory().resident
      for i = 1, 100 do
        local a = dynarray.new { type = "int64", block = "stable", capacity = 0 }
        for k = 1, 1500 do a:append(k) end
        keep[i] = a
      end
      print(("%d %d"):format(dynarray.memory().bytes, dynarray.probe.memory().resident - before))
    ]])
    assert.is_true(counted >= 100 * 1500 * 8)
    assert.is_true(resident < 2 * counted + 1000000, resident .. " bytes for " .. counted)
  end)
end)

describe("an array that grows past a huge page", function()
  it("asks for huge pages, whatever its first capacity in pages was", function()
    needs.huge_pages()
    for capacity in plain.output("", [[
      local dynarray = require "dynarray"
      dynarray.collector { keep = 0 }
      local function flags_of(a)
        local address, within = math.tointeger(tonumber(tostring(a:pointer()):match "0x%x+")), false
        for line in io.lines "/proc/self/smaps" do
          local from, to = line:match "^(%x+)%-(%x+) "
          if from then within = tonumber(from, 16) <= address and address < tonumber(to, 16) end
          if within and line:find "^VmFlags" then return line .. " " end
        end
      end
      -- the second capacity is twice the first, and in pages: up to 2 MiB, or a quarter of that
      for _, bytes in ipairs { 1600000, 2000000, 2032000, 2080000, 2096000, 2 << 20, 520000, 523300, 524200 } do
        local a = dynarray.new { type = "int8", capacity = bytes // 2, growth = 2 }
        a:resize(bytes // 2):append(1):resize(bytes + (4 << 20))
        assert(a.block == "pages")
        if not flags_of(a):find " hg " then print(bytes) end
        a:close()
      end
    ]]):gmatch "%S+" do
      error("no huge pages after a capacity of " .. capacity .. " bytes", 0)
    end
  end)
end)

describe("with huge pages off for the process", function()
  it("a large array grows, moves not an element by copying, and shrinks", function()
    needs.python "ctypes"
    needs.all(io.open("/proc/self/status"):read("a"):find "THP_enabled", "the kernel does not tell THP_enabled")
    local script = os.tmpname()
    local file = assert(io.open(script, "w"))
    file:write [[
      local dynarray = require "dynarray"
      local a = dynarray.new "int64"
      local append = a.append
      for i = 1, 1500000 do append(a, i) end
      assert(a.block == "pages")
      for i = 1, #a do assert(a[i] == i) end
      local copied = a:stats().elements_copied
      a:reserve(3000000)
      assert(a:stats().elements_copied == copied)
      a:resize(1000):shrink_to_fit()
      assert(#a == 1000 and a[1000] == 1000 and a.capacity == 1000)
      for line in io.lines "/proc/self/status" do
        if line:match "^THP_enabled" then io.write(line, "\n") end
      end
      print "end"
    ]]
    file:close()
    -- 41 is PR_SET_THP_DISABLE; it is kept across exec
    local command = (needs.python_program .. " -c 'import ctypes, os, sys; ctypes.CDLL(None).prctl(41, 1, 0, 0, 0);"
      .. " os.execvp(sys.argv[1], sys.argv[1:])' %s %s"):format(LUA, script)
    local pipe = assert(io.popen(command))
    local printed = pipe:read "a"
    pipe:close()
    os.remove(script)
    assert.truthy(printed:find("THP_enabled:%s*0"), printed)
    assert.truthy(printed:find("end\n$"), printed)
  end)
end)
