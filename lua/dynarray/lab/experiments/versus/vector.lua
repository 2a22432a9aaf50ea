--- std::vector, where there is a compiler of C++: one program, compiled when it is first asked for, each operation
-- timed inside.
local filesystem = require "dynarray.lab.base.filesystem"
local shell = require "dynarray.lab.base.shell"

local vector = {}

-- `keep` makes the compiler believe that what it is given is looked at.
local PROGRAM = [[
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

template <class T> static void keep(T const &x) { __asm__ volatile("" : : "r,m"(x) : "memory"); }

typedef std::vector<double> Vector;

static Vector grown(long n) {
  Vector v;
  for (long i = 0; i < n; i++) v.push_back(i + 0.5);
  return v;
}

int main(int, char **arg) {
  const char *name = arg[1];
  long n = atol(arg[2]);
  auto is = [&](const char *other) { return strcmp(name, other) == 0; };
  Vector v = grown(n);
  std::vector<double> times;
  for (int round = 0; round < 21; round++) {
    unsigned state = 12345;
    if (is("sort")) for (double &x : v) x = (state = (state * 1103515245u + 12345) & 0x7FFFFFFF) + 0.5;
    auto start = std::chrono::steady_clock::now();
    if (is("append")) { v = grown(n); keep(v.data()); }
    else if (is("read")) for (long i = 0; i < n; i++) keep(v[i]);
    else if (is("write")) for (long i = 0; i < n; i++) { v[i] = 1.5; keep(v.data()); }
    else if (is("iterate")) for (double x : v) keep(x);
    else if (is("sum")) { double total = 0; for (double x : v) total += x; keep(total); }
    else if (is("copy")) { Vector w = v; keep(w.data()); }
    else if (is("fill")) { std::fill(v.begin(), v.end(), 0.5); keep(v.data()); }
    else { std::sort(v.begin(), v.end()); keep(v.data()); }
    times.push_back(std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - start).count());
  }
  std::sort(times.begin(), times.end());
  printf("%.0f %zu\n", times[times.size() / 2], v.capacity() * sizeof(double));
}
]]

local compiled -- the path of the program; false where there is none
local remover  -- takes it away when this state of Lua ends

local function program()
  if compiled == nil then
    -- In a directory of its own: elsewhere in /tmp somebody could put another program in its place.
    local directory = shell.output("mktemp -d")
    local path = directory and shell.quote(directory .. "/vector")
    local built = directory and filesystem.write(directory .. "/vector.cc", PROGRAM)
      and shell.output(("${CXX:-c++} -std=c++11 -O2 %s.cc -o %s && echo yes"):format(path, path))
    compiled = built and directory .. "/vector" or false
    remover = directory and setmetatable({}, { __gc = function()
      os.remove(directory .. "/vector")
      os.remove(directory .. "/vector.cc")
      os.remove(directory)
    end })
  end
  return compiled
end

--- Whether C++ can be compiled here.
function vector.available()
  return program() and remover ~= nil
end

--- Runs one operation on n elements; returns the median ns, and the bytes of the block.
function vector.run(operation, n)
  local output = shell.output(("%s %s %d"):format(shell.quote(program()), operation, n))
  local ns, bytes = (output or ""):match("^(%d+) (%d+)")
  return tonumber(ns) or error("the program of std::vector failed", 0), tonumber(bytes)
end

return vector
