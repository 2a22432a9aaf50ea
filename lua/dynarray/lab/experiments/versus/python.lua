--- The article's class in Python 3, and the arrays that Python has, run as a program: each operation timed inside, so
-- that starting Python is not.
local filesystem = require "dynarray.lab.base.filesystem"
local shell = require "dynarray.lab.base.shell"

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

def new_array(n):
    from array import array
    return array("d")

# What each kind does; those of the class fill in for what another does not say.
def append_to(make):
    def append(n):
        a = make(n)
        for i in range(n):
            a.append(i + 0.5)
        return a
    return append

def numbers(n):
    import numpy
    return numpy.arange(n) + 0.5

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

def fill_list(n, a):
    a[:] = [0.5] * n

def fill_array(n, a):
    a[:] = type(a)("d", [0.5]) * n

common = {"read": read, "write": write, "iterate": iterate, "sum": sum_up, "copy": copy, "fill": fill}
list_sum, list_copy, list_sort = (lambda n, a: sum(a)), (lambda n, a: a[:]), (lambda n, a: a.sort())
kinds = {
    "class": {"new": append_to(lambda n: Array())},
    "list": {"new": append_to(lambda n: []), "sum": list_sum, "copy": list_copy, "fill": fill_list, "sort": list_sort},
    "array": {"new": append_to(new_array), "sum": list_sum, "copy": list_copy, "fill": fill_array},
    "numpy": {"new": numbers, "sum": lambda n, a: a.sum(), "copy": lambda n, a: a.copy(),
              "fill": lambda n, a: a.fill(0.5), "sort": list_sort},
}

def shuffle(n, a):
    state = 12345
    for i in range(n):
        state = (state * 1103515245 + 12345) & 0x7FFFFFFF
        a[i] = state + 0.5

def bytes_of(a, kind, n):
    if kind == "class":
        a = a.block
    boxes = kind in ("class", "list")
    return (a.nbytes if kind == "numpy" else sys.getsizeof(a)) + (sum(sys.getsizeof(x) for x in a[:n]) if boxes else 0)

def run(kind, name, n):
    of_kind = dict(common, **kinds[kind])
    times, a = [], of_kind["new"](n)
    for _ in range(5):
        if name == "sort":
            shuffle(n, a)
        start = time.perf_counter_ns()
        if name == "append":
            a = of_kind["new"](n)
        else:
            of_kind[name](n, a)
        times.append(time.perf_counter_ns() - start)
    print(sorted(times)[2])
    if name == "append":
        print(bytes_of(a, kind, n))

run(sys.argv[1], sys.argv[2], int(sys.argv[3]))
]]

-- Programs that may be Python 3, by their own names: what stands in the path may be a script that takes long to start.
local interpreters

local function found()
  if not interpreters then
    interpreters = {}
    for _, name in ipairs { "python3", "/usr/bin/python3" } do
      interpreters[#interpreters + 1] = shell.output(name .. " -c 'import sys; print(sys.executable)'")
    end
  end
  return interpreters
end

local numpy -- the interpreter that has it, false if none has

local function interpreter_of(kind)
  if kind ~= "numpy" then
    return found()[1]
  elseif numpy == nil then
    numpy = false
    for _, path in ipairs(found()) do
      if not numpy and shell.output(shell.quote(path) .. " -c 'import numpy; print(1)'") then
        numpy = path
      end
    end
  end
  return numpy or nil
end

--- Whether Python 3 is there; for the kind "numpy", whether it has NumPy.
function python.available(kind)
  return interpreter_of(kind) ~= nil
end

--- Runs one operation on n elements, five times; returns the median ns, and bytes after `append`.
-- @param kind "class", "list", "array" or "numpy"
function python.run(kind, operation, n)
  local path = os.tmpname()
  assert(filesystem.write(path, PROGRAM))
  local command = ("%s '%s' %s %s %d 2>&1"):format(shell.quote(interpreter_of(kind)), path, kind, operation, n)
  local pipe = assert(io.popen(command))
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
