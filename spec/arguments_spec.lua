-- How many arguments each function takes: an argument too many, which says nothing, is an error.
local dynarray = require "dynarray"
local expect = require "support.expect"
local members = require "support.members"

-- The array is the first.
local methods = {
  [1] = "abs clear copy cummax cummin cumsum dedup diff flush frozen iter pointer pop reverse shrink_to_fit "
    .. "sqrt stats unique",
  [2] = "add argsort astype contains copy_from corr count div dot each extend filter heapify heap_pop indices "
    .. "is_sorted mul nth remove reserve rotate save set_growth shuffle sort sort_stable sub swap_remove take tobytes "
    .. "tuples where",
  [3] = "clamp column heap_push index_of insert_all insert_sorted lower_bound map max mean median min put reduce "
    .. "remove_range resize rolling set_where slice sum swap top totable unpack upper_bound view",
  [4] = "concat fill histogram set_column std update var",
}
local any_number = "append close get insert percentile set write"

local functions = {
  [0] = "memory", [1] = "collector is limit load", [2] = "map open read zeros", [3] = "compute frombytes random",
  [4] = "linspace range",
}

-- The last of `count` arguments is 5, those between it and the first are nil.
local function call(f, first, count)
  local list = { n = count, first }
  list[count] = 5
  return pcall(f, table.unpack(list, 1, count))
end

local function check(name, f, first, most)
  local ok, message = call(f, first, most + 1)
  if ok or not message:find(("bad argument #%d"):format(most + 1), 1, true)
    or not message:find("no argument expected, got 5", 1, true) then
    error(("%s with %d arguments: %s"):format(name, most + 1, message), 0)
  end
end

describe("an argument too many", function()
  for most, names in pairs(methods) do
    it(("is an error of each method with at most %d"):format(most), function()
      for name in names:gmatch "%S+" do
        local a = dynarray.from({ 3, 1, 2 }, "float64")
        local before = expect.snapshot(a)
        check(name, a[name], a, most)
        expect.unchanged(before)
      end
    end)
  end

  it("is an error of each function of the module", function()
    for most, names in pairs(functions) do
      for name in names:gmatch "%S+" do
        check(name, dynarray[name], nil, most)
      end
    end
  end)

  it("may be nil", function()
    local a = dynarray.from({ 3, 1, 2 }, "float64")
    expect.holds(a:reverse(nil, nil), 2.0, 1.0, 3.0)
    expect.holds(a:fill(7, 3, 3, nil), 2.0, 1.0, 7.0)
  end)

  it("is known here for every method", function()
    local known = {}
    for name in (table.concat(methods, " ") .. " " .. any_number):gmatch "%S+" do known[name] = true end
    for _, name in ipairs(members) do
      assert.is_true(known[name], name)
    end
  end)
end)
