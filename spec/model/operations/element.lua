--- Reading and writing one element.
local expect = require "support.expect"
local samples = require "model.samples"

local identical, show = expect.identical, samples.show

local function index(a, i)
  return a[i]
end

local function new_index(a, i, v)
  a[i] = v
end

local function read(life)
  local a, model, sequence = life.a, life.model, life.sequence
  local i = life:index()
  life:note("read", i)
  local inside = i >= 1 and i <= model.n
  local result = life:ended(inside or sequence, ("index %d out of bounds (size %d)"):format(i, model.n),
    pcall(index, a, i))
  if inside and not identical(result, model[i]) or not inside and sequence and result ~= nil then
    life:fail(("read %s, expected %s"):format(show(result), show(inside and model[i] or nil)))
  end
end

local function write(life)
  local i, v = life:index(), life:value()
  life:note("write", i, v)
  local ok, err = pcall(new_index, life.a, i, v)
  local expected_ok, text = life:model_write(i, v)
  life:ended(expected_ok, text, ok, err)
end

local function get(life)
  local a, model, sequence = life.a, life.model, life.sequence
  local i = life:index()
  life:note("get", i)
  local inside = i >= 1 and i <= model.n
  local result = life:ended(inside or sequence, ("index %d out of bounds (size %d)"):format(i, model.n),
    pcall(a.get, a, i))
  if inside and not identical(result, model[i]) then
    life:fail(("got %s, expected %s"):format(show(result), show(model[i])))
  end
end

local function set(life)
  local a = life.a
  local i, v = life:index(), life:value()
  life:note("set", i, v)
  local ok, err = pcall(a.set, a, i, v)
  local expected_ok, text = life:model_write(i, v)
  life:ended(expected_ok, text, ok, err)
end

-- How often each comes up, and what it does.
return {
  { 20, read },
  { 20, write },
  { 3, get },
  { 3, set },
}
