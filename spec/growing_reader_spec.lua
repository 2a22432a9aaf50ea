-- A reader of a file whose writer appends while a method of the reader runs: in a finalizer, which may run wherever
-- memory is allocated. The method goes on with the elements that there were at the beginning.
local child = require "support.child"

-- In a process of its own, whose heap is so small that each allocation may end a cycle. `r` is the reader of a file of
-- int64, `b` one of uint8; `n` is how many elements they have at first.
local prelude = [[
  local dynarray = require "dynarray"
  local n, path = 600, os.tmpname()
  collectgarbage("incremental", 100, 1000, 1)
  collectgarbage "restart" -- at once, not when twice the memory is used
  local function try(call, may_fail)
    local grown, fine = 0, 0
    local w, v = assert(dynarray.open(path, "int64")), assert(dynarray.open(path .. ".b", "uint8"))
    for places = 0, 30 do
      local over
      w:resize(n, 3)
      v:resize(n, 1)
      local r = assert(dynarray.open(path, { mode = "r" }))
      local b = assert(dynarray.open(path .. ".b", { mode = "r" }))
      assert(#r == n and #b == n)
      local function arm(rest)
        setmetatable({}, { __gc = function()
          if over then return end
          if rest > 0 then return arm(rest - 1) end
          w:resize(50 * n, 70000)
          v:resize(50 * n, 1)
          if #r == 50 * n and #b == 50 * n then grown = grown + 1 end
        end })
      end
      arm(places)
      local ok, message = pcall(call, dynarray, r, b, n)
      over = true
      if ok then fine = fine + 1 end
      assert(ok or may_fail and (message:find("array was changed", 1, true) or message:find("differ", 1, true)
        or message:find("wanted uint8", 1, true) or message:find("values for", 1, true)
        or message:find("out of bounds", 1, true) or message:find("column has", 1, true)
        or message:find("do not fit into an array", 1, true)), message)
      r:close()
      b:close()
    end
    w:close()
    v:close()
    os.remove(path)
    os.remove(path .. ".b")
    assert(grown > 0, "nothing grew meanwhile")
    assert(fine > 0, "nothing was computed")
  end
]]

-- What has one operand is never an error.
local alone = {
  ["a + b"] = "local s = r + r assert(#s >= n and s[n] == 2 * r[n])",
  ["2 * a"] = "local s = 2 * r assert(#s >= n)",
  argsort = "local s = r:argsort() assert(s:max() == #s)",
  ["argsort by a comparator"] = "local s = r:argsort(function(x, y) return x < y end) assert(s:max() == #s)",
  compute = [[local s = d.compute("x + 2 * y + x", { x = r, y = r }) assert(s[1] == 12)]],
  copy = "local s = r:copy() assert(s[1] == 3)",
  column = "local s = r:column(1, 3) assert(3 * #s >= n)",
  diff = "local s = r:diff() assert(s[1] == 0)",
  extend = [[local s = d.new("int32"):extend(r):extend(r) assert(#s >= 2 * n)]],
  histogram = "local s = r:histogram(4) assert(s:sum() >= n)",
  ["histogram between edges"] = "local s = r:histogram(d.range(1, 6)) assert(s:sum() >= n)",
  lower_bound = [[local s = d.range(1, 9):lower_bound(r) assert(s[1] == 3)]],
  rolling = [[local s = r:rolling(5, "max") assert(s[1] == 3)]],
  tobytes = [[assert(#r:tobytes(">") % 8 == 0)]],
  totable = "local s = r:totable() assert(s[1] == 3)",
  unique = "local s, k = r:unique() assert(s[1] == 3 and k:sum() >= n)",
  ["where by an expression"] = [[local s = r:where "x > 1" assert(s[1] == 3)]],
  write = [[
    local s = {}
    r:write({ write = function(_, t) s[#s + 1] = t return true end }, r)
    assert(s[1]:find "^3,3\n")]],
}

-- Two operands need not have the same size any more, and a number that was the size may be none.
local beside = {
  ["a - b of two types"] = "local s = r - b assert(s[1] == 2)",
  ["compute in place"] = [[
    local s = d.zeros(n, "int64")
    d.compute("x // 2 + y", { x = r, y = b }, s)
    assert(s[1] == 2)]],
  indices = "local s = r:indices(b) assert(s[n] == n)",
  put = [[local s = d.zeros(n, "int64"):put(b, r) assert(s:max() >= 3)]],
  ["put one value"] = [[local s = d.zeros(n, "int64"):put(b, 7) assert(s[1] == 7)]],
  ["rolling mean"] = [[local s = r:rolling(n, "mean") assert(s[1] == 3)]],
  set_column = [[local s = d.zeros(2 * n, "int64"):set_column(1, 2, r) assert(s[1] == 3)]],
  set_where = [[local s = d.zeros(n, "int64"):set_where(b, r) assert(s[n] == 3)]],
  take = [[local s = d.zeros(n, "int64"):take(r) assert(#s == n)]],
  ["take of a value array"] = [[local s = d.filled(n, {}):take(r) assert(#s == n)]],
  ["take of the reader"] = "local s = r:take(b) assert(s[n] == 3)",
  top = "local s = r:top(n) assert(#s == n)",
  where = "local s = r:where(b) assert(s[n] == 3)",
  ["where of a value array"] = [[local s = d.filled(n, "x"):where(b) assert(#s == n)]],
  ["where, of views"] = "local s = r:view():where(b:view()) assert(s[n] == 3)",
}

describe("a reader whose file grows while a method runs", function()
  for what, cases in pairs { alone = alone, beside = beside } do
    for name, call in pairs(cases) do
      it("leads the method to no other memory: " .. name, function()
        local words = ("try(function(d, r, b, n) %s end, %s)"):format(call, what == "beside")
        assert.equal("", child.output(prelude .. words))
      end)
    end
  end
end)
