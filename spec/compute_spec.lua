local dynarray = require "dynarray"
local expect = require "support.expect"
local types = require "support.types"

local compute = dynarray.compute
local nan, huge = 0 / 0, math.huge
local seed = math.tointeger(tonumber(os.getenv("DYNARRAY_SEED"))) or os.time()

--- What functions of expressions are in Lua.
local functions = {
  abs = math.abs, sqrt = math.sqrt, exp = math.exp, log = math.log, sin = math.sin, cos = math.cos, tan = math.tan,
  min = math.min, max = math.max, atan = math.atan, fmod = math.fmod, math = math,
  floor = function(x) return math.type(x) == "integer" and x or x - x % 1 end,
  isnan = function(x) return x ~= x end,
  select = function(c, x, y) if c then return x else return y end end,
}

--- The expression as Lua computes it, element by element.
local function in_lua(text, names)
  local env = setmetatable({}, { __index = functions })
  local f = assert(load("return " .. text, "=expression", "t", env))
  return function(i)
    env.i = i
    for name, operand in pairs(names) do
      env[name] = type(operand) == "number" and operand or operand[i]
    end
    return f()
  end
end

local function same(x, y)
  local zeros_differ = x == 0 and math.type(x) == "float" and 1 / x ~= 1 / y
  return x == y and math.type(x) == math.type(y) and not zeros_differ or (x ~= x and y ~= y)
end

--- Each element of the result is what Lua says; of truth values 0 and 1.
local function check(text, names, n)
  local f, result = in_lua(text, names), compute(text, names)
  assert.equal(n, #result)
  for i = 1, n do
    local want = f(i)
    if type(want) == "boolean" then
      want = want and 1 or 0
    end
    if not same(want, result[i]) then
      error(("DYNARRAY_SEED=%d: %s, element %d: %s instead of %s"):format(seed, text, i, result[i], want), 2)
    end
  end
end

local sizes = { 0, 1, 7, 1023, 1024, 1025, 2500 }

--- Numbers of all sorts that fit into the type.
local odd = {
  int64 = { 0, 1, -1, 2, -3, 63, 64, 65, -64, math.maxinteger, math.mininteger, math.maxinteger - 1, (1 << 53) + 1,
    -(1 << 53) - 1 },
  float64 = { 0.0, -0.0, 1.0, -1.5, 2.5, nan, huge, -huge, 2.0 ^ 53, -2.0 ^ 63, 2.0 ^ 63, 1e300, 1e-300, 0.1, -7.75 },
}

local function operand(kind, n)
  local a, values = dynarray.new(kind), odd[kind]
  for _ = 1, n do
    if values and math.random(3) == 1 then
      a:append(values[math.random(#values)])
    elseif kind:find "float" then
      a:append(math.random(-1000, 1000) / 8)
    elseif kind:find "uint" then
      a:append(math.random(0, 100))
    else
      a:append(math.random(-100, 100))
    end
  end
  return a
end

-- ---------------------------------------------------------------------------------------------
-- Random expressions

local pick = function(list) return list[math.random(#list)] end
local number, truth

--- An expression of whole numbers (or of any numbers) that always has a result.
function number(depth, whole)
  if depth == 0 then
    return pick(whole and { "n", "m", "k", "i", "3", "-1", "7", "0x10" }
      or { "x", "f", "y", "n", "2.5", "1e3", "2", "-0.5", "k" })
  end
  local x, y = number(depth - 1, whole), number(depth - 1, whole)
  local choice = math.random(whole and 14 or 12)
  if choice <= 4 then
    return ("(%s %s %s)"):format(x, pick { "+", "-", "*" }, y)
  elseif choice == 5 then
    return ("-(%s)"):format(x)
  elseif choice == 6 then
    return ("select(%s, %s, %s)"):format(truth(depth - 1), whole and x or "0.5 * " .. x, whole and y or "0.5 * " .. y)
  elseif choice == 7 then
    return ("abs(%s)"):format(x)
  elseif choice == 8 then
    return ("(%s %% %s)"):format(x, pick { "3", "-5", "8", "0x7fffffffffffffff" })
  elseif choice == 9 then
    return ("(%s // %s)"):format(x, pick { "3", "-7", "16", "-1" })
  elseif whole then
    return ("(%s %s %s)"):format(x, pick { "&", "|", "~", "<<", ">>" }, y)
  elseif choice == 10 then
    return ("(%s / %s)"):format(x, y)
  elseif choice == 11 then
    return ("(%s ^ %s)"):format(x, pick { "2", "0.5", "3", "-1", y })
  end
  return ("%s(%s)"):format(pick { "sqrt", "exp", "sin", "cos", "log", "atan" }, x)
end

function truth(depth)
  if depth == 0 then
    return ("%s %s %s"):format(number(0), pick { "<", "<=", ">", ">=", "==", "~=" }, number(0, math.random(2) == 1))
  end
  local choice = math.random(6)
  if choice <= 2 then
    return ("(%s %s %s)"):format(truth(depth - 1), pick { "and", "or" }, truth(depth - 1))
  elseif choice == 3 then
    return ("(not (%s))"):format(truth(depth - 1))
  elseif choice == 4 then
    return ("isnan(%s)"):format(number(depth - 1))
  end
  local whole = math.random(2) == 1
  return ("%s %s %s"):format(number(depth - 1, whole), pick { "<", "<=", ">", ">=", "==", "~=" },
    number(depth - 1, math.random(2) == 1))
end

describe("compute", function()
  before_each(function() math.randomseed(seed) end)

  it("gives what Lua gives for each element, of random expressions of all types", function()
    for round = 1, 600 do
      local n = round % 40 == 0 and pick(sizes) or math.random(0, 20)
      local names = { n = operand(pick { "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32" }, n),
        m = operand("int64", n), k = math.random(-5, 5), f = operand("float32", n), x = operand("float64", n),
        y = operand(pick { "int8", "uint32", "int64", "float64" }, n) }
      local choice = round % 3
      check(choice == 0 and number(math.random(0, 3), true) .. " + 0 * n" or choice == 1
        and "1.0 * n + " .. number(math.random(0, 3)) or "(" .. truth(math.random(0, 2)) .. ") or n ~= n", names, n)
    end
  end)
end)

local function fails(message, text, names, out)
  local ok, said = pcall(compute, text, names, out)
  assert.is_false(ok, text)
  if not said:find(message, 1, true) then
    error(("%s: %q, not %q"):format(text, said, message), 2)
  end
end

describe("an expression", function()
  local a = dynarray.from({ 1.5, 2, 3 }, "float64")
  local b = dynarray.from({ 1, 2, 3 }, "int32")

  it("has the type that its numbers have", function()
    local kinds = { ["b + 1"] = "int64", ["b / 1"] = "float64", ["b * 0.5"] = "float64",
      ["b > 1"] = "uint8",
      ["not b"] = "uint8", ["b ^ 2"] = "float64", ["b // 2"] = "int64", ["a // 2"] = "float64",
      ["int8(a * 2)"] = "int8",
      ["float32(a)"] = "float32",
      ["select(b > 1, b, 2)"] = "int64", ["b"] = "int64", ["floor(a)"] = "float64" }
    for text, kind in pairs(kinds) do
      assert.equal(kind, compute(text, { a = a, b = b }).type, text)
    end
    assert.equal("uint16", compute("b + 1", { b = b }, "uint16").type)
  end)

  it("has hexadecimal numbers as Lua has them", function()
    local x = dynarray.from({ 1 }, "float64")
    for _, text in ipairs { "0x10", "0xfF", "0x1.8p3", "0x.8", "0x1p-2", "0x1.8p+1", "0x8.", "0xfffffffffffffffff",
      "0x" .. ("0"):rep(70) .. "1" } do
      expect.holds(compute("x * " .. text, { x = x }), load("return 1.0 * " .. text)())
    end
    for _, text in ipairs { "0x", "0x1p", "0x1p+", "0x." } do
      expect.raises("malformed number", compute, "x * " .. text, { x = x })
    end
  end)

  it("has an error that names the column", function()
    fails("column 4: expression ends too early", "a +", { a = a })
    fails("column 5: unexpected '*'", "a + * b", { a = a })
    fails("column 5: no function 'f'", "a + f(a)", { a = a })
    fails("column 5: no function 'where': select(c, x, y) chooses", "a + where(a, 1, 2)", { a = a })
    for text, message in pairs {
      ["a != 1"] = "column 3: '!=' is written '~='", ["a <> 1"] = "column 3: '<>' is written '~='",
      ["a ** 2"] = "column 3: '**' is written '^'", ["a & 1 && a"] = "column 7: '&&' is written 'and'",
      ["a || a"] = "column 3: '||' is written 'or'", ["(!a)"] = "column 2: '!' is written 'not'",
      ["a = 1"] = "column 3: '=' is written '=='", ["a ? 1 : 2"] = "column 3: 'c ? x : y' is written 'select(c, x, y)'",
      ["a[1]"] = "column 2: an operand has no index", ["a == == 1"] = "column 6: unexpected '=='",
      ["a + !"] = "column 5: '!' is written 'not'", ["!a"] = "column 1: '!' is written 'not'",
      ["a ? "] = "column 3: 'c ? x : y'", ["a &"] = "column 4: expression ends too early",
      ["a & & a"] = "column 5: unexpected '&'",
      ["and a"] = "column 1: unexpected 'and'", ["a =="] = "column 5: expression ends too early",
      ["a.price > 5"] = "column 2: unexpected '.': write 'sin'",
      ["a == 'the'"] = "column 6: an expression has numbers only: for strings, filter takes a function",
      ['a == "the"'] = "column 6: an expression has numbers only",
    } do
      fails(message, text, { a = a })
    end
    fails("column 3: ')' expected at the end", "(a", { a = a })
    fails("column 2: unexpected ')'", "a)", { a = a })
    fails("column 1: malformed number", "3a", { a = a })
    fails("column 7: comparisons cannot be chained", "1 < a < 2", { a = a })
    fails("column 3: comparisons cannot be chained", "1 < (a < 2)", { a = a })
    fails("column 5: a reduction (sum, mean, min, max, count, any, all) must be outermost", "1 + sum(a)", { a = a })
    fails("column 8: a reduction (sum, mean, min, max, count, any, all) must be outermost", "log(a, sum(2))", { a = a })
    fails("column 1: select takes three arguments", "select(a)", { a = a })
    fails("column 5: no operand is named 'c'", "a + c", { a = a })
    fails("column 1: operand 'a' is a string", "a", { a = "x" })
    fails("column 1: operand 'a' is a value array, astype", "a", { a = dynarray.of(1) })
    fails("column 3: attempt to perform 'n//0' at index 2", "b // (b - 2)", { b = b })
    fails("column 3: attempt to perform 'n%0'", "b % 0", { b = b })
    fails("column 1: number 1.5 has no integer representation at index 1", "~a", { a = a })
    fails("9.2233720368548e+18 is too large for an integer", "x + 1",
      { x = dynarray.filled(2, 2.0 ^ 63, "uint64") })
  end)

  it("compares whole numbers with the real ones at the end of their range", function()
    local n = dynarray.from({ math.mininteger, math.maxinteger }, "int64")
    for text, wanted in pairs { ["n < 9223372036854775808.0"] = { 1, 1 }, ["n >= 9223372036854775808.0"] = { 0, 0 },
      ["n > -9223372036854775808.0"] = { 0, 1 }, ["n == -9223372036854775808.0"] = { 1, 0 },
      ["n == 9223372036854775808.0"] = { 0, 0 }, ["n > -9223372036854777856.0"] = { 1, 1 } } do
      assert.same(wanted, compute(text, { n = n }):totable(), text)
    end
  end)

  it("may use each of its 32 operands twice", function()
    local names, terms, sum = {}, {}, 0
    for k = 1, 32 do
      names["a" .. k] = dynarray.from({ k }, "int8")
      terms[k] = ("a%d * a%d"):format(k, k)
      sum = sum + k * k
    end
    expect.holds(compute(table.concat(terms, " + "), names), sum)
  end)

  it("has names as Lua has them", function()
    local names = { a = 1, Z = 2, _ = 3, aZ_9 = 4, _1 = 5, A = 6, z = 7 }
    for name, value in pairs(names) do
      expect.holds(compute(name .. " + 0 * i", { [name] = value }, dynarray.zeros(1, "int64")), value)
    end
  end)

  it("has logarithms to any base, those to 2 and 10 as exact as in Lua", function()
    local x = dynarray.from({ 1, 8, 1000, 121, 1e-3, 0.1, 4096 }, "float64")
    for _, base in ipairs { 2, 10 } do
      local result = compute("log(x, " .. base .. ")", x)
      for i = 1, #x do
        local expected = math.log(x[i], base)
        -- Lua for Windows keeps to C89, which has no log2, and divides logarithms.
        local inexact = base == 2 and math.log(2 ^ 29, 2) ~= 29
        assert.is_true(expected == result[i] or inexact and math.abs(expected / result[i] - 1) <= 2 ^ -51, x[i])
      end
    end
    for _, base in ipairs { "3", "11", "9", "1", "2.5", "10.5", "-1" } do
      local result = compute("log(x, " .. base .. ")", x)
      for i = 1, #x do
        assert.is_true(same(math.log(x[i]) / math.log(tonumber(base)), result[i]), base)
      end
    end
  end)

  it("has functions of as many arguments as they need", function()
    local of_count = {
      { "sum mean count any all abs sqrt floor ceil trunc round isnan isinf isfinite exp exp2 expm1 log2 log10 log1p "
        .. "sin cos tan asin acos int8 uint8 float32 float64", "takes one argument" },
      { "hypot fmod atan2", "takes two arguments" },
      { "clamp select", "takes three arguments" },
    }
    local lists = { "a", "a, a", "a, a, a", "a, a, a, a", [0] = "" }
    for count, row in ipairs(of_count) do
      for name in row[1]:gmatch "%w+" do
        compute(("%s(%s)"):format(name, lists[count]), { a = b })
        for _, other in ipairs { count - 1, count + 1 } do
          fails(("column 1: %s %s"):format(name, row[2]), ("%s(%s)"):format(name, lists[other]), { a = b })
        end
      end
    end
    for _, name in ipairs { "min", "max" } do
      fails(("column 1: %s takes at least one argument"):format(name), name .. "()", { a = b })
      for count = 1, 4 do compute(("%s(%s)"):format(name, lists[count]), { a = b }) end
    end
  end)

  it("is of some size", function()
    fails("no operand is an array", "1 + x", { x = 2 })
    fails("operands differ: 'a' of size 3, 'x' of size 2", "a + x", { a = a, x = dynarray.filled(2, 1, "int8") })
    fails("3 results do not fit into an array of size 2", "a + 1", { a = a }, dynarray.filled(2, 1, "float64"))
    assert.same({ 1, 4, 9 }, compute("i * i", {}, dynarray.filled(3, 0, "int64")):totable())
  end)

  it("has limits", function()
    fails("longer than 2000 bytes", ("a"):rep(2001), { a = a })
    fails("nested too deep", ("("):rep(51) .. "a", { a = a })
    fails("nested too deep", ("-"):rep(100000 // 50) .. "", { a = a })
    fails("nested too deep", ("a^"):rep(60) .. "a", { a = a })
    fails("too long: more than 200", ("a+"):rep(150) .. "a", { a = a })
    for _, term in ipairs { "a", "1", "0.5", "i", "1e300", "true" } do
      fails("too long: more than 200", "-" .. (term .. "+"):rep(150) .. "a", { a = a })
    end
    fails("too long: more than 200", ("a+"):rep(99) .. "clamp(a, 1, 2)", { a = a })
    fails("too long: more than 200", ("a+"):rep(99) .. "log(a, 3)", { a = a })
    fails("too long: more than 200", ("a+"):rep(98) .. "max(a, 1, 2, 3)", { a = a })
    fails("too long: more than 200", "mean(" .. ("a+"):rep(99) .. "-a)", { a = a })
    fails("more than 16 arguments", "max(" .. ("a,"):rep(20) .. "a)", { a = a })
    local names = {}
    for i = 1, 40 do names[i] = "a" .. i end
    fails("more than 32 different operands", table.concat(names, "+"), {})
    assert.same({ 75, 100, 150 }, compute(("a+"):rep(49) .. "a", { a = a }):totable())
  end)

  it("is kept, but not for ever", function()
    collectgarbage()
    collectgarbage()
    local before = collectgarbage "count"
    for i = 1, 2000 do
      compute(("sum(a + %d)"):format(i), { a = a })
    end
    collectgarbage()
    collectgarbage()
    assert.is_true(collectgarbage "count" - before < 200)
  end)

  it("that has no order of bits or numbers in it runs no code", function()
    local trap = setmetatable({}, { __index = error, __add = error, __lt = error })
    fails("no operand is named 'a'", "a + 1", trap)
    fails("column 1: operand 'a' is a table", "a + 1", { a = trap })
  end)
end)

describe("results", function()
  it("go into an array that is there, also into an operand", function()
    for _, n in ipairs(sizes) do
      local x, y = operand("float64", n), operand("float64", n)
      local want = compute("2*x - y", { x = x, y = y })
      local out = dynarray.filled(math.max(n, 1), 0, "float64")
      out:resize(n)
      assert.equal(out, compute("2*x - y", { x = x, y = y }, out))
      for i = 1, n do assert.is_true(same(want[i], out[i])) end
      compute("2*x - y", { x = x, y = y }, y)
      for i = 1, n do assert.is_true(same(want[i], y[i])) end
    end
  end)

  it("come from operands as they were, where the array overlaps one", function()
    local a = compute("i", {}, dynarray.filled(5000, 0, "int64"))
    compute("x + 0", { x = a:view(1, 4999) }, a:view(2, 5000))
    for i = 2, 5000 do assert.equal(i - 1, a[i]) end
    compute("x + 0", { x = a:view(2, 5000) }, a:view(1, 4999))
    for i = 2, 4999 do assert.equal(i - 1 + 1 - 1, a[i - 1]) end
  end)

  it("that do not all fit change nothing", function()
    local x = compute("i", {}, dynarray.filled(3000, 0, "int32"))
    local before = expect.snapshot(x)
    fails("2148000000 does not fit into int32 (-2147483648 to 2147483647) at index 2148", "x * 1000000", { x = x }, x)
    expect.unchanged(before)
    fails("256 does not fit into uint8 (0 to 255) at index 256", "x", { x = x:view(1, 300):copy() },
      dynarray.filled(300, 0, "uint8"):view(1, 300))
    fails("0.5 has no integer representation, wanted int32 at index 1", "x / 2", { x = x }, x)
    fails("attempt to perform 'n//0' at index 2048", "x // (x - 2048)", { x = x }, x)
    expect.unchanged(before)
    fails("array is read-only", "x", { x = x }, x:frozen())
    fails("numeric array expected", "x", { x = x }, dynarray.new())
  end)

  it("of each type are checked at its bounds", function()
    for _, t in ipairs(types.integers) do
      local ends = dynarray.from({ t.min, t.max }, "int64")
      assert.same({ t.min, t.max }, compute("x", { x = ends }, t.name):totable())
      if t.size < 8 then
        fails("does not fit into " .. t.name, "x + 1", { x = ends }, t.name)
        fails("does not fit into " .. t.name, "x - 1", { x = ends }, t.name)
        fails("does not fit into " .. t.name, t.name .. "(x + 1) + 0", { x = ends })
        fails("does not fit into " .. t.name, "x * 1.0 + 1", { x = ends }, t.name)
      end
    end
    fails("does not fit into float32", "x", { x = dynarray.from({ 1e39 }, "float64") }, "float32")
  end)
end)

describe("a reduction", function()
  local n = 3000
  local x = compute("i - 1000", {}, dynarray.filled(n, 0, "int32"))
  it("makes no array", function()
    local sum, least, greatest, positive = 0, math.huge, -math.huge, 0
    for _, v in ipairs(x) do
      sum, least, greatest = sum + v * v, math.min(least, -2 * v), math.max(greatest, v % 7)
      positive = positive + (v > 0 and 1 or 0)
    end
    assert.equal(sum, compute("sum(x * x)", x))
    assert.equal("integer", math.type(compute("sum(x * x)", x)))
    assert.equal(sum / 2, compute("sum(x * x / 2)", x))
    assert.equal(least, compute("min(-2 * x)", x))
    assert.equal(greatest, compute("max(x % 7)", x))
    assert.equal(positive, compute("count(x > 0)", x))
    assert.equal(sum / n, compute("mean(x * x)", x))
    assert.equal(sum / 2 / n, compute("mean(x * x / 2)", x))
    assert.equal(0.25, compute("mean(i % 4 == 0)", x))
    assert.is_true(compute("any(x == 2000)", x))
    assert.is_false(compute("any(x == 2001)", x))
    assert.is_true(compute("all(x < 2001)", x))
    assert.is_false(compute("all(x < 2000)", x))
  end)

  it("of no elements is what it begins with", function()
    local none = dynarray.new "float64"
    assert.equal(0.0, compute("sum(x)", none))
    assert.is_nil(compute("mean(x)", none))
    assert.is_nil(compute("min(x)", none))
    assert.is_nil(compute("max(x)", none))
    assert.equal(0, compute("count(x)", none))
    assert.is_false(compute("any(x)", none))
    assert.is_true(compute("all(x)", none))
  end)

  it("with a NaN in it has a NaN for least and greatest", function()
    local y = dynarray.filled(3000, 1.0, "float64")
    y[2900] = nan
    assert.is_true(compute("isnan(x)", dynarray.filled(1, compute("min(x)", y), "float64"))[1] == 1)
    assert.is_true(compute("max(x)", y) ~= compute("max(x)", y))
    assert.equal(2999.0, compute("sum(select(isnan(x), 0, x))", y))
  end)

  it("takes no array for its results", function()
    fails("a reduction gives a number", "sum(x)", { x = x }, x)
  end)
end)

-- ---------------------------------------------------------------------------------------------
-- Every operation, with operands of every form

describe("an operation", function()
  local whole, real = {}, {}
  for _, v in ipairs(odd.int64) do whole[#whole + 1] = v end
  for _, v in ipairs(odd.float64) do real[#real + 1] = v end

  --- Two arrays in which each number of one list meets each of the other, and their size.
  local function pairs_of(xs, x_type, ys, y_type)
    local x, y = dynarray.new(x_type), dynarray.new(y_type)
    for _, v in ipairs(xs) do
      for _, w in ipairs(ys) do
        x:append(v)
        y:append(w)
      end
    end
    return x, y, #x
  end

  --- The operator between two arrays, and between an array and each number, which comes as a name and in the text.
  local function check_all(operators, xs, x_type, ys, y_type, divides)
    local x, y, n = pairs_of(xs, x_type, ys, y_type)
    for operator in operators:gmatch "%S+" do
      if not divides then check(("x %s y"):format(operator), { x = x, y = y }, n) end
      for _, v in ipairs(ys) do
        if not (divides and v == 0) then check(("x %s y"):format(operator), { x = x, y = v }, n) end
      end
      for _, v in ipairs(divides and {} or xs) do
        check(("x %s y"):format(operator), { x = v, y = y }, n)
      end
    end
  end

  it("of whole numbers gives what Lua gives, at the edges, too", function()
    check_all("+ - * & | ~ << >> == ~= < <= > >=", whole, "int64", whole, "int64")
    check_all("// %", whole, "int64", whole, "int64", true)
    local x, y = pairs_of(whole, "int64", { 1, -1, 2, -3, 64, math.maxinteger }, "int64")
    check("x // y", { x = x, y = y }, #x)
    check("x % y", { x = x, y = y }, #x)
    check("7 // y + 0 * x", { x = x, y = y }, #x)
  end)

  it("of real numbers gives what Lua gives, at the edges, too", function()
    check_all("+ - * / ^ == ~= < <= > >=", real, "float64", real, "float64")
    local x, y, n = pairs_of({ 0.0, -0.0, 7.5, -7.5, 1e300, 0.1 }, "float64", { 1.0, -2.0, 0.75, -0.1, 1e9 }, "float64")
    for _, operator in ipairs { "//", "%" } do
      check(("x %s y"):format(operator), { x = x, y = y }, n)
      check(("x %s 0.75"):format(operator), { x = x }, n)
      check(("-7.5 %s y"):format(operator), { y = y }, n)
    end
  end)

  it("compares whole and real numbers exactly", function()
    local reals = { 2.0 ^ 63, -2.0 ^ 63, -2.0 ^ 63 - 2048, 2.0 ^ 53 + 2, 1e300, huge, -huge, nan, 0.5, -0.5, -0.0, 3.0 }
    check_all("== ~= < <= > >=", whole, "int64", reals, "float64")
    check_all("== ~= < <= > >=", reals, "float64", whole, "int64")
    check_all("== ~= < <= > >=", { 0, 1, -128, 127 }, "int8", reals, "float64")
  end)

  it("has truth values as bytes at once", function()
    local x, y, n = pairs_of({ -1, 0, 3 }, "int64", { -1, 3, 4 }, "int64")
    for _, names in ipairs { { x = x, y = y }, { x = x, y = 3 }, { x = 3, y = y },
      { x = dynarray.from(x, "float64"), y = dynarray.from(y, "float64") },
      { x = dynarray.from(x, "float64"), y = 3.0 }, { x = 3.0, y = dynarray.from(y, "float64") } } do
      for _, operator in ipairs { "==", "~=", "<", "<=" } do
        check(("x %s y"):format(operator), names, n)
      end
    end
    for text, want in pairs {
      ["(x < 0) and (y > 3)"] = function(v, w) return v < 0 and w > 3 end,
      ["(x < 0) or (y > 3)"] = function(v, w) return v < 0 or w > 3 end,
      ["(x < 0) and 1 == 1"] = function(v) return v < 0 end,
      ["not (x < 0)"] = function(v) return v >= 0 end,
      ["not x"] = function(v) return v == 0 end,
    } do
      local truths = compute(text, { x = x, y = y })
      assert.equal("uint8", truths.type)
      for i = 1, n do assert.equal(want(x[i], y[i]) and 1 or 0, truths[i], text) end
    end
  end)

  it("of integers takes any number, also those that no element can equal", function()
    local comparisons = {
      ["=="] = function(a, b) return a == b end, ["~="] = function(a, b) return a ~= b end,
      ["<"] = function(a, b) return a < b end, ["<="] = function(a, b) return a <= b end,
      [">"] = function(a, b) return a > b end, [">="] = function(a, b) return a >= b end,
    }
    local others = { -0.0, 0.5, -0.5, 1.5, 254.5, 255.5, 2.0 ^ 53, 2.0 ^ 63, -2.0 ^ 63, 2.0 ^ 64, 1e300, -1e300, huge,
      -huge, nan, math.mininteger, math.maxinteger }
    for _, t in ipairs(types.integers) do
      local least, most = t.min, t.name == "uint64" and 2.0 ^ 64 - 2048 or t.max
      local elements = { least, least + 1, 0, 1, 2, 100, most - 1, most }
      if t.name == "uint64" then elements[7] = 2.0 ^ 63 end
      local x, numbers = dynarray.from(elements, t.name), table.move(others, 1, #others, 1, {})
      table.move({ least - 0.5, least + 0.5, most + 0.5, most - 0.5, least - 1, least, most, t.name == "uint64" and
        2.0 ^ 63 or t.max + 1 }, 1, 8, #numbers + 1, numbers)
      for _, k in ipairs(numbers) do
        for operator, compare in pairs(comparisons) do
          local right, left = compute("x " .. operator .. " k", { x = x, k = k }), compute("k " .. operator .. " x",
            { x = x, k = k })
          assert.equal("uint8", right.type)
          for i, element in ipairs(elements) do
            local what = ("%s %s %s of %s"):format(element, operator, k, t.name)
            assert.equal(compare(element, k) and 1 or 0, right[i], what)
            assert.equal(compare(k, element) and 1 or 0, left[i], "other way round: " .. what)
          end
        end
      end
    end
    local u = dynarray.from({ 2.0 ^ 63, 5 }, "uint64")
    assert.equal(2, compute("count(u > -1)", { u = u }))
    assert.equal(true, compute("all(u >= 4.5 and u ~= 6.5)", { u = u }))
    expect.holds(u:where("x < 5.5 or x < -3"), 5)
    expect.holds(compute("select(u > -1, 1, 2) + (not (u < 0))", { u = u }), 2, 2)
  end)

  it("of uint64 with elements of other types is exact, as math.ult is", function()
    -- How a number of 64 bits without a sign compares: -1, 0, 1, or nil with NaN.
    local function order(u, x)
      if math.type(x) == "integer" then
        return (x < 0 or math.ult(x, u)) and 1 or u == x and 0 or -1
      end
      if x ~= x then return nil end
      if x < 0 then return 1 end
      if x >= 2.0 ^ 64 then return -1 end
      local below = x // 1
      local bits = below < 2.0 ^ 63 and below | 0 or (below - 2.0 ^ 63 | 0) ~ math.mininteger
      if u ~= bits then return math.ult(u, bits) and -1 or 1 end
      return x > below and -1 or 0
    end
    local comparisons = { ["=="] = function(o) return o == 0 end, ["~="] = function(o) return o ~= 0 end,
      ["<"] = function(o) return o == -1 end, ["<="] = function(o) return o == -1 or o == 0 end,
      [">"] = function(o) return o == 1 end, [">="] = function(o) return o == 1 or o == 0 end }
    local backwards = { ["=="] = "==", ["~="] = "~=", ["<"] = ">", ["<="] = ">=", [">"] = "<", [">="] = "<=" }
    local large = { 0, 1, 5, 127, 255, (1 << 53) + 1, math.maxinteger, math.mininteger, math.mininteger + 1, -2049,
      -2048, -2047, -1 } -- as int64
    local others = { float32 = { -huge, -1.5, -0.0, 0.5, 1, 5, 2.0 ^ 63, 2.0 ^ 64, 2.0 ^ 64 - 2.0 ^ 40, huge, nan },
      float64 = { -huge, -1e-300, -0.0, 1e-300, 0.5, 1, 4.5, 5, 2.0 ^ 53, 2.0 ^ 53 + 2, 2.0 ^ 63 - 1024, 2.0 ^ 63,
        2.0 ^ 63 + 2048, 2.0 ^ 64 - 2048, 2.0 ^ 64, 1e300, huge, nan } }
    for _, t in ipairs(types.integers) do
      others[t.name] = t.name ~= "uint64" and { t.min, t.min + 1, 0, 1, 5, 100, t.max - 1, t.max } or nil
    end
    for kind, values in pairs(others) do
      local u, y = {}, dynarray.new(kind)
      for _, bits in ipairs(large) do
        for _, other in ipairs(values) do
          u[#u + 1] = bits
          y:append(other)
        end
      end
      local names = { u = dynarray.frombytes(string.pack(("j"):rep(#u), table.unpack(u)), "uint64"), y = y }
      for operator, holds in pairs(comparisons) do
        local back = backwards[operator]
        for text, value in pairs {
          ["u %s y"] = function(x) return x end,
          ["u %s (y + 1)"] = function(x) return x + 1 end,
          ["u %s (y > 1 and 1)"] = function(x) return x > 1 and 1 or 0 end,
        } do
          local swapped = text:gsub("^u %%s (.*)$", "%1 %%s u")
          local right, left = compute(text:format(operator), names), compute(swapped:format(back), names)
          assert.equal("uint8", right.type)
          for k, bits in ipairs(u) do
            local wanted = holds(order(bits, value(y[k]))) and 1 or 0
            local what = ("%s, u = 0x%x, %s %s"):format(text:format(operator), bits, kind, y[k])
            assert.equal(wanted, right[k], what)
            assert.equal(wanted, left[k], "other way round: " .. what)
          end
        end
      end
    end
    local u = dynarray.filled(2, 2.0 ^ 63, "uint64")
    local n = dynarray.filled(2, 3, "int16")
    expect.holds(u:where("x > i"), 2.0 ^ 63, 2.0 ^ 63)
    assert.equal(2, compute("count(u > n and not (u <= n))", { u = u, n = n }))
    expect.holds(compute("select(u > n, n, 0)", { u = u, n = n }), 3, 3)
  end)

  it("with uint64 above the integers says what to write", function()
    local u, n = dynarray.from({ 5, 2.0 ^ 63 }, "uint64"), dynarray.from({ 1, 2 }, "int64")
    local names = { u = u, n = n }
    for text, column in pairs { ["u + n"] = 3, ["n - u * 2"] = 7, ["select(n > 1, u, 0)"] = 1, ["max(u, n)"] = 1,
      ["u & 1"] = 3 } do
      fails(("column %d: 9.2233720368548e+18 is too large for an integer at index 2: float64(...) around the operand "
        .. "makes floats of its elements"):format(column), text, names)
    end
    expect.holds(compute("float64(u) + n", names), 6.0, 2.0 ^ 63)
    expect.holds(compute("select(n > 1, float64(u), 0)", names), 0.0, 2.0 ^ 63)
    expect.raises('too large for an integer at index 2: astype("float64") makes an array of floats', function()
      return u // 2
    end)
    expect.holds(u:astype("float64") // 2, 2.0, 2.0 ^ 62)
  end)

  it("of int32 adds, subtracts and multiplies in 64 bits", function()
    local least, most = -2147483648, 2147483647
    local t, u = { least, least, most, most, 0, -1, 7 }, { least, most, most, least, most, -1, -3 }
    for _ = 1, 2000 do
      t[#t + 1], u[#u + 1] = math.random(least, most), math.random(least, most)
    end
    local x, y = dynarray.from(t, "int32"), dynarray.from(u, "int32")
    for text, f in pairs {
      ["x + y"] = function(a, b) return a + b end, ["x - y"] = function(a, b) return a - b end,
      ["x * y"] = function(a, b) return a * b end, ["2 * x"] = function(a) return 2 * a end,
      ["x * 2"] = function(a) return 2 * a end, ["x * x"] = function(a) return a * a end,
      ["2147483647 - x"] = function(a) return most - a end, ["x - 2147483648"] = function(a) return a + least end,
      ["x * -2147483648"] = function(a) return a * least end, ["x + 1 << 40"] = function(a) return (a + 1) << 40 end,
      ["x // 3 + x * 2 - x"] = function(a) return a // 3 + a * 2 - a end,
      ["x * y + y * 2 + (x - y) // 5"] = function(a, b) return a * b + b * 2 + (a - b) // 5 end,
      ["2*x + y*y"] = function(a, b) return 2 * a + b * b end, ["x*x + y*y"] = function(a, b) return a * a + b * b end,
      ["x*x - y*2147483647"] = function(a, b) return a * a - b * most end,
      ["-2147483648*x - y*y"] = function(a, b) return least * a - b * b end,
      ["x - y*y"] = function(a, b) return a - b * b end, ["x*y - x"] = function(a, b) return a * b - a end,
      ["3 + x*y"] = function(a, b) return 3 + a * b end, ["x*y - 3"] = function(a, b) return a * b - 3 end,
      ["x*y + (y > x)"] = function(a, b) return a * b + (b > a and 1 or 0) end,
      ["(x ~ y) - 7*x"] = function(a, b) return (a ~ b) - 7 * a end,
      ["(x*y << 1) - 7*x"] = function(a, b) return (a * b << 1) - 7 * a end,
      ["x*y - (x*x - (y*y - (x - 2*y)))"] = function(a, b) return a * b - (a * a - (b * b - (a - 2 * b))) end,
    } do
      local got = compute(text, { x = x, y = y })
      assert.equal("int64", got.type)
      for i = 1, #t do assert.equal(f(t[i], u[i]), got[i], text) end
    end
    local sums = dynarray.range(1, #t):mul(math.maxinteger // #t)
    local before, floats = sums:copy(), dynarray.range(1, #t, 1, "float64")
    compute("s - x*y", { s = sums, x = x, y = y }, sums)
    for i = 1, #t do assert.equal(before[i] - t[i] * u[i], sums[i]) end
    local mixed = compute("f + x*y", { f = floats, x = x, y = y })
    for i = 1, #t do assert.equal(i + 0.0 + t[i] * u[i], mixed[i]) end
    assert.equal(compute("x*y + x*x", { x = x, y = y }):sum(), compute("sum(x*y + x*x)", { x = x, y = y }))
  end)

  it("of whole truth values and others joins them", function()
    local x, y = dynarray.from({ 0, 2, -1, 0 }, "int32"), dynarray.from({ 0.0, nan, 0.5, -0.0 }, "float64")
    expect.holds(compute("x and y", { x = x, y = y }), 0, 1, 1, 0)
    expect.holds(compute("x or y", { x = x, y = y }), 0, 1, 1, 0)
    expect.holds(compute("x and 5", { x = x }), 0, 1, 1, 0)
    expect.holds(compute("(x & 6) and y", { x = x, y = y }), 0, 1, 1, 0)
    expect.holds(compute("not y", { y = y }), 1, 0, 0, 1)
    expect.holds(compute("0.0 or x", { x = x }), 0, 1, 1, 0)
  end)

  it("chooses between arrays and numbers of either kind", function()
    local c, x, y = dynarray.from({ 1, 0, 2, 0 }, "int8"), dynarray.range(1, 4), dynarray.range(11, 14)
    local f = dynarray.from({ 0.5, 1.5, 2.5, 3.5 }, "float64")
    local names = { c = c, x = x, y = y, f = f }
    expect.holds(compute("select(c, x, y)", names), 1, 12, 3, 14)
    expect.holds(compute("select(c, 7, y)", names), 7, 12, 7, 14)
    expect.holds(compute("select(c, x, 7)", names), 1, 7, 3, 7)
    expect.holds(compute("select(c, 8, 7)", names), 8, 7, 8, 7)
    expect.holds(compute("select(1, x, y)", names), 1, 2, 3, 4)
    expect.holds(compute("select(0, x, y)", names), 11, 12, 13, 14)
    expect.holds(compute("select(0, x, 5)", names), 5, 5, 5, 5)
    expect.holds(compute("select(2.5, 5, y)", names), 5, 5, 5, 5)
    expect.holds(compute("select(c, f, y)", names), 0.5, 12.0, 2.5, 14.0)
    expect.holds(compute("select(c, x, 0.25)", names), 1.0, 0.25, 3.0, 0.25)
    expect.holds(compute("select(c > 0, x > 2, y > 13)", names), 0, 0, 1, 1)
    expect.holds(compute("select(c > 0, x > 2, y) + 0", names), 0, 12, 1, 14)
    expect.holds(compute("select(f, x, y) == select(0.0, f, x)", names), 1, 1, 1, 1)
  end)

  it("takes the least and the greatest of numbers of either kind", function()
    local x, y = dynarray.from({ 1, -5, 7 }, "int32"), dynarray.from({ 2, -7, 7 }, "int64")
    local f = dynarray.from({ 0.5, nan, -8.0 }, "float64")
    expect.holds(compute("min(x, y)", { x = x, y = y }), 1, -7, 7)
    expect.holds(compute("max(x, y)", { x = x, y = y }), 2, -5, 7)
    expect.holds(compute("min(x, 0)", { x = x }), 0, -5, 0)
    expect.holds(compute("max(0, x)", { x = x }), 1, 0, 7)
    expect.holds(compute("min(f, x)", { x = x, f = f }), 0.5, nan, -8.0)
    expect.holds(compute("max(f, x)", { x = x, f = f }), 1.0, nan, 7.0)
    expect.holds(compute("min(f, 0.0)", { f = f }), 0.0, nan, -8.0)
    expect.holds(compute("max(f, 0.25)", { f = f }), 0.5, nan, 0.25)
    expect.holds(compute("min(0.25, f)", { f = f }), 0.25, nan, -8.0)
    expect.holds(compute("max(0.0, f)", { f = f }), 0.5, nan, 0.0)
    expect.holds(compute("min(k, f)", { f = f, k = nan }), nan, nan, nan)
    expect.holds(compute("max(k, f)", { f = f, k = nan }), nan, nan, nan)
    expect.holds(compute("max(x, y, f, 6)", { x = x, y = y, f = f }), 6.0, nan, 7.0)
    expect.holds(compute("clamp(x, -1, 1)", { x = x }), 1, -1, 1)
    expect.holds(compute("max(x, 3) < 2.5", { x = x }), 0, 0, 0)
  end)
end)

describe("a function", function()
  local exp, log = math.exp, math.log

  local function erf(x) -- by its series
    local term, sum = x, x
    for n = 1, 60 do
      term = -term * x * x / n
      sum = sum + term / (2 * n + 1)
    end
    return 2 / math.sqrt(math.pi) * sum
  end

  local known = {
    exp = exp, log = log, sin = math.sin, cos = math.cos, tan = math.tan, asin = math.asin, acos = math.acos,
    atan = math.atan, sqrt = math.sqrt, abs = math.abs, erf = erf,
    exp2 = function(x) return 2.0 ^ x end,
    expm1 = function(x) return exp(x) - 1 end,
    log2 = function(x) return log(x, 2) end,
    log10 = function(x) return log(x, 10) end,
    log1p = function(x) return log(1 + x) end,
    sinh = function(x) return (exp(x) - exp(-x)) / 2 end,
    cosh = function(x) return (exp(x) + exp(-x)) / 2 end,
    tanh = function(x) return 1 - 2 / (exp(2 * x) + 1) end,
    asinh = function(x) return log(x + math.sqrt(x * x + 1)) end,
    acosh = function(x) return log(x + math.sqrt(x * x - 1)) end,
    atanh = function(x) return log((1 + x) / (1 - x)) / 2 end,
    cbrt = function(x) return x < 0 and -(-x) ^ (1 / 3) or x ^ (1 / 3) end,
    floor = function(x) return math.floor(x) * 1.0 end,
    ceil = function(x) return math.ceil(x) * 1.0 end,
    trunc = function(x) return (x < 0 and math.ceil(x) or math.floor(x)) * 1.0 end,
    round = function(x) return (x < 0 and math.ceil(x - 0.5) or math.floor(x + 0.5)) * 1.0 end,
    isnan = function(x) return x ~= x and 1 or 0 end,
    isinf = function(x) return (x == huge or x == -huge) and 1 or 0 end,
    isfinite = function(x) return (x == x and x ~= huge and x ~= -huge) and 1 or 0 end,
  }

  local function near(want, got, what)
    if not (want == got or want ~= want and got ~= got or math.abs(want - got) <= 1e-10 * math.abs(want)) then
      error(("%s is %s, not %s"):format(what, got, want), 2)
    end
  end

  it("of one argument is the one of that name", function()
    local x = dynarray.from({ 0.25, 0.5, 0.75, 0.999, 1.25, 2.5, 10.75, -0.5, -2.5, nan, huge }, "float64")
    for name, f in pairs(known) do
      local got = compute(name .. "(x)", x)
      for i = 1, name == "erf" and 6 or #x do near(f(x[i]), got[i], ("%s(%s)"):format(name, x[i])) end
      near(f(0.625), compute(name .. "(0.625) + 0 * x", x)[1], name .. " of a number")
      near(f(3.0), compute(name .. "(n)", { n = dynarray.from({ 3 }, "int16") })[1], name .. " of an integer")
    end
  end)

  it("of two arguments takes arrays and numbers", function()
    local x, y = dynarray.from({ 3.0, -7.5, 0.5 }, "float64"), dynarray.from({ 4.0, 2.0, -0.25 }, "float64")
    for name, f in pairs { hypot = function(a, b) return math.sqrt(a * a + b * b) end, fmod = math.fmod,
      atan2 = math.atan, atan = math.atan, log = function(a, b) return log(a) / log(b) end } do
      for i = 1, 3 do
        near(f(x[i], y[i]), compute(name .. "(x, y)", { x = x, y = y })[i], name)
        near(f(x[i], 1.5), compute(name .. "(x, 1.5)", { x = x })[i], name)
        near(f(1.5, y[i]), compute(name .. "(1.5, y)", { y = y })[i], name)
      end
    end
    for i = 1, 3 do
      near(log(y[i], 2), compute("log(y, 2)", { y = y })[i], "log of base 2")
      near(log(y[i], 10), compute("log(y, 10)", { y = y })[i], "log of base 10")
      near(log(y[i]) / log(3), compute("log(y, 3)", { y = y })[i], "log of base 3")
    end
    assert.equal(1.0, compute("sum(log(y, 2))", { y = dynarray.from({ 2 }, "float64") }))
  end)

  it("leaves whole numbers whole where it rounds", function()
    for _, name in ipairs { "floor", "ceil", "trunc", "round" } do
      local a = compute(name .. "(x)", dynarray.from({ -3, 5 }, "int8"))
      assert.equal("int64", a.type)
      expect.holds(a, -3, 5)
    end
  end)

  it("with another number of arguments is an error that says how many it takes", function()
    local a = dynarray.from({ 1 }, "float64")
    for text, message in pairs {
      ["sum()"] = "column 1: sum takes one argument", ["sum(a, a)"] = "column 1: sum takes one argument",
      ["sqrt(a, a)"] = "sqrt takes one argument", ["int8()"] = "int8 takes one argument",
      ["1 + hypot(a)"] = "column 5: hypot takes two arguments", ["fmod(a, a, a)"] = "fmod takes two arguments",
      ["min()"] = "min takes at least one argument", ["max()"] = "max takes at least one argument",
      ["clamp(a, 1)"] = "clamp takes three arguments", ["select(a, 1, 2, 3)"] = "select takes three arguments",
      ["iif(a, 1, 2)"] = "no function 'iif': select(c, x, y) chooses", ["pow(a, 2)"] = "no function 'pow': write x ^ y",
      ["mod(a, 2)"] = "no function 'mod': write x % y", ["maximum(a, 2)"] = "no function 'maximum': max(x, y)",
      ["minimum(a, 2)"] = "no function 'minimum': min(x, y)",
      ["std(a)"] = "no function 'std': give the result of a:std()",
      ["var(a)"] = "no function 'var': give the result of a:var()",
      ["median(a)"] = "no function 'median': give the result",
      [("f"):rep(60) .. "(a)"] = "no function '" .. ("f"):rep(39) .. "'",
      ["max(a"] = "')' expected at the end", ["max(a a)"] = "')' or ',' expected near 'a'",
      ["(a a"] = "')' expected near 'a'",
      ["sum(sum(a))"] = "at most one reduction (sum, mean, min, max, count, any, all) is allowed",
      ["sum(a, "] = "expression ends too early", ["-"] = "expression ends too early",
      ["a <"] = "expression ends too early",
    } do
      fails(message, text, { a = a })
    end
  end)
end)

describe("a text", function()
  local a = dynarray.from({ 3 }, "float64")

  it("may have blanks and lines, and names of all letters", function()
    expect.holds(compute("\t a\n+\r\n\v\f1 ", { a = a }), 4.0)
    expect.holds(compute("Zz_9 * _Aa", { Zz_9 = a, _Aa = a }), 9.0)
    for _, text in ipairs { "a \27 1", "a \1 1", "a @ 1", "a { 1", "a ` 1", "a \200 1" } do
      fails(("unexpected '%s'"):format(text:sub(3, 3)), text, { a = a })
    end
  end)

  it("has numbers as Lua has them", function()
    for _, digits in ipairs { "0", "7", ".5", "5.", "1e3", "1E-3", "0x1F", "0X1f", "9223372036854775807",
      "9223372036854775808", "18446744073709551615", "18446744073709551616", "100000000000000000000", "0.1",
      "123456789012345678901234567890e-20", "1" .. ("0"):rep(1100) .. "e-1100" } do
      local x = load("return " .. digits)()
      expect.holds(compute(digits .. " + 0 * a", { a = a }), x + 0.0)
      expect.holds(compute("select(1, " .. digits .. ", n)", { n = dynarray.from({ 3 }, "int8") }), x)
    end
    for _, text in ipairs { "1.2.3", "1e5x", "3_", "0x1g", "1..2" } do
      fails("malformed number", "a + " .. text, { a = a })
    end
    fails("unexpected '.'", ".", { a = a })
    fails("unexpected '.'", ".a", { a = a })
  end)

  it("has true and false, which are 1 and 0", function()
    expect.holds(compute("a * true + false", { a = a }), 3.0)
    expect.holds(compute("a and true", { a = a }), 1)
  end)

  it("of numbers alone fills an array", function()
    for _, out in ipairs { dynarray.filled(2000, 9, "int64"), dynarray.filled(2000, 9, "float64"),
      dynarray.filled(2000, 9, "uint8") } do
      assert.equal(2000, compute("2 * 3", {}, out):count(6))
    end
    assert.equal(3, compute("1.5", {}, dynarray.filled(3, 0, "float32")):count(1.5))
    assert.equal(3, compute("1 < 2", {}, dynarray.filled(3, 7, "uint8")):count(1))
    fails("number 1.5 has no integer representation", "1.5", {}, dynarray.filled(3, 0, "int64"))
    local ones = compute("1", a)
    assert.equal("int64", ones.type)
    expect.holds(ones, 1)
  end)

  it("with more results in between than there is memory for is too complex", function()
    fails("too complex: more than 32 intermediate results", ("(a+1)^"):rep(33) .. "(a+1)", { a = a })
    fails("too complex: more than 32 intermediate results", ("(a+1)^"):rep(32) .. "n", {
      a = a, n = dynarray.from({ 1 }, "int8") })
    assert.equal(1.0, compute(("(a-2)^"):rep(31) .. "(a-2)", { a = a })[1])
  end)

  it("whose numbers alone have no result says so once", function()
    local n = dynarray.from({ 3 }, "int32")
    fails("column 3: number 1.5 has no integer representation", "n & 1.5", { n = n })
    fails("column 5: number 1.5 has no integer representation", "1.5 & 2.5 | n", { n = n })
    fails("attempt to perform 'n//0'", "n + 1 // 0", { n = n })
  end)

  it("may use an operand as a whole and as a real number", function()
    local n, u = dynarray.from({ 3, -4 }, "int16"), dynarray.from({ 2.0 ^ 63, 5 }, "uint64")
    expect.holds(compute("(n & 1) + n * 0.5 + n / 2 + n", { n = n }), 7.0, -8.0)
    expect.holds(compute("n * n + n * 1.0 + (n | 0)", { n = n }), 15.0, 8.0)
    expect.holds(compute("u * 0.5 + u", { u = u }), 2.0 ^ 63 * 1.5, 7.5)
    for _, text in ipairs { "floor(n)", "int64(n)", "select(1, n, n)", "round(n)", "float64(n)" } do
      assert.is_true(compute(text .. " + 0 * n", { n = n }) == compute(text, { n = n }), text)
      assert.is_true(compute(text .. " + n * 0.5", { n = n }) == compute("n * 1.5", { n = n }), text)
    end
    fails("9.2233720368548e+18 is too large for an integer", "u + 0 < 6.5", { u = u })
  end)

  it("keeps what a number chooses among the same operand until it is used", function()
    local m = dynarray.from({ 10, 20 }, "int8")
    for _, type in ipairs { "int8", "uint64" } do
      local n = dynarray.from({ 1, 2 }, type)
      expect.holds(compute("select(1, n, n) + (m + 1)", { n = n, m = m }), 12, 23)
      expect.holds(compute("select(false, n, n) * (m + 1)", { n = n, m = m }), 11, 42)
      expect.holds(compute("select(1, n, m) - (n + m)", { n = n, m = m }), -10, -20)
    end
    local f = dynarray.from({ 1, 2 }, "float32")
    assert.equal("int64", compute("select(k, 1, m)", { k = 1, m = m }).type)
    assert.equal("int64", compute("select(0, m, true)", { m = m }).type)
    assert.equal("int64", compute("select(1, 1, m) * 1", { m = m }).type)
    assert.equal("uint8", compute("1 < 2 or m", { m = m }).type)
    assert.equal("uint8", compute("select(1, m > 10, true)", { m = m }).type)
    expect.holds(compute("select(1, f, f) + (m + 1)", { f = f, m = m }), 12.0, 23.0)
  end)
end)

describe("elements", function()
  it("of each type are operands, whole and real", function()
    for _, t in ipairs(types.integers) do
      local x = dynarray.from({ t.min, 0, 1, 100, t.max }, t.name)
      for i, v in ipairs { t.min, 0, 1, 100, t.max } do
        assert.equal(v, compute("x + 0", x)[i])
        assert.equal(v * 0.5, compute("x * 0.5", x)[i])
      end
    end
    for _, t in ipairs(types.floats) do
      expect.holds(compute("x * 2", dynarray.from({ 0.5, -0.0, huge }, t.name)), 1.0, -0.0, huge)
      expect.holds(compute("x | 8", dynarray.from({ 1.0, -3.0 }, t.name)), 9, -3 | 8)
      for _, v in ipairs { 0.5, nan, huge, 2.0 ^ 63, -2.0 ^ 64 } do
        fails("has no integer representation at index 2", "x | 8", { x = dynarray.from({ 1, v }, t.name) })
      end
    end
  end)

  --- Numbers just within and just outside of the type, those in order of the direction.
  local function edges(t)
    local inside, outside = { t.min, 0, 1, t.max }, { t.min - 1, t.max + 1 }
    if t.name == "int64" then outside = {} elseif t.name == "uint64" then outside = { -1 } end
    return inside, outside
  end

  it("are converted to each type if they fit, from whole and from real numbers", function()
    for _, t in ipairs(types.integers) do
      local inside, outside = edges(t)
      local x = dynarray.from(inside, "int64")
      for _, text in ipairs { "x", t.name .. "(x)", t.name .. "(x) + 0" } do
        local kind = text == "x" and t.name or nil
        assert.same(inside, compute(text, { x = x }, kind):totable())
        for _, v in ipairs(outside) do
          fails("does not fit into " .. t.name, text, { x = dynarray.from({ 1, v }, "int64") }, kind)
        end
      end
      assert.same(inside, compute(t.name .. "(x)", { x = x }, t.name):totable())
      local other = t.name == "int64" and "float64" or "int64"
      assert.equal(other, compute(t.name .. "(x)", { x = x }, other).type)
      if t.size < 8 then
        local below = dynarray.from({ 1.0, t.min - 1.0 }, "float64")
        fails("does not fit into " .. t.name, "f", { f = below }, t.name)
        fails("does not fit into " .. t.name, t.name .. "(f) + 0", { f = below })
      end
      for _, v in ipairs { 0.0, 1.0, 100.0, t.min * 1.0, 2.0 ^ 62 } do
        local fits = math.tointeger(v) <= t.max
        local f = dynarray.from({ 1.0, v }, "float64")
        if fits then
          expect.holds(compute("f", { f = f }, t.name), 1, math.tointeger(v))
          expect.holds(compute(t.name .. "(f) + 0", { f = f }), 1, math.tointeger(v))
        else
          fails("does not fit into " .. t.name, "f", { f = f }, t.name)
          fails("does not fit into " .. t.name, t.name .. "(f) + 0", { f = f })
        end
      end
      for _, v in ipairs { 2.0 ^ 64, -2.0 ^ 63 - 2048, huge, -huge, nan, 0.5, -1.5 } do
        assert.is_false(pcall(compute, "f", { f = dynarray.from({ 1, v }, "float64") }, t.name), t.name)
        assert.is_false(pcall(compute, t.name .. "(f) + 0", { f = dynarray.from({ 1, v }, "float64") }), t.name)
      end
    end
    expect.holds(compute("f", { f = dynarray.from({ 2.0 ^ 63 }, "float64") }, "uint64"), 2.0 ^ 63)
  end)

  it("are converted to floats", function()
    local x = dynarray.from({ 1, -1, math.maxinteger, 16777217 }, "int64")
    for _, t in ipairs(types.floats) do
      local want = {}
      for i = 1, 4 do want[i] = t.size == 4 and types.round32(x[i] * 1.0) or x[i] * 1.0 end
      expect.holds(compute("x", { x = x }, t.name), table.unpack(want))
      expect.holds(compute(t.name .. "(x)", { x = x }), table.unpack(want))
      expect.holds(compute(t.name .. "(x) + 0", { x = x }), table.unpack(want))
    end
    local f = dynarray.from({ 0.1, nan, huge, -huge, types.largest_float32 }, "float64")
    local want = { types.round32(0.1), nan, huge, -huge, types.largest_float32 }
    expect.holds(compute("f", { f = f }, "float32"), table.unpack(want))
    expect.holds(compute("float32(f) + 0", { f = f }), table.unpack(want))
    for _, v in ipairs { 1e39, -1e39 } do
      fails("does not fit into float32", "f", { f = dynarray.from({ 1, v }, "float64") }, "float32")
      fails("does not fit into float32", "float32(f) + 0", { f = dynarray.from({ 1, v }, "float64") })
    end
  end)

  it("of float32 that become too large are infinite where an operator computes them", function()
    local f = dynarray.from({ 3e38, -3e38, 1.5 }, "float32")
    expect.holds(f ^ 3, huge, -huge, 3.375)
    assert.equal("float32", (f ^ 3).type)
  end)
end)

describe("a reduction of several blocks", function()
  it("finds the best element in any of them", function()
    for _, kind in ipairs { "int64", "float64" } do
      for at = 500, 2500, 1000 do
        local a = dynarray.filled(3000, 5, kind)
        a[at], a[at + 1] = 9, 1
        assert.equal(10, compute("max(x + 1)", a))
        assert.equal(2, compute("min(x + 1)", a))
      end
      local up = compute("i", {}, dynarray.filled(3000, 0, kind))
      assert.equal(3000, compute("max(x)", up))
      assert.equal(1, compute("min(x)", up))
      assert.equal(-1, compute("max(-x)", up))
      assert.equal(-3000, compute("min(-x)", up))
    end
  end)

  it("counts what is not zero, of numbers of either kind", function()
    local x, f = dynarray.filled(3000, 0, "int32"), dynarray.filled(3000, 0.0, "float64")
    assert.is_false(compute("any(x)", x))
    assert.is_false(compute("any(x)", f))
    x[2000], f[2000], f[1] = 7, nan, -0.0
    assert.equal(1, compute("count(x)", x))
    assert.equal(1, compute("count(x)", f))
    assert.is_true(compute("any(x)", f))
    assert.is_false(compute("all(x)", f))
  end)

  it("of a number alone is that of so many equal ones", function()
    local x = dynarray.filled(3000, 1, "int8")
    assert.equal(6000, compute("sum(2)", x))
    assert.equal(1500.0, compute("sum(0.5)", x))
    assert.equal(2.0, compute("mean(2)", x))
    assert.equal(7, compute("max(7)", x))
  end)
end)

describe("an expression's operands", function()
  local a = dynarray.from({ 1, 2 }, "int8")

  it("may be truth values", function()
    expect.holds(dynarray.compute("x + b", { x = a, b = true }, "int8"), 2, 3)
    expect.holds(dynarray.compute("x + b", { x = a, b = false }, "int8"), 1, 2)
  end)

  it("are x alone if an array is given in place of a table", function()
    expect.raises("no operand is named 'y'", dynarray.compute, "x + y", a)
    expect.raises("no operand is named 'z'", dynarray.compute, "x + z", a)
    expect.raises("no operand is named 'y'", a.where, a, "y > 1")
  end)

  it("may be empty, where something could fail", function()
    local empty = dynarray.new "int8"
    local out = dynarray.new "int8"
    assert.equal(out, dynarray.compute("x // y", { x = empty, y = empty }, out))
    assert.equal(0, #out)
  end)

  it("give a number for a reduction, which has no type", function()
    expect.raises("a reduction gives a number, not an array", dynarray.compute, "sum(x)", a, "int8")
    expect.raises("a reduction gives a number, not an array", dynarray.compute, "sum(x)", a, a)
  end)

  it("are named if one does not fit", function()
    expect.raises("300 does not fit into int8 (-128 to 127) as operand", dynarray.compute, "x + int8(300)", a)
    expect.raises("128 does not fit into int8 (-128 to 127) at index 1", dynarray.compute, "x * 128", a, "int8")
  end)
end)
