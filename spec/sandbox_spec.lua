-- What SECURITY.md promises to hosts of scripts that they do not trust.
local child = require "support.child"
local native = require "support.native"

-- Runs the script with a module opened as a host opens it for such scripts.
local function sandboxed(script)
  return child.output([[
    debug.getregistry()["dynarray.sandbox"] = true
    local dynarray = require "dynarray"
  ]] .. script)
end

describe("a sandbox", function()
  it("has nothing that touches files, and no probe", function()
    assert.equal("none\n", sandboxed [[
      local a = dynarray.of(1)
      for _, name in ipairs { "load", "map", "open", "read", "probe" } do
        assert(dynarray[name] == nil, name)
      end
      for _, name in ipairs { "save", "flush", "write" } do
        assert(a[name] == nil, name)
      end
      package.loaded.dynarray = nil
      debug.getregistry()["dynarray.sandbox"] = nil
      assert(require "dynarray".load == nil, "it stays one")
      print "none"
    ]])
  end)

  it("has all else", function()
    assert.equal("all\n", sandboxed [[
      local outside = { load = true, map = true, open = true, read = true, probe = true }
      local pipe <close> = assert(io.popen(arg[-1] .. " -e '" .. [=[
        local dynarray = require "dynarray"
        for name in pairs(dynarray) do print(name) end
      ]=] .. "'"))
      for name in pipe:lines() do
        assert((dynarray[name] ~= nil) ~= (outside[name] or false), name)
      end
      assert(dynarray.from({ 3, 1, 2 }, "int32"):sort():tobytes())
      print "all"
    ]])
  end)
end)

describe("the limit of a state's allocator", function()
  it("holds to the byte for arrays and all that they need", function()
    for _, limit in ipairs { 300000, 1000000, 1000001 } do
      local state = native.state(package.path, package.cpath)
      assert.is_true((state:run [[ dynarray = require "dynarray" ]]))
      state:limit(limit)
      state:run [[
        local list = {}
        for i = 1, 1000000 do
          local ok, a = pcall(dynarray.filled, i * 10, i, i % 2 == 0 and "value" or "int32")
          if not ok then break end
          list[i] = a:append(1, "x"):sort(function() return false end)
        end
      ]]
      local _, peak = state:bytes()
      assert.is_true(peak <= limit, peak .. " of " .. limit)
      assert.same({ 0, 0 }, { state:close() })
    end
  end)
end)

describe("a hook of the host", function()
  it("stops a script in every method that calls Lua functions", function()
    assert.equal("stopped\n", sandboxed [[
      local a = dynarray.filled(1000000, 1, "int32")
      local v = dynarray.filled(1000000, 1)
      local function same(x) return x end
      local function less(x, y) return x < y end
      for name, f in pairs {
        map = function() a:map(same) end,
        filter = function() a:filter(same) end,
        each = function() a:each(same) end,
        reduce = function() a:reduce(same) end,
        update = function() a:update(same) end,
        sort = function() a:sort(less) end,
        is_sorted = function() a:is_sorted(function() return false end) end,
        extend = function() a:copy():extend(function() return 1 end) end,
        from = function() dynarray.from(setmetatable({}, { __len = function() return 1 << 30 end,
          __index = function(_, i) return i end })) end,
        heapify = function() v:heapify(less) end,
      } do
        debug.sethook(function() error("stopped", 0) end, "", 1000)
        local ok, err = pcall(f)
        debug.sethook()
        assert(not ok and err == "stopped", name .. ": " .. tostring(err))
      end
      print "stopped"
    ]])
  end)
end)
