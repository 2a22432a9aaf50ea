/* window.h: brings views up to date, and checks whether an array is still as it was. */
#ifndef BINDING_WINDOW_H
#define BINDING_WINDOW_H

#include "lua/base/state.h"

#define PARENT_KEY "parent" /* key of the parent in the user value of a view */

/* Gives a view the data and the size that it has in its parent now. Does nothing for other arrays. */
void view_sync(Array *A);

/* The array whose slots anchor the elements: the array itself, or the parent of a view. */
Array *anchor_owner(Array *A);

/* Pushes that array; index is that of A. */
void push_anchor_owner(lua_State *L, const Array *A, int index);

/*
** After a call into Lua, which may be a finalizer's: view_sync, and an error unless the size is still this,
** or at least this.
*/
void check_unchanged(lua_State *L, Array *A, size_t size);
void check_still_has(lua_State *L, Array *A, size_t size);

#endif
