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

/* The capacity becomes exactly this (capacity > it, size <= it), or an error. May run Lua code. */
void raise_capacity(lua_State *L, Array *A, int index, size_t capacity);
void lower_capacity(lua_State *L, Array *A, size_t capacity);

/*
** Takes back what make_room did since then: the capacity and the figures. A host's allocator that refuses to
** make a block smaller leaves the capacity, and the figures that go with it.
*/
typedef struct before_growth {
    size_t size, capacity;
    dynarray_stats stats;
} before_growth;
before_growth note_growth(const Array *A);
void undo_growth(Array *A, const before_growth *before);

#endif
