/* compute.h: expressions on whole arrays. */
#ifndef BINDING_METHODS_COMPUTE_H
#define BINDING_METHODS_COMPUTE_H

#include "lua/base/compat.h"

extern const luaL_Reg compute_functions[];

#endif
