/* constructors.c: new arrays: new, of, from, filled; whether a value is one. */
#include "lua/methods/constructors.h"

#include <string.h>

#include "lua/array/anchor.h"
#include "lua/array/append.h"
#include "lua/array/argument.h"
#include "lua/array/construction.h"
#include "lua/array/source.h"
#include "lua/base/error.h"

/* new([type | options]) */
static int module_new(lua_State *L) {
    Options options;
    check_no_more(L, 1);
    options = check_options(L, 1, DYNARRAY_VALUE);
    array_new(L, state_of(L), &options);
    return 1;
}

/* Guesses from the first value whether there are objects: most arrays that have some begin with one. */
static objects_expected expected_of(lua_State *L, int index) {
    switch (lua_type(L, index)) {
    case LUA_TNIL:
    case LUA_TBOOLEAN:
    case LUA_TNUMBER: return OBJECTS_NO;
    default: return OBJECTS_YES;
    }
}

/* of(...) */
static int module_of(lua_State *L) {
    Options options = options_for(DYNARRAY_VALUE);
    int n = lua_gettop(L);
    Array *A;
    options.capacity = (size_t)n;
    if (n > 0) options.objects = expected_of(L, 1);
    A = array_new(L, state_of(L), &options);
    append_values(L, A, lua_gettop(L), 1, n);
    return 1;
}

/* A table with keys and without elements is taken for a list by mistake. table.pack() has n = 0. */
static void check_is_list(lua_State *L, int source) {
    if (lua_rawlen(L, source) > 0) return;
    if (lua_getmetatable(L, source)) { /* it may say itself what it has */
        lua_pop(L, 1);
        return;
    }
    lua_pushnil(L);
    if (!lua_next(L, source)) return;
    if (lua_type(L, -2) == LUA_TSTRING && strcmp(lua_tostring(L, -2), "n") == 0) {
        lua_pop(L, 1);
        if (!lua_next(L, source)) return;
    }
    luaL_argerror(
        L, source,
        lua_pushfstring(L, "table has no element 1, but the key %s: elements are 1, 2, ...",
                        describe(L, -2)));
}

/* from(source [, type | options]) */
static int module_from(lua_State *L) {
    State *S = state_of(L);
    Options options;
    Array *A, *source;
    if (lua_isfunction(L, 1) && lua_gettop(L) > 2)
        luaL_argerror(L, 3,
                      "too many arguments: three values, such as those of pairs, need a loop");
    check_no_more(L, 2);
    check_no_options(L, 1, 2);
    lua_settop(L, 2);
    source = array_test(L, S, 1);
    options =
        check_options(L, 2, source != NULL ? (dynarray_type)source->core.type : DYNARRAY_VALUE);
    if (!options.has_capacity && (source != NULL || lua_istable(L, 1))) {
        options.capacity = source != NULL ? source->core.size : (size_t)lua_rawlen(L, 1);
        options.has_capacity = true;
    }
    if (source != NULL)
        options.objects = value_has_objects(source) ? OBJECTS_YES : OBJECTS_NO;
    else if (lua_istable(L, 1)) {
        check_is_list(L, 1);
        lua_rawgeti(L, 1, 1);
        options.objects = expected_of(L, -1);
        lua_pop(L, 1);
    }
    A = array_new(L, S, &options);
    extend_from(L, A, lua_gettop(L), 1);
    return 1;
}

/* filled(n, value [, type | options]) */
static int module_filled(lua_State *L) {
    size_t n = check_size(L, 1, "size", 0, PTRDIFF_MAX);
    Options options;
    Array *A;
    luaL_checkany(L, 2);
    check_no_more(L, 3);
    options = check_options(L, 3, DYNARRAY_VALUE);
    if (!options.has_capacity || options.capacity < n) options.capacity = n;
    options.has_capacity = true;
    A = array_new(L, state_of(L), &options);
    if (n > 0) resize_up(L, A, lua_gettop(L), n, 2);
    return 1;
}

/* is(x) -> whether x is an array */
static int module_is(lua_State *L) {
    check_most(L, 1);
    luaL_checkany(L, 1);
    lua_pushboolean(L, array_test(L, state_of(L), 1) != NULL);
    return 1;
}

const luaL_Reg constructors_functions[] = {
    {"new", module_new},       {"of", module_of}, {"from", module_from},
    {"filled", module_filled}, {"is", module_is}, {NULL, NULL},
};
