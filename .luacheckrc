std = "lua54"
max_line_length = 120
exclude_files = { "build" }
files["spec"] = { std = "+busted" }
-- Signatures without bodies.
files["lua/dynarray/meta.lua"] = { ignore = { "212", "241", "431" } }
-- What mod_magnet gives its scripts.
files["examples/lighttpd/magnet.lua"] = { globals = { "lighty" } }
-- What haproxy gives its scripts.
files["examples/haproxy"] = { std = "lua53", globals = { "core" } }
files["spec/support/haproxy.lua"] = { std = "lua53", globals = { "core" } }
