/* arithmetic.h: element-wise arithmetic of numeric arrays, O(n). Nothing here allocates. */
#ifndef ARITHMETIC_H
#define ARITHMETIC_H

#include "dynarray.h"

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
