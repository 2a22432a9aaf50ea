/* lifecycle.h: makes and closes arrays, and counts pins, which keep a block where it is. */
#ifndef BINDING_LIFECYCLE_H
#define BINDING_LIFECYCLE_H

#include "lua/base/state.h"

/*
** Pushes an array without options, with an inline block of that capacity, and with that many own slots. struct_bytes
** is the size of Array, or of a struct that begins with one; the caller sets the rest of that.
*/
Array *array_create(lua_State *L, State *S, dynarray_type type, size_t struct_bytes,
                    size_t own_capacity, unsigned own_slots);

/* Raises an error if a finalizer has found the new array by the debug library, and changed it. */
void check_blank(lua_State *L, const Array *A);

/* Frees the block and everything else. The array is empty from then on. */
void array_close(lua_State *L, Array *A, int index);

/* The same for an array whose state has closed and has freed what the array held. */
void array_lose(Array *A);

/*
** Lets go of the objects in own slots of a closed array. A finalizer need not do that: they go with the array. That
** saves a tenth of the time that an array of ten strings takes.
*/
void array_release_objects(lua_State *L, Array *A, int index);

/* Takes n pins off the array. For a view it takes them off the parent, too. */
void remove_pins(Array *A, unsigned n);

#endif
