# Installing, into PREFIX below DESTDIR. What goes where stands in scripts/install.sh, and uninstall removes the same files.

PREFIX     ?= /usr/local
BINDIR     ?= $(PREFIX)/bin
LIBDIR     ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include
PKGCONFDIR ?= $(LIBDIR)/pkgconfig
DOCDIR     ?= $(PREFIX)/share/doc/dynarray
LUA_CDIR   ?= $(PREFIX)/lib/lua/$(LUA_VERSION)
LUA_DIR    ?= $(PREFIX)/share/lua/$(LUA_VERSION)

# The directory of what was built, and the names of the shared library.
place = @FROM='$(or $(OUT),.)' SHARED='$(shared)' SONAME='$(soname)' LINKED_NAME='$(linked_name)' VERSION='$(version)' \
         DESTDIR='$(DESTDIR)' PREFIX='$(PREFIX)' BINDIR='$(BINDIR)' LIBDIR='$(LIBDIR)' INCLUDEDIR='$(INCLUDEDIR)' \
         PKGCONFDIR='$(PKGCONFDIR)' DOCDIR='$(DOCDIR)' LUA_CDIR='$(LUA_CDIR)' LUA_DIR='$(LUA_DIR)' scripts/install.sh

ifeq ($(TARGET),windows)
place = $(error what is built for Windows is in $(OUT): copy it to where Lua looks for modules)
endif

install: build ## all of it, into PREFIX (LIBDIR ... see mk/install.mk), below DESTDIR
	$(place) install all

install-lua: module ## the Lua module, Lua files and programs alone
	$(place) install lua

uninstall: ## remove what install put there (give it the same variables)
	$(place) uninstall all
