/* compute.c: expressions as functions of the module and as operators. */
#include "lua/methods/compute.h"

#include "lua/array/argument.h"
#include "lua/array/expression.h"
#include "lua/array/options.h"

/*
** compute(expression, operands [, out]) -> a new array, or out, or the result of a reduction. operands is a table, or an
** array, which is then x. out is an array, or the type of the new one.
*/
static int compute(lua_State *L) {
    State *const S = state_of(L);
    Operands operands = {0, 0, 0, false, false};
    dynarray_type type = DYNARRAY_TYPE_COUNT;
    int out = 0;
    check_most(L, 3);
    lua_settop(L, 3);
    if (lua_istable(L, 2))
        operands.table = 2;
    else if (array_test(L, S, 2) != NULL)
        operands.x = 2;
    else
        luaL_argerror(
            L, 2,
            lua_pushfstring(L, "table of operands or array expected, got %s", named_type(L, 2)));
    if (lua_type(L, 3) == LUA_TSTRING)
        type = check_type_argument(L, 3, true);
    else if (!lua_isnil(L, 3))
        out = 3;
    evaluate(L, S, 1, operands, type, out);
    return 1;
}

const luaL_Reg compute_functions[] = {
    {"compute", compute},
    {NULL, NULL},
};
