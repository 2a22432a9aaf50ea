/*
** histogram.c: a C module of its own that computes in the memory of arrays.
**
** It is linked with nothing of dynarray: dynarray_lua finds the functions in the Lua state, so the two modules
** need only the same header. Build it with the headers of dynarray and Lua:
**
**     cc -std=c11 -O2 -shared -fPIC -I../../src/include $(pkg-config --cflags lua5.4) \
**        -o histogram.so histogram.c
*/
#include <dynarray_lua.h>
#include <math.h>
#include <string.h>

#define MOST_BINS 1048576

/* One loop for each numeric type. */
#define COUNT(CONSTANT, name, ctype, kind, min, max)                                               \
    static void count_##name(const dynarray *a, uint64_t *counts, size_t bins, double low,         \
                             double high) {                                                        \
        const ctype *x = dynarray_data_##name(a);                                                  \
        const double scale = (double)bins / (high - low);                                          \
        for (size_t i = 0; i < a->size; i++) {                                                     \
            const double v = (double)x[i];                                                         \
            if (v >= low && v < high) { /* false for NaN */                                        \
                const size_t bin = (size_t)((v - low) * scale);                                    \
                counts[bin < bins ? bin : bins - 1]++; /* rounding can reach `bins` */             \
            }                                                                                      \
        }                                                                                          \
    }
DYNARRAY_NUMERIC_TYPES(COUNT)
#undef COUNT

typedef void (*counter)(const dynarray *a, uint64_t *counts, size_t bins, double low, double high);

static const counter counters[] = {
#define ROW(CONSTANT, name, ctype, kind, min, max) count_##name,
    DYNARRAY_NUMERIC_TYPES(ROW)
#undef ROW
};

/*
** histogram(a, bins, low, high) -> a uint64 array of `bins` counts: element i counts the numbers of a, an
** array of any numeric type, in the i-th of `bins` equal parts of [low, high). Neither array is copied.
*/
static int histogram(lua_State *L) {
    const dynarray_lua_api *api = dynarray_lua(L);
    const dynarray *a = api->check(api, L, 1, DYNARRAY_ANY);
    const lua_Integer bins = luaL_checkinteger(L, 2);
    const double low = (double)luaL_checknumber(L, 3), high = (double)luaL_checknumber(L, 4);
    dynarray *counts;
    luaL_argcheck(L, dynarray_is_numeric((dynarray_type)a->type), 1,
                  "array of a numeric type expected");
    luaL_argcheck(L, bins >= 1 && bins <= MOST_BINS, 2, "number of bins out of range");
    luaL_argcheck(L, low < high && isfinite(high - low), 4, "high must be above low");

    counts = api->push(api, L, DYNARRAY_UINT64, (size_t)bins); /* may raise, and run finalizers */
    memset(counts->data, 0, (size_t)bins * counts->element_size);
    dynarray_set_size(counts, (size_t)bins); /* there is room for them */
    /* a view is brought up to date by check: a finalizer may have changed what it looks at */
    a = api->check(api, L, 1, DYNARRAY_ANY);
    counters[a->type](a, dynarray_data_uint64(counts), counts->size, low, high);
    return 1;
}

#if defined(__GNUC__)
__attribute__((visibility("default")))
#endif
int luaopen_histogram(lua_State *L) {
    lua_pushcfunction(L, histogram);
    return 1;
}
