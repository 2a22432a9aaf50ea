/* libm.c: the kernels that call libm, or wait for a division; see operations.h. */
#include "core/vectorize.h"

#include <math.h>
#include <stdbool.h>

#include "core/compute/operations.h"

#define TWO_TO_63 9223372036854775808.0

/* As Lua's: a square is one multiplication. */
static INLINE double power(double a, double b) { return b == 2 ? a * a : pow(a, b); }

/* The rest has the divisor's sign. */
static INLINE double real_modulo(double a, double b) {
    double rest = fmod(a, b);
    if (rest > 0 ? b < 0 : rest < 0 && b != rest) rest += b;
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

void compute_libm(compute_step step, void *r, const void *x, const void *y, size_t n) {
    const size_t x_next = step.ones & ONE_X ? 0 : 1, y_next = step.ones & ONE_Y ? 0 : 1;
    switch (step.code) {
#define ROW(NAME, function)                                                                        \
    case CODE_##NAME:                                                                              \
        for (size_t i = 0; i < n; i++) ((real *)r)[i] = function(((const real *)x)[i]);            \
        break;
        COMPUTE_LIBM_UNARY(ROW)
#undef ROW
#define ROW(NAME, expression)                                                                      \
    case CODE_##NAME:                                                                              \
        for (size_t i = 0; i < n; i++) {                                                           \
            const real a = ((const real *)x)[i * x_next], b = ((const real *)y)[i * y_next];       \
            ((real *)r)[i] = (expression);                                                         \
        }                                                                                          \
        break;
        COMPUTE_LIBM_BINARY(ROW)
#undef ROW
#define ROW(NAME, left, right, expression)                                                         \
    case CODE_##NAME:                                                                              \
        for (size_t i = 0; i < n; i++) {                                                           \
            const left a = ((const left *)x)[i * x_next];                                          \
            const right b = ((const right *)y)[i * y_next];                                        \
            ((whole *)r)[i] = (expression);                                                        \
        }                                                                                          \
        break;
        COMPUTE_MIXED(ROW)
#undef ROW
    default: break;
    }
}
