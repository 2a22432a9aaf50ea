/* stride.h: every k-th element of an array of any type. */
#ifndef STRIDE_H
#define STRIDE_H

#include "dynarray.h"

/* dynarray_get_column: elements first, first + k, ... of a, `count` of them, to results. */
void dynarray_get_column(const dynarray *a, size_t first, size_t k, size_t count, void *results);

/* dynarray_set_column: the same the other way round; values are not a's own. */
void dynarray_set_column(dynarray *a, size_t first, size_t k, size_t count, const void *values);

#endif
