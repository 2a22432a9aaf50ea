/* load_element.h: reads an element from any address. */
#ifndef LOAD_ELEMENT_H
#define LOAD_ELEMENT_H

#include <string.h>

#include "dynarray.h"

/* load_T: the element at an address, which may be that of a variable of another type. */
#define DEFINE_LOAD(CONSTANT, name, ctype, kind, min, max)                                         \
    static inline ctype load_##name(const void *element) {                                         \
        ctype x;                                                                                   \
        memcpy(&x, element, sizeof x);                                                             \
        return x;                                                                                  \
    }
DYNARRAY_NUMERIC_TYPES(DEFINE_LOAD)
#undef DEFINE_LOAD

#endif
