# Checking: specs, sanitizers, linters.

# float-cast-overflow is not part of gcc's `undefined`; a first report ends the run.
sanitizers = -O1 -g -fno-omit-frame-pointer -fno-sanitize-recover=all \
             -fsanitize=address,leak,undefined,float-cast-overflow

test: build ## all specs (ARGS goes to busted)
	$(LUA) spec/run.lua $(ARGS)

# busted and what it needs are not there for every Lua.
check-lua: export LUA_CPATH = $(DYNARRAY_OUT)/?.so
check-lua: module ## the examples of the reference, under any Lua: LUA=, LUA_CFLAGS=-I, OUT= a directory for that module
	$(LUA) spec/support/examples.lua

check-hard: module ## specs (ARGS=names) under a Lua that checks each call, and under one that always collects (Debian's source)
	scripts/hard.sh $(ARGS)

check-valgrind: build/valgrind/core ## the core's checks in C under valgrind's memcheck
	scripts/valgrind.sh $<

# Without pages, so that all blocks are of malloc, whose ends memcheck knows; and as it loses track of what mremap moves.
# The amalgamation has all that C programs can call, and compiles in a second.
build/valgrind/core: spec/support/core.c $(all_c) $(shell find src -name '*.h') scripts/amalgamate.lua
	@mkdir -p $(@D)
	$(LUA) scripts/amalgamate.lua $(@D)
	$(CC) -std=c11 -O1 -g -DDYNARRAY_NO_PAGES -DDYNARRAY_NO_LUA -I$(@D) -o $@ $< $(@D)/dynarray.c $(LDLIBS)

# A sanitized module needs a sanitized program: spec/support/lua.c, linked with the system's liblua.
# allocator_may_return_null: malloc of 2^61 bytes shall fail as it does without ASan, not end the run.
sanitize: export LUA = $(CURDIR)/build/sanitize/lua5.4
sanitize: export LUA_CPATH = $(CURDIR)/build/sanitize/?.so;;
sanitize: export ASAN_OPTIONS = allocator_may_return_null=1
sanitize: export UBSAN_OPTIONS = print_stacktrace=1
sanitize: export DYNARRAY_SPEC_CFLAGS = $(sanitizers)
sanitize: build/sanitize/dynarray.so build/sanitize/lua5.4 ## the specs under ASan, LSan and UBSan
	$(LUA) spec/run.lua $(ARGS)

build/sanitize/dynarray.so: $(all_c:src/%.c=build/sanitize/%.o)
	$(CC) -shared $(CFLAGS) $(sanitizers) $(LDFLAGS) -o $@ $^ $(LDLIBS)

build/sanitize/%.o: src/%.c $(recipes) | $(first)
	@mkdir -p $(@D)
	$(compile) $(sanitizers) -c -o $@ $<

build/sanitize/lua5.4: spec/support/lua.c $(recipes) | $(first)
	@mkdir -p $(@D)
	$(compile) $(sanitizers) $(LDFLAGS) -o $@ $< $(LUA_LIBS)

# Lua's headers are not ours to mend, hence -isystem.
lint_flags = -std=c11 -Isrc -Isrc/include $(patsubst -I%,-isystem %,$(LUA_CFLAGS))

# gcc finds some faults only where it optimises. One clone of a kernel has the faults of all. Style is left to clang-tidy,
# which knows what Lua may change.
lint_gcc = -O2 -Dtarget_clones(...)= $(lint_flags) $(warnings) -Wconversion -Wshadow -Werror -c -o /dev/null
# Beside them cppcheck looks at all files in one process: only so it finds what concerns several files.
lint_cppcheck = cppcheck --quiet --error-exitcode=1 --std=c11 --enable=warning,performance,portability --inline-suppr \
                -Isrc -Isrc/include $(lint_c)
lint: module | $(first) ## warnings of gcc and clang, clang-tidy, cppcheck, clang-format, luacheck, the order of files
	NM='$(NM)' $(LUA) scripts/floors.lua docs/architecture.md . $(objects)
	@printf '%s\n' cppcheck $(lint_c) | xargs -P $$(getconf _NPROCESSORS_ONLN) -n 1 sh -c 'status=0; \
	    if [ $$0 = cppcheck ]; then echo cppcheck; exec $(lint_cppcheck); fi; \
	    for check in "gcc $(lint_gcc)" "clang $(lint_gcc)"; do \
	        echo "$${check%% *} $$0"; $$check $$0 || status=1; done; \
	    echo "clang-tidy $$0"; clang-tidy --quiet $$0 -- $(lint_flags) || status=1; exit $$status'
	clang-format --dry-run -Werror $(c_files)
	luacheck --quiet .

format: | $(first) ## format the C sources
	clang-format -i $(c_files)

# ---------------------------------------------------------------------------------------------
# Fuzzing

# A fuzzer for each file in spec/fuzz, begun with the inputs in the folder of its name. What is found stays in build/fuzz.
SECONDS = 20
SEED = 0
FUZZ = $(sort $(patsubst spec/fuzz/%.c,%,$(wildcard spec/fuzz/*.c)))
fuzz_flags = -std=c11 -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all
fuzz_objects = $(all_c:src/%.c=build/fuzz/src/%.o)
fuzz: ## libFuzzer on what reads others' bytes and runs others' scripts (SECONDS=20 for each, SEED=0 for a new one, FUZZ=names; clang)
	@MAKE='$(MAKE)' scripts/fuzz.sh $(SECONDS) $(SEED) $(FUZZ)

build/fuzz/src/%.o: src/%.c $(recipes)
	@mkdir -p $(@D)
	clang $(fuzz_flags) -fsanitize=fuzzer-no-link $(includes) -MMD -MP -c -o $@ $<

build/fuzz/library.a: $(fuzz_objects)
	rm -f $@
	$(AR) qcs $@ $^

build/fuzz/%: spec/fuzz/%.c spec/fuzz/support.h build/fuzz/library.a
	clang $(fuzz_flags) -fsanitize=fuzzer -Isrc -Isrc/include $(LUA_CFLAGS) -o $@ $< build/fuzz/library.a \
	    $(LUA_LIBS) $(LDLIBS)

.SECONDARY: $(fuzz_objects) # they stay when the fuzzers are linked
-include $(fuzz_objects:.o=.d)
