/* running.h: each element of a numeric array with all before it. */
#ifndef RUNNING_H
#define RUNNING_H

#include "dynarray.h"

/* dynarray_cumulate_best: each element becomes the greatest, or the least, of all up to it; NaN from the first on. */
void dynarray_cumulate_best(dynarray *a, bool greatest);

#endif
