-- One memory at two addresses: two mappings of a file, or a mapping and what a host lends. An operation reads its
-- operands before it writes, and one that fails leaves all as it was.
local dynarray = require "dynarray"
local build = require "support.build"
local expect = require "support.expect"
local needs = require "support.needs"

local library = "./" .. build.product("scribble", { "spec/support/scribble.c" },
  "-Isrc/include -fPIC -shared -pthread " .. build.lua_cflags,
  { "src/include/dynarray.h", "src/include/dynarray_lua.h" })
local host = assert(package.loadlib(library, "luaopen_scribble"))()

local header_bytes = 128 -- of what save writes

local path

local function saved(kind, list)
  assert(dynarray.from(list, kind):save(path))
end

-- The file's elements from the second way on, so many places behind the first.
local ways = {
  ["a second mapping"] = function() return assert(dynarray.map(path, "rw")) end,
  ["a mapping to read from"] = function() return assert(dynarray.map(path)) end,
  ["an array that reads the file"] = function() return assert(dynarray.open(path, { mode = "r" })) end,
  ["what a host lends"] = function(kind, n) return host.lend_file(path, header_bytes, kind, n) end,
  ["a view of a second mapping"] = function() return assert(dynarray.map(path, "rw")):view() end,
  ["a link's mapping"] = function()
    assert(os.execute(("ln -f %s %s.link"):format(path, path)))
    local a = assert(dynarray.map(path .. ".link"))
    os.remove(path .. ".link")
    return a
  end,
}

-- What is changed: a mapping, or an array that is the file.
local targets = {
  ["a mapping"] = function() return assert(dynarray.map(path, "rw")) end,
  ["an open file"] = function() return assert(dynarray.open(path)) end,
}

describe("one memory at two addresses", function()
  before_each(function() path = os.tmpname() end)
  after_each(function() os.remove(path) end)

  for target, change in pairs(targets) do for way, open in pairs(ways) do
    it(("stays as it was if arithmetic fails: %s and %s"):format(target, way), function()
      local list = {}
      for i = 1, 3000 do
        list[i] = i < 3000 and 3 or 120
      end
      saved("int8", list)
      local a = change()
      local b = open("int8", 3000)
      local before = a:copy()
      for _, method in ipairs { "add", "mul" } do
        expect.raises("at index 3000", a[method], a, b)
        assert.is_true(a == before and b == before, method)
      end
      a[3000], before[3000] = 0, 0
      expect.raises("at index 3000", a.div, a, b)
      assert.is_true(a == before and b == before)
      assert.is_true(assert(dynarray.load(path)) == before)
    end)

    it(("gives what an array and its copy give: %s and %s"):format(target, way), function()
      for _, kind in ipairs { "int16", "float32", "float64" } do
        for method, expected in pairs { add = 12, sub = 0, mul = 36, div = 1 } do
          saved(kind, dynarray.filled(2500, 6))
          local a = change()
          a[method](a, open(kind, 2500))
          assert.is_true(a == dynarray.filled(2500, expected, kind), method)
        end
      end
    end)
  end end

  it("grows by its own elements, as a reader has them", function()
    local list = {}
    for i = 1, 1000 do
      list[i] = i
    end
    for _, way in ipairs { ways["an array that reads the file"], ways["a mapping to read from"] } do
      for method, arguments in pairs { extend = {}, insert_all = { 500 }, copy_from = {} } do
        saved("int32", list)
        local a, model = assert(dynarray.open(path)), dynarray.from(list, "int32")
        arguments[#arguments + 1] = way():view(200, 900)
        a[method](a, table.unpack(arguments))
        arguments[#arguments] = model:copy():view(200, 900)
        model[method](model, table.unpack(arguments))
        assert.is_true(a == model, method)
        a:close()
      end
    end
  end)

  it("is read before it is written where it is shifted", function()
    local list = {}
    for i = 1, 5000 do
      list[i] = i
    end
    for _, shift in ipairs { 1, 2, 700 } do
      for _, kind in ipairs { "int32", "float64" } do
        local size = dynarray.new(kind).element_size
        local n = #list - shift
        saved(kind, list)
        local whole = assert(dynarray.map(path, "rw"))
        local later = host.lend_file(path, header_bytes + shift * size, kind, n)
        local first = whole:view(1, n)
        later:add(first)
        assert.is_true(later == dynarray.from(list, kind):view(shift + 1) + dynarray.from(list, kind):view(1, n))
        saved(kind, list)
        whole = assert(dynarray.map(path, "rw"))
        later = host.lend_file(path, header_bytes + shift * size, kind, n)
        later:copy_from(whole:view(1, n))
        assert.is_true(later == dynarray.from(list, kind):view(1, n))
      end
    end
  end)

  it("stays as it was if arithmetic fails where it is shifted", function()
    saved("int8", { 1, 2, 4, 8, 16, 32, 64, 127 })
    local a = host.lend_file(path, header_bytes + 1, "int8", 7)
    local b = assert(dynarray.map(path, "rw"))
    expect.raises("at index 7", a.add, a, b:view(1, 7))
    expect.holds(b, 1, 2, 4, 8, 16, 32, 64, 127)
  end)

  it("is read before it is written by expressions, masks and indices", function()
    local list = {}
    for i = 1, 5000 do
      list[i] = i
    end
    for _, shift in ipairs { 1, 1500 } do
      local n = #list - shift
      local function fresh()
        saved("int32", list)
        local whole = assert(dynarray.map(path, "rw"))
        return whole:view(1, n), host.lend_file(path, header_bytes + shift * 4, "int32", n)
      end
      local before = dynarray.from(list, "int32")
      local first, later = fresh()
      dynarray.compute("x + 1", first, later)
      assert.is_true(later == before:view(1, n) + 1)
      first, later = fresh()
      later:set_where("x > 0", first)
      assert.is_true(later == before:view(1, n))
      first, later = fresh()
      later:put(dynarray.range(1, n), first)
      assert.is_true(later == before:view(1, n))
      first, later = fresh()
      later:put(first, 7)
      assert.equal(7 * n, later:sum())
      first, later = fresh()
      later:set_column(1, 1, first)
      assert.is_true(later == before:view(1, n))
      saved("float64", list) -- of which no sum fails, so that it could be written at once
      later = host.lend_file(path, header_bytes + shift * 8, "float64", n)
      dynarray.compute("x + 1", assert(dynarray.map(path)):view(1, n), later)
      assert.is_true(later == dynarray.from(list, "float64"):view(1, n) + 1)
    end
    saved("int16", { 1, 1, 1, 1, 256, 256, 256, 256 })
    local wide = assert(dynarray.map(path, "rw"))
    wide:set_where(host.lend_file(path, header_bytes, "uint8", 8), 512) -- marks of its first half
    expect.holds(wide, 512, 1, 512, 1, 512, 256, 512, 256)
  end)

  it("is read before it is written where elements of another type begin at the same address", function()
    local a = dynarray.random(3000, "float64", 7)
    local lent = host.lend_own(a, "int32", 3000)
    local wanted = dynarray.compute("x + 1", lent, "float64")
    dynarray.compute("x + 1", lent, a)
    assert.is_true(a == wanted)
  end)

  it("is converted before it is written where the types differ", function()
    saved("int16", { 1, 2, 3, 4, 5, 6 })
    local wide = assert(dynarray.map(path, "rw"))
    local narrow = host.lend_file(path, header_bytes, "int8", 6)
    wide:copy_from(narrow)
    expect.holds(wide, 1, 0, 2, 0, 3, 0)
  end)

  it("is converted before it is written where a host lends an array's memory again, as another type", function()
    local wide = dynarray.from({ 0x0201, 0x0403, 0x0605, 0x0807 }, "int16")
    local narrow = host.lend_again(wide:pointer(), "int8", 4)
    local wanted = narrow:totable()
    wide:copy_from(narrow)
    expect.holds(wide, table.unpack(wanted))
    local n = 5000
    local doubles = dynarray.compute("x / 4 + 1", dynarray.range(1, n))
    local floats = host.lend_again(doubles:pointer(), "float32", n)
    local results = dynarray.compute("x + 1", floats:copy(), dynarray.zeros(n, "float64"))
    dynarray.compute("x + 1", floats, doubles)
    assert.is_true(doubles == results)
  end)

  it("gives a value array what stands in a file, with numbers that are objects there", function()
    local list = { 1, math.maxinteger, -5, math.mininteger, math.maxinteger - 1 }
    saved("int64", list)
    local a = dynarray.of("first", 2):extend(assert(dynarray.map(path)))
    expect.holds(a, "first", 2, table.unpack(list))
  end)

  local function two_files(other)
    finally(function()
      dynarray.limit(false)
      os.remove(other)
    end)
    saved("int64", dynarray.filled(100000, 3))
    dynarray.filled(100000, 4, "int64"):save(other)
    local a, b = assert(dynarray.map(path, "rw")), assert(dynarray.map(other))
    local same = assert(dynarray.map(path))
    collectgarbage()
    dynarray.limit(dynarray.memory().bytes + 10000)
    a:add(b)
    a:copy_from(b):copy_from(b:view(2))
    assert.equal(4, a[1])
    expect.raises("not enough memory", a.add, a, same)
    assert.equal(400000, a:sum())
  end

  it("is not supposed of two files", function()
    two_files(os.tmpname())
  end)

  it("is not supposed of two files on two file systems", function()
    local function device_of(folder)
      return build.output(("stat -c %%d '%s' 2>/dev/null"):format(folder))
    end
    local here, there = device_of(path), device_of "/dev/shm"
    needs.all(there ~= "" and here ~= there and os.execute "test -w /dev/shm", "no second file system to write to")
    two_files("/dev/shm/" .. path:match "[^/]*$")
  end)

  it("of a host is told from memory of the state's own", function()
    finally(function() dynarray.limit(false) end)
    saved("int64", dynarray.filled(100000, 3))
    local own = dynarray.filled(100000, 4, "int64")
    local lent = host.lend_file(path, header_bytes, "int64", 100000)
    collectgarbage()
    dynarray.limit(dynarray.memory().bytes + 10000)
    lent:add(own)
    own:sub(lent)
    assert.equal(-300000, own:sum())
  end)
end)

-- Operands that are views of the array, and the array itself.
describe("an array and its views", function()
  local n = 12

  -- What the method does where the operand is a copy.
  local function check(kind, call)
    local function fresh()
      local a = dynarray.range(1, n):astype(kind)
      if kind == "value" then
        for i = 1, n, 2 do a[i] = { i } end
      end
      return a
    end
    local function name(x) return type(x) == "table" and "t" .. x[1] or tostring(x) end
    local function shown(a)
      local names = {}
      for i, x in ipairs(a) do names[i] = name(x) end
      return names
    end
    local a, model = fresh(), fresh()
    call(a, function(i, j) return a:view(i, j) end)
    call(model, function(i, j) return model:slice(i, j) end)
    assert.same(shown(model), shown(a))
  end

  local calls = {
    put = function(a, part) a:put(dynarray.range(2, n):append(1), part(1, n)) end,
    ["put of a part"] = function(a, part) a:put({ 4, 5, 6, 7 }, part(3, 6)) end,
    ["put backwards"] = function(a, part) a:put({ 3, 4, 5, 6 }, part(4, 7)) end,
    set_column = function(a, part) a:set_column(2, 3, part(1, n // 3)) end,
    copy_from = function(a, part) a:view(2, n):copy_from(part(1, n - 1)) end,
    extend = function(a, part) a:extend(part(3, n)) end,
    insert_all = function(a, part) a:insert_all(4, part(2, n)) end,
    set_where = function(a, part) a:set_where(dynarray.filled(n, 1, "uint8"), part(1, n)[2]) end,
  }
  for what, call in pairs(calls) do
    it("give what an array and a copy give: " .. what, function()
      for _, kind in ipairs { "value", "float64", "int16" } do
        check(kind, call)
      end
    end)
  end

  it("itself may be what it is put into", function()
    for _, kind in ipairs { "value", "float64" } do
      local a = dynarray.from({ 10, 20, 30 }, kind)
      a:put({ 2, 3, 1 }, a)
      assert.is_true(a == dynarray.from({ 30, 10, 20 }, kind))
      a:set_column(1, 1, a:view())
      assert.is_true(a == dynarray.from({ 30, 10, 20 }, kind))
    end
  end)

  it("keep their objects where these are put", function()
    local a = dynarray.new()
    for i = 1, 6 do a:append({ i }) end
    a:put({ 2, 3, 4, 5, 6 }, a:view(1, 5))
    collectgarbage()
    for i, wanted in ipairs { 1, 1, 2, 3, 4, 5 } do assert.equal(wanted, a[i][1]) end
  end)
end)
