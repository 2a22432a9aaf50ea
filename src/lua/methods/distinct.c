/* distinct.c: different elements, and how often each occurs. */
#include "lua/methods/distinct.h"

#include <string.h>

#include "core/distinct.h"
#include "core/sort.h"
#include "lua/array/argument.h"
#include "lua/array/construction.h"
#include "lua/array/window.h"

/* unique(a) -> a new array of the different elements, sorted, and an int64 array of how often each occurs */
static int method_unique(lua_State *L) {
    Array *A = self_most(L, 1), *result, *counts;
    size_t n;
    check_numeric(L, A, 1);
    lua_settop(L, 1);
    result = push_copy(L, A);
    dynarray_sort(&result->core);
    n = dynarray_distinct(&result->core, NULL);
    counts = array_new_plain(L, A, DYNARRAY_INT64, n);
    dynarray_distinct(&result->core, counts->core.data);
    dynarray_set_size(&counts->core, n);
    dynarray_set_size(&result->core, n);
    return 2;
}

const luaL_Reg distinct_methods[] = {
    {"unique", method_unique},
    {NULL, NULL},
};
