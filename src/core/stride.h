/* stride.h: every k-th element of an array of any type. */
#ifndef STRIDE_H
#define STRIDE_H

#include "dynarray.h"

/* dynarray_get_column: copies `count` elements of a to results: first, first + k, first + 2k and so on. */
void dynarray_get_column(const dynarray *a, size_t first, size_t k, size_t count, void *results);

/* dynarray_set_column: copies values to such elements; values must not be elements of a. */
void dynarray_set_column(dynarray *a, size_t first, size_t k, size_t count, const void *values);

#endif
