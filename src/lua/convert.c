/* convert.c: elements to and from Lua values, generated from the table of numeric types. */
#include <float.h>
#include <math.h>

#include "private.h"

/* 2^63 and 2^64, exact */
#define TWO_63 9223372036854775808.0
#define TWO_64 18446744073709551616.0

#define PUSH_SIGNED(L, x) lua_pushinteger((L), (lua_Integer)(x))
#define PUSH_FLOAT(L, x) lua_pushnumber((L), (lua_Number)(x))

/* Above Lua's integers, an unsigned element reads as a float. */
static void PUSH_UNSIGNED(lua_State *L, uint64_t x) {
    if (x <= (uint64_t)LUA_MAXINTEGER)
        lua_pushinteger(L, (lua_Integer)x);
    else
        lua_pushnumber(L, (lua_Number)x);
}

static misfit to_integer(lua_State *L, int arg, lua_Integer *i) {
    int is_integer;
    if (lua_type(L, arg) != LUA_TNUMBER) return NOT_A_NUMBER;
    *i = lua_tointegerx(L, arg, &is_integer);
    return is_integer ? FITS : NOT_AN_INTEGER;
}

/* An integral float past Lua's integers, for an integer type: out of range, or perhaps a uint64. */
static misfit beyond_integers(lua_State *L, int arg) {
    lua_Number x = lua_tonumber(L, arg);
    return floor(x) == x && isfinite(x) ? OUT_OF_RANGE : NOT_AN_INTEGER;
}

static misfit PUT_SIGNED(lua_State *L, int arg, int64_t min, int64_t max, int64_t *result) {
    lua_Integer i = 0;
    misfit why = to_integer(L, arg, &i);
    if (why == NOT_AN_INTEGER) return beyond_integers(L, arg);
    if (why == FITS && (i < min || i > max)) return OUT_OF_RANGE;
    *result = i;
    return why;
}

static misfit PUT_UNSIGNED(lua_State *L, int arg, uint64_t min, uint64_t max, uint64_t *result) {
    lua_Integer i = 0;
    misfit why = to_integer(L, arg, &i);
    (void)min;
    if (why == NOT_AN_INTEGER) {
        lua_Number x = lua_tonumber(L, arg);
        if (max < UINT64_MAX || !(x >= TWO_63 && x < TWO_64)) return beyond_integers(L, arg);
        *result = (uint64_t)x;
        return FITS;
    }
    if (why == FITS && (i < 0 || (uint64_t)i > max)) return OUT_OF_RANGE;
    *result = (uint64_t)i;
    return why;
}

/* Infinities fit; a finite number that would become one does not. */
static misfit PUT_FLOAT(lua_State *L, int arg, double min, double max, double *result) {
    double x;
    if (lua_type(L, arg) != LUA_TNUMBER) return NOT_A_NUMBER;
    x = (double)lua_tonumber(L, arg);
    if ((x < min || x > max) && isfinite(x)) return OUT_OF_RANGE;
    *result = x;
    return FITS;
}

#define WIDE_SIGNED int64_t
#define WIDE_UNSIGNED uint64_t
#define WIDE_FLOAT double

#define DEFINE(CONSTANT, name, ctype, kind, min, max)                                              \
    static void push_##name(lua_State *L, const Array *A, int index, const void *element) {        \
        (void)A, (void)index;                                                                      \
        PUSH_##kind(L, *(const ctype *)element);                                                   \
    }                                                                                              \
    static misfit put_##name(lua_State *L, int arg, void *element) {                               \
        WIDE_##kind x = 0;                                                                         \
        misfit why = PUT_##kind(L, arg, min, max, &x);                                             \
        if (why == FITS) *(ctype *)element = (ctype)x;                                             \
        return why;                                                                                \
    }
DYNARRAY_NUMERIC_TYPES(DEFINE)
#undef DEFINE

const conversion conversions[DYNARRAY_VALUE + 1] = {
#define ROW(CONSTANT, name, ctype, kind, min, max) {push_##name, put_##name},
    DYNARRAY_NUMERIC_TYPES(ROW)
#undef ROW
    {value_push, NULL},
};

void check_element(lua_State *L, const Array *A, int arg, size_t i) {
    uint64_t element;
    misfit why;
    if (holds_values(A)) return;
    why = conversions[A->core.type].put(L, arg, &element);
    if (why != FITS) fail_element(L, (dynarray_type)A->core.type, arg, why, i);
}
