/*
** block.c: blocks by kind. A block is obtained, resized if its kind can do that, and released. For everything else
** (another kind, a kind that cannot be resized) a new block is obtained, elements are copied, and the old one released.
*/
#include "core/system/system.h"

#include "core/block.h"

#include <string.h>

#include "core/memory.h"
#include "core/open_file.h"
#include "core/system/pages.h"

/*
** A stable block without max_size reserves this much address space, or as much as there is. If address space is
** limited, it reserves less, so that something is left for others.
*/
#define STABLE_SCARCE_BYTES ((size_t)64 << 20)
#define STABLE_BYTES (sizeof(void *) >= 8 ? (size_t)64 << 15 << 15 : STABLE_SCARCE_BYTES)

static const char *const block_names[] = {"none",  "copy",   "stable", "heap", "pool",
                                          "pages", "inline", "lent",   "file"};

const char *dynarray_block_name(dynarray_block block) {
    return (size_t)block < sizeof block_names / sizeof *block_names ? block_names[block] : NULL;
}

/* ---------------------------------------------------------------------------------------------
** Kinds
*/

dynarray_block block_kind(const dynarray *a, size_t bytes, bool grows) {
    const dynarray_heap *heap = a->setup->heap;
    size_t least = SYSTEM_MALLOC_GIVES_BACK ? HEAP_GROWN_BYTES : HEAP_PAGES_BYTES;
    if (bytes == 0) return DYNARRAY_BLOCK_AUTO;
    if (a->setup->block != DYNARRAY_BLOCK_AUTO) return a->setup->block;
    if (bytes <= DYNARRAY_POOL_BYTES && heap != NULL && (heap->flags & DYNARRAY_HEAP_POOL) != 0)
        return DYNARRAY_BLOCK_POOL;
    if (!heap_allows_pages(heap)) return DYNARRAY_BLOCK_HEAP;
    /* a block of pages stays one until it is much smaller: it must not change its kind again and again */
    if (a->block == DYNARRAY_BLOCK_PAGES)
        least = bytes > a->capacity * a->element_size ? 0 : least / 4;
    else if (grows)
        least = HEAP_GROWN_BYTES;
    return bytes > least ? DYNARRAY_BLOCK_PAGES : DYNARRAY_BLOCK_HEAP;
}

/* While there is not enough address space, tries again with half the room. */
static void *obtain_stable(const dynarray *a, size_t bytes) {
    size_t room = STABLE_BYTES;
    void *data;
    if (!heap_allows_pages(a->setup->heap)) return NULL;
    if (a->setup->max_size != 0 && a->setup->max_size <= room / a->element_size)
        room = a->setup->max_size * a->element_size;
    else if (!pages_space_is_free())
        room = STABLE_SCARCE_BYTES;
    while ((data = pages_allocate(bytes, room > bytes ? room : bytes, a->size > 0, 0)) == NULL &&
           room > bytes)
        room /= 2;
    return data;
}

/* An array with elements grows, and will grow again; a new one gets what it asks for. */
static void *obtain(const dynarray *a, dynarray_block kind, size_t bytes, size_t ahead) {
    switch (kind) {
    case DYNARRAY_BLOCK_POOL: return heap_pool_obtain(a->setup->heap, bytes);
    case DYNARRAY_BLOCK_PAGES: return heap_obtain_pages(a->setup->heap, bytes, a->size > 0, ahead);
    case DYNARRAY_BLOCK_STABLE: return obtain_stable(a, bytes);
    default: return heap_obtain(a->setup->heap, bytes);
    }
}

/*
** may_stay: whether the block may be kept for the next array. It may not if it is freed to give memory back, nor if a larger
** block has taken its place: the next array grows as this one did, and will not ask for a block of that size.
*/
static void release(const dynarray *a, dynarray_block kind, void *data, size_t bytes,
                    bool may_stay) {
    switch (kind) {
    case DYNARRAY_BLOCK_AUTO:
    case DYNARRAY_BLOCK_INLINE: break;
    case DYNARRAY_BLOCK_POOL: heap_pool_release(a->setup->heap, data, bytes); break;
    case DYNARRAY_BLOCK_PAGES: heap_release_pages(a->setup->heap, data, bytes, may_stay); break;
    case DYNARRAY_BLOCK_STABLE: pages_free(data); break;
    case DYNARRAY_BLOCK_LENT:
        if (a->setup->release != NULL) a->setup->release(a->setup->release_data, data, bytes);
        break;
    default:
        if (may_stay)
            heap_release(a->setup->heap, data, bytes);
        else
            heap_allocate(a->setup->heap, data, bytes, 0);
        break;
    }
}

/* Whether a block of this kind can be resized. */
static bool resizable(dynarray_block kind, size_t old_bytes, size_t bytes) {
    switch (kind) {
    case DYNARRAY_BLOCK_HEAP:
    case DYNARRAY_BLOCK_PAGES:
    case DYNARRAY_BLOCK_STABLE: return true;
    case DYNARRAY_BLOCK_POOL: return heap_pool_class(bytes) == heap_pool_class(old_bytes);
    default: return false;
    }
}

static void *resize(const dynarray *a, dynarray_block kind, size_t old_bytes, size_t bytes,
                    size_t ahead) {
    switch (kind) {
    case DYNARRAY_BLOCK_HEAP: return heap_allocate(a->setup->heap, a->data, old_bytes, bytes);
    case DYNARRAY_BLOCK_PAGES:
        return heap_resize_pages(a->setup->heap, a->data, old_bytes, bytes, ahead);
    case DYNARRAY_BLOCK_STABLE: return pages_resize(a->data, old_bytes, bytes, false);
    default: return a->data; /* the same size class of the pool */
    }
}

/* For lack of memory for another block: makes this one smaller and keeps its kind; NULL if that cannot be done. */
static void *cut(const dynarray *a, dynarray_block kind, size_t old_bytes, size_t bytes) {
    if (kind == DYNARRAY_BLOCK_COPY)
        return heap_allocate(a->setup->heap, a->data, old_bytes, bytes);
    return resizable(kind, old_bytes, bytes) ? resize(a, kind, old_bytes, bytes, 0) : NULL;
}

/* Obtains a block of that kind; if *resized, the elements are in it. NULL if there is none; nothing has changed. */
static void *attempt(const dynarray *a, dynarray_block kind, size_t old_bytes, size_t bytes,
                     size_t ahead, bool *resized) {
    void *data = NULL;
    *resized = kind == (dynarray_block)a->block && resizable(kind, old_bytes, bytes);
    if (*resized) data = resize(a, kind, old_bytes, bytes, ahead);
    /* if the system cannot move pages, elements are copied */
    if (*resized && (data != NULL || kind != DYNARRAY_BLOCK_PAGES)) return data;
    *resized = false;
    return obtain(a, kind, bytes, ahead);
}

/* How many bytes of the block count as held. Lent memory does not count, unless its owner says so. */
static size_t counted(const dynarray *a, dynarray_block kind, size_t bytes) {
    if (kind == DYNARRAY_BLOCK_LENT) return a->setup->lent_counts ? bytes : 0;
    return kind == DYNARRAY_BLOCK_INLINE ? 0 : bytes;
}

/* Whether its memory counts for a limit of the heap. A file is no memory. */
static bool has_limit(const dynarray *a) {
    const dynarray_heap *heap = a->setup->heap;
    return heap != NULL && heap->limit != 0 && a->block != DYNARRAY_BLOCK_FILE;
}

size_t block_available(const dynarray *a) {
    const size_t bytes = a->capacity * a->element_size;
    if (!has_limit(a)) return SIZE_MAX;
    return heap_available(a->setup->heap, counted(a, (dynarray_block)a->block, bytes));
}

static bool must_stay(const dynarray *a) {
    return a->block == DYNARRAY_BLOCK_STABLE && a->setup->block == DYNARRAY_BLOCK_STABLE;
}

size_t block_room(const dynarray *a) { return must_stay(a) ? pages_room(a->data) : SIZE_MAX; }

static dynarray_status why_refused(dynarray_block kind, bool resized) {
    return resized && kind == DYNARRAY_BLOCK_STABLE ? DYNARRAY_RANGE_FULL : DYNARRAY_NO_MEMORY;
}

static dynarray_how how_resized(dynarray_block kind, bool in_place) {
    if (in_place) return DYNARRAY_IN_PLACE;
    return kind == DYNARRAY_BLOCK_PAGES ? DYNARRAY_MOVED : DYNARRAY_COPIED;
}

dynarray_status block_first(dynarray *a, size_t capacity, dynarray_block kind) {
    const size_t bytes = capacity * a->element_size;
    void *data;
    if (bytes > block_available(a)) return DYNARRAY_LIMIT;
    data = obtain(a, kind, bytes, 0);
    if (data == NULL && kind == DYNARRAY_BLOCK_PAGES)
        data = obtain(a, kind = DYNARRAY_BLOCK_HEAP, bytes, 0);
    if (data == NULL) return DYNARRAY_NO_MEMORY;
    heap_account(a->setup->heap, 0, bytes, bytes);
    a->data = data;
    a->capacity = capacity;
    a->block = (uint8_t)kind;
    return DYNARRAY_OK;
}

/*
** How many bytes of a block get their pages before elements are written: so few that the array and the blocks that it gave
** back to the allocator take at most 64 KiB more than 1.15 times its elements, and that no append waits longer than for a
** huge page.
*/
#define AHEAD_SHARE 8
#define AHEAD_LEFT ((size_t)16 << 10) /* fewer, for what was left to the allocator */
#define AHEAD_LEAST ((size_t)8 << 10)
#define AHEAD_MOST ((size_t)128 << 10)
#define AHEAD_HEAP ((size_t)48 << 10) /* in a block of the allocator */

static size_t pages_ahead(size_t used) {
    const size_t share = used / AHEAD_SHARE;
    if (share < AHEAD_LEFT + AHEAD_LEAST) return AHEAD_LEAST;
    return share < AHEAD_MOST + AHEAD_LEFT ? share - AHEAD_LEFT : AHEAD_MOST;
}

size_t block_ahead(const dynarray *a, dynarray_block kind, size_t needed, size_t capacity) {
    const size_t bytes = capacity * a->element_size, used = needed * a->element_size;
    size_t ahead;
    if (used >= HEAP_PAGES_BYTES) return 0;
    ahead = used + (kind == DYNARRAY_BLOCK_PAGES ? pages_ahead(used) : AHEAD_HEAP);
    return ahead < bytes ? ahead : bytes;
}

size_t block_step(const dynarray *a, size_t needed, size_t capacity) {
    const size_t bytes = capacity * a->element_size;
    size_t ahead;
    if (a->block == DYNARRAY_BLOCK_FILE) return open_file_step(a, needed, capacity);
    if (bytes <= HEAP_GROWN_BYTES || needed * a->element_size >= HEAP_PAGES_BYTES) return capacity;
    if (block_kind(a, bytes, true) != DYNARRAY_BLOCK_PAGES) return capacity;
    ahead = block_ahead(a, DYNARRAY_BLOCK_PAGES, needed, capacity);
    if (a->block == DYNARRAY_BLOCK_PAGES) {
        size_t there = pages_populated(a->data);
        if (pages_idle_bytes(a->data) > there) there = pages_idle_bytes(a->data);
        if (there > ahead) ahead = there;
    }
    return ahead < bytes ? ahead / a->element_size : capacity;
}

dynarray_status block_resize(dynarray *a, size_t capacity, dynarray_block kind, size_t ahead,
                             dynarray_event *event) {
    const size_t old_bytes = a->capacity * a->element_size, bytes = capacity * a->element_size;
    const size_t used = a->size * a->element_size;
    const dynarray_block old_kind = (dynarray_block)a->block;
    const size_t old_counted = counted(a, old_kind, old_bytes);
    bool resized = false;
    void *data = NULL;

    if (old_kind == DYNARRAY_BLOCK_FILE) return open_file_resize(a, capacity, event);
    if (old_kind == DYNARRAY_BLOCK_AUTO) { /* so it becomes larger */
        event->how = DYNARRAY_COPIED;
        event->bytes_copied = 0;
        event->peak_bytes = bytes;
        return block_first(a, capacity, kind);
    }
    if (bytes > old_bytes && has_limit(a) && bytes > block_available(a)) return DYNARRAY_LIMIT;
    if (bytes > 0) {
        data = attempt(a, kind, old_bytes, bytes, ahead, &resized);
        if (data == NULL && kind == DYNARRAY_BLOCK_PAGES)
            data = attempt(a, kind = DYNARRAY_BLOCK_HEAP, old_bytes, bytes, 0, &resized);
        if (data == NULL && bytes < old_bytes) {
            data = cut(a, kind = old_kind, old_bytes, bytes);
            resized = true;
        }
        if (data == NULL) return why_refused(kind, resized);
    }

    event->how = resized ? how_resized(kind, data == a->data) : DYNARRAY_COPIED;
    event->bytes_copied = event->how == DYNARRAY_COPIED ? used : 0;
    event->peak_bytes = bytes + (event->how == DYNARRAY_COPIED ? old_counted : 0);
    heap_account(a->setup->heap, old_counted, bytes, event->peak_bytes);

    if (!resized) {
        if (data != NULL) memcpy(data, a->data, used);
        release(a, old_kind, a->data, old_bytes, false);
    }
    if (ahead > 0 && kind == DYNARRAY_BLOCK_HEAP) heap_expect(a->setup->heap, data, used, ahead);
    a->data = data;
    a->capacity = capacity;
    a->block = (uint8_t)kind;
    return DYNARRAY_OK;
}

void block_free(dynarray *a) {
    const dynarray_block kind = (dynarray_block)a->block;
    const size_t bytes = a->capacity * a->element_size;
    heap_account(a->setup->heap, counted(a, kind, bytes), 0, 0);
    release(a, kind, a->data, bytes, true);
    a->data = NULL;
    a->capacity = 0;
    a->block = DYNARRAY_BLOCK_AUTO;
}

void dynarray_lend(dynarray *a, void *data, size_t n) {
    const size_t bytes = n * a->element_size;
    a->data = data;
    a->size = a->capacity = n;
    a->block = DYNARRAY_BLOCK_LENT;
    a->fixed = 1;
    heap_account(a->setup->heap, 0, counted(a, DYNARRAY_BLOCK_LENT, bytes),
                 counted(a, DYNARRAY_BLOCK_LENT, bytes));
}
