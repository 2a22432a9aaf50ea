/*
** gather.h: elements picked by index or by truth value. Indices and masks may be memory that others change
** meanwhile: each is copied before it is looked at.
*/
#ifndef GATHER_H
#define GATHER_H

#include "dynarray.h"

/*
** dynarray_take: results[k] = a[indices[k] - 1], elements of a's size, for each index, which counts from 1.
** indices: of an integer type. Returns the position of the first index that is out of bounds, which is written to
** *index (one past an int64 reads as INT64_MAX), else how many there are. Reads a in any order: O(n).
*/
size_t dynarray_take(const dynarray *a, const dynarray *indices, void *results, int64_t *index);

/*
** dynarray_put: a[indices[k] - 1] = values[k], elements of a's size, outside of a; the last of equal indices wins.
** values holds one element for all if `one`. Returns as dynarray_take; nothing is written unless all are in bounds.
*/
size_t dynarray_put(dynarray *a, const dynarray *indices, const void *values, bool one,
                    int64_t *index);

/* dynarray_count_marked: how many elements of a uint8 array are not 0. */
size_t dynarray_count_marked(const dynarray *mask);

/*
** dynarray_select_marked: the elements of a where the mask, of a's size, is not 0, at most `most`, to results.
** dynarray_select_places: their indices, from 1. Both return how many there are.
*/
size_t dynarray_select_marked(const dynarray *a, const dynarray *mask, void *results, size_t most);
size_t dynarray_select_places(const dynarray *mask, int64_t *results, size_t most);

/* dynarray_set_marked: elements of a where the mask is not 0 become those of values, or the one that is there. */
void dynarray_set_marked(dynarray *a, const dynarray *mask, const void *values, bool one);

#endif
