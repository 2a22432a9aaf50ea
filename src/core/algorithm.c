/* algorithm.c: see algorithm.h. */
#include "algorithm.h"

#define DEFINE(CONSTANT, name, ctype, kind, min, max)                                              \
    static bool equal_##name(const ctype *a, const ctype *b, size_t n) {                           \
        for (size_t i = 0; i < n; i++)                                                             \
            if (!(a[i] == b[i])) return false;                                                     \
        return true;                                                                               \
    }
DYNARRAY_NUMERIC_TYPES(DEFINE)
#undef DEFINE

bool dynarray_equal(const dynarray *a, const dynarray *b) {
    if (a->type != b->type || a->size != b->size) return false;
    switch (a->type) {
#define ROW(CONSTANT, name, ctype, kind, min, max)                                                 \
    case DYNARRAY_##CONSTANT: return equal_##name(a->data, b->data, a->size);
        DYNARRAY_NUMERIC_TYPES(ROW)
#undef ROW
    default: return false;
    }
}
