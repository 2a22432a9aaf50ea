/*
** cummax_diff.h: the greatest or the least up to each element; differences of neighbours. The sum up to each element is in
** arithmetic.h.
*/
#ifndef CUMMAX_DIFF_H
#define CUMMAX_DIFF_H

#include "dynarray.h"

/* dynarray_cumulate_best: makes each element the greatest or the least up to it; from the first NaN on, NaN. */
void dynarray_cumulate_best(dynarray *a, bool greatest);

/* dynarray_differences: size - 1 differences of neighbours: int64 of integers, which wrap around, else of the type. */
void dynarray_differences(const dynarray *a, void *results);

#endif
