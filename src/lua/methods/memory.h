/* memory.h: what the arrays of a state hold together, its limit, and how they pace the collector. */
#ifndef BINDING_METHODS_MEMORY_H
#define BINDING_METHODS_MEMORY_H

#include "lua/base/compat.h"

extern const luaL_Reg memory_functions[]; /* of the module */

#endif
