/*
** gather.h: chooses elements by index or by mask. Others may write to indices and masks meanwhile, so each part of them is
** copied before it is checked.
*/
#ifndef GATHER_H
#define GATHER_H

#include "dynarray.h"

/*
** dynarray_take: results[k] = a[indices[k] - 1] for each index; elements have the size of those of a. indices has an
** integer type and counts from 1. Returns how many indices there are. If one is out of bounds, returns its position
** and writes it to *index (a number above INT64_MAX as INT64_MAX). O(n).
*/
size_t dynarray_take(const dynarray *a, const dynarray *indices, void *results, int64_t *index);

/*
** dynarray_put: a[indices[k] - 1] = values[k]. values is outside of a, and has elements of the same size; with `one` it
** is one element for all. If an index occurs more than once, the last one counts. Returns the same as dynarray_take,
** and writes only if all indices are in bounds.
*/
size_t dynarray_put(dynarray *a, const dynarray *indices, const void *values, bool one,
                    int64_t *index);

/* dynarray_find_no_mark: the place of the first element of a uint8 array that is neither 0 nor 1; its size if there is none. */
size_t dynarray_find_no_mark(const dynarray *mask);

/* dynarray_count_marked: how many elements of a uint8 array are not 0. */
size_t dynarray_count_marked(const dynarray *mask);

/*
** dynarray_select_marked: writes to results the elements of a, at most `most`, where the mask is not 0. The mask has the
** size of a. dynarray_select_places: writes their indices, from 1. Both return how many they wrote.
*/
size_t dynarray_select_marked(const dynarray *a, const dynarray *mask, void *results, size_t most);
size_t dynarray_select_places(const dynarray *mask, int64_t *results, size_t most);

/* dynarray_set_marked: replaces the elements of a where the mask is not 0 by those of values, or by the one there. */
void dynarray_set_marked(dynarray *a, const dynarray *mask, const void *values, bool one);

#endif
