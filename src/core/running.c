/* running.c: see running.h. */
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
