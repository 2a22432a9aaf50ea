-- busted's own script runs under whatever `lua` is; this runs under the interpreter that started it.
require "busted.runner" { standalone = false }
