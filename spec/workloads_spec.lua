-- The workloads of examples/workloads: small, each gives the same result under any policy.
local child = require "support.child"
local support = require "support.lab"

-- What makes them small, and what they give then: arrays made, and what the function returns.
local SETTINGS = "LINES_OF_NUMBERS=1000 PARTICLES=500 JOBS=5000 PRIMES_BELOW=10000 PIECES=5000 NODES=500 MAZE_WIDTH=40 "
  .. "ROWS=8 READINGS=5000 WORDS=3000"
local EXPECTED = {
  graph = "500 2979 521", lines = "3 1000 23461605.0", matrix = "5 64 256.0", particles = "4442",
  primes = "2 1229 9973", queue = "1 12502500.0", search = "2 1600 498", sensors = "300 5000 997.0", text = "1 0 25000",
  tokens = "1962 3000 8",
}

local PROGRAM = [[
  local workload = require "dynarray.lab.experiments.shared.workload"
  for path in io.popen "ls examples/workloads/*.lua":lines() do
    local run, results = workload.load(path), nil
    local arrays = workload.run(path, function(new) results = table.pack(run(new)) end, ...)
    for i = 1, results.n do
      results[i] = tostring(results[i])
    end
    print(path:match "([^/]+)%.lua$", arrays, table.unpack(results))
  end
]]

local function results(policy, block)
  local path = os.tmpname()
  support.write(path, PROGRAM)
  local out, err, ok = child.shell(("%s $LUA %s %s %s"):format(SETTINGS, path, policy, block))
  os.remove(path)
  assert(ok, err)
  local found = {}
  for line in out:gmatch("[^\n]+") do
    local name, rest = line:match("^(%S+)%s+(.*)$")
    found[name] = rest:gsub("\t", " ")
  end
  return found
end

describe("the workloads", function()
  for _, how in ipairs { { "double", "auto" }, { "exact", "copy" }, { "increment:7", "copy" } } do
    it(("do the same with growth = %q, block = %q"):format(how[1], how[2]), function()
      assert.same(EXPECTED, results(how[1], how[2]))
    end)
  end
end)
