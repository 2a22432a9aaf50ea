/* arena.c: arrays where there is no operating system: all memory is one static arena. See amalgamation_spec.lua. */
#include <stdio.h>
#include <string.h>

#include "dynarray.h"

#define CHECK(condition)                                                                           \
    if (!(condition)) return printf("arena.c:%d: %s\n", __LINE__, #condition), 1

typedef struct arena {
    union {
        char bytes[1 << 16];
        uint64_t aligned;
    } memory;
    size_t used;
} arena;

/* Gives back the block at the end alone, as the simplest allocators do. */
static void *allocate(void *data, void *block, size_t old_bytes, size_t bytes) {
    arena *m = (arena *)data;
    const size_t rounded = (bytes + 7) / 8 * 8;
    char *result = m->memory.bytes + m->used;
    if (block != NULL && (char *)block + (old_bytes + 7) / 8 * 8 == result) {
        m->used -= (old_bytes + 7) / 8 * 8;
        result = (char *)block;
    }
    if (bytes == 0) return NULL;
    if (rounded > sizeof m->memory.bytes - m->used) {
        if (result == block) m->used += (old_bytes + 7) / 8 * 8;
        return NULL;
    }
    m->used += rounded;
    if (block != NULL && result != block)
        memcpy(result, block, old_bytes < bytes ? old_bytes : bytes);
    return result;
}

int main(void) {
    static arena memory;
    static dynarray_setup setup;
    static dynarray_stats stats;
    dynarray_heap heap;
    dynarray a, without;
    const float more[3] = {1, 2, 3};
    dynarray_heap_init(&heap, allocate, &memory, DYNARRAY_HEAP_PAGES);
    setup.heap = &heap;
    setup.stats = &stats;
    dynarray_init(&a, DYNARRAY_FLOAT32, &setup);
    for (int i = 0; i < 1000; i++) CHECK(dynarray_append_float32(&a, (float)i) == DYNARRAY_OK);
    CHECK(dynarray_insert(&a, 500, more, 3) == DYNARRAY_OK);
    CHECK(dynarray_remove(&a, 0, 500) == DYNARRAY_OK);
    CHECK(dynarray_data_float32(&a)[0] == 1 && dynarray_data_float32(&a)[3] == 500);
    CHECK(a.size == 503 && stats.growths == 7 && stats.growth_ns == 0);
    CHECK(dynarray_reserve(&a, 20000) == DYNARRAY_NO_MEMORY && a.size == 503);
    CHECK(dynarray_data_float32(&a)[502] == 999);
    dynarray_free(&a);
    CHECK(heap.held == 0 && memory.used == 0);

    dynarray_init(&without, DYNARRAY_FLOAT32, NULL);
    CHECK(dynarray_append_float32(&without, 1) == DYNARRAY_NO_MEMORY && without.size == 0);
    dynarray_free(&without);
    return 0;
}
