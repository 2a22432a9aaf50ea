/* argsort.h: in which order the elements of a numeric array stand. */
#ifndef ARGSORT_H
#define ARGSORT_H

#include "dynarray.h"

/*
** dynarray_argsort: the indices of the elements, from 1, in the order of their elements; equal ones keep theirs (all
** zeros are equal). NaN comes last, also with `descending`. A radix sort: O(n), with 32 bytes an element of
** scratch memory from the array's heap. DYNARRAY_NO_MEMORY if there is none.
*/
dynarray_status dynarray_argsort(const dynarray *a, bool descending, int64_t *indices);

/* dynarray_sort_descending: dynarray_sort, the greatest element first; NaN comes last all the same. */
void dynarray_sort_descending(dynarray *a);

/*
** dynarray_top: the same for the first k of the descending order alone, k <= size; the scratch memory is
** 16 bytes for each of the k, up to some thousand, else as above. O(n).
*/
dynarray_status dynarray_top(const dynarray *a, size_t k, int64_t *indices);

#endif
