#include "dynarray_arm.h"

#define APPEND(a, x)                                                                               \
    if (dynarray_append_int64(&(a), x) != DYNARRAY_OK) abort()
#include "driver.h"
