/*
** rolling.c: see rolling.h.
**
** The array is cut into pieces of k elements. A window is the end of one piece and the beginning of the next, so its
** figure is joined from two. The figures of all ends of a piece are computed first; that of the beginning is continued
** from element to element (van Herk 1992, Gil and Werman 1993). Nothing is ever subtracted from a sum, so no rounding
** error stays in it.
*/
#include "core/rolling.h"

#include <math.h>

#include "core/dispatch.h"
#include "core/memory.h"

#define SUM_OF_SIGNED uint64_t
#define SUM_OF_UNSIGNED uint64_t
#define SUM_OF_FLOAT double
#define TERM_SIGNED(x) ((uint64_t)(int64_t)(x))
#define TERM_UNSIGNED(x) ((uint64_t)(x))
#define TERM_FLOAT(x) ((double)(x))

#define ADD(x, y) ((x) + (y))
#define LEAST_OF(x, y) ((x) < (y) || (x) != (x) ? (x) : (y))
#define GREATEST_OF(x, y) ((x) > (y) || (x) != (x) ? (x) : (y))
#define SAME(x) (x)
#define MEAN(x) ((x) / (double)k)
#define PUT(place, x) (place) = (x)

/* The mean where the sum was too large for a double: of elements that are scaled first. */
#define SMALLER                                                                                    \
    0x1p-64 /* the sum of as many of the largest doubles, each times this, is a double */
#define SCALED_TERM(x) ((x)*SMALLER)
#define SCALED_MEAN(x) ((x) / (double)k / SMALLER)
#define PUT_MISSING(place, x)                                                                      \
    if (!isfinite(place)) (place) = (x)

/* x: elements; `of` is applied to each element, `join` to two results, `made` to the joined result, which `put` writes. */
#define DEFINE_ROLLING(function, name, ctype, joined, of, join, result_type, made, put)            \
    static void function##_##name(const void *data, size_t n, size_t k, void *memory,              \
                                  void *results) {                                                 \
        const ctype *const x = data;                                                               \
        joined *const ends = memory;                                                               \
        result_type *const r = results;                                                            \
        for (size_t start = 0; start + k <= n; start += k) {                                       \
            joined beginning = of(x[start]);                                                       \
            ends[k - 1] = of(x[start + k - 1]);                                                    \
            for (size_t i = k - 1; i-- > 0;) ends[i] = join(of(x[start + i]), ends[i + 1]);        \
            put(r[start], (result_type)made(ends[0]));                                             \
            for (size_t i = 1; i < k && start + i + k <= n; i++) {                                 \
                const joined next = of(x[start + k + i - 1]);                                      \
                beginning = i == 1 ? next : join(beginning, next);                                 \
                put(r[start + i], (result_type)made(join(ends[i], beginning)));                    \
            }                                                                                      \
        }                                                                                          \
    }
#define DEFINE(with, CONSTANT, name, ctype, kind, min, max, width)                                 \
    DEFINE_ROLLING(rolling_sum, name, ctype, SUM_OF_##kind, TERM_##kind, ADD, SUM_OF_##kind, SAME, \
                   PUT)                                                                            \
    DEFINE_ROLLING(rolling_mean, name, ctype, double, TERM_FLOAT, ADD, double, MEAN, PUT)          \
    DEFINE_ROLLING(rolling_min, name, ctype, ctype, SAME, LEAST_OF, ctype, SAME, PUT)              \
    DEFINE_ROLLING(rolling_max, name, ctype, ctype, SAME, GREATEST_OF, ctype, SAME, PUT)
DYNARRAY_NUMERIC_TABLE(DEFINE, )
#undef DEFINE
DEFINE_ROLLING(scaled_mean, float64, double, double, SCALED_TERM, ADD, double, SCALED_MEAN,
               PUT_MISSING)

/* Whether all means are numbers; if not, sums may have been too large, or elements are infinite or NaN. */
static bool are_finite(const double *means, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (!isfinite(means[i])) return false;
    return true;
}

static void roll_means(const dynarray *a, size_t k, void *memory, double *means) {
    DISPATCH(a->type, rolling_mean, a->data, a->size, k, memory, means);
    if (a->type == DYNARRAY_FLOAT64 && !are_finite(means, a->size - k + 1))
        scaled_mean_float64(a->data, a->size, k, memory, means);
}

dynarray_status dynarray_rolling(const dynarray *a, size_t k, dynarray_figure figure,
                                 void *results) {
    dynarray_heap *const heap = a->setup->heap;
    const size_t bytes = k * sizeof(uint64_t);
    void *memory;
    if (k > dynarray_max_capacity(sizeof(uint64_t))) return DYNARRAY_TOO_LARGE;
    memory = heap_allocate(heap, NULL, 0, bytes);
    if (memory == NULL) return DYNARRAY_NO_MEMORY;
    switch (figure) {
    case DYNARRAY_ROLLING_SUM:
        DISPATCH(a->type, rolling_sum, a->data, a->size, k, memory, results);
        break;
    case DYNARRAY_ROLLING_MEAN: roll_means(a, k, memory, results); break;
    case DYNARRAY_ROLLING_MIN:
        DISPATCH(a->type, rolling_min, a->data, a->size, k, memory, results);
        break;
    default: DISPATCH(a->type, rolling_max, a->data, a->size, k, memory, results);
    }
    heap_allocate(heap, memory, bytes, 0);
    return DYNARRAY_OK;
}
