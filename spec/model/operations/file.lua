--- Bytes and files.
local dynarray = require "dynarray"
local expect = require "support.expect"

local identical, random = expect.identical, math.random

local function save_and_load(life)
  local a, model, kind = life.a, life.model, life.kind
  if random(100) > 1 then return end
  life:note("save, load, map")
  local path = os.tmpname()
  if kind == "value" then
    life:ended(false, "value", pcall(a.save, a, path))
  else
    a:save(path)
    local loaded, mapped, shown = dynarray.load(path), dynarray.map(path, "rw"), dynarray.map(path)
    if #shown ~= model.n then life:fail("the file is too long or too short") end
    for i = 1, model.n do
      if not identical(shown[i], model[i]) then life:fail("the file is wrong at " .. i) end
      life:ended(false, "read-only", pcall(shown.set, shown, i, model[i]))
    end
    shown:close()
    if mapped:flush() ~= mapped then life:fail("flush does not return its array") end
    for i = 1, model.n do
      if not identical(loaded[i], model[i]) or not identical(mapped[i], model[i]) then
        life:fail("the file is wrong at " .. i)
      end
    end
    if #loaded ~= model.n or #mapped ~= model.n then life:fail("the file is too long or too short") end
    mapped:close()
  end
  os.remove(path)
end

local function bytes(life)
  local a, kind = life.a, life.kind
  if kind ~= "value" then
    life:note("tobytes and frombytes, and on with that")
    local b = dynarray.frombytes(a:tobytes(), kind)
    a:clear():extend(b)
  end
end

-- How often each comes up, and what it does.
return {
  { 1, save_and_load },
  { 1, bytes },
}
