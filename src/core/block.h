/* block.h: the block of an array: where it comes from, how it becomes another size. */
#ifndef BLOCK_H
#define BLOCK_H

#include "dynarray.h"

/* block_kind: where a block of so many bytes of this array comes from. grows: elements are appended. */
dynarray_block block_kind(const dynarray *a, size_t bytes, bool grows);

/* block_ahead: so many of a growth's bytes get their pages at once; `needed` elements are. */
size_t block_ahead(const dynarray *a, size_t needed, size_t capacity);

/*
** block_step: of the capacity of a growth to `needed`, what shall be had now, where the rest can be had in
** place when it is needed, without copying.
*/
size_t block_step(const dynarray *a, size_t needed, size_t capacity);

/*
** block_resize: the array's block holds `capacity` elements (size <= capacity, no overflow) and is of
** the kind that block_kind told; 0 frees it. Of pages, the first `ahead` bytes get theirs at once. Sets data,
** capacity and block. Fills the event's bytes_copied, peak_bytes and how.
*/
dynarray_status block_resize(dynarray *a, size_t capacity, dynarray_block kind, size_t ahead,
                             dynarray_event *event);

/* block_first: the same where there is no block; capacity > 0. */
dynarray_status block_first(dynarray *a, size_t capacity, dynarray_block kind);

/* block_free: the array has no block and no capacity. */
void block_free(dynarray *a);

/* block_available: bytes that the array's block may have at most by the heap's limit. */
size_t block_available(const dynarray *a);

/* block_room: bytes that the array's block can have, if it must stay where it is. */
size_t block_room(const dynarray *a);

#endif
