/*
** An array of the library as ARRAY. The default setup for one array, a shared heap for many, and for those
** that keep freed blocks: KEEP_BYTES.
*/
#include <dynarray.h>
#include <stdlib.h>

#ifndef KEEP_BYTES
#define KEEP_BYTES 0
#endif
#ifndef RESERVE
#define RESERVE(a, n) ((void)0)
#endif

static dynarray_heap heap;
static dynarray_setup setup;

static const dynarray_setup *setup_for(size_t n) {
    if (n > 10 && KEEP_BYTES == 0) return NULL;
    if (setup.heap == NULL) {
        dynarray_heap_init(&heap, NULL, NULL, DYNARRAY_HEAP_PAGES | DYNARRAY_HEAP_POOL);
        heap.keep = KEEP_BYTES;
        setup.heap = &heap;
    }
    return &setup;
}

#define ARRAY dynarray
#define CREATE(a, n)                                                                               \
    dynarray_init(&(a), DYNARRAY_INT64, setup_for(n));                                             \
    RESERVE(a, n)
#define DESTROY(a) dynarray_free(&(a))
#define SIZE(a) (a).size
#define AT(a, i) dynarray_data_int64(&(a))[i]
