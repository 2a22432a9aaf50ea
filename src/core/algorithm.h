/* algorithm.h: what the elements of arrays of numeric types are asked. */
#ifndef ALGORITHM_H
#define ALGORITHM_H

#include "dynarray.h"

/*
** dynarray_equal: whether two arrays of the same numeric type have equal elements: NaN differs from
** all, zeros are equal. O(n).
*/
bool dynarray_equal(const dynarray *a, const dynarray *b);

#endif
