/*
** owner.h: for the owner of an array (the Lua binding): blocks in the owner's memory, elements of another array, blocks
** that are handed over, pins.
*/
#ifndef OWNER_H
#define OWNER_H

#include "core/capacity_plan.h"
#include "dynarray.h"

/* array_set_setup: gives the array, which must have no block, this setup. */
void array_set_setup(dynarray *a, const dynarray_setup *setup);

/*
** array_begin: gives a new array its first block, capacity > 0. This is no growth and is told to no observer, but it is
** the peak of *stats.
*/
dynarray_status array_begin(dynarray *a, size_t capacity, dynarray_stats *stats);

/*
** array_fits_plan: whether a plan to grow still holds after code that may have changed the array. The array may have
** become fixed.
*/
bool array_fits_plan(const dynarray *a, const capacity_plan *plan);

/*
** array_undo_growths: sets the figures back to *before, and those of the heap, which there must be, so that later growths
** do not count. Keeps the block.
*/
void array_undo_growths(dynarray *a, dynarray_stats *stats, const dynarray_stats *before);

/* array_start_inline: gives the array, which must have no block, `capacity` elements in the owner's memory. */
void array_start_inline(dynarray *a, void *memory, size_t capacity);

/*
** array_return_inline: moves the elements to the owner's memory, unless they are there, and frees the block;
** size <= capacity.
*/
void array_return_inline(dynarray *a, void *memory, size_t capacity);

/* array_show: makes `size` elements at `data` of another array those of this one, which never frees them. */
void array_show(dynarray *a, void *data, size_t size);

/* array_forget: leaves the array without block and elements; somebody else frees what it had. */
void array_forget(dynarray *a);

/* array_fix, array_unfix: forbids changes of the block, and allows them again; up to 255 fixes at a time. */
void array_fix(dynarray *a);
void array_unfix(dynarray *a, unsigned n);

/*
** array_is_shared: whether others may write to the elements at any moment: the memory is lent or mapped, or somebody
** knows its address. An element may then change between two reads.
*/
bool array_is_shared(const dynarray *a);

/*
** array_is_portable: whether an array without a setup could have the block: it is pages, or from malloc. of_malloc:
** whether the allocator of the array is malloc, by whatever name.
*/
bool array_is_portable(const dynarray *a, bool of_malloc);

/*
** array_hand_over: gives the block of `from`, a portable one, to `to`, which has none. Both keep their setups, and
** their heaps count it. DYNARRAY_LIMIT if the heap of `to` may not hold it; nothing has changed then.
*/
dynarray_status array_hand_over(dynarray *from, dynarray *to);

#endif
