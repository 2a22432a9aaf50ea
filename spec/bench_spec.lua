-- What of the benchmarks can be wrong before they are run: they are no part of the tests.
describe("bench/watch.lua", function()
  it("finds the lines that it leaves out of the sources", function()
    local pipe = assert(io.popen((os.getenv("LUA") or "lua5.4") .. " bench/watch.lua --check 2>&1"))
    local said = pipe:read("a")
    assert.is_true(pipe:close(), said)
    assert.equal("", said)
  end)
end)
