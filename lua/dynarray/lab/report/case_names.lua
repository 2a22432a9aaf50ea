--- The ids of cases without the words that all of them have.
-- @module dynarray.lab.report.case_names

--- @param ids a list; the same may be there more than once
-- @return a table: what is left, by id
return function(ids)
  local seen, names, count = {}, {}, 0
  for _, id in ipairs(ids) do
    if not names[id] then
      names[id], count = id, count + 1
      for word in id:gmatch("%S+") do
        seen[word] = (seen[word] or 0) + 1
      end
    end
  end
  for id in pairs(count > 1 and names or {}) do
    local words = {}
    for word in id:gmatch("%S+") do
      words[#words + 1] = seen[word] < count and word or nil
    end
    names[id] = #words > 0 and table.concat(words, " ") or id
  end
  return names
end
