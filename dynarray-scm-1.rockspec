rockspec_format = "3.0"
package = "dynarray"
version = "scm-1"
source = { url = "." } -- built from a checkout: luarocks make
description = {
  summary = "A dynamic array whose growth can be chosen, watched and measured",
  license = "MIT",
}
dependencies = { "lua >= 5.4, < 5.5" }
build = {
  type = "builtin",
  modules = {
    dynarray = {
      sources = {
        "src/core/algorithm.c",
        "src/core/arithmetic.c",
        "src/core/array.c",
        "src/core/block.c",
        "src/core/element.c",
        "src/core/file.c",
        "src/core/growth.c",
        "src/core/npy.c",
        "src/core/pages.c",
        "src/core/reduce.c",
        "src/core/sort.c",
        "src/lua/access.c",
        "src/lua/arithmetic.c",
        "src/lua/collector.c",
        "src/lua/construct.c",
        "src/lua/convert.c",
        "src/lua/edit.c",
        "src/lua/fail.c",
        "src/lua/file.c",
        "src/lua/functional.c",
        "src/lua/grow.c",
        "src/lua/host.c",
        "src/lua/list.c",
        "src/lua/module.c",
        "src/lua/order.c",
        "src/lua/search.c",
        "src/lua/self.c",
        "src/lua/value.c", "src/lua/view.c",
      },
      libraries = { "m" },
      incdirs = { "src/include", "src/core" },
    },
    ["dynarray.meta"] = "lua/dynarray/meta.lua", -- for editors
  },
}
