--- Lua states whose allocator counts and fails on request: see native.c.
local build = require "support.build"

local here = debug.getinfo(1, "S").source:match("^@(.*)native%.lua$")
local cflags = build.output("pkg-config --cflags lua5.4 2>/dev/null || pkg-config --cflags lua-5.4")
local library = build.product("native", { here .. "native.c" }, "-fPIC -shared " .. cflags)

return assert(package.loadlib("./" .. library, "luaopen_native"))()
