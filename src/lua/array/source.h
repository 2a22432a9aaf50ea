/* source.h: elements from a table, another array or a function. */
#ifndef BINDING_SOURCE_H
#define BINDING_SOURCE_H

#include "lua/base/state.h"

/* Appends all that the source at that index gives, or nothing. */
void extend_from(lua_State *L, Array *A, int index, int source);

/* The same for what will stand from `first` (from 0) on, so for messages; returns how many. */
size_t extend_from_as(lua_State *L, Array *A, int index, int source, size_t first);

/* Pushes element k (from 0) of the source: a table without metatable, or the array B. */
void fetch(lua_State *L, int source, const Array *B, size_t k);

/* How many of its elements i to n - 1 need a slot. */
size_t count_objects(lua_State *L, int source, const Array *B, size_t i, size_t n);

/*
** Sources that run Lua code (iterators, tables with metamethods) are read into an array of their own
** first, which is pushed: whatever they do or raise, A is only changed once all is there. first: the
** index, from 0, that the first element will have; most: how many there may be.
*/
Array *collect(lua_State *L, const Array *A, int source, size_t first, size_t most);

#endif
