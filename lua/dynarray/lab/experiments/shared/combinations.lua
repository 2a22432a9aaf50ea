--- Cases: every combination of the values of these parameters, the first changing slowest.
return function(parameters, ...)
  local list = { {} }
  for _, name in ipairs { ... } do
    local longer = {}
    for _, case in ipairs(list) do
      for _, value in ipairs(parameters[name]) do
        local copy = { [name] = value }
        for key, other in pairs(case) do
          copy[key] = other
        end
        longer[#longer + 1] = copy
      end
    end
    list = longer
  end
  return list
end
