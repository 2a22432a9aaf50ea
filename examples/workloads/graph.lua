-- The neighbours of each node of a network: thousands of arrays that all live to the end, most of them with a
-- few elements, some with thousands.
local NODES = tonumber(os.getenv "NODES") or 20000
local EDGES_OF_A_NODE = 6

return function(new)
  local neighbours, state, edges = {}, 7, 0
  for node = 1, NODES do
    neighbours[node] = new { type = "int32", capacity = 0 }
    for _ = 1, math.min(EDGES_OF_A_NODE, node - 1) do
      state = (state * 1103515245 + 12345) & 0x7FFFFFFF
      local other = 1 + math.floor((node - 1) * (state / 0x80000000) ^ 3) -- old nodes are well known
      neighbours[node]:append(other)
      neighbours[other]:append(node)
      edges = edges + 1
    end
  end
  return edges, #neighbours[1]
end
