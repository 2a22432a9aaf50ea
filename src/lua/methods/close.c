/* close.c: the end of an array: close, to-be-closed variables, the collector. */
#include "lua/methods/close.h"

#include "lua/array/argument.h"
#include "lua/array/holding.h"
#include "lua/array/lifecycle.h"
#include "lua/array/path.h"

/*
** close(a). For a file -> true; or nil, message, code if the file is as a crash would leave it. Closes the array in
** any case.
*/
static int meta_close(lua_State *L) {
    Array *A = self(L);
    const bool is_file = A->core.block == DYNARRAY_BLOCK_FILE;
    dynarray_status status = DYNARRAY_OK;
    dynarray_failure why;
    if (is_pinned(A)) check_not_fixed(L, A);
    if (is_file) {
        status = dynarray_close(&A->core, &why);
        holding_note(A);
    }
    array_close(L, A, 1);
    array_release_objects(L, A, 1);
    /* its finalizer has nothing left to do, and would cost more than everything else here */
    lua_rawgeti(L, LUA_REGISTRYINDEX, A->state->closed_metatable_ref);
    lua_setmetatable(L, 1);
    if (status != DYNARRAY_OK) return push_failure(L, "close", why.code, why.message);
    lua_pushboolean(L, 1);
    return is_file ? 1 : 0;
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
