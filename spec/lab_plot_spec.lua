-- Pictures: axes, places of labels, and what gnuplot makes of a plot.
local axis = require "dynarray.lab.plot.axis"
local child = require "support.child"
local labels = require "dynarray.lab.plot.labels"
local palette = require "dynarray.lab.plot.palette"
local plot = require "dynarray.lab.plot"

local function labels_of(ticks)
  local list = {}
  for k, tick in ipairs(ticks) do
    list[k] = tick[2]
  end
  return list
end

describe("an axis", function()
  it("holds all values, and zero unless all lie far from it", function()
    local low, high = axis.range({}, { 3, 10, 7 })
    assert.equal(0, low)
    assert.is_true(high > 10 and high < 11)
    low, high = axis.range({}, { 90, 100 })
    assert.is_true(low > 80 and low < 90 and high > 100)
  end)

  it("holds one value, or none", function()
    for _, values in ipairs { {}, { 0 }, { 5 }, { -5 }, { 0 / 0, 1 / 0 } } do
      for _, spec in ipairs { {}, { log = 10 } } do
        local low, high = axis.range(spec, values)
        assert.is_true(low < high)
        assert.is_true(#axis.ticks(spec, low, high, 5) >= 2)
      end
    end
  end)

  it("of logarithms leaves out what has none", function()
    local low, high = axis.range({ log = 10 }, { -1, 0, 10, 1000 })
    assert.is_true(low > 5 and low < 10 and high > 1000 and high < 2000)
  end)

  it("is raised so that a share of it is free", function()
    assert.equal(200, axis.raised({}, 0, 150, 0.25))
    assert.is_true(math.abs(axis.raised({ log = 10 }, 1, 1000, 0.25) - 1e4) < 1e-6)
    assert.equal(150, axis.raised({}, 0, 150, 0))
  end)

  it("has round places", function()
    assert.same({ "0", "20", "40", "60", "80", "100" }, labels_of(axis.ticks({}, 0, 104, 6)))
    assert.same({ "0", "0.5%", "1%", "1.5%" }, labels_of(axis.ticks({ unit = "%" }, 0, 1.6, 4)))
    assert.same({ "0", "500 ns", "1 µs" }, labels_of(axis.ticks({ unit = "ns" }, 0, 1040, 4)))
    assert.same({ "10", "100", "1000", "1e4" }, labels_of(axis.ticks({ log = 10 }, 9, 11000, 4)))
    assert.same({ "1", "2", "5", "10", "20" }, labels_of(axis.ticks({ log = 10 }, 0.9, 25, 12)))
    assert.same({ "3", "10", "30", "100" }, labels_of(axis.ticks({ log = 10 }, 1.5, 160, 8)))
  end)

  it("has two places at least, however narrow it is", function()
    assert.same({ "32 KiB", "1 MiB", "32 MiB" }, labels_of(axis.ticks({ unit = "bytes", log = 2 }, 15000, 7e7, 2)))
    assert.same({ "100", "1e4" }, labels_of(axis.ticks({ log = 10 }, 90, 1.1e5, 2)))
  end)

  it("has powers of two for bytes", function()
    assert.same({ "4 KiB", "8 KiB", "16 KiB" },
      labels_of(axis.ticks({ unit = "bytes", log = 2 }, 4000, 17000, 5)))
    assert.same({ "1 KiB", "32 KiB", "1 MiB", "32 MiB", "1 GiB" },
      labels_of(axis.ticks({ unit = "bytes", log = 2 }, 1000, 1.1e9, 6)))
    assert.same({ "0", "1 MiB", "2 MiB", "3 MiB" }, labels_of(axis.ticks({ unit = "bytes" }, 0, 3.2e6, 4)))
  end)

  it("says its unit once", function()
    assert.equal("copied, elements", axis.title { label = "copied", unit = "elements" })
    assert.equal("a read", axis.title { label = "a read", unit = "ns" })
    assert.equal("time, per append", axis.title { label = "time", unit = "ns/append" })
    assert.equal("size", axis.title { label = "size" })
  end)
end)

describe("labels on a line", function()
  it("stay where they are if there is room", function()
    assert.same({ 50, 10, 90 }, labels.spread({ 50, 10, 90 }, 10, 0, 100))
  end)

  it("move apart, in their order, as little as they must", function()
    assert.same({ 45, 55, 80 }, labels.spread({ 50, 50, 80 }, 10, 0, 100))
    assert.same({ 0, 10, 20 }, labels.spread({ 0, 1, 2 }, 10, 0, 100))
    assert.same({ 80, 100, 90 }, labels.spread({ 98, 100, 99 }, 10, 0, 100))
  end)

  it("never come closer than the gap, wherever they were", function()
    local seed = os.time()
    math.randomseed(seed)
    for _ = 1, 200 do
      local places = {}
      for k = 1, math.random(1, 20) do
        places[k] = math.random() * 100
      end
      local spread = labels.spread(places, 5, 0, 100)
      table.sort(spread)
      for k, place in ipairs(spread) do
        local apart = k == 1 and place >= -1e-9 or k > 1 and place - spread[k - 1] >= 5 - 1e-9
        assert(apart and place <= 100 + 1e-9, "seed " .. seed)
      end
    end
  end)
end)

describe("labels of points", function()
  it("cover neither points nor each other", function()
    local points = {}
    for k = 1, 12 do
      points[k] = { x = 100 + k * 9, y = 100 + (k * 37) % 50, width = 40, height = 12 }
    end
    local boxes = labels.place(points, {}, { x = 0, y = 0, width = 300, height = 300 })
    for i, a in ipairs(boxes) do
      for j, b in ipairs(boxes) do
        assert(i == j or not a or not b or a.x + a.width <= b.x or b.x + b.width <= a.x or a.y + a.height <= b.y
          or b.y + b.height <= a.y, ("%d and %d"):format(i, j))
      end
      for _, p in ipairs(points) do
        assert(not a or p.x < a.x or p.x > a.x + a.width or p.y < a.y or p.y > a.y + a.height)
      end
    end
    assert.truthy(boxes[1] and boxes[2] and boxes[12])
  end)

  it("are left out where there is no room", function()
    assert.same({ false }, labels.place({ { x = 5, y = 5, width = 40, height = 12 } }, {},
      { x = 0, y = 0, width = 30, height = 30 }))
  end)
end)

local curves = {
  name = "curves", title = "Time & <size>", kind = "lines",
  x = { label = "elements", log = 10 }, y = { label = "time", unit = "ns" },
  lines = {
    { label = "double", x = { 1, 10, 100 }, y = { 1, 2, 3 }, low = { 0.5, 1.5, 2.5 }, high = { 1.5, 2.5, 3.5 } },
    { label = "it's", x = { 1, 10, 100 }, y = { 3, 3, 3.1 } },
  },
  marks = { { x = 20, label = "L1d" }, { x = 10, y = 2, label = "here" } },
}
local bars = {
  name = "bars", title = "Growths", kind = "bars", x = { label = "policy" }, y = { label = "growths" },
  lines = {
    { label = "array", x = { "double", "exact" }, y = { 10, 1000 } }, { label = "table", x = { "exact" }, y = { 5 } },
  },
}

local function with(changes)
  return setmetatable(changes, { __index = curves })
end

describe("a palette", function()
  local function styles(...)
    return palette.styles(table.pack(...))
  end

  it("gives a policy one colour, whatever else is in the picture", function()
    local double = styles("double")[1].colour
    assert.equal(double, styles("exact", "other", "double")[3].colour)
    assert.equal(double, styles("Lua table", "double, copy")[2].colour)
    assert.equal(styles("increment:10")[1].colour, styles("1.5", "increment:1000, auto")[2].colour)
    local seen = {}
    for _, style in ipairs(styles("exact", "increment:1000", "cpython", "1.5", "golden", "double", "go")) do
      assert.is_nil(seen[style.colour])
      seen[style.colour] = true
    end
  end)

  it("keeps the colours of policies from what is none", function()
    local list = styles("mine", "double", "yours")
    assert.are_not.equal(list[1].colour, list[2].colour)
    assert.are_not.equal(list[3].colour, list[2].colour)
    assert.are_not.equal(list[1].colour, list[3].colour)
  end)

  it("tells lines of one colour apart by their dash, a block always by the same", function()
    local list = styles("double, auto", "double, copy", "double, stable", "double, copy")
    assert.same({ 0, 1, 2, 3 }, { list[1].dash, list[2].dash, list[3].dash, list[4].dash })
    assert.equal(1, styles("double, copy")[1].dash)
  end)

  it("leaves five lines a colour, doubling first, and greys the others", function()
    local list = palette.styles(table.pack("a", "b", "c", "d", "e", "double"), 5)
    local grey = {}
    for k, style in ipairs(list) do
      grey[#grey + 1] = style.grey and k or nil
    end
    assert.same({ 5 }, grey)
  end)

  it("puts steps before factors, each by size, and the rest behind them", function()
    local mixed = { "Lua table", "double", "golden", "3", "increment:1000", "exact", "cpython", "1.5", "increment:10",
      "rust", "python-array" }
    assert.same({ "exact", "increment:10", "increment:1000", "python-array", "cpython", "1.5", "golden", "double",
      "rust", "3", "Lua table" },
      palette.ordered(mixed, tostring))
  end)
end)

describe("a picture as SVG", function()
  it("draws at most five lines of curves in colour", function()
    local lines = {}
    for k = 1, 8 do
      lines[k] = { label = "line " .. k, x = { 1, 10 }, y = { k, k } }
    end
    local svg = assert(plot.svg(with { lines = lines }))
    assert.truthy(svg:find("var(--line5,", 1, true))
    assert.falsy(svg:find("var(--line6,", 1, true))
    assert.truthy(svg:find("var(--other,", 1, true))
  end)

  it("is one, with the names of lines, axes and marks in it", function()
    local svg = assert(plot.svg(curves))
    assert.truthy(svg:find("^<svg .*</svg>\n$"))
    local words = { "double", "it's", "elements", "time", "L1d", "here", "Time &amp; &lt;size&gt;", "3 ns" }
    for _, word in ipairs(words) do
      assert.truthy(svg:find(word, 1, true), word)
    end
  end)

  it("says in words what is seen in it", function()
    local svg = assert(plot.svg { name = "seen", title = "Time", x = { label = "elements" },
      y = { label = "time", unit = "ns" }, finding = "It stays flat.",
      lines = { { label = "double", x = { 10, 1000 }, y = { 3, 4 } }, { label = "one", x = { 5 }, y = { 7 } } } })
    local words = "Time. It stays flat. double from 3 ns at 10 to 4 ns at 1000; one 7 ns."
    assert.truthy(svg:find('aria-label="' .. words .. '"', 1, true))
    svg = assert(plot.svg { name = "found", title = "Time", x = { label = "elements" },
      y = { label = "time", unit = "ns" }, lines = { { label = "double", x = { 10, 1000 }, y = { 3, 3 } },
        { label = "increment:10", x = { 10, 1000 }, y = { 2, 90 } },
        { label = "one", x = { 5, 6 }, y = { 1, 999 } } } })
    assert.truthy(svg:find('aria-label="Time. The highest line at the right end is increment:10 (90 ns), the lowest '
      .. 'double (3 ns), 30 times apart; from left to right increment:10 rises most, 45 times. increment:10 from 2 ns',
      1, true), svg)
    svg = assert(plot.svg { name = "alone", title = "Time", x = { label = "n" }, y = { label = "time", unit = "ns" },
      lines = { { label = "wait", x = { 1, 10 }, y = { 80, 10 } } } })
    assert.truthy(svg:find('aria-label="Time. From left to right wait goes from 80 ns to 10 ns. wait from', 1, true))
    svg = assert(plot.svg { name = "bars", title = "Bars", kind = "bars", x = { label = "" }, y = { label = "n" },
      lines = { { label = "read", x = { "a", "b" }, y = { 1, 2 } }, { label = "sum", x = { "a" }, y = { 3 } } } })
    assert.truthy(svg:find('aria-label="Bars. Read: the longest bar is b (2), the shortest a (1), 2.0 times apart. '
      .. 'a: read 1, sum 3; b: read 2."', 1, true), svg)
  end)

  it("draws bars from their base to both sides", function()
    local function place(svg, colour) -- where the bar of that colour begins and ends; the first box is the legend's
      local low, high
      for tag in svg:gmatch("<[^>]*var%(%-%-line" .. colour .. ",[^>]*>") do
        low, high = math.huge, -math.huge
        for x in tag:match("points%s*=%s*'([^']*)'"):gmatch("([%d.]+),") do
          low, high = math.min(low, tonumber(x)), math.max(high, tonumber(x))
        end
      end
      return low, high
    end
    local svg = assert(plot.svg { name = "base", kind = "bars", x = { label = "" },
      y = { label = "times", unit = "x", log = 10, base = 1 },
      lines = { { label = "less", x = { "a" }, y = { 0.1 } }, { label = "more", x = { "a" }, y = { 10 } } } })
    local low, base = place(svg, 1)
    local other, high = place(svg, 2)
    assert.is_true(math.abs(base - other) < 1.5, base .. " " .. other)
    assert.is_true(low < base and base < high)
  end)

  it("has colours that follow the page", function()
    local svg = assert(plot.svg(curves))
    assert.truthy(svg:find("var(--line1,#0072B2)", 1, true))
    assert.truthy(svg:find("var(--text,", 1, true))
    assert.falsy(svg:find("rgb(", 1, true))
  end)

  it("brings them along as a file of its own", function()
    local svg = assert(plot.svg(curves, { standalone = true }))
    assert.truthy(svg:find("--line1:#0072B2", 1, true))
    assert.truthy(svg:find("prefers-color-scheme: dark", 1, true))
  end)

  it("has ids that no other picture has", function()
    local svg = assert(plot.svg(curves, { id = "one two" }))
    for id in svg:gmatch("%sid=['\"]([^'\"]*)") do
      assert.equal("one-two-", id:sub(1, 8))
    end
    for id in svg:gmatch("href='#([^']*)") do
      assert.truthy(svg:find("id='" .. id .. "'", 1, true), id)
    end
  end)

  it("is drawn for each kind of plot", function()
    for _, kind in ipairs { "lines", "points", "steps", "impulses" } do
      local svg = assert(plot.svg(with { kind = kind }))
      assert.truthy(svg:find("var(--line2,", 1, true), kind)
    end
    local svg = assert(plot.svg(bars))
    assert.truthy(svg:find("1000", 1, true))
    assert.truthy(svg:find("exact", 1, true))
  end)

  it("gives long names of lines a place below the axes", function()
    local name = ("long "):rep(10)
    local svg = assert(plot.svg(with { lines = { { label = name, x = { 1, 2 }, y = { 1, 2 } } } }, { width = 350 }))
    assert.truthy(svg:find(name:sub(1, -2), 1, true))
    assert.truthy(tonumber(svg:match('viewBox="0 0 350 (%d+)"')) > 400)
  end)

  it("leads with dots, which are no data, from a line that ends early to its name", function()
    local function dashes(last)
      local svg = assert(plot.svg(with { lines = { { label = "double", x = { 1, 2, 9 }, y = { 1, 2, 2 } },
        { label = "exact", x = { 1, last }, y = { 2, 3 } } } }))
      return select(2, svg:gsub("stroke%-dasharray", ""))
    end
    assert.equal(0, dashes(9))
    assert.equal(1, dashes(3))
  end)

  it("says which lines lie on each other", function()
    local lines = { { label = "room", x = { 1, 2, 3 }, y = { 10, 20, 30 } },
      { label = "copied", x = { 1, 2, 3 }, y = { 10.1, 20, 30 } },
      { label = "used", x = { 1, 2, 3 }, y = { 1, 2, 9 } } }
    local hidden = "The lines room and copied lie on each other."
    assert.same({ nil, hidden }, { plot.reading(with { lines = lines }) })
    assert.same({ "Look.", hidden }, { plot.reading(with { read = "Look.", lines = lines }) })
    assert.same({ "Look.", "So. " .. hidden }, { plot.reading(with { read = "Look.", notes = "So.", lines = lines }) })
    assert.same({}, { plot.reading(with { lines = lines, kind = "points" }) }) -- as those of a front
    lines[2].y[3] = 25
    assert.same({}, { plot.reading(with { lines = lines }) })
  end)

  it("shows beside a name how its line is dashed", function()
    local function dashes(width)
      local svg = assert(plot.svg(with { lines = { { label = "double, auto", x = { 1, 2 }, y = { 1, 2 } },
        { label = "double, copy", x = { 1, 2 }, y = { 2, 3 } } } }, { width = width }))
      return select(2, svg:gsub("stroke%-dasharray", ""))
    end
    assert.equal(2, dashes(760)) -- at the end of the line
    assert.equal(2, dashes(260)) -- in a legend
  end)

  it("is as high as the names of its lines need", function()
    local lines = {}
    for k = 1, 40 do
      lines[k] = { label = "line " .. k, x = { 1, 10 }, y = { 1, 2 } }
    end
    local svg = assert(plot.svg(with { lines = lines }))
    local places = {}
    for y in svg:gmatch('translate%([%d.]+,([%d.]+)%)[^>]*text%-anchor="start">%s*<text>line') do
      places[#places + 1] = tonumber(y)
    end
    table.sort(places)
    assert.equal(40, #places)
    for k = 2, 40 do
      assert.is_true(places[k] - places[k - 1] > 13)
    end
  end)

  it("is not there without data", function()
    local none = { name = "none", x = {}, y = {}, lines = { { x = {}, y = {} } } }
    assert.same({ nil, "no data: none" }, { plot.svg(none) })
  end)
end)

describe("a picture as PNG", function()
  it("is a file", function()
    local path = os.tmpname()
    assert(plot.png(curves, path))
    local file = assert(io.open(path, "rb"))
    assert.equal("\137PNG\r\n\26\n", file:read(8))
    file:close()
    os.remove(path)
  end)

  it("is refused where it cannot be written", function()
    local ok, problem = plot.png(curves, "/nowhere/picture.png")
    assert.is_nil(ok)
    assert.truthy(problem:find("/nowhere/picture.png", 1, true))
  end)
end)

describe("a picture as text", function()
  it("has the width asked for, and the names of lines", function()
    local drawn = assert(plot.text(curves, { width = 60, height = 20 }))
    for line in drawn:gmatch("[^\n\f]+") do
      assert.is_true(utf8.len(line) <= 60)
    end
    assert.truthy(drawn:match("^[^\n]*\n"):find("Time & <size>", 1, true))
    assert.truthy(drawn:find("A double", 1, true))
    assert.truthy(drawn:find("B it's", 1, true))
    assert.falsy(drawn:find("\27", 1, true))
  end)

  it("has room for a line, however low it is, beside the names of upright ones", function()
    local marked = { name = "m", kind = "lines", x = { log = 2, unit = "bytes" }, y = { log = 10 },
      marks = { { x = 100, label = "L1" }, { x = 2000, label = "L2" } },
      lines = { { label = "a", x = { 10, 100, 10000 }, y = { 1, 2, 30 } } } }
    for height = 6, 10 do
      assert.truthy(plot.text(marked, { width = 40, height = height }):find("L1", 1, true), height)
    end
  end)

  it("has colours on demand", function()
    assert.truthy(plot.text(curves, { colour = true }):find("\27[", 1, true))
  end)

  it("of bars shows their lengths", function()
    assert.equal(table.concat({
      "Growths: growths",
      "exact, array  " .. ("#"):rep(14) .. " 1000",
      "exact, table  # 5",
      "double, array # 10",
      "" }, "\n"), plot.text(bars, { width = 40 }))
  end)
end)

describe("without gnuplot", function()
  it("there is a line on what to install, and bars in text", function()
    local out = child.shell([[
      command -v rm >/dev/null; LUA=$(command -v "$LUA"); PATH=/nowhere "$LUA" -e '
        local plot = require "dynarray.lab.plot"
        local curve = { name = "c", x = {}, y = {}, lines = { { x = { 1, 2 }, y = { 1, 2 } } } }
        print(plot.svg(curve))
        print(plot.text(curve))
        print(plot.text { name = "b", kind = "bars", x = {}, y = {}, lines = { { x = { "a" }, y = { 1 } } } })'
    ]])
    local advice = "nil\tno pictures: gnuplot is missing (Debian, Ubuntu: apt-get install gnuplot-nox)\n"
    assert.equal(advice:rep(2), out:sub(1, 2 * #advice))
    assert.truthy(out:find("a #+ 1\n"))
  end)
end)
