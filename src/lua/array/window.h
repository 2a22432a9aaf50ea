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
** Whether others may write to the elements at any moment, since they are mapped or lent, or a host holds
** their address: what is read twice may differ.
*/
bool is_shared(Array *A);

/* Whether the elements of A, up to its capacity, and those of B have addresses in common. */
bool overlaps(const Array *A, const Array *B);

/*
** Whether elements of both may be the same memory at two addresses: two mappings of one file, or of
** what a host lends. The files of mapped arrays tell them apart; of lent memory nothing is known.
*/
bool may_alias(Array *A, Array *B);

/*
** After a call into Lua, which may be a finalizer's: view_sync, and an error unless the size is still this,
** or at least this. What reads a file may have
** become larger meanwhile.
*/
void check_unchanged(lua_State *L, Array *A, size_t size);
void check_still_has(lua_State *L, Array *A, size_t size);

#endif
