/* memory.h: how much the arrays of a state hold, the limit of that, and when arrays start the collector. */
#ifndef BINDING_METHODS_MEMORY_H
#define BINDING_METHODS_MEMORY_H

#include "lua/base/compat.h"

extern const luaL_Reg memory_functions[]; /* of the module */

#endif
