/* kernels_libm.c: kernels that call libm or divide; see operations.h. */
#include "core/vectorize.h"

#include <math.h>
#include <stdbool.h>

#include "core/compute/operations.h"

#define TWO_TO_63 9223372036854775808.0
#define TWO_TO_64 18446744073709551616.0

/* As in Lua, a square is one multiplication. */
static INLINE double power(double a, double b) { return b == 2 ? a * a : pow(a, b); }

/* The remainder has the sign of the divisor. */
static INLINE double real_modulo(double a, double b) {
    double rest = fmod(a, b);
    if (rest > 0 ? b < 0 : rest < 0 && b > 0) rest += b;
    return rest;
}

static INLINE bool whole_equals(whole i, real x) {
    return x >= -TWO_TO_63 && x < TWO_TO_63 && (real)(whole)x == x && (whole)x == i;
}

static INLINE bool whole_below(whole i, real x) {
    if (x >= TWO_TO_63) return true;
    return x > -TWO_TO_63 && i < (whole)ceil(x);
}

static INLINE bool whole_at_most(whole i, real x) {
    if (x >= TWO_TO_63) return true;
    return x >= -TWO_TO_63 && i <= (whole)floor(x);
}

/* The same of elements of uint64. */
static INLINE bool large_equals(bits64 i, real x) {
    return x >= 0 && x < TWO_TO_64 && (real)(bits64)x == x && (bits64)x == i;
}

static INLINE bool large_below(bits64 i, real x) {
    if (x >= TWO_TO_64) return true;
    return x > 0 && i < (bits64)ceil(x);
}

static INLINE bool large_at_most(bits64 i, real x) {
    if (x >= TWO_TO_64) return true;
    return x >= 0 && i <= (bits64)x;
}

#define UNARY_LOOP(NAME, function)                                                                 \
    static void libm_##NAME(real *r, const real *x, size_t n) {                                    \
        for (size_t i = 0; i < n; i++) r[i] = function(x[i]);                                      \
    }
COMPUTE_LIBM_UNARY(UNARY_LOOP)

/* An operand that is one number for all is read with steps of 0. */
#define LOOP(NAME, result, left, right, expression)                                                \
    static void libm_##NAME(unsigned ones, result *r, const left *x, const right *y, size_t n) {   \
        const size_t x_next = ones & ONE_X ? 0 : 1, y_next = ones & ONE_Y ? 0 : 1;                 \
        for (size_t i = 0; i < n; i++) {                                                           \
            const left a = x[i * x_next];                                                          \
            const right b = y[i * y_next];                                                         \
            r[i] = (expression);                                                                   \
        }                                                                                          \
    }
#define REAL_LOOP(NAME, expression) LOOP(NAME, real, real, real, expression)
#define MIXED_LOOP(NAME, left, right, expression) LOOP(NAME, truth_value, left, right, expression)
COMPUTE_LIBM_BINARY(REAL_LOOP)
COMPUTE_MIXED(MIXED_LOOP)

void compute_libm(compute_step step, void *r, const void *x, const void *y, size_t n) {
    switch (step.code) {
    default:
#define ROW(NAME, function)                                                                        \
    case CODE_##NAME: libm_##NAME(r, x, n); break;
        COMPUTE_LIBM_UNARY(ROW)
#undef ROW
#define ROW(NAME, ...)                                                                             \
    case CODE_##NAME: libm_##NAME(step.ones, r, x, y, n); break;
        COMPUTE_LIBM_BINARY(ROW)
        COMPUTE_MIXED(ROW)
#undef ROW
    }
}
