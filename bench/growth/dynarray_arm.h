/* An array of the library as ARRAY. The default setup for one array, a shared heap for many. */
#include <dynarray.h>
#include <stdlib.h>

static dynarray_heap heap;
static dynarray_setup setup;

static const dynarray_setup *setup_for(size_t n) {
    if (n > 10) return NULL;
    if (setup.heap == NULL) {
        dynarray_heap_init(&heap, NULL, NULL, DYNARRAY_HEAP_PAGES | DYNARRAY_HEAP_POOL);
        setup.heap = &heap;
    }
    return &setup;
}

#define ARRAY dynarray
#define CREATE(a, n) dynarray_init(&(a), DYNARRAY_INT64, setup_for(n))
#define DESTROY(a) dynarray_free(&(a))
#define SIZE(a) (a).size
#define AT(a, i) dynarray_data_int64(&(a))[i]
