-- What `make mutants` is told by hand: spec/mutants.txt, and which specs belong to which file.
local build = require "support.build"
local files = require "support.files"

describe("a mutant that no test can notice", function()
  it("stands in a line that there is, and has a change and a reason", function()
    local path, line, entries = nil, nil, 0
    local function bare(text)
      return (text:gsub("%s*\\$", ""):gsub("%s+", " "):gsub("^ ", ""):gsub(" $", ""))
    end
    for text in io.lines "spec/mutants.txt" do
      if text:find "^src/" then
        path, line = text, nil
        assert.truthy(io.open(path), "no file " .. path)
      elseif text:find "^    %S" then
        assert.truthy(path and line and text:find "^    %S.*: %S", text)
        entries = entries + 1
      elseif text:find "^  %S" then
        line = bare(text)
        local found = false
        for there in io.lines(path) do found = found or bare(there) == line end
        assert.is_true(found, ("%s has no line `%s`"):format(path, line))
      else
        assert.truthy(text == "" or text:find "^#", text)
      end
    end
    assert.is_true(entries > 0)
  end)
end)

describe("the specs that make mutants tries first", function()
  it("are there, and so are the files that they belong to", function()
    local all, rows = table.concat(build.files("src", ".[ch]"), "\n"), 0
    for path, names in files.read "scripts/mutants.lua":gmatch '{ "([%w_/]+)", "([%w_ ]+)" }' do
      rows = rows + 1
      assert.truthy(all:find(path, 1, true), path)
      for name in names:gmatch "%S+" do
        assert.truthy(io.open(("spec/%s_spec.lua"):format(name)), name)
      end
    end
    assert.is_true(rows > 20)
  end)
end)
