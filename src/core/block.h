/* block.h: the block of an array: where it comes from, and how it is resized. */
#ifndef BLOCK_H
#define BLOCK_H

#include "dynarray.h"

/* block_kind: which kind of block this array gets for that many bytes. grows: elements are being appended. */
dynarray_block block_kind(const dynarray *a, size_t bytes, bool grows);

/* block_ahead: how many bytes of a block of that kind, for a growth to `needed` elements, get their pages at once. */
size_t block_ahead(const dynarray *a, dynarray_block kind, size_t needed, size_t capacity);

/*
** block_step: how much of the new capacity a growth to `needed` elements gets now, if it can get the rest in place later,
** without copying.
*/
size_t block_step(const dynarray *a, size_t needed, size_t capacity);

/*
** block_resize: gives the array a block for `capacity` elements (size <= capacity, no overflow), of the kind that
** block_kind told. A capacity of 0 frees the block. In a block of pages, and in a large one of the allocator, the first
** `ahead` bytes get their pages at once. Sets data, capacity and block, and bytes_copied, peak_bytes and how of the event.
*/
dynarray_status block_resize(dynarray *a, size_t capacity, dynarray_block kind, size_t ahead,
                             dynarray_event *event);

/* block_first: the same for an array without a block; capacity > 0. */
dynarray_status block_first(dynarray *a, size_t capacity, dynarray_block kind);

/* block_free: frees the block. The array then has no block and no capacity. */
void block_free(dynarray *a);

/* block_is_bounded: whether one of the next two may bound the block. */
static inline bool block_is_bounded(const dynarray *a) {
    const dynarray_heap *heap = a->setup->heap;
    return (heap != NULL && heap->limit != 0) || a->block == DYNARRAY_BLOCK_STABLE;
}

/* block_available: the most bytes that the limit of the heap allows the block of the array. */
size_t block_available(const dynarray *a);

/* block_room: the most bytes that the block can have, if it must stay where it is. */
size_t block_room(const dynarray *a);

#endif
