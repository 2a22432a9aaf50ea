/* where.c: where, indices, set_where: chooses elements by a mask, or by an expression in which x is the array itself. */
#include "lua/methods/where.h"

#include "core/gather.h"
#include "lua/array/append.h"
#include "lua/array/argument.h"
#include "lua/array/construction.h"
#include "lua/array/conversion.h"
#include "lua/array/expression.h"
#include "lua/array/view_sync.h"

/* What the error about a mask says, which is of another type or size than it must be. */
static const char *mask_message(const Array *mask) {
    if (mask->core.type == DYNARRAY_UINT8) return "mask is %s of size %I, wanted uint8 of size %I";
    if (holds_values(mask))
        return "mask is %s of size %I, wanted uint8 of size %I: 1 says yes, 0 says no";
    return "mask is %s of size %I, wanted uint8 of size %I: astype 'uint8' makes one";
}

/* Neither an array nor an expression. */
static Array *fail_no_mask(lua_State *L, int arg) {
    const char *const wanted =
        lua_isfunction(L, arg)
            ? "uint8 array or expression expected, got %s: filter takes a function"
            : "uint8 array or expression expected, got %s";
    return (luaL_argerror(L, arg, lua_pushfstring(L, wanted, named_type(L, arg))), NULL);
}

/* The mask at arg; an expression is replaced by its result. */
static Array *check_mask(lua_State *L, Array *A, int arg) {
    Array *mask;
    size_t place;
    const bool is_expression = lua_type(L, arg) == LUA_TSTRING;
    if (is_expression) {
        const Operands x = {0, 1, 0, false, false};
        evaluate(L, A->state, arg, x, DYNARRAY_TYPE_COUNT, 0);
        mask = array_test(L, A->state, -1);
        if (mask == NULL || mask->core.type != DYNARRAY_UINT8)
            return (
                luaL_argerror(L, arg, "expression gives numbers, not truth values: compare them"),
                NULL);
        check_unchanged(L, A, mask->core.size); /* of which the expression was computed */
        lua_replace(L, arg);
        return mask;
    }
    mask = array_test(L, A->state, arg);
    if (mask == NULL) return fail_no_mask(L, arg);
    if (mask->core.type != DYNARRAY_UINT8 || mask->core.size != A->core.size)
        luaL_argerror(L, arg,
                      lua_pushfstring(L, mask_message(mask),
                                      dynarray_type_name((dynarray_type)mask->core.type),
                                      (LUAI_UACINT)mask->core.size, (LUAI_UACINT)A->core.size));
    place = dynarray_find_no_mark(&mask->core);
    if (place < mask->core.size) /* what ~ makes of a mask, for instance */
        luaL_argerror(L, arg,
                      lua_pushfstring(L, "mask is %d at %I, wanted 0 or 1: 1 - mask negates a mask",
                                      (int)((const uint8_t *)mask->core.data)[place],
                                      (LUAI_UACINT)place + 1));
    return mask;
}

static bool is_marked(lua_State *L, Array *A, Array *mask, size_t i, size_t n) {
    check_unchanged(L, A, n);
    check_unchanged(L, mask, n);
    return ((const uint8_t *)mask->core.data)[i] != 0;
}

/* where(a, mask) -> a new array of the elements where the mask is not 0 */
static int method_where(lua_State *L) {
    Array *A = self_most(L, 2), *mask, *result;
    size_t n, count;
    lua_settop(L, 2);
    mask = check_mask(L, A, 2);
    n = A->core.size;
    count = dynarray_count_marked(&mask->core);
    result = array_new_plain(L, A, (dynarray_type)A->core.type, count);
    check_unchanged(L, A, n);
    check_unchanged(L, mask, n);
    if (!holds_values(A)) {
        dynarray_set_size(&result->core,
                          dynarray_select_marked(&A->core, &mask->core, result->core.data, count));
        return 1;
    }
    for (size_t i = 0; i < n; i++) {
        if (!is_marked(L, A, mask, i, n)) continue;
        push_element(L, A, 1, i);
        append_values(L, result, 3, 4, 1);
        lua_settop(L, 3);
    }
    return 1;
}

/* indices(a, mask) -> an int64 array of the indices where the mask is not 0 */
static int method_indices(lua_State *L) {
    Array *A = self_most(L, 2), *mask, *result;
    size_t n, count;
    lua_settop(L, 2);
    mask = check_mask(L, A, 2);
    n = mask->core.size;
    count = dynarray_count_marked(&mask->core);
    result = array_new_plain(L, A, DYNARRAY_INT64, count);
    check_unchanged(L, mask, n);
    dynarray_set_size(&result->core, dynarray_select_places(&mask->core, result->core.data, count));
    return 1;
}

/* The array of values at arg, converted to the type of A if needed; NULL if it is one value. */
static Array *check_replacements(lua_State *L, Array *A, int arg) {
    Array *V = array_test(L, A->state, arg);
    const size_t n = A->core.size;
    if (V == NULL || holds_values(A)) return NULL;
    check_numeric(L, V, arg);
    if (V->core.size != n) fail_operands(L, A, V);
    if (V->core.type != A->core.type) {
        const Operands x = {0, arg, 0, true, false};
        lua_pushliteral(L, "x");
        evaluate(L, A->state, lua_gettop(L), x, (dynarray_type)A->core.type, 0);
        lua_replace(L, arg);
        check_unchanged(L, A, n);
        V = lua_touserdata(L, arg);
    }
    return V;
}

/* Whether what is written to A may change what is still to be read of B. */
static bool would_mix_with(Array *A, Array *B) {
    return B != A && (overlaps(A, B) || may_alias(A, B));
}

/* Puts a copy in place of the array at arg. */
static Array *push_apart(lua_State *L, Array *B, int arg) {
    B = push_copy(L, B);
    lua_replace(L, arg);
    return B;
}

/* set_where(a, mask, x) -> a; replaces elements where the mask is not 0 by x, or by those of the array x */
static int method_set_where(lua_State *L) {
    Array *A = self_writable_most(L, 3), *mask, *V;
    const size_t n = A->core.size;
    uint64_t element = 0;
    luaL_checkany(L, 3);
    lua_settop(L, 3);
    mask = check_mask(L, A, 2);
    V = check_replacements(L, A, 3);
    if (would_mix_with(A, mask)) mask = push_apart(L, mask, 2);
    if (V != NULL && would_mix_with(A, V)) V = push_apart(L, V, 3);
    check_unchanged(L, A, n);
    check_unchanged(L, mask, n);
    if (V != NULL) check_unchanged(L, V, n);
    if (holds_values(A)) {
        for (size_t i = 0; i < n; i++)
            if (is_marked(L, A, mask, i, n)) value_set(L, A, 1, i, 3);
    } else {
        if (V == NULL) convert_or_fail(L, (dynarray_type)A->core.type, 3, AS_OPERAND, &element);
        dynarray_set_marked(&A->core, &mask->core, V != NULL ? V->core.data : &element, V == NULL);
    }
    lua_settop(L, 1);
    return 1;
}

const luaL_Reg where_methods[] = {
    {"where", method_where},
    {"indices", method_indices},
    {"set_where", method_set_where},
    {NULL, NULL},
};
