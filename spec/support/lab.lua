--- What the specs of the laboratory share: a directory, files, and an experiment that is quick.
local lab = {}

local function quoted(s)
  return "'" .. s:gsub("'", "'\\''") .. "'"
end

--- A new empty directory; with spaces and a quote in its name, since names may have them.
function lab.directory()
  local path = os.tmpname()
  os.remove(path)
  path = path .. " it's"
  assert(os.execute("mkdir " .. quoted(path)))
  return path
end

function lab.remove(path)
  assert(os.execute("rm -rf " .. quoted(path)))
end

function lab.read(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read("a")
  file:close()
  return text
end

function lab.write(path, text)
  local file = assert(io.open(path, "wb"))
  file:write(text)
  file:close()
end

function lab.lines(path)
  local lines = {}
  for line in lab.read(path):gmatch("[^\n]+") do
    lines[#lines + 1] = line
  end
  return lines
end

--- An experiment whose cases are sizes. fields: what differs.
function lab.experiment(fields)
  local experiment = {
    name = "quick", question = "Is it quick?",
    parameters = { { name = "size", default = { 1, 2, 3 }, quick = { 1 } } },
    cases = function(parameters)
      local cases = {}
      for i, size in ipairs(parameters.size) do
        cases[i] = { size = size }
      end
      return cases
    end,
    metrics = { { name = "ns", unit = "ns", better = "less" }, { name = "double", unit = "elements", exact = true } },
    measure = function(case) return { ns = 10.0 * case.size, double = 2 * case.size } end,
  }
  for key, value in pairs(fields or {}) do
    experiment[key] = value
  end
  return experiment
end

return lab
