/*
** kernels_elements.c: kernels that move elements of any type into registers and back, and those that may have no result;
** see operations.h. Others may write to the elements meanwhile, so each is read once.
*/
#include "core/vectorize.h"

#if defined(__GNUC__) && !defined(__clang__) && defined(__OPTIMIZE__)
#pragma GCC optimize("no-math-errno", "no-trapping-math")
#endif

#include <float.h>
#include <math.h>
#include <stdbool.h>

#include "core/compute/operations.h"
#include "dynarray.h"

#define TO_63 9223372036854775808.0
#define TO_64 18446744073709551616.0

/* Integers that are loaded as whole numbers: int64 need not be, and uint64 might not fit. */
#define NARROW_TYPES(X) DYNARRAY_NUMERIC_TABLE(NARROW, X)
#define NARROW(X, CONSTANT, name, ctype, kind, min, max, width)                                    \
    NARROW_##kind##_##width(X(CONSTANT, name, ctype))
#define NARROW_SIGNED_8(row) row
#define NARROW_SIGNED_16(row) row
#define NARROW_SIGNED_32(row) row
#define NARROW_SIGNED_64(row)
#define NARROW_UNSIGNED_8(row) row
#define NARROW_UNSIGNED_16(row) row
#define NARROW_UNSIGNED_32(row) row
#define NARROW_UNSIGNED_64(row)
#define NARROW_FLOAT_32(row)
#define NARROW_FLOAT_64(row)

#define LOAD_WHOLE(CONSTANT, name, ctype)                                                          \
    static INLINE void load_whole_##name(whole *r, const ctype *x, size_t n) {                     \
        for (size_t i = 0; i < n; i++) r[i] = (whole)x[i];                                         \
    }
NARROW_TYPES(LOAD_WHOLE)
#define LOAD_REAL(CONSTANT, name, ctype, kind, min, max)                                           \
    static INLINE void load_real_##name(real *r, const ctype *x, size_t n) {                       \
        for (size_t i = 0; i < n; i++) r[i] = (real)x[i];                                          \
    }
DYNARRAY_NUMERIC_TYPES(LOAD_REAL)

static INLINE void load_reals(unsigned type, real *r, const void *x, size_t n) {
    switch (type) {
    default:
#define ROW(CONSTANT, name, ctype, kind, min, max)                                                 \
    case DYNARRAY_##CONSTANT: load_real_##name(r, x, n); break;
        DYNARRAY_NUMERIC_TYPES(ROW)
#undef ROW
    }
}

static INLINE void load_wholes(unsigned type, whole *r, const void *x, size_t n) {
    switch (type) {
    default:
#define ROW(CONSTANT, name, ctype)                                                                 \
    case DYNARRAY_##CONSTANT: load_whole_##name(r, x, n); break;
        NARROW_TYPES(ROW)
#undef ROW
    }
}

CLONES_WITH_ALL void compute_load(compute_step step, void *r, const void *x, size_t n) {
    if (step.is_real)
        load_reals(step.type, r, x, n);
    else
        load_wholes(step.type, r, x, n);
}

/* ---------------------------------------------------------------------------------------------
** Fitting: each of these tells whether a number fits and what is then stored. All are defined for every number
*/

/* Types whose elements are not what a register holds: all but int64 and float64. */
#define STORED_TYPES(X) DYNARRAY_NUMERIC_TABLE(STORED, X)
#define STORED(X, CONSTANT, name, ctype, kind, min, max, width)                                    \
    STORED_##kind##_##width(X(CONSTANT, name, ctype, kind, min, max))
#define STORED_SIGNED_8(row) row
#define STORED_SIGNED_16(row) row
#define STORED_SIGNED_32(row) row
#define STORED_SIGNED_64(row)
#define STORED_UNSIGNED_8(row) row
#define STORED_UNSIGNED_16(row) row
#define STORED_UNSIGNED_32(row) row
#define STORED_UNSIGNED_64(row) row
#define STORED_FLOAT_32(row) row
#define STORED_FLOAT_64(row)

/* A real number within [low, high) as an integer. */
#define WITHIN(x, low, high) ((x) >= (low) && (x) < (high))

#define WHOLE_FITS_SIGNED(x, min, max) ((x) >= (min) && (x) <= (max))
#define WHOLE_FITS_UNSIGNED(x, min, max) ((x) >= 0 && (uint64_t)(x) <= (max))
#define WHOLE_FITS_FLOAT(x, min, max) true

#define STORE_WHOLE_SIGNED(x, ctype) ((ctype)(x))
#define STORE_WHOLE_UNSIGNED(x, ctype) ((ctype)(uint64_t)(x))
#define STORE_WHOLE_FLOAT(x, ctype) ((ctype)(x))

/* Floats without a fraction below 2^63 are whole; uint64 has some more. */
#define STORE_REAL_SIGNED(x, min, max, ctype)                                                      \
    const real safe = WITHIN(x, -TO_63, TO_63) ? x : 0;                                            \
    const whole w = (whole)safe;                                                                   \
    fits = (real)w == x && w >= (whole)(min) && w <= (whole)(max);                                 \
    results[i] = (ctype)w;
#define STORE_REAL_UNSIGNED(x, min, max, ctype)                                                    \
    const real safe = WITHIN(x, 0, TO_64) ? x : 0;                                                 \
    const uint64_t w = (uint64_t)safe;                                                             \
    fits = (real)w == x && w <= (max);                                                             \
    results[i] = (ctype)w;
#define STORE_REAL_FLOAT(x, min, max, ctype)                                                       \
    fits = !(fabs(x) > (real)(max)) || fabs(x) > DBL_MAX;                                          \
    results[i] = (ctype)(fits ? x : 0);

#define STORE(CONSTANT, name, ctype, kind, min, max)                                               \
    static INLINE bool store_reals_##name(ctype *results, const real *x, size_t n) {               \
        uint64_t misfits = 0;                                                                      \
        for (size_t i = 0; i < n; i++) {                                                           \
            const real value = x[i];                                                               \
            bool fits;                                                                             \
            STORE_REAL_##kind(value, min, max, ctype) misfits |= !fits;                            \
        }                                                                                          \
        return misfits == 0;                                                                       \
    }                                                                                              \
    static INLINE bool store_wholes_##name(ctype *results, const whole *x, size_t n) {             \
        uint64_t misfits = 0;                                                                      \
        for (size_t i = 0; i < n; i++) {                                                           \
            const whole value = x[i];                                                              \
            misfits |= !(WHOLE_FITS_##kind(value, min, max));                                      \
            results[i] = STORE_WHOLE_##kind(value, ctype);                                         \
        }                                                                                          \
        return misfits == 0;                                                                       \
    }
STORED_TYPES(STORE)
#undef STORE

static INLINE bool store(compute_step step, void *r, const void *x, size_t n) {
    switch (step.type) {
    default:
#define ROW(CONSTANT, name, ctype, kind, min, max)                                                 \
    case DYNARRAY_##CONSTANT:                                                                      \
        return step.is_real ? store_reals_##name(r, x, n) : store_wholes_##name(r, x, n);
        STORED_TYPES(ROW)
#undef ROW
    }
}

/* The number as it is stored: whole, or real as exactly as the type can hold it. */
#define FITS_SIGNED(x, min, max) WHOLE_FITS_SIGNED(x, min, max)
#define FITS_UNSIGNED(x, min, max) WHOLE_FITS_UNSIGNED(x, min, max)
#define FITS_FLOAT(x, min, max) (!(fabs(x) > (real)(max)) || fabs(x) > DBL_MAX)
#define NUMBER_SIGNED whole
#define NUMBER_UNSIGNED whole
#define NUMBER_FLOAT real
#define FIT(CONSTANT, name, ctype, kind, min, max)                                                 \
    static INLINE bool fit_##name(NUMBER_##kind *r, const NUMBER_##kind *x, size_t n) {            \
        uint64_t misfits = 0;                                                                      \
        for (size_t i = 0; i < n; i++) {                                                           \
            const NUMBER_##kind value = x[i];                                                      \
            const bool fits = FITS_##kind(value, min, max);                                        \
            misfits |= !fits;                                                                      \
            r[i] = (NUMBER_##kind)(ctype)(fits ? value : 0);                                       \
        }                                                                                          \
        return misfits == 0;                                                                       \
    }
STORED_TYPES(FIT)
#undef FIT

static INLINE bool fit(compute_step step, void *r, const void *x, size_t n) {
    switch (step.type) {
    default:
#define ROW(CONSTANT, name, ctype, kind, min, max)                                                 \
    case DYNARRAY_##CONSTANT: return fit_##name(r, x, n);
        STORED_TYPES(ROW)
#undef ROW
    }
}

/* ---------------------------------------------------------------------------------------------
** Division of whole numbers, as in Lua
*/

static INLINE whole floor_quotient(whole a, whole b) {
    whole quotient;
    if ((uint64_t)b + 1 <= 1) return b == 0 ? 0 : (whole)(0 - (uint64_t)a);
    quotient = a / b;
    return quotient - (whole)((a ^ b) < 0 && quotient * b != a);
}

static INLINE whole floor_rest(whole a, whole b) {
    whole rest;
    if ((uint64_t)b + 1 <= 1) return 0;
    rest = a % b;
    return rest + (rest != 0 && (rest ^ b) < 0 ? b : 0);
}

/* A power of two needs no division. */
static INLINE bool is_power_of_two(whole b) {
    return b > 0 && ((uint64_t)b & ((uint64_t)b - 1)) == 0;
}

static INLINE bool divide_by_power(bool quotient, whole *r, const whole *x, whole b, size_t n) {
    const whole mask = b - 1;
    unsigned shift = 0;
    while ((uint64_t)b >> shift != 1) shift++;
    if (quotient)
        for (size_t i = 0; i < n; i++) r[i] = x[i] >> shift;
    else
        for (size_t i = 0; i < n; i++) r[i] = x[i] & mask;
    return true;
}

static INLINE bool divide(compute_step step, whole *r, const whole *x, const whole *y, size_t n) {
    const size_t x_next = step.ones & ONE_X ? 0 : 1, y_next = step.ones & ONE_Y ? 0 : 1;
    const bool quotient = step.code == CODE_WHOLE_FLOOR_DIV;
    uint64_t zeros = 0;
    if (step.ones == ONE_Y && is_power_of_two(*y)) return divide_by_power(quotient, r, x, *y, n);
    for (size_t i = 0; i < n; i++) {
        const whole a = x[i * x_next], b = y[i * y_next];
        zeros |= b == 0;
        r[i] = quotient ? floor_quotient(a, b) : floor_rest(a, b);
    }
    return zeros == 0;
}

static INLINE bool to_wholes(whole *r, const real *x, size_t n) {
    uint64_t misfits = 0;
    for (size_t i = 0; i < n; i++) {
        const real value = x[i];
        const whole w = (whole)(WITHIN(value, -TO_63, TO_63) ? value : 0);
        misfits |= (real)w != value;
        r[i] = w;
    }
    return misfits == 0;
}

static INLINE bool load_checked(whole *r, const uint64_t *x, size_t n) {
    uint64_t misfits = 0;
    for (size_t i = 0; i < n; i++) {
        const uint64_t value = x[i];
        misfits |= value >> 63;
        r[i] = (whole)value;
    }
    return misfits == 0;
}

CLONES_WITH_ALL void compute_narrow(void *r, const void *x, size_t n) {
    float *const results = r;
    const real *const values = x;
    for (size_t i = 0; i < n; i++) results[i] = (float)values[i];
}

CLONES_WITH_ALL bool compute_fallible(compute_step step, void *r, const void *x, const void *y,
                                      size_t n) {
    switch (step.code) {
    case CODE_WHOLE_FLOOR_DIV:
    case CODE_WHOLE_MOD: return divide(step, r, x, y, n);
    case CODE_TO_WHOLE: return to_wholes(r, x, n);
    case CODE_LOAD_UINT64: return load_checked(r, x, n);
    case CODE_FIT: return fit(step, r, x, n);
    default: return store(step, r, x, n);
    }
}
