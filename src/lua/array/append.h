/* append.h: adds elements at the end, and undoes that after a failure. */
#ifndef BINDING_APPEND_H
#define BINDING_APPEND_H

#include "lua/array/growth.h"
#include "lua/base/state.h"

/* Appends the `count` values from arg on, or none of them. */
void append_values(lua_State *L, Array *A, int index, int arg, int count);

/* Makes the size n, larger than it was. New elements are the value at arg, or the fill if arg is 0. */
void resize_up(lua_State *L, Array *A, int index, size_t n, int arg);

/*
** Moves the last n elements, which were just appended, to `position`. As they are appended first, everything that may
** fail or run Lua code is done before an element moves.
*/
void move_appended(lua_State *L, Array *A, int index, size_t position, size_t n);

/* value_reserve_slots; if memory runs out, undoes the growth since then. */
void reserve_or_undo(lua_State *L, Array *A, int index, size_t objects,
                     const before_growth *before);

#endif
