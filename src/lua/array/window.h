/* window.h: what a view has of its parent, and whether an array is still as it was. */
#ifndef BINDING_WINDOW_H
#define BINDING_WINDOW_H

#include "lua/base/state.h"

#define PARENT_KEY "parent" /* of the parent in a view's user value */

/* Data and size as the parent has them now; nothing for an array that is no view. */
void view_sync(Array *A);

/* The array whose slots anchor the elements: the parent of a view. */
Array *anchor_owner(Array *A);

/* Pushes that array; index: where A is. */
void push_anchor_owner(lua_State *L, const Array *A, int index);

/*
** After a call into Lua, which may be a finalizer's: view_sync, and an error unless the size is still this,
** or at least this.
*/
void check_unchanged(lua_State *L, Array *A, size_t size);
void check_still_has(lua_State *L, Array *A, size_t size);

#endif
