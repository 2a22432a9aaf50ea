local dynarray = require "dynarray"
local child = require "support.child"
local expect = require "support.expect"
local needs = require "support.needs"
local types = require "support.types"

local path

before_each(function()
  path = os.tmpname()
end)

after_each(function()
  os.remove(path)
end)

local function save(list, name)
  return assert(dynarray.from(list, name):save(path))
end

local function write(bytes)
  local file = assert(io.open(path, "wb"))
  file:write(bytes)
  file:close()
end

describe("a mapped file", function()
  it("is an array of its elements, of every type", function()
    for _, name in ipairs(types.numeric) do
      local a = save({ 1, 2, 3, 100 }, name)
      for _, mode in ipairs { "r", "rw" } do
        local m = assert(dynarray.map(path, mode))
        assert.equal(name, m.type)
        assert.equal(4, #m)
        assert.equal(4, m.capacity)
        assert.equal("lent", m.block)
        assert.equal("strict", m.bounds)
        assert.is_true(m == a)
        assert.equal(a:tobytes(), m:tobytes())
        expect.raises("index 5 out of bounds (size 4)", function() return m[5] end)
        m:close()
        expect.holds(m)
      end
    end
  end)

  it("may be empty", function()
    save({}, "float64")
    for _, mode in ipairs { "r", "rw" } do
      local m = assert(dynarray.map(path, mode))
      expect.holds(m)
      expect.raises("out of bounds (size 0)", function() return m[1] end)
      m:close()
    end
  end)

  it("refuses every change if it is read-only, as it is by default", function()
    save({ 3, 1, 2, 2 }, "int16")
    for _, m in ipairs { dynarray.map(path), dynarray.map(path, nil), dynarray.map(path, "r") } do
      local changes = {
        append = { 1 }, pop = {}, extend = { { 1 } }, set = { 1, 1 }, clear = {}, resize = { 1 },
        copy_from = { { 1 } }, insert = { 1, 1 }, insert_all = { 1, { 1 } }, remove = {}, remove_range = { 1, 1 },
        swap = { 1, 2 }, swap_remove = { 1 }, reverse = {}, rotate = { 1 }, fill = { 1 }, dedup = {}, reserve = { 10 },
      }
      for method, arguments in pairs(changes) do
        expect.raises("array is read-only", m[method], m, table.unpack(arguments))
      end
      expect.raises("array is read-only", function() m[1] = 1 end)
      expect.raises("array is read-only", table.sort, m)
      expect.raises("array is read-only", function() m:view(2)[1] = 1 end)
      expect.holds(m, 3, 1, 2, 2)
    end
  end)

  it("dies in no method that is called with anything", function()
    -- Writing to a read-only mapping would end the process.
    assert.equal("done\n", child.output([[
      local dynarray = require "dynarray"
      local a = dynarray.from({ 3, 1, 2, 2 }, arg[2])
      a:save(arg[1])
      local m = dynarray.map(arg[1])
      local writable = dynarray.map(arg[1], "rw")
      for _, name in ipairs(require "support.members") do
        if name ~= "save" and name ~= "close" then
          for _, arguments in ipairs { {}, { 1 }, { 1, 1 }, { 1, { 1 } }, { { 1 } }, { m }, { a }, { 2, 1 },
            { function(x) return x end }, { 1, 1, 2 } } do
            for _, array in ipairs { m, m:view(), m:frozen() } do
              pcall(array[name], array, table.unpack(arguments))
            end
            pcall(writable[name], writable, table.unpack(arguments))
            assert(#writable == 4)
          end
        end
      end
      print("done")
    ]], path, "float64"))
  end)

  it("writes to the file if it is writable", function()
    save({ 1, 2, 3, 4 }, "int32")
    local m = dynarray.map(path, "rw")
    local other = dynarray.map(path)
    m[1] = 9
    expect.holds(other, 9, 2, 3, 4)
    m:fill(7, 2, 3):swap(1, 4)
    m:view(2, 3):reverse():set(1, 8)
    expect.holds(dynarray.load(path), 4, 8, 7, 9)
    m:close()
    expect.holds(dynarray.load(path), 4, 8, 7, 9)
    expect.holds(other, 4, 8, 7, 9)
  end)

  it("keeps its size, also where it is writable", function()
    save({ 1, 2, 2 }, "int32")
    local m = dynarray.map(path, "rw")
    local text = "array cannot grow or shrink"
    local changes = { append = { 1 }, pop = {}, extend = { { 1 } }, clear = {}, resize = { 1 }, insert = { 1, 1 },
      insert_all = { 1, { 1 } }, remove = {}, remove_range = { 1, 1 }, swap_remove = { 1 }, dedup = {},
      reserve = { 10 } }
    for method, arguments in pairs(changes) do
      expect.raises(text, m[method], m, table.unpack(arguments))
    end
    expect.raises("300000000000 does not fit into int32", function() m[1] = 300000000000 end)
    expect.raises("Not enough space to copy into", m.copy_from, m, { 1, 2, 3, 4 })
    expect.holds(m:copy_from({ 5 }):shrink_to_fit():reserve(1):resize(3), 5, 2, 2)
  end)

  it("is still the old file where it is saved under its own path", function()
    save({ 1, 2, 3 }, "int32")
    local m = dynarray.map(path, "rw")
    assert.equal(m, m:save(path))
    m[1] = 9
    expect.holds(m, 9, 2, 3)
    expect.holds(dynarray.load(path), 1, 2, 3)
  end)

  it("is copied into arrays that grow", function()
    save({ 1, 2 }, "uint8")
    local m = dynarray.map(path)
    local a, b = m:copy(), dynarray.from(m, "float64")
    m:close()
    expect.holds(a:append(3), 1, 2, 3)
    expect.holds(b:append(3), 1.0, 2.0, 3.0)
    assert.are_not.equal("lent", a.block)
  end)

  it("lives as long as the array or a view of it, whatever happens to the name", function()
    save({ 1, 2, 3 }, "float64")
    local v = dynarray.map(path):view(2)
    os.remove(path)
    collectgarbage()
    collectgarbage()
    expect.holds(v, 2.0, 3.0)
  end)

  it("is let go when it is closed or collected", function()
    local script = [[
      local dynarray = require "dynarray"
      dynarray.filled(1000000, 1, "float64"):save(arg[1])
      local function mapped()
        local n = 0
        for line in io.lines("/proc/self/maps") do
          n = n + (line:find(arg[1], 1, true) and 1 or 0)
        end
        return n
      end
      local m = dynarray.map(arg[1])
      assert(mapped() == 1)
      m:close()
      assert(mapped() == 0)
      do
        local n <close> = dynarray.map(arg[1], "rw")
        assert(mapped() == 1)
      end
      assert(mapped() == 0)
      local function open_files()
        local n = 0
        local pid = io.open("/proc/self/stat"):read("n")
        for _ in io.popen("ls /proc/" .. pid .. "/fd"):lines() do n = n + 1 end
        return n
      end
      collectgarbage("stop") -- what is not let go at once stays
      for _ = 1, 50 do
        dynarray.map(arg[1])
        dynarray.load(arg[1]):close()
      end
      assert(mapped() == 50)
      assert(open_files() < 20)
      collectgarbage("restart")
      m = dynarray.map(arg[1]):view(3)
      collectgarbage()
      collectgarbage()
      assert(mapped() == 1)
      m = nil
      collectgarbage()
      collectgarbage()
      assert(mapped() == 0)
      kept = dynarray.map(arg[1]) -- until the state closes
      print("done")
    ]]
    assert.equal("done\n", child.output(script, path))
  end)

  it("is opened in no time, and is in memory only where it was touched", function()
    needs.address_space(1 << 36)
    assert.equal("done\n", child.output([[
      local dynarray = require "dynarray"
      local file = assert(io.open(arg[1], "wb"))
      local n = 1 << 36
      local dict = ("{'descr': '|u1', 'fortran_order': False, 'shape': (%d,), }"):format(n)
      file:write("\x93NUMPY\1\0", string.pack("<I2", 118), dict, (" "):rep(117 - #dict), "\n")
      file:seek("set", 128 + n - 1) -- 64 GiB, a hole
      file:write("\7")
      file:close()
      local start = os.clock()
      local m = assert(dynarray.map(arg[1]))
      assert(#m == n and m[1] == 0 and m[n] == 7 and m[n // 2] == 0)
      assert(os.clock() - start < 0.1)
      assert(dynarray.memory().bytes < 1000)
      dynarray.limit(1000)
      assert(#dynarray.map(arg[1]) == n)
      m:close()
      print("done")
    ]], path))
  end)

  it("may name any byte order for elements of one byte", function()
    for _, descr in ipairs { "|i1", "<i1", ">i1", ">u1" } do
      write("\x93NUMPY\1\0" .. string.pack("<s2",
        ("{'descr': '%s', 'fortran_order': False, 'shape': (2,)}"):format(descr)) .. "\1\2")
      expect.holds(assert(dynarray.map(path)), 1, 2)
    end
  end)

  it("is refused if its elements cannot stand in memory as they are", function()
    local native, other = "<", ">"
    if string.pack("=I2", 1) ~= "\1\0" then
      native, other = other, native
    end
    local descr = "{'descr': '%si4', 'fortran_order': False, 'shape': (1,)}%s"
    write("\x93NUMPY\1\0" .. string.pack("<s2", descr:format(other, "")) .. string.pack(other .. "i4", 1))
    local m, message, code = dynarray.map(path)
    assert.is_nil(m)
    assert.equal(path .. ": elements in another byte order cannot be mapped; "
      .. "load it and save it to another file, which can be", message)
    assert.is_nil(code)
    expect.holds(dynarray.load(path), 1)
    write("\x93NUMPY\1\0" .. string.pack("<s2", descr:format(native, " ")) .. string.pack(native .. "i4", 1))
    m, message, code = dynarray.map(path)
    assert.is_nil(m)
    assert.equal(path .. ": elements that are not aligned cannot be mapped; "
      .. "load it and save it to another file, which can be", message)
    assert.is_nil(code)
    expect.holds(dynarray.load(path), 1)
  end)

  it("is refused if it is shorter than its header says", function()
    save({ 1, 2, 3 }, "int8")
    local file = io.open(path, "rb")
    local bytes = file:read("a")
    file:close()
    write(bytes:sub(1, -2))
    local m, message = dynarray.map(path)
    assert.is_nil(m)
    assert.equal(path .. ": 2 bytes of elements, its header says 3 x 1: restore it", message)
    write(bytes .. "x")
    m, message = dynarray.map(path)
    assert.is_nil(m)
    assert.equal(path .. ": 4 bytes of elements, its header says 3 x 1: cut off what is behind them", message)
  end)

  it("is on the disk when flush returns, through views too", function()
    save({ 1, 2, 3 }, "int16")
    local m = assert(dynarray.map(path, "rw"))
    m[2] = 7
    assert.equal(m, m:flush())
    local v = m:view(3)
    v[1] = 8
    assert.equal(v, v:flush())
    expect.holds(assert(dynarray.load(path)), 1, 7, 8)
    m:close()
    expect.raises("array is closed", m.flush, m)
    expect.raises("array is not a file", m.flush, dynarray.of(1))
    local r = assert(dynarray.map(path))
    assert.equal(r, r:flush())
    r:close()
  end)

  it("needs a path and a mode that there is", function()
    save({ 1 }, "int8")
    expect.raises("mode expected r or rw, got \"w\"", dynarray.map, path, "w")
    expect.raises("mode expected r or rw, got 1", dynarray.map, path, 1)
    expect.raises("mode expected r or rw, got \"rw\\000\"", dynarray.map, path, "rw\0")
    expect.raises("string expected, got no value", dynarray.map)
    expect.raises("path with a zero byte", dynarray.map, path .. "\0")
  end)
end)

describe("a mapped file of 2^31 elements", function()
  it("is too many results to unpack, and takes no memory", function()
    needs.address_space(1 << 31)
    local name = os.tmpname()
    local dict = ("{'descr': '|i1', 'fortran_order': False, 'shape': (%d,), }"):format(1 << 31)
    local file = assert(io.open(name, "wb"))
    file:write("\x93NUMPY\1\0", string.pack("<I2", 118), dict, (" "):rep(117 - #dict), "\n")
    file:seek("set", 128 + (1 << 31) - 1) -- a hole, which takes no disk either
    file:write("\0")
    file:close()
    local a = assert(dynarray.map(name))
    assert.equal(1 << 31, #a)
    expect.raises("too many results to unpack (2147483648)", a.unpack, a)
    a:close()
    os.remove(name)
  end)
end)
