/* running.c: running results: differences, maxima and minima up to each element. */
#include "lua/methods/running.h"

#include "core/running.h"
#include "lua/array/argument.h"
#include "lua/array/construction.h"
#include "lua/array/expression.h"

static int cumulate(lua_State *L, bool greatest) {
    Array *A = self_writable(L);
    check_numeric(L, A, 1);
    dynarray_cumulate_best(&A->core, greatest);
    lua_settop(L, 1);
    return 1;
}

/* cummax(a) -> a; makes each element the greatest of all up to it */
static int method_cummax(lua_State *L) { return cumulate(L, true); }

static int method_cummin(lua_State *L) { return cumulate(L, false); }

/* Pushes a view of elements i to j. */
static void push_part(lua_State *L, size_t i, size_t j) {
    lua_getfield(L, 1, "view");
    lua_pushvalue(L, 1);
    lua_pushinteger(L, (lua_Integer)i);
    lua_pushinteger(L, (lua_Integer)j);
    lua_call(L, 3, 1);
}

/* diff(a) -> a new array of the differences of neighbours: int64 for integers */
static int method_diff(lua_State *L) {
    Array *A = self(L);
    const size_t n = A->core.size;
    const dynarray_type type = (dynarray_type)A->core.type;
    const dynarray_type result = type < DYNARRAY_FLOAT32 ? DYNARRAY_INT64 : type;
    const Operands where = {0, 1, 2, true, true}; /* of uint64 the difference, if an int64 has it */
    check_numeric(L, A, 1);
    lua_settop(L, 1);
    if (n < 2) {
        array_new_plain(L, A, result, 0);
        return 1;
    }
    push_part(L, 2, n);
    push_part(L, 1, n - 1);
    lua_remove(L, 1);
    lua_pushliteral(L, "x - y");
    evaluate(L, A->state, 3, where, result, 0);
    return 1;
}

const luaL_Reg running_methods[] = {
    {"cummax", method_cummax},
    {"cummin", method_cummin},
    {"diff", method_diff},
    {NULL, NULL},
};
