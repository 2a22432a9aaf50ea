/* unique.h: the different elements of a sorted array. */
#ifndef UNIQUE_H
#define UNIQUE_H

#include "dynarray.h"

/*
** dynarray_distinct: how many different elements a sorted numeric array has. The two zeros count as one element, and so
** do all NaN. If counts is not NULL (it has room for as many), moves the first of each to the front and writes to
** counts how often each occurs. Does not change the size. O(n).
*/
size_t dynarray_distinct(dynarray *a, int64_t *counts);

#endif
