/* range_linspace.c: new arrays of numbers by a rule: range, linspace, zeros. */
#include "lua/methods/range_linspace.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "lua/array/argument.h"
#include "lua/array/common_type.h"
#include "lua/array/construction.h"
#include "lua/array/options.h"

/* Converts the array on the top of the stack to that type. The collector frees the old one. */
static int push_as(lua_State *L, State *S, dynarray_type type) {
    const Array *A = lua_touserdata(L, -1);
    if ((dynarray_type)A->core.type == type) return 1;
    lua_replace(L, 1);
    lua_settop(L, 1);
    operate_by_expression(L, S, "x", type, 0);
    return 1;
}

static dynarray_type type_or(lua_State *L, int arg, dynarray_type type) {
    return lua_isnoneornil(L, arg) ? type : check_type_argument(L, arg, true);
}

static Array *new_numbers(lua_State *L, dynarray_type type, size_t n) {
    Options options = options_for(type);
    options.capacity = n;
    return array_new(L, state_of(L), &options);
}

/* How many integers a for loop counts from first to last; step is not 0. */
static size_t count_integers(lua_Integer first, lua_Integer last, lua_Integer step) {
    const lua_Unsigned from = (lua_Unsigned)first, to = (lua_Unsigned)last;
    if (step > 0 ? first > last : first < last) return 0;
    return (size_t)(step > 0 ? (to - from) / (lua_Unsigned)step
                             : (from - to) / (0 - (lua_Unsigned)step));
}

static int range_of_integers(lua_State *L, dynarray_type type) {
    const lua_Integer first = lua_tointeger(L, 1), last = lua_tointeger(L, 2),
                      step = lua_isnil(L, 3) ? 1 : lua_tointeger(L, 3);
    const bool none = step > 0 ? first > last : first < last;
    const size_t steps = count_integers(first, last, step), n = none ? 0 : steps + 1;
    Array *A;
    int64_t *x;
    if (steps >= dynarray_max_capacity(sizeof *x))
        return luaL_error(L, "range has too many elements");
    A = new_numbers(L, DYNARRAY_INT64, n);
    x = A->core.data;
    for (size_t i = 0; i < n; i++) x[i] = (int64_t)((uint64_t)first + (uint64_t)i * (uint64_t)step);
    dynarray_set_size(&A->core, n);
    return push_as(L, A->state, type);
}

/* Numbers whose difference is too large for a float are halved, which is exact where they are that large. */
static lua_Number scale_for(lua_Number first, lua_Number last) {
    return isinf(last - first) && isfinite(first) && isfinite(last) ? 0.5 : 1;
}

/* Writes n numbers from first on, with that distance times the scale. */
static void write_steps(double *x, size_t n, lua_Number first, lua_Number step, lua_Number scale) {
    const double start = first * scale, back = 1 / scale;
    if (n > 0) x[0] = first;
    for (size_t i = 1; i < n; i++) x[i] = (start + (double)i * step) * back;
}

static int range_of_floats(lua_State *L, dynarray_type type) {
    const lua_Number first = lua_tonumber(L, 1), last = lua_tonumber(L, 2),
                     step = lua_isnil(L, 3) ? 1 : lua_tonumber(L, 3);
    const lua_Number scale = scale_for(first, last);
    /* a step that was meant to reach `last` may seem to be too long, as all three numbers are rounded */
    const lua_Number count = (last * scale - first * scale) / (step * scale),
                     rounding = (fabs(first / step) + fabs(last / step)) * 2 * DBL_EPSILON,
                     steps = floor(count + fmin(rounding, 0.25));
    Array *A;
    double *x;
    size_t n = 0;
    if (isnan(steps) || steps >= (lua_Number)dynarray_max_capacity(sizeof *x))
        return luaL_error(L, "range has too many elements");
    if (count >= 0) n = (size_t)steps + 1;
    A = new_numbers(L, DYNARRAY_FLOAT64, n);
    x = A->core.data;
    write_steps(x, n, first, step * scale, scale);
    if (n > 0 && (step > 0 ? x[n - 1] > last : x[n - 1] < last)) x[n - 1] = last;
    dynarray_set_size(&A->core, n);
    return push_as(L, A->state, type);
}

/* range(first, last [, step] [, type]) -> an array of first, first + step and so on up to last */
static int module_range(lua_State *L) {
    check_most(L, 4);
    bool integers;
    dynarray_type type;
    luaL_checknumber(L, 1);
    luaL_checknumber(L, 2);
    if (lua_type(L, 3) == LUA_TSTRING && lua_isnoneornil(L, 4)) { /* no step */
        lua_settop(L, 3);
        lua_pushnil(L);
        lua_insert(L, 3);
    }
    lua_settop(L, 4);
    if (!lua_isnil(L, 3) && luaL_checknumber(L, 3) == 0) luaL_argerror(L, 3, "step must not be 0");
    integers =
        lua_isinteger(L, 1) && lua_isinteger(L, 2) && (lua_isnil(L, 3) || lua_isinteger(L, 3));
    type = type_or(L, 4, integers ? DYNARRAY_INT64 : DYNARRAY_FLOAT64);
    return integers ? range_of_integers(L, type) : range_of_floats(L, type);
}

/* linspace(first, last, n [, type]) -> an array of n numbers at equal distances, with both ends */
static int module_linspace(lua_State *L) {
    check_most(L, 4);
    const lua_Number first = luaL_checknumber(L, 1), last = luaL_checknumber(L, 2);
    const size_t n = check_size(L, 3, "size", 0, PTRDIFF_MAX);
    const dynarray_type type = type_or(L, 4, DYNARRAY_FLOAT64);
    Array *const A = new_numbers(L, DYNARRAY_FLOAT64, n);
    double *const x = A->core.data;
    const lua_Number scale = scale_for(first, last);
    const lua_Number step = n > 1 ? (last * scale - first * scale) / (lua_Number)(n - 1) : 0;
    write_steps(x, n, first, step, scale);
    if (n > 1) x[n - 1] = last;
    dynarray_set_size(&A->core, n);
    return push_as(L, A->state, type);
}

/* zeros(n [, type]) -> an array of n zeros */
static int module_zeros(lua_State *L) {
    check_most(L, 2);
    const size_t n = check_size(L, 1, "size", 0, PTRDIFF_MAX);
    Array *const A = new_numbers(L, type_or(L, 2, DYNARRAY_FLOAT64), n);
    if (n > 0) memset(A->core.data, 0, n * A->core.element_size);
    dynarray_set_size(&A->core, n);
    return 1;
}

const luaL_Reg range_linspace_functions[] = {
    {"range", module_range},
    {"linspace", module_linspace},
    {"zeros", module_zeros},
    {NULL, NULL},
};
