/*
** arithmetic.c: element-wise arithmetic.
**
** Numbers keep their type: an operand must fit into the type of the array, and so must each result of integers.
** The only exception is the operator / of integers, which gives float64, as it gives floats in Lua.
*/
#include "lua/methods/arithmetic.h"

#include "core/arithmetic.h"
#include "core/compute/operations.h"
#include "core/rearrange.h"
#include "lua/array/argument.h"
#include "lua/array/common_type.h"
#include "lua/array/construction.h"
#include "lua/array/conversion.h"
#include "lua/array/view_sync.h"

static void push_number(lua_State *L, const Array *A, const void *element) {
    conversions[A->core.type].push(L, A, 1, element);
}

/* Raises the error for element i: `x op y` or `op(x)` does not fit into the type. */
static int fail_arithmetic(lua_State *L, dynarray_operation operation, const Array *A, size_t i,
                           const void *y) {
    static const char *const formats[] = {"%s + %s", "%s - %s", "%s * %s",
                                          "%s / %s", "abs(%s)", "sqrt(%s)"};
    const int x = lua_gettop(L) + 1;
    const char *text;
    push_number(L, A, element_at(A, i));
    if (y != NULL) push_number(L, A, y);
    /* from here on finalizers may run and close the arrays */
    text = luaL_tolstring(L, x, NULL);
    if (y != NULL)
        lua_pushfstring(L, formats[operation], text, luaL_tolstring(L, x + 1, NULL));
    else
        lua_pushfstring(L, formats[operation], text);
    return fail_result(L, (dynarray_type)A->core.type, lua_tostring(L, -1), i);
}

/* The operand at arg: an array of the same type and size, or a number, which is written to *element. */
static Array *check_operand(lua_State *L, const Array *A, int arg, uint64_t *element) {
    Array *B = array_test(L, A->state, arg);
    if (B != NULL) {
        check_numeric(L, B, arg);
        check_same_kind(L, A, B);
    } else
        convert_or_fail(L, (dynarray_type)A->core.type, arg, AS_OPERAND, element);
    return B;
}

/* Pushes an array with the elements of A as float64. */
static Array *push_as_float64(lua_State *L, Array *A) {
    const compute_step load = {CODE_LOAD, 0, A->core.type, true};
    const size_t n = A->core.size;
    Array *C = array_new_plain(L, A, DYNARRAY_FLOAT64, n);
    check_unchanged(L, A, n); /* by a finalizer */
    compute_load(load, C->core.data, A->core.data, n);
    dynarray_set_size(&C->core, n);
    return C;
}

static const char *const expressions[] = {"x + y", "x - y", "x * y", "x / y"};

/* Whether argument 2 is an array of another numeric type and the same size. */
static bool is_of_other_type(lua_State *L, const Array *A) {
    const Array *B = array_test(L, A->state, 2);
    return B != NULL && B->core.type != A->core.type && B->core.type != DYNARRAY_VALUE &&
           B->core.size == A->core.size;
}

static int in_place(lua_State *L, dynarray_operation operation, bool has_operand) {
    Array *A = self_writable_most(L, has_operand ? 2 : 1), *B = NULL;
    uint64_t element = 0;
    size_t i;
    check_numeric(L, A, 1);
    lua_settop(L, 2);
    if (has_operand && is_of_other_type(L, A)) {
        operate_by_expression(L, A->state, expressions[operation], DYNARRAY_TYPE_COUNT, 1);
        return 1;
    }
    if (has_operand) {
        B = check_operand(L, A, 2, &element);
        if (B != NULL && (overlaps(A, B) || may_alias(A, B))) {
            const size_t n = A->core.size;
            B = push_copy(L, B);
            check_unchanged(L, A, n);
        }
    }
    i = dynarray_arithmetic(operation, &A->core, B == NULL ? NULL : &B->core,
                            has_operand ? &element : NULL, A->core.data);
    if (i < A->core.size)
        return fail_arithmetic(L, operation, A, i,
                               B != NULL     ? element_at(B, i)
                               : has_operand ? &element
                                             : NULL);
    lua_settop(L, 1);
    return 1;
}

/* add(a, x) -> a; adds the number x, or the elements of the array x */
static int method_add(lua_State *L) { return in_place(L, DYNARRAY_ADD, true); }

static int method_sub(lua_State *L) { return in_place(L, DYNARRAY_SUB, true); }

static int method_mul(lua_State *L) { return in_place(L, DYNARRAY_MUL, true); }

/* div(a, x) -> a; integers must divide without a remainder */
static int method_div(lua_State *L) { return in_place(L, DYNARRAY_DIV, true); }

static int method_abs(lua_State *L) { return in_place(L, DYNARRAY_ABS, false); }

/* sqrt(a) -> a; integers must be squares */
static int method_sqrt(lua_State *L) { return in_place(L, DYNARRAY_SQRT, false); }

/* Which of the operands 1 and 2 is an array and says the type of both; an error if neither or another value. */
static Array *check_operands(lua_State *L, Array *A, Array *B) {
    Array *model = A != NULL ? A : B;
    const int other = A != NULL ? 2 : 1;
    if (model == NULL) return array_check(L, state_of(L), 1);
    if ((A == NULL || B == NULL) && lua_type(L, other) != LUA_TNUMBER)
        luaL_error(L,
                   A != NULL ? "attempt to perform arithmetic on a dynarray and a %s value"
                             : "attempt to perform arithmetic on a %s value and a dynarray",
                   luaL_typename(L, other));
    check_numeric(L, model, A != NULL ? 1 : 2);
    if (A != NULL && B != NULL) {
        check_numeric(L, B, 2);
        if (A->core.size != B->core.size) fail_operands(L, A, B);
    }
    return model;
}

static const char *const events[] = {"__add", "__sub", "__mul", "__div"};

static dynarray_type type_of_operands(lua_State *L, const Array *model, const Array *A,
                                      const Array *B) {
    return common_type(L, model, model == A ? B : NULL, model == A ? 2 : 1);
}

/* Pushes x op y, of which one or both are arrays. */
static int operate(lua_State *L, dynarray_operation operation) {
    Array *A = array_test(L, state_of(L), 1), *B = array_test(L, state_of(L), 2), *C;
    const Array *model;
    dynarray_type type;
    uint64_t number = 0;
    size_t n, i;
    lua_settop(L, 2);
    if (call_other(L, events[operation])) return 1;
    model = check_operands(L, A, B);
    n = model->core.size;
    type = type_of_operands(L, model, A, B);
    if (type != (dynarray_type)model->core.type ||
        (B != NULL && type != (dynarray_type)B->core.type)) {
        const bool is_float = operation == DYNARRAY_DIV || type == DYNARRAY_FLOAT64;
        operate_by_expression(L, model->state, expressions[operation],
                              is_float ? DYNARRAY_FLOAT64 : type, 0);
        return 1;
    }
    if (operation == DYNARRAY_DIV && !dynarray_is_float((dynarray_type)model->core.type))
        type = DYNARRAY_FLOAT64;
    if (A == NULL || B == NULL) convert_or_fail(L, type, A == NULL ? 1 : 2, AS_OPERAND, &number);
    if (A != NULL && (dynarray_type)A->core.type != type) A = push_as_float64(L, A);
    if (B != NULL && (dynarray_type)B->core.type != type) B = push_as_float64(L, B);
    C = array_new_plain(L, model, type, n);
    if (A != NULL) check_unchanged(L, A, n);
    if (B != NULL) check_unchanged(L, B, n);
    if (n == 0) return 1;
    dynarray_set_size(&C->core, n);
    if (A == NULL) { /* in place, on copies of the number, which was the first operand */
        dynarray_fill(&C->core, 0, n, &number);
        A = C;
    }
    i = dynarray_arithmetic(operation, &A->core, B == NULL ? NULL : &B->core, &number,
                            C->core.data);
    if (i == n) return 1;
    return fail_arithmetic(L, operation, A, i, B != NULL ? element_at(B, i) : (void *)&number);
}

static int meta_add(lua_State *L) { return operate(L, DYNARRAY_ADD); }

static int meta_sub(lua_State *L) { return operate(L, DYNARRAY_SUB); }

static int meta_mul(lua_State *L) { return operate(L, DYNARRAY_MUL); }

static int meta_div(lua_State *L) { return operate(L, DYNARRAY_DIV); }

/* clamp(a, lo, hi) -> a; makes elements below lo equal to lo, and those above hi equal to hi */
static int method_clamp(lua_State *L) {
    Array *A = self_writable_most(L, 3);
    uint64_t bounds[2];
    check_numeric(L, A, 1);
    lua_settop(L, 3);
    for (int arg = 2; arg <= 3; arg++)
        convert_or_fail(L, (dynarray_type)A->core.type, arg, AS_OPERAND, &bounds[arg - 2]);
    if (!lua_compare(L, 2, 3, LUA_OPLE))
        return luaL_error(L, "lower bound %s must be at most the upper bound %s",
                          luaL_tolstring(L, 2, NULL), luaL_tolstring(L, 3, NULL));
    dynarray_clamp(&A->core, &bounds[0], &bounds[1]);
    lua_settop(L, 1);
    return 1;
}

const luaL_Reg arithmetic_methods[] = {
    {"add", method_add}, {"sub", method_sub},   {"mul", method_mul},     {"div", method_div},
    {"abs", method_abs}, {"sqrt", method_sqrt}, {"clamp", method_clamp}, {"__add", meta_add},
    {"__sub", meta_sub}, {"__mul", meta_mul},   {"__div", meta_div},     {NULL, NULL},
};
