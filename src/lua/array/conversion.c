/* conversion.c: elements to and from Lua values, made from the table of numeric types. */
#include "lua/array/conversion.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "core/load_element.h"

/* 2^63 and 2^64, which floats hold exactly */
#define TWO_63 9223372036854775808.0
#define TWO_64 18446744073709551616.0

#define PUSH_SIGNED(L, x) lua_pushinteger((L), (lua_Integer)(x))
#define PUSH_FLOAT(L, x) lua_pushnumber((L), (lua_Number)(x))

/* An unsigned element above Lua's integers reads as a float. */
static void PUSH_UNSIGNED(lua_State *L, uint64_t x) {
    if (x <= (uint64_t)LUA_MAXINTEGER)
        lua_pushinteger(L, (lua_Integer)x);
    else
        lua_pushnumber(L, (lua_Number)x);
}

/* A number that is not a Lua integer, for an integer type. */
static misfit beyond_integers(lua_Number x) {
    return floor(x) == x && isfinite(x) ? OUT_OF_RANGE : NOT_AN_INTEGER;
}

/* Convert the number at arg, for each kind of type; min and max are constants in each use. */

static inline misfit NUMBER_SIGNED(lua_State *L, int arg, int64_t min, int64_t max,
                                   int64_t *result) {
    int is_integer;
    const lua_Integer i = lua_tointegerx(L, arg, &is_integer);
    if (!is_integer) return beyond_integers(lua_tonumber(L, arg));
    *result = i;
    return i < min || i > max ? OUT_OF_RANGE : FITS;
}

static inline misfit NUMBER_UNSIGNED(lua_State *L, int arg, uint64_t min, uint64_t max,
                                     uint64_t *result) {
    int is_integer;
    const lua_Integer i = lua_tointegerx(L, arg, &is_integer);
    (void)min;
    if (!is_integer) { /* a float above Lua's integers may still fit into uint64 */
        const lua_Number x = lua_tonumber(L, arg);
        if (max < UINT64_MAX || !(x >= TWO_63 && x < TWO_64)) return beyond_integers(x);
        *result = (uint64_t)x;
        return FITS;
    }
    *result = (uint64_t)i;
    return i < 0 || (uint64_t)i > max ? OUT_OF_RANGE : FITS;
}

/* An infinity fits; a finite number that would become one does not. */
static inline misfit NUMBER_FLOAT(lua_State *L, int arg, double min, double max, double *result) {
    const double x = (double)lua_tonumber(L, arg);
    *result = x;
    return max < DBL_MAX && (x < min || x > max) && isfinite(x) ? OUT_OF_RANGE : FITS;
}

#define WIDE_SIGNED int64_t
#define WIDE_UNSIGNED uint64_t
#define WIDE_FLOAT double

#define DEFINE(CONSTANT, name, ctype, kind, min, max)                                              \
    static void push_##name(lua_State *L, const Array *A, int index, const void *element) {        \
        (void)A, (void)index;                                                                      \
        PUSH_##kind(L, load_##name(element));                                                      \
    }                                                                                              \
                                                                                                   \
    static inline misfit number_##name(lua_State *L, int arg, ctype *element) {                    \
        WIDE_##kind x = 0;                                                                         \
        const misfit why = NUMBER_##kind(L, arg, min, max, &x);                                    \
        if (why == FITS) *element = (ctype)x;                                                      \
        return why;                                                                                \
    }                                                                                              \
                                                                                                   \
    static misfit put_##name(lua_State *L, int arg, void *element) {                               \
        ctype x;                                                                                   \
        misfit why;                                                                                \
        if (lua_type(L, arg) != LUA_TNUMBER) return NOT_A_NUMBER;                                  \
        why = number_##name(L, arg, &x);                                                           \
        if (why == FITS) memcpy(element, &x, sizeof x);                                            \
        return why;                                                                                \
    }                                                                                              \
                                                                                                   \
    static size_t take_##name(lua_State *L, int arg, size_t n, void *elements, misfit *why) {      \
        size_t k = 0;                                                                              \
        *why = FITS;                                                                               \
        for (; k < n; k++) {                                                                       \
            *why = put_##name(L, arg + (int)k, (ctype *)elements + k);                             \
            if (*why != FITS) break;                                                               \
        }                                                                                          \
        return k;                                                                                  \
    }                                                                                              \
                                                                                                   \
    static size_t read_##name(lua_State *L, int source, size_t i, size_t n, void *elements,        \
                              misfit *why) {                                                       \
        const int top = lua_gettop(L);                                                             \
        ctype *element = elements;                                                                 \
        ctype *const end = element + n;                                                            \
        misfit reason = FITS;                                                                      \
        while (element < end && reason == FITS) {                                                  \
            ctype *const stop = end - element > READ_BATCH ? element + READ_BATCH : end;           \
            for (; element < stop; element++, i++) {                                               \
                reason = lua_geti(L, source, (lua_Integer)i) == LUA_TNUMBER                        \
                             ? number_##name(L, -1, element)                                       \
                             : NOT_A_NUMBER;                                                       \
                if (DYNARRAY_UNLIKELY(reason != FITS)) break;                                      \
            }                                                                                      \
            lua_settop(L, top);                                                                    \
        }                                                                                          \
        *why = reason;                                                                             \
        return (size_t)(element - (ctype *)elements);                                              \
    }
DYNARRAY_NUMERIC_TYPES(DEFINE)
#undef DEFINE

/* Values that need no slot. */

static misfit put_value(lua_State *L, int arg, void *element) { return value_put(L, arg, element); }

static size_t take_value(lua_State *L, int arg, size_t n, void *elements, misfit *why) {
    uint64_t *words = elements;
    size_t k = 0;
    while (k < n && value_plain(L, arg + (int)k, &words[k])) k++;
    *why = FITS;
    return k;
}

static size_t read_value(lua_State *L, int source, size_t i, size_t n, void *elements,
                         misfit *why) {
    const int top = lua_gettop(L);
    uint64_t *words = elements;
    bool plain = true;
    size_t k = 0;
    while (k < n && plain) {
        const size_t stop = n - k > READ_BATCH ? k + READ_BATCH : n;
        for (; k < stop; k++) {
            const int type = lua_geti(L, source, (lua_Integer)(i + k));
            plain = value_plain_typed(L, -1, type, &words[k]);
            if (!plain) break;
        }
        lua_settop(L, top);
    }
    *why = FITS;
    return k;
}

const conversion conversions[DYNARRAY_VALUE + 1] = {
#define ROW(CONSTANT, name, ctype, kind, min, max)                                                 \
    {push_##name, put_##name, take_##name, read_##name},
    DYNARRAY_NUMERIC_TYPES(ROW)
#undef ROW
        {value_push, put_value, take_value, read_value},
};

void convert_or_fail(lua_State *L, dynarray_type type, int arg, size_t i, void *element) {
    const misfit why = conversions[type].put(L, arg, element);
    if (why != FITS) fail_element(L, type, arg, why, i);
}

void check_element(lua_State *L, const Array *A, int arg, size_t i) {
    uint64_t element;
    if (!holds_values(A)) convert_or_fail(L, (dynarray_type)A->core.type, arg, i, &element);
}
