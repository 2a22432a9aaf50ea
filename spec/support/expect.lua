--- Assertions that the specs share.
local expect = {}

-- Runs f and returns the error it raised; no error is a failure.
function expect.error(f, ...)
  local ok, err = pcall(f, ...)
  if ok then
    error("expected an error, got none", 2)
  end
  return err
end

-- f raises an error that holds `text`, letter for letter.
function expect.raises(text, f, ...)
  local ok, err = pcall(f, ...)
  if ok then
    error(("expected the error %q, got none"):format(text), 2)
  end
  if type(err) ~= "string" or not err:find(text, 1, true) then
    error(("expected the error %q, got %q"):format(text, tostring(err)), 2)
  end
  return err
end

-- Equality in the eyes of a spec: same kind of number, and NaN is itself.
function expect.identical(x, y)
  if x ~= x then
    return y ~= y and math.type(y) == "float"
  end
  return rawequal(x, y) and math.type(x) == math.type(y)
end

local function show(v)
  return type(v) == "string" and ("%q"):format(v) or tostring(v)
end

-- The array holds exactly `...`, nils included, and its size is their number.
function expect.holds(a, ...)
  local n = select("#", ...)
  if #a ~= n then
    error(("expected size %d, got %d: %s"):format(n, #a, tostring(a)), 2)
  end
  for i = 1, n do
    local want, got = (select(i, ...)), a[i]
    if not expect.identical(want, got) then
      error(("element %d: expected %s, got %s"):format(i, show(want), show(got)), 2)
    end
  end
end

-- Everything about an array that a failed operation must leave alone. Elements are kept as they are, so that a
-- comparison sees identity.
function expect.snapshot(a)
  local s = { array = a, size = #a, capacity = a.capacity, type = a.type, bounds = a.bounds, elements = {} }
  for i = 1, s.size do
    s.elements[i] = a[i]
  end
  return s
end

-- The array is as it was when the snapshot was taken.
function expect.unchanged(s, level)
  local a = s.array
  local where = (level or 1) + 1
  if #a ~= s.size or a.size ~= s.size then
    error(("the size was %d and became %d"):format(s.size, #a), where)
  end
  if a.capacity ~= s.capacity then
    error(("the capacity was %d and became %d"):format(s.capacity, a.capacity), where)
  end
  if a.type ~= s.type or a.bounds ~= s.bounds then
    error("the type or the bounds changed", where)
  end
  for i = 1, s.size do
    if not expect.identical(s.elements[i], a[i]) then
      error(("element %d was %s and became %s"):format(i, show(s.elements[i]), show(a[i])), where)
    end
  end
end

-- The array is usable from end to end: its size fits, every element can be read, and it takes and gives an element
-- (or says that it is closed).
function expect.valid(a)
  local n = #a
  if a.size ~= n or a.capacity < n then
    error(("size %d, #a %d, capacity %d"):format(a.size, n, a.capacity), 2)
  end
  for i = 1, n do
    local _ = a[i]
  end
  local ok, err = pcall(a.append, a, 1)
  if ok then
    if #a ~= n + 1 or a[n + 1] ~= 1 or a:pop() ~= 1 or #a ~= n then
      error("an element appended did not come back", 2)
    end
  elseif not tostring(err):find("array is closed", 1, true) then
    error(err, 2)
  end
end

return expect
