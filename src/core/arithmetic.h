/* arithmetic.h: element-wise arithmetic of numeric arrays, O(n). Nothing here allocates. */
#ifndef ARITHMETIC_H
#define ARITHMETIC_H

#include "dynarray.h"

typedef enum dynarray_operation {
    DYNARRAY_ADD,
    DYNARRAY_SUB,
    DYNARRAY_MUL,
    DYNARRAY_DIV, /* of integers: exact, or the result does not fit */
    DYNARRAY_ABS,
    DYNARRAY_SQRT /* of integers: exact as well */
} dynarray_operation;

/*
** dynarray_arithmetic: results[i] = a[i] op b[i], in the type of a. b has the same type and at least the same
** size; or b is NULL, and `operand` is the second operand of all (NULL if the operation has only one).
** results is the data of a, or memory that overlaps neither a nor b. If it is the data of a, b and operand
** must not overlap that. Returns the index of the first result that does not fit, or the size. If one does
** not fit in place, nothing has changed. Floats always fit: overflow gives an infinity.
*/
size_t dynarray_arithmetic(dynarray_operation operation, const dynarray *a, const dynarray *b,
                           const void *operand, void *results);

/* dynarray_clamp: makes elements below *least equal to it, and those above *greatest equal to that; NaN stays. */
void dynarray_clamp(dynarray *a, const void *least, const void *greatest);

/*
** dynarray_cumsum: makes each element the sum of all elements up to it (float32 is added as float64). Returns the
** size; or the index of the first sum that does not fit, and then nothing has changed.
*/
size_t dynarray_cumsum(dynarray *a);

#endif
