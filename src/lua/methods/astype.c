/* astype.c: elements as another type. */
#include "lua/methods/astype.h"

#include "lua/array/argument.h"
#include "lua/array/common_type.h"
#include "lua/array/construction.h"
#include "lua/array/source.h"

/* astype(a, type) -> a new array of the same elements with that type */
static int method_astype(lua_State *L) {
    Array *A = self_most(L, 2);
    const dynarray_type type = check_type_argument(L, 2, false);
    Options options = options_like(A);
    check_open(L, A);
    lua_settop(L, 2);
    if (type == (dynarray_type)A->core.type && type != DYNARRAY_VALUE) {
        push_copy(L, A);
        return 1;
    }
    if (type == DYNARRAY_VALUE || holds_values(A) || A->core.type == DYNARRAY_UINT64) {
        options.type = type;
        options.capacity = A->core.size;
        extend_from(L, array_new(L, A->state, &options), 3, 1);
        return 1;
    }
    operate_by_expression(L, A->state, "x", type, 0);
    return 1;
}

const luaL_Reg astype_methods[] = {
    {"astype", method_astype},
    {NULL, NULL},
};
