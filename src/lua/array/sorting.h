/* sorting.h: the elements of an array in sorted order, by a comparator or by <. */
#ifndef BINDING_SORTING_H
#define BINDING_SORTING_H

#include "lua/base/state.h"

/* An order that was asked for: by a comparator, or by <, perhaps the other way round. */
typedef struct Order {
    int less; /* stack index of the comparator, 0: < */
    bool descending;
} Order;

/*
** Sorts a copy of the words of all elements, and pushes what holds it. Returns the sorted words; or, if `places`, the
** indices of the elements in sorted order, from 1. *before: the array's elements as they were, see check_as_before.
*/
const uint64_t *push_sorted(lua_State *L, Array *A, Order order, bool places, const void **before);

/*
** To be called before sorted words are used: raises an error unless the array still has the same elements. Only those
** keep the objects of the sorted words alive.
*/
void check_as_before(lua_State *L, Array *A, size_t n, const void *before);

/*
** The words of a value array as an array of type float64 or uint64, if all of them are floats, or integers; otherwise
** its type is value. sort_plain_words sorts such words, or a copy of them, as these numbers.
*/
dynarray plain_words(const Array *A);
void sort_plain_words(dynarray *words);

/* Pushes the elements that would be k to k + count - 1 (from 0) if the array were sorted by <. */
void push_nth(lua_State *L, Array *A, size_t k, size_t count);

#endif
