#define KEEP_BYTES ((size_t)128 << 20)
#include "dynarray_appender.c"
