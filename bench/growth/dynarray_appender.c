#include "dynarray_arm.h"

#define BEGIN(a) dynarray_appender_int64 writer = dynarray_appender_begin_int64(&(a))
#define APPEND(a, x)                                                                               \
    if (dynarray_appender_push_int64(&writer, x) != DYNARRAY_OK) abort()
#define END(a) dynarray_appender_end_int64(&writer)
#include "driver.h"
