/* sum.h: sums of numeric arrays, O(n). Nothing here allocates. */
#ifndef SUM_H
#define SUM_H

#include "dynarray.h"

/*
** dynarray_sum_float, dynarray_dot_float: add in double, pairwise. The error is less than 2^-53 times
** (200 + log2(n / 4096)) times the sum of the absolute values, most often much less. Sums: of any numeric type; those of
** integers below 64 bits are exact up to 2^53. Products: of float types.
*/
double dynarray_sum_float(const dynarray *a);
double dynarray_dot_float(const dynarray *a, const dynarray *b);

/*
** dynarray_mean: the sum divided by the size, which must not be 0; also if the sum is too large for a double. Where rounding
** would make it less than the least or more than the greatest element, it is that element.
*/
double dynarray_mean(const dynarray *a);

/* dynarray_double_at: element i as the nearest double. */
double dynarray_double_at(const dynarray *a, size_t i);

/* dynarray_sum_integer, dynarray_dot_integer: integer types; modulo 2^64, as Lua's integers. */
int64_t dynarray_sum_integer(const dynarray *a);
int64_t dynarray_dot_integer(const dynarray *a, const dynarray *b);

#endif
