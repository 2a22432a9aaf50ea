/*
** sort.h: order. NaN comes last and is equal to NaN, -0.0 comes before 0.0: what is equal in this order
** is the same number, so that a sort by it is stable as well.
*/
#ifndef SORT_H
#define SORT_H

#include "dynarray.h"

/*
** dynarray_sort: sorts a numeric array. Types of 4 and 8 bytes where the processor has AVX-512: O(n log n), in
** place. All else: O(n) for a given type, a radix sort, with up to half a MiB of scratch memory from the
** array's heap for more than some hundred elements; in place, at about a third of the speed, if there is
** none. An array that is sorted already takes one look.
*/
void dynarray_sort(dynarray *a);

/* dynarray_is_sorted: whether no element of a numeric array is less than the one before it. O(n). */
bool dynarray_is_sorted(const dynarray *a);

/*
** dynarray_nth: writes the element that would be at k if the numeric array were sorted; k < size. O(n)
** without memory: it narrows the place down by the digits of a radix sort.
*/
void dynarray_nth(const dynarray *a, size_t k, void *element);

#endif
