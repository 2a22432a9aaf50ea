/* statistics.h: figures of numeric arrays, in double, O(n). Nothing here allocates. */
#ifndef STATISTICS_H
#define STATISTICS_H

#include "dynarray.h"

/*
** dynarray_variance: the sum of the squared deviations from the mean, divided by size - ddof, which must be above 0. 0 if all
** elements are equal; an infinity if it is too large for a double.
*/
double dynarray_variance(const dynarray *a, size_t ddof);

/* dynarray_deviation: its square root, also where the variance itself is too large or too small for a double. */
double dynarray_deviation(const dynarray *a, size_t ddof);

/*
** dynarray_correlation: Pearson's coefficient of two arrays of the same size, which must not be 0: within -1 and 1; NaN if all
** elements of one are equal.
*/
double dynarray_correlation(const dynarray *a, const dynarray *b);

/*
** dynarray_histogram: counts each element x within [low, high] in counts[floor((x - low) * bins / (high - low))]; high
** itself counts in the last bin. low < high; both and their difference must be finite. NaN does not count.
*/
void dynarray_histogram(const dynarray *a, double low, double high, size_t bins, int64_t *counts);

/*
** dynarray_histogram_between: counts each element x in counts[k] with edges[k] <= x < edges[k + 1]; the last edge counts in
** the last bin. There are bins + 1 edges, none below the one before it, and no NaN.
*/
void dynarray_histogram_between(const dynarray *a, const double *edges, size_t bins,
                                int64_t *counts);

#endif
