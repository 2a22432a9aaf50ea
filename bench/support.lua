-- For all benchmarks: building, running, statistics, tables of text. They run in the root of
-- the checkout.
local support = {}

support.lua = os.getenv("LUA") or "lua5.4"
support.products = "build/bench"

function support.capture(command)
   local pipe = assert(io.popen(command))
   local output = pipe:read("a")
   local ok = pipe:close()
   return output:gsub("%s+$", ""), ok
end

-- also if there is no b
local function newer(a, b)
   return os.execute(("test ! -e %s -o %s -nt %s"):format(b, a, b)) or false
end

--- Runs `command` if `product` is older than one of `sources` or does not exist.
-- @return true, or nil and what the command printed
function support.build(product, sources, command)
   local stale = false
   for _, source in ipairs(sources) do stale = stale or newer(source, product) end
   if not stale then return true end
   os.execute("mkdir -p " .. product:match("^(.*)/"))
   local output, ok = support.capture(command .. " 2>&1")
   if ok then return true end
   os.remove(product)
   return nil, output
end

--- The floor module, compiled if needed.
function support.floor()
   local product = support.products .. "/floor.so"
   assert(support.build(product, { "bench/floor.c" },
      (os.getenv("CC") or "cc") .. " -std=gnu11 -O2 -DNDEBUG -fPIC -fno-plt -shared -o " .. product ..
      " bench/floor.c $(pkg-config --cflags lua5.4)"))
   package.cpath = support.products .. "/?.so;./?.so;" .. package.cpath
   return require "floor"
end

function support.median(list)
   local sorted = table.move(list, 1, #list, 1, {})
   table.sort(sorted)
   local half = #sorted // 2
   if #sorted % 2 == 1 then return sorted[half + 1] end
   return (sorted[half] + sorted[half + 1]) / 2
end

function support.minimum(list)
   return math.min(table.unpack(list))
end

function support.shuffled(list)
   local order = table.move(list, 1, #list, 1, {})
   for i = #order, 2, -1 do
      local j = math.random(i)
      order[i], order[j] = order[j], order[i]
   end
   return order
end

--- Runs each arm once a round, in random order: the command that command_of(arm) gives prints `figures` numbers.
-- @return {arm name = {list of 1st numbers, list of 2nd, ...}}; a failed run gives NaN
function support.measure(arms, rounds, figures, command_of)
   local result = {}
   for _, arm in ipairs(arms) do
      result[arm.name] = {}
      for i = 1, figures do result[arm.name][i] = {} end
   end
   for round = 1, rounds do
      for _, arm in ipairs(support.shuffled(arms)) do
         local output, numbers = support.capture(command_of(arm)), {}
         for word in output:gmatch("%S+") do numbers[#numbers + 1] = tonumber(word) or 0 / 0 end
         for i = 1, figures do result[arm.name][i][round] = numbers[i] or 0 / 0 end
      end
   end
   return result
end

--- The median of the rounds' ratios.
function support.ratio(times, yardstick)
   local ratios = {}
   for round = 1, #times do ratios[round] = times[round] / yardstick[round] end
   return support.median(ratios)
end

--- Three significant digits, no exponent.
function support.number(x)
   if x == nil then return "" end
   if x ~= x then return "-" end
   if x >= 100 then return ("%.0f"):format(x) end
   if x >= 10 then return ("%.1f"):format(x) end
   return ("%.2f"):format(x)
end

--- "1.08 ok" or "1.23 MISSED".
function support.verdict(x, bound, at_least)
   local ok = x <= bound
   if at_least then ok = x >= bound end
   return support.number(x) .. (ok and " ok" or " MISSED")
end

--- Prints rows of strings in columns: the first to the left, the others to the right, a last column
-- past the heading's to the left.
function support.print_table(heading, rows)
   local width = {}
   for _, row in ipairs({ heading, table.unpack(rows) }) do
      for i = 1, #heading do width[i] = math.max(width[i] or 0, utf8.len(row[i] or "")) end
   end
   for _, row in ipairs({ heading, table.unpack(rows) }) do
      local cells = {}
      for i = 1, math.max(#heading, #row) do
         local cell = row[i] or ""
         local pad = (" "):rep((width[i] or 0) - utf8.len(cell))
         cells[i] = (i == 1 or i > #heading) and cell .. pad or pad .. cell
      end
      print((table.concat(cells, "  "):gsub("%s+$", "")))
   end
end

--- A field of /proc/self/status in bytes: VmHWM, VmRSS.
function support.memory(field)
   for line in io.lines("/proc/self/status") do
      local kilobytes = line:match("^" .. field .. ":%s+(%d+) kB")
      if kilobytes then return tonumber(kilobytes) * 1024 end
   end
   return 0 / 0
end

--- Bytes in memory, exactly: VmRSS is some hundred pages off.
function support.resident()
   for line in io.lines("/proc/self/smaps_rollup") do
      local kilobytes = line:match("^Rss:%s+(%d+) kB")
      if kilobytes then return tonumber(kilobytes) * 1024 end
   end
   return support.memory("VmRSS")
end

local function first_line(command)
   local output = support.capture(command .. " 2>/dev/null")
   local line = output:match("^[^\n]+")
   return line
end

--- A line that says where the figures come from.
function support.environment(compilers)
   local parts = {
      first_line([[sed -n 's/^model name[^:]*: //p' /proc/cpuinfo]]) or first_line("uname -m"),
      first_line("nproc") .. " cores",
      "Linux " .. first_line("uname -r"),
      "huge pages " .. (first_line(
         [[sed 's/.*\[\(.*\)\].*/\1/' /sys/kernel/mm/transparent_hugepage/enabled]]) or "none"),
      "glibc " .. (first_line([[getconf GNU_LIBC_VERSION | cut -d' ' -f2]]) or "?"),
      first_line(support.lua .. " -v | cut -d' ' -f1,2"),
   }
   for _, compiler in ipairs(compilers or { "cc" }) do
      parts[#parts + 1] = first_line(compiler .. " --version")
   end
   return table.concat(parts, "; ")
end

return support
