/* distinct.h: the different elements of a sorted array. */
#ifndef DISTINCT_H
#define DISTINCT_H

#include "dynarray.h"

/*
** dynarray_distinct: how many different elements a sorted numeric array has; the two zeros are one, and all NaN are.
** With counts, which has room for as many: the first of each moves to the front, and how often it was there is
** written beside it; the size stays. O(n).
*/
size_t dynarray_distinct(dynarray *a, int64_t *counts);

#endif
