/*
** kernels_truth.c: kernels whose results are truth values; see operations.h. Elements are compared in their own type:
** narrow ones fill a wide register with more elements, and need not be loaded first.
*/
#include "core/vectorize.h"

#if defined(__GNUC__) && !defined(__clang__) && defined(__OPTIMIZE__)
#pragma GCC optimize("no-math-errno", "no-trapping-math") /* this would prevent vectors */
#endif

#include <float.h>
#include <math.h>

#include "core/compute/kernel_loops.h"
#include "core/compute/operations.h"
#include "core/dispatch.h"

#define DEFINE(with, CONSTANT, name, ctype, kind, min, max, width)                                 \
    BINARY(EQ_##name, truth_value, ctype, a == b)                                                  \
    BINARY(NE_##name, truth_value, ctype, a != b)                                                  \
    BINARY(LT_##name, truth_value, ctype, a < b)                                                   \
    BINARY(LE_##name, truth_value, ctype, a <= b)                                                  \
    static INLINE void compare_##name(compute_step step, void *r, const void *x, const void *y,    \
                                      size_t n) {                                                  \
        switch (step.code) {                                                                       \
        case CODE_EQ: kernel_EQ_##name(step.ones, r, x, y, n); break;                              \
        case CODE_NE: kernel_NE_##name(step.ones, r, x, y, n); break;                              \
        case CODE_LT: kernel_LT_##name(step.ones, r, x, y, n); break;                              \
        default: kernel_LE_##name(step.ones, r, x, y, n);                                          \
        }                                                                                          \
    }
DYNARRAY_NUMERIC_TABLE(DEFINE, )
#undef DEFINE

/* Both are blocks: of a number and a truth value, the compiler knows which is the result. */
#define BOTH(NAME, expression)                                                                     \
    static INLINE void kernel_##NAME(truth_value *r, const truth_value *xs, const truth_value *ys, \
                                     size_t n) {                                                   \
        EACH_BY_ITSELF                                                                             \
        for (size_t i = 0; i < n; i++) {                                                           \
            const truth_value a = xs[i], b = ys[i];                                                \
            r[i] = (truth_value)(expression);                                                      \
        }                                                                                          \
    }
#define TEST(NAME, expression) UNARY(NAME, truth_value, real, expression)
COMPUTE_REAL_TEST(TEST)
COMPUTE_TRUTH_BINARY(BOTH)

CLONES_WITH_ALL void compute_truths(compute_step step, void *r, const void *x, const void *y,
                                    size_t n) {
    switch (step.code) {
#define TEST_ROW(NAME, expression)                                                                 \
    case CODE_##NAME: kernel_##NAME(r, x, n); break;
        COMPUTE_REAL_TEST(TEST_ROW)
#undef TEST_ROW
#define BOTH_ROW(NAME, expression)                                                                 \
    case CODE_##NAME: kernel_##NAME(r, x, y, n); break;
        COMPUTE_TRUTH_BINARY(BOTH_ROW)
#undef BOTH_ROW
    default: DISPATCH(step.type, compare, step, r, x, y, n);
    }
}

CLONES_WITH_ALL size_t compute_count_true(const void *x, size_t n) {
    const truth_value *const truths = x;
    size_t count = 0;
    for (size_t start = 0; start < n; start += UINT8_MAX) {
        const size_t end = n - start < UINT8_MAX ? n : start + UINT8_MAX;
        uint8_t some = 0; /* in parts whose count fits into a byte */
        for (size_t i = start; i < end; i++) some = (uint8_t)(some + truths[i]);
        count += some;
    }
    return count;
}
