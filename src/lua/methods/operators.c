/* operators.c: the operators that are not in arithmetic.c: most are computed as expressions; a .. b. */
#include "lua/methods/operators.h"

#include "lua/array/argument.h"
#include "lua/array/common_type.h"
#include "lua/array/construction.h"
#include "lua/array/expression.h"
#include "lua/array/source.h"

/* Finds which of the operands 1 and 2 are arrays: at least one; the other may be a number. Raises Lua's errors. */
static void check_sides(lua_State *L, Array **A, Array **B, const char *what) {
    State *const S = state_of(L);
    *A = array_test(L, S, 1);
    *B = array_test(L, S, 2);
    lua_settop(L, 2);
    if (*A == NULL && *B == NULL) array_check(L, S, 1);
    if ((*A == NULL && lua_type(L, 1) != LUA_TNUMBER) ||
        (*B == NULL && lua_type(L, 2) != LUA_TNUMBER)) {
        const bool left = *A != NULL;
        luaL_error(L,
                   left ? "attempt to perform %s on a dynarray and a %s value"
                        : "attempt to perform %s on a %s value and a dynarray",
                   what, luaL_typename(L, left ? 2 : 1));
    }
    if (*A != NULL) check_numeric(L, *A, 1);
    if (*B != NULL) check_numeric(L, *B, 2);
    if (*A != NULL && *B != NULL && (*A)->core.size != (*B)->core.size) fail_operands(L, *A, *B);
}

static dynarray_type type_of_both(lua_State *L, const Array *A, const Array *B) {
    return A != NULL ? common_type(L, A, B, 2) : common_type(L, B, NULL, 1);
}

/* x op y, in the type that both operands give. */
static int operate_as(lua_State *L, const char *event, const char *text, bool as_float) {
    Array *A, *B;
    dynarray_type type;
    if (call_other(L, event)) return 1;
    check_sides(L, &A, &B, "arithmetic");
    type = type_of_both(L, A, B);
    if (as_float && !dynarray_is_float(type)) type = DYNARRAY_FLOAT64;
    operate_by_expression(L, state_of(L), text, type, 0);
    return 1;
}

static int meta_mod(lua_State *L) { return operate_as(L, "__mod", "x % y", false); }

static int meta_idiv(lua_State *L) { return operate_as(L, "__idiv", "x // y", false); }

static int meta_pow(lua_State *L) { return operate_as(L, "__pow", "x ^ y", true); }

static int meta_unm(lua_State *L) {
    Array *A = array_check(L, state_of(L), 1);
    check_numeric(L, A, 1);
    lua_settop(L, 1);
    lua_settop(L, 2);
    operate_by_expression(L, A->state, "-x", (dynarray_type)A->core.type, 0);
    return 1;
}

/* ---------------------------------------------------------------------------------------------
** Bits: an element has as many as its type
*/

static int fail_bits(lua_State *L, dynarray_type type) {
    return luaL_error(L, "attempt to perform bitwise operation on an array of %s",
                      dynarray_type_name(type));
}

/* The bits of the result that the type has, with the sign that they have in it. */
static const char *push_in_width(lua_State *L, dynarray_type type, const char *result) {
    const size_t bits = dynarray_type_size(type) * 8;
    const lua_Integer mask = bits == 64 ? -1 : ((lua_Integer)1 << bits) - 1;
    if (bits == 64) return lua_pushstring(L, result);
    if (type >= DYNARRAY_UINT8) return lua_pushfstring(L, "(%s) & %I", result, (LUAI_UACINT)mask);
    return lua_pushfstring(L, "(((%s) & %I) ~ %I) - %I", result, (LUAI_UACINT)mask,
                           (LUAI_UACINT)((lua_Integer)1 << (bits - 1)),
                           (LUAI_UACINT)((lua_Integer)1 << (bits - 1)));
}

static int evaluate_bits(lua_State *L, dynarray_type type) {
    const Operands where = {0, 1, 2, true, true};
    evaluate(L, state_of(L), lua_gettop(L), where, type, 0);
    return 1;
}

static int operate_bits(lua_State *L, const char *event, const char *text) {
    Array *A, *B;
    dynarray_type type;
    if (call_other(L, event)) return 1;
    check_sides(L, &A, &B, "bitwise operation");
    type = type_of_both(L, A, B);
    if (type > DYNARRAY_UINT64) return fail_bits(L, type);
    lua_pushstring(L, text);
    return evaluate_bits(L, type);
}

static int meta_band(lua_State *L) { return operate_bits(L, "__band", "x & y"); }

static int meta_bor(lua_State *L) { return operate_bits(L, "__bor", "x | y"); }

static int meta_bxor(lua_State *L) { return operate_bits(L, "__bxor", "x ~ y"); }

static int shift(lua_State *L, const char *event, const char *direction) {
    Array *A, *B;
    dynarray_type type;
    size_t bits;
    if (call_other(L, event)) return 1;
    check_sides(L, &A, &B, "bitwise operation");
    type = A != NULL ? (dynarray_type)A->core.type : (dynarray_type)B->core.type;
    if (type > DYNARRAY_UINT64) return fail_bits(L, type);
    bits = dynarray_type_size(type) * 8;
    if (bits == 64)
        lua_pushfstring(L, "x %s y", direction);
    else
        push_in_width(L, type,
                      lua_pushfstring(L, "(x & %I) %s y",
                                      (LUAI_UACINT)(((lua_Integer)1 << bits) - 1), direction));
    return evaluate_bits(L, type);
}

static int meta_shl(lua_State *L) { return shift(L, "__shl", "<<"); }

static int meta_shr(lua_State *L) { return shift(L, "__shr", ">>"); }

static int meta_bnot(lua_State *L) {
    const Array *A = array_check(L, state_of(L), 1);
    const dynarray_type type = (dynarray_type)A->core.type;
    check_numeric(L, A, 1);
    lua_settop(L, 1);
    lua_settop(L, 2);
    if (type > DYNARRAY_UINT64) return fail_bits(L, type);
    push_in_width(L, type, "~x");
    return evaluate_bits(L, type);
}

/* ---------------------------------------------------------------------------------------------
** Concatenation
*/

/* a .. b, of the type of a */
static int meta_concat(lua_State *L) {
    State *S = state_of(L);
    const Array *A = array_test(L, S, 1), *B = array_test(L, S, 2);
    Options options;
    Array *C;
    if (call_other(L, "__concat")) return 1;
    if (A == NULL || B == NULL)
        return A == NULL ? luaL_error(L, "attempt to concatenate a %s value and a dynarray",
                                      luaL_typename(L, 1))
                         : luaL_error(L, "attempt to concatenate a dynarray and a %s value",
                                      luaL_typename(L, 2));
    options = options_like(A);
    options.capacity = A->core.size + B->core.size;
    lua_settop(L, 2);
    C = array_new(L, S, &options);
    extend_from(L, C, 3, 1);
    extend_from(L, C, 3, 2);
    return 1;
}

const luaL_Reg operators_methods[] = {
    {"__mod", meta_mod},   {"__idiv", meta_idiv}, {"__pow", meta_pow},       {"__unm", meta_unm},
    {"__shl", meta_shl},   {"__shr", meta_shr},   {"__band", meta_band},     {"__bor", meta_bor},
    {"__bxor", meta_bxor}, {"__bnot", meta_bnot}, {"__concat", meta_concat}, {NULL, NULL},
};
