/* truncate.h: takes elements off the end. */
#ifndef BINDING_TRUNCATE_H
#define BINDING_TRUNCATE_H

#include "lua/base/state.h"

/* Keeps only the first n elements, n <= size, or raises an error. */
void truncate_to(lua_State *L, Array *A, int index, size_t n);

/* Removes the last element and pushes it. */
void pop_element(lua_State *L, Array *A, int index);

#endif
