rockspec_format = "3.0"
package = "dynarray"
version = "scm-1"
source = { url = "." } -- built from a checkout: luarocks make
description = {
  summary = "A dynamic array whose growth can be chosen, watched and measured",
  license = "MIT",
}
-- dynarray-lab needs argparse and dkjson too, and says so: the array itself does not, and Debian's are no rocks.
dependencies = { "lua >= 5.3, < 5.6" }
build = {
  type = "make",
  build_target = "module",
  build_variables = {
    OUT = "build/rock",
    CC = "$(CC)",
    CFLAGS = "$(CFLAGS)",
    LUA_CFLAGS = "-I$(LUA_INCDIR)",
  },
  install_target = "install-lua",
  -- Those of the build, too: with others, make would compile anew.
  install_variables = {
    OUT = "build/rock",
    CC = "$(CC)",
    CFLAGS = "$(CFLAGS)",
    LUA_CFLAGS = "-I$(LUA_INCDIR)",
    LUA_CDIR = "$(LIBDIR)",
    LUA_DIR = "$(LUADIR)",
    BINDIR = "$(BINDIR)",
  },
  copy_directories = { "docs" },
}
