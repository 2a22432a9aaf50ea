/* running.c: see running.h. */
#include "core/vectorize.h"

#include "core/running.h"

#include "core/dispatch.h"

#define DEFINE(with, CONSTANT, name, ctype, kind, min, max, width)                                 \
    static void cumulate_##name(void *data, size_t n, bool greatest) {                             \
        ctype *const x = data;                                                                     \
        ctype best = n > 0 ? x[0] : 0;                                                             \
        for (size_t i = 1; greatest && i < n; i++) {                                               \
            const ctype element = x[i];                                                            \
            best = best > element || best != best ? best : element;                                \
            x[i] = best;                                                                           \
        }                                                                                          \
        for (size_t i = 1; !greatest && i < n; i++) {                                              \
            const ctype element = x[i];                                                            \
            best = best < element || best != best ? best : element;                                \
            x[i] = best;                                                                           \
        }                                                                                          \
    }
DYNARRAY_NUMERIC_TABLE(DEFINE, )
#undef DEFINE

void dynarray_cumulate_best(dynarray *a, bool greatest) {
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

CLONES_FOR_MEMORY void dynarray_differences(const dynarray *a, void *results) {
    DISPATCH(a->type, differences, a->data, a->size, results);
}
