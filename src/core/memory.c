/*
** memory.c: where blocks come from and go to: the allocator, pages, the pool of small blocks, and freed blocks that are
** kept for the next array. Counts what all of them hold, and enforces the limit.
*/
#include "core/system/system.h"

#include "core/memory.h"

#include <string.h>

#include "core/system/pages.h"

/* The largest freed block of the allocator that is kept: for larger ones, the time of malloc matters little. */
#define SPARE_BYTES ((size_t)64 << 10)

/*
** This many bytes of the last region of pages are kept for the next array without a heap. Programs most often append
** 1e6 doubles or less, again and again, and this is the capacity that doubling gives them.
*/
#define SHARED_KEEP_BYTES ((size_t)16 << 20)

/* ---------------------------------------------------------------------------------------------
** The allocator
*/

static void *call_allocator(dynarray_heap *heap, void *ptr, size_t old_bytes, size_t bytes) {
    if (heap != NULL && heap->alloc != NULL)
        return heap->alloc(heap->alloc_data, ptr, old_bytes, bytes);
    if (bytes > 0) return system_realloc(ptr, bytes);
    system_free(ptr);
    return NULL;
}

/* Gives back the freed block that was kept. */
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

void *heap_allocate(dynarray_heap *heap, void *ptr, size_t old_bytes, size_t bytes) {
    void *data = call_allocator(heap, ptr, old_bytes, bytes);
    if (data != NULL || bytes == 0 || (heap != NULL && heap_idle(heap) == 0)) return data;
    dynarray_heap_trim(heap);
    return call_allocator(heap, ptr, old_bytes, bytes);
}

void heap_expect(const dynarray_heap *heap, void *data, size_t used, size_t ahead) {
    if (ahead <= HEAP_GROWN_BYTES && heap_allows_pages(heap))
        pages_expect((char *)data + used, ahead - used);
}

void dynarray_heap_init(dynarray_heap *heap, dynarray_alloc alloc, void *alloc_data,
                        unsigned flags) {
    static const dynarray_heap zero = {0};
    *heap = zero;
    heap->alloc = alloc;
    heap->alloc_data = alloc_data;
    heap->flags = flags;
}

/* ---------------------------------------------------------------------------------------------
** Pool: blocks without headers in size classes, cut from chunks and reused by lists of free blocks
*/

typedef struct chunk {
    struct chunk *next;
    size_t bytes;
    bool pages;
    char pad[32 - 2 * sizeof(void *) - sizeof(bool)]; /* so that blocks are aligned */
} chunk;

#define CHUNK_FIRST ((size_t)8 << 10)
#define CHUNK_LAST ((size_t)4 << 20)

size_t heap_pool_class(size_t bytes) { return (bytes - 1) / DYNARRAY_POOL_STEP; }

static bool pool_refill(dynarray_heap *heap) {
    size_t bytes = heap->pool.chunk_bytes == 0 ? CHUNK_FIRST : heap->pool.chunk_bytes;
    chunk *c = NULL;
    bool pages = false;
    if (heap->pool.chunks != NULL && bytes < CHUNK_LAST) bytes *= 2;
    if (heap_allows_pages(heap) && bytes > HEAP_PAGES_BYTES)
        pages = (c = pages_allocate(bytes, bytes, false, 0)) != NULL;
    if (c == NULL) c = heap_allocate(heap, NULL, 0, bytes);
    while (c == NULL && bytes > CHUNK_FIRST) c = heap_allocate(heap, NULL, 0, bytes /= 2);
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

void *heap_pool_obtain(dynarray_heap *heap, size_t bytes) {
    size_t class = heap_pool_class(bytes);
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

void heap_pool_release(dynarray_heap *heap, void *block, size_t bytes) {
    size_t class = heap_pool_class(bytes);
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
            heap_allocate(heap, c, c->bytes, 0);
        c = next;
    }
    dynarray_heap_init(heap, heap->alloc, heap->alloc_data, heap->flags);
}

/* ---------------------------------------------------------------------------------------------
** Freed blocks that are kept for the next arrays: the last one of the allocator (spare), and of pages (kept) as many as
** `keep` allows, since the collector frees many at once. A growing array that takes a kept block has the pages past its
** capacity on loan: it is likely to need them, and need not wait for new ones. Only one array at a time has a loan, so
** idle pages stay within `keep`.
*/

/* Not more regions are kept, so that a look at each of them takes less time than a new one. */
#define KEPT_REGIONS 64

/* Gives back all regions that were kept but the newest ones with `most` bytes together. */
static void cut_kept(dynarray_heap *heap, size_t most) {
    void *data = heap->kept.data, *last = NULL;
    size_t bytes = 0;
    for (int n = 0; data != NULL && n < KEPT_REGIONS; n++) {
        if (pages_idle_bytes(data) > most - bytes) break;
        bytes += pages_idle_bytes(data);
        last = data;
        data = pages_next_idle(data);
    }
    if (last == NULL)
        heap->kept.data = NULL;
    else
        pages_set_next_idle(last, NULL);
    heap->kept.bytes = bytes;
    while (data != NULL) {
        void *next = pages_next_idle(data);
        pages_free(data);
        data = next;
    }
}

static void keep_region(dynarray_heap *heap, void *data, size_t bytes) {
    pages_set_idle_bytes(data, bytes);
    pages_set_next_idle(data, heap->kept.data);
    heap->kept.data = data;
    cut_kept(heap, heap->kept.bytes + bytes);
    heap_settle(heap);
}

/*
** The region for a block of so many bytes: the smallest that has their pages. If it grows, or there is none, the newest:
** then the last array was likely such a one, too.
*/
static void *fitting(const dynarray_heap *heap, size_t bytes, bool grows) {
    void *best = NULL;
    if (grows) return heap->kept.data;
    for (void *data = heap->kept.data; data != NULL; data = pages_next_idle(data)) {
        if (pages_idle_bytes(data) < bytes) continue;
        if (best == NULL || pages_idle_bytes(data) < pages_idle_bytes(best)) best = data;
    }
    return best != NULL ? best : heap->kept.data;
}

/* Takes a region out of those that are kept. */
static void take_region(dynarray_heap *heap, void *data) {
    void *next = pages_next_idle(data);
    if (data == heap->kept.data) {
        heap->kept.data = next;
    } else {
        void *before = heap->kept.data;
        while (pages_next_idle(before) != data) before = pages_next_idle(before);
        pages_set_next_idle(before, next);
    }
    heap->kept.bytes -= pages_idle_bytes(data);
}

static void set_loan(dynarray_heap *heap, void *data, size_t used, size_t bytes) {
    heap->loan.data = bytes > 0 ? data : NULL;
    heap->loan.used = used;
    heap->loan.bytes = bytes;
}

static void drop_loan(dynarray_heap *heap) {
    const size_t used = heap->loan.used;
    if (heap->loan.data != NULL) heap_end_loan(heap, heap->loan.data, used);
}

void dynarray_heap_trim(dynarray_heap *heap) {
    if (heap == NULL) {
        void *data = pages_swap_idle(NULL, 0);
        if (data != NULL) pages_free(data);
        return;
    }
    drop_loan(heap);
    cut_kept(heap, 0);
    drop_spare(heap);
}

size_t heap_idle(const dynarray_heap *heap) {
    return heap->kept.bytes + heap->loan.bytes + heap->spare.bytes;
}

/* What was freed last is likely to be needed next: older regions go first, then what is on loan. */
static void settle_regions(dynarray_heap *heap, size_t most) {
    const size_t newest = heap->kept.data != NULL ? pages_idle_bytes(heap->kept.data) : 0;
    const size_t beside_loan = most > heap->loan.bytes ? most - heap->loan.bytes : 0;
    cut_kept(heap, beside_loan > newest ? beside_loan : newest);
    if (heap->kept.bytes + heap->loan.bytes > most) drop_loan(heap);
    if (heap->kept.bytes > most) cut_kept(heap, most);
}

void heap_settle(dynarray_heap *heap) {
    const size_t most_kept = heap->keep < HEAP_PAGES_BYTES ? 0 : heap->keep;
    if (heap_idle(heap) == 0) return;
    if (heap->spare.bytes > heap->keep) drop_spare(heap);
    if (heap->kept.bytes + heap->loan.bytes > most_kept) settle_regions(heap, most_kept);
    if (heap->limit == 0) return;
    if (heap->held > heap->limit || heap_idle(heap) > heap->limit - heap->held)
        dynarray_heap_trim(heap);
}

/* A program that makes one array after another often makes many of the same size. */
void *heap_obtain(dynarray_heap *heap, size_t bytes) {
    if (heap != NULL && heap->spare.bytes == bytes) return take_spare(heap);
    return heap_allocate(heap, NULL, 0, bytes);
}

void heap_release(dynarray_heap *heap, void *data, size_t bytes) {
    if (heap == NULL || bytes > heap->keep || bytes > SPARE_BYTES) {
        heap_allocate(heap, data, bytes, 0);
        return;
    }
    drop_spare(heap);
    system_poison(data, bytes);
    heap->spare.data = data;
    heap->spare.bytes = bytes;
    heap_settle(heap);
}

/* Takes a region that was kept, with *idle bytes of pages in it; NULL if there is none. */
static void *take_kept(dynarray_heap *heap, size_t bytes, bool grows, size_t *idle) {
    void *data = heap != NULL ? fitting(heap, bytes, grows) : pages_swap_idle(NULL, 0);
    if (data == NULL) return NULL;
    if (heap != NULL) take_region(heap, data);
    *idle = pages_idle_bytes(data);
    pages_set_idle_bytes(data, 0);
    return data;
}

/* The region uses `used` of the `end` bytes that have pages; puts the rest on loan, if it may. */
static bool lend(dynarray_heap *heap, void *data, size_t used, size_t end) {
    if (heap == NULL) {
        if (!pages_set_lender(NULL, data)) return false;
    } else {
        if (heap->loan.data != NULL || heap->limit != 0) return false;
        set_loan(heap, data, used, end - used);
    }
    pages_set_idle_bytes(data, end);
    return true;
}

/* Call it when the array has `used` bytes, perhaps at another place. */
static void update_loan(dynarray_heap *heap, void *before, void *data, size_t used, size_t end) {
    const size_t rest = end > used ? end - used : 0;
    if (heap != NULL)
        set_loan(heap, data, used, rest);
    else if (rest == 0)
        pages_set_lender(before, NULL);
    pages_set_idle_bytes(data, rest > 0 ? end : 0);
}

void *heap_obtain_pages(dynarray_heap *heap, size_t bytes, bool grows, size_t ahead) {
    size_t idle;
    void *kept = take_kept(heap, bytes, grows, &idle), *data;
    if (kept == NULL) return pages_allocate(bytes, 0, grows, ahead);
    if (grows && idle > bytes && lend(heap, kept, bytes, idle)) return kept;
    data = pages_resize(kept, idle, bytes, true);
    if (data == NULL) {
        pages_free(kept);
        return pages_allocate(bytes, 0, grows, ahead);
    }
    if (ahead > 0) pages_populate(data, ahead);
    return data;
}

void *heap_resize_pages(dynarray_heap *heap, void *data, size_t old_bytes, size_t bytes,
                        size_t ahead) {
    const size_t end = pages_idle_bytes(data);
    const size_t from = end > old_bytes ? end : old_bytes;
    void *now = data;
    if (bytes < old_bytes || bytes > from) now = pages_resize(data, from, bytes, true);
    if (now == NULL) return NULL;
    /* NOLINTNEXTLINE(readability-suspicious-call-argument): `data` is where the block was */
    if (end > 0) update_loan(heap, data, now, bytes, bytes < old_bytes ? 0 : end);
    if (ahead > 0) pages_populate(now, ahead);
    return now;
}

void heap_end_loan(dynarray_heap *heap, void *data, size_t bytes) {
    const size_t end = pages_idle_bytes(data);
    if (end == 0) return;
    pages_resize(data, end, bytes, false);
    update_loan(heap, data, data, bytes, 0);
}

void heap_release_pages(dynarray_heap *heap, void *data, size_t bytes, bool may_stay) {
    const size_t keep = heap != NULL ? heap->keep : SHARED_KEEP_BYTES;
    const size_t end = pages_idle_bytes(data);
    if (end > 0) update_loan(heap, data, data, bytes, 0);
    if (!may_stay || keep < HEAP_PAGES_BYTES || !pages_are_spacious(data)) {
        pages_free(data);
        return;
    }
    if (end > bytes) bytes = end;
    if (bytes > keep) {
        /* NOLINTNEXTLINE(readability-suspicious-call-argument): from `bytes` to `keep` */
        pages_resize(data, bytes, keep, false);
        bytes = keep;
    }
    pages_idle(data, bytes);
    if (heap == NULL) {
        data = pages_swap_idle(data, bytes);
        if (data != NULL) pages_free(data);
        return;
    }
    keep_region(heap, data, bytes);
}

/* ---------------------------------------------------------------------------------------------
** Figures
*/

size_t heap_available(const dynarray_heap *heap, size_t own) {
    size_t others;
    if (heap == NULL || heap->limit == 0) return SIZE_MAX;
    others = heap->held - own;
    return heap->limit > others ? heap->limit - others : 0;
}

void heap_account(dynarray_heap *heap, size_t old_bytes, size_t bytes, size_t peak_bytes) {
    if (heap == NULL) return;
    heap->held -= old_bytes;
    if (heap->held + peak_bytes > heap->peak) heap->peak = heap->held + peak_bytes;
    heap->held += bytes;
    heap_settle(heap);
}
