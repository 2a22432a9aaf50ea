/* append.h: elements put behind the last one, and how that is taken back. */
#ifndef BINDING_APPEND_H
#define BINDING_APPEND_H

#include "lua/base/state.h"

/* Appends the `count` values from arg on, or nothing. */
void append_values(lua_State *L, Array *A, int index, int arg, int count);

/* Grows to n elements, the new ones from the value at arg, or the array's fill if arg is 0. */
void resize_up(lua_State *L, Array *A, int index, size_t n, int arg);

/*
** The last n elements, just appended, move to `position`. Appending first means that all that may fail
** or run Lua code is over before an element moves.
*/
void move_appended(lua_State *L, Array *A, int index, size_t position, size_t n);

/* What to go back to if an operation fails after the array grew; first: see extend_from_as. */
typedef struct undo {
    size_t size, capacity, first;
    dynarray_stats stats;
} undo;

undo before_growth(const Array *A, size_t first);
void undo_all(Array *A, const undo *before);

/* value_reserve_slots; if memory runs out, the array gets its old capacity back. */
void reserve_or_undo(lua_State *L, Array *A, int index, size_t objects, const undo *before);

#endif
