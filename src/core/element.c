/* element.c: see element.h. */
#include "core/element.h"

#include <string.h>

#define IS_FLOAT_SIGNED false
#define IS_FLOAT_UNSIGNED false
#define IS_FLOAT_FLOAT true

const element_info element_table[DYNARRAY_TYPE_COUNT] = {
#define ROW(CONSTANT, name, ctype, kind, min, max) {#name, sizeof(ctype), IS_FLOAT_##kind},
    DYNARRAY_NUMERIC_TYPES(ROW)
#undef ROW
        {"value", sizeof(uint64_t), false},
    {"opaque", 0, false},
};

const char *dynarray_type_name(dynarray_type type) {
    return (unsigned)type < DYNARRAY_TYPE_COUNT ? element_table[type].name : NULL;
}

size_t dynarray_type_size(dynarray_type type) {
    return (unsigned)type < DYNARRAY_TYPE_COUNT ? element_table[type].size : 0;
}

bool dynarray_is_float(dynarray_type type) {
    return (unsigned)type < DYNARRAY_TYPE_COUNT && element_table[type].is_float;
}

dynarray_type dynarray_type_from_name(const char *name) {
    unsigned type = 0;
    /* comparing the first letters avoids most calls: every new array begins here */
    while (type < DYNARRAY_TYPE_COUNT &&
           (*element_table[type].name != *name || strcmp(element_table[type].name, name) != 0))
        type++;
    return (dynarray_type)type;
}
