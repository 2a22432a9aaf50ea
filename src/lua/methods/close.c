/* close.c: the end of an array: close, to-be-closed variables, the collector. */
#include "lua/methods/close.h"

#include "lua/array/argument.h"
#include "lua/array/lifecycle.h"

static int meta_close(lua_State *L) {
    Array *A = self(L);
    if (is_pinned(A)) check_not_fixed(L, A);
    array_close(L, A, 1);
    /* its finalizer has nothing left to do, and would cost more than everything else here */
    lua_rawgeti(L, LUA_REGISTRYINDEX, A->state->closed_metatable_ref);
    lua_setmetatable(L, 1);
    return 0;
}

static int meta_gc(lua_State *L) {
    array_close(L, self(L), 1);
    return 0;
}

const luaL_Reg close_methods[] = {
    {"close", meta_close},
    {"__close", meta_close},
    {"__gc", meta_gc},
    {NULL, NULL},
};
