# What the specs reach, and what they would not notice.

# Each branch of the source is one of the program: nothing is optimised or inlined, and no kernel is cloned for several
# processors. Threads count, too.
counted  = -O0 -g --coverage -fprofile-update=atomic $(once)
once     = '-Dtarget_clones(...)=' -Dalways_inline=
coverage = build/coverage

# Specs that link sources of ours take the objects in there, and other objects where they ask for DYNARRAY_NO_CLONES.
coverage: export LUA_CPATH = $(CURDIR)/$(coverage)/?.so;;
coverage: export DYNARRAY_SPEC_OBJECTS = $(CURDIR)/$(coverage)
coverage: export GCOV_ERROR_FILE = /dev/null
coverage: build counted ## which C code the specs reach, build/coverage/index.html (ARGS: specs; ADD=1: add to earlier runs)
	$(if $(ADD),,@find $(coverage) -name '*.gcda' -delete)
	$(LUA) spec/run.lua $(ARGS); status=$$?; \
	$(LUA) scripts/coverage.lua $(coverage) $(coverage)/objects $(coverage)/any && exit $$status

.PHONY: counted
counted: $(coverage)/dynarray.so $(coverage)/libdynarray.a $(all_c:src/%.c=$(coverage)/any/%.o)

# What was made of sources that are gone, or have another name, goes: else it would be counted.
$(coverage)/sources: always
	@mkdir -p $(@D)/objects $(@D)/any
	@rm -f $(foreach stem,$(gone),$(addprefix $(stem),.o .d .i .gcno .gcda))
	@echo '$(all_c)' | cmp -s - $@ || echo '$(all_c)' >$@

gone = $(filter-out $(foreach kind,objects any,$(all_c:src/%.c=$(coverage)/$(kind)/%)), \
       $(basename $(shell find $(coverage)/objects $(coverage)/any -name '*.gcno' 2>/dev/null)))

# Of all sources there are, and no others.
$(coverage)/dynarray.so: $(all_c:src/%.c=$(coverage)/objects/%.o) $(coverage)/sources
	$(CC) -shared $(counted) $(LDFLAGS) -o $@ $(filter %.o,$^) $(LDLIBS)

$(coverage)/libdynarray.a: $(core:src/%.c=$(coverage)/objects/%.o) $(coverage)/sources
	@rm -f $@
	$(AR) qcs $@ $(filter %.o,$^)

define count
@mkdir -p $(@D)
@$(compile) $(counted) $(also) -MT $@ -MF $(@:.o=.d) -E -fdebug-cpp $< | $(LUA) scripts/template_lines.lua >$(@:.o=.i)
$(CC) -std=c11 -w $(position_flags) -fvisibility=hidden $(CFLAGS) $(counted) $(also) -c -o $@ $(@:.o=.i)
endef

counted_from = $(recipes) mk/coverage.mk scripts/template_lines.lua
$(coverage)/objects/%.o: src/%.c $(counted_from) | $(first)
	$(count)

$(coverage)/any/%.o: also = -DDYNARRAY_NO_CLONES
$(coverage)/any/%.o: src/%.c $(counted_from) | $(first)
	$(count)

mutants: export LUA_CFLAGS := $(LUA_CFLAGS)
mutants: build ## changes of one token in the C sources that no spec notices (SEED=0 for new ones, COUNT=100, AT=file:line; LONGEST=10 leaves out slower specs)
	@mkdir -p build/mutants
	$(LUA) scripts/mutants.lua build/mutants '$(SEED)' '$(COUNT)' '$(AT)'
