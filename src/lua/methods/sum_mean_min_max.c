/*
** sum_mean_min_max.c: sum, mean, min, max, dot. Elements of value arrays are added and compared by Lua's operators, from
** the first element on.
*/
#include "lua/methods/sum_mean_min_max.h"

#include "core/search.h"
#include "core/sum.h"
#include "lua/array/argument.h"
#include "lua/array/conversion.h"
#include "lua/array/expression.h"
#include "lua/array/view_sync.h"

/* The elements of that range as an array of their own, which must not be freed. */
static dynarray part_of(const Array *A, range r) {
    dynarray part = A->core;
    if (r.first > 0) part.data = (char *)part.data + r.first * part.element_size;
    part.size = r.end - r.first;
    return part;
}

/* Adds the values of that range to the number on the top of the stack. May run metamethods. */
static void add_values(lua_State *L, Array *A, range r) {
    bool number = true; /* the sum so far */
    for (size_t i = r.first; i < r.end && i < A->core.size; i++) {
        const bool numbers = number && value_is_plain_number(((const uint64_t *)A->core.data)[i]);
        push_element(L, A, 1, i);
        if (!numbers && (number || lua_type(L, -1) != LUA_TTABLE))
            check_arithmetic(L, -2, -1, "__add", i);
        lua_arith(L, LUA_OPADD);
        if (!numbers) number = lua_type(L, -1) == LUA_TNUMBER;
        view_sync(A);
    }
}

static void push_sum(lua_State *L, const dynarray *a) {
    if (dynarray_is_float((dynarray_type)a->type))
        lua_pushnumber(L, (lua_Number)dynarray_sum_float(a));
    else
        lua_pushinteger(L, (lua_Integer)dynarray_sum_integer(a));
}

/* sum(a [, i [, j]]) -> an integer for integers, which wraps around; a float for floats */
static int method_sum(lua_State *L) {
    Array *A = self_most(L, 3);
    const range r = check_range(L, A, 2);
    const dynarray part = part_of(A, r);
    if (holds_values(A)) {
        lua_pushinteger(L, 0);
        add_values(L, A, r);
    } else
        push_sum(L, &part);
    return 1;
}

/* mean(a [, i [, j]]) -> a float; nil for no elements */
static int method_mean(lua_State *L) {
    Array *A = self_most(L, 3);
    const range r = check_range(L, A, 2);
    const dynarray part = part_of(A, r);
    const size_t n = part.size;
    if (n == 0)
        lua_pushnil(L);
    else if (holds_values(A)) {
        lua_pushnumber(L, 0); /* a sum of integers might wrap around */
        add_values(L, A, r);
        lua_pushinteger(L, (lua_Integer)n);
        check_arithmetic(L, -2, -1, "__div", NO_ELEMENT);
        lua_arith(L, LUA_OPDIV);
    } else
        lua_pushnumber(L, (lua_Number)dynarray_mean(&part));
    return 1;
}

static bool is_nan(lua_State *L, int index) { return !lua_compare(L, index, index, LUA_OPEQ); }

/*
** Whether the value on the top of the stack, element i, is better than the one below, which is not NaN: less or greater,
** and NaN is best.
*/
static bool is_better(lua_State *L, bool greatest, size_t i, bool first) {
    const int x = lua_gettop(L), y = x - 1, type = lua_type(L, x), other = lua_type(L, y);
    if (type != other || (type != LUA_TNUMBER && type != LUA_TSTRING)) {
        if (first || type != other || type != LUA_TTABLE) check_comparable(L, x, y, i);
        return lua_compare(L, greatest ? y : x, greatest ? x : y, LUA_OPLT);
    }
    return lua_compare(L, greatest ? y : x, greatest ? x : y, LUA_OPLT) ||
           (type == LUA_TNUMBER && is_nan(L, x));
}

/* The index of the best value by Lua's <, or of the first NaN. */
static size_t best_value(lua_State *L, Array *A, range r, bool greatest) {
    size_t best = r.first;
    push_element(L, A, 1, best);
    for (size_t i = best + 1; i < r.end && i < A->core.size; i++) {
        if (lua_type(L, -1) == LUA_TNUMBER && is_nan(L, -1)) break;
        push_element(L, A, 1, i);
        if (is_better(L, greatest, i, i == r.first + 1)) {
            lua_replace(L, -2);
            best = i;
        } else
            lua_pop(L, 1);
        view_sync(A);
    }
    return best;
}

static int push_best(lua_State *L, bool greatest) {
    Array *A = self_most(L, 3);
    const range r = check_range(L, A, 2);
    const dynarray part = part_of(A, r);
    size_t i;
    lua_settop(L, 1);
    if (part.size == 0) {
        lua_pushnil(L);
        lua_pushnil(L);
        return 2;
    }
    if (holds_values(A))
        i = best_value(L, A, r, greatest); /* and leaves the value on the stack */
    else {
        i = r.first + (greatest ? dynarray_max(&part) : dynarray_min(&part));
        push_element(L, A, 1, i);
    }
    lua_pushinteger(L, (lua_Integer)i + 1);
    return 2;
}

/* min(a [, i [, j]]) -> the least element and its index; nil and nil for no elements; the NaN if there is one */
static int method_min(lua_State *L) { return push_best(L, false); }

static int method_max(lua_State *L) { return push_best(L, true); }

/* Integers keep the lower 64 bits of what they are in their type, so uint64 may be taken for int64. */
static void push_dot_of_two_types(lua_State *L, const Array *A, const Array *B) {
    const bool integers = A->core.type <= DYNARRAY_UINT64 && B->core.type <= DYNARRAY_UINT64;
    const Operands where = {0, 1, 2, true, integers};
    lua_pushliteral(L, "sum(x*y)");
    evaluate(L, A->state, 3, where, DYNARRAY_TYPE_COUNT, 0);
}

/* dot(a, b) -> the sum of the products */
static int method_dot(lua_State *L) {
    const Array *A = self_most(L, 2), *B = array_check(L, A->state, 2);
    lua_settop(L, 2);
    check_numeric(L, A, 1);
    check_numeric(L, B, 2);
    if (A->core.size != B->core.size) fail_operands(L, A, B);
    if (A->core.type != B->core.type)
        push_dot_of_two_types(L, A, B);
    else if (dynarray_is_float((dynarray_type)A->core.type))
        lua_pushnumber(L, (lua_Number)dynarray_dot_float(&A->core, &B->core));
    else
        lua_pushinteger(L, (lua_Integer)dynarray_dot_integer(&A->core, &B->core));
    return 1;
}

const luaL_Reg sum_mean_min_max_methods[] = {
    {"sum", method_sum}, {"mean", method_mean}, {"min", method_min},
    {"max", method_max}, {"dot", method_dot},   {NULL, NULL},
};
