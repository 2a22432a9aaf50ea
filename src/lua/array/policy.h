/* policy.h: growth policies as scripts name them: factors, names, functions. */
#ifndef BINDING_POLICY_H
#define BINDING_POLICY_H

#include "lua/base/state.h"

/* The policy at arg (a factor, a name, a function) becomes the array's. */
void set_growth(lua_State *L, Array *A, int index, int arg);

/* Pushes it as it was given. */
void push_growth(lua_State *L, const Array *A, int index);

/* N of "increment:N", 0 if the name is something else. */
size_t increment_of(const char *name);

/* What the array's Lua function answers, checked; it may do anything with the array. */
size_t scripted_capacity(lua_State *L, Array *A, int index, size_t needed);

#endif
