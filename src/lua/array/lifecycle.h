/* lifecycle.h: arrays made and closed, and pins, which bind a block meanwhile. */
#ifndef BINDING_LIFECYCLE_H
#define BINDING_LIFECYCLE_H

#include "lua/base/state.h"

/*
** Pushes an array without options: struct_bytes, of an Array or a struct that begins with one, whose rest
** is the caller's to set, and an inline block of that capacity.
*/
Array *array_create(lua_State *L, State *S, dynarray_type type, size_t struct_bytes,
                    size_t own_capacity);

/* Raises an error if a finalizer, with the debug library, has found a new array and changed it. */
void check_blank(lua_State *L, const Array *A);

/* Frees the block and everything else; the array is empty for good. */
void array_close(lua_State *L, Array *A, int index);

/* The same for an array whose state has closed, which freed what it held. */
void array_lose(Array *A);

/* Takes n pins off the array; a view's come off its parent, too. */
void remove_pins(Array *A, unsigned n);

#endif
