/* statistics.h: figures of numeric arrays, in double, O(n). Nothing here allocates. */
#ifndef STATISTICS_H
#define STATISTICS_H

#include "dynarray.h"

/*
** dynarray_deviations: the sum of the squared deviations from `mean`. It corrects for the rounding of the mean by the sum
** of the deviations (Chan, Golub, LeVeque, Algorithms for computing the sample variance, 1983).
*/
double dynarray_deviations(const dynarray *a, double mean);

/* dynarray_codeviations: the sum of the products of the deviations of two arrays of the same size. */
double dynarray_codeviations(const dynarray *a, double a_mean, const dynarray *b, double b_mean);

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
