/* growth.h: capacity, with policies, observers and the collector in between. */
#ifndef BINDING_GROWTH_H
#define BINDING_GROWTH_H

#include "lua/base/state.h"

/*
** Makes room for `extra` more elements, or raises an error. May run Lua code (policy, observer, finalizers), which may
** change the array; there is room afterwards.
*/
void make_room_slow(lua_State *L, Array *A, int index, size_t extra);

static inline size_t room(const Array *A) { return A->core.capacity - A->core.size; }

static inline void make_room(lua_State *L, Array *A, int index, size_t extra) {
    if (DYNARRAY_UNLIKELY(extra > room(A))) make_room_slow(L, A, index, extra);
}

/*
** Make the capacity exactly this: larger than it is, or smaller, but not less than the size. Raise an error if that fails.
** May run Lua code.
*/
void raise_capacity(lua_State *L, Array *A, int index, size_t capacity);
void lower_capacity(lua_State *L, Array *A, size_t capacity);

/*
** Undoes what make_room did since then: the capacity and the figures. If a host's allocator refuses to make the block
** smaller, the capacity and its figures stay.
*/
typedef struct before_growth {
    size_t size, capacity;
    dynarray_stats stats;
} before_growth;
before_growth note_growth(const Array *A);
void undo_growth(Array *A, const before_growth *before);

/* cut_room: gives back the room of a result that uses at most half of it. If that fails, the room stays. */
void cut_room(Array *A);

#endif
