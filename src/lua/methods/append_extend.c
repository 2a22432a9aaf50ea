/* append_extend.c: append and extend. */
#include "lua/methods/append_extend.h"

#include "core/open_file.h"
#include "lua/array/append.h"
#include "lua/array/argument.h"
#include "lua/array/conversion.h"
#include "lua/array/source.h"

/* Appends that grow, more objects, several values, and errors. */
static SLOW_PATH int append_slow(lua_State *L, Array *A) {
    append_values(L, A, 1, 2, lua_gettop(L) - 1);
    lua_settop(L, 1);
    return 1;
}

/* append(a, ...) -> a */
static int method_append(lua_State *L) {
    Array *A = self_writable(L);
    const size_t size = A->core.size;
    if (lua_gettop(L) == 2 && size < A->core.capacity) {
        if (put_element(L, A, size, 2) == FITS) {
            array_set_size(&A->core, size + 1);
            lua_pushvalue(L, 1); /* cheaper than lua_settop */
            return 1;
        }
        if (A->own_free != 0) { /* so what does not fit is an object */
            ((uint64_t *)A->core.data)[size] = value_anchor_own(L, A, 1);
            array_set_size(&A->core, size + 1);
            return 1; /* the array, as the object is popped */
        }
    }
    return append_slow(L, A);
}

/* extend(a, source) -> a */
static int method_extend(lua_State *L) {
    Array *A = self_writable_most(L, 2);
    extend_from(L, A, 1, 2);
    lua_settop(L, 1);
    return 1;
}

const luaL_Reg append_extend_methods[] = {
    {"append", method_append},
    {"extend", method_extend},
    {NULL, NULL},
};
