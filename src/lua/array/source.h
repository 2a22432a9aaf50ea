/* source.h: elements from a table, another array or a function. */
#ifndef BINDING_SOURCE_H
#define BINDING_SOURCE_H

#include "lua/base/state.h"

/* Appends all elements of the source at that index, or none. */
void extend_from(lua_State *L, Array *A, int index, int source);

/* The same; errors count indices as if the first element went to index `first` (from 0). Returns how many. */
size_t extend_from_as(lua_State *L, Array *A, int index, int source, size_t first);

/* Pushes element k (from 0) of the source: a table without metatable, or the array B. */
void fetch(lua_State *L, int source, const Array *B, size_t k);

/* How many of the elements i to n - 1 need a slot. */
size_t count_objects(lua_State *L, int source, const Array *B, size_t i, size_t n);

/* Whether the value is a table, or userdata that has a length and elements: __len and __index. */
bool is_list(lua_State *L, int index);

/*
** Reads a source that runs Lua code (a function, a table with metamethods) into an array of its own, and pushes
** that. Whatever the source does or raises, A changes only when all elements are there. first is the index,
** from 0, that the first element will have; most is how many there may be.
*/
Array *collect(lua_State *L, const Array *A, int source, size_t first, size_t most);

/*
** Puts a copy in place of the array at that index, which is not counted from the top: for methods that read an array while they
** write to another one, of which it may be a view. The copy has the same objects, and as many as the array had: an error if a
** finalizer changed that.
*/
Array *put_copy_in_place(lua_State *L, int index);

#endif
