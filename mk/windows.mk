# Windows, by MinGW-w64's gcc (Debian: gcc-mingw-w64-x86-64): the module dynarray.dll, the library for C programs
# libdynarray-0.dll with the import library libdynarray.dll.a, and libdynarray.a. LUA_CFLAGS and LUA_LIBS say where Lua's
# headers and lua54.dll are; by default in build/platform/windows, where make check-platform TARGET=windows puts them.

ifeq ($(origin CC),default)
CC = x86_64-w64-mingw32-gcc
endif
AR      = x86_64-w64-mingw32-gcc-ar
OUT     = build/windows
# Nothing is seen of a DLL but what is marked, so names are hidden as those of one file.
WHOLE  := yes

ifeq ($(origin LUA_CFLAGS),file)
LUA_CFLAGS = -Ibuild/platform/lua/src
LUA_LIBS   = -Lbuild/platform/windows -llua54
endif

module_name = dynarray.dll
shared      = libdynarray-$(major).dll
libraries   = $(products)libdynarray.a $(products)$(shared)

link_module  = -shared -static-libgcc
module_libs  = $(LUA_LIBS)
link_library = -shared -static-libgcc -Wl,--out-implib,$(products)libdynarray.dll.a

# A DLL cannot leave open what its program may have: the library is the core alone.
$(objects)/whole/library.o: switches = -DDYNARRAY_NO_LUA '-DDYNARRAY_API=__declspec(dllexport)'
