/*
** array.c: the array on top of blocks and policies. Each operation checks, computes, allocates and commits, in this
** order. It changes the array only when nothing can fail any more.
*/
#include "core/system/system.h"

#include "core/array.h"

#include <limits.h>
#include <string.h>

#include "core/block.h"
#include "core/element.h"
#include "core/growth.h"
#include "core/system/clock.h"

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
    case DYNARRAY_RANGE_FULL: return "reserved range of the stable block is full";
    }
    return "unknown status";
}

void dynarray_stats_add(dynarray_stats *stats, const dynarray_event *event, size_t element_size) {
    stats->growths++;
    stats->elements_copied += event->bytes_copied / element_size;
    stats->growth_ns += event->ns;
    if (event->how == DYNARRAY_MOVED) stats->moves++;
    if (event->how == DYNARRAY_IN_PLACE) stats->in_place++;
    if (event->peak_bytes > stats->peak_bytes) stats->peak_bytes = event->peak_bytes;
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

size_t dynarray_max_capacity(size_t element_size) { return (size_t)PTRDIFF_MAX / element_size; }

/* Divides only if one of them has more than half of the bits of size_t. */
static bool is_too_large(size_t n, size_t element_size) {
    return (n | element_size) >> (sizeof n * CHAR_BIT / 2 - 1) != 0 &&
           n > dynarray_max_capacity(element_size);
}

dynarray_status array_may_hold(const dynarray *a, size_t n) {
    if (a->fixed) return DYNARRAY_FIXED;
    if (is_too_large(n, a->element_size)) return DYNARRAY_TOO_LARGE;
    if (a->setup->max_size != 0 && n > a->setup->max_size) return DYNARRAY_MAX_SIZE;
    return DYNARRAY_OK;
}

size_t array_clamp(const dynarray *a, size_t capacity, size_t needed) {
    size_t most = dynarray_max_capacity(a->element_size);
    const size_t available = block_available(a) / a->element_size;
    const size_t room = block_room(a) / a->element_size;
    if (a->setup->max_size != 0 && a->setup->max_size < most) most = a->setup->max_size;
    if (available < most) most = available;
    if (room < most) most = room;
    if (capacity > most) capacity = most;
    return capacity > needed ? capacity : needed;
}

dynarray_status array_next_capacity(const dynarray *a, size_t needed, size_t *capacity) {
    const dynarray_growth *growth = a->setup->growth != NULL ? a->setup->growth : &growth_default;
    dynarray_status status = array_may_hold(a, needed);
    if (status != DYNARRAY_OK) return status;
    *capacity = dynarray_growth_next(growth, a->capacity, needed, a->element_size);
    if (*capacity < needed) return DYNARRAY_BAD_POLICY;
    *capacity = array_clamp(a, *capacity, needed);
    return DYNARRAY_OK;
}

dynarray_status dynarray_set_capacity(dynarray *a, size_t capacity, dynarray_event *out) {
    const dynarray_setup *setup = a->setup;
    dynarray_event event = {0};
    dynarray_status status;
    bool timed = capacity > a->capacity && capacity >= DYNARRAY_TIMED_BYTES / a->element_size;
    if (out != NULL) *out = event;
    if (capacity == a->capacity) return DYNARRAY_OK;
    if (capacity < a->size) return DYNARRAY_OUT_OF_BOUNDS;
    status = capacity > a->capacity ? array_may_hold(a, capacity) : DYNARRAY_OK;
    if (status == DYNARRAY_OK && a->fixed) status = DYNARRAY_FIXED;
    if (status != DYNARRAY_OK) return status;

    event.size = a->size;
    event.old_capacity = a->capacity;
    event.new_capacity = capacity;
    if (timed) event.ns = clock_ns();
    status = block_resize(a, capacity, &event);
    if (status != DYNARRAY_OK || capacity < event.old_capacity) return status;
    if (timed) event.ns = clock_ns() - event.ns;
    if (setup->heap != NULL) setup->heap->growths++;
    if (setup->stats != NULL) dynarray_stats_add(setup->stats, &event, a->element_size);
    if (setup->observer != NULL) setup->observer(setup->observer_data, a, &event);
    if (out != NULL) *out = event;
    return DYNARRAY_OK;
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
    a->data = data;
    a->capacity = capacity;
    a->block = DYNARRAY_BLOCK_HEAP;
    return true;
}

dynarray_status dynarray_grow(dynarray *a, size_t needed) {
    size_t capacity;
    dynarray_status status;
    if (needed <= a->capacity || (is_plain(a) && double_plain(a, needed))) return DYNARRAY_OK;
    status = array_next_capacity(a, needed, &capacity);
    return status == DYNARRAY_OK ? dynarray_set_capacity(a, capacity, NULL) : status;
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
    a->size = n;
    return DYNARRAY_OK;
}

dynarray_status dynarray_extend(dynarray *a, const void *elements, size_t n) {
    /* elements of the array itself move with the block */
    const uintptr_t offset = (uintptr_t)elements - (uintptr_t)a->data;
    const bool own = a->data != NULL && offset < a->size * a->element_size;
    dynarray_status status = grow_by(a, n);
    if (status != DYNARRAY_OK || n == 0) return status;
    memcpy(at(a, a->size), own ? (const char *)a->data + offset : elements, n * a->element_size);
    a->size += n;
    return DYNARRAY_OK;
}

dynarray_status dynarray_insert(dynarray *a, size_t position, const void *elements, size_t n) {
    dynarray_status status;
    if (position > a->size) return DYNARRAY_OUT_OF_BOUNDS;
    status = grow_by(a, n);
    if (status != DYNARRAY_OK || n == 0) return status;
    memmove(at(a, position + n), at(a, position), (a->size - position) * a->element_size);
    memcpy(at(a, position), elements, n * a->element_size);
    a->size += n;
    return DYNARRAY_OK;
}

dynarray_status dynarray_remove(dynarray *a, size_t position, size_t n) {
    if (position > a->size || n > a->size - position) return DYNARRAY_OUT_OF_BOUNDS;
    if (n == 0) return DYNARRAY_OK;
    memmove(at(a, position), at(a, position + n), (a->size - position - n) * a->element_size);
    a->size -= n;
    return DYNARRAY_OK;
}
