# What the user may set, by `make NAME=value` or, where it says ?=, in the environment; and what follows from it.
# Where things are installed: mk/install.mk.

# 5.3, 5.4 or 5.5. Not from the environment, where others keep a name like this.
LUA_VERSION = 5.4
LUA        ?= $(or $(call first_command,$(lua_names)),$(lua_only),lua$(LUA_VERSION))
LUA_CFLAGS ?= $(shell pkg-config --cflags $(lua_package))
LUA_LIBS   ?= $(shell pkg-config --libs $(lua_package))
CFLAGS     ?= -O2 -g
LDLIBS      = -lm
NM         ?= nm
OBJCOPY    ?= objcopy

# A directory for objects and products; else they are in build/release and in the checkout, where scripts find them.
OUT =

# windows: built by MinGW-w64's gcc, into build/windows, see mk/windows.mk. Else for the system that CC compiles for.
TARGET =

# Empty: an object for each source; internal names are hidden by objcopy and by the linker's version scripts. Anything
# else: all C is compiled as one file, in which they are static. By default what the tools here can do.
WHOLE := $(if $(findstring -flto,$(CFLAGS)),objcopy cannot rename what -flto compiles,$(shell CC='$(CC)' LDFLAGS='$(LDFLAGS)' OBJCOPY='$(OBJCOPY)' scripts/linker.sh))

# -------------------------------------------------------------------------------------------------

# Names of Lua, and of what pkg-config knows of it, differ between systems. A system that has one Lua may call it `lua`.
lua_names   = lua$(LUA_VERSION) lua-$(LUA_VERSION) lua$(subst .,,$(LUA_VERSION))
lua_only    = $(shell lua -v 2>&1 | grep -q '^Lua $(subst .,\.,$(LUA_VERSION))\.' && echo lua)
lua_package = $(or $(shell for p in $(lua_names); do pkg-config --exists $$p 2>/dev/null && echo $$p && break; done), \
              $(if $(filter $(LUA_VERSION) $(LUA_VERSION).%,$(shell pkg-config --modversion lua 2>/dev/null)),lua), \
              lua$(LUA_VERSION))
first_command = $(shell for c in $(1); do command -v $$c >/dev/null && echo $$c && break; done)

# make knows no names with spaces: such a directory is used by a link that has none.
ifneq ($(word 2,$(OUT)),)
override OUT := $(shell mkdir -p build '$(OUT)' && link=build/out-$$(echo '$(OUT)' | cksum | cut -d ' ' -f 1) && \
    ln -sfn "$$(cd '$(OUT)' && pwd)" $$link && echo $$link)
endif

objects  = $(or $(OUT),build/release)
products = $(if $(OUT),$(OUT)/)

# The version stands in dynarray.h. While it is 0.x the shared library is libdynarray.so.0 all the same: what
# breaks programs raises the first number.
version := $(shell sed -n 's/^.define DYNARRAY_VERSION "\(.*\)"/\1/p' src/include/dynarray.h)
major   := $(firstword $(subst ., ,$(version)))

core    := $(sort $(shell find src/core -name '*.c'))
binding := $(sort $(shell find src/lua -name '*.c'))
all_c   := $(core) $(binding)
# All C there is, but for the drivers of other libraries, which need not be installed here.
c_files = $(shell find src spec examples bench -path bench/growth -prune -o -name '*.[ch]' -print)
lint_c  = $(filter %.c,$(c_files))

# What differs between systems: names of the module and of the shared library (as it is, as programs ask for it, as the
# linker is told), and how they are linked.
ifeq ($(TARGET),windows)
include mk/windows.mk
else
module_name    = dynarray.so
position_flags = -fPIC -fno-plt
ifeq ($(shell uname -s),Darwin)
shared       = libdynarray.$(version).dylib
soname       = libdynarray.$(major).dylib
linked_name  = libdynarray.dylib
link_module  = -bundle -undefined dynamic_lookup
link_library = -dynamiclib -undefined dynamic_lookup -install_name '$(LIBDIR)/$(soname)'
else
shared       = libdynarray.so.$(version)
soname       = libdynarray.so.$(major)
linked_name  = libdynarray.so
link_module  = -shared
link_library = -shared -Wl,-soname,$(soname)
endif
libraries = $(addprefix $(products),libdynarray.a $(shared) $(soname) $(linked_name))
endif

warnings = -Wall -Wextra -Wpedantic
# The core gets no Lua headers: it knows no Lua.
includes = -Isrc -Isrc/include $(if $(filter src/core/%,$<),,$(LUA_CFLAGS))
# Hidden symbols and -fno-plt: calls inside the module are direct, calls into Lua need no stub.
compile  = $(CC) -std=c11 -DNDEBUG $(position_flags) -fvisibility=hidden $(warnings) $(includes) -MMD -MP $(CFLAGS)

# What `require` finds from the checkout, for the programs run here and those that they start.
export CC LUA
export LUA_PATH  = $(CURDIR)/lua/?.lua;$(CURDIR)/lua/?/init.lua;$(CURDIR)/spec/?.lua;;
export LUA_CPATH = $(DYNARRAY_OUT)/?.so;;
# Where specs find what was built.
export DYNARRAY_OUT = $(if $(OUT),$(if $(filter /%,$(OUT)),,$(CURDIR)/)$(OUT),$(CURDIR))

# Named beside other goals, setup comes before them, with -j too.
first := $(filter setup setup-dev setup-release,$(MAKECMDGOALS))
