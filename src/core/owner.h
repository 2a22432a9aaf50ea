/*
** owner.h: what the owner of an array does with its block, beside letting it grow: memory of the owner's
** own, elements of another array, blocks that change hands.
*/
#ifndef OWNER_H
#define OWNER_H

#include "core/plan.h"
#include "dynarray.h"

/* array_set_setup: the array, which must have no block, has this setup from now on. */
void array_set_setup(dynarray *a, const dynarray_setup *setup);

/*
** array_begin: the block that an array is made with, capacity > 0; no growth, and nobody is told, but it is
** the peak of *stats.
*/
dynarray_status array_begin(dynarray *a, size_t capacity, dynarray_stats *stats);

/*
** array_fits_plan: whether a plan is still for the array as it is, after code that may have changed it. The
** array may have become fixed.
*/
bool array_fits_plan(const dynarray *a, const capacity_plan *plan);

/* array_undo_growths: the growths since the figures were *before count no more. The block stays as it is. */
void array_undo_growths(dynarray *a, dynarray_stats *stats, const dynarray_stats *before);

/* array_start_inline: the array, which must have no block, gets `capacity` elements of the owner's memory. */
void array_start_inline(dynarray *a, void *memory, size_t capacity);

/*
** array_return_inline: the elements move to the owner's memory, if they are not there, and the block is
** freed; size <= capacity.
*/
void array_return_inline(dynarray *a, void *memory, size_t capacity);

/* array_show: the array shows `size` elements at `data` that another array has; it never frees them. */
void array_show(dynarray *a, void *data, size_t size);

/* array_forget: the array has no block and no elements; what it had is freed by somebody else. */
void array_forget(dynarray *a);

/* array_fix, array_unfix: the block cannot change until each fix is undone; at most 255 at a time. */
void array_fix(dynarray *a);
void array_unfix(dynarray *a, unsigned n);

/*
** array_is_shared: whether others may write to the elements at any moment: the memory is lent or mapped, or
** somebody holds its address. What is read there may then be different the next time.
*/
bool array_is_shared(const dynarray *a);

/*
** array_is_portable: whether the block is one that an array without setup could have: of pages, or of
** malloc. of_malloc: the array's allocator is malloc, by whatever name.
*/
bool array_is_portable(const dynarray *a, bool of_malloc);

/*
** array_hand_over: the block of `from`, a portable one, becomes that of `to`, which has none. Both keep their
** setups, and their heaps count it. DYNARRAY_LIMIT, and nothing changed, if the heap of `to` may not hold it.
*/
dynarray_status array_hand_over(dynarray *from, dynarray *to);

#endif
