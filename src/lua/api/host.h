/* host.h: the functions of dynarray_lua.h. */
#ifndef BINDING_HOST_H
#define BINDING_HOST_H

#include "lua/base/state.h"

/* Puts them into the state, where hosts find them. */
void host_init(State *S);

#endif
