# `make help` lists the targets. CC, CFLAGS, LDFLAGS, LUA, LUA_CFLAGS and LUA_LIBS are the user's to set.

LUA        ?= lua5.4
LUA_CFLAGS ?= $(shell pkg-config --cflags lua5.4)
LUA_LIBS   ?= $(shell pkg-config --libs lua5.4)
CFLAGS     ?= -O2 -g
LDLIBS      = -lm

core  := $(wildcard src/core/*.c)
all_c := $(core) $(wildcard src/lua/*.c)
# All C there is, but for the drivers of other libraries, which need not be installed here.
c_files = $(shell find src spec examples bench -path bench/growth -prune -o -name '*.[ch]' -print)
lint_c  = $(filter %.c,$(c_files))

warnings = -Wall -Wextra -Wpedantic
# The core gets no Lua headers: it knows no Lua.
includes = -Isrc/include $(if $(filter src/core/%,$<),,-Isrc/core $(LUA_CFLAGS))
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

.PHONY: all help setup setup-dev build experiments test sanitize lint docs format clean \
        bench-access bench-growth bench-collector bench-container bench-learned
.DELETE_ON_ERROR:

all: build

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "%-16s %s\n", $$1, $$2 }' Makefile

setup: ## install what building and testing need, where it is missing (Debian, Ubuntu)
	@scripts/setup.sh $(if $(filter test sanitize,$(MAKECMDGOALS)),test)

setup-dev: setup ## the same for lint, docs and the rockspec
	@scripts/setup.sh dev

build: dynarray.so libdynarray.a ## the Lua module, and the library for C programs (default)

dynarray.so: $(all_c:src/%.c=build/release/%.o)
	$(CC) -shared $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

# The core, and the binding for hosts that link Lua: a program without takes the core's members alone.
libdynarray.a: $(all_c:src/%.c=build/release/%.o)
	@rm -f $@
	$(AR) rcs $@ $^

build/release/%.o: src/%.c Makefile | $(first)
	@mkdir -p $(@D)
	$(compile) -c -o $@ $<

experiments: build ## the article's experiment, and growth factors measured
	$(LUA) examples/article.lua
	$(LUA) examples/growth.lua

test: build ## all specs (ARGS goes to busted)
	$(LUA) spec/run.lua $(ARGS)

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
lint_flags = -std=c11 -Isrc/include -Isrc/core $(patsubst -I%,-isystem %,$(LUA_CFLAGS))

# gcc finds some faults only where it optimises. Style is left to clang-tidy, which knows what Lua may change.
lint: | $(first) ## warnings of gcc and clang, clang-tidy, cppcheck, clang-format, luacheck
	@status=0; for cc in gcc clang; do for c in $(lint_c); do \
	    echo $$cc $$c; $$cc -O2 $(lint_flags) $(warnings) -Wconversion -Wshadow -Werror \
	        -c -o /dev/null $$c || status=1; done; done; exit $$status
	@status=0; for c in $(lint_c); do echo clang-tidy $$c; \
	    clang-tidy --quiet $$c -- $(lint_flags) || status=1; done; exit $$status
	cppcheck --quiet --error-exitcode=1 --std=c11 --enable=warning,performance,portability \
	    --inline-suppr -Isrc/include -Isrc/core $(lint_c)
	clang-format --dry-run -Werror $(c_files)
	luacheck --quiet .

bench-access: build ## read, write, append, iteration against their floor (ARGS, as below)
	$(LUA) bench/access.lua $(ARGS)

bench-growth: build ## appends against other arrays
	$(LUA) bench/growth/run.lua $(ARGS)

bench-learned: build ## what a policy that learns from the past could save
	$(LUA) bench/learned.lua $(ARGS)

bench-collector: build ## memory held by dropped arrays
	$(LUA) bench/collector.lua $(ARGS)

bench-container: build ## whole-array operations against Lua loops and NumPy (python3-numpy)
	$(LUA) bench/container.lua $(ARGS)

docs: | $(first) ## the reference, build/docs/index.html
	ldoc --quiet --fatalwarnings -c docs/config.ld .

format: | $(first) ## format the C sources
	clang-format -i $(c_files)

clean: ## remove what was built
	rm -rf build dynarray.so libdynarray.a
	find src -name "*.o" -delete # luarocks leaves them

-include $(wildcard build/*/*/*.d build/*/*.d)
