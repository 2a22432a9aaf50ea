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

build/sanitize/%.o: src/%.c $(recipes) | $(first)
	@mkdir -p $(@D)
	$(compile) $(sanitizers) -c -o $@ $<

build/sanitize/lua5.4: spec/support/lua.c $(recipes) | $(first)
	@mkdir -p $(@D)
	$(compile) $(sanitizers) $(LDFLAGS) -o $@ $< $(LUA_LIBS)

# Lua's headers are not ours to mend, hence -isystem.
lint_flags = -std=c11 -Isrc -Isrc/include $(patsubst -I%,-isystem %,$(LUA_CFLAGS))

# gcc finds some faults only where it optimises. Style is left to clang-tidy, which knows what Lua may change.
lint_gcc = -O2 $(lint_flags) $(warnings) -Wconversion -Wshadow -Werror -c -o /dev/null
lint: module | $(first) ## warnings of gcc and clang, clang-tidy, cppcheck, clang-format, luacheck, the order of files
	NM='$(NM)' $(LUA) scripts/floors.lua docs/architecture.md . $(objects)
	@printf '%s\n' $(lint_c) | xargs -P $$(getconf _NPROCESSORS_ONLN) -n 1 sh -c 'status=0; \
	    for check in "gcc $(lint_gcc)" "clang $(lint_gcc)"; do \
	        echo "$${check%% *} $$0"; $$check $$0 || status=1; done; \
	    echo "clang-tidy $$0"; clang-tidy --quiet $$0 -- $(lint_flags) || status=1; exit $$status'
	cppcheck --quiet --error-exitcode=1 --std=c11 --enable=warning,performance,portability \
	    --inline-suppr -Isrc -Isrc/include $(lint_c)
	clang-format --dry-run -Werror $(c_files)
	luacheck --quiet .

format: | $(first) ## format the C sources
	clang-format -i $(c_files)

# ---------------------------------------------------------------------------------------------
# Fuzzing

# A fuzzer for each file in spec/fuzz, begun with the inputs in the folder of its name. What is found stays in build/fuzz.
SECONDS = 20
fuzzers = $(patsubst spec/fuzz/%.c,build/fuzz/%,$(wildcard spec/fuzz/*.c))
fuzz: $(fuzzers) ## libFuzzer on what reads foreign bytes (SECONDS=20 for each; clang)
	@for f in $(fuzzers); do name=$$(basename $$f); echo "fuzz $$name"; mkdir -p build/fuzz/corpus/$$name; \
	    $$f -max_total_time=$(SECONDS) -max_len=4096 -verbosity=0 -print_final_stats=1 -artifact_prefix=build/fuzz/$$name- \
	        build/fuzz/corpus/$$name spec/fuzz/$$name || exit 1; done

build/fuzz/%: spec/fuzz/%.c $(core) $(wildcard src/core/*.h src/core/*/*.h) $(recipes)
	@mkdir -p $(@D)
	clang -std=c11 -O1 -g -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all -Isrc -Isrc/include \
	    -o $@ $< $(core) $(LDLIBS)
