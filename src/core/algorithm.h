/*
** algorithm.h: what is done with all elements of an array at once.
**
** Conventions of dynarray.h. `numeric` means every element type but DYNARRAY_VALUE and
** DYNARRAY_OPAQUE; functions without that word take arrays of any type and look at bytes only.
** Nothing here allocates.
*/
#ifndef ALGORITHM_H
#define ALGORITHM_H

#include "dynarray.h"

/*
** dynarray_equal: whether two arrays of the same numeric type have equal elements: NaN differs from
** all, zeros are equal. O(n).
*/
bool dynarray_equal(const dynarray *a, const dynarray *b);

/* ---------------------------------------------------------------------------------------------
** Moving elements
*/

/* dynarray_reverse: the last element becomes the first. O(n). */
void dynarray_reverse(dynarray *a);

/*
** dynarray_rotate: element k becomes the first, those before it follow the last, as std::rotate does;
** k <= size (0 and size change nothing). O(n).
*/
void dynarray_rotate(dynarray *a, size_t k);

/*
** dynarray_fill: elements i to j - 1 become copies of `element`, which must not lie among them;
** i <= j <= capacity. Elements past the size are written too; the size stays. O(j - i).
*/
void dynarray_fill(dynarray *a, size_t i, size_t j, const void *element);

/*
** dynarray_dedup_numeric: of neighbours that are equal (zeros are, NaN never) the first stays. Sets
** the size and returns how many elements were removed. O(n).
*/
size_t dynarray_dedup_numeric(dynarray *a);

/* ---------------------------------------------------------------------------------------------
** Search, O(n); `element` points to one of the array's type
*/

/* dynarray_index_of: the first index >= from of an equal element, else the size. NaN equals none. */
size_t dynarray_index_of(const dynarray *a, size_t from, const void *element);

/* dynarray_count: how many elements of a numeric array are equal to that one. */
size_t dynarray_count(const dynarray *a, const void *element);

/* ---------------------------------------------------------------------------------------------
** Reduction of numeric arrays, O(n)
*/

/*
** dynarray_min, dynarray_max: the index of the first least or greatest element; of the first NaN if
** there is one. The size (0) of an empty array.
*/
size_t dynarray_min(const dynarray *a);
size_t dynarray_max(const dynarray *a);

/*
** dynarray_sum_float, dynarray_dot_float: pairwise, in double: the relative error is below 2^-53 times
** (200 + log2(n / 4096)) of the sum of the absolute values, most often far below. Any numeric type.
*/
double dynarray_sum_float(const dynarray *a);
double dynarray_dot_float(const dynarray *a, const dynarray *b);

/* dynarray_sum_integer, dynarray_dot_integer: of integer types, modulo 2^64, as Lua's integers. */
int64_t dynarray_sum_integer(const dynarray *a);
int64_t dynarray_dot_integer(const dynarray *a, const dynarray *b);

/* dynarray_is_float: whether the element type is float32 or float64. */
bool dynarray_is_float(const dynarray *a);

/* ---------------------------------------------------------------------------------------------
** Element-wise arithmetic of numeric arrays, O(n)
*/

typedef enum dynarray_operation {
    DYNARRAY_ADD,
    DYNARRAY_SUB,
    DYNARRAY_MUL,
    DYNARRAY_DIV, /* of integers: exact, else the result does not fit */
    DYNARRAY_ABS,
    DYNARRAY_SQRT /* of integers: exact as well */
} dynarray_operation;

/*
** dynarray_arithmetic: results[i] = a[i] op b[i], of the array's type. b: of the same type and at least
** that size, or NULL for the one operand at `operand` (NULL if the operation has none). results: a's
** own data, or memory that overlaps neither; b and operand must not overlap a's data in that case.
** Returns the index of the first result that does not fit, else the size. In place, nothing is changed
** then. Floats always fit: overflow is an infinity.
*/
size_t dynarray_arithmetic(dynarray_operation operation, const dynarray *a, const dynarray *b,
                           const void *operand, void *results);

/* dynarray_clamp: elements below *least become it, above *greatest that; NaN stays. */
void dynarray_clamp(dynarray *a, const void *least, const void *greatest);

/*
** dynarray_cumsum: each element becomes the sum of all up to it, in the array's type (float32: added up
** as float64). Returns the index of the first sum that does not fit, nothing changed, else the size.
*/
size_t dynarray_cumsum(dynarray *a);

/* dynarray_to_float64: writes the elements as doubles, rounded to the nearest. */
void dynarray_to_float64(const dynarray *a, double *results);

#endif
