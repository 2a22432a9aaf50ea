# `make help` lists the targets. CC, CFLAGS, LDFLAGS, LUA_VERSION, LUA, LUA_CFLAGS, LUA_LIBS, OUT and what stands under
# "Where things are installed" are the user's to set.

# 5.3, 5.4 or 5.5. Not from the environment, where others keep a name like this.
LUA_VERSION = 5.4
LUA        ?= lua$(LUA_VERSION)
LUA_CFLAGS ?= $(shell pkg-config --cflags lua$(LUA_VERSION))
LUA_LIBS   ?= $(shell pkg-config --libs lua$(LUA_VERSION))
CFLAGS     ?= -O2 -g
LDLIBS      = -lm
NM         ?= nm
OBJCOPY    ?= objcopy

# A directory for objects and products; else they are in build/release and in the checkout, where scripts find them.
OUT =
objects  = $(or $(OUT),build/release)
products = $(if $(OUT),$(OUT)/)

# The version stands in dynarray.h. While it is 0.x the shared library is libdynarray.so.0 all the same: what
# breaks programs raises the first number.
version   := $(shell sed -n 's/^.define DYNARRAY_VERSION "\(.*\)"/\1/p' src/include/dynarray.h)
soname    := libdynarray.so.$(firstword $(subst ., ,$(version)))
shared    := libdynarray.so.$(version)
libraries  = $(addprefix $(products),libdynarray.a libdynarray.so $(soname) $(shared))

core    := $(sort $(shell find src/core -name '*.c'))
binding := $(sort $(shell find src/lua -name '*.c'))
all_c   := $(core) $(binding)
# All C there is, but for the drivers of other libraries, which need not be installed here.
c_files = $(shell find src spec examples bench -path bench/growth -prune -o -name '*.[ch]' -print)
lint_c  = $(filter %.c,$(c_files))

warnings = -Wall -Wextra -Wpedantic
# The core gets no Lua headers: it knows no Lua.
includes = -Isrc -Isrc/include $(if $(filter src/core/%,$<),,$(LUA_CFLAGS))
# Hidden symbols and -fno-plt: calls inside the module are direct, calls into Lua need no stub.
compile  = $(CC) -std=c11 -fPIC -fvisibility=hidden -fno-plt $(warnings) $(includes) -MMD -MP $(CFLAGS)

# float-cast-overflow is not part of gcc's `undefined`; a first report ends the run.
sanitizers = -O1 -g -fno-omit-frame-pointer -fno-sanitize-recover=all \
             -fsanitize=address,leak,undefined,float-cast-overflow

# What `require` finds from the checkout, for the programs run here and those that they start.
export CC LUA
export LUA_PATH  = $(CURDIR)/lua/?.lua;$(CURDIR)/lua/?/init.lua;$(CURDIR)/spec/?.lua;;
export LUA_CPATH = $(CURDIR)/?.so;;

# Named beside other goals, setup comes before them, with -j too.
first := $(filter setup setup-dev,$(MAKECMDGOALS))

.PHONY: all always help setup setup-dev build module install install-lua uninstall amalgamation experiments pictures test check-lua sanitize lint \
        docs format clean bench-access bench-growth bench-collector bench-container bench-learned \
        bench-host bench-lighttpd bench-sequence bench-watch
.DELETE_ON_ERROR:

all: build

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "%-16s %s\n", $$1, $$2 }' Makefile

setup: ## install what building and testing need, where it is missing (Debian, Ubuntu)
	@scripts/setup.sh $(LUA_VERSION) $(if $(filter test sanitize,$(MAKECMDGOALS)),test)

setup-dev: setup ## the same for lint, docs and the rockspec
	@scripts/setup.sh $(LUA_VERSION) dev

build: module $(libraries) ## the Lua module, and the libraries for C programs (default)

module: $(products)dynarray.so ## the Lua module alone

# It exports luaopen_dynarray alone: a program that holds another version of the library keeps its own functions.
$(products)dynarray.so: $(all_c:src/%.c=$(objects)/%.o) src/lua/module.map
	$(CC) -shared $(CFLAGS) $(LDFLAGS) -Wl,--version-script=src/lua/module.map -o $@ $(filter %.o,$^) $(LDLIBS)

# In the libraries, names of ours that have no prefix get one: no other part of a program can have the same.
$(objects)/names: $(all_c:src/%.c=$(objects)/%.o)
	@$(NM) -g --defined-only $^ | awk 'NF == 3 && $$3 !~ /^(dynarray|luaopen)_/ { print $$3, "dynarray__" $$3 }' >$@

$(objects)/named/%.o: $(objects)/%.o $(objects)/names
	@mkdir -p $(@D)
	@$(OBJCOPY) --redefine-syms=$(objects)/names $< $@

# A program takes the members that it needs: without luaopen_dynarray none that needs Lua.
$(products)libdynarray.a: $(all_c:src/%.c=$(objects)/named/%.o)
	@rm -f $@
	$(AR) qcs $@ $^

# The shared library has the binding, too. Lua's functions are weak in it: a program that has a lua_State has
# them, and one that has none needs none.
$(objects)/binding.o: $(binding:src/%.c=$(objects)/named/%.o)
	$(CC) $(CFLAGS) -r -nostdlib -o $@ $^
	$(OBJCOPY) --wildcard --weaken-symbol='lua_*' --weaken-symbol='luaL_*' $@

# What the headers declare, since gcc exports functions with clones in spite of -fvisibility=hidden.
$(objects)/exports.map: $(wildcard src/include/*.h) Makefile
	@mkdir -p $(@D)
	@{ echo '{ global:'; sed -n 's/^DYNARRAY_API .*[ *]\([a-z_0-9]*\)(.*/\1;/p' $(filter %.h,$^); echo 'local: *; };'; } >$@

$(products)$(shared): $(core:src/%.c=$(objects)/named/%.o) $(objects)/binding.o $(objects)/exports.map
	$(CC) -shared $(CFLAGS) $(LDFLAGS) -Wl,-soname,$(soname),--version-script=$(objects)/exports.map \
	    -o $@ $(filter %.o,$^) -Wl,-Bsymbolic-functions $(LDLIBS)

$(products)$(soname) $(products)libdynarray.so: $(products)$(shared)
	ln -sf $(shared) $@

# Changes with them, so that objects of another Lua, compiler or flags are made anew.
$(objects)/settings: always | $(first)
	@mkdir -p $(@D)
	@echo '$(LUA_VERSION) $(LUA_CFLAGS) $(CC) $(CFLAGS)' | cmp -s - $@ || \
	    echo '$(LUA_VERSION) $(LUA_CFLAGS) $(CC) $(CFLAGS)' >$@

$(objects)/%.o: src/%.c Makefile $(objects)/settings | $(first)
	@mkdir -p $(@D)
	$(compile) -c -o $@ $<

amalgamation: ## all C sources as one file, and the headers, in build/amalgamation
	$(LUA) scripts/amalgamate.lua build/amalgamation

# ---------------------------------------------------------------------------------------------
# Where things are installed

PREFIX     ?= /usr/local
BINDIR     ?= $(PREFIX)/bin
LIBDIR     ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include
PKGCONFDIR ?= $(LIBDIR)/pkgconfig
DOCDIR     ?= $(PREFIX)/share/doc/dynarray
LUA_CDIR   ?= $(PREFIX)/lib/lua/$(LUA_VERSION)
LUA_DIR    ?= $(PREFIX)/share/lua/$(LUA_VERSION)

programs  := $(wildcard bin/*)
lua_files := $(shell find lua -name '*.lua')
lua_dirs  := $(patsubst lua/%,%,$(shell find lua -mindepth 1 -depth -type d)) # the deepest first
documents := $(wildcard *.md) LICENSE $(shell find docs examples -type f ! -name '*.ld')
doc_dirs  := $(shell find docs examples -depth -type d)

put  = install -D -m $(1) $(2) '$(DESTDIR)$(3)'
drop = rm -f $(foreach f,$(2),'$(DESTDIR)$(1)/$f')
define newline


endef
drop_dir = [ ! -d '$(DESTDIR)$(1)' ] || rmdir --ignore-fail-on-non-empty '$(DESTDIR)$(1)'$(newline)	
in_sed   = $(subst |,\|,$(subst &,\&,$(subst \,\\,$(1))))

install: build install-lua ## all of it, into PREFIX (LIBDIR ... see the Makefile), below DESTDIR
	$(call put,644,$(products)libdynarray.a,$(LIBDIR)/libdynarray.a)
	$(call put,755,$(products)$(shared),$(LIBDIR)/$(shared))
	ln -sf $(shared) '$(DESTDIR)$(LIBDIR)/$(soname)'
	ln -sf $(soname) '$(DESTDIR)$(LIBDIR)/libdynarray.so'
	$(foreach f,$(wildcard src/include/*.h),$(call put,644,$f,$(INCLUDEDIR)/$(notdir $f))$(newline)	)
	install -d '$(DESTDIR)$(PKGCONFDIR)'
	sed -e 's|@prefix@|$(call in_sed,$(PREFIX))|; s|@libdir@|$(call in_sed,$(LIBDIR))|' \
	    -e 's|@includedir@|$(call in_sed,$(INCLUDEDIR))|; s|@version@|$(version)|' \
	    src/dynarray.pc.in >'$(DESTDIR)$(PKGCONFDIR)/dynarray.pc'
	$(foreach f,$(documents),$(call put,644,$f,$(DOCDIR)/$f)$(newline)	)

install-lua: module ## the Lua module, Lua files and programs alone
	$(call put,755,$(products)dynarray.so,$(LUA_CDIR)/dynarray.so)
	$(foreach f,$(lua_files),$(call put,644,$f,$(LUA_DIR)/$(f:lua/%=%))$(newline)	)
	$(foreach f,$(programs),$(call put,755,$f,$(BINDIR)/$(notdir $f))$(newline)	)

# Directories go if they are ours alone, and empty.
uninstall: ## removes what install puts there; with the same variables
	$(call drop,$(LIBDIR),libdynarray.a libdynarray.so $(soname) $(shared))
	$(call drop,$(INCLUDEDIR),$(notdir $(wildcard src/include/*.h)))
	$(call drop,$(PKGCONFDIR),dynarray.pc)
	$(call drop,$(LUA_CDIR),dynarray.so)
	$(call drop,$(LUA_DIR),$(lua_files:lua/%=%))
	$(if $(programs),$(call drop,$(BINDIR),$(notdir $(programs))))
	$(call drop,$(DOCDIR),$(documents))
	$(foreach d,$(lua_dirs),$(call drop_dir,$(LUA_DIR)/$d))
	$(foreach d,$(doc_dirs),$(call drop_dir,$(DOCDIR)/$d))
	$(call drop_dir,$(DOCDIR))

# ---------------------------------------------------------------------------------------------

# Two minutes in all on two cores.
LAB_BUDGET = 100

experiments: build ## the article's experiment, growth factors, the whole laboratory (ARGS: a command of dynarray-lab instead)
ifdef ARGS
	$(LUA) bin/dynarray-lab $(ARGS)
else
	$(LUA) examples/article.lua
	$(LUA) examples/growth.lua
	$(LUA) bin/dynarray-lab run --brief --budget $(LAB_BUDGET)
endif

# The two of README.
pictures: build ## draw docs/pictures anew, from measurements of this machine (half a minute)
	$(LUA) bin/dynarray-lab run memory latency --budget 30 --brief --output build/lab/pictures
	$(LUA) bin/dynarray-lab report build/lab/pictures/results.jsonl --pictures docs/pictures \
	    --plot memory-resident-3000000 --plot latency-distribution-10000000

test: build ## all specs (ARGS goes to busted)
	$(LUA) spec/run.lua $(ARGS)

# busted and what it needs are not there for every Lua.
check-lua: export LUA_CPATH = $(or $(OUT),$(CURDIR))/?.so
check-lua: module ## the examples of the reference, under any Lua: LUA=, LUA_CFLAGS=-I, OUT= a directory for that module
	$(LUA) spec/support/examples.lua

# A sanitized module needs a sanitized program: spec/support/lua.c, linked with the system's liblua.
# allocator_may_return_null: malloc of 2^61 bytes shall fail as it does without ASan, not end the run.
sanitize: export LUA = $(CURDIR)/build/sanitize/lua5.4
sanitize: export LUA_CPATH = $(CURDIR)/build/sanitize/?.so;;
sanitize: export ASAN_OPTIONS = allocator_may_return_null=1
sanitize: export UBSAN_OPTIONS = print_stacktrace=1
sanitize: export DYNARRAY_SPEC_CFLAGS = $(sanitizers)
sanitize: build/sanitize/dynarray.so build/sanitize/lua5.4 ## all specs under ASan, LSan and UBSan
	$(LUA) spec/run.lua $(ARGS)

build/sanitize/dynarray.so: $(all_c:src/%.c=build/sanitize/%.o)
	$(CC) -shared $(CFLAGS) $(sanitizers) $(LDFLAGS) -o $@ $^ $(LDLIBS)

build/sanitize/%.o: src/%.c Makefile | $(first)
	@mkdir -p $(@D)
	$(compile) $(sanitizers) -c -o $@ $<

build/sanitize/lua5.4: spec/support/lua.c Makefile | $(first)
	@mkdir -p $(@D)
	$(compile) $(sanitizers) $(LDFLAGS) -o $@ $< $(LUA_LIBS)

# Lua's headers are not ours to mend, hence -isystem.
lint_flags = -std=c11 -Isrc -Isrc/include $(patsubst -I%,-isystem %,$(LUA_CFLAGS))

# gcc finds some faults only where it optimises. Style is left to clang-tidy, which knows what Lua may change.
lint: | $(first) ## warnings of gcc and clang, clang-tidy, cppcheck, clang-format, luacheck
	@status=0; for cc in gcc clang; do for c in $(lint_c); do \
	    echo $$cc $$c; $$cc -O2 $(lint_flags) $(warnings) -Wconversion -Wshadow -Werror \
	        -c -o /dev/null $$c || status=1; done; done; exit $$status
	@status=0; for c in $(lint_c); do echo clang-tidy $$c; \
	    clang-tidy --quiet $$c -- $(lint_flags) || status=1; done; exit $$status
	cppcheck --quiet --error-exitcode=1 --std=c11 --enable=warning,performance,portability \
	    --inline-suppr -Isrc -Isrc/include $(lint_c)
	clang-format --dry-run -Werror $(c_files)
	luacheck --quiet .

bench-access: build ## read, write, append, iteration against their floor (ARGS, as below)
	$(LUA) bench/access.lua $(ARGS)

bench-growth: build ## appends against other arrays
	$(LUA) bench/growth/run.lua $(ARGS)

bench-host: build ## appends, sums, wrap, detach and check from a C program that embeds Lua
	$(LUA) bench/host/run.lua $(ARGS)

bench-lighttpd: build ## a web server's requests a second with and without examples/lighttpd
	$(LUA) bench/lighttpd.lua $(ARGS)

bench-learned: build ## what a policy that learns from the past could save
	$(LUA) bench/learned.lua $(ARGS)

bench-sequence: build ## functions of `table` on an array, beside its own methods
	$(LUA) bench/sequence.lua

bench-watch: build ## what arrays that nobody watches pay for being watchable (counts with valgrind)
	$(LUA) bench/watch.lua $(ARGS)

bench-collector: build ## memory held by dropped arrays
	$(LUA) bench/collector.lua $(ARGS)

bench-container: build ## whole-array operations against Lua loops and NumPy (python3-numpy)
	$(LUA) bench/container.lua $(ARGS)

docs: | $(first) ## the site of all documents and the reference, build/docs/index.html
	@rm -rf build/docs
	@mkdir -p build
	ldoc --quiet --fatalwarnings -c docs/config.ld .
	ldoc --quiet --fatalwarnings -c docs/lab.ld .
	cp -R docs/pictures LICENSE build/docs/
	$(LUA) scripts/site.lua build/docs

format: | $(first) ## format the C sources
	clang-format -i $(c_files)

clean: ## remove what was built
	rm -rf build dynarray.so libdynarray.*

-include $(shell find build $(OUT) -name '*.d' 2>/dev/null)
