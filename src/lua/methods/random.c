/* random.c: random order and random numbers; the seed is given or comes from math.random. */
#include "lua/methods/random.h"

#include "core/random.h"
#include "lua/array/argument.h"
#include "lua/array/construction.h"
#include "lua/array/view_sync.h"

#define LARGEST_RANDOM 0x7fffffff /* math.random takes it in every version of Lua */

/* Makes a state from the seed at arg, or from two numbers of math.random, which may run any code. */
static random_state check_seed(lua_State *L, int arg) {
    uint64_t seed = 0;
    if (!lua_isnoneornil(L, arg)) {
        seed = (uint64_t)luaL_checkinteger(L, arg);
        return random_seed(seed);
    }
    luaL_checkstack(L, 4, NULL);
    lua_getfield(L, LUA_REGISTRYINDEX, "_LOADED");
    lua_getfield(L, -1, "math");
    if (!lua_istable(L, -1)) luaL_error(L, "a seed is needed: there is no math.random");
    for (int i = 0; i < 2; i++) {
        lua_getfield(L, -1, "random");
        lua_pushinteger(L, 0);
        lua_pushinteger(L, LARGEST_RANDOM);
        lua_call(L, 2, 1);
        seed = seed << 31 ^ (uint64_t)lua_tointeger(L, -1);
        lua_pop(L, 1);
    }
    lua_pop(L, 2);
    return random_seed(seed);
}

/* shuffle(a [, seed]) -> a, with its elements in random order */
static int method_shuffle(lua_State *L) {
    Array *A = self_writable_most(L, 2);
    random_state r;
    lua_settop(L, 2);
    r = check_seed(L, 2);
    view_sync(A);
    dynarray_shuffle(&A->core, &r);
    lua_settop(L, 1);
    return 1;
}

/* random(n [, type [, seed]]) -> a new array of n numbers */
static int module_random(lua_State *L) {
    check_most(L, 3);
    const size_t n = check_size(L, 1, "size", 0, PTRDIFF_MAX);
    Options options = options_for(DYNARRAY_FLOAT64);
    random_state r;
    Array *A;
    lua_settop(L, 3);
    if (!lua_isnil(L, 2)) options.type = check_type_argument(L, 2, true);
    r = check_seed(L, 3);
    options.capacity = n;
    A = array_new(L, state_of(L), &options);
    dynarray_randomize(&A->core, n, &r);
    dynarray_set_size(&A->core, n);
    return 1;
}

const luaL_Reg random_methods[] = {
    {"shuffle", method_shuffle},
    {NULL, NULL},
};

const luaL_Reg random_functions[] = {
    {"random", module_random},
    {NULL, NULL},
};
