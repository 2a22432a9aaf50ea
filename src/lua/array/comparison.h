/* comparison.h: which of two Lua values sorts before the other. */
#ifndef BINDING_COMPARISON_H
#define BINDING_COMPARISON_H

#include "lua/base/state.h"

/* An argument that is a comparator, or nothing: its index, or 0. */
int check_less(lua_State *L, int arg);

/*
** Whether the value at x sorts before that at y: as the comparator at `less` says, which may do anything;
** if that is 0, by Lua's <, but NaN comes after all other numbers.
*/
bool value_less(lua_State *L, int less, int x, int y);

#endif
