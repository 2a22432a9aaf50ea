--- The names of all methods, read from the library itself, so that no spec forgets a new one; field `table`: where the
-- library finds them.
local dynarray = require "dynarray"

local names, table_of_members = {}, nil
local index = debug.getmetatable(dynarray.new()).__index
for i = 1, 10 do
  local name, members = debug.getupvalue(index, i)
  if not name then
    break
  elseif type(members) == "table" and members.append then
    table_of_members = members
    for member, v in pairs(members) do
      if type(v) == "function" then
        names[#names + 1] = member
      end
    end
  end
end
assert(#names >= 14, "the methods are not where they were")
table.sort(names)
names.table = table_of_members

return names
