/* element.h: the table of element types, behind dynarray_type_name and its kin. */
#ifndef ELEMENT_H
#define ELEMENT_H

#include <string.h>

#include "dynarray.h"

typedef struct element_info {
    const char *name;
    size_t size; /* bytes; 0 if each array says its own */
} element_info;

extern const element_info element_table[DYNARRAY_TYPE_COUNT];

/* load_T: the element at an address that may be that of a variable of another type. */
#define DEFINE_LOAD(CONSTANT, name, ctype, kind, min, max)                                         \
    static inline ctype load_##name(const void *element) {                                         \
        ctype x;                                                                                   \
        memcpy(&x, element, sizeof x);                                                             \
        return x;                                                                                  \
    }
DYNARRAY_NUMERIC_TYPES(DEFINE_LOAD)
#undef DEFINE_LOAD

#endif
