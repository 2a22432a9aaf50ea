--- lighttpd on a free port.
local server = require "support.server"

local lighttpd = {}

--- Starts it in `directory` (which is made), with the configuration, in which `server.port` is set here.
function lighttpd.start(directory, configuration)
  return assert(server.start("lighttpd", directory, function(port)
    local conf = directory .. "/lighttpd.conf"
    local file = assert(io.open(conf, "w"))
    file:write(configuration, "\nserver.port := ", port, "\n")
    file:close()
    return "lighttpd -D -f " .. conf, function(log) return log:find("server started", 1, true) end
  end))
end

return lighttpd
