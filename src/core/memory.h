/* memory.h: where blocks come from and go to. If heap is NULL: realloc, free and pages, and nothing is counted. */
#ifndef MEMORY_H
#define MEMORY_H

#include "dynarray.h"

/*
** Larger blocks come from pages. For smaller ones, the allocator most often has memory that was used before. And
** where less than half of a huge page is used, its fault (290 us) and its memory are wasted.
** Where an allocator gives freed blocks of that size back, it has no such memory, and pages begin at HEAP_GROWN_BYTES.
*/
#define HEAP_PAGES_BYTES ((size_t)2 << 20)

/* Blocks of growing arrays are pages from this size on: doubled, they are so large that malloc would map them, too. */
#define HEAP_GROWN_BYTES ((size_t)80 << 10)

/* Smaller blocks need no heap_expect: for few pages, to ask for them takes as long as to touch them. */
#define HEAP_EXPECTED_BYTES ((size_t)16 << 10)

/*
** heap_expect: a growing block of the allocator has `used` bytes and will be written up to `ahead`. Large ones get their
** pages at once, see pages_expect.
*/
void heap_expect(const dynarray_heap *heap, void *data, size_t used, size_t ahead);

/*
** heap_allocate: calls the allocator of the heap, or realloc if heap is NULL or has none. Before it returns NULL, it
** gives back the freed blocks that were kept and tries again.
*/
void *heap_allocate(dynarray_heap *heap, void *ptr, size_t old_bytes, size_t bytes);

/* heap_obtain, heap_release: a block of the allocator. One that is released may be kept for the next. */
void *heap_obtain(dynarray_heap *heap, size_t bytes);
void heap_release(dynarray_heap *heap, void *data, size_t bytes);

/* heap_allows_pages: whether blocks may be pages of the system. */
static inline bool heap_allows_pages(const dynarray_heap *heap) {
    return heap == NULL || (heap->flags & DYNARRAY_HEAP_PAGES) != 0;
}

/*
** The same for pages. grows: more than `bytes` will be used later. ahead: how many of the first bytes will be written soon.
** heap_resize_pages: see pages_resize.
*/
void *heap_obtain_pages(dynarray_heap *heap, size_t bytes, bool grows, size_t ahead);
void *heap_resize_pages(dynarray_heap *heap, void *data, size_t old_bytes, size_t bytes,
                        size_t ahead);
void heap_release_pages(dynarray_heap *heap, void *data, size_t bytes, bool may_stay);

/* heap_end_loan: gives back the pages of a region past `bytes`, so that another heap can take over the region. */
void heap_end_loan(dynarray_heap *heap, void *data, size_t bytes);

/* heap_idle: bytes of freed blocks that are kept. */
size_t heap_idle(const dynarray_heap *heap);

/* The same for a block of the pool, up to DYNARRAY_POOL_BYTES. Blocks of one class have the same size. */
size_t heap_pool_class(size_t bytes);
void *heap_pool_obtain(dynarray_heap *heap, size_t bytes);
void heap_pool_release(dynarray_heap *heap, void *block, size_t bytes);

/* heap_available: how many bytes the limit allows a block, of which `own` bytes are counted already. */
size_t heap_available(const dynarray_heap *heap, size_t own);

/* heap_account: counts that `bytes` are held in place of old_bytes, and that peak_bytes were held meanwhile. */
void heap_account(dynarray_heap *heap, size_t old_bytes, size_t bytes, size_t peak_bytes);

/* heap_settle: gives back the freed blocks that are too large for the present values of `keep` and the limit. */
void heap_settle(dynarray_heap *heap);

#endif
