/* unique.c: see unique.h. */
#include "core/unique.h"

#include "core/dispatch.h"

#define DEFINE(with, CONSTANT, name, ctype, kind, min, max, width)                                 \
    static bool differ_##name(ctype x, ctype y) { return x != y && (x == x || y == y); }           \
                                                                                                   \
    static size_t distinct_##name(void *data, size_t n, int64_t *counts) {                         \
        ctype *const x = data;                                                                     \
        size_t k = 0, first = 0;                                                                   \
        for (size_t i = 1; i <= n; i++) {                                                          \
            if (i < n && !differ_##name(x[i], x[first])) continue;                                 \
            if (counts != NULL) {                                                                  \
                x[k] = x[first];                                                                   \
                counts[k] = (int64_t)(i - first);                                                  \
            }                                                                                      \
            first = i;                                                                             \
            k++;                                                                                   \
        }                                                                                          \
        return k;                                                                                  \
    }
DYNARRAY_NUMERIC_TABLE(DEFINE, )
#undef DEFINE

size_t dynarray_distinct(dynarray *a, int64_t *counts) {
    DISPATCH_RETURN(a->type, distinct, a->data, a->size, counts);
}
