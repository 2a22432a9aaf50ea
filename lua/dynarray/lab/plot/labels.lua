--- Places for labels, such that none covers another.
-- @module dynarray.lab.plot.labels
local labels = {}

--- Moves places apart until neighbours are `gap` or more from each other, each as near to where it was as that allows,
-- all within `low` to `high` (where they fit).
-- @return a list in the order of `places`
function labels.spread(places, gap, low, high)
  local order = {}
  for k in ipairs(places) do
    order[k] = k
  end
  table.sort(order, function(i, j)
    if places[i] == places[j] then
      return i < j
    end
    return places[i] < places[j]
  end)
  -- Groups of touching labels, each centred on the mean of its wishes; groups that touch are joined.
  local groups = {}
  local function start_of(group)
    local mean = group.sum / group.count
    local start = mean - (group.count - 1) * gap / 2
    return math.max(low, math.min(start, high - (group.count - 1) * gap))
  end
  for _, k in ipairs(order) do
    local group = { sum = places[k], count = 1, first = k, members = { k } }
    while groups[1] do
      local before = groups[#groups]
      if start_of(before) + before.count * gap <= start_of(group) + 1e-12 then
        break
      end
      table.remove(groups)
      local members = table.move(group.members, 1, group.count, before.count + 1, before.members)
      group = { sum = before.sum + group.sum, count = before.count + group.count, members = members }
    end
    groups[#groups + 1] = group
  end
  local result = {}
  for _, group in ipairs(groups) do
    for i, k in ipairs(group.members) do
      result[k] = start_of(group) + (i - 1) * gap
    end
  end
  return result
end

-- Whether two boxes { x, y, width, height } share a place.
local function overlap(a, b)
  return a.x < b.x + b.width and b.x < a.x + a.width and a.y < b.y + b.height and b.y < a.y + a.height
end

--- A place beside each point for its label: right, left, above or below, the nearest that is free.
-- @param points a list of { x, y, width, height }: the point, and the size of its label
-- @param obstacles a list of boxes { x, y, width, height } to stay clear of
-- @param bounds the box that all labels stay in
-- @return a list of boxes; a label without a free place has none (`false`)
function labels.place(points, obstacles, bounds)
  local taken, result = table.move(obstacles, 1, #obstacles, 1, {}), {}
  for _, p in ipairs(points) do
    taken[#taken + 1] = { x = p.x - 7, y = p.y - 7, width = 14, height = 14 }
  end
  local function free(box)
    if box.x < bounds.x or box.y < bounds.y or box.x + box.width > bounds.x + bounds.width
      or box.y + box.height > bounds.y + bounds.height then
      return false
    end
    for _, other in ipairs(taken) do
      if overlap(box, other) then
        return false
      end
    end
    return true
  end
  for k, p in ipairs(points) do
    result[k] = false
    for distance = 9, 63, 6 do
      local offsets = {
        { distance, -p.height / 2 }, { -distance - p.width, -p.height / 2 },
        { -p.width / 2, distance }, { -p.width / 2, -distance - p.height },
        { distance, distance - p.height / 2 }, { distance, -distance - p.height / 2 },
        { -distance - p.width, distance - p.height / 2 }, { -distance - p.width, -distance - p.height / 2 },
      }
      for _, offset in ipairs(offsets) do
        local box = { x = p.x + offset[1], y = p.y + offset[2], width = p.width, height = p.height }
        if not result[k] and free(box) then
          result[k] = box
        end
      end
    end
    if result[k] then
      taken[#taken + 1] = result[k]
    end
  end
  return result
end

return labels
