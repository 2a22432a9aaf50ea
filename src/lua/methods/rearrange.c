/* rearrange.c: moves elements: swap, reverse, rotate. */
#include "lua/methods/rearrange.h"

#include <string.h>

#include "core/rearrange.h"
#include "lua/array/argument.h"

/* swap(a, i, j) -> a; O(1) */
static int method_swap(lua_State *L) {
    Array *A = self_writable_most(L, 3);
    const size_t size = A->core.size;
    char *x = element_at(A, check_place(L, A, 2, size));
    char *y = element_at(A, check_place(L, A, 3, size));
    uint64_t element;
    memcpy(&element, x, A->core.element_size);
    memmove(x, y, A->core.element_size);
    memcpy(y, &element, A->core.element_size);
    lua_settop(L, 1);
    return 1;
}

/* reverse(a) -> a; O(#a) */
static int method_reverse(lua_State *L) {
    Array *A = self_writable_most(L, 1);
    dynarray_reverse(&A->core);
    lua_settop(L, 1);
    return 1;
}

/* rotate(a, k) -> a; moves elements k places towards the end; the last k become the first; O(#a) */
static int method_rotate(lua_State *L) {
    Array *A = self_writable_most(L, 2);
    const lua_Integer size = (lua_Integer)A->core.size;
    lua_Integer k;
    luaL_checktype(L, 2, LUA_TNUMBER); /* a string is not a number of places */
    k = luaL_checkinteger(L, 2);
    if (size > 0) {
        const lua_Integer places = k % size; /* which has the sign of k */
        dynarray_rotate(&A->core, (size_t)(places > 0 ? size - places : -places));
    }
    lua_settop(L, 1);
    return 1;
}

const luaL_Reg rearrange_methods[] = {
    {"swap", method_swap},
    {"reverse", method_reverse},
    {"rotate", method_rotate},
    {NULL, NULL},
};
