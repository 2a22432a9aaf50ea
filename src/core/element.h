/* element.h: the table of element types, behind dynarray_type_name and its kin. */
#ifndef ELEMENT_H
#define ELEMENT_H

#include "dynarray.h"

typedef struct element_info {
    const char *name;
    size_t size; /* in bytes; 0 if each array has its own */
    bool is_float;
} element_info;

extern const element_info element_table[DYNARRAY_TYPE_COUNT];

#endif
