/* statistics.c: var, std, corr, median, percentile, histogram, rolling. sum, mean, min and max are in sum_mean_min_max.c. */
#include "lua/methods/statistics.h"

#include <math.h>
#include <string.h>

#include "core/rolling.h"
#include "core/search.h"
#include "core/statistics.h"
#include "core/sum.h"
#include "lua/array/argument.h"
#include "lua/array/construction.h"
#include "lua/array/options.h"
#include "lua/array/sorting.h"
#include "lua/array/source.h"
#include "lua/array/view_sync.h"

#define MOST_BINS ((size_t)1 << 24)

/* The elements of the range at arg, of an array of numbers. */
static dynarray check_part(lua_State *L, const Array *A, int arg) {
    const range r = check_range(L, A, arg);
    dynarray part = A->core;
    check_numeric(L, A, 1);
    if (r.first > 0) part.data = (char *)part.data + r.first * part.element_size;
    part.size = r.end - r.first;
    return part;
}

static int push_spread(lua_State *L, double (*spread)(const dynarray *a, size_t ddof)) {
    Array *A = self_most(L, 4);
    dynarray part;
    size_t ddof;
    lua_settop(L, 4);
    ddof = lua_isnil(L, 2) ? 0 : check_size(L, 2, "ddof", 0, PTRDIFF_MAX);
    part = check_part(L, A, 3);
    if (part.size > ddof)
        lua_pushnumber(L, (lua_Number)spread(&part, ddof));
    else
        lua_pushnil(L);
    return 1;
}

/* var(a [, ddof [, i [, j]]]) -> the sum of the squared deviations by n - ddof; nil for fewer than ddof + 1 elements */
static int method_var(lua_State *L) { return push_spread(L, dynarray_variance); }

/* std(a [, ddof [, i [, j]]]) -> the square root of that */
static int method_std(lua_State *L) { return push_spread(L, dynarray_deviation); }

/* corr(a, b) -> Pearson's coefficient; nil for fewer than two elements; NaN if all elements of one are equal */
static int method_corr(lua_State *L) {
    const Array *A = self_most(L, 2), *B = array_check(L, A->state, 2);
    check_numeric(L, A, 1);
    check_numeric(L, B, 2);
    if (A->core.size != B->core.size) fail_operands(L, A, B);
    if (A->core.size < 2)
        lua_pushnil(L);
    else
        lua_pushnumber(L, (lua_Number)dynarray_correlation(&A->core, &B->core));
    return 1;
}

/* The bounds of a histogram: the arguments, or the least and the greatest element. */
static void check_bounds(lua_State *L, const Array *A, double *low, double *high) {
    const bool any = A->core.size > 0;
    *low = !lua_isnil(L, 3) ? luaL_checknumber(L, 3)
           : any            ? dynarray_double_at(&A->core, dynarray_min(&A->core))
                            : 0;
    *high = !lua_isnil(L, 4) ? luaL_checknumber(L, 4)
            : any            ? dynarray_double_at(&A->core, dynarray_max(&A->core))
                             : 1;
    if (lua_isnil(L, 3) && lua_isnil(L, 4) &&
        *low == *high) { /* as NumPy does, but of large ones, too */
        const double only = *low;
        *low = fmin(only - 0.5, nextafter(only, -HUGE_VAL));
        *high = fmax(only + 0.5, nextafter(only, HUGE_VAL));
    }
    if (!(*low < *high) || !isfinite(*high - *low)) {
        lua_pushnumber(L, *low);
        lua_pushnumber(L, *high);
        luaL_error(
            L,
            (lua_isnil(L, 3) && isnan(*low)) || (lua_isnil(L, 4) && isnan(*high))
                ? "bounds from %s to %s are no range of finite numbers: the array contains NaN"
                : "bounds from %s to %s are no range of finite numbers",
            luaL_tolstring(L, 5, NULL), luaL_tolstring(L, 6, NULL));
    }
}

/* Pushes an int64 array of zeros. */
static Array *push_counts(lua_State *L, const Array *A, size_t bins) {
    Array *const counts = array_new_plain(L, A, DYNARRAY_INT64, bins);
    memset(counts->core.data, 0, bins * sizeof(int64_t));
    dynarray_set_size(&counts->core, bins);
    return counts;
}

/* Pushes the edges at argument 2, a table or an array, as an array of float64 of its own. */
static Array *push_edges(lua_State *L, const Array *A) {
    Options options = options_for(DYNARRAY_FLOAT64);
    const Array *const given = array_test(L, A->state, 2);
    Array *edges;
    const double *edge;
    for (int arg = 3; arg <= 4; arg++)
        if (!lua_isnil(L, arg)) luaL_argerror(L, arg, "no bounds expected, as the edges are given");
    if (given != NULL) check_numeric(L, given, 2);
    edges = array_new(L, A->state, &options);
    extend_from(L, edges, lua_gettop(L), 2);
    if (edges->core.size < 2)
        luaL_argerror(
            L, 2,
            lua_pushfstring(L, "%I edges, wanted at least 2: one more than there are bins",
                            (LUAI_UACINT)edges->core.size));
    edge = edges->core.data;
    for (size_t i = 0; i < edges->core.size; i++)
        if (isnan(edge[i]) || (i > 0 && edge[i] < edge[i - 1])) {
            lua_pushnumber(L, edge[i]);
            luaL_argerror(
                L, 2,
                lua_pushfstring(L, "edge %s at index %I: edges are sorted, and none is NaN",
                                describe(L, -1), (LUAI_UACINT)i + 1));
        }
    return edges;
}

static int histogram_between(lua_State *L, Array *A) {
    const Array *const edges = push_edges(L, A);
    const size_t bins = edges->core.size - 1;
    Array *const counts = push_counts(L, A, bins);
    lua_insert(L, -2);
    view_sync(A); /* the table of edges, or a finalizer, may have changed it */
    dynarray_histogram_between(&A->core, edges->core.data, bins, counts->core.data);
    return 2;
}

/*
** histogram(a, bins [, low [, high]]), histogram(a, edges) -> an int64 array with the count of each bin, and an array of the
** edges
*/
static int method_histogram(lua_State *L) {
    Array *A = self_most(L, 4), *counts, *edges;
    size_t n, bins;
    double low, high, *edge;
    check_numeric(L, A, 1);
    lua_settop(L, 4);
    if (lua_istable(L, 2) || array_test(L, A->state, 2) != NULL) return histogram_between(L, A);
    bins = check_size(L, 2, "number of bins", 1, MOST_BINS);
    n = A->core.size;
    check_bounds(L, A, &low, &high);
    counts = push_counts(L, A, bins);
    edges = array_new_plain(L, A, DYNARRAY_FLOAT64, bins + 1);
    check_unchanged(L, A, n);
    dynarray_histogram(&A->core, low, high, bins, counts->core.data);
    edge = edges->core.data;
    for (size_t i = 0; i < bins; i++) edge[i] = low + (high - low) * ((double)i / (double)bins);
    edge[bins] = high;
    dynarray_set_size(&edges->core, bins + 1);
    return 2;
}

static lua_Number check_ranked(lua_State *L, int index) {
    if (lua_type(L, index) != LUA_TNUMBER)
        luaL_error(L, "percentile needs numbers, got a %s value", luaL_typename(L, index));
    return lua_tonumber(L, index);
}

/*
** The number at `rank` (0 to less than 1) of the way from low to high, low <= high. It is never outside of them, and a
** greater rank never gives less. If both have the same sign, their difference is finite; otherwise both terms grow with
** the rank. A product with a number below 1 is less than the rounded difference, so also less than the true one: the sum
** is not above high.
*/
static lua_Number between(lua_Number low, lua_Number high, lua_Number rank) {
    if (low == high) return low; /* infinities, too */
    if (isnan(high)) return high;
    if (isinf(low) && isinf(high)) return rank < 0.5 ? low : high;
    if (low <= 0 && high >= 0) return low * (1 - rank) + high * rank;
    if (isinf(low)) return low;
    return low + (high - low) * rank;
}

/* Pushes that percentile of an array that is not empty: linear between the nearest two elements. */
static void push_percentile(lua_State *L, Array *A, lua_Number p) {
    const size_t last = A->core.size - 1;
    lua_Number rank = p / 100 * (lua_Number)last, low, high;
    const size_t k = (size_t)rank < last ? (size_t)rank : last;
    rank -= (lua_Number)k;
    push_nth(L, A, k, rank > 0 ? 2 : 1);
    low = check_ranked(L, rank > 0 ? -2 : -1);
    high = check_ranked(L, -1);
    lua_pushnumber(L, between(low, high, rank));
}

/* percentile(a, p, ...) -> a number for each p, nil for an empty array */
static int method_percentile(lua_State *L) {
    Array *A = self(L);
    const int count = lua_gettop(L) - 1;
    if (lua_istable(L, 2))
        luaL_argerror(L, 2,
                      "number expected, got table: each percentage is an argument of its own");
    luaL_checknumber(L, 2);
    for (int arg = 2; arg <= count + 1; arg++) {
        const lua_Number p = lua_tonumber(L, arg);
        if (lua_type(L, arg) != LUA_TNUMBER || !(p >= 0 && p <= 100))
            luaL_argerror(L, arg, "percentile out of range (0 to 100)");
    }
    for (int arg = 2; arg <= count + 1; arg++) {
        const lua_Number p = lua_tonumber(L, arg);
        view_sync(A);
        if (A->core.size == 0)
            lua_pushnil(L);
        else
            push_percentile(L, A, p);
        lua_replace(L, arg);
        lua_settop(L, count + 1);
    }
    return count;
}

/* median(a [, i [, j]]) -> percentile(a, 50), of a view for a range */
static int method_median(lua_State *L) {
    const Array *A = self_most(L, 3);
    lua_settop(L, 3);
    if (!lua_isnil(L, 2) || !lua_isnil(L, 3)) {
        (void)check_range(L, A, 2);
        lua_getfield(L, 1, "view");
        lua_insert(L, 1);
        lua_call(L, 3, 1);
    }
    lua_settop(L, 1);
    lua_pushinteger(L, 50);
    return method_percentile(L);
}

static dynarray_figure check_figure(lua_State *L, int arg) {
    static const char *const names[] = {"sum", "mean", "min", "max", NULL};
    static const dynarray_figure figures[] = {DYNARRAY_ROLLING_SUM, DYNARRAY_ROLLING_MEAN,
                                              DYNARRAY_ROLLING_MIN, DYNARRAY_ROLLING_MAX};
    return figures[luaL_checkoption(L, arg, NULL, names)];
}

/* rolling(a, k, figure) -> a new array of the sum, mean, min or max of each window of k elements */
static int method_rolling(lua_State *L) {
    Array *A = self_most(L, 3), *result;
    const size_t n = A->core.size, k = check_size(L, 2, "window", 1, PTRDIFF_MAX);
    const dynarray_figure figure = check_figure(L, 3);
    const bool is_float = dynarray_is_float((dynarray_type)A->core.type);
    const size_t count = k <= n ? n - k + 1 : 0;
    dynarray_type type = (dynarray_type)A->core.type;
    dynarray_status status;
    check_numeric(L, A, 1);
    if (figure == DYNARRAY_ROLLING_MEAN) type = DYNARRAY_FLOAT64;
    if (figure == DYNARRAY_ROLLING_SUM) type = is_float ? DYNARRAY_FLOAT64 : DYNARRAY_INT64;
    result = array_new_plain(L, A, type, count);
    check_unchanged(L, A, n);
    if (count == 0) return 1;
    status = dynarray_rolling(&A->core, k, figure, result->core.data);
    if (status != DYNARRAY_OK) return fail_status(L, A, status, k);
    dynarray_set_size(&result->core, count);
    return 1;
}

const luaL_Reg statistics_methods[] = {
    {"var", method_var},         {"std", method_std},
    {"corr", method_corr},       {"histogram", method_histogram},
    {"median", method_median},   {"percentile", method_percentile},
    {"rolling", method_rolling}, {NULL, NULL},
};
