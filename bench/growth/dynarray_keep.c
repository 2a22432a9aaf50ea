/* The size is reserved, in a block that the heap kept. */
#define KEEP_BYTES ((size_t)128 << 20)
#define RESERVE(a, n)                                                                              \
    if (dynarray_reserve(&(a), n) != DYNARRAY_OK) abort()
#include "dynarray_appender.c"
