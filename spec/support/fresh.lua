--- Makes an array of 1, 2 and 3 that has room for one element more; with options of `dynarray.new`.
local dynarray = require "dynarray"

return function(type, options)
  local all = { type = type, capacity = 4 }
  for name, value in pairs(options or {}) do
    all[name] = value
  end
  return dynarray.new(all):append(1, 2, 3)
end
