local dynarray = require "dynarray"
local a = dynarray.new("float64")
for i = 1, 100000 do a:append(i / 2) end
assert(#a == 100000 and a:sum() == 2500025000.0 and a[#a] == 50000.0)
assert(not pcall(function() return a[0] end))
print(dynarray.version, a)
