# Building: the Lua module, and the libraries for C programs.

# What decides how objects are made: they are made anew when it changes.
recipes = mk/settings.mk mk/build.mk mk/windows.mk

setup: ## install what building and testing need, where it is missing (Debian, Ubuntu)
	@scripts/setup.sh $(LUA_VERSION) $(if $(filter test sanitize,$(MAKECMDGOALS)),test)

setup-dev: setup ## the same for lint, docs and the rockspec
	@scripts/setup.sh $(LUA_VERSION) dev

setup-release: setup ## the same for packages and releases
	@scripts/setup.sh $(LUA_VERSION) release

build: $(objects)/built ## the Lua module, and the libraries for C programs (default)

# Says that all of it is there, and how to see it; once, as the file stays. Lua finds the module where it is started.
$(objects)/built: $(products)$(module_name) $(libraries)
	@echo "built: $^"
	@touch $@
ifeq ($(OUT),)
	@echo "try:   $(LUA) -e 'print(require(\"dynarray\").range(1, 10):mean())'"
endif

module: $(products)$(module_name) ## the Lua module alone

# Changes with them, so that objects of another Lua, compiler or flags are made anew.
$(objects)/settings: always | $(first)
	@mkdir -p $(@D)
	@echo '$(LUA_VERSION) $(LUA_CFLAGS) $(CC) $(CFLAGS)' | cmp -s - $@ || \
	    echo '$(LUA_VERSION) $(LUA_CFLAGS) $(CC) $(CFLAGS)' >$@

$(objects)/%.o: src/%.c $(recipes) $(objects)/settings | $(first)
	@mkdir -p $(@D)
	$(compile) -c -o $@ $<

ifneq ($(TARGET),windows)
$(products)$(soname) $(products)$(linked_name): $(products)$(shared)
	ln -sf $(shared) $@
endif

ifeq ($(WHOLE),)

# It exports luaopen_dynarray alone: a program that holds another version of the library keeps its own functions.
$(products)dynarray.so: $(all_c:src/%.c=$(objects)/%.o) src/lua/module.map
	$(CC) $(link_module) $(CFLAGS) $(LDFLAGS) -Wl,--version-script=src/lua/module.map -o $@ $(filter %.o,$^) $(LDLIBS)

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
$(objects)/exports.map: $(wildcard src/include/*.h) $(recipes)
	@mkdir -p $(@D)
	@{ echo '{ global:'; sed -n 's/^DYNARRAY_API .*[ *]\([a-z_0-9]*\)(.*/\1;/p' $(filter %.h,$^); echo 'local: *; };'; } >$@

$(products)$(shared): $(core:src/%.c=$(objects)/named/%.o) $(objects)/binding.o $(objects)/exports.map
	$(CC) $(link_library) $(CFLAGS) $(LDFLAGS) -Wl,--version-script=$(objects)/exports.map \
	    -o $@ $(filter %.o,$^) -Wl,-Bsymbolic-functions $(LDLIBS)

else

whole = $(objects)/whole

$(whole)/dynarray.c: $(all_c) $(shell find src -name '*.h') scripts/amalgamate.lua | $(first)
	$(LUA) scripts/amalgamate.lua $(whole)

# One source, three objects: all of it; the core alone; the module, of which nothing but luaopen_dynarray can be seen.
ifneq ($(TARGET),windows)
$(whole)/library.o: switches = -include $(whole)/weak.h
$(whole)/library.o: $(whole)/weak.h
endif
$(whole)/core.o: switches = -DDYNARRAY_NO_LUA
$(whole)/module.o: switches = -DDYNARRAY_MODULE

$(addprefix $(whole)/,library.o core.o module.o): $(whole)/dynarray.c $(recipes) $(objects)/settings
	$(compile) $(switches) -c -o $@ $<

# Lua's functions are weak in the shared library: a program that has a lua_State has them, and one that has none needs none.
$(whole)/weak.h: $(whole)/module.o
	@$(NM) -u $< | sed -n 's/.*[ _]\(luaL*_[a-z_]*\)$$/\#pragma weak \1/p' >$@

$(products)$(module_name): $(whole)/module.o
	$(CC) $(link_module) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(module_libs) $(LDLIBS)

# A program that has no Lua takes the one member; one that opens the module takes the other, which has a core of its own.
$(products)libdynarray.a: $(whole)/core.o $(whole)/module.o
	@rm -f $@
	$(AR) qcs $@ $^

$(products)$(shared): $(whole)/library.o
	$(CC) $(link_library) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

endif

amalgamation: ## all C sources as one file, and the headers, in build/amalgamation
	$(LUA) scripts/amalgamate.lua build/amalgamation

docs: | $(first) ## the site of all documents and the reference, build/docs/index.html
	@rm -rf build/docs
	@mkdir -p build
	ldoc --quiet --fatalwarnings -c docs/config.ld .
	ldoc --quiet --fatalwarnings -c docs/lab.ld .
	cp -R docs/pictures LICENSE build/docs/
	$(LUA) scripts/site.lua build/docs

clean: ## remove what was built
	rm -rf build dynarray.so libdynarray.*
