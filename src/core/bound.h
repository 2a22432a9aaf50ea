/* bound.h: the places of numbers among the elements of sorted arrays. */
#ifndef BOUND_H
#define BOUND_H

#include "dynarray.h"

/*
** dynarray_bounds: for each of the values, writes to results the index, from 1, of the first element of a that is not
** less or, if `after`, that is greater; one past the size if there is none. Both arrays are numeric, and their types may
** differ: numbers are compared exactly, and NaN comes last. If a is not sorted, the indices are any of these.
** O(values * log(size)). Nothing here allocates.
*/
void dynarray_bounds(const dynarray *a, const dynarray *values, bool after, int64_t *results);

#endif
