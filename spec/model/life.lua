--- An array and its model, a table with its size in n, side by side. Operations do to both what they do, and say where
-- the two differ.
--
-- An operation is an entry { weight, function(life) } in the list that a file below spec/model/operations returns; it
-- comes up as often as its weight says. It takes note of what it does (`life:note`), does it to `life.a`, compares how
-- that ended with what the model says (`life:ended`), and does it to `life.model`. What takes their place it puts
-- into `life.a` and `life.model`.
local dynarray = require "dynarray"
local expect = require "support.expect"
local samples = require "model.samples"
local types = require "support.types"

local random, identical, show, stored = math.random, expect.identical, samples.show, types.stored

local KEPT = 12 -- operations, told of on failure
local MAX_SIZE = 300

local Life = {}
Life.__index = Life

-- -------------------------------------------------------------------------------------------------------------------
-- What happened

--- Takes note of an operation, and what it is done with.
function Life:note(...)
  self.log_position = self.log_position % KEPT + 1
  self.log[self.log_position] = table.pack(self.step, ...)
end

--- Ends the test: with the message, how to repeat it, and what was done last.
function Life:fail(message)
  local lines = { message, ("%s, %s, operation %d; DYNARRAY_SEED=%d repeats it; the last operations:"):format(self.kind,
    self.bounds, self.step, self.seed) }
  for i = 1, KEPT do
    local entry = self.log[(self.log_position + i - 1) % KEPT + 1]
    if entry then
      local words = {}
      for j = 1, entry.n do
        words[j] = show(entry[j])
      end
      lines[#lines + 1] = table.concat(words, " ")
    end
  end
  error(table.concat(lines, "\n"), 0)
end

--- The operation has to end as the model says: without an error, or with one that holds `text`.
-- @return what it returned
function Life:ended(expected_ok, text, ok, result)
  if ok ~= expected_ok then
    self:fail(expected_ok and "unexpected error: " .. tostring(result) or "no error; expected " .. text)
  elseif not ok and not result:find(text, 1, true) then
    self:fail(("error %q, expected %q"):format(result, text))
  end
  return result
end

--- The array has to hold what the model holds.
function Life:compare()
  local a, model = self.a, self.model
  local n = model.n
  if #a ~= n or a.size ~= n or a.capacity < n then
    self:fail(("size %d, expected %d, capacity %d"):format(#a, n, a.capacity))
  end
  for i = 1, n do
    if not identical(a[i], model[i]) then
      self:fail(("element %d is %s, expected %s"):format(i, show(a[i]), show(model[i])))
    end
  end
end

-- -------------------------------------------------------------------------------------------------------------------
-- What operations are done with

--- Mostly what fits, sometimes what does not.
function Life:value()
  return samples.value(self.kind)
end

--- n values, some nil.
function Life:values(n)
  local list = {}
  for i = 1, n do
    list[i] = random(40) == 1 and self:value() or random(0, 100)
  end
  return list
end

--- Mostly the index of an element.
function Life:index()
  local choice = random(20)
  if choice == 1 then
    return random(-2, 0)
  elseif choice == 2 then
    return self.model.n + random(1, 3)
  elseif choice == 3 then
    return samples.one_of(samples.integers)
  end
  return random(1, math.max(self.model.n, 1))
end

--- Arguments i and j of a range, some left out, some out of range.
-- @return the range, i being nil if that is an error; the arguments
function Life:range()
  local n = self.model.n
  local i, j = random(1, n + 1), random(0, n)
  local given = random(0, 2)
  if given == 0 then
    return 1, n, table.pack()
  elseif random(12) == 1 then
    local wrong = random(3)
    if wrong == 1 then i = random(2) == 1 and 0 or n + 2 elseif given == 2 then j = wrong == 2 and -1 or n + 1 end
  end
  local inside = i >= 1 and i <= n + 1 and (given == 1 or j >= 0 and j <= n)
  if given == 1 then return inside and i or nil, n, table.pack(i) end
  return inside and i or nil, j, table.pack(i, j)
end

--- "number" or "string" if all elements are that, and so have an order; "number" for none.
function Life:ordered()
  local model = self.model
  local order = model.n > 0 and type(model[1]) or "number"
  for i = 1, model.n do
    if type(model[i]) ~= order then return nil end
  end
  return (order == "number" or order == "string") and order or nil
end

--- Whether all elements are numbers whose products Lua has exactly.
function Life:small()
  local most = self.kind:find "int" and 1 << 28 or 1e30
  for i = 1, self.model.n do
    local x = self.model[i]
    if not (x >= -most and x <= most) then return false end
  end
  return true
end

--- What an element becomes, nil if it is none: floats round, and may be infinite.
function Life:rounded(x)
  if self.kind == "float32" then return types.round32(x) end
  return select(2, stored(self.kind, x))
end

-- -------------------------------------------------------------------------------------------------------------------
-- What the model does

--- Appends the list to the model.
-- @return true; or false and what the error has to say
function Life:model_append(list, n)
  local model, new, kept = self.model, self.model.n + n, {}
  for i = 1, n do
    local fits, v = stored(self.kind, list[i])
    if not fits then
      return false, self.kind
    end
    kept[i] = v
  end
  if new > self.max_size then
    return false, ("size %d exceeds max_size %d"):format(new, self.max_size)
  end
  for i = 1, n do
    model[model.n + i] = kept[i]
  end
  model.n = new
  return true
end

--- `ended` for an operation that appends. Both a value that does not fit and a size past the bound are errors; which
-- comes first is nobody's business.
function Life:append_ended(list, n, ok, result)
  local expected_ok, text = self:model_append(list, n)
  if not expected_ok and self.model.n + n > self.max_size then
    text = ""
  end
  return self:ended(expected_ok, text, ok, result)
end

--- Writes an element of the model.
-- @return as of model_append
function Life:model_write(i, v)
  local model, sequence = self.model, self.sequence
  local n = model.n
  if i >= 1 and i <= n then
    if v == nil and sequence and i == n then
      model[n], model.n = nil, n - 1
      return true
    end
    local fits, kept = stored(self.kind, v)
    if not fits then
      return false, "at index " .. i
    end
    model[i] = kept
    return true
  elseif sequence and v == nil then
    return true
  elseif sequence and i == n + 1 then
    local fits, kept = stored(self.kind, v)
    if n + 1 > self.max_size then
      return false, fits and "exceeds max_size" or ""
    elseif not fits then
      return false, "at index " .. i
    end
    model[i], model.n = kept, i
    return true
  end
  return false, ("index %d out of bounds (size %d)"):format(i, n)
end

-- -------------------------------------------------------------------------------------------------------------------
-- A whole life

-- Files are in memory where that can be had.
local directory = os.execute "test -d /dev/shm -a -w /dev/shm" and "/dev/shm/" or nil

--- A new array, in memory or on the disk, and a model of it.
function Life:create()
  local options = { type = self.kind, bounds = self.bounds, capacity = random(0, 20), max_size = self.max_size,
    growth = ({ 2, 1.5, "exact", 1.1 })[random(4)] }
  local block = random(4)
  if block == 1 and self.kind ~= "value" and self.files then
    local name = os.tmpname()
    os.remove(name)
    self.path = directory and directory .. name:match "[^/]*$" or name
    self.paths[#self.paths + 1] = self.path
    self:note("open", self.kind, self.bounds, options.capacity)
    self.a = assert(dynarray.open(self.path, options))
  else
    options.block = block == 2 and "copy" or nil
    self:note("new", self.kind, self.bounds, options.capacity)
    self.a = dynarray.new(options)
  end
  self.model = { n = 0 }
end

--- The end of the array. If it is a file, that has its elements.
function Life:close()
  local a, model = self.a, self.model
  if a.block ~= "file" then
    a:close()
    return
  end
  if not a:close() then self:fail "the file cannot be closed" end
  local there = assert(dynarray.load(self.path))
  if #there ~= model.n then self:fail(("the file has %d elements"):format(#there)) end
  for i = 1, model.n do
    if not identical(there[i], model[i]) then self:fail(("element %d of the file is %s"):format(i, show(there[i]))) end
  end
  os.remove(self.path)
end

-- All operations, each as often as its weight says.
local function wheel()
  local all = {}
  for path in assert(io.popen("LC_ALL=C ls spec/model/operations/*.lua")):lines() do
    for _, operation in ipairs(dofile(path)) do
      local weight, run = table.unpack(operation)
      for _ = 1, weight do
        all[#all + 1] = run
      end
    end
  end
  return assert(#all > 0 and all, "no operations")
end

local operations = wheel()

-- Whether there are arrays that are files.
local has_files = os.execute "test -r /proc/sys/kernel/random/boot_id"

local function step(life)
  local ok, err = pcall(samples.one_of(operations), life)
  if not ok then
    if type(err) == "string" and err:find("DYNARRAY_SEED", 1, true) then
      error(err, 0)
    end
    life:fail("unexpected error: " .. tostring(err))
  end
  if #life.a ~= life.model.n then
    life:fail(("size %d, expected %d"):format(#life.a, life.model.n))
  end
end

--- Runs random operations on an array of that type with those bounds.
-- @param seed told on failure; math.random is seeded with it already
return function(kind, bounds, count, seed)
  local life = setmetatable({ kind = kind, bounds = bounds, sequence = bounds == "sequence", max_size = MAX_SIZE,
    seed = seed, step = 0, log = {}, log_position = 0, files = has_files, paths = {} }, Life)
  life:create()
  local ok, message = pcall(function()
    for i = 1, count do
      life.step = i
      step(life)
      if i % 16 == 0 then
        life:compare()
      end
    end
    life:compare()
  end)
  for _, path in ipairs(life.paths) do os.remove(path) end -- also of files that other arrays took the place of
  assert(ok, message)
end
