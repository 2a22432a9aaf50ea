/* gather.h: elements picked by their indices. */
#ifndef BINDING_METHODS_GATHER_H
#define BINDING_METHODS_GATHER_H

#include "lua/base/compat.h"

extern const luaL_Reg gather_methods[];

#endif
