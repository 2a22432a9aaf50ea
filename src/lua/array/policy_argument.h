/* policy_argument.h: growth policies as scripts name them: factors, names, functions. */
#ifndef BINDING_POLICY_ARGUMENT_H
#define BINDING_POLICY_ARGUMENT_H

#include "lua/base/state.h"

/* Gives the array the policy at arg: a factor, a name or a function. */
void set_growth(lua_State *L, Array *A, int index, int arg);

/* Pushes the policy as it was given. */
void push_growth(lua_State *L, const Array *A, int index);

/* The N of "increment:N"; 0 if the name is something else. */
size_t increment_of(const char *name);

/* Calls the policy that is a Lua function, and checks its result. It may do anything with the array. */
size_t scripted_capacity(lua_State *L, Array *A, int index, size_t needed);

#endif
