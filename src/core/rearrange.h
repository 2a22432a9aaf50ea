/*
** rearrange.h: moves and removes elements of arrays of any type but opaque ones, unless the name says numeric. Nothing
** here allocates.
*/
#ifndef REARRANGE_H
#define REARRANGE_H

#include "dynarray.h"

/* dynarray_reverse: reverses the order of the elements. O(n). */
void dynarray_reverse(dynarray *a);

/*
** dynarray_rotate: makes element k the first; the elements before it follow the last one, as with std::rotate.
** k <= size; 0 and size change nothing. O(n).
*/
void dynarray_rotate(dynarray *a, size_t k);

/*
** dynarray_fill: writes copies of `element`, which must not be one of them, to the elements i to j - 1;
** i <= j <= capacity. It also writes past the size, and does not change the size. O(j - i).
*/
void dynarray_fill(dynarray *a, size_t i, size_t j, const void *element);

/*
** dynarray_dedup_numeric: where neighbours are equal, keeps the first. The two zeros are equal, NaN equals
** nothing. Sets the size and returns how many elements were removed. O(n).
*/
size_t dynarray_dedup_numeric(dynarray *a);

#endif
