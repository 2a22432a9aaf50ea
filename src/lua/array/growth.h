/* growth.h: capacity, with policies, observers and the collector in between. */
#ifndef BINDING_GROWTH_H
#define BINDING_GROWTH_H

#include "lua/base/state.h"

/*
** Room for `extra` more elements, or an error. May run Lua code (policy, observer, finalizers), so the
** array may be another afterwards, but has the room.
*/
void make_room_slow(lua_State *L, Array *A, int index, size_t extra);

static inline size_t room(const Array *A) { return A->core.capacity - A->core.size; }

static inline void make_room(lua_State *L, Array *A, int index, size_t extra) {
    if (DYNARRAY_UNLIKELY(extra > room(A))) make_room_slow(L, A, index, extra);
}

/* The capacity becomes exactly this (size <= capacity), or an error. May run Lua code. */
void change_capacity(lua_State *L, Array *A, int index, size_t capacity);

/*
** Takes back what make_room did since these were the capacity and the figures. A host's allocator that
** refuses to make a block smaller leaves the capacity, and the figures that go with it.
*/
void undo_growth(Array *A, size_t capacity, const dynarray_stats *stats);

#endif
