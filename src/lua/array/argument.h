/* argument.h: arguments that are arrays, places and ranges in them, numbers and names. */
#ifndef BINDING_ARGUMENT_H
#define BINDING_ARGUMENT_H

#include "lua/base/error.h"
#include "lua/base/state.h"

/* The array at that index, or NULL if there is something else. */
Array *array_test(lua_State *L, State *S, int index);

/* The array at that index; anything else is an argument error. */
Array *array_check(lua_State *L, State *S, int index);

/* Argument 1 if it is a known array, or NULL. */
static inline Array *known_self(lua_State *L) {
    const State *S = state_of(L);
    Array *A = (Array *)lua_touserdata(L, 1);
    if (DYNARRAY_UNLIKELY(!is_known(L, S, 1, A))) return NULL;
    return A;
}

/*
** Argument 1 as an array; anything else is an argument error. To compare metatables takes three calls of Lua's
** API. For a known array the address and the id are enough.
*/
static inline Array *self(lua_State *L) {
    Array *A = known_self(L);
    if (DYNARRAY_UNLIKELY(A == NULL)) return array_check(L, state_of(L), 1);
    return A;
}

/* Raises an error if there are more than `most` arguments. */
static inline void check_most(lua_State *L, int most) {
    if (DYNARRAY_UNLIKELY(lua_gettop(L) > most)) fail_too_many(L, most);
}

/* Argument 1 as an array, of at most `most` arguments. */
static inline Array *self_most(lua_State *L, int most) {
    Array *A = self(L);
    check_most(L, most);
    return A;
}

/*
** self for an access to element i. The elements that a reader of a file has seen are there. Only for a larger
** index does it ask the system for the size that the file has now.
*/
Array *self_at(lua_State *L, lua_Unsigned i);

/* Argument 1 as an array that may be written to; anything else is an error. */
static inline Array *self_writable(lua_State *L) {
    Array *A = self(L);
    if (DYNARRAY_UNLIKELY(A->core.flags & ARRAY_READ_ONLY)) fail_read_only(L);
    return A;
}

/* The same, of at most `most` arguments. */
static inline Array *self_writable_most(lua_State *L, int most) {
    Array *A = self_writable(L);
    check_most(L, most);
    return A;
}

/* Argument 1 as an array of numbers, whose bytes have a meaning outside of this state; else an error. */
Array *self_with_bytes(lua_State *L);

/* Raises an argument error unless the array has a numeric type. */
void check_numeric(lua_State *L, const Array *A, int arg);

/* Raises an error unless both arrays have the same type and size. */
void check_same_kind(lua_State *L, const Array *A, const Array *B);

/* Raises an argument error unless the value is a number. A bounds check then tells whether it is an index. */
void check_index(lua_State *L, int arg);

/* The index at arg, 1 to `most`, counted from 0; raises an error if it is out of bounds. */
size_t check_place(lua_State *L, const Array *A, int arg, size_t most);

/* The range of elements i to j, by the arguments arg and arg + 1: all by default, none if j < i. */
typedef struct range {
    size_t first,
        end; /* counted from 0; end is behind the last element and never less than first */
} range;
range check_range(lua_State *L, const Array *A, int arg);

/*
** Pushes what the value at that index, a file or what stands for one, has under that name; raises an error about
** argument `arg` unless it can be called.
*/
void push_function_of(lua_State *L, int index, int arg, const char *name);

/* The integer at arg, `least` to `most`; otherwise an argument error that names all three. */
size_t check_size(lua_State *L, int arg, const char *what, size_t least, size_t most);

/* The string at that index; "" if it is no string or contains a zero byte, as no name does. */
const char *name_at(lua_State *L, int index);

/*
** Whether one of the operands 1 and 2 is an array and the other a table or userdata with that metamethod. Then it
** is called with both and its result pushed: Lua asked the array only because that comes first.
*/
bool call_other(lua_State *L, const char *event);

#endif
