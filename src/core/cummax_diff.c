/* cummax_diff.c: see cummax_diff.h. */
#include "core/vectorize.h"

#include "core/cummax_diff.h"

#include "core/dispatch.h"

/*
** The best element so far. It changes seldom in most data. So the elements are looked at in parts, without waiting for
** each other: a part in which none is better is done in one step, and only others are gone through. NaN is better
** than all.
*/
#define PART 64
#define GREATER(x, y) ((x) > (y))
#define LESS(x, y) ((x) < (y))
#define CUMULATE(name, ctype, NAME, IS_BETTER)                                                     \
    static INLINE bool has_##NAME##_##name(const ctype *x, ctype best) {                           \
        unsigned found = 0;                                                                        \
        for (size_t k = 0; k < PART; k++) found |= !(IS_BETTER(best, x[k]) || best == x[k]);       \
        return found != 0;                                                                         \
    }                                                                                              \
    static INLINE void cumulate_##NAME##_##name(ctype *x, size_t n) {                              \
        ctype best = n > 0 ? x[0] : 0;                                                             \
        for (size_t i = 0; i < n;) {                                                               \
            const size_t end = n - i < PART ? n : i + PART;                                        \
            if (end - i == PART && !has_##NAME##_##name(x + i, best)) {                            \
                for (size_t k = 0; k < PART; k++)                                                  \
                    x[i + k] = IS_BETTER(best, x[i + k]) ? best : x[i + k];                        \
                i = end;                                                                           \
                best = x[i - 1];                                                                   \
            }                                                                                      \
            for (; i < end; i++) {                                                                 \
                const ctype element = x[i];                                                        \
                best = IS_BETTER(best, element) || best != best ? best : element;                  \
                x[i] = best;                                                                       \
            }                                                                                      \
        }                                                                                          \
    }
#define DEFINE(with, CONSTANT, name, ctype, kind, min, max, width)                                 \
    CUMULATE(name, ctype, greatest, GREATER)                                                       \
    CUMULATE(name, ctype, least, LESS)                                                             \
    static INLINE void cumulate_##name(void *data, size_t n, bool greatest) {                      \
        if (greatest)                                                                              \
            cumulate_greatest_##name(data, n);                                                     \
        else                                                                                       \
            cumulate_least_##name(data, n);                                                        \
    }
DYNARRAY_NUMERIC_TABLE(DEFINE, )
#undef DEFINE

CLONES_WITH_ALL void dynarray_cumulate_best(dynarray *a, bool greatest) {
    DISPATCH(a->type, cumulate, a->data, a->size, greatest);
}

#define DIFFERENCE_OF_SIGNED(ctype) int64_t
#define DIFFERENCE_OF_UNSIGNED(ctype) int64_t
#define DIFFERENCE_OF_FLOAT(ctype) ctype
#define MINUS_SIGNED(x, y) ((int64_t)((uint64_t)(int64_t)(x) - (uint64_t)(int64_t)(y)))
#define MINUS_UNSIGNED(x, y) ((int64_t)((uint64_t)(x) - (uint64_t)(y)))
#define MINUS_FLOAT(x, y) ((x) - (y))
#define DEFINE(with, CONSTANT, name, ctype, kind, min, max, width)                                 \
    static INLINE void differences_##name(const void *data, size_t n, void *results) {             \
        const ctype *const x = data;                                                               \
        DIFFERENCE_OF_##kind(ctype) *const r = results;                                            \
        EACH_BY_ITSELF                                                                             \
        for (size_t i = 0; i + 1 < n; i++) r[i] = MINUS_##kind(x[i + 1], x[i]);                    \
    }
DYNARRAY_NUMERIC_TABLE(DEFINE, )
#undef DEFINE

CLONES_WITH_ALL void dynarray_differences(const dynarray *a, void *results) {
    DISPATCH(a->type, differences, a->data, a->size, results);
}
