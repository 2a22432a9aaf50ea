/* anchor.h: keeps the objects of value arrays alive. */
#ifndef BINDING_ANCHOR_H
#define BINDING_ANCHOR_H

#include "lua/array/value_word.h"
#include "lua/base/state.h"

/* Pushes the value of the element; index: where A is. */
void value_push(lua_State *L, const Array *A, int index, const void *element);

/* Whether the array, or the parent of the view, has objects in slots. */
bool value_has_objects(Array *A);

/*
** What anchors the objects of an array, on the stack, for code that pushes many: push_anchors pushes two values, and
** push_anchored one. The latter is false, and the value nil, if the object is gone: the array was closed or has
** dropped it.
*/
typedef struct anchors {
    int owner, table; /* indices; the table may be nil */
} anchors;

anchors push_anchors(lua_State *L, const Array *A, int index);

static inline bool push_anchored(lua_State *L, const anchors *from, uint64_t word) {
    const uint32_t slot = value_slot(word);
    if (slot <= MOST_OWN_SLOTS) return lua_getiuservalue(L, from->owner, 1 + (int)slot) != LUA_TNIL;
    return lua_rawgeti(L, from->table, (lua_Integer)(slot - MOST_OWN_SLOTS)) != LUA_TNIL;
}

/*
** Reserves slots, so that n objects can be anchored without an error. May create a table and so run finalizers:
** check the array again afterwards.
*/
void value_reserve_slots(lua_State *L, Array *A, int index, size_t n);

/* How many objects can be anchored without an error now. */
size_t value_unused_slots(Array *A);

/* Makes a word of the value at arg. If the value needs a slot, that must be reserved. */
uint64_t value_encode(lua_State *L, Array *A, int index, int arg);

/* The same for the value on the top of the stack, which it pops; index does not count from the top. */
uint64_t value_encode_top(lua_State *L, Array *A, int index);

/* The same for a value that is known to need a slot. */
uint64_t value_anchor(lua_State *L, Array *A, int index, int arg);

/* The same for one on the top of the stack, which it pops, if the array, which is no view, has a free own slot. */
uint64_t value_anchor_own(lua_State *L, Array *A, int index);

/* Replaces element i (from 0) of a value array by the value at arg. May run finalizers. */
void value_set(lua_State *L, Array *A, int index, size_t i, int arg);

/* Free the slots of elements i to j - 1 (from 0), or of one word. Never raise. */
void value_release(lua_State *L, Array *A, int index, size_t i, size_t j);
void value_release_word(lua_State *L, Array *A, int index, uint64_t word);

/* Drops the table of slots if the array anchors nothing and needs it for nothing else. */
void value_drop_slots(lua_State *L, Array *A, int index);

#endif
