/* totable.c: elements as a table, and as results. */
#include "lua/methods/totable.h"

#include <limits.h>

#include "lua/array/argument.h"
#include "lua/array/conversion.h"
#include "lua/array/view_sync.h"

/* totable(a [, i [, j]]) -> a table of elements i to j, all by default */
static int method_totable(lua_State *L) {
    Array *A = self_most(L, 3);
    const range r = check_range(L, A, 2);
    const size_t n = r.end - r.first;
    /* unreached: 2^31 elements need 40 GiB as a table */
    lua_createtable(L, n < INT_MAX ? (int)n : INT_MAX, 0);
    for (size_t i = r.first; i < r.end; i++) {
        view_sync(A); /* the table allocates, which may run finalizers */
        if (i >= A->core.size) break;
        push_element(L, A, 1, i);
        lua_rawseti(L, -2, (lua_Integer)(i - r.first) + 1);
    }
    return 1;
}

/* unpack(a [, i [, j]]) -> elements i to j, all by default */
static int method_unpack(lua_State *L) {
    Array *A = self_most(L, 3);
    const range r = check_range(L, A, 2);
    const size_t n = r.end - r.first;
    /* push_element needs a few more places */
    if (n >= INT_MAX - LUA_MINSTACK || !compat_has_stack(L, (int)n + LUA_MINSTACK))
        return luaL_error(L, "too many results to unpack (%I)", (LUAI_UACINT)n);
    check_still_has(L, A,
                    r.end); /* a finalizer may have changed it; from here on no Lua code runs */
    for (size_t i = r.first; i < r.end; i++) push_element(L, A, 1, i);
    return (int)n;
}

const luaL_Reg totable_methods[] = {
    {"totable", method_totable},
    {"unpack", method_unpack},
    {"__serialize", method_totable}, /* what Serpent asks for */
    {NULL, NULL},
};
