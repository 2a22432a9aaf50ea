/* argument.h: arguments that are arrays, places and ranges in them, numbers and names. */
#ifndef BINDING_ARGUMENT_H
#define BINDING_ARGUMENT_H

#include "lua/base/error.h"
#include "lua/base/state.h"

/* The array at that index, NULL if it is something else. */
Array *array_test(lua_State *L, State *S, int index);

/* The array at that index, or an argument error. */
Array *array_check(lua_State *L, State *S, int index);

/* Argument 1, NULL unless it was seen to be an array. */
static inline Array *known_self(lua_State *L) {
    const State *S = state_of(L);
    Array *A = (Array *)lua_touserdata(L, 1);
    if (DYNARRAY_UNLIKELY(!is_known(L, S, 1, A))) return NULL;
    return A;
}

/*
** Argument 1 as an array, or an argument error. Comparing metatables takes three calls of the API; a
** userdata that was seen to be an array stays one, so that its address and its id are enough.
*/
static inline Array *self(lua_State *L) {
    Array *A = known_self(L);
    if (DYNARRAY_UNLIKELY(A == NULL)) return array_check(L, state_of(L), 1);
    return A;
}

/* Argument 1 as an array that may be written to, or an error. */
static inline Array *self_writable(lua_State *L) {
    Array *A = self(L);
    if (DYNARRAY_UNLIKELY(A->core.flags & ARRAY_READ_ONLY)) fail_read_only(L);
    return A;
}

/* Argument 1 as an array of numbers, whose bytes mean something outside of this state, or an error. */
Array *self_with_bytes(lua_State *L);

/* An argument error unless the array is of a numeric type. */
void check_numeric(lua_State *L, const Array *A, int arg);

/* An error unless both arrays are of the same type and size. */
void check_same_kind(lua_State *L, const Array *A, const Array *B);

/* An argument error unless the value is a number: what it is as an index, a bounds check sees. */
void check_index(lua_State *L, int arg);

/* The index at arg, 1 <= i <= most, counted from 0; or the error of one out of bounds. */
size_t check_place(lua_State *L, const Array *A, int arg, size_t most);

/* Elements i to j of the arguments arg and arg + 1, all by default; none if j < i. */
typedef struct range {
    size_t first, end; /* from 0; end is past the last, never below first */
} range;
range check_range(lua_State *L, const Array *A, int arg);

/* The integer at arg, least <= n <= most, or an argument error that names all three. */
size_t check_size(lua_State *L, int arg, const char *what, size_t least, size_t most);

/* The string at that index, "" if it is something else or has a zero in it: no name has one. */
const char *name_at(lua_State *L, int index);

#endif
