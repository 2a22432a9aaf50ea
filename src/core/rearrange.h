/*
** rearrange.h: moving and removing elements. Nothing here allocates. Arrays of any type, but where
** `numeric` is said.
*/
#ifndef REARRANGE_H
#define REARRANGE_H

#include "dynarray.h"

/* dynarray_reverse: the last element becomes the first. O(n). */
void dynarray_reverse(dynarray *a);

/*
** dynarray_rotate: element k becomes the first, those before it follow the last, as std::rotate does;
** k <= size (0 and size change nothing). O(n).
*/
void dynarray_rotate(dynarray *a, size_t k);

/*
** dynarray_fill: elements i to j - 1 become copies of `element`, which must not lie among them;
** i <= j <= capacity. Elements past the size are written too; the size stays. O(j - i).
*/
void dynarray_fill(dynarray *a, size_t i, size_t j, const void *element);

/*
** dynarray_dedup_numeric: of neighbours that are equal (zeros are, NaN never) the first stays. Sets
** the size and returns how many elements were removed. O(n).
*/
size_t dynarray_dedup_numeric(dynarray *a);

#endif
