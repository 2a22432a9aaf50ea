/*
** block.c: blocks by kind. A kind is obtained, perhaps resized as it is, and released; everything
** else (another kind, a kind that cannot be resized) is obtain, copy, release.
*/
#include "core/system/system.h"

#include "core/block.h"

#include <string.h>

#include "core/system/pages.h"

/*
** Larger blocks come from pages. Below, the allocator's memory is warm more often than not, and a
** huge page for less than half its size would cost its fault (290 us) and its memory for nothing.
*/
#define PAGES_BYTES ((size_t)2 << 20)

/* A freed block of the allocator's may stay up to this size; beyond, what malloc does matters little. */
#define SPARE_BYTES ((size_t)64 << 10)

/*
** A stable block without max_size reserves this much address space, or what can be had; less where it is
** limited, so that something is left for others.
*/
#define STABLE_SCARCE_BYTES ((size_t)64 << 20)
#define STABLE_BYTES (sizeof(void *) >= 8 ? (size_t)64 << 15 << 15 : STABLE_SCARCE_BYTES)

static const char *const block_names[] = {"none", "copy",  "stable", "heap",
                                          "pool", "pages", "inline", "lent"};

const char *dynarray_block_name(dynarray_block block) {
    return (size_t)block < sizeof block_names / sizeof *block_names ? block_names[block] : NULL;
}

/* ---------------------------------------------------------------------------------------------
** Heaps
*/

static void *call_allocator(dynarray_heap *heap, void *ptr, size_t old_bytes, size_t bytes) {
    if (heap != NULL && heap->alloc != NULL)
        return heap->alloc(heap->alloc_data, ptr, old_bytes, bytes);
    if (bytes > 0) return system_realloc(ptr, bytes);
    system_free(ptr);
    return NULL;
}

/* The freed block that stayed, which then does no more. */
static void *take_spare(dynarray_heap *heap) {
    void *data = heap->spare.data;
    system_unpoison(data, heap->spare.bytes);
    heap->spare.data = NULL;
    heap->spare.bytes = 0;
    return data;
}

static void drop_spare(dynarray_heap *heap) {
    const size_t bytes = heap->spare.bytes;
    if (bytes > 0) call_allocator(heap, take_spare(heap), bytes, 0);
}

void *block_allocate(dynarray_heap *heap, void *ptr, size_t old_bytes, size_t bytes) {
    void *data = call_allocator(heap, ptr, old_bytes, bytes);
    if (data != NULL || bytes == 0 || heap == NULL || heap->spare.bytes == 0) return data;
    drop_spare(heap);
    return call_allocator(heap, ptr, old_bytes, bytes);
}

void dynarray_heap_init(dynarray_heap *heap, dynarray_alloc alloc, void *alloc_data,
                        unsigned flags) {
    static const dynarray_heap zero = {0};
    *heap = zero;
    heap->alloc = alloc;
    heap->alloc_data = alloc_data;
    heap->flags = flags;
}

static bool pages_allowed(const dynarray_heap *heap) {
    return heap == NULL || (heap->flags & DYNARRAY_HEAP_PAGES) != 0;
}

/* ---------------------------------------------------------------------------------------------
** Pool: blocks without headers in size classes, cut from chunks, reused through free lists
*/

typedef struct chunk {
    struct chunk *next;
    size_t bytes;
    bool pages;
    char pad[32 - 2 * sizeof(void *) - sizeof(bool)]; /* blocks stay aligned */
} chunk;

#define CHUNK_FIRST ((size_t)8 << 10)
#define CHUNK_LAST ((size_t)4 << 20)

static size_t pool_class(size_t bytes) { return (bytes - 1) / DYNARRAY_POOL_STEP; }

static bool pool_refill(dynarray_heap *heap) {
    size_t bytes = heap->pool.chunk_bytes == 0 ? CHUNK_FIRST : heap->pool.chunk_bytes;
    chunk *c = NULL;
    bool pages = false;
    if (heap->pool.chunks != NULL && bytes < CHUNK_LAST) bytes *= 2;
    if (pages_allowed(heap) && bytes > PAGES_BYTES)
        pages = (c = pages_allocate(bytes, bytes, false)) != NULL;
    if (c == NULL) c = block_allocate(heap, NULL, 0, bytes);
    while (c == NULL && bytes > CHUNK_FIRST) c = block_allocate(heap, NULL, 0, bytes /= 2);
    if (c == NULL) return false;
    heap->pool.chunk_bytes = bytes;
    c->bytes = bytes;
    c->pages = pages;
    c->next = heap->pool.chunks;
    heap->pool.chunks = c;
    heap->pool.next = (char *)(c + 1);
    heap->pool.end = (char *)c + c->bytes;
    return true;
}

static void *pool_obtain(dynarray_heap *heap, size_t bytes) {
    size_t class = pool_class(bytes);
    void *block = heap->pool.free[class];
    if (block != NULL) {
        memcpy(&heap->pool.free[class], block, sizeof(void *));
        return block;
    }
    bytes = (class + 1) * DYNARRAY_POOL_STEP;
    if ((size_t)(heap->pool.end - heap->pool.next) < bytes && !pool_refill(heap)) return NULL;
    block = heap->pool.next;
    heap->pool.next += bytes;
    return block;
}

static void pool_release(dynarray_heap *heap, void *block, size_t bytes) {
    size_t class = pool_class(bytes);
    memcpy(block, &heap->pool.free[class], sizeof(void *));
    heap->pool.free[class] = block;
}

void dynarray_heap_close(dynarray_heap *heap) {
    chunk *c = heap->pool.chunks;
    dynarray_heap_trim(heap);
    while (c != NULL) {
        chunk *next = c->next;
        if (c->pages)
            pages_free(c);
        else
            block_allocate(heap, c, c->bytes, 0);
        c = next;
    }
    dynarray_heap_init(heap, heap->alloc, heap->alloc_data, heap->flags);
}

/* ---------------------------------------------------------------------------------------------
** Freed blocks that stay for the next one: the allocator's last (spare), the last of pages (kept)
*/

static void drop_kept(dynarray_heap *heap) {
    if (heap->kept.data != NULL) pages_free(heap->kept.data);
    heap->kept.data = NULL;
    heap->kept.bytes = 0;
}

void dynarray_heap_trim(dynarray_heap *heap) {
    drop_kept(heap);
    drop_spare(heap);
}

void block_trim(dynarray_heap *heap) {
    const size_t most_kept = heap->keep < PAGES_BYTES ? 0 : heap->keep;
    size_t idle = heap->kept.bytes + heap->spare.bytes;
    if (idle == 0) return;
    if (heap->spare.bytes > heap->keep) drop_spare(heap);
    if (heap->kept.bytes > most_kept) drop_kept(heap);
    idle = heap->kept.bytes + heap->spare.bytes;
    if (heap->limit == 0) return;
    if (heap->held > heap->limit || idle > heap->limit - heap->held) dynarray_heap_trim(heap);
}

/* Programs that make one array after another make many of the same size. */
static void *obtain_spare(dynarray_heap *heap, size_t bytes) {
    if (heap != NULL && heap->spare.bytes == bytes) return take_spare(heap);
    return block_allocate(heap, NULL, 0, bytes);
}

static void release_spare(dynarray_heap *heap, void *data, size_t bytes) {
    if (heap == NULL || bytes > heap->keep || bytes > SPARE_BYTES) {
        block_allocate(heap, data, bytes, 0);
        return;
    }
    drop_spare(heap);
    system_poison(data, bytes);
    heap->spare.data = data;
    heap->spare.bytes = bytes;
    block_trim(heap);
}

/* An array with elements grows, and will again; one without is made for what it asks for. */
static void *obtain_pages(const dynarray *a, size_t bytes) {
    dynarray_heap *heap = a->setup->heap;
    if (heap != NULL && heap->kept.data != NULL) {
        void *data = pages_resize(heap->kept.data, heap->kept.bytes, bytes, true);
        if (data == NULL) {
            drop_kept(heap);
        } else {
            heap->kept.data = NULL;
            heap->kept.bytes = 0;
            return data;
        }
    }
    return pages_allocate(bytes, 0, a->size > 0);
}

static void release_pages(dynarray_heap *heap, void *data, size_t bytes) {
    if (heap == NULL || heap->keep < PAGES_BYTES || !pages_space_is_free()) {
        pages_free(data);
        return;
    }
    drop_kept(heap);
    heap->kept.data = data;
    heap->kept.bytes = bytes < heap->keep ? bytes : heap->keep;
    pages_resize(data, bytes, heap->kept.bytes, false);
    pages_idle(data, heap->kept.bytes);
    block_trim(heap);
}

/* ---------------------------------------------------------------------------------------------
** Kinds
*/

static dynarray_block wanted_kind(const dynarray *a, size_t bytes) {
    const dynarray_heap *heap = a->setup->heap;
    if (bytes == 0) return DYNARRAY_BLOCK_AUTO;
    if (a->setup->block != DYNARRAY_BLOCK_AUTO) return a->setup->block;
    if (bytes <= DYNARRAY_POOL_BYTES && heap != NULL && (heap->flags & DYNARRAY_HEAP_POOL) != 0)
        return DYNARRAY_BLOCK_POOL;
    /* a block of pages that shrinks stays one a little longer, lest it go to and fro */
    if (pages_allowed(heap) &&
        bytes > (a->block == DYNARRAY_BLOCK_PAGES ? PAGES_BYTES / 4 : PAGES_BYTES))
        return DYNARRAY_BLOCK_PAGES;
    return DYNARRAY_BLOCK_HEAP;
}

/* Half as much room as long as that much address space cannot be had. */
static void *obtain_stable(const dynarray *a, size_t bytes) {
    size_t room = STABLE_BYTES;
    void *data;
    if (!pages_allowed(a->setup->heap)) return NULL;
    if (a->setup->max_size != 0 && a->setup->max_size <= room / a->element_size)
        room = a->setup->max_size * a->element_size;
    else if (!pages_space_is_free())
        room = STABLE_SCARCE_BYTES;
    while ((data = pages_allocate(bytes, room > bytes ? room : bytes, a->size > 0)) == NULL &&
           room > bytes)
        room /= 2;
    return data;
}

static void *obtain(const dynarray *a, dynarray_block kind, size_t bytes) {
    switch (kind) {
    case DYNARRAY_BLOCK_POOL: return pool_obtain(a->setup->heap, bytes);
    case DYNARRAY_BLOCK_PAGES: return obtain_pages(a, bytes);
    case DYNARRAY_BLOCK_STABLE: return obtain_stable(a, bytes);
    default: return obtain_spare(a->setup->heap, bytes);
    }
}

static void release(const dynarray *a, dynarray_block kind, void *data, size_t bytes) {
    switch (kind) {
    case DYNARRAY_BLOCK_AUTO:
    case DYNARRAY_BLOCK_INLINE: break;
    case DYNARRAY_BLOCK_POOL: pool_release(a->setup->heap, data, bytes); break;
    case DYNARRAY_BLOCK_PAGES: release_pages(a->setup->heap, data, bytes); break;
    case DYNARRAY_BLOCK_STABLE: pages_free(data); break;
    case DYNARRAY_BLOCK_LENT:
        if (a->setup->release != NULL) a->setup->release(a->setup->release_data, data, bytes);
        break;
    default: release_spare(a->setup->heap, data, bytes); break;
    }
}

/* Whether a block of this kind can become another size as what it is. */
static bool resizable(dynarray_block kind, size_t old_bytes, size_t bytes) {
    switch (kind) {
    case DYNARRAY_BLOCK_HEAP:
    case DYNARRAY_BLOCK_PAGES:
    case DYNARRAY_BLOCK_STABLE: return true;
    case DYNARRAY_BLOCK_POOL: return pool_class(bytes) == pool_class(old_bytes);
    default: return false;
    }
}

static void *resize(const dynarray *a, dynarray_block kind, size_t old_bytes, size_t bytes) {
    switch (kind) {
    case DYNARRAY_BLOCK_HEAP: return block_allocate(a->setup->heap, a->data, old_bytes, bytes);
    case DYNARRAY_BLOCK_PAGES: return pages_resize(a->data, old_bytes, bytes, true);
    case DYNARRAY_BLOCK_STABLE: return pages_resize(a->data, old_bytes, bytes, false);
    default: return a->data; /* the same size class of the pool */
    }
}

/* The block made smaller as what it is, when there is no memory for another; NULL if it cannot be. */
static void *cut(const dynarray *a, dynarray_block kind, size_t old_bytes, size_t bytes) {
    if (kind == DYNARRAY_BLOCK_COPY)
        return block_allocate(a->setup->heap, a->data, old_bytes, bytes);
    return resizable(kind, old_bytes, bytes) ? resize(a, kind, old_bytes, bytes) : NULL;
}

/* A block of that kind, with the elements in it if *resized; NULL, and nothing changed, if none. */
static void *attempt(const dynarray *a, dynarray_block kind, size_t old_bytes, size_t bytes,
                     bool *resized) {
    *resized = kind == (dynarray_block)a->block && resizable(kind, old_bytes, bytes);
    return *resized ? resize(a, kind, old_bytes, bytes) : obtain(a, kind, bytes);
}

/* Bytes of the block that count as held: what others lend is theirs, unless they say otherwise. */
static size_t counted(const dynarray *a, dynarray_block kind, size_t bytes) {
    if (kind == DYNARRAY_BLOCK_LENT) return a->setup->lent_counts ? bytes : 0;
    return kind == DYNARRAY_BLOCK_INLINE ? 0 : bytes;
}

size_t block_available(const dynarray *a) {
    const dynarray_heap *heap = a->setup->heap;
    size_t others;
    if (heap == NULL || heap->limit == 0) return SIZE_MAX;
    others = heap->held - counted(a, (dynarray_block)a->block, a->capacity * a->element_size);
    return heap->limit > others ? heap->limit - others : 0;
}

size_t block_room(const dynarray *a) {
    const bool stays =
        a->block == DYNARRAY_BLOCK_STABLE && a->setup->block == DYNARRAY_BLOCK_STABLE;
    return stays ? pages_room(a->data) : SIZE_MAX;
}

static void account(dynarray_heap *heap, size_t old_bytes, size_t bytes, size_t peak_bytes) {
    if (heap == NULL) return;
    heap->held -= old_bytes;
    if (heap->held + peak_bytes > heap->peak) heap->peak = heap->held + peak_bytes;
    heap->held += bytes;
    block_trim(heap);
}

static dynarray_how how_resized(dynarray_block kind, bool in_place) {
    if (in_place) return DYNARRAY_IN_PLACE;
    return kind == DYNARRAY_BLOCK_PAGES ? DYNARRAY_MOVED : DYNARRAY_COPIED;
}

dynarray_status block_first(dynarray *a, size_t capacity) {
    const size_t bytes = capacity * a->element_size;
    dynarray_block kind = wanted_kind(a, bytes);
    void *data;
    if (bytes > block_available(a)) return DYNARRAY_LIMIT;
    data = obtain(a, kind, bytes);
    if (data == NULL && kind == DYNARRAY_BLOCK_PAGES)
        data = obtain(a, kind = DYNARRAY_BLOCK_HEAP, bytes);
    if (data == NULL) return DYNARRAY_NO_MEMORY;
    account(a->setup->heap, 0, bytes, bytes);
    a->data = data;
    a->capacity = capacity;
    a->block = (uint8_t)kind;
    return DYNARRAY_OK;
}

dynarray_status block_resize(dynarray *a, size_t capacity, dynarray_event *event) {
    const size_t old_bytes = a->capacity * a->element_size, bytes = capacity * a->element_size;
    const size_t used = a->size * a->element_size;
    const dynarray_block old_kind = (dynarray_block)a->block;
    const size_t old_counted = counted(a, old_kind, old_bytes);
    dynarray_block kind = wanted_kind(a, bytes);
    bool resized = false;
    void *data = NULL;

    if (old_kind == DYNARRAY_BLOCK_AUTO && bytes > 0) {
        event->how = DYNARRAY_COPIED;
        event->bytes_copied = 0;
        event->peak_bytes = bytes;
        return block_first(a, capacity);
    }
    if (bytes > old_bytes && bytes > block_available(a)) return DYNARRAY_LIMIT;
    if (bytes > 0) {
        data = attempt(a, kind, old_bytes, bytes, &resized);
        if (data == NULL && kind == DYNARRAY_BLOCK_PAGES)
            data = attempt(a, kind = DYNARRAY_BLOCK_HEAP, old_bytes, bytes, &resized);
        if (data == NULL && bytes < old_bytes) {
            data = cut(a, kind = old_kind, old_bytes, bytes);
            resized = true;
        }
        if (data == NULL)
            return resized && kind == DYNARRAY_BLOCK_STABLE ? DYNARRAY_RANGE_FULL
                                                            : DYNARRAY_NO_MEMORY;
    }

    event->how = resized ? how_resized(kind, data == a->data) : DYNARRAY_COPIED;
    event->bytes_copied = event->how == DYNARRAY_COPIED ? used : 0;
    event->peak_bytes = bytes + (event->how == DYNARRAY_COPIED ? old_counted : 0);
    account(a->setup->heap, old_counted, bytes, event->peak_bytes);

    if (!resized) {
        if (used > 0 && data != NULL) memcpy(data, a->data, used);
        release(a, old_kind, a->data, old_bytes);
    }
    a->data = data;
    a->capacity = capacity;
    a->block = (uint8_t)kind;
    return DYNARRAY_OK;
}

void block_free(dynarray *a) {
    const dynarray_block kind = (dynarray_block)a->block;
    const size_t bytes = a->capacity * a->element_size;
    account(a->setup->heap, counted(a, kind, bytes), 0, 0);
    release(a, kind, a->data, bytes);
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
    account(a->setup->heap, 0, counted(a, DYNARRAY_BLOCK_LENT, bytes),
            counted(a, DYNARRAY_BLOCK_LENT, bytes));
}
