/* kernels_simple.c: kernels that wide registers make faster; see operations.h. */
#include "core/vectorize.h"

#if defined(__GNUC__) && !defined(__clang__) && defined(__OPTIMIZE__)
#pragma GCC optimize("no-math-errno", "no-trapping-math") /* this would prevent vectors */
#endif

#include <float.h>
#include <math.h>
#include <stdbool.h>

#include "core/compute/kernel_loops.h"
#include "core/compute/operations.h"

static INLINE whole shifted(uint64_t a, uint64_t left, uint64_t right) {
    return (whole)(left < 64 ? a << left : right < 64 ? a >> right : 0);
}

/* As in Lua: logical, by any number of bits, and in the other direction if that is negative. */
static INLINE whole shift_left(whole a, whole b) {
    return shifted((uint64_t)a, (uint64_t)b, 0 - (uint64_t)b);
}

static INLINE whole shift_right(whole a, whole b) {
    return shifted((uint64_t)a, 0 - (uint64_t)b, (uint64_t)b);
}

#define WHOLE_BINARY(NAME, expression) BINARY(NAME, whole, whole, expression)
#define INT32_BINARY(NAME, expression) BINARY(NAME, whole, element32, expression)
#define INT32_PRODUCT(NAME, expression) TERNARY(NAME, whole, element32, whole, expression)
#define INT32_PRODUCTS(NAME, expression) QUATERNARY(NAME, whole, element32, expression)
#define REAL_BINARY(NAME, expression) BINARY(NAME, real, real, expression)
#define WHOLE_UNARY(NAME, expression) UNARY(NAME, whole, whole, expression)
#define REAL_UNARY(NAME, expression) UNARY(NAME, real, real, expression)
COMPUTE_WHOLE_BINARY(WHOLE_BINARY)
COMPUTE_INT32_BINARY(INT32_BINARY)
COMPUTE_INT32_PRODUCT(INT32_PRODUCT)
COMPUTE_INT32_PRODUCTS(INT32_PRODUCTS)
COMPUTE_REAL_BINARY(REAL_BINARY)
COMPUTE_WHOLE_UNARY(WHOLE_UNARY)
COMPUTE_REAL_UNARY(REAL_UNARY)
UNARY(TO_REAL, real, whole, (real)a)

/* A choice works on bits. */
#define CHOICE(name, second, third)                                                                \
    static INLINE void choose_##name(bits64 *r, const truth_value *x, const bits64 *y,             \
                                     const bits64 *z, size_t n) {                                  \
        EACH_BY_ITSELF                                                                             \
        for (size_t i = 0; i < n; i++) r[i] = x[i] ? (second) : (third);                           \
    }
CHOICE(of_blocks, y[i], z[i])
CHOICE(of_number_and_block, *y, z[i])
CHOICE(of_block_and_number, y[i], *z)
CHOICE(of_numbers, *y, *z)

static INLINE void choose(unsigned ones, bits64 *r, const truth_value *x, const bits64 *y,
                          const bits64 *z, size_t n) {
    const bits64 y_number = *y, z_number = *z; /* r may be one of them; the loops do not mind */
    switch (ones) {
    case 0: choose_of_blocks(r, x, y, z, n); break;
    case ONE_Y: choose_of_number_and_block(r, x, &y_number, z, n); break;
    case ONE_Z: choose_of_block_and_number(r, x, y, &z_number, n); break;
    default: choose_of_numbers(r, x, &y_number, &z_number, n);
    }
}

CLONES_WITH_ALL void compute_simple(compute_step step, void *r, const void *x, const void *y,
                                    const void *z, const void *w, size_t n) {
    switch (step.code) {
    default:
#define BINARY_ROW(NAME, expression)                                                               \
    case CODE_##NAME: kernel_##NAME(step.ones, r, x, y, n); break;
        COMPUTE_WHOLE_BINARY(BINARY_ROW)
        COMPUTE_INT32_BINARY(BINARY_ROW)
        COMPUTE_REAL_BINARY(BINARY_ROW)
#undef BINARY_ROW
#define TERNARY_ROW(NAME, expression)                                                              \
    case CODE_##NAME: kernel_##NAME(step.ones, r, x, y, z, n); break;
        COMPUTE_INT32_PRODUCT(TERNARY_ROW)
#undef TERNARY_ROW
#define QUATERNARY_ROW(NAME, expression)                                                           \
    case CODE_##NAME: kernel_##NAME(step.ones, r, x, y, z, w, n); break;
        COMPUTE_INT32_PRODUCTS(QUATERNARY_ROW)
#undef QUATERNARY_ROW
#define UNARY_ROW(NAME, expression)                                                                \
    case CODE_##NAME: kernel_##NAME(r, x, n); break;
        COMPUTE_WHOLE_UNARY(UNARY_ROW)
        COMPUTE_REAL_UNARY(UNARY_ROW)
        UNARY_ROW(TO_REAL, )
#undef UNARY_ROW
    case CODE_SELECT: choose(step.ones, r, x, y, z, n); break;
    }
}

/* ---------------------------------------------------------------------------------------------
** Reductions of a block
*/

#define SUM_LANES 32 /* of this sum and that of whole arrays in sum.c, so that both are the same */

CLONES_WITH_ALL double compute_sum_real(const void *x, size_t n) {
    const real *xs = x;
    double lanes[SUM_LANES] = {0}, rest = 0;
    size_t i = 0;
    for (; n - i >= SUM_LANES; i += SUM_LANES)
        for (size_t lane = 0; lane < SUM_LANES; lane++) lanes[lane] += xs[i + lane];
    for (; i < n; i++) rest += xs[i];
    for (size_t half = SUM_LANES / 2; half > 0; half /= 2)
        for (size_t lane = 0; lane < half; lane++) lanes[lane] += lanes[lane + half];
    return lanes[0] + rest;
}

CLONES_WITH_ALL int64_t compute_sum_whole(const void *x, size_t n) {
    const whole *xs = x;
    uint64_t sum = 0;
    for (size_t i = 0; i < n; i++) sum += (uint64_t)xs[i];
    return (int64_t)sum;
}

CLONES_WITH_ALL double compute_best_real(const void *x, bool greatest, size_t n) {
    const real *xs = x;
    double best = xs[0];
    uint64_t nans = 0;
    for (size_t i = 0; i < n; i++) nans |= (uint64_t)(xs[i] != xs[i]);
    if (nans) return (double)NAN;
    if (greatest)
        for (size_t i = 0; i < n; i++) best = xs[i] > best ? xs[i] : best;
    else
        for (size_t i = 0; i < n; i++) best = xs[i] < best ? xs[i] : best;
    return best;
}

CLONES_WITH_ALL int64_t compute_best_whole(const void *x, bool greatest, size_t n) {
    const whole *xs = x;
    int64_t best = xs[0];
    if (greatest)
        for (size_t i = 0; i < n; i++) best = xs[i] > best ? xs[i] : best;
    else
        for (size_t i = 0; i < n; i++) best = xs[i] < best ? xs[i] : best;
    return best;
}
