-- Every operation in a state whose allocator fails at the first, second, third ... request for memory.
local child = require "support.child"
local native = require "support.native"

local prologue = [[
  dynarray = require "dynarray"
  kept, b = {}, false
  function full(kind, n, options) -- an array without room for one more
    local o = { type = kind, capacity = n, bounds = "sequence" }
    for k, v in pairs(options or {}) do o[k] = v end
    local a = dynarray.new(o)
    for i = 1, n do a:append(kind == "value" and i % 2 == 0 and { i } or kind:find("int8") and i & 127 or i) end
    return a
  end
  function take() -- what a failure must not change
    local s = { size = #a, capacity = a.capacity, type = a.type, growth = a.growth, block = a.block }
    for i = 1, #a do s[i] = a[i] end
    collectgarbage()
    collectgarbage()
    s.memory = dynarray.memory()
    return s
  end
  function differs()
    local s = take()
    for k, v in pairs(before) do
      if k ~= "memory" and not rawequal(s[k], v) then
        return ("%s was %s and became %s"):format(k, v, s[k])
      end
    end
    for k in pairs(s) do
      if before[k] == nil then return tostring(k) .. " appeared" end
    end
    for _, k in ipairs { "bytes", "arrays" } do
      if s.memory[k] ~= before.memory[k] then
        return ("memory().%s was %s and became %s"):format(k, before.memory[k], s.memory[k])
      end
    end
  end
]]

-- A name; what makes `a`; the operation; what is true afterwards; whether the operation catches its error as `b`.
-- shrinks: making a block smaller has to succeed, since a growth is undone that way. before: what may stand before the
-- message, where there was memory to say it.
local cases = {
  { "new", "a = full('value', 1)", "b = dynarray.new()", "#b == 0" },
  { "an expression with results in between", "a = full('float64', 3000)",
    "b = dynarray.compute('(x + 1) * (x + 2)', a)", "b[1] == 6 and b[3000] == 3001 * 3002" },
  { "argsort of numbers", "a = full('int32', 1000)", "b = a:argsort()", "b[1] == 1 and b[1000] == 1000" },
  { "top of numbers", "a = full('int32', 1000)", "b = a:top(100)", "b[1] == 1000" },
  { "rolling", "a = full('int32', 1000)", "b = a:rolling(100, 'max')", "b[1] == 100 and #b == 901" },
  { "shrink_to_fit of a block that is copied", "a = full('float64', 1000, { block = 'copy' }):resize(10)",
    "a:shrink_to_fit()", "a.capacity == 10 and a[10] == 10" },
  { "new with options", "a = full('value', 1)",
    "b = dynarray.new { type = 'float64', capacity = 1000, growth = type, on_grow = type, fill = 1 }",
    "b.capacity == 1000" },
  { "new with a named policy", "a = full('value', 1)", "b = dynarray.new { growth = 'increment:10' }",
    "b.growth == 'increment:10'" },
  { "new with a large capacity", "a = full('value', 1)", "b = dynarray.new { capacity = 100000 }",
    "b.capacity == 100000" },
  { "of", "a = full('value', 1)", "b = dynarray.of(1, nil, 'x', a, 5)", "#b == 5 and b[4] == a" },
  { "from a table", "a = full('value', 1) t = { 1, 2, {}, 'x' }", "b = dynarray.from(t)", "#b == 4 and b[3] == t[3]" },
  { "from an array", "a = full('value', 30)", "b = dynarray.from(a)", "b == a" },
  { "from an array of another type", "a = full('int8', 30)", "b = dynarray.from(a, 'float64')", "b[30] == 30.0" },
  { "from an iterator", "a = full('value', 1)",
    "local i = 0; b = dynarray.from(function() i = i + 1 if i <= 100 then return { i } end end)", "#b == 100" },
  { "filled", "a = full('value', 1)", "b = dynarray.filled(100, a)", "b[100] == a" },
  { "filled with numbers", "a = full('value', 1)", "b = dynarray.filled(100, 7, 'int16')", "b[100] == 7" },
  { "append of a number", "a = full('float64', 4)", "a:append(5)", "#a == 5 and a[5] == 5" },
  { "append of an object", "a = full('value', 4)", "a:append({ 'new' })", "#a == 5 and a[5][1] == 'new'" },
  { "append of a string", "a = full('value', 4)", "a:append('x' .. #a)", "#a == 5 and a[5] == 'x4'" },
  { "append of many", "a = full('value', 4)", "a:append(1, nil, {}, 'x', 5, 6, 7, 8)", "#a == 12 and a[12] == 8" },
  { "append to a large array", "a = full('int32', 50000)", "a:append(1)", "#a == 50001 and a[50000] == 50000" },
  { "append to a large value array", "a = full('value', 20000)", "a:append(1)",
    "#a == 20001 and a[20000][1] == 20000" },
  { "append to an array without a block", "a = full('value', 0)", "a:append(1)", "#a == 1" },
  { "append by copying", "a = full('value', 10, { block = 'copy' })", "a:append({})", "#a == 11" },
  { "append, with a policy", "a = full('value', 4, { growth = function(c, n) return n + #{ c } end })", "a:append({})",
    "#a == 5 and a.capacity == 6" },
  { "append, with an observer", "a = full('value', 4, { on_grow = function(e) local s = { e.how .. '.' } end })",
    "a:append({})", "#a == 5" },
  { "append to a large array, with an observer",
    "a = full('int32', 50000, { on_grow = function(e) local s = { e.how .. '.' } end })", "a:append(1)",
    "#a == 50001 and a[50000] == 50000", shrinks = true },
  { "append by index", "a = full('value', 4)", "a[5] = {}", "#a == 5" },
  { "append by set", "a = full('value', 4)", "a:set(5, {})", "#a == 5" },
  { "append by table.insert", "a = full('int8', 4)", "table.insert(a, 1, 9)", "#a == 5 and a[1] == 9 and a[5] == 4" },
  { "writing an object over a number", "a = full('value', 4)", "a[1] = {}", "type(a[1]) == 'table'" },
  { "writing an object over an object", "a = full('value', 4)", "a[2] = {}", "#a[2] == 0" },
  { "set", "a = full('value', 4)", "a:set(3, { 3 })", "a[3][1] == 3" },
  { "get", "a = full('value', 4)", "b = a:get(2)", "b[1] == 2" },
  { "reading", "a = full('value', 4)", "b = a[2]", "b[1] == 2" },
  { "reading fields", "a = full('value', 4)", "b = { a.size, a.type, a.growth, a.block, a.bounds, a.foo, a.append }",
    "b[1] == 4 and b[2] == 'value'" },
  { "pop", "a = full('value', 4)", "b = a:pop()", "b[1] == 4 and #a == 3" },
  { "extend by a table", "a = full('value', 4) t = { 1, {}, 'x' }", "a:extend(t)", "#a == 7 and a[6] == t[2]" },
  { "extend by a large table", "a = full('int32', 4) t = {} for i = 1, 5000 do t[i] = i end", "a:extend(t)",
    "#a == 5004 and a[5004] == 5000" },
  { "extend by itself", "a = full('value', 4)", "a:extend(a)", "#a == 8 and a[8] == a[4]" },
  { "extend by an array", "a = full('value', 4) t = full('int8', 40)", "a:extend(t)", "#a == 44 and a[44] == 40" },
  { "extend by a value array", "a = full('value', 4) t = full('value', 40)", "a:extend(t)",
    "#a == 44 and a[44] == t[40]" },
  { "extend by an iterator", "a = full('value', 4)",
    "local i = 0; a:extend(function() i = i + 1 if i <= 50 then return { i } end end)", "#a == 54 and a[54][1] == 50" },
  { "extend of numbers by an iterator", "a = full('float32', 4)",
    "local i = 0; a:extend(function() i = i + 1 if i <= 50 then return i end end)", "#a == 54 and a[54] == 50" },
  { "reserve", "a = full('value', 4)", "a:reserve(1000)", "a.capacity == 1000 and #a == 4" },
  { "reserve of bytes", "a = full('int8', 4)", "a:reserve(1000000)", "a.capacity == 1000000 and #a == 4" },
  { "resize", "a = full('value', 4)", "a:resize(1000)", "#a == 1000 and a[1000] == 0" },
  { "resize with an object", "a = full('value', 4)", "a:resize(10, {})", "#a == 10 and a[10] == a[5]" },
  { "resize to fewer", "a = full('value', 40)", "a:resize(3)", "#a == 3" },
  { "shrink_to_fit", "a = full('value', 40) a:resize(3)", "a:shrink_to_fit()", "a.capacity == 3 and a[2][1] == 2" },
  { "shrink_to_fit of bytes", "a = full('int8', 4000) a:resize(300)", "a:shrink_to_fit()", "a.capacity == 300" },
  { "shrink_to_fit of nothing", "a = full('value', 40) a:resize(0)", "a:shrink_to_fit()", "a.capacity == 0" },
  { "clear", "a = full('value', 40)", "a:clear()", "#a == 0 and a.capacity == 40" },
  { "copy", "a = full('value', 40)", "b = a:copy()", "b == a and b.capacity == 40" },
  { "copy of numbers", "a = full('int64', 40)", "b = a:copy()", "b == a" },
  { "copy with everything", "a = full('value', 4, { growth = math.max, fill = {}, max_size = 9, on_grow = type })",
    "b = a:copy()", "b == a and b.growth == math.max" },
  { "copy_from a table", "a = full('value', 4) t = { {}, {}, {} }", "a:copy_from(t)", "a[3] == t[3]" },
  { "copy_from an array", "a = full('value', 4) t = full('value', 3)", "a:copy_from(t)", "a[2] == t[2]" },
  { "copy_from converting", "a = full('int16', 4) t = full('float64', 3)", "a:copy_from(t)", "a[3] == 3" },
  { "..", "a = full('value', 4)", "b = a .. a", "#b == 8 and b[8] == a[4]" },
  { ".. of types", "a = full('value', 4) t = full('int8', 30)", "b = a .. t", "#b == 34" },
  { "==", "a = full('value', 4) t = a:copy()", "b = a == t", "b == true" },
  { "tostring", "a = full('value', 4)", "b = tostring(a)", "b:find('dynarray<value>', 1, true) == 1" },
  { "tostring of floats", "a = full('float64', 20)", "b = tostring(a)", "b:find('1.0, 2.0', 1, true)" },
  { "pairs", "a = full('value', 40)", "b = 0 for i, v in pairs(a) do b = b + i end", "b == 820" },
  { "ipairs", "a = full('value', 40)", "b = 0 for i, v in ipairs(a) do b = b + i end", "b == 820" },
  { "dynarray.ipairs", "a = full('value', 40)", "b = 0 for i, v in dynarray.ipairs(a) do b = b + i end", "b == 820" },
  { "set_growth", "a = full('value', 4)", "a:set_growth(1.5)", "a.growth == 1.5" },
  { "set_growth to a function", "a = full('value', 4)", "a:set_growth(math.max)", "a.growth == math.max" },
  { "set_growth to a name", "a = full('value', 4)", "a:set_growth('cpython')", "a.growth == 'cpython'" },
  { "insert", "a = full('value', 4)", "a:insert(2, {}, 'x' .. #a, 3)", "#a == 7 and a[3] == 'x4' and a[5][1] == 2" },
  { "insert of numbers", "a = full('int32', 50000)", "a:insert(2, 7, 8)", "#a == 50002 and a[3] == 8 and a[4] == 2" },
  { "insert, with an observer", "a = full('value', 4, { on_grow = function(e) local s = { e.how .. '.' } end })",
    "a:insert(1, {})", "#a == 5 and a[3][1] == 2" },
  { "insert_all of a table", "a = full('value', 4) t = { 1, {}, 'x' }", "a:insert_all(2, t)",
    "#a == 7 and a[3] == t[2] and a[5][1] == 2" },
  { "insert_all of an array", "a = full('int16', 4) t = full('float64', 40)", "a:insert_all(5, t)",
    "#a == 44 and a[44] == 40" },
  { "insert_all of itself", "a = full('value', 4)", "a:insert_all(2, a)", "#a == 8 and a[3] == a[6]" },
  { "insert_all of a view of itself", "a = full('value', 4)", "a:insert_all(2, a:view(2, 3))",
    "#a == 6 and a[2] == a[4]" },
  { "insert_all of an iterator", "a = full('value', 4)",
    "local i = 0; a:insert_all(2, function() i = i + 1 if i <= 50 then return { i } end end)",
    "#a == 54 and a[51][1] == 50" },
  { "remove", "a = full('value', 4)", "b = a:remove(2)", "b[1] == 2 and #a == 3 and a[2] == 3" },
  { "remove_range", "a = full('value', 40)", "a:remove_range(2, 39)", "#a == 2 and a[2][1] == 40" },
  { "swap", "a = full('value', 4)", "a:swap(1, 2)", "a[1][1] == 2 and a[2] == 1" },
  { "swap_remove", "a = full('value', 4)", "b = a:swap_remove(2)", "b[1] == 2 and a[2][1] == 4" },
  { "reverse", "a = full('value', 4)", "a:reverse()", "a[1][1] == 4" },
  { "rotate", "a = full('value', 4)", "a:rotate(1)", "a[1][1] == 4 and a[2] == 1" },
  { "fill", "a = full('value', 40)", "a:fill({}, 2)", "a[1] == 1 and a[2] == a[40] and #a[2] == 0" },
  { "fill of numbers", "a = full('int8', 40)", "a:fill(7)", "a[40] == 7" },
  { "dedup", "a = full('value', 4) a:fill('x', 2)", "a:dedup()", "#a == 2 and a[2] == 'x'" },
  { "slice", "a = full('value', 40)", "b = a:slice(2, 30)", "#b == 29 and b[1] == a[2]" },
  { "map", "a = full('value', 40)", "b = a:map(function(v, i) return { v, i } end)", "#b == 40 and b[2][1] == a[2]" },
  { "map to numbers", "a = full('value', 40)", "b = a:map(function(_, i) return i end, 'int16')", "b[40] == 40" },
  { "filter", "a = full('value', 400)", "b = a:filter(function(v) return type(v) == 'table' end)", "#b == 200" },
  { "filter of numbers", "a = full('float32', 400)", "b = a:filter(function(v) return v > 100 end)", "#b == 300" },
  { "reduce", "a = full('int32', 40)", "b = a:reduce(function(s, v) return s .. v end, '')", "#b == 71" },
  { "each", "a = full('value', 4)", "b = {} a:each(function(v, i) b[i] = { v } end)", "#b == 4" },
  { "totable", "a = full('value', 40)", "b = a:totable()", "#b == 40 and b[2] == a[2]" },
  { "unpack", "a = full('value', 400)", "b = select('#', a:unpack())", "b == 400" },
  { "iter", "a = full('value', 4)", "b = a:iter()", "select(2, b()) == 1" },
  { "stats", "a = full('value', 4)", "b = a:stats()", "b.growths == 0" },
  { "memory", "a = full('value', 4)", "b = dynarray.memory()", "b.arrays >= 1" },
  { "limit", "a = full('value', 4)", "dynarray.limit(1 << 40)", "dynarray.limit() == 1 << 40" },
  { "collector", "a = full('value', 4)", "dynarray.collector { pause = 300 }", "true" },
  { "a named policy", "a = full('value', 4)", "b = dynarray.growth.cpython(8, 9, 8)", "b == 16" },
  { "an error message", "a = full('value', 4)", "b = select(2, pcall(function() return a:get('x') end))",
    "type(b) == 'string'", true },
  { "a bounds error", "a = full('int8', 4)", "b = select(2, pcall(function() a[9] = 1 end))",
    "b:find('index 9 out of bounds (size 4)', 1, true)", true },
  { "sort", "a = full('float64', 5000) a[1] = 9000", "a:sort()", "a[5000] == 9000 and a[1] == 2" },
  { "sort with a comparator", "a = full('float32', 40)", "a:sort(function(x, y) return x > y end)", "a[1] == 40" },
  { "sort of objects with a comparator", "a = full('value', 8)",
    "a:sort(function(x, y) return (tonumber(x) or x[1]) > (tonumber(y) or y[1]) end)", "a[1][1] == 8 and a[8] == 1" },
  { "sort of values", "a = full('value', 0):append('c', 'b', 'a')", "a:sort()", "a[1] == 'a'" },
  { "nth of values", "a = full('value', 0):append('c', 'b', 'a')", "b = a:nth(2)", "b == 'b'" },
  { "nth and percentile", "a = full('int16', 400)", "b = a:nth(2) + a:percentile(50)", "b == 202.5" },
  { "search", "a = full('value', 40)", "b = a:index_of(39)", "b == 39" },
  { "insert_sorted", "a = full('value', 0):append('a', 'b', 'd'):shrink_to_fit()", "a:insert_sorted('c')",
    "a[3] == 'c'" },
  { "insert_sorted of numbers", "a = full('int8', 4)", "a:insert_sorted(2)", "#a == 5 and a[3] == 2" },
  { "+", "a = full('float64', 400)", "b = a + 1", "#b == 400 and b[400] == 401" },
  { "number - array", "a = full('int32', 400)", "b = 1 - a", "b[400] == -399" },
  { "/ of integers", "a = full('int32', 400)", "b = a / a", "b[400] == 1.0" },
  { "add of what overlaps", "a = full('int32', 400)", "a:add(a)", "a[400] == 800" },
  { "an error of arithmetic", "a = full('int8', 4)", "b = select(2, pcall(function() a:add(125) end))",
    "b:find('3 + 125 does not fit into int8', 1, true)", true },
  { "probe.appends", "a = full('value', 4)", "dynarray.probe.appends(a, 3000)", "#a == 3004 and a[3004] == 3000",
    shrinks = true, before = "^append %d+ of 3000: " },
  { "probe.appends, with an observer", "a = full('int8', 4, { on_grow = function(e) local s = { e.how .. '.' } end })",
    "dynarray.probe.appends(a, 1000)", "#a == 1004", shrinks = true, before = "^append %d+ of 1000: " },
  { "probe.memory", "a = full('value', 4)", "b = dynarray.probe.memory()", "b.minor_faults > 0" },
  { "probe.overhead", "a = full('value', 4)", "b = dynarray.probe.overhead()", "b.clock > 0" },
  { "close", "a = full('value', 4)", "a:close()", "#a == 0" },
  { "<close>", "a = full('value', 4)", "do local c <close> = dynarray.of(a, {}, 'x') b = c end", "#b == 0" },
}

local most_requests = 20000

local function new_state()
  local s = native.state(package.path, package.cpath)
  local ok, err = s:run(prologue)
  assert(ok, err)
  return s
end

local function must(s, code)
  local ok, result = s:run(code)
  if not ok then
    error(("%s: %s"):format(code, result), 2)
  end
  return result
end

local function close(s)
  local bytes, faults = s:close()
  assert.equal(0, bytes)
  assert.equal(0, faults)
end

-- Lets the n-th request fail, for every n, until the operation succeeds.
local function every_failure(case, once)
  local name, setup, operation, result, catches = table.unpack(case, 1, 5)
  local s = new_state()
  must(s, setup .. " before = take()")
  local failures = 0
  for n = 1, most_requests do
    local ok, err = s:run_failing(operation, n, once, case.shrinks)
    if catches then
      -- The error is caught inside; whichever of the two it is, it is the whole of it.
      if ok and must(s, "return b == 'not enough memory'") then
        failures = failures + 1
        ok, err = false, "not enough memory"
      elseif ok and s:requests() >= n and not must(s, "return " .. result) then
        error(name .. ": wrong message", 0)
      end
    end
    if ok and s:requests() < n then
      assert.is_true(must(s, "return not not (" .. result .. ")"), name .. ": wrong result")
      break
    elseif ok then
      -- It did without, or a collection found the memory: then it has to be done entirely; begin again.
      assert.is_true(must(s, "return not not (" .. result .. ")"), name .. ": wrong result after request " .. n)
      close(s)
      s = new_state()
      must(s, setup .. " before = take()")
    else
      failures = failures + 1
      if (case.before and err:gsub(case.before, "") or err) ~= "not enough memory" then
        error(("%s, request %d: expected \"not enough memory\", got %q"):format(name, n, err), 0)
      end
      local difference = must(s, "b = false return differs()")
      if difference then
        error(("%s, request %d: %s"):format(name, n, difference), 0)
      end
    end
    assert.is_true(n < most_requests, name .. " never succeeds")
  end
  must(s, "if a.block ~= 'none' then a:append(1) end a:close() a = nil")
  close(s)
  return failures
end

describe("when memory runs out", function()
  for _, case in ipairs(cases) do
    it("nothing is lost: " .. case[1], function()
      every_failure(case, false)
    end)

    it("for a moment, nothing is lost: " .. case[1], function()
      every_failure(case, true)
    end)
  end

  -- However little there is, as long as it is enough to call f: the garbage is more than f needs.
  for what, operation in pairs {
    ["an object"] = "a:append(o)",
    ["a fill"] = "dynarray.new { type = 'int32', fill = 7 }",
    ["a policy"] = "a:set_growth(3)",
    ["a bound"] = "dynarray.new { max_size = 100 }",
    ["a block"] = "dynarray.new { type = 'int8', capacity = 1000 }",
    ["a larger block"] = "a:reserve(1000)",
  } do
    it("a collection comes first: " .. what, function()
      for room = 0, 3000, 24 do
        local s = new_state()
        must(s, "a, o = dynarray.new(), {} function f() " .. operation .. [[ return true end
          f = coroutine.wrap(f) -- whose stack is there
          collectgarbage() collectgarbage() collectgarbage "stop"
          local garbage = ("x"):rep(20000)]])
        s:limit(s:bytes() + room)
        assert.same({ true, true }, { s:run("return f()") })
        s:limit()
        close(s)
      end
    end)
  end

  for what, case in pairs {
    ["an array that gets an object"] = { "a", "a:append(o)" },
    ["a view that gets an object"] = { "b", "b[1] = o" },
    ["the parent of a view that gets an object"] = { "a", "b[1] = o" },
    ["an array that gets a policy"] = { "a", "a:set_growth(3)" },
    ["an array that gets a function"] = { "a", "a:set_growth(function(_, n) return n end)" },
  } do
    it("a collection may close " .. what, function()
      local closed, operation = table.unpack(case)
      local allowed = { done = true, ["array is closed"] = true, ["array was changed by a callback"] = true,
        ["index 1 out of bounds (size 0)"] = true }
      local outcomes = {}
      for room = 0, 3000, 12 do
        local s = new_state()
        must(s, ([[
          a, o = dynarray.of(1, 2, 3), {}
          b = a:view()
          function f() %s return "done" end
          collectgarbage() collectgarbage() collectgarbage "stop"
          setmetatable({ ("x"):rep(20000) }, { __gc = function() %s:close() end })]]):format(operation, closed))
        s:limit(s:bytes() + room)
        local _, message = s:run("return f()")
        s:limit()
        message = message:gsub("^.*: ", "")
        assert.is_true(allowed[message], message)
        outcomes[message] = true
        must(s, [[
          if #a > 0 then
            a[2] = { 5 }
            a:append({ 6 })
            assert(a[2][1] == 5 and a[#a][1] == 6)
          end
          assert(a.growth == 2 or a.growth == 3 or type(a.growth) == "function")
          b:close()
          a:close()
          assert(a.growth == 2)]])
        close(s)
      end
      assert.is_true(outcomes.done)
    end)
  end

  it("the operations that need memory do fail", function()
    for _, case in ipairs(cases) do
      if case[1]:find("^new") or case[1]:find("^append") or case[1]:find("^extend") or case[1]:find("^reserve")
        or case[1]:find("^copy$") or case[1]:find("^from") or case[1]:find("^filled") or case[1] == ".." then
        assert.is_true(every_failure(case, false) > 0, case[1])
      end
    end
  end)

  it("an observer is told the size at the growth, which a finalizer may have changed since it was wanted", function()
    local changed = 0
    for n = 1, 30 do
      local s = new_state()
      must(s, [[
        a = dynarray.new { type = "float64", capacity = 100, on_grow = function(e) told, real = e.size, #a end }
        a:resize(100)
        collectgarbage() collectgarbage "stop"
      ]])
      local ok, same, size = s:run_failing([[
        setmetatable({}, { __gc = function() a:pop() end })
        a:append(1)
        return told == real, told
      ]], n, true)
      assert.is_true(ok and same)
      changed = changed + (size == 99 and 1 or 0)
      close(s)
    end
    assert.equal(1, changed) -- where the block was refused at first, and a collection was to free memory
  end)

  it("the module can be loaded later", function()
    native.every_failure {
      name = "require", setup = "", code = "dynarray = require 'dynarray'", done = "dynarray",
      failed = "#require('dynarray').of(1, 2) == 2",
    }
  end)
end)

local older_and_younger = [[
  local dynarray, tuples
  older = setmetatable({}, { __gc = function()
    for k, a in ipairs(late) do
      print(#a, pcall(a.append, a, 1))
      print(steps[k](nil, 0), a:sum(), a, a:shrink_to_fit():close())
      print(select(2, pcall(function() return a[1] end)):match "index.*", (tuples[k](nil, 0)))
    end
    assert(select(2, pcall(dynarray.new)) == "the state is closing")
  end })
  dynarray = require "dynarray"
  younger = setmetatable({}, { __gc = function()
    late = { dynarray.filled(1000, 1, "int64"), dynarray.new("int64"):append(1),
      dynarray.new { max_size = 10000, type = "int64", capacity = 100 }:append(1, 2) }
    late[4] = late[1]:view(2, 3)
    steps, tuples = {}, {}
    for k, a in ipairs(late) do steps[k], tuples[k] = pairs(a), a:tuples(1) end
  end })
]]

describe("a state with a limit", function()
  it("binds its arrays too", function()
    for _, kind in ipairs { "value", "float64", "int8" } do
      local s = new_state()
      must(s, ("a = dynarray.new { type = %q, capacity = 4 } n = 0"):format(kind))
      s:limit(s:bytes() + 1000000)
      local ok, err = s:run("while true do a:append(n) n = n + 1 & 127 count = #a end")
      assert.is_false(ok)
      assert.equal("not enough memory", err)
      local _, peak = s:bytes()
      s:limit()
      assert.is_true(peak >= 250000)
      assert.is_true(must(s, "return #a == count and a[1] == 0 and a[128] == 127 and a[#a] == (#a - 1) & 127"))
      must(s, "a:append(1)")
      close(s)
    end
  end)

  it("closes with every kind of array alive, and no byte is left", function()
    local s = new_state()
    must(s, [[
      for _, kind in ipairs(dynarray.types) do
        for _, n in ipairs { 0, 1, 5, 100, 30000 } do
          kept[#kept + 1] = full(kind, n)
          kept[#kept + 1] = full(kind, n):append(1)
          kept[#kept + 1] = full(kind, n, { on_grow = type })
          kept[#kept + 1] = kept[#kept]:copy()
        end
      end
      local cycle = dynarray.new()
      kept[#kept + 1] = cycle:append(cycle, kept)
      co = coroutine.create(function() local a <close> = full('value', 3) coroutine.yield() end)
      coroutine.resume(co)
    ]])
    close(s)
  end)

  it("frees what finalizers make while it closes", function()
    local s = new_state()
    must(s, [[
      dead = setmetatable({}, { __gc = function()
        late = { full('value', 10), full('value', 10000), full('float64', 10000, { growth = 1.5 }) }
      end })
    ]])
    close(s)
  end)

  it("has lost its arrays for finalizers that are older than the module", function()
    assert.equal(("0\tfalse\tarray is closed\nnil\t0\tdynarray<int64>(closed)\n"
      .. "index 1 out of bounds (size 0)\tnil\n"):rep(4),
      child.output(older_and_younger))
    local s = native.state(package.path, package.cpath)
    must(s, "print = type " .. older_and_younger)
    close(s)
  end)

  it("is told of every copy that its allocator makes", function()
    local s = new_state()
    assert.equal("copied 4096", must(s, [[
      a = full('float64', 512, { on_grow = function(e) b = e.how .. ' ' .. e.bytes_copied end }):append(1)
      assert(a:stats().elements_copied == 512 and a:stats().in_place == 0 and a:stats().moves == 0)
      return b
    ]]))
    close(s)
  end)

  it("refuses blocks that its allocator cannot make", function()
    local s = new_state()
    local ok, err = s:run("dynarray.new { block = 'stable', max_size = 100 }")
    assert.is_false(ok)
    assert.truthy(err:find("stable", 1, true))
    close(s)
  end)

  it("gives back what a closed array held, at once", function()
    local s = new_state()
    must(s, "collectgarbage() collectgarbage('stop') a = nil")
    local before = s:bytes()
    must(s, "a = dynarray.filled(100000, 1, 'float64')")
    assert.is_true(s:bytes() >= before + 800000)
    must(s, "a:close()")
    assert.is_true(s:bytes() < before + 10000)
    close(s)
  end)
end)
