/*
** algorithm.c: see algorithm.h.
**
** CLONES compiles a function for several instruction sets and picks one when the library is loaded.
** A function with that mark switches over the element types itself, with all the work inlined: one
** choice for each operation, not for each type.
*/
#include "algorithm.h"

#include <string.h>

#include "vectorize.h"

#define SAME_SIZE(a, i) ((char *)(a)->data + (i) * (a)->element_size)

#define DEFINE(CONSTANT, name, ctype, kind, min, max)                                              \
    static INLINE bool equal_##name(const ctype *a, const ctype *b, size_t n) {                    \
        bool differs = false;                                                                      \
        for (; n >= EQUAL_BLOCK && !differs; n -= EQUAL_BLOCK, a += EQUAL_BLOCK, b += EQUAL_BLOCK) \
            for (size_t i = 0; i < EQUAL_BLOCK; i++) differs |= !(a[i] == b[i]);                   \
        for (size_t i = 0; i < n && !differs; i++) differs = !(a[i] == b[i]);                      \
        return !differs;                                                                           \
    }
