/* bound.c: see bound.h. */
#include "core/vectorize.h"

#include "core/bound.h"

#include <math.h>

#include "core/dispatch.h"

#define TWO_63 9223372036854775808.0
#define TWO_64 18446744073709551616.0
#define PIECE 512 /* values that are converted in one step */

/* Any number is one of these, exactly. */
typedef int64_t number_SIGNED;
typedef uint64_t number_UNSIGNED;
typedef double number_FLOAT;

/* ---------------------------------------------------------------------------------------------
** Which of two numbers comes first
*/

static INLINE bool less_SIGNED_SIGNED(int64_t x, int64_t y) { return x < y; }

static INLINE bool less_SIGNED_UNSIGNED(int64_t x, uint64_t y) { return x < 0 || (uint64_t)x < y; }

static INLINE bool less_UNSIGNED_SIGNED(uint64_t x, int64_t y) { return y > 0 && x < (uint64_t)y; }

static INLINE bool less_UNSIGNED_UNSIGNED(uint64_t x, uint64_t y) { return x < y; }

static INLINE bool less_SIGNED_FLOAT(int64_t x, double y) {
    if (!(y < TWO_63)) return true; /* NaN, too */
    return y > -TWO_63 && x < (int64_t)ceil(y);
}

static INLINE bool less_FLOAT_SIGNED(double x, int64_t y) {
    if (!(x < TWO_63)) return false;
    return x < -TWO_63 || (int64_t)floor(x) < y;
}

static INLINE bool less_UNSIGNED_FLOAT(uint64_t x, double y) {
    if (!(y < TWO_64)) return true;
    return y > 0 && x < (uint64_t)ceil(y);
}

static INLINE bool less_FLOAT_UNSIGNED(double x, uint64_t y) {
    if (!(x < TWO_64)) return false;
    return x < 0 || (uint64_t)floor(x) < y;
}

/* y is not NaN. */
static INLINE bool less_FLOAT_FLOAT(double x, double y) { return x < y; }

/* ---------------------------------------------------------------------------------------------
** Search
*/

/*
** How many elements come before the place. There is no branch on an element, as the processor could not predict it: so
** the searches for several values overlap.
*/
#define COMES_BEFORE(x, kind, value, of)                                                           \
    (after ? AT_MOST_##kind##_##of((number_##kind)(x), value)                                      \
           : less_##kind##_##of((number_##kind)(x), value))
#define AT_MOST_SIGNED_SIGNED(x, y) ((x) <= (y))
#define AT_MOST_SIGNED_UNSIGNED(x, y) (!less_UNSIGNED_SIGNED(y, x))
#define AT_MOST_SIGNED_FLOAT(x, y) (!less_FLOAT_SIGNED(y, x))
#define AT_MOST_UNSIGNED_SIGNED(x, y) (!less_SIGNED_UNSIGNED(y, x))
#define AT_MOST_UNSIGNED_UNSIGNED(x, y) ((x) <= (y))
#define AT_MOST_UNSIGNED_FLOAT(x, y) (!less_FLOAT_UNSIGNED(y, x))
#define AT_MOST_FLOAT_SIGNED(x, y) (!less_SIGNED_FLOAT(y, x))
#define AT_MOST_FLOAT_UNSIGNED(x, y) (!less_UNSIGNED_FLOAT(y, x))
#define AT_MOST_FLOAT_FLOAT(x, y) ((x) <= (y)) /* false for NaN, which comes last */

#define PLACES(name, ctype, kind, of)                                                              \
    static INLINE size_t place_of_##of##_in_##name(const ctype *x, size_t n, number_##of value,    \
                                                   bool after) {                                   \
        size_t low = 0;                                                                            \
        if (n == 0) return 0;                                                                      \
        for (; n > 1; n -= n / 2) {                                                                \
            const bool before = COMES_BEFORE(x[low + n / 2 - 1], kind, value, of);                 \
            low += n / 2 & (0 - (size_t)before);                                                   \
        }                                                                                          \
        return low + COMES_BEFORE(x[low], kind, value, of);                                        \
    }                                                                                              \
                                                                                                   \
    static void places_of_##of##_in_##name(const dynarray *a, const number_##of *values,           \
                                           size_t count, bool after, int64_t *results) {           \
        const ctype *const x = a->data;                                                            \
        const size_t n = a->size;                                                                  \
        for (size_t k = 0; k < count; k++) {                                                       \
            const number_##of value = values[k];                                                   \
            if (value != value) /* NaN comes last */                                               \
                results[k] = 1 + (int64_t)(after ? n : numbers_in_##name(x, n));                   \
            else if (after)                                                                        \
                results[k] = 1 + (int64_t)place_of_##of##_in_##name(x, n, value, true);            \
            else                                                                                   \
                results[k] = 1 + (int64_t)place_of_##of##_in_##name(x, n, value, false);           \
        }                                                                                          \
    }
#define DEFINE(with, CONSTANT, name, ctype, kind, min, max, width)                                 \
    /* How many elements come before NaN. */                                                       \
    static size_t numbers_in_##name(const ctype *x, size_t n) {                                    \
        size_t low = 0;                                                                            \
        while (low < n) {                                                                          \
            const size_t middle = low + (n - low) / 2;                                             \
            if (x[middle] == x[middle])                                                            \
                low = middle + 1;                                                                  \
            else                                                                                   \
                n = middle;                                                                        \
        }                                                                                          \
        return low;                                                                                \
    }                                                                                              \
                                                                                                   \
    PLACES(name, ctype, kind, SIGNED)                                                              \
    PLACES(name, ctype, kind, UNSIGNED)                                                            \
    PLACES(name, ctype, kind, FLOAT)                                                               \
                                                                                                   \
    static void convert_##name(const void *values, size_t start, size_t n, void *numbers) {        \
        const ctype *const x = (const ctype *)values + start;                                      \
        for (size_t k = 0; k < n; k++) ((number_##kind *)numbers)[k] = (number_##kind)x[k];        \
    }                                                                                              \
                                                                                                   \
    /* numbers is what that kind of the type of the values is converted to. */                     \
    static void places_in_##name(const dynarray *a, dynarray_type type, const void *numbers,       \
                                 size_t n, bool after, int64_t *results) {                         \
        if (dynarray_is_float(type))                                                               \
            places_of_FLOAT_in_##name(a, numbers, n, after, results);                              \
        else if (type <= DYNARRAY_INT64)                                                           \
            places_of_SIGNED_in_##name(a, numbers, n, after, results);                             \
        else                                                                                       \
            places_of_UNSIGNED_in_##name(a, numbers, n, after, results);                           \
    }
DYNARRAY_NUMERIC_TABLE(DEFINE, )
#undef DEFINE

void dynarray_bounds(const dynarray *a, const dynarray *values, bool after, int64_t *results) {
    union {
        number_SIGNED integers[PIECE];
        number_UNSIGNED naturals[PIECE];
        number_FLOAT reals[PIECE];
    } numbers;
    for (size_t start = 0; start < values->size; start += PIECE) {
        const size_t left = values->size - start, n = left < PIECE ? left : PIECE;
        DISPATCH(values->type, convert, values->data, start, n, &numbers);
        DISPATCH(a->type, places_in, a, (dynarray_type)values->type, &numbers, n, after,
                 results + start);
    }
}
