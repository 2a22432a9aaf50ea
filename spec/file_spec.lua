local dynarray = require "dynarray"
local needs = require "support.needs"
local child = require "support.child"
local expect = require "support.expect"
local native = require "support.native"
local types = require "support.types"

local python = needs.python_program

local directory

local function shell(command)
  local pipe = assert(io.popen(command .. " 2>&1"))
  local text = pipe:read("a")
  local ok = pipe:close()
  return text, ok
end

local function run(command)
  local text, ok = shell(command)
  if not ok then
    error(command .. ": " .. text, 2)
  end
  return text
end

local function path(name)
  return directory .. "/" .. (name or "a.npy")
end

local function write(name, bytes)
  local file = assert(io.open(path(name), "wb"))
  file:write(bytes)
  file:close()
  return path(name)
end

local function read(name)
  local file = assert(io.open(path(name), "rb"))
  local bytes = file:read("a")
  file:close()
  return bytes
end

-- What is in the directory, as a sorted list in one line.
local function names()
  return (run("cd " .. directory .. " && ls -A | sort | tr '\\n' ' '"):gsub(" $", ""))
end

local function header(dict, version)
  version = version or 1
  local length = string.pack(version == 1 and "<I2" or "<I4", #dict)
  return "\x93NUMPY" .. string.char(version, 0) .. length .. dict
end

local function npy(descr, shape, data, version)
  return header(("{'descr': %s, 'fortran_order': False, 'shape': %s, }\n"):format(descr, shape), version) .. data
end

-- Elements at the edges of each type.
local function edges(name)
  local t = types[name]
  local a = dynarray.new(name)
  if t.min then
    a:append(t.min, t.min + 1, 0, 1, t.max - 1, t.max)
  else
    a:append(0, -0.0, 0.5, -1, 1e30, math.huge, -math.huge, 0 / 0)
  end
  return a
end

local function same(a, b)
  assert.equal(a.type, b.type)
  assert.equal(a:tobytes(), b:tobytes())
end

before_each(function()
  directory = os.tmpname()
  os.remove(directory)
  run("mkdir " .. directory)
end)

after_each(function()
  run("chmod -R u+w " .. directory .. " && rm -r " .. directory)
end)

describe("bytes", function()
  it("go out and come back", function()
    for _, name in ipairs(types.numeric) do
      for _, n in ipairs { 0, 1, 1000 } do
        local a = dynarray.new(name)
        for i = 1, n do
          a:append(i & 127)
        end
        local s = a:tobytes()
        assert.equal(n * a.element_size, #s)
        local b = dynarray.frombytes(s, name)
        same(a, b)
        assert.equal(n, #b)
        expect.valid(b)
      end
      same(edges(name), dynarray.frombytes(edges(name):tobytes(), name))
    end
  end)

  it("are those of string.pack", function()
    assert.equal(string.pack("=i4i4i4", 1, -2, 3), dynarray.from({ 1, -2, 3 }, "int32"):tobytes())
    assert.equal(string.pack("=dd", 0.5, 1e300), dynarray.from({ 0.5, 1e300 }, "float64"):tobytes())
    expect.holds(dynarray.frombytes(string.pack("=f", 0.5), "float32"), 0.5)
    assert.equal("\2\3", dynarray.from({ 1, 2, 3 }, "int8"):view(2):tobytes())
  end)

  it("have the order that is asked for, that of string.pack", function()
    for name, pack in pairs { int16 = "i2", uint32 = "I4", int64 = "i8", float32 = "f", float64 = "d" } do
      for _, order in ipairs { "<", ">", "=" } do
        for _, n in ipairs { 0, 1, 3, 1000 } do
          local a, bytes = dynarray.new(name), {}
          for i = 1, n do
            a:append(i * 31 % 1000)
            bytes[i] = string.pack(order .. pack, a[i])
          end
          assert.equal(table.concat(bytes), a:tobytes(order))
          assert.equal(a, dynarray.frombytes(table.concat(bytes), name, order))
        end
      end
    end
    assert.equal("\1\2", dynarray.from({ 0, 1, 2 }, "uint8"):view(2):tobytes(">"))
    assert.equal("\0\2", dynarray.from({ 1, 2 }, "int16"):view(2):tobytes(">"))
    local a = dynarray.from({ 1 }, "int16")
    expect.raises('byte order expected "<", ">" or "=", got "big"', a.tobytes, a, "big")
    expect.raises('byte order expected "<", ">" or "=", got ""', dynarray.frombytes, "12", "int16", "")
  end)

  it("are refused where they are none", function()
    expect.raises("7 bytes are not a whole number of float64 elements (8 bytes each)", dynarray.frombytes, "1234567",
      "float64")
    local numeric = "int8, int16, int32, int64, uint8, uint16, uint32, uint64, float32, float64"
    expect.raises('type "value" is not one of ' .. numeric .. ")", dynarray.frombytes, "", "value")
    expect.raises("type nil is not one of int8", dynarray.frombytes, "")
    expect.raises('type "int9" is not one of int8', dynarray.frombytes, "", "int9")
    expect.raises("string expected, got table", dynarray.frombytes, {}, "int8")
    expect.raises("elements of type value have no bytes", dynarray.of(1).tobytes, dynarray.of(1))
    local a = dynarray.new("int8")
    a:close()
    expect.raises("array is closed", a.tobytes, a)
    expect.raises("dynarray expected", a.tobytes, "x")
  end)
end)

describe("pointer", function()
  it("is where the elements are, nil if there are none", function()
    local a = dynarray.new { type = "int8", block = "stable", capacity = 10 }:append(1, 2)
    local p = a:pointer()
    assert.equal("userdata", type(p))
    a:resize(1000000)
    assert.equal(p, a:pointer())
    assert.equal(p, a:view():pointer())
    assert.are_not.equal(p, a:view(2):pointer())
    a:close()
    assert.is_nil(a:pointer())
    assert.is_nil(dynarray.new { capacity = 0 }:pointer())
    assert.equal("userdata", type(dynarray.of(1):pointer()))
  end)
end)

describe("save and load", function()
  it("bring every type back, bit by bit", function()
    for _, name in ipairs(types.numeric) do
      local a = edges(name)
      assert.equal(a, a:save(path()))
      same(a, assert(dynarray.load(path())))
      local large = dynarray.filled(100000, 7, name)
      large:save(path())
      local b = dynarray.load(path())
      same(large, b)
      assert.equal(100000, b.capacity)
      expect.valid(b)
      dynarray.new(name):save(path())
      b = dynarray.load(path())
      assert.equal(0, #b)
      assert.equal(name, b.type)
      expect.valid(b)
    end
    assert.equal("a.npy", names())
  end)

  it("write what NumPy reads", function()
    needs.python "numpy"
    local script = [[
import sys, numpy as n
for name in sys.argv[2:]:
    a = n.load(sys.argv[1] + "/" + name + ".npy", allow_pickle=False)
    print(name, a.dtype.name, a.shape, a.dtype.str, n.lib.format.read_magic(open(sys.argv[1] + "/" + name +
        ".npy", "rb")), a.tobytes().hex())
]]
    write("read.py", script)
    local order = string.pack("=I2", 1) == "\1\0" and "<" or ">"
    local expected = {}
    for _, name in ipairs(types.numeric) do
      local a = edges(name)
      a:save(path(name .. ".npy"))
      local size = a.element_size
      local descr = (size == 1 and "|" or order) .. name:sub(1, 1) .. size
      local hex = a:tobytes():gsub(".", function(c) return ("%02x"):format(c:byte()) end)
      expected[#expected + 1] = ("%s %s (%d,) %s (1, 0) %s\n"):format(name, name, #a, descr, hex)
    end
    dynarray.new("float32"):save(path("none.npy"))
    expected[#expected + 1] = ("none float32 (0,) %sf4 (1, 0) \n"):format(order)
    local printed = run(table.concat({ python, path("read.py"), directory, table.concat(types.numeric, " "), "none" },
      " "))
    assert.equal(table.concat(expected), printed)
  end)

  it("read what NumPy writes: every type, both byte orders, every version", function()
    needs.python "numpy"
    local script = [[
import sys, numpy as n
for name in sys.argv[2:]:
    for order in "<>":
        for version in (1, 0), (2, 0), (3, 0):
            a = n.array([0, 1, 2, 100], dtype=n.dtype(name).newbyteorder(order))
            if name.startswith("int"): a[0] = n.iinfo(name).min
            if name.startswith("float"): a[0] = -0.5
            with open("%s/%s%s%d.npy" % (sys.argv[1], name, order, version[0]), "wb") as f:
                n.lib.format.write_array(f, a, version=version)
n.save(sys.argv[1] + "/none.npy", n.zeros(0))
]]
    write("write.py", script)
    run(table.concat({ python, "-W ignore", path("write.py"), directory, table.concat(types.numeric, " ") }, " "))
    for _, name in ipairs(types.numeric) do
      local t = types[name]
      local expected = dynarray.from({ t.min or -0.5, 1, 2, 100 }, name)
      for _, order in ipairs { "<", ">" } do
        for version = 1, 3 do
          local a = assert(dynarray.load(("%s/%s%s%d.npy"):format(directory, name, order, version)))
          same(expected, a)
        end
      end
    end
    local none = assert(dynarray.load(path("none.npy")))
    assert.equal("float64", none.type)
    assert.equal(0, #none)
  end)

  it("read headers as other programs write them", function()
    local data = string.pack("<i4i4", 5, -6)
    for _, dict in ipairs {
      "{'descr': '<i4', 'fortran_order': False, 'shape': (2,)}",
      "{'shape': (2,), 'descr': '<i4', 'fortran_order': False}\n",
      '{"shape" : ( 2 , ) , "fortran_order":False,"descr":"<i4",}   \n',
      "{'descr': '<i4', 'fortran_order': False, 'shape': (2L,), }  \n", -- Python 2
      " { 'descr':\t'<i4', 'fortran_order' : False, 'shape':(2,) } ",
    } do
      for version = 1, 3 do
        local a, message = dynarray.load(write("a.npy", header(dict, version) .. data))
        assert.is_nil(message)
        expect.holds(a, 5, -6)
      end
    end
    expect.holds(dynarray.load(write("a.npy", npy("'>i4'", "(2,)", string.pack(">i4i4", 5, -6)))), 5, -6)
    expect.holds(dynarray.load(write("a.npy", npy("'|u1'", "(2,)", "\1\2"))), 1, 2)
    expect.holds(dynarray.load(write("a.npy", npy("'<u1'", "(2,)", "\1\2"))), 1, 2)
    expect.holds(dynarray.load(write("a.npy", npy("'>i1'", "(2,)", "\1\255"))), 1, -1)
    expect.holds(dynarray.load(write("a.npy", npy("'i4'", "(2,)", string.pack("=i4i4", 5, -6)))), 5, -6)
    expect.holds(dynarray.load(write("a.npy", npy("'u1'", "(2,)", "\1\2"))), 1, 2)
    expect.holds(dynarray.load(write("a.npy", header("{'descr': '<i4', 'fortran_order': True, 'shape': (2,)}")
      .. data)), 5, -6) -- Julia
    expect.holds(dynarray.load(write("a.npy", npy("'=u2'", "(1,)", string.pack("=I2", 513)))), 513)
  end)

  it("refuse what is no one-dimensional array of numbers, and say why", function()
    local eight = ("\0"):rep(8)
    -- What is told of the elements that a header names, where only 64 bits can count them.
    local function many(n, size, bytes)
      return string.packsize "T" >= 8 and ("%d bytes of elements, its header says %s x %d"):format(bytes, n, size)
        or n .. " elements, more than fit into memory"
    end
    local cases = {
      ["not an .npy file"] = { "", "\x93", "\x93NUMP", "text, text, text, text", "PK\3\4" .. eight },
      ["the file ends within its header"] = { "\x93NUMPY", "\x93NUMPY\1\0", "\x93NUMPY\1\0\1", "\x93NUMPY\2\0\1\0\0",
        npy("'<f8'", "(1,)", eight):sub(1, 40), header("{", 1):sub(1, -2) },
      [".npy version 4.0, known are 1.0, 2.0 and 3.0"] = { "\x93NUMPY\4\0" .. eight },
      [".npy version 1.1"] = { "\x93NUMPY\1\1" .. eight },
      [".npy version 0.0"] = { "\x93NUMPY\0\0" .. eight },
      ["a header of 4294967295 bytes"] = { "\x93NUMPY\2\0\255\255\255\255" .. eight, },
      ["a header of 20000 bytes"] = { header((" "):rep(20000), 2), header((" "):rep(20000), 1) },
      ["a header that cannot be understood"] = {
        header(""), header("{}"), header("[]"), header("{'descr': '<f8'}"), header(("{"):rep(100)),
        header("{'descr': '<f8', 'fortran_order': False, 'shape': (1)}") .. eight,
        header("{'descr': '<f8', 'fortran_order': False, 'shape': 1}") .. eight,
        header("{'descr': '<f8', 'fortran_order': False, 'shape': (1,,)}") .. eight,
        header("{'descr': '<f8', 'fortran_order': False, 'shape': (-1,)}") .. eight,
        header("{'descr': '<f8', 'fortran_order': False, 'shape': (1.0,)}") .. eight,
        header("{'descr': '<f8', 'fortran_order': False, 'shape': (0x1,)}") .. eight,
        header("{'descr': '<f8', 'fortran_order': False, 'shape': (1,)} x") .. eight,
        header("{'descr': '<f8', 'fortran_order': False, 'shape': (1,), 'more': 1}") .. eight,
        header("{'descr': '<f8', 'fortran_order': False, 'shape': (1,), 'descr': '<f8'}") .. eight,
        header("{'descr': '<f8', 'fortran_order': False, 'shape': (1,), 'shape': (1,)}") .. eight,
        header("{'descr': '<f8', 'fortran_order': False, 'fortran_order': False, 'shape': (1,)}") .. eight,
        header("{'descr': '<f8', 'fortran_order': False}") .. eight,
        header("{'descr': '<f8', 'fortran_order': 0, 'shape': (1,)}") .. eight,
        header("{'descr': '<f8' 'fortran_order': False, 'shape': (1,)}") .. eight,
        header("{'descr': '<f8, 'fortran_order': False, 'shape': (1,)}") .. eight,
        header("{'descr': <f8, 'fortran_order': False, 'shape': (1,)}") .. eight,
        header("{'descr': '<f8', 'fortran_order': False, 'shape': (1,"),
        header("{'descr': '"), header("{'descr'"), header("{'shape': ("), header("{'shape': (99999999999"),
        header(("\0"):rep(64)), header(("\255"):rep(64)),
      },
      ["structured elements"] = { npy("[('x', '<f8')]", "(1,)", eight) },
      ["element type '<f2', known are"] = { npy("'<f2'", "(4,)", eight) },
      ["element type '<?8'"] = { npy("'<\1278'", "(1,)", eight), npy("'<\t8'", "(1,)", eight) },
      ["element type '<c8'"] = { npy("'<c8'", "(1,)", eight) },
      ["element type '|b1'"] = { npy("'|b1'", "(8,)", eight) },
      ["element type '|O'"] = { npy("'|O'", "(1,)", eight) },
      ["element type '<U2'"] = { npy("'<U2'", "(1,)", eight) },
      ["element type '|f8'"] = { npy("'|f8'", "(1,)", eight) },
      ["element type 'f2'"] = { npy("'f2'", "(4,)", eight) },
      ["element type 'x8'"] = { npy("'x8'", "(1,)", eight) },
      ["element type '8'"] = { npy("'8'", "(1,)", eight) },
      ["element type '<M8[ns]'"] = { npy("'<M8[ns]'", "(1,)", eight) },
      ["element type ''"] = { npy("''", "(1,)", eight) },
      ["0 dimensions, wanted one"] = { npy("'<f8'", "()", eight) },
      ["2 dimensions, wanted one"] = { npy("'<f8'", "(1, 1)", eight), npy("'<f8'", "(1, 1,)", eight) },
      ["3 dimensions, wanted one"] = { npy("'<f8'", "(1, 2, 3)", eight) },
      ["7 bytes of elements, its header says 1 x 8"] = { npy("'<f8'", "(1,)", eight:sub(2)) },
      ["9 bytes of elements, its header says 1 x 8"] = { npy("'<f8'", "(1,)", eight .. "x") },
      ["16 bytes of elements, its header says 1 x 8"] = { npy("'<f8'", "(1,)", eight .. eight) },
      ["8 bytes of elements, its header says 0 x 8"] = { npy("'<f8'", "(0,)", eight) },
      [many("2305843009213693953", 8, 8)] = {
        npy("'<f8'", "(2305843009213693953,)", eight) }, -- 2^61 + 1 times 8 is 8 in 64 bits
      [many("18446744073709551615", 8, 8)] = { npy("'<f8'", "(99999999999999999999999999,)", eight) },
      [many("4611686018427387904", 4, 0)] = { npy("'<f4'", "(4611686018427387904,)", "") },
    }
    for text, files in pairs(cases) do
      for i, bytes in ipairs(files) do
        write("a.npy", bytes)
        for _, open in ipairs { "load", "map" } do
          local a, message, code = dynarray[open](path())
          assert.is_nil(a, text .. " " .. i)
          if message:sub(1, #path() + 2) ~= path() .. ": " or not message:find(text, 1, true) or code ~= nil then
            error(("%s, file %d of %q: %s, %s"):format(open, i, text, message, code))
          end
        end
      end
    end
  end)

  it("refuse files cut or enlarged anywhere", function()
    dynarray.from({ 1, 2, 3 }, "int16"):save(path())
    local whole = read("a.npy")
    for n = 0, #whole - 1 do
      local a, message = dynarray.load(write("cut.npy", whole:sub(1, n)))
      assert.is_nil(a)
      assert.is_string(message)
    end
    for n = 1, 10 do
      assert.is_nil((dynarray.load(write("cut.npy", whole .. ("\0"):rep(n)))))
    end
  end)

  it("survive any byte of the header being anything", function()
    dynarray.from({ 1, 2, 3 }, "int16"):save(path())
    local whole = read("a.npy")
    for i = 1, 128 do
      for _, byte in ipairs { "\0", "\255", "'", "(", ")", "}", "{", ",", "9", "L", " ", "\n" } do
        local file = write("b.npy", whole:sub(1, i - 1) .. byte .. whole:sub(i + 1))
        local a, message = dynarray.load(file)
        assert.is_true(a ~= nil or type(message) == "string")
        local m = dynarray.map(file)
        if m then
          m:close()
        end
      end
    end
  end)

  it("do not allocate for what a header only claims", function()
    local before = dynarray.memory().peak
    write("a.npy", npy("'<f8'", "(1000000000000,)", ""))
    assert.is_nil((dynarray.load(path())))
    assert.equal(before, dynarray.memory().peak)
  end)

  it("tell what the system says", function()
    local a = dynarray.from({ 1 }, "int8")
    local function failed(text, code, first, message, number)
      assert.is_nil(first)
      assert.equal(text, message)
      assert.equal(code, number)
    end
    local missing = path("no/where.npy")
    failed(missing .. ": No such file or directory", 2, dynarray.load(missing))
    failed(missing .. ": No such file or directory", 2, dynarray.map(missing))
    failed(missing .. ": No such file or directory", 2, a:save(missing))
    failed(directory .. ": Is a directory", 21, dynarray.load(directory))
    failed(directory .. ": Is a directory", 21, dynarray.map(directory))
    failed(directory .. ": Is a directory", 21, dynarray.map(directory, "rw"))
    failed(directory .. ": Is a directory", 21, a:save(directory))
    failed(": No such file or directory", 2, dynarray.load(""))
    failed(": No such file or directory", 2, a:save(""))
    local long = path(("x"):rep(5000))
    local _, too_long = io.open(long) -- C libraries have different words for it
    failed(too_long, 36, dynarray.load(long))
    failed(too_long, 36, a:save(long))
    for _, special in ipairs { "/dev/null", "/dev/zero" } do
      failed(special .. ": not a regular file", nil, dynarray.load(special))
      failed(special .. ": not a regular file", nil, dynarray.map(special))
      failed(special .. ": not a regular file", nil, a:save(special))
    end
    run("mkfifo " .. path("fifo"))
    failed(path("fifo") .. ": not a regular file", nil, dynarray.load(path("fifo")))
    failed(path("fifo") .. ": not a regular file", nil, a:save(path("fifo")))
    assert.equal("fifo", names())
  end)

  it("saves under the longest name that the system allows", function()
    local below = path(("d"):rep(230))
    run("mkdir " .. below)
    assert(dynarray.filled(3, 1, "int8"):save(below .. "/" .. ("n"):rep(250)))
    assert.equal(3, #dynarray.load(below .. "/" .. ("n"):rep(250)))
    run("rm -r " .. below)
    for _, n in ipairs { 200, 201, 254, 255 } do
      local long = path(("n"):rep(n))
      assert(dynarray.filled(n, 1, "int8"):save(long))
      assert.equal(n, #dynarray.load(long))
      assert(os.remove(long))
    end
    assert.equal("", names())
  end)

  it("close a file that they refuse once: its number may soon be another file's", function()
    write("no.npy", "no array")
    for _, open in ipairs { dynarray.load, dynarray.map } do
      assert.is_nil(open(path("no.npy")))
      local other = assert(io.open(path("other"), "w"))
      collectgarbage()
      collectgarbage()
      assert.truthy(other:write("kept"))
      assert.is_true(other:close())
      assert.equal("kept", read("other"))
    end
  end)

  it("raise errors for misuse", function()
    local a = dynarray.from({ 1 }, "int8")
    expect.raises("elements of type value have no bytes", dynarray.of(1).save, dynarray.of(1), path())
    expect.raises("path with a zero byte", a.save, a, path() .. "\0x")
    expect.raises("path with a zero byte", dynarray.load, path() .. "\0x")
    expect.raises("string expected, got no value", a.save, a)
    expect.raises("string expected, got table", a.save, a, {})
    expect.raises("string expected, got no value", dynarray.load)
    expect.raises("dynarray expected", a.save, path(), path())
    a:close()
    expect.raises("array is closed", a.save, a, path())
    assert.equal("", names())
  end)

  it("save views, frozen arrays and mapped ones", function()
    local a = dynarray.from({ 1, 2, 3 }, "uint16")
    a:view(2):save(path())
    expect.holds(dynarray.load(path()), 2, 3)
    a:frozen():save(path())
    local m = dynarray.map(path())
    m:save(path())
    expect.holds(dynarray.load(path()), 1, 2, 3)
    expect.holds(m, 1, 2, 3)
  end)
end)

describe("save", function()
  it("keeps the mode of the file that it replaces, and else goes by the umask", function()
    local a = dynarray.from({ 1 }, "int8")
    local function mode()
      return (run("stat -c %a " .. path()):gsub("%s", ""))
    end
    for _, wanted in ipairs { "600", "640", "444", "755" } do
      write("a.npy", "old")
      run(("chmod %s %s"):format(wanted, path()))
      assert(a:save(path()))
      assert.equal(wanted, mode())
      os.remove(path())
    end
    for umask, wanted in pairs { ["022"] = "644", ["077"] = "600", ["002"] = "664" } do
      os.remove(path())
      local script = write("save.lua", [[assert(require "dynarray".from({ 1 }, "int8"):save(arg[1]))]])
      run(("umask %s && LUA_CPATH='%s' %s %s %s"):format(umask, package.cpath, os.getenv("LUA") or "lua5.4", script,
        path()))
      assert.equal(wanted, mode())
    end
  end)

  it("writes through symbolic links", function()
    run(("cd %s && mkdir d && ln -s d/real.npy link.npy && ln -s nowhere.npy dangling.npy"):format(directory))
    write("d/real.npy", "old")
    local a = dynarray.from({ 1, 2 }, "int8")
    assert(a:save(path("link.npy")))
    expect.holds(dynarray.load(path("d/real.npy")), 1, 2)
    assert.equal("d/real.npy\n", run("readlink " .. path("link.npy")))
    assert.equal("real.npy", (run("ls -A " .. path("d")):gsub("\n", "")))
    local ok, _, code = a:save(path("dangling.npy"))
    assert.is_nil(ok)
    assert.equal(2, code)
  end)

  it("leaves the old file and nothing else if it fails", function()
    dynarray.from({ 1, 2, 3 }, "int8"):save(path())
    -- A limit on the size of files stands for a full disk.
    local script = write("save.lua", [[
      local a = require "dynarray".filled(1000000, 1, "float64")
      local ok, message, code = a:save(arg[1])
      print(ok, message == arg[1] .. ": File too large", code)
      print(a:save(arg[2]))
    ]])
    local lua = os.getenv("LUA") or "lua5.4"
    local printed = run(("ulimit -f 100; LUA_CPATH='%s' %s %s %s %s"):format(package.cpath, lua, script,
      path(), path("new.npy")))
    assert.equal(("nil\ttrue\t27\nnil\t%s: File too large\t27\n"):format(path("new.npy")), printed)
    expect.holds(dynarray.load(path()), 1, 2, 3)
    assert.equal("a.npy save.lua", names())
  end)

  it("leaves the old file or the new one if it is killed", function()
    local old = dynarray.filled(100000, 1, "float64")
    old:save(path())
    local script = write("save.lua", [[
      local dynarray = require "dynarray"
      local arrays = { dynarray.filled(100000, 1, "float64"), dynarray.filled(200000, 2, "float64") }
      for i = 1, math.huge do arrays[i % 2 + 1]:save(arg[1]) end
    ]])
    local lua = os.getenv("LUA") or "lua5.4"
    for i = 1, 8 do
      shell(("LUA_CPATH='%s' timeout -s KILL 0.%02d %s %s %s"):format(package.cpath, 4 + i, lua, script, path()))
      local a = assert(dynarray.load(path()))
      assert.is_true(#a == 100000 and a[1] == 1 and a[#a] == 1 or #a == 200000 and a[1] == 2 and a[#a] == 2)
    end
  end)

  it("shows readers no half-written file", function()
    local a, b = dynarray.filled(1000, 1, "int32"), dynarray.filled(2000, 2, "int32")
    a:save(path())
    local seen = dynarray.map(path())
    b:save(path())
    assert.equal(1000, #seen)
    assert.equal(1, seen[1000]) -- the old file lives on
    assert.equal(2000, #dynarray.load(path()))
  end)
end)

describe("files when memory runs out", function()
  local cases = {
    { "tobytes", "b = a:tobytes()", "#b == 16000" },
    { "frombytes", "b = dynarray.frombytes(s, 'int16')", "#b == 8000 and b[8000] == 7" },
    { "save", "b = assert(a:save(path))", "b == a" },
    { "load", "b = assert(dynarray.load(path))", "b == a" },
    { "map", "b = assert(dynarray.map(path))", "b == a" },
    { "map to write", "b = assert(dynarray.map(path, 'rw')) b[1] = 7", "b == a" },
    { "a load that fails", "b = select(2, dynarray.load(path .. 'x'))", "b:find('No such file', 1, true)" },
    { "pointer", "b = a:pointer()", "b" },
  }
  for _, case in ipairs(cases) do
    it("nothing is lost: " .. case[1], function()
      for _, once in ipairs { false, true } do
        native.every_failure {
          name = case[1], code = case[2], done = case[3], once = once,
          setup = ([[
            dynarray = require "dynarray"
            path = %q
            a = dynarray.filled(8000, 7, "int16")
            s = string.pack("=i2", 7):rep(8000)
            assert(a:save(path))
          ]]):format(path()),
        }
      end
      assert.equal("a.npy", names())
      same(dynarray.filled(8000, 7, "int16"), dynarray.load(path()))
    end)
  end

  it("the limit binds loading", function()
    dynarray.filled(1000000, 1, "float64"):save(path())
    assert.equal("true\n", child.output([[
      local dynarray = require "dynarray"
      dynarray.limit(1000000)
      local ok, err = pcall(dynarray.load, arg[1])
      for _ = 1, 3000 do pcall(dynarray.load, arg[1]) end -- no file stays open
      print(not ok and err:find("not enough memory", 1, true) ~= nil and #assert(dynarray.map(arg[1])) == 1000000)
    ]], path()))
  end)
end)
