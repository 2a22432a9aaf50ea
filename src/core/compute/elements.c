/*
** elements.c: kernels between elements of any type and registers, and those that may have no result; see
** operations.h. Elements may be memory that others change meanwhile: each is read once.
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

#define LOAD(CONSTANT, name, ctype, kind, min, max)                                                \
    case DYNARRAY_##CONSTANT: {                                                                    \
        const ctype *xs = x;                                                                       \
        if (step.is_real)                                                                          \
            for (size_t i = 0; i < n; i++) reals[i] = (real)xs[i];                                 \
        else                                                                                       \
            for (size_t i = 0; i < n; i++) wholes[i] = WHOLE_OF_##kind(xs[i]);                     \
        break;                                                                                     \
    }
#define WHOLE_OF_SIGNED(x) ((whole)(x))
#define WHOLE_OF_UNSIGNED(x) ((whole)(x))
#define WHOLE_OF_FLOAT(x) ((void)(x), 0) /* floats are loaded as real numbers */

CLONES_WITH_ALL void compute_load(compute_step step, void *r, const void *x, size_t n) {
    real *reals = r;
    whole *wholes = r;
    switch (step.type) {
        DYNARRAY_NUMERIC_TYPES(LOAD)
    default: break;
    }
}

/* ---------------------------------------------------------------------------------------------
** What fits. Each of these says so of a number, and what is stored if it does, and is defined for all.
*/

/* A real number within [low, high) as an integer. */
#define WITHIN(x, low, high) ((x) >= (low) && (x) < (high))

#define WHOLE_FITS_SIGNED(x, min, max) ((x) >= (min) && (x) <= (max))
#define WHOLE_FITS_UNSIGNED(x, min, max) ((x) >= 0 && (uint64_t)(x) <= (max))
#define WHOLE_FITS_FLOAT(x, min, max) ((void)(x), true)

#define STORE_WHOLE_SIGNED(x, ctype) ((ctype)(x))
#define STORE_WHOLE_UNSIGNED(x, ctype) ((ctype)(uint64_t)(x))
#define STORE_WHOLE_FLOAT(x, ctype) ((ctype)(x))

/* Whole floats below 2^63 are wholes; uint64 has some more. */
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
    case DYNARRAY_##CONSTANT: {                                                                    \
        ctype *results = r;                                                                        \
        uint64_t misfits = 0;                                                                      \
        if (step.is_real) {                                                                        \
            for (size_t i = 0; i < n; i++) {                                                       \
                const real value = ((const real *)x)[i];                                           \
                bool fits;                                                                         \
                STORE_REAL_##kind(value, min, max, ctype) misfits |= !fits;                        \
            }                                                                                      \
        } else {                                                                                   \
            for (size_t i = 0; i < n; i++) {                                                       \
                const whole value = ((const whole *)x)[i];                                         \
                misfits |= !(WHOLE_FITS_##kind(value, min, max));                                  \
                results[i] = STORE_WHOLE_##kind(value, ctype);                                     \
            }                                                                                      \
        }                                                                                          \
        return misfits == 0;                                                                       \
    }

static INLINE bool store(compute_step step, void *r, const void *x, size_t n) {
    switch (step.type) {
        DYNARRAY_NUMERIC_TYPES(STORE)
    default: return true;
    }
}

#define FIT_SIGNED(min, max)                                                                       \
    for (size_t i = 0; i < n; i++) {                                                               \
        misfits |= !WHOLE_FITS_SIGNED(xs[i], min, max);                                            \
        wholes[i] = xs[i];                                                                         \
    }
#define FIT_UNSIGNED(min, max)                                                                     \
    for (size_t i = 0; i < n; i++) {                                                               \
        misfits |= !WHOLE_FITS_UNSIGNED(xs[i], min, max);                                          \
        wholes[i] = xs[i];                                                                         \
    }
#define FIT_FLOAT(min, max)                                                                        \
    for (size_t i = 0; i < n; i++) {                                                               \
        const bool fits = !(fabs(ys[i]) > (real)(max)) || fabs(ys[i]) > DBL_MAX;                   \
        misfits |= !fits;                                                                          \
        reals[i] = (max) < DBL_MAX ? (real)(float)(fits ? ys[i] : 0) : ys[i];                      \
    }
#define FIT(CONSTANT, name, ctype, kind, min, max)                                                 \
    case DYNARRAY_##CONSTANT: {                                                                    \
        FIT_##kind(min, max) break;                                                                \
    }

static INLINE bool fit(compute_step step, void *r, const void *x, size_t n) {
    const whole *xs = x;
    const real *ys = x;
    whole *wholes = r;
    real *reals = r;
    uint64_t misfits = 0;
    switch (step.type) {
        DYNARRAY_NUMERIC_TYPES(FIT)
    default: break;
    }
    return misfits == 0;
}

/* ---------------------------------------------------------------------------------------------
** Division of whole numbers, as Lua does it
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

/* By a power of two there is no division. */
static INLINE bool is_power_of_two(whole b) {
    return b > 0 && ((uint64_t)b & ((uint64_t)b - 1)) == 0;
}

static INLINE bool divide(compute_step step, whole *r, const whole *x, const whole *y, size_t n) {
    const size_t x_next = step.ones & ONE_X ? 0 : 1, y_next = step.ones & ONE_Y ? 0 : 1;
    const bool quotient = step.code == CODE_WHOLE_FLOOR_DIV;
    uint64_t zeros = 0;
    if (y_next == 0 && is_power_of_two(*y)) {
        const whole b = *y, mask = b - 1;
        unsigned bits = 0;
        while ((uint64_t)b >> bits != 1) bits++;
        if (quotient)
            for (size_t i = 0; i < n; i++) r[i] = (whole)(x[i * x_next] >> bits);
        else
            for (size_t i = 0; i < n; i++) r[i] = x[i * x_next] & mask;
        return true;
    }
    for (size_t i = 0; i < n; i++) {
        const whole a = x[i * x_next], b = y[i * y_next];
        zeros |= b == 0;
        r[i] = quotient ? floor_quotient(a, b) : floor_rest(a, b);
    }
    return zeros == 0;
}

CLONES_WITH_ALL bool compute_fallible(compute_step step, void *r, const void *x, const void *y,
                                      size_t n) {
    uint64_t misfits = 0;
    switch (step.code) {
    case CODE_WHOLE_FLOOR_DIV:
    case CODE_WHOLE_MOD: return divide(step, r, x, y, n);
    case CODE_TO_WHOLE:
        for (size_t i = 0; i < n; i++) {
            const real value = ((const real *)x)[i];
            const whole w = (whole)(WITHIN(value, -TO_63, TO_63) ? value : 0);
            misfits |= (real)w != value;
            ((whole *)r)[i] = w;
        }
        return misfits == 0;
    case CODE_LOAD_UINT64:
        for (size_t i = 0; i < n; i++) {
            const uint64_t value = ((const uint64_t *)x)[i];
            misfits |= value >> 63;
            ((whole *)r)[i] = (whole)value;
        }
        return misfits == 0;
    case CODE_FIT: return fit(step, r, x, n);
    case CODE_STORE: return store(step, r, x, n);
    default: return true;
    }
}
