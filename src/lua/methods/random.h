/* random.h: random order and random numbers. */
#ifndef BINDING_METHODS_RANDOM_H
#define BINDING_METHODS_RANDOM_H

#include "lua/base/compat.h"

extern const luaL_Reg random_methods[];
extern const luaL_Reg random_functions[];

#endif
