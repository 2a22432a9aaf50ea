--- The article's idea in Python 3, run as a program: each operation timed inside, so that starting Python is not.
local python = {}

-- The operations are those of dynarray.lab.experiments.versus; what it prints: ns, and bytes of the block and of the
-- numbers that it refers to.
local PROGRAM = [[
import sys, time

class Array:
    __slots__ = ("block", "capacity", "size")

    def __init__(self, capacity=1):
        self.block, self.capacity, self.size = [0] * capacity, capacity, 0

    def check(self, index):
        if not 0 <= index < self.size:
            raise IndexError("index %d out of bounds (size %d)" % (index, self.size))

    def __getitem__(self, index):
        self.check(index)
        return self.block[index]

    def __setitem__(self, index, value):
        self.check(index)
        self.block[index] = value

    def append(self, value):
        if self.size == self.capacity:
            larger = [0] * (2 * self.capacity)
            for i in range(self.size):
                larger[i] = self.block[i]
            self.block, self.capacity = larger, 2 * self.capacity
        self.block[self.size] = value
        self.size += 1

def append(n):
    a = Array()
    for i in range(n):
        a.append(float(i))
    return a

def read(n, a):
    for i in range(n):
        a[i]

def write(n, a):
    for i in range(n):
        a[i] = 1.5

def iterate(n, a):
    for x in a:
        pass

def sum_up(n, a):
    total = 0.0
    for x in a:
        total += x
    return total

def copy(n, a):
    b = Array(n)
    for x in a:
        b.append(x)

def fill(n, a):
    for i in range(n):
        a[i] = 0.5

operations = {"read": read, "write": write, "iterate": iterate, "sum": sum_up, "copy": copy, "fill": fill}

def run(name, n):
    times, a = [], append(n)
    for _ in range(5):
        start = time.perf_counter_ns()
        if name == "append":
            a = append(n)
        else:
            operations[name](n, a)
        times.append(time.perf_counter_ns() - start)
    print(sorted(times)[2])
    if name == "append":
        print(sys.getsizeof(a.block) + sum(sys.getsizeof(x) for x in a.block[:n]))

run(sys.argv[1], int(sys.argv[2]))
]]

local there

--- Whether python3 is there.
function python.available()
  if there == nil then
    there = os.execute("python3 -c '' >/dev/null 2>&1") == true
  end
  return there
end

--- Runs one operation on n elements, five times; returns the median ns, and bytes after `append`.
function python.run(operation, n)
  local path = os.tmpname()
  local file = assert(io.open(path, "w"))
  file:write(PROGRAM)
  file:close()
  local pipe = assert(io.popen(("python3 '%s' %s %d 2>&1"):format(path, operation, n)))
  local output = pipe:read("a")
  local ok = pipe:close()
  os.remove(path)
  local ns, bytes = output:match("^(%d+)%s*(%d*)")
  if not ok or not ns then
    error("python3: " .. (output:match("([^\n]+)%s*$") or "no output"), 0)
  end
  return tonumber(ns), tonumber(bytes)
end

return python
