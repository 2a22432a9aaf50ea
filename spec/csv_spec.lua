local build = require "support.build"
local child = require "support.child"
local dynarray = require "dynarray"
local expect = require "support.expect"
local types = require "support.types"

local read, nan, huge = dynarray.read, 0 / 0, math.huge
local seed = math.tointeger(tonumber(os.getenv("DYNARRAY_SEED"))) or os.time()

--- The file of that text, which is removed when f has returned.
local function with_file(text, f)
  local path = os.tmpname()
  local file = assert(io.open(path, "wb"))
  file:write(text)
  file:close()
  local ok, err = pcall(f, path)
  os.remove(path)
  if not ok then error(err, 0) end
end

local function columns(...)
  local list = table.pack(...)
  for i = 1, list.n do list[i] = list[i]:totable() end
  list.n = nil
  return list
end

describe("dynarray.read", function()
  it("takes a character that is both for a comment, however long the text is", function()
    for _, n in ipairs { 3, 300 } do
      expect.raises("line 1 has 1 field", read, ("1;2\n"):rep(n), { separator = ";", comment = ";", columns = 2 })
    end
  end)

  it("reads long texts of lines that are not plain, and CR LF, as short ones", function()
    for _, line in ipairs { '"a",%d,1\r\n', " %d , 2\n", "%d,\n", "%d,-2 # c\r\n", "%d.5,7\n%d,\n%d,8\n",
      "\t%d\t,2\n" } do
      local options = { columns = line:find "a" and { 2 } or { 1 }, missing = -1, comment = "#", separator = "," }
      local parts, want = {}, {}
      for i = 1, 400 do
        parts[i] = line:gsub("%%d", i)
        table.move(read(parts[i], options):totable(), 1, 3, #want + 1, want)
      end
      assert.same(want, read(table.concat(parts), options):totable())
    end
  end)

  it("has the nearest floats, whatever number of digits is before and behind the point", function()
    local digits = "9007199254740993123456789"
    local lines, want = {}, {}
    for before = 0, 25 do
      for behind = 0, 25 do
        for _, zeros in ipairs { "", "000000000" } do
          if before + behind > 0 then
            local text = zeros .. digits:sub(1, before) .. "." .. digits:sub(-behind - 1, -2)
            for _, ending in ipairs { "", "e-7" } do
              lines[#lines + 1] = ("%s%s,1"):format(text, ending)
              want[#want + 1] = tonumber(text .. ending)
            end
          end
        end
      end
    end
    local column = dynarray.read(table.concat(lines, "\n") .. "\n", { separator = "," })
    for i, x in ipairs(want) do assert.equal(x, column[i], lines[i]) end
  end)

  it("gives an array for each column of a text, a path and a file", function()
    local text = "1,2.5\n-3,4e1\n"
    assert.same({ { 1.0, -3.0 }, { 2.5, 40.0 } }, columns(read(text)))
    with_file(text, function(path)
      assert.same({ { 1.0, -3.0 }, { 2.5, 40.0 } }, columns(read(path)))
      local file <close> = assert(io.open(path))
      assert.same({ { 1.0, -3.0 }, { 2.5, 40.0 } }, columns(read(file)))
      assert.equal("file", io.type(file))
    end)
  end)

  it("takes white space, commas and other separators, quotes, comments and empty lines", function()
    assert.same({ { 1.0, 3.0 }, { 2.0, 4.0 } }, columns(read " 1\t2  \r\n\n3  4"))
    for _, separator in ipairs { ";", "|", "~", "x", ".", "+", "-", "e" } do -- the last ones may be in numbers
      assert.same({ { 1.0, 3.0 }, { 2.0, 4.0 } }, columns(read(("1 %s 2\n3%s4\n"):format(separator, separator),
        { separator = separator })))
    end
    assert.same({ { 1.0, 3.0 }, { 2.0, 4.0 } }, columns(read("# x\n1,2 # y\n\"3\",4\n", { comment = "#" })))
  end)

  it("chooses columns by number and by name, in the order asked for", function()
    local text = "title\nx,name,y\n1,\"a,b\",2\n3,c,4\n"
    local y, x = read(text, { skip = 1, header = true, columns = { "y", "x" }, type = { "int8", "uint64" } })
    assert.same({ { 2, 4 }, { 1, 3 } }, columns(y, x))
    assert.same({ "int8", "uint64" }, { y.type, x.type })
    assert.same({ { 2.0, 4.0 } }, columns(read(text, { skip = 2, columns = { 3 } })))
  end)

  it("reads numbers as they are written in decimal, and no others", function()
    for text, number in pairs {
      ["+1.5"] = 1.5, ["-.5"] = -0.5, ["5."] = 5, ["1e5"] = 1e5, ["1E-3"] = 1e-3, ["1e+400"] = huge, ["1e-400"] = 0,
      ["1e99999999999999999999"] = huge, ["-inf"] = -huge, ["Infinity"] = huge,
      ["9223372036854775808"] = 2.0 ^ 63, ["18446744073709551616"] = 2.0 ^ 64,
      ["123456789012345678901234567890"] = 123456789012345678901234567890.0,
      ["0." .. ("0"):rep(30) .. "1"] = 1e-31, [("1"):rep(400)] = huge, ["1" .. ("0"):rep(5000)] = huge,
      ["1" .. ("0"):rep(5000) .. "e-5000"] = 1, ["-0." .. ("0"):rep(3000) .. "25e3001"] = -2.5,
      ["9007199254740993." .. ("0"):rep(2000)] = 2.0 ^ 53,
      ["9007199254740993." .. ("0"):rep(2000) .. "1"] = 2.0 ^ 53 + 2,
    } do
      expect.holds(read(text .. "\n", { type = "float64" }), number + 0.0)
    end
    assert.equal("nan", tostring(read("NaN\n")[1]):gsub("-", ""))
    for _, text in ipairs { "1e", "1e+", "0x10", "--1", "+", ".", "1_0", "infinit", "na" } do
      expect.raises("is not a number", read, text .. "\n")
    end
    expect.holds(read("18446744073709551615\n-0\n", { type = "uint64" }), 2.0 ^ 64, 0)
    expect.holds(read("-9223372036854775808\n7.0\n", { type = "int64" }), math.mininteger, 7)
    for kind, text in pairs { uint64 = "18446744073709551616", int64 = "9223372036854775808", int8 = "-129",
      uint8 = "-1", uint16 = "65536", int32 = "1.5", uint32 = "nan", float32 = "1e39" } do
      expect.error(read, text .. "\n", { type = kind })
    end
  end)

  it("tells what a file says that cannot be written", function()
    local full = { write = function() return nil, "disk full", 28 end }
    assert.same({ nil, "disk full", 28 }, { dynarray.range(1, 3):write(full) })
    local calls = 0
    local soon = { write = function(self)
      calls = calls + 1
      if calls == 2 then return nil, "disk full", 28 end
      return self
    end }
    assert.same({ nil, "disk full", 28 }, { dynarray.range(1, 100000):write(soon) })
    assert.equal(2, calls)
  end)

  it("names the file, if it was given by a path", function()
    with_file("1,2\n3,x\n4\n", function(path)
      expect.raises(path .. ': line 2, column 2: "x" is not a number', read, path)
      expect.raises(path .. ": line 3 has 1 fields, wanted 2", read, path, { missing = 0 })
    end)
  end)

  it("says what helps if a field is no number", function()
    local header = "(header = true skips a line of names, columns = { ... } chooses columns of numbers)"
    local other = "(missing = ... puts a number there, columns = { ... } chooses columns of numbers)"
    expect.raises('line 1, column 1: "a" is not a number ' .. header, read, "a,b\n1,2\n")
    expect.raises('line 2, column 1: "a" is not a number ' .. header, read, "\na,b\n1,2\n")
    expect.raises('line 2, column 2: "b" is not a number ' .. other, read, "1,2\n3,b\n")
    expect.raises('line 2, column 1: "c" is not a number ' .. other, read, "a,b\nc,d\n", { header = true })
  end)

  it("names line and column of what is no number, or does not fit", function()
    expect.raises('line 2, column 2: "x" is not a number', read, "1,2\n3,x\n")
    expect.raises('line 1, column 2: "" is not a number', read, "1,,3\n")
    expect.raises('line 1, column 1: "1.5.2" is not a number', read, "1.5.2,3\n")
    local long = ("x"):rep(5000)
    expect.raises('line 1, column 2: "' .. long:sub(1, 32) .. '..." is not a number', read, "1," .. long .. "\n")
    expect.raises('line 3, column 1: "300" does not fit', read, "1\n\n300\n", { type = "uint8" })
    expect.raises('line 1, column 1: "1.5" does not fit', read, "1.5\n", { type = "int32" })
    expect.raises("line 2 has 1 fields, wanted 2", read, "1,2\n3\n")
    expect.raises("line 2 has 3 fields, wanted 2", read, "1,2\n3,4,5\n")
    expect.raises("no column is named 'z'", read, "x,y\n1,2\n", { header = true, columns = { "z" } })
    expect.raises("unknown option 'foo'", read, "1\n", { foo = 1 })
    local ok, why, code = read "no such file"
    assert.is_nil(ok)
    assert.truthy(why:find "no such file" and math.type(code) == "integer")
  end)

  it("puts `missing` where there is no number", function()
    local x, y = read("1,\n-,2\n", { missing = -1 })
    assert.same({ { 1.0, -1.0 }, { -1.0, 2.0 } }, columns(x, y))
    assert.is_true(read("NA\n", { missing = nan })[1] ~= 1)
  end)

  it("knows that a tab separates fields, if it is the separator", function()
    local tab = { separator = "\t" }
    expect.raises('line 2, column 1: "" is not a number', read, "1\t2\n\t\n", tab)
    expect.raises('line 1, column 1: "" is not a number', read, "\t\n1\t2\n", tab)
    tab.missing = 0
    expect.raises("line 2 has 3 fields, wanted 2", read, "1\t2\n \t\t\r\n", tab)
    assert.same({ { 0.0, 1.0, 0.0 }, { 0.0, 2.0, 0.0 } }, columns(read("\t\n1\t2\n\t", tab)))
    tab.comment = "#"
    assert.same({ { 0.0, 1.0 }, { 0.0, 2.0 } }, columns(read(" # x\n\t# x\n1\t2\n \n", tab)))
    assert.same({ { 1.0 }, { 2.0 } }, columns(read "\t\n1\t2\n\t\t\n")) -- by white space, that is an empty line
  end)

  it("passes a byte order mark at the beginning, and only there", function()
    local mark = "\xEF\xBB\xBF"
    assert.same({ { 1.0, 3.0 }, { 2.0, 4.0 } }, columns(read(mark .. "1,2\n3,4\n")))
    assert.same({ { 2.0 } }, columns(read(mark .. "x,y\n1,2\n", { header = true, columns = { "y" } })))
    assert.same({ { 1.0 } }, columns(read(mark .. "x,y\n1,2\n", { header = true, columns = { "x" } })))
    with_file(mark .. "5\n", function(path) assert.same({ { 5.0 } }, columns(read(path))) end)
    local pieces = { "\xEF", "\xBB", "\xBF6", "\n" }
    assert.same({ { 6.0 } }, columns(read { read = function() return table.remove(pieces, 1) end }))
    assert.same({}, columns(read { read = function() return nil end }))
    expect.raises('line 2, column 1', read, "1\n" .. mark .. "2\n")
    expect.raises('line 1, column 1', read, mark:sub(1, 2) .. "2\n")
  end)

  it("reads numbers as Lua does, to the last bit", function()
    math.randomseed(seed)
    local texts = { "0", "-0", "1e23", "8.5e-324", "2.2250738585072011e-308", "1.7976931348623157e308", "1e400",
      "9007199254740993", "0.1", "123456789012345678901234567890", ".5", "5.", "1E+5", "4.35", "1e-400",
      "9223372036854775807", "18446744073709551615", "18446744073709551616", ("1"):rep(300),
      "0." .. ("0"):rep(300) .. "7" }
    for _ = 1, 3000 do
      local x = string.unpack("d", string.pack("i8", math.random(0)))
      texts[#texts + 1] = ("%." .. math.random(1, 20) .. "g"):format(x)
      texts[#texts + 1] = ("%de%d"):format(math.random(0) >> math.random(0, 63), math.random(-40, 40))
    end
    local kept = {}
    for _, text in ipairs(texts) do
      if not text:find "n" then kept[#kept + 1] = text end
    end
    local x = read(table.concat(kept, "\n") .. "\n")
    for i, text in ipairs(kept) do
      if x[i] ~= tonumber(text) + 0.0 then
        error(("DYNARRAY_SEED=%d: %s is read as %.17g"):format(seed, text, x[i]))
      end
    end
  end)

  it("reads numbers next to the middle between two floats, and at both ends of their range", function()
    -- The numbers of up to 19 digits that lie nearest to a middle: V. Paxson, A program for testing IEEE
    -- decimal-binary conversion, 1991, tables 3 and 4.
    local hard = [[5e125 69e267 999e-26 7861e-34 75569e-254 928609e-261 9210917e80 84863171e114 653777767e273
      5232604057e-298 27235667517e-109 653532977297e-123 3142213164987e-294 46202199371337e-72 231010996856685e-73
      9324754620109615e212 78459735791271921e49 272104041512242479e200 6802601037806061975e198 9e-265 85e-37 623e100
      3571e263 81661e153 920657e-23 4603285e-24 87575437e-309 245540327e122 6138508175e120 83356057653e193
      619534293513e124 2335141086879e218 36167929443327e-159 609610927149051e-255 3743626360493413e-165
      94080055902682397e-242 899810892172646163e283 7120190517612959703e120]]
    local texts = {}
    for text in hard:gmatch "%S+" do texts[#texts + 1] = text end
    for _, digits in ipairs { "1", "9007199254740993", "9007199254740995", "4503599627370497", "18014398509481985",
      "9999999999999999999", "1797693134862315708", "2225073858507201383", "4940656458412465442" } do
      for exponent = -365, 320 do texts[#texts + 1] = digits .. "e" .. exponent end
    end
    local x = read(table.concat(texts, "\n") .. "\n")
    for i, text in ipairs(texts) do
      if x[i] ~= tonumber(text) + 0.0 then error(("%s is read as %.17g"):format(text, x[i])) end
    end
  end)

  it("reads lines in one pass as it reads them field by field", function()
    math.randomseed(seed)
    local tokens = { "1", "-2.5", "+3e2", "0.125", "nan", "inf", "1e400", "00012", "123456789012345678901", "", " ",
      "\t", "\r", '"4"', '"5', "x", "1 2", "1x", ".", "-", "7.", " 8 ", "\0" }
    local function outcome(...)
      local list = table.pack(pcall(...))
      for i = 1, list.n do list[i] = tostring(list[i]) end
      return table.concat(list, "; ")
    end
    for _ = 1, 3000 do
      local separator = ({ ",", ";", "\t", " ", "-", "e", "5" })[math.random(7)]
      local lines, fields = {}, math.random(3)
      for i = 1, math.random(4) do
        local line = {}
        for k = 1, math.random(20) == 1 and 2 or fields do
          line[k] = tokens[math.random(3) == 1 and math.random(#tokens) or 1]
        end
        lines[i] = table.concat(line, separator)
      end
      local options = { separator = separator, missing = math.random(2) == 1 and 0 or nil,
        columns = ({ fields, { fields }, { 1 } })[math.random(4)], type = math.random(2) == 1 and "int16" or nil }
      local once = outcome(read, table.concat(lines, "\n") .. "\n", options)
      options.comment = "#" -- each line then has one, so that none is plain
      local again = outcome(read, table.concat(lines, "#\n") .. "#\n", options)
      if once ~= again then
        error(("DYNARRAY_SEED=%d: %q by %q: %s, and with comments %s"):format(seed, table.concat(lines, "\n"),
          separator, once, again))
      end
    end
  end)

  it("reads long texts as it reads each of their lines", function()
    math.randomseed(seed)
    local digits = "123456789012345678901"
    local function number()
      local whole, part = digits:sub(1, math.random(0, 9)), digits:sub(1, math.random(0, 9))
      if math.random(10) == 1 then whole = digits:sub(1, math.random(20)) end
      if math.random(10) == 1 then return ("%.17g"):format(string.unpack("d", string.pack("i8", math.random(0)))) end
      local sign = math.random(4) == 1 and "-" or ""
      return sign .. (whole .. part == "" and "0" or whole) .. (math.random(2) == 1 and "." .. part or "")
    end
    local others = { "quoted", "", " ", "+7", "nan", "-inf", "1e5", "1.2.3", "x", "-", ".", "-.", '"4"', '"5', " 8 ",
      "9\r", "1 2", "\0", "--1", "1-", "0000000000000000", "9007199254740993", "999999999999999", "/", ":", "1:2" }
    for _ = 1, 300 do
      local separator = ({ ",", ";", "\t" })[math.random(3)]
      local fields, lines = math.random(4), {}
      local odd = ({ 0, 10, 50 })[math.random(3)] -- how seldom a field is odd
      others[1] = '"1' .. separator .. '2"'
      for i = 1, 60 do
        local line = {}
        for k = 1, math.random(100) == 1 and 2 or fields do
          line[k] = odd > 0 and math.random(odd) == 1 and others[math.random(#others)] or number()
        end
        lines[i] = table.concat(line, separator) .. (odd > 0 and math.random(20) == 1 and "# 1" .. separator or "")
      end
      local options = { separator = separator, columns = ({ fields, { fields }, { 1 } })[math.random(3)],
        missing = math.random(2) == 1 and -1 or nil, comment = math.random(2) == 1 and "#" or nil,
        type = ({ "float64", "float64", "float32", "int64" })[math.random(4)] }
      local want, failed = {}, nil
      for i, line in ipairs(lines) do
        local list = table.pack(pcall(read, line .. "\n", options))
        if not list[1] then
          failed = tostring(list[2]):gsub("^.-line 1(.*)$", "line " .. i .. "%1"):gsub(" %(.*", "") -- without advice
          break
        end
        for c = 2, list.n do
          want[c - 1] = want[c - 1] or {}
          table.move(list[c]:totable(), 1, #list[c], #want[c - 1] + 1, want[c - 1])
        end
      end
      -- the last lines of a text are read in another way, so there are more behind
      local text = table.concat(lines, "\n") .. "\n"
      local list = table.pack(pcall(read, text .. ("\n"):rep(1000), options))
      local what = ("DYNARRAY_SEED=%d: %q"):format(seed, text)
      if failed then
        assert.is_false(list[1], what)
        assert.truthy(tostring(list[2]):find(failed, 1, true), failed .. ", got " .. tostring(list[2]) .. "; " .. what)
      else
        assert.is_true(list[1], tostring(list[2]) .. "; " .. what)
        for c = 2, list.n do expect.holds(list[c], table.unpack(want[c - 1])) end
      end
    end
  end)

  it("reads integers of 64 bits exactly", function()
    assert.same({ math.mininteger, math.maxinteger }, read("-9223372036854775808\n9223372036854775807\n",
      { type = "int64" }):totable())
    assert.equal(dynarray.from({ 2.0 ^ 63 }, "uint64"), read("9223372036854775808\n", { type = "uint64" }))
    expect.raises("does not fit", read, "9223372036854775808\n", { type = "int64" })
    expect.raises("does not fit", read, "-1\n", { type = "uint64" })
  end)

  it("says that the number for what is missing does not fit", function()
    expect.raises('line 2, column 1: "x" is not a number, and missing = 0.5 does not fit into the type', read, "1\nx\n",
      { type = "int32", missing = 0.5 })
    expect.raises('line 1, column 1: "1.5" does not fit into the type of the column', read, "1.5\n",
      { type = "int32", missing = 0.5 })
  end)

  it("names its own argument for a type that is none", function()
    expect.raises("bad argument #2 to 'read' (type \"int3\" is not one of int8", function()
      dynarray.read("1\n", { type = "int3" })
    end)
    expect.raises("bad argument #2 to 'read' (type 5 is not one of int8", function()
      dynarray.read("1\n", { type = { 5 } })
    end)
  end)

  it("takes what fits into a type and refuses what does not, up to the ends of each", function()
    local function fails(text, type)
      expect.raises("does not fit into the type of the column", read, text .. "\n", { type = type })
    end
    for _, t in ipairs(types.integers) do
      local past = t.name == "uint64" and "18446744073709551616" or t.name == "int64" and "9223372036854775808"
        or tostring(t.max + 1)
      local before = t.name == "int64" and "-9223372036854775809" or ("-%d"):format(1 - t.min)
      expect.holds(read(("%d\n%d\n-0\n0.0\n-0.0\n1e2\n"):format(t.min, t.max), { type = t.name }),
        t.min, t.max, 0, 0, 0, 100)
      for _, text in ipairs { past, past .. ".0", before, "18446744073709551616", "-9223372036854775809", "1.5", "-1.5",
        "1e30", "-1e30", "inf", "-inf", "nan" } do
        fails(text, t.name)
      end
      expect.raises("does not fit", read, "x\n", { type = t.name, missing = 0.5 })
      expect.holds(read("x\n", { type = t.name, missing = 7 }), 7)
    end
    expect.holds(read("-9223372036854775808.0\n-128.0\n", { type = "int64" }), math.mininteger, -128)
    for _, t in ipairs(types.floats) do
      expect.holds(read("-1.5\n7\ninf\n-inf\n", { type = t.name }), -1.5, 7.0, huge, -huge)
    end
    local most = types.largest_float32 -- whose shortest text is a little larger
    expect.holds(read("3.4028235e+38\n-3.4028235e38\n", { type = "float32" }), most, -most)
    fails("3.4028235678e38", "float32") -- rounds to what is larger
    fails("1e39", "float32")
    fails("-1e39", "float32")
    expect.holds(read("1e400\n", { type = "float32" }), huge)
  end)

  it("tells that a file cannot be read", function()
    local folder = io.open "spec"
    if not folder then return pending "no folder can be opened here" end
    expect.raises("cannot read the file: ", read, folder)
    expect.raises("cannot read the file: ", read, "spec")
    folder:close()
  end)

  it("goes on where a file was read to, and leaves it at its end", function()
    with_file("title\n1,2\n" .. ("3,4\n"):rep(50000), function(path)
      local file <close> = assert(io.open(path))
      assert.equal("title", file:read())
      local x, y = read(file)
      assert.equal("50001 2.0 4.0", ("%d %s %s"):format(#x, y[1], y[50001]))
      assert.is_nil(file:read())
      assert.equal(0, file:seek("set"))
      assert.equal("title", file:read())
    end)
  end)

  it("reads files that are longer than a block, whatever the lines are", function()
    local a, lines = dynarray.random(30000, "int64", 1), {}
    for i = 1, #a do lines[i] = a[i] .. (i % 7 == 0 and "\r\n" or "\n") end
    with_file(table.concat(lines), function(path)
      assert.equal(a, read(path, { type = "int64" }))
      local file, pieces = assert(io.open(path)), 0
      local slow = { read = function() pieces = pieces + 1 return file:read(pieces % 50 + 1) end }
      assert.equal(a:slice(1, 1000), read(slow, { type = "int64" }):slice(1, 1000))
      file:close()
    end)
  end)

  it("passes fields that are not wanted, and blanks at the end", function()
    local second = { columns = { 2 }, separator = "," }
    assert.same({ { 2.0, 4.0 } }, columns(read('1,2\n"3, and x",4,y\n  ', second)))
    expect.raises("line 2 has 1 fields, wanted", read, "1,2\n3", second)
    expect.raises('line 2, column 2: "" is not a number', read, "1,2\n3,", second)
  end)

  it("refuses what cannot be read", function()
    expect.raises("path, text or file expected", read, 5)
    for _, separator in ipairs { ",,", "", "\n", '"', 5, true } do
      expect.raises("separator expected one character", read, "1\n", { separator = separator })
    end
    expect.raises("columns", read, "1\n", { columns = {} })
    expect.raises('columns expected a table of names and numbers, or the number of columns, got "x"',
      read, "x,y\n1,2\n", { header = true, columns = "x" })
    expect.raises("a column is wanted twice", read, "1,2\n", { columns = { 1, 1 } })
    expect.raises("too long", read, { read = function(_, n) return ("1"):rep(n) end })
    expect.raises("file has no read", read, {})
    expect.raises("cannot read the file: out of order", read, { read = function() return nil, "out of order", 5 end })
    local closed = assert(io.tmpfile())
    closed:close()
    expect.raises("attempt to use a closed file", read, closed)
    expect.raises("read of the file is a number, wanted a function)", read, { read = 5 })
  end)

  it("refuses options that it cannot take", function()
    expect.raises("missing expected a number, got \"x\"", read, "1\n", { missing = "x" })
    local many = {}
    for i = 1, 201 do many[i] = i end
    expect.raises("columns expected 1 to 200 columns", read, "1\n", { columns = many })
    expect.raises("columns expected numbers up to 65536", read, "1\n", { columns = { 65537 } })
    expect.raises("columns expected an integer >= 1", read, "1\n", { columns = { "x" } }) -- without a header
    expect.raises("201 columns, but at most 200 can be read", read, ("1,"):rep(200) .. "1\n")
    expect.raises("no column is named 'z'", read, "x y  \n1 2\n", { header = true, separator = " ", columns = { "z" } })
    expect.raises("a path needs the io library", child.output and function()
      local io = package.loaded.io
      package.loaded.io = nil
      local ok, err = pcall(read, "some path")
      package.loaded.io = io
      error(err, ok and 1 or 0)
    end)
  end)

  it("reads files of one piece after the other, also where they end within a line", function()
    local function slow(...)
      local pieces, i = { ... }, 0
      return { read = function() i = i + 1 return pieces[i] end }
    end
    assert.same({ { 3.0 } }, columns(read(slow("1", "\n", "2\n", "3"), { skip = 2 })))
    assert.same({}, columns(read(slow("1", "2"), { skip = 3 })))
    assert.same({ { 3.0 } }, columns(read(slow("a title", " in two", " pieces\n", "3"), { skip = 1 })))
    assert.same({ { 2.0 } }, columns(read(slow("x", ",y", "\n", "1,", "2"), { header = true, columns = { "y" } })))
    assert.same({ { 2.0 } }, columns(read(slow("first", ";sec", "ond\n", "1;2"),
      { header = true, separator = ";", columns = { "second" } })))
    assert.same({ { 2.0 } }, columns(read("x,y\r\n1,2\r\n", { header = true, columns = { "y" } })))
    assert.same({ {}, {} }, columns(read(slow("x", ",y"), { header = true, columns = { "y", "x" } })))
    assert.same({}, columns(read(slow("x", ",y"), { header = true })))
    assert.same({}, columns(read(slow(), { header = true })))
    assert.same({}, columns(read(slow("# no number"), { comment = "#" })))
    expect.raises('line 2, column 1: "a" is not a number', read, "\na,b\n1,2\n", { header = true })
  end)

  it("passes any number of lines without numbers, with the number of each line", function()
    local comments = ("# a comment, or two\n\n"):rep(60000) -- more than a line may be long
    for _, options in ipairs { { comment = "#" }, { comment = "#", separator = "," } } do
      with_file(comments .. "1,2\n" .. comments .. "3,4\n", function(path)
        local x, y = read(path, options)
        assert.equal("1.0, 3.0; 2.0, 4.0", x:concat(", ") .. "; " .. y:concat(", "))
      end)
      with_file(comments .. "1,x\n", function(path)
        expect.raises('line 120001, column 2: "x" is not a number', read, path, options)
      end)
    end
    with_file("a,b\n" .. comments .. "1,2\n", function(path)
      local b, a = read(path, { header = true, comment = "#", columns = { "b", "a" } })
      assert.equal("2.0 1.0", b[1] .. " " .. a[1])
      assert.equal(2, select("#", read(path, { header = true, comment = "#", separator = "," })))
    end)
  end)
end)

describe("write", function()
  it("writes columns that are read as the same", function()
    local a, b = dynarray.random(3000, "float64", 2), dynarray.random(3000, "int64", 3)
    local c = dynarray.random(3000, "float32", 4)
    for i, x in ipairs { 0.1, 1e-310, 1e300, huge, -huge, -0.0, 123456789.125 } do a[i] = x end
    with_file("", function(path)
      assert.equal(a, a:write(path, b, c, { header = "a;b;c", separator = ";" }))
      local x, y, z = read(path, { header = true, separator = ";", type = { "float64", "int64", "float32" } })
      assert.equal(a, x)
      assert.equal(b, y)
      assert.equal(c, z)
    end)
  end)

  it("writes numbers of every type", function()
    with_file("", function(path)
      for _, name in ipairs(types.numeric) do
        local t = types[name]
        local a = dynarray.from({ t.min or -0.1, t.max or 1e30, 0 }, name)
        assert(a:write(path))
        assert.equal(a, read(path, { type = name }))
      end
    end)
  end)

  it("writes the shortest text, and to anything that has `write`", function()
    local text = {}
    local file = { write = function(self, s) text[#text + 1] = s return self end }
    dynarray.from({ 0.1, 2, nan }, "float64"):write(file)
    dynarray.from({ 0.1 }, "float32"):write(file)
    assert.equal("0.1\n2\n", (table.concat(text):gsub("%-?nan\n", "", 1):gsub("0%.1\n$", "", 1)))
  end)

  it("writes exponents, signs and infinities as they are read", function()
    local text = {}
    local file = { write = function(self, s) text[#text + 1] = s return self end }
    dynarray.from({ 1e300, -1.5e-300, 1e22, 123456789, -0.0, huge, -huge }, "float64"):write(file)
    assert.equal("1e+300\n-1.5e-300\n1e+22\n123456789\n-0\ninf\n-inf\n", table.concat(text))
  end)

  it("writes to a file in pieces, until that fails", function()
    local a, text = dynarray.range(1, 30000), {}
    local file = { write = function(self, s) text[#text + 1] = s return self end }
    assert.equal(a, a:write(file, a, { header = "a b", separator = " " }))
    assert.is_true(#text > 3)
    local x, y = read(table.concat(text), { header = true, type = "int64" })
    assert.equal(a, x)
    assert.equal(a, y)
    for fails = 1, 3 do
      local n = 0
      local full = { write = function(self)
        n = n + 1
        if n == fails then return nil, "no room", 28 end
        return self
      end }
      assert.same({ nil, "no room", 28 }, { a:write(full, { header = "a" }) })
      assert.equal(fails, n)
    end
    local b = a:copy()
    expect.raises("changed", a.write, a, { write = function(self) b:clear() return self end }, b)
    expect.raises("header expected a string, got 5", a.write, a, file, { header = 5 })
    expect.raises("unknown option 'x' (known: header, separator)", a.write, a, file, { x = 5 })
  end)

  it("says why a file cannot be written", function()
    local ok, why, code = dynarray.zeros(2):write "/no such directory/x"
    assert.is_nil(ok)
    assert.truthy(why:find "no such directory" and code)
    expect.raises("operands differ", dynarray.zeros(2).write, dynarray.zeros(2), "x", dynarray.zeros(3))
    expect.raises("numeric array expected", dynarray.new().write, dynarray.new(), "x")
    expect.raises("path with a zero byte", dynarray.zeros(2).write, dynarray.zeros(2), "x\0y")
  end)

  it("leaves the old file and nothing else if it fails", function()
    with_file("old", function(path)
      local script = [[
        local a = require "dynarray".filled(1000000, 0.1, "float64")
        local ok, message, code = a:write(arg[1], a, { header = "a,b" })
        print(ok, message == arg[1] .. ": File too large", code)
      ]]
      local name = os.tmpname()
      local file = assert(io.open(name, "w"))
      file:write(script)
      file:close()
      -- a limit on the size of files stands for a full disk
      local out, err = child.shell(("ulimit -f 100; exec $LUA %s %s"):format(name, path))
      os.remove(name)
      assert.equal("nil\ttrue\t27\n", out .. err)
      file = assert(io.open(path))
      assert.equal("old", file:read "a")
      file:close()
      assert.equal("", build.output(("ls %s.* 2>/dev/null"):format(path)))
    end)
  end)

  it("writes more columns than fit into a block, and none at all", function()
    local list = {}
    for i = 1, 190 do list[i] = dynarray.range(i, i + 2) end
    with_file("", function(path)
      local first = list[1]
      assert.equal(first, first:write(path, table.unpack(list, 2)))
      local back = { read(path, { type = "int64" }) }
      assert.same(list, back)
      dynarray.zeros(0, "float64"):write(path, { header = "x" })
      local file = assert(io.open(path))
      assert.equal("x\n", file:read "a")
      file:close()
    end)
  end)

  it("tells which argument is neither a target nor a column", function()
    local write, a = dynarray.zeros(2).write, dynarray.zeros(2)
    expect.raises("bad argument #3 to '?' (dynarray expected, got number)", write, a, "x", 5)
    for _, target in ipairs { 5, true, print, a } do
      expect.raises("bad argument #2 to '?' (path or file expected, got ", write, a, target)
    end
    expect.raises("bad argument #2 to '?' (path or file expected, got no value)", write, a)
    expect.raises("bad argument #2 to '?' (file has no write)", write, a, {})
    expect.raises("bad argument #2 to '?' (write of the file is a number, wanted a function)", write, a, { write = 5 })
  end)
end)

describe("a file's functions", function()
  it("may be tables that can be called", function()
    local written = {}
    local file = { write = setmetatable({}, { __call = function(_, self, text)
      written[#written + 1] = text
      return self
    end }) }
    assert.truthy(dynarray.from({ 1, 2 }, "int8"):write(file))
    assert.equal("1\n2\n", table.concat(written))
  end)
end)
