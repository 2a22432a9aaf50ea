# `make help` lists the targets. CC, CFLAGS, LUA, LUA_CFLAGS and LUA_LIBS are the user's to set.

LUA        ?= lua5.4
LUA_PC     ?= lua5.4
LUA_CFLAGS ?= $(shell pkg-config --cflags $(LUA_PC))
LUA_LIBS   ?= $(shell pkg-config --libs $(LUA_PC))
CFLAGS     ?= -O2 -g

core  := $(wildcard src/core/*.c)
lua   := $(wildcard src/lua/*.c)
c_all  = $(shell find src spec examples bench -name '*.[ch]' 2>/dev/null)

warnings = -Wall -Wextra -Wpedantic
# Hidden symbols and -fno-plt: calls inside the module are direct, calls into Lua skip the stub.
compile  = $(CC) -std=c11 -fPIC -fvisibility=hidden -fno-plt $(warnings) -MMD -MP $(CFLAGS)
includes = -Isrc/include -Isrc/core $(LUA_CFLAGS)

# What `require` finds from the checkout, in this make's programs and in those that they start.
export LUA
export LUA_PATH  = ./lua/?.lua;./lua/?/init.lua;./spec/?.lua;;
export LUA_CPATH = ./?.so;;

# Named together with other goals, setup comes first, with -j too.
first := $(filter setup setup-dev,$(MAKECMDGOALS))

.PHONY: help all setup setup-dev build experiments test sanitize lint format clean
.PHONY: bench-access bench-growth bench-collector
.DELETE_ON_ERROR:

all: build

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "%-16s %s\n", $$1, $$2 }' Makefile

setup: ## install what building and testing need (Debian, Ubuntu)
	@scripts/setup.sh

setup-dev: setup ## the same for sanitize, lint and the rockspec
	@scripts/setup.sh dev

build: dynarray.so libdynarray.a ## the module and the core as a library (default)

dynarray.so: $(core:src/%.c=build/release/%.o) $(lua:src/%.c=build/release/%.o)
	$(CC) -shared $(CFLAGS) $(LDFLAGS) -o $@ $^

libdynarray.a: $(core:src/%.c=build/release/%.o)
	@rm -f $@
	$(AR) rcs $@ $^

# No Lua include path here: the core knows no Lua.
build/release/core/%.o: src/core/%.c Makefile | $(first)
	@mkdir -p $(@D)
	$(compile) -Isrc/include -c -o $@ $<

build/release/lua/%.o: src/lua/%.c Makefile | $(first)
	@mkdir -p $(@D)
	$(compile) $(includes) -c -o $@ $<

experiments: build ## the article's experiment and the growth factors, measured
	$(LUA) examples/article.lua
	$(LUA) examples/growth.lua

test: build ## all specs (ARGS=... goes to busted)
	$(LUA) spec/run.lua $(ARGS)

bench-access: build ## read, write, append and iteration against their floor
	$(LUA) bench/access.lua $(ARGS)

bench-growth: build ## appends from C and Lua against other arrays
	$(LUA) bench/growth/run.lua $(ARGS)

bench-collector: build ## memory held by dropped arrays
	$(LUA) bench/collector.lua $(ARGS)

format: | $(first) ## format the C sources
	clang-format -i $(c_all)

clean: ## remove what was built
	rm -rf build dynarray.so libdynarray.a

-include $(wildcard build/*/*/*.d)
