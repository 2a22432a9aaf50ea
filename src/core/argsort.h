/* argsort.h: the sorted order of the elements of a numeric array, as indices. */
#ifndef ARGSORT_H
#define ARGSORT_H

#include "dynarray.h"

/*
** dynarray_argsort: writes the indices of the elements, from 1, in sorted order. Equal elements keep their order (all
** zeros are equal). NaN comes last, also with `descending`. A radix sort: O(n), with 32 bytes an element of scratch
** memory from the array's heap, or 16 for types of at most 32 bits; DYNARRAY_NO_MEMORY if there is none.
*/
dynarray_status dynarray_argsort(const dynarray *a, bool descending, int64_t *indices);

/* dynarray_sort_descending: sorts with the greatest element first; NaN still comes last. */
void dynarray_sort_descending(dynarray *a);

/*
** dynarray_top: as dynarray_argsort, but only for the first k of the descending order, k <= size. If k is at most
** some thousand, the scratch memory is 16 bytes for each of the k; otherwise it is as above. O(n).
*/
dynarray_status dynarray_top(const dynarray *a, size_t k, int64_t *indices);

#endif
