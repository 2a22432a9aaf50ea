--- What the model compares by.
local compare = {}

--- The order of sort: Lua's, with NaN last.
function compare.precedes(x, y)
  if x ~= x then return false end
  return y ~= y or x < y
end

--- A copy of the first n, in that order; what is equal keeps its order, but for zeros if they are told apart.
function compare.sorted_copy(list, n, zeros)
  local places, sorted = {}, {}
  for i = 1, n do places[i] = i end
  table.sort(places, function(i, j)
    local x, y = list[i], list[j]
    if compare.precedes(x, y) then return true elseif compare.precedes(y, x) then return false end
    if zeros and x == 0 and 1 / x ~= 1 / y then return 1 / x < 1 / y end
    return i < j
  end)
  for k, i in ipairs(places) do sorted[k] = list[i] end
  return sorted
end

--- Equal, or both NaN.
function compare.same_number(x, y)
  return x == y or x ~= x and y ~= y
end

--- Equal but for what is lost when numbers of that size are added in another order.
function compare.near(x, y, scale)
  return compare.same_number(x, y) or math.abs(x - y) <= scale * 1e-9
end

return compare
