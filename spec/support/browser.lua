--- A headless browser: Chromium, by any of its names.
local child = require "support.child"

local browser = {}

local NAMES = { "chromium-headless-shell", "chromium", "google-chrome" }

--- The command, nil where there is none.
function browser.name()
  for _, name in ipairs(NAMES) do
    if os.execute(("command -v %s >/dev/null"):format(name)) then
      return name
    end
  end
  return nil
end

--- Opens a file; returns the document as it stands after loading, and what was said on the console.
function browser.open(path)
  local profile = os.tmpname()
  os.remove(profile)
  -- As root there is no sandbox; containers have a small /dev/shm; no network is needed.
  local line = "%s --headless --no-sandbox --disable-gpu --disable-dev-shm-usage --user-data-dir='%s' "
    .. "--host-resolver-rules='MAP * ~NOTFOUND' --enable-logging=stderr --virtual-time-budget=2000 "
    .. "--dump-dom 'file://%s'; status=$?; rm -rf '%s'; exit $status"
  local out, err, ok = child.shell(line:format(browser.name(), profile, path, profile))
  assert(ok, err)
  local console = {}
  for said in err:gmatch("[^\n]+") do
    console[#console + 1] = said:match("CONSOLE.*")
  end
  return out, console
end

return browser
