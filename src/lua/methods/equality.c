/* equality.c: a == b. */
#include "lua/methods/equality.h"

#include "core/search.h"
#include "lua/array/argument.h"
#include "lua/array/conversion.h"
#include "lua/array/view_sync.h"

/* Compares elements by ==, which may run metamethods that change the arrays. */
static bool values_equal(lua_State *L, Array *A, Array *B) {
    for (size_t i = 0;; i++) {
        bool equal;
        view_sync(A);
        view_sync(B);
        if (i >= A->core.size || i >= B->core.size) break;
        push_element(L, A, 1, i);
        push_element(L, B, 2, i);
        equal = lua_compare(L, -2, -1, LUA_OPEQ);
        lua_pop(L, 2);
        if (!equal) return false;
    }
    return A->core.size == B->core.size;
}

static int meta_eq(lua_State *L) {
    State *S = state_of(L);
    Array *A = array_test(L, S, 1), *B = array_test(L, S, 2);
    bool equal;
    if (A == NULL && B == NULL) array_check(L, S, 1);
    lua_settop(L, 2);
    equal = A != NULL && B != NULL && A->core.type == B->core.type && A->core.size == B->core.size;
    if (equal && A != B)
        equal = holds_values(A) ? values_equal(L, A, B) : dynarray_equal(&A->core, &B->core);
    lua_pushboolean(L, equal);
    return 1;
}

const luaL_Reg equality_methods[] = {
    {"__eq", meta_eq},
    {NULL, NULL},
};
