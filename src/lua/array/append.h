/* append.h: elements put behind the last one, and how that is taken back. */
#ifndef BINDING_APPEND_H
#define BINDING_APPEND_H

#include "lua/array/growth.h"
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

/* value_reserve_slots; if memory runs out, a growth since then is taken back. */
void reserve_or_undo(lua_State *L, Array *A, int index, size_t objects,
                     const before_growth *before);

#endif
