/* anchor.h: objects of value arrays, kept alive. */
#ifndef BINDING_ANCHOR_H
#define BINDING_ANCHOR_H

#include "lua/array/word.h"
#include "lua/base/state.h"

/* Pushes the value of the element; index: where A is. */
void value_push(lua_State *L, const Array *A, int index, const void *element);

/*
** Sees to it that n objects can be anchored without an error. May create a table, and so run
** finalizers: what is known of the array must be looked at again.
*/
void value_reserve_slots(lua_State *L, Array *A, int index, size_t n);

/* How many objects can be anchored now. */
size_t value_unused_slots(Array *A);

/* A word for the value at arg; a slot that it needs must be reserved. */
uint64_t value_encode(lua_State *L, Array *A, int index, int arg);

/* Writes the value at arg over element i (from 0) of a value array. May run finalizers. */
void value_set(lua_State *L, Array *A, int index, size_t i, int arg);

/* Gives up what elements i to j - 1 (from 0) anchor, or one word. Never raises. */
void value_release(lua_State *L, Array *A, int index, size_t i, size_t j);
void value_release_word(lua_State *L, Array *A, int index, uint64_t word);

/* Gives up the table of slots of an array that anchors nothing and needs it for nothing else. */
void value_drop_slots(lua_State *L, Array *A, int index);

#endif
