/* iterate.c: pairs, ipairs and iter. */
#include "lua/methods/iterate.h"

#include <string.h>

#include "lua/array/argument.h"
#include "lua/array/conversion.h"
#include "lua/array/lifecycle.h"
#include "lua/array/view_sync.h"

static bool is_nil(const Array *A, size_t i) {
    uint64_t word;
    memcpy(&word, element_at(A, i), sizeof word);
    return value_is_nil(word);
}

/* The second upvalue of a step is the array: a step need not look at its arguments. */
#define STEP_ARRAY lua_upvalueindex(2)

static inline int iterate(lua_State *L, bool stops_at_nil) {
    Array *A = (Array *)lua_touserdata(L, STEP_ARRAY);
    const lua_Unsigned i = (lua_Unsigned)lua_tointegerx(L, 2, NULL);
    if (DYNARRAY_UNLIKELY(A->state->closed)) array_lose(A);
    if (DYNARRAY_UNLIKELY(A->core.flags & ARRAY_VIEW)) view_sync(A);
    if (i >= A->core.size || (stops_at_nil && is_nil(A, (size_t)i))) {
        lua_pushnil(L);
        return 1;
    }
    lua_pushinteger(L, (lua_Integer)i + 1);
    push_element(L, A, STEP_ARRAY, (size_t)i);
    return 2;
}

/* pairs_step(_, i) -> i + 1, a[i + 1]; nil at the end. */
static int pairs_step(lua_State *L) { return iterate(L, false); }

/* The same for value arrays, but ends at the first nil. */
static int ipairs_step(lua_State *L) { return iterate(L, true); }

static int push_iteration(lua_State *L, lua_CFunction step) {
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_pushvalue(L, 1);
    lua_pushcclosure(L, step, 2);
    lua_pushvalue(L, 1);
    lua_pushinteger(L, 0);
    return 3;
}

static int meta_pairs(lua_State *L) {
    self(L);
    return push_iteration(L, pairs_step);
}

/* ipairs(t) -> what Lua's ipairs, the second upvalue, returns; for arrays with faster steps */
static int module_ipairs(lua_State *L) {
    const Array *A = array_test(L, state_of(L), 1);
    if (A != NULL) return push_iteration(L, holds_values(A) ? ipairs_step : pairs_step);
    luaL_checkany(L, 1);
    lua_settop(L, 1);
    lua_pushvalue(L, lua_upvalueindex(2));
    lua_insert(L, 1);
    lua_call(L, 1, 3);
    return 3;
}

/* The module's ipairs. */
static int ipairs_function(lua_State *L) {
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_getglobal(L, "ipairs");
    lua_pushcclosure(L, module_ipairs, 2);
    return 1;
}

/* Upvalues 2 and 3 of the closure are the array and the index that it returned last. */
static int next_element(lua_State *L) {
    const int array = lua_upvalueindex(2), index = lua_upvalueindex(3);
    const Array *A = array_test(L, state_of(L), array);
    const size_t i = (size_t)lua_tointeger(L, index);
    if (A == NULL || i >= A->core.size) {
        lua_pushnil(L);
        return 1;
    }
    lua_pushinteger(L, (lua_Integer)i + 1);
    lua_copy(L, -1, index);
    push_element(L, A, array, i);
    lua_insert(L, -2);
    return 2;
}

/* iter(a) -> a function that returns the next element and its index at each call, nil at the end */
static int method_iter(lua_State *L) {
    self_most(L, 1);
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_pushvalue(L, 1);
    lua_pushinteger(L, 0);
    lua_pushcclosure(L, next_element, 3);
    return 1;
}

const luaL_Reg iterate_methods[] = {
    {"__pairs", meta_pairs},
    {"iter", method_iter},
    {NULL, NULL},
};

const luaL_Reg iterate_values[] = {
    {"ipairs", ipairs_function},
    {NULL, NULL},
};
