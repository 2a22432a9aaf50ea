--- Models of resizable arrays that are not contiguous, from the formulas of their papers. Nothing of them is built or
-- measured here. An element takes a word, as a pointer does; extra room is counted in words.
-- @module dynarray.lab.model.structures
local models = {}

local function ceil_log2(x)
  local bits = 0
  while 2 ^ bits < x do
    bits = bits + 1
  end
  return bits
end

local function figures(n, extra, copied, temporary, reads)
  return {
    n = n, extra = extra, unused = extra / (n + extra), copied_per_append = copied / n,
    temporary = temporary / n, reads_per_access = reads, model = true,
  }
end

-- Hashed array tree: a directory of m pointers to leaves of m elements, m a power of two; full at m^2, all is copied
-- to leaves of 2 m, one at a time. Leaves come when needed. E. Sitarski, "HATs: Hashed Array Trees", Dr. Dobb's
-- Journal 21(11), 1996.
local function hashed_array_tree(n)
  local m = 2.0 ^ ceil_log2(n ^ 0.5)
  local copied, full = 0.0, 1.0
  while full < n do
    copied, full = copied + full, full * 4
  end
  return figures(n, m + -n % m, copied, m > 1 and 2 * m or 0, 2)
end

-- Superblock k holds 2^floor(k/2) data blocks of 2^ceil(k/2) elements; no element is ever copied, only the index of
-- pointers doubles. One empty block may be kept. A. Brodnik, S. Carlsson, E. D. Demaine, J. I. Munro, R. Sedgewick,
-- "Resizable Arrays in Optimal Time and Space", WADS 1999.
local function brodnik(n)
  local k = ceil_log2(n + 1) - 1 -- the superblock of element n: those before hold 2^k - 1
  local block = 2.0 ^ ((k + 1) // 2)
  local before = 0
  for i = 0, k - 1 do
    before = before + 2.0 ^ (i // 2)
  end
  local within = n - (2.0 ^ k - 1)
  local blocks = before + math.ceil(within / block)
  local index = 2.0 ^ ceil_log2(blocks)
  return figures(n, index + -within % block, 0.0, index, 2)
end

-- Blocks of B, B^2, ... B^(r-1) elements, at most 2 B of each but the largest; where more are needed, B of a size
-- become one of the next. At B^r elements all is copied once more, with 2 B for B. R. E. Tarjan, U. Zwick, "Optimal
-- Resizable Arrays", SOSA 2023 (N + O(N^(1/r)) words, O(r) amortised; N^(1-1/r) more while it grows).
local function tarjan_zwick(n, r)
  local B, copied, start = 2.0, 0.0, 0.0
  while true do
    local full = math.min(B ^ r, n)
    local rest, arrived = start, math.ceil((full - start) / B)
    local begin = {}
    for level = r - 1, 1, -1 do
      begin[level] = rest // B ^ level
      rest = rest % B ^ level
    end
    for level = 1, r - 2 do
      local combined = math.max(math.ceil((begin[level] + arrived - 2 * B) / B), 0)
      copied = copied + combined * B ^ (level + 1)
      arrived = combined
    end
    if B ^ r >= n then
      break
    end
    start = B ^ r
    copied, B = copied + start, 2 * B
  end
  local index = 2 * B * (r - 2) + B
  return figures(n, index + -n % B, copied, B ^ (r - 1), 2)
end

--- In the order of display: `name`, `source`, and `at(n)`, what it costs with n elements: `extra` words (unused places
-- and pointers), `unused` (their share of all words), `copied_per_append`, `temporary` (more words while growing, for
-- each element), `reads_per_access`.
models.list = {
  { name = "hashed array tree", source = "Sitarski 1996", at = hashed_array_tree },
  { name = "Brodnik et al.", source = "Brodnik et al. 1999", at = brodnik },
  { name = "Tarjan-Zwick r=3", source = "Tarjan and Zwick 2023", at = function(n) return tarjan_zwick(n, 3) end },
  { name = "Tarjan-Zwick r=4", source = "Tarjan and Zwick 2023", at = function(n) return tarjan_zwick(n, 4) end },
}

-- Sizes at which a block begins, the whole is rebuilt or an index doubles: multiples of powers of two near both ends
-- of the span, and a few blocks (of about the root) after each power of two.
local function steps_between(first, last)
  local sizes, power = { first, last }, 1
  while power <= last do
    for _, multiple in ipairs { math.ceil(first / power) * power, last // power * power } do
      sizes[#sizes + 1] = multiple
    end
    for blocks = 0, 4 do
      sizes[#sizes + 1] = power + blocks * 2.0 ^ ((math.floor(math.log(power, 2)) + 1) // 2)
    end
    power = power * 2
  end
  return sizes
end

local function worst(model, n)
  local first, most = math.ceil(n / 10), 0
  for _, step in ipairs(steps_between(first, n)) do
    for size = step, step + 1 do
      if size >= first and size <= n then
        most = math.max(most, model.at(size).unused)
      end
    end
  end
  return most
end

for _, model in ipairs(models.list) do
  --- The worst share of unused words with n / 10 to n elements.
  function model.worst(n)
    return worst(model, n)
  end
end

--- The model of that name.
function models.named(name)
  for _, model in ipairs(models.list) do
    if model.name == name then
      return model
    end
  end
end

return models
