/* common_type.c: see common_type.h. */
#include "lua/array/common_type.h"

#include <math.h>

#include "lua/array/expression.h"

static bool is_signed(dynarray_type type) { return type <= DYNARRAY_INT64; }

static bool is_integer(dynarray_type type) { return type <= DYNARRAY_UINT64; }

/* Of two bytes or more: a signed type that has room for an unsigned one is larger than that. */
static dynarray_type signed_type(size_t bytes) {
    return bytes == 2 ? DYNARRAY_INT16 : bytes == 4 ? DYNARRAY_INT32 : DYNARRAY_INT64;
}

static dynarray_type common_type_of_arrays(dynarray_type a, dynarray_type b) {
    const size_t a_bytes = dynarray_type_size(a), b_bytes = dynarray_type_size(b);
    if (a == b) return a;
    if (!is_integer(a) || !is_integer(b)) return DYNARRAY_FLOAT64;
    if (is_signed(a) == is_signed(b)) return a_bytes > b_bytes ? a : b;
    if (is_signed(a)) return signed_type(a_bytes > b_bytes ? a_bytes : 2 * b_bytes);
    return signed_type(b_bytes > a_bytes ? b_bytes : 2 * a_bytes);
}

dynarray_type common_type(lua_State *L, const Array *A, const Array *B, int arg) {
    const dynarray_type type = (dynarray_type)A->core.type;
    lua_Number x;
    if (B != NULL) return common_type_of_arrays(type, (dynarray_type)B->core.type);
    if (!is_integer(type) || lua_isinteger(L, arg)) return type;
    x = lua_tonumber(L, arg);
    return floor(x) == x && isfinite(x) ? type : DYNARRAY_FLOAT64;
}

void operate_by_expression(lua_State *L, State *S, const char *text, dynarray_type type, int out) {
    const Operands where = {0, 1, 2, true, false};
    lua_pushstring(L, text);
    evaluate(L, S, lua_gettop(L), where, type, out);
}
