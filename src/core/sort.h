/*
** sort.h: sorting. NaN comes last and equals NaN; -0.0 comes before 0.0. Numbers that are equal in this order
** are the same number, so every sort by it is stable.
*/
#ifndef SORT_H
#define SORT_H

#include "dynarray.h"

/*
** dynarray_sort: sorts a numeric array. With AVX-512, types of 4 and 8 bytes are sorted in place, O(n log n).
** Otherwise it is a radix sort, O(n), which for more than some hundred elements takes up to half a MiB of scratch
** memory from the array's heap; if there is none, it sorts in place at about a third of the speed. An array that is
** sorted already is only read once.
*/
void dynarray_sort(dynarray *a);

/* dynarray_is_sorted: whether no element of a numeric array is less than the one before it. O(n). */
bool dynarray_is_sorted(const dynarray *a);

/*
** dynarray_nth: writes to `element` what would be at k if the numeric array were sorted; k < size. O(n), takes
** no memory: it finds the element digit by digit.
*/
void dynarray_nth(const dynarray *a, size_t k, void *element);

#endif
