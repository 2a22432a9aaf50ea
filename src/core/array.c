/*
** array.c: the array on top of blocks and policies. Each operation checks, computes, allocates and commits, in this
** order. It changes the array only when nothing can fail any more.
*/
#include "core/system/system.h"

#include "dynarray.h"

#include <string.h>

#include "core/block.h"
#include "core/capacity_plan.h"
#include "core/element.h"
#include "core/memory.h"
#include "core/open_file.h"
#include "core/policies.h"

static const dynarray_setup default_setup = {0};

static char *at(const dynarray *a, size_t i) { return (char *)a->data + i * a->element_size; }

const char *dynarray_strerror(dynarray_status status) {
    switch (status) {
    case DYNARRAY_OK: return "no error";
    case DYNARRAY_NO_MEMORY: return "not enough memory";
    case DYNARRAY_LIMIT: return "memory limit of the heap would be exceeded";
    case DYNARRAY_MAX_SIZE: return "max_size of the array would be exceeded";
    case DYNARRAY_TOO_LARGE: return "more bytes than an object can have";
    case DYNARRAY_BAD_POLICY: return "growth policy returned less than needed";
    case DYNARRAY_OUT_OF_BOUNDS: return "index out of bounds";
    case DYNARRAY_FIXED: return "the block of the array must not change";
    case DYNARRAY_FILE: return "the file of the array failed";
    case DYNARRAY_RANGE_FULL: return "reserved range of the stable block is full";
    }
    return "unknown status";
}

static void init(dynarray *a, dynarray_type type, size_t element_size,
                 const dynarray_setup *setup) {
    static const dynarray zero = {0};
    *a = zero;
    a->setup = setup != NULL ? setup : &default_setup;
    a->element_size = (uint32_t)element_size;
    a->type = (uint8_t)type;
}

void dynarray_init(dynarray *a, dynarray_type type, const dynarray_setup *setup) {
    init(a, type, element_table[type].size, setup);
}

void dynarray_init_opaque(dynarray *a, size_t element_size, const dynarray_setup *setup) {
    init(a, DYNARRAY_OPAQUE, element_size, setup);
}

/* Up to this many bytes, an array without a setup doubles by a plain realloc. */
#define PLAIN_BYTES ((size_t)64 << 10)

/* Whether the array has no setup (heap, policy, bound, observer) and its block is from malloc. */
static bool is_plain(const dynarray *a) {
    return SYSTEM_HAS_MALLOC && a->setup == &default_setup && !a->fixed &&
           (a->block == DYNARRAY_BLOCK_HEAP || a->block == DYNARRAY_BLOCK_AUTO);
}

void dynarray_free(dynarray *a) {
    if (a->block == DYNARRAY_BLOCK_FILE) {
        open_file_close(a, NULL);
        return;
    }
    a->size = 0;
    if (is_plain(a)) {
        system_free(a->data);
        a->data = NULL;
        a->capacity = 0;
        a->block = DYNARRAY_BLOCK_AUTO;
    } else {
        if (a->block == DYNARRAY_BLOCK_LENT) a->fixed = 0;
        block_free(a);
    }
}

dynarray_status dynarray_open(dynarray *a, const char *path, dynarray_type type, dynarray_mode mode,
                              const dynarray_setup *setup, dynarray_failure *why) {
    dynarray_init(a, dynarray_is_numeric(type) ? type : DYNARRAY_FLOAT64, setup);
    return open_file_open(a, path, type, mode, 0, why);
}

dynarray_status dynarray_close(dynarray *a, dynarray_failure *why) {
    if (a->block == DYNARRAY_BLOCK_FILE) return open_file_close(a, why);
    dynarray_free(a);
    return DYNARRAY_OK;
}

dynarray_status dynarray_set_capacity(dynarray *a, size_t capacity, dynarray_event *out) {
    static const dynarray_event none = {0};
    capacity_plan plan;
    dynarray_event event = none;
    dynarray_status status;
    if (out != NULL) *out = none;
    if (capacity == a->capacity) return DYNARRAY_OK;
    status = plan_capacity(a, capacity, &plan);
    if (status == DYNARRAY_OK) status = plan_commit(a, &plan, a->setup->stats, &event);
    if (out != NULL && status == DYNARRAY_OK && capacity > plan.old_capacity) *out = event;
    return status;
}

/*
** The growth of most small arrays: the default policy and realloc. The general way takes twice as long, which
** shows with a hundred elements. If it returns false, it did nothing.
*/
static bool double_plain(dynarray *a, size_t needed) {
    size_t capacity = a->capacity == 0 ? GROWTH_FIRST_BYTES / a->element_size : a->capacity * 2;
    void *data;
    if (capacity < needed || capacity > PLAIN_BYTES / a->element_size) return false;
    data = system_realloc(a->data, capacity * a->element_size);
    if (data == NULL) return false;
    if (capacity * a->element_size > HEAP_EXPECTED_BYTES)
        heap_expect(NULL, data, a->size * a->element_size, capacity * a->element_size);
    a->data = data;
    a->capacity = capacity;
    a->block = DYNARRAY_BLOCK_HEAP;
    return true;
}

dynarray_status dynarray_grow(dynarray *a, size_t needed) {
    capacity_plan plan;
    dynarray_status status;
    if (needed <= a->capacity || (is_plain(a) && double_plain(a, needed))) return DYNARRAY_OK;
    status = plan_growth(a, needed, &plan);
    if (status != DYNARRAY_OK) return status;
    do status = plan_commit(a, &plan, a->setup->stats, NULL);
    while (plan_lacks_room(a, status) && plan_less(a, needed, &plan));
    return status;
}

dynarray_status dynarray_reserve(dynarray *a, size_t n) {
    return n <= a->capacity ? DYNARRAY_OK : dynarray_set_capacity(a, n, NULL);
}

dynarray_status dynarray_shrink(dynarray *a) { return dynarray_set_capacity(a, a->size, NULL); }

/* Makes room for n more elements. */
static dynarray_status grow_by(dynarray *a, size_t n) {
    if (n <= a->capacity - a->size) return DYNARRAY_OK;
    if (n > SIZE_MAX - a->size) return DYNARRAY_TOO_LARGE;
    return dynarray_grow(a, a->size + n);
}

static bool all_zero(const unsigned char *bytes, size_t n) {
    while (n > 0 && *bytes == 0) bytes++, n--;
    return n == 0;
}

/* Copies the element once, then what is filled already, twice as much each time up to a size in the cache. */
static void fill_block(char *block, size_t bytes, const void *fill, size_t element_size) {
    const size_t most = (size_t)16 << 10;
    size_t done = element_size;
    if (fill == NULL || all_zero(fill, element_size)) {
        memset(block, 0, bytes);
        return;
    }
    memcpy(block, fill, element_size);
    while (done < bytes) {
        size_t n = done < most ? done : most / element_size * element_size;
        if (n == 0) n = element_size;
        if (n > bytes - done) n = bytes - done;
        memcpy(block + done, block, n);
        done += n;
    }
}

dynarray_status dynarray_resize(dynarray *a, size_t n, const void *fill) {
    dynarray_status status = dynarray_reserve(a, n);
    if (status != DYNARRAY_OK) return status;
    if (n > a->size)
        fill_block(at(a, a->size), (n - a->size) * a->element_size, fill, a->element_size);
    array_set_size(a, n);
    return DYNARRAY_OK;
}

dynarray_status dynarray_extend(dynarray *a, const void *elements, size_t n) {
    /* elements of the array itself move with the block */
    const uintptr_t offset = (uintptr_t)elements - (uintptr_t)a->data;
    const bool own = a->data != NULL && offset < a->size * a->element_size;
    dynarray_status status = grow_by(a, n);
    if (status != DYNARRAY_OK || n == 0) return status;
    memcpy(at(a, a->size), own ? (const char *)a->data + offset : elements, n * a->element_size);
    array_set_size(a, a->size + n);
    return DYNARRAY_OK;
}

dynarray_status dynarray_insert(dynarray *a, size_t position, const void *elements, size_t n) {
    dynarray_status status;
    if (position > a->size) return DYNARRAY_OUT_OF_BOUNDS;
    status = grow_by(a, n);
    if (status != DYNARRAY_OK || n == 0) return status;
    memmove(at(a, position + n), at(a, position), (a->size - position) * a->element_size);
    memcpy(at(a, position), elements, n * a->element_size);
    array_set_size(a, a->size + n);
    return DYNARRAY_OK;
}

dynarray_status dynarray_remove(dynarray *a, size_t position, size_t n) {
    if (position > a->size || n > a->size - position) return DYNARRAY_OUT_OF_BOUNDS;
    if (n == 0) return DYNARRAY_OK;
    memmove(at(a, position), at(a, position + n), (a->size - position - n) * a->element_size);
    array_set_size(a, a->size - n);
    return DYNARRAY_OK;
}
