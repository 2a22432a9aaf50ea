/* view_sync.h: brings views up to date, and checks whether an array is still as it was. */
#ifndef BINDING_VIEW_SYNC_H
#define BINDING_VIEW_SYNC_H

#include "lua/base/state.h"

#define PARENT_KEY "parent" /* key of the parent in the user value of a view */

/* Gives a view the data and the size that it has in its parent now. Does nothing for other arrays. */
void view_sync(Array *A);

/* The array whose slots anchor the elements: the array itself, or the parent of a view. */
Array *anchor_owner(Array *A);

/* Pushes that array; index is that of A. */
void push_anchor_owner(lua_State *L, const Array *A, int index);

/*
** Whether others may write to the elements at any moment: they are mapped or lent, or a host knows their address. An
** element may then change between two reads.
*/
bool is_shared(Array *A);

/* Whether the elements of A, up to its capacity, and those of B have addresses in common. */
bool overlaps(const Array *A, const Array *B);

/*
** Whether elements of both may be the same memory at two addresses: two mappings of one file, or of memory that a host
** lends. Mapped arrays are told apart by their files; nothing is known about lent memory.
*/
bool may_alias(Array *A, Array *B);

/*
** To be called after Lua code may have run, finalizers too: calls view_sync, and tells whether the size is still this. An array
** that reads a growing file may have become larger: it gets this size back until it is an argument the next time. So what
** was counted before is still what the array has.
*/
bool has_kept_size(Array *A, size_t size);

/* The same, but raises an error unless the size is still this, or at least this. */
void check_unchanged(lua_State *L, Array *A, size_t size);
void check_still_has(lua_State *L, Array *A, size_t size);

#endif
