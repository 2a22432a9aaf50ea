/* array.h: functions for the rest of the core and the Lua binding, beside those of the public header. */
#ifndef ARRAY_H
#define ARRAY_H

#include "dynarray.h"

/*
** array_next_capacity: what the array's policy answers for `needed` elements, kept within max_size,
** the heap's limit and what an object can have; no side effects.
*/
dynarray_status array_next_capacity(const dynarray *a, size_t needed, size_t *capacity);

/* array_clamp: a capacity >= needed, reduced to what the array may have but not below needed. */
size_t array_clamp(const dynarray *a, size_t capacity, size_t needed);

/* array_may_hold: DYNARRAY_OK, DYNARRAY_TOO_LARGE, _MAX_SIZE or _FIXED for a capacity of n. */
dynarray_status array_may_hold(const dynarray *a, size_t n);

#endif
