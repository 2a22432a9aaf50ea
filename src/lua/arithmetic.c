/*
** arithmetic.c: reductions and element-wise arithmetic.
**
** Numbers keep their type: an operand must be an element of the array's type, and so must each result
** of integers. The one exception is the operator / on integers, which is Lua's and gives float64.
*/

#include "core/algorithm.h"
#include "lua/private.h"

void check_numeric(lua_State *L, const Array *A, int arg) {
    if (holds_values(A)) luaL_argerror(L, arg, "numeric array expected, got a value array");
}

static void push_number(lua_State *L, const Array *A, const void *element) {
    conversions[A->core.type].push(L, A, 1, element);
}

/* ---------------------------------------------------------------------------------------------
** Reduction. Value arrays are added up and compared as Lua does it, from the first element on.
*/

/* Adds the values to the number on the top of the stack; metamethods may run. */
static void add_values(lua_State *L, Array *A) {
    bool number = true; /* so far */
    for (size_t i = 0; i < A->core.size; i++) {
        const bool numbers = number && value_is_plain_number(((const uint64_t *)A->core.data)[i]);
        push_element(L, A, 1, i);
        if (!numbers && lua_type(L, -1) != LUA_TTABLE) check_arithmetic(L, -2, -1, "__add");
        lua_arith(L, LUA_OPADD);
        if (!numbers) number = lua_type(L, -1) == LUA_TNUMBER;
        view_sync(A);
    }
}

static void push_sum(lua_State *L, Array *A) {
    if (dynarray_is_float(&A->core))
        lua_pushnumber(L, (lua_Number)dynarray_sum_float(&A->core));
    else
        lua_pushinteger(L, (lua_Integer)dynarray_sum_integer(&A->core));
}

/* sum(a) -> an integer (that wraps around) of integers, a float of floats */
int method_sum(lua_State *L) {
    Array *A = self(L);
    if (holds_values(A)) {
        lua_pushinteger(L, 0);
        add_values(L, A);
    } else
        push_sum(L, A);
    return 1;
}

/* mean(a) -> a float; nil of an empty array */
int method_mean(lua_State *L) {
    Array *A = self(L);
    const size_t n = A->core.size;
    if (n == 0)
        lua_pushnil(L);
    else if (holds_values(A)) {
        lua_pushnumber(L, 0); /* an integer sum might wrap */
        add_values(L, A);
        lua_pushinteger(L, (lua_Integer)n);
        check_arithmetic(L, -2, -1, "__div");
        lua_arith(L, LUA_OPDIV);
    } else if (A->core.element_size == 8) /* the same */
        lua_pushnumber(L, (lua_Number)(dynarray_sum_float(&A->core) / (double)n));
    else {
        push_sum(L, A);
        lua_pushnumber(L, lua_tonumber(L, -1) / (lua_Number)n);
    }
    return 1;
}

static bool is_nan(lua_State *L, int index) { return !lua_compare(L, index, index, LUA_OPEQ); }

/* Whether the value at x is better than that at y, which is no NaN: less or greater, but NaN is best. */
static bool is_better(lua_State *L, int x, int y, bool greatest) {
    const int type = lua_type(L, x);
    if (type != lua_type(L, y) || (type != LUA_TNUMBER && type != LUA_TSTRING))
        return greatest ? value_less(L, 0, y, x) : value_less(L, 0, x, y);
    return lua_compare(L, greatest ? y : x, greatest ? x : y, LUA_OPLT) ||
           (type == LUA_TNUMBER && is_nan(L, x));
}

/* The index of the best of the values, which < tells, or of the first NaN. */
static size_t best_value(lua_State *L, Array *A, bool greatest) {
    size_t best = 0;
    push_element(L, A, 1, 0);
    for (size_t i = 1; i < A->core.size; i++) {
        if (lua_type(L, -1) == LUA_TNUMBER && is_nan(L, -1)) break;
        push_element(L, A, 1, i);
        if (is_better(L, -1, -2, greatest)) {
            lua_replace(L, -2);
            best = i;
        } else
            lua_pop(L, 1);
        view_sync(A);
    }
    return best;
}

static int push_best(lua_State *L, bool greatest) {
    Array *A = self(L);
    size_t i;
    lua_settop(L, 1);
    if (A->core.size == 0) {
        lua_pushnil(L);
        lua_pushnil(L);
        return 2;
    }
    if (holds_values(A))
        i = best_value(L, A, greatest); /* which leaves the value */
    else {
        i = greatest ? dynarray_max(&A->core) : dynarray_min(&A->core);
        push_element(L, A, 1, i);
    }
    lua_pushinteger(L, (lua_Integer)i + 1);
    return 2;
}

/* min(a) -> the least element and its index, nil and nil of an empty array; a NaN if there is one */
int method_min(lua_State *L) { return push_best(L, false); }

int method_max(lua_State *L) { return push_best(L, true); }

static void check_same_kind(lua_State *L, const Array *A, const Array *B) {
    if (A->core.type != B->core.type || A->core.size != B->core.size) fail_operands(L, A, B);
}

/* dot(a, b) -> the sum of products */
int method_dot(lua_State *L) {
    const Array *A = self(L), *B = array_check(L, A->state, 2);
    check_numeric(L, A, 1);
    check_numeric(L, B, 2);
    check_same_kind(L, A, B);
    if (dynarray_is_float(&A->core))
        lua_pushnumber(L, (lua_Number)dynarray_dot_float(&A->core, &B->core));
    else
        lua_pushinteger(L, (lua_Integer)dynarray_dot_integer(&A->core, &B->core));
    return 1;
}

/* ---------------------------------------------------------------------------------------------
** Arithmetic
*/

/* Raises the error for element i: `x op y` or `op(x)` is no element of the type. */
static int fail_arithmetic(lua_State *L, dynarray_operation operation, const Array *A, size_t i,
                           const void *y) {
    static const char *const formats[] = {"%s + %s", "%s - %s", "%s * %s",
                                          "%s / %s", "abs(%s)", "sqrt(%s)"};
    const int x = lua_gettop(L) + 1;
    const char *text;
    push_number(L, A, element_at(A, i));
    if (y != NULL) push_number(L, A, y);
    /* from here on finalizers may run, and close the arrays */
    text = luaL_tolstring(L, x, NULL);
    if (y != NULL)
        lua_pushfstring(L, formats[operation], text, luaL_tolstring(L, x + 1, NULL));
    else
        lua_pushfstring(L, formats[operation], text);
    return fail_result(L, (dynarray_type)A->core.type, lua_tostring(L, -1), i);
}

/* The operand at arg: an array of the same kind, or a number, which is written to *element. */
static Array *check_operand(lua_State *L, const Array *A, int arg, uint64_t *element) {
    Array *B = array_test(L, A->state, arg);
    if (B != NULL)
        check_same_kind(L, A, B);
    else {
        const misfit why = conversions[A->core.type].put(L, arg, element);
        if (why != FITS) fail_element(L, (dynarray_type)A->core.type, arg, why, AS_OPERAND);
    }
    return B;
}

static bool overlap(const Array *A, const Array *B) {
    const uintptr_t a = (uintptr_t)A->core.data, b = (uintptr_t)B->core.data;
    const size_t bytes = A->core.size * A->core.element_size;
    return a < b + bytes && b < a + bytes;
}

/* Pushes an array with the elements of A as float64. */
static Array *push_as_float64(lua_State *L, Array *A) {
    const size_t n = A->core.size;
    Array *C = array_new_plain(L, A, DYNARRAY_FLOAT64, n);
    view_sync(A);
    if (A->core.size != n) fail_changed(L); /* a finalizer did */
    if (n > 0) dynarray_to_float64(&A->core, C->core.data);
    C->core.size = n;
    return C;
}

static int in_place(lua_State *L, dynarray_operation operation, bool has_operand) {
    Array *A = self_writable(L), *B = NULL;
    uint64_t element = 0;
    size_t i;
    check_numeric(L, A, 1);
    lua_settop(L, 2);
    if (has_operand) {
        B = check_operand(L, A, 2, &element);
        if (B != NULL && overlap(A, B)) {
            const size_t n = A->core.size;
            B = push_copy(L, B);
            view_sync(A);
            if (A->core.size != n) fail_changed(L);
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

/* add(a, x) -> a, each element with the number or the element of the array x added */
int method_add(lua_State *L) { return in_place(L, DYNARRAY_ADD, true); }

int method_sub(lua_State *L) { return in_place(L, DYNARRAY_SUB, true); }

int method_mul(lua_State *L) { return in_place(L, DYNARRAY_MUL, true); }

/* div(a, x) -> a; integers must divide without a rest */
int method_div(lua_State *L) { return in_place(L, DYNARRAY_DIV, true); }

int method_abs(lua_State *L) { return in_place(L, DYNARRAY_ABS, false); }

/* sqrt(a) -> a; integers must be squares */
int method_sqrt(lua_State *L) { return in_place(L, DYNARRAY_SQRT, false); }

/* Which of the operands 1 and 2, NULL if it is a number, says the type of both; errors for all else. */
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
    if (A != NULL && B != NULL) check_same_kind(L, A, B);
    return model;
}

static void check_still(lua_State *L, Array *A, size_t n) {
    view_sync(A);
    if (A->core.size != n) fail_changed(L); /* a finalizer did */
}

/* Pushes x op y, of which one or both are arrays. */
static int operate(lua_State *L, dynarray_operation operation) {
    Array *A = array_test(L, state_of(L), 1), *B = array_test(L, state_of(L), 2), *C;
    const Array *model;
    dynarray_type type;
    uint64_t number = 0;
    size_t n, i;
    lua_settop(L, 2);
    model = check_operands(L, A, B);
    n = model->core.size;
    type = (dynarray_type)model->core.type;
    if (operation == DYNARRAY_DIV && !dynarray_is_float(&model->core)) type = DYNARRAY_FLOAT64;
    if (A == NULL || B == NULL) {
        const int arg = A == NULL ? 1 : 2;
        const misfit why = conversions[type].put(L, arg, &number);
        if (why != FITS) return fail_element(L, type, arg, why, AS_OPERAND);
    }
    if (A != NULL && (dynarray_type)A->core.type != type) A = push_as_float64(L, A);
    if (B != NULL && (dynarray_type)B->core.type != type) B = push_as_float64(L, B);
    C = array_new_plain(L, model, type, n);
    if (A != NULL) check_still(L, A, n);
    if (B != NULL) check_still(L, B, n);
    if (n == 0) return 1;
    C->core.size = n;
    if (A == NULL) { /* in place, on copies of the number */
        dynarray_fill(&C->core, 0, n, &number);
        A = C;
    }
    i = dynarray_arithmetic(operation, &A->core, B == NULL ? NULL : &B->core, &number,
                            C->core.data);
    if (i == n) return 1;
    return fail_arithmetic(L, operation, A, i, B != NULL ? element_at(B, i) : (void *)&number);
}

int meta_add(lua_State *L) { return operate(L, DYNARRAY_ADD); }

int meta_sub(lua_State *L) { return operate(L, DYNARRAY_SUB); }

int meta_mul(lua_State *L) { return operate(L, DYNARRAY_MUL); }

int meta_div(lua_State *L) { return operate(L, DYNARRAY_DIV); }

/* clamp(a, lo, hi) -> a; elements below lo become lo, above hi become hi */
int method_clamp(lua_State *L) {
    Array *A = self_writable(L);
    uint64_t bounds[2];
    check_numeric(L, A, 1);
    lua_settop(L, 3);
    for (int arg = 2; arg <= 3; arg++) {
        const misfit why = conversions[A->core.type].put(L, arg, &bounds[arg - 2]);
        if (why != FITS) fail_element(L, (dynarray_type)A->core.type, arg, why, AS_OPERAND);
    }
    if (!lua_compare(L, 2, 3, LUA_OPLE))
        return luaL_error(L, "lower bound %s is not at most the upper bound %s",
                          luaL_tolstring(L, 2, NULL), luaL_tolstring(L, 3, NULL));
    dynarray_clamp(&A->core, &bounds[0], &bounds[1]);
    lua_settop(L, 1);
    return 1;
}

/* cumsum(a) -> a, each element the sum of those up to it */
int method_cumsum(lua_State *L) {
    Array *A = self_writable(L);
    size_t i;
    check_numeric(L, A, 1);
    i = dynarray_cumsum(&A->core);
    if (i < A->core.size) return fail_result(L, (dynarray_type)A->core.type, "the sum", i);
    lua_settop(L, 1);
    return 1;
}
