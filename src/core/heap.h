/* heap.h: where blocks come from and go to. heap NULL: realloc, free and pages, and nothing is counted. */
#ifndef HEAP_H
#define HEAP_H

#include "dynarray.h"

/*
** Larger blocks come from pages. Below, the allocator's memory is warm more often than not, and a
** huge page for less than half its size would cost its fault (290 us) and its memory for nothing.
*/
#define HEAP_PAGES_BYTES ((size_t)2 << 20)

/*
** heap_allocate: calls the heap's allocator, realloc where heap is NULL or has none; the freed block that
** stays goes before it is NULL.
*/
void *heap_allocate(dynarray_heap *heap, void *ptr, size_t old_bytes, size_t bytes);

/* heap_obtain, heap_release: a block of the allocator's; one that was released may stay for the next. */
void *heap_obtain(dynarray_heap *heap, size_t bytes);
void heap_release(dynarray_heap *heap, void *data, size_t bytes);

/* heap_allows_pages: whether blocks may come from pages, beside the allocator. */
bool heap_allows_pages(const dynarray_heap *heap);

/* The same of pages. grows: more than `bytes` will be used. */
void *heap_obtain_pages(dynarray_heap *heap, size_t bytes, bool grows);
void heap_release_pages(dynarray_heap *heap, void *data, size_t bytes);

/* The same of the pool, up to DYNARRAY_POOL_BYTES. Blocks of one class have the same size. */
size_t heap_pool_class(size_t bytes);
void *heap_pool_obtain(dynarray_heap *heap, size_t bytes);
void heap_pool_release(dynarray_heap *heap, void *block, size_t bytes);

/* heap_available: bytes that a block may have by the limit, of which `own` are counted already. */
size_t heap_available(const dynarray_heap *heap, size_t own);

/* heap_account: `bytes` are held in place of old_bytes, and peak_bytes were meanwhile. */
void heap_account(dynarray_heap *heap, size_t old_bytes, size_t bytes, size_t peak_bytes);

/* heap_settle: freed blocks that stay, but may not by keep or the limit as they are now, go. */
void heap_settle(dynarray_heap *heap);

#endif
