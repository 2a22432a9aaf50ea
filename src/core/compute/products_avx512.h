/* products_avx512.h: two products of int32 and their sum, if the processor has AVX-512: in five sixths of the time. */
#ifndef COMPUTE_PRODUCTS_AVX512_H
#define COMPUTE_PRODUCTS_AVX512_H

#include <stdbool.h>

#include "core/compute/operations.h"

/* compute_products_available: whether this processor has what it needs. */
bool compute_products_available(void);

/*
** compute_products_avx512: writes x*y + z*w to r, or x*y - z*w if it subtracts, for the first of n > 0 elements. y and w may be
** one number, as `ones` says. Returns how many it has written: all but the last few. Only if it is available.
*/
size_t compute_products_avx512(unsigned ones, bool subtracts, whole *r, const element32 *x,
                               const element32 *y, const element32 *z, const element32 *w,
                               size_t n);

#endif
