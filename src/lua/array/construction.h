/* construction.h: new arrays by their options. */
#ifndef BINDING_CONSTRUCTION_H
#define BINDING_CONSTRUCTION_H

#include "lua/array/options.h"
#include "lua/base/state.h"

/* Pushes a new empty array. */
Array *array_new(lua_State *L, State *S, const Options *options);

/* The same with default options, but the bounds of the model. */
Array *array_new_plain(lua_State *L, const Array *model, dynarray_type type, size_t capacity);

/* The same with the elements of A, which has a numeric type. */
Array *push_copy(lua_State *L, Array *A);

#endif
