/* growth.h: policies and statistics of growth. */
#ifndef BINDING_METHODS_GROWTH_H
#define BINDING_METHODS_GROWTH_H

#include "lua/base/compat.h"

extern const luaL_Reg growth_methods[];
extern const luaL_Reg growth_values[]; /* of the module */

#endif
