/* cumulative.c: cumsum, cummax, cummin: results up to each element; diff. */
#include "lua/methods/cumulative.h"

#include "core/arithmetic.h"
#include "core/cummax_diff.h"
#include "lua/array/argument.h"
#include "lua/array/construction.h"
#include "lua/array/view_sync.h"

/* cumsum(a) -> a; makes each element the sum of all elements up to it */
static int method_cumsum(lua_State *L) {
    Array *A = self_writable_most(L, 1);
    size_t i;
    check_numeric(L, A, 1);
    i = dynarray_cumsum(&A->core);
    if (i < A->core.size) return fail_result(L, (dynarray_type)A->core.type, "the sum", i);
    lua_settop(L, 1);
    return 1;
}

static int cumulate(lua_State *L, bool greatest) {
    Array *A = self_writable_most(L, 1);
    check_numeric(L, A, 1);
    dynarray_cumulate_best(&A->core, greatest);
    lua_settop(L, 1);
    return 1;
}

/* cummax(a) -> a; makes each element the greatest of all up to it */
static int method_cummax(lua_State *L) { return cumulate(L, true); }

static int method_cummin(lua_State *L) { return cumulate(L, false); }

/* diff(a) -> a new array of the differences of neighbours: int64 for integers */
static int method_diff(lua_State *L) {
    Array *A = self_most(L, 1), *result;
    const size_t n = A->core.size, count = n > 0 ? n - 1 : 0;
    dynarray_type type = (dynarray_type)A->core.type;
    check_numeric(L, A, 1);
    if (!dynarray_is_float(type)) type = DYNARRAY_INT64;
    lua_settop(L, 1);
    result = array_new_plain(L, A, type, count);
    check_unchanged(L, A, n);
    if (count > 0) dynarray_differences(&A->core, result->core.data);
    dynarray_set_size(&result->core, count);
    return 1;
}

const luaL_Reg cumulative_methods[] = {
    {"cumsum", method_cumsum},
    {"cummax", method_cummax},
    {"cummin", method_cummin},
    {"diff", method_diff},
    {NULL, NULL},
};
