--- Whether the processor was as fast as it can be while a sample was taken. The cores of a virtual machine are shared:
-- for milliseconds or seconds another guest takes a third of one. A laptop lowers its clock when it is hot. A sample
-- that was taken meanwhile is up to 1.6 times as long, and tells about the neighbour.
--
-- A short loop of known work runs before and after a sample. If it took longer than it does at its best, the sample is
-- taken again, a few times. What is kept is the sample with the fastest loops. On a machine that is busy all the time
-- that helps nothing: there, each sample is taken once.
-- @module dynarray.lab.run.steady
local dynarray = require "dynarray"

local steady = {}
steady.__index = steady

local LOOPS = 50000        -- half a millisecond, or so
local SLOW = 1.10          -- times the best: the processor is slow
local WAIT_SECONDS = 0.15  -- for the processor to be fast before a sample begins
local FIRST_LOOPS = 20     -- whose least is the best, until a faster one is seen
local RECENT = 20          -- samples: if all are slow, the processor has got another speed
local HELPLESS = 0.5       -- of these slow, whatever was tried: for the next ones nothing is tried

--- How often a sample is taken at most.
steady.most_tries = 3
--- Samples that take more seconds are not taken again: their ends say too little.
steady.long_seconds = 0.5

--- Nanoseconds of the loop.
function steady.reference()
  local before, x = dynarray.probe.clock(), 1
  for i = 1, LOOPS do
    x = x ~ (i * 7 + (x >> 3))
  end
  return dynarray.probe.clock() - before
end

--- Whether a loop that took `ns` was slow, where the best takes `best`.
function steady.is_slow(ns, best)
  return ns > best * SLOW
end

--- Runs the loop until it is fast, or until the patience ends; returns what the last one took. Without `best`, once.
function steady.wait(best)
  local deadline = dynarray.probe.clock() + WAIT_SECONDS * 1e9
  local ns = steady.reference()
  while best and steady.is_slow(ns, best) and dynarray.probe.clock() < deadline do
    ns = steady.reference()
  end
  return ns
end

--- What is known of this processor.
-- @param best optional: ns of the loop at its best; measured if it is not given
function steady.new(best)
  for _ = 1, best and 0 or FIRST_LOOPS do
    best = math.min(best or math.huge, steady.reference())
  end
  return setmetatable({ best = best, recent = {}, slow = 0, is_helpless = false }, steady)
end

-- Learns from the loops of a sample that was kept.
function steady:learn(ns)
  table.insert(self.recent, ns)
  self.slow = self.slow + (steady.is_slow(ns, self.best) and 1 or 0)
  self.best = math.min(self.best, ns)
  if #self.recent == RECENT then
    local least = math.min(table.unpack(self.recent))
    self.best = steady.is_slow(least, self.best) and least or self.best
    self.is_helpless = self.slow > RECENT * HELPLESS
    self.recent, self.slow = {}, 0
  end
end

--- A sample, taken again while the processor is slow.
-- @param take function(best) that returns a table with `seconds` and `reference`, ns of the slower of the two loops;
-- best: what the loop takes at its best, nil if it is of no use to wait for that
-- @param may_repeat function() that tells whether there is time
-- @return what it returned, with two more fields: `again`, how often the sample was taken again, and `slow`, true if
-- the processor was slow each time; nil otherwise
function steady:sample(take, may_repeat)
  local kept, again = take(not self.is_helpless and self.best or nil), 0
  while steady.is_slow(kept.reference, self.best) and kept.seconds <= steady.long_seconds
      and not self.is_helpless and again + 1 < steady.most_tries and may_repeat() do
    local got = take(self.best)
    kept, again = got.reference < kept.reference and got or kept, again + 1
  end
  kept.again = again > 0 and again or nil
  kept.slow = steady.is_slow(kept.reference, self.best) or nil
  self:learn(kept.reference)
  return kept
end

return steady
