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
      ["a + !"] = "column 5: '!' is written 'not'",
    } do
      fails(message, text, { a = a })
    end
    fails("column 3: ')' expected at the end", "(a", { a = a })
    fails("column 2: unexpected ')'", "a)", { a = a })
    fails("column 1: malformed number", "3a", { a = a })
    fails("column 7: comparisons cannot be chained", "1 < a < 2", { a = a })
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
      for i = 1, #x do assert.equal(math.log(x[i], base), result[i]) end
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
