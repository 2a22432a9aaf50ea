-- The programs of this folder, ours and those of other libraries: each is one container around driver.h.
local support = require "support"

local arms = {}

arms.products = support.products .. "/growth/"
arms.cc, arms.cxx, arms.rustc = os.getenv("CC") or "cc", os.getenv("CXX") or "c++", os.getenv("RUSTC") or "rustc"

local here = "bench/growth/"
local c = arms.cc .. " -O2 -DNDEBUG -std=gnu11 "
local cxx = arms.cxx .. " -O2 -DNDEBUG -std=c++17 "

local core_sources = {}
for name in support.capture("find src/core src/include -name '*.[ch]'"):gmatch("%S+") do
   core_sources[#core_sources + 1] = name
end

-- An arm: name in the tables, program, its sources beside driver.h, command (%s: the program).

function arms.in_cxx(name, program, libraries)
   return { name = name, program = program, sources = { program .. ".cc", "cxx.h" },
      command = cxx .. here .. program .. ".cc -o %s " .. (libraries or "") }
end

function arms.in_c(name, program, libraries)
   return { name = name, program = program, sources = { program .. ".c" },
      command = c .. here .. program .. ".c -o %s " .. (libraries or "") }
end

function arms.in_rust(name, program)
   local library = arms.products .. "lib" .. program .. ".a"
   return { name = name, program = program, sources = { program .. ".c", program .. ".rs" },
      command = ("%s -O -C panic=abort --crate-type staticlib %s%s.rs -o %s && %s%s%s.c %s -o %%s -lpthread -ldl -lm")
         :format(arms.rustc, here, program, library, c, here, program, library) }
end

--- With the core's sources.
function arms.of_library(name, program)
   return { name = name, program = program, sources = { program .. ".c", "dynarray_arm.h" },
      more_sources = core_sources, ours = true,
      command = c .. "-Isrc -Isrc/include " .. here .. program .. ".c $(find src/core -name '*.c') -o %s -lm" }
end

--- With an array of a Lua state, reached by the function table: table.c, and what it shall define.
function arms.of_state(name, program, defined)
   return { name = name, program = program, sources = { "table.c" },
      more_sources = { "src/include/dynarray.h", "src/include/dynarray_lua.h" }, ours = true,
      command = ("%s-Isrc/include %s %stable.c -o %%s $(pkg-config --cflags --libs lua5.4)"):format(c, defined or "",
         here) }
end

--- Compiles it if needed; true, or nil and what the compiler said.
function arms.build(arm)
   local sources = { here .. "driver.h", table.unpack(arm.more_sources or {}) }
   for _, source in ipairs(arm.sources) do sources[#sources + 1] = here .. source end
   return support.build(arms.products .. arm.program, sources, arm.command:format(arms.products .. arm.program))
end

--- Splits a list into those that can be built and the names of the others; says why one of ours cannot.
function arms.present(list)
   local present, absent = {}, {}
   for _, arm in ipairs(list) do
      local built, output = arms.build(arm)
      if built then
         present[#present + 1] = arm
      else
         absent[#absent + 1] = arm.name
         if arm.ours then print(output) end
      end
   end
   return present, absent
end

--- The command, after so many bytes of memory have been warmed up.
function arms.warm(bytes, command)
   local program = "package.path = [[lua/?.lua;]] .. package.path; require([[dynarray.lab.run.warm_memory]]).memory(%d)"
   return ("%s -e '%s' && %s"):format(support.lua, program:format(bytes), command)
end

--- The command that runs an arm, warmed up.
function arms.command(arm, warm_bytes, ...)
   return arms.warm(warm_bytes, table.concat({ arms.products .. arm.program, ... }, " "))
end

return arms
