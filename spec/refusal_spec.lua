-- Mappings that the system refuses: a library that stands before libc (support/refuse.c) refuses each call in turn,
-- alone and with all that follow. Blocks then come from elsewhere, and no element is lost.
local build = require "support.build"
local plain = require "support.plain"

local here = debug.getinfo(1, "S").source:match("^@(.*)refusal_spec%.lua$")
-- Its path counts from where specs run: LD_PRELOAD takes no spaces, which the checkout's own path may have.
local library = build.product("refuse", { here .. "support/refuse.c" },
  "-fPIC -shared " .. build.lua_cflags, nil, "")

-- Scripts get `refuse`, and a pattern of n bytes to compare with.
local function script(code)
  return plain.output("export LD_PRELOAD=" .. library, ([[
    local dynarray = require "dynarray"
    local refuse = assert(package.loadlib(%q, "luaopen_refuse"))()
    local MiB = 1 << 20
    local function pattern(n) -- with a period that is no power of two
      local bytes = {}
      for i = 1, 251 do bytes[i] = string.char(i %% 128) end
      return dynarray.frombytes(table.concat(bytes):rep(n // 251 + 1):sub(1, n), "int8")
    end
    local elements = pattern(8 * MiB)
    local function check(a, n)
      assert(#a == n and a == elements:view(1, n))
    end
  ]]):format(library) .. code)
end

-- A life over every edge: heap, pages, the room of a region, another region, back again.
local life = [[
  local function live(check, try)
    local a = dynarray.new { type = "int8", block = block, capacity = MiB }
    a:extend(elements:view(1, MiB))
    local function holds(n) check(a, n) end
    try(a.reserve, a, 3 * MiB) holds(MiB)
    try(a.extend, a, elements:view(MiB + 1, 3 * MiB)) holds(#a)
    local n = #a
    try(a.reserve, a, 20 * MiB) holds(n)
    try(a.reserve, a, 200 * MiB) holds(n)
    try(a.reserve, a, 1500 * MiB) holds(n)
    local b = dynarray.new { type = "int8", block = block }
    try(b.extend, b, a)
    check(b, #b)
    try(a.shrink_to_fit, a) holds(n)
    a:resize(n // 2)
    try(a.shrink_to_fit, a) holds(n // 2)
    a:resize(1000)
    try(a.shrink_to_fit, a) holds(1000)
    a:close()
    b:close()
    assert(dynarray.memory().bytes == elements.capacity)
  end
]]

describe("a mapping that is refused", function()
  local kinds = {
    ["free"] = { "mmap", "probe", "mremap", "munmap", "hugepage", "dontneed" },
    ["strictly accounted"] = { "mmap", "mremap", "munmap", "hugepage", "dontneed" },
  }
  for space in pairs(kinds) do
    for _, kind in ipairs(kinds[space]) do
      it(("costs no element and no growth: each %s, address space %s"):format(kind, space), function()
        local calls = tonumber(script(("local kind, block = %q, 'auto' refuse.strict(%s)"):format(kind, space ~= "free")
          .. life .. [[
          local function all_succeed(f, ...) f(...) end
          refuse.set()
          live(check, all_succeed)
          local calls = refuse.calls(kind)
          for k = 1, calls do
            refuse.set(kind, k, k)
            live(check, all_succeed)
            refuse.set(kind, k, 1 << 30)
            live(check, all_succeed)
          end
          print(calls)
        ]]))
        assert.is_true(calls >= 1, calls .. " calls")
      end)
    end
  end

  it("leaves a stable block where it is, or refuses it before anything is lost", function()
    local refused = tonumber(script("local block = 'stable'" .. life .. [[
      local refused, place = 0
      local function may_fail(f, a, ...)
        local size, capacity = #a, a.capacity
        local where = a.capacity > 0 and a:pointer()
        local ok, err = pcall(f, a, ...)
        if not ok then
          assert(err:find("not enough memory", 1, true) or err:find("reserved range", 1, true), err)
          assert(#a == size and a.capacity == capacity)
          refused = refused + 1
        end
        if a.capacity > 0 and where then assert(a:pointer() == where) end
      end
      for _, kind in ipairs { "mmap", "probe", "munmap", "hugepage", "dontneed" } do
        refuse.set()
        live(check, may_fail)
        for k = 1, refuse.calls(kind) do
          for _, last in ipairs { k, 1 << 30 } do
            refuse.set(kind, k, last)
            local ok, err = pcall(live, check, may_fail)
            if not ok then assert(err:find("not enough memory", 1, true), err) collectgarbage() end
            refused = refused + (ok and 0 or 1)
          end
        end
      end
      print(refused)
    ]]))
    assert.is_true(refused >= 1)
  end)

  it("of much room is followed by one of as much as is needed", function()
    script [[
      refuse.set("mmap", 1, 1)
      local a = dynarray.new { type = "int8", capacity = 3 * MiB }
      assert(a.block == "pages" and refuse.largest() >= 48 * MiB)
      a:extend(elements:view(1, 3 * MiB))
      a:reserve(6 * MiB) -- no room: the pages move
      assert(a.block == "pages" and a:stats().moves == 1)
      check(a, 3 * MiB)
    ]]
  end)

  it("of any size leaves the allocator's memory", function()
    script [[
      refuse.set("mmap", 1, 1 << 30)
      local a = elements:copy()
      assert(a.block == "heap")
      check(a, #elements)
    ]]
  end)

  it("when pages shall move has the elements copied", function()
    script [[
      local a = dynarray.new { type = "int8", capacity = 3 * MiB }
      a:extend(elements:view(1, 3 * MiB))
      refuse.set("mremap", 1, 1 << 30)
      a:reserve(200 * MiB)
      assert(refuse.calls "mremap" >= 1 and a.block == "pages")
      check(a, 3 * MiB)
      local stats = a:stats()
      assert(stats.moves == 0 and stats.elements_copied == 3 * MiB)
    ]]
  end)

  it("when pages of the array before shall move leaves new ones", function()
    script [[
      dynarray.collector { keep = 64 * MiB }
      elements:view(1, 3 * MiB):copy():close() -- its pages are kept
      refuse.set("mremap", 1, 1 << 30)
      local a = dynarray.new { type = "int8", capacity = 200 * MiB }
      assert(refuse.calls "mremap" >= 1 and a.block == "pages")
      check(a:extend(elements), #elements)
    ]]
  end)

  it("when pages shall move gives back the place that was kept for them", function()
    script [[
      local function mapped()
        local file <close> = io.open "/proc/self/statm"
        return file:read "n" * 4096
      end
      local function fail()
        local a = dynarray.new { type = "int8", capacity = 3 * MiB }
        a:extend(elements:view(1, 3 * MiB))
        refuse.set("mremap", 1, 1 << 30)
        a:reserve(200 * MiB)
        refuse.set()
        a:close()
      end
      dynarray.collector { keep = 0 }
      fail()
      local before = mapped()
      for _ = 1, 5 do fail() end
      assert(mapped() < before + 100 * MiB)
    ]]
  end)

  it("when pages shall move leaves alone what another thread has put into the place meanwhile", function()
    script [[
      local a = dynarray.new { type = "int8", capacity = 3 * MiB }
      a:extend(elements:view(1, 3 * MiB))
      refuse.set("mremap", 1, 1 << 30)
      refuse.steals(true)
      a:reserve(200 * MiB)
      assert(refuse.stolen() == true)
      check(a, 3 * MiB)
    ]]
  end)
end)

-- What makes it so.
local dear = {
  ["counts as memory in use"] = "refuse.strict(true) refuse.set()",
  -- mlockall(MCL_FUTURE): then pages cannot be given back by advice
  ["is locked"] = [[refuse.set("dontneed", 1, 1 << 30)]],
}

for what, set in pairs(dear) do
  describe("where every mapping " .. what, function()
    it("no more is mapped than is needed, and growth moves pages", function()
      script(set .. [[

        local slack = 3 * MiB -- header, alignment
        local a = dynarray.new { type = "int8", capacity = 3 * MiB }
        a:extend(elements:view(1, 3 * MiB))
        for _, mebibytes in ipairs { 6, 50, 300 } do
          a:reserve(mebibytes * MiB)
          assert(a.block == "pages" and refuse.largest() <= mebibytes * MiB + slack)
          check(a, 3 * MiB)
        end
        local stats = a:stats()
        assert(stats.elements_copied == 0 and stats.moves >= 2 and stats.moves + stats.in_place == stats.growths)
        a:shrink_to_fit()
        check(a, 3 * MiB)
      ]])
    end)

    it("a stable block reserves little", function()
      script(set .. [[

        local a = dynarray.new { type = "int8", block = "stable" }:extend(elements)
        assert(refuse.largest() <= 70 * MiB)
        check(a, #elements)
      ]])
    end)
  end)
end

describe("where every mapping is locked", function()
  it("a growing array of some kilobytes maps no multiple of what it holds", function()
    script(dear["is locked"] .. [[

      local function mapped()
        local file <close> = io.open "/proc/self/statm"
        return file:read "n" * 4096
      end
      local arrays, before = {}, mapped()
      for i = 1, 100 do
        arrays[i] = dynarray.new { type = "int8", capacity = 0 }
        arrays[i]:extend(elements:view(1, 60000)):extend(elements:view(60001, 100000))
        assert(arrays[i].block == "pages")
      end
      assert(mapped() - before < 100 * 300000)
      check(arrays[100], 100000)
    ]])
  end)
end)
