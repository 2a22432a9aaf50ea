/* rolling.h: the sum, mean, least or greatest of each window of a numeric array. */
#ifndef ROLLING_H
#define ROLLING_H

#include "dynarray.h"

typedef enum dynarray_figure {
    DYNARRAY_ROLLING_SUM,  /* int64 for integers, which wraps around, otherwise double */
    DYNARRAY_ROLLING_MEAN, /* double; also if the sum is too large for one */
    DYNARRAY_ROLLING_MIN,  /* in the array's type; NaN if there is one in the window */
    DYNARRAY_ROLLING_MAX
} dynarray_figure;

/*
** dynarray_rolling: writes the figure of elements i to i + k - 1 to results[i], for each i up to size - k; 1 <= k <=
** size. O(n), whatever k is. The error of a sum is that of adding k numbers one after another. While it runs, it
** takes 8 bytes for each of k elements from the array's heap; DYNARRAY_NO_MEMORY if there is none.
*/
dynarray_status dynarray_rolling(const dynarray *a, size_t k, dynarray_figure figure,
                                 void *results);

#endif
