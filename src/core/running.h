/* running.h: running results: each element of a numeric array with all elements before it. */
#ifndef RUNNING_H
#define RUNNING_H

#include "dynarray.h"

/* dynarray_cumulate_best: makes each element the greatest or the least up to it; from the first NaN on, NaN. */
void dynarray_cumulate_best(dynarray *a, bool greatest);

/* dynarray_differences: size - 1 differences of neighbours: int64 of integers, which wrap around, else of the type. */
void dynarray_differences(const dynarray *a, void *results);

#endif
