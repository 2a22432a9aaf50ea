/* iterate.h: pairs, ipairs and iter. */
#ifndef BINDING_METHODS_ITERATE_H
#define BINDING_METHODS_ITERATE_H

#include "lua/base/compat.h"

extern const luaL_Reg iterate_methods[];
extern const luaL_Reg iterate_values[]; /* of the module */

#endif
