/* comparison.h: which of two Lua values sorts before the other. */
#ifndef BINDING_COMPARISON_H
#define BINDING_COMPARISON_H

#include "lua/base/state.h"

/* The index of the argument if it is a comparator, 0 if there is none. */
int check_less(lua_State *L, int arg);

/*
** Whether the value at x sorts before the value at y. The comparator at the index `less` decides, and may do
** anything. If less is 0, Lua's < decides, and NaN comes after all other numbers.
*/
bool value_less(lua_State *L, int less, int x, int y);

#endif
