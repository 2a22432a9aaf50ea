/*
** search.h: finds equal, least and greatest elements of numeric arrays, O(n). Nothing here allocates. `element`
** points to a number of the array's type.
*/
#ifndef SEARCH_H
#define SEARCH_H

#include "dynarray.h"

/*
** dynarray_equal: whether two arrays of the same numeric type and size have equal elements. NaN equals nothing, and the
** two zeros are equal.
*/
bool dynarray_equal(const dynarray *a, const dynarray *b);

/* dynarray_index_of: the first index >= from of an equal element, or the size. NaN equals nothing. */
size_t dynarray_index_of(const dynarray *a, size_t from, const void *element);

/* dynarray_count: how many elements equal it. */
size_t dynarray_count(const dynarray *a, const void *element);

/*
** dynarray_min, dynarray_max: the index of the first least or greatest element, or of the first NaN if there is
** one. The array must not be empty.
*/
size_t dynarray_min(const dynarray *a);
size_t dynarray_max(const dynarray *a);

#endif
