/*
** algorithm.h: what is done with all elements of an array at once.
**
** Conventions of dynarray.h. `numeric` means every element type but DYNARRAY_VALUE and
** DYNARRAY_OPAQUE; functions without that word take arrays of any type and look at bytes only.
** Nothing here allocates.
*/
#ifndef ALGORITHM_H
#define ALGORITHM_H

#include "dynarray.h"

/*
** dynarray_equal: whether two arrays of the same numeric type have equal elements: NaN differs from
** all, zeros are equal. O(n).
*/
bool dynarray_equal(const dynarray *a, const dynarray *b);

/* ---------------------------------------------------------------------------------------------
** Moving elements
*/

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
