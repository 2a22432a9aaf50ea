/* constructors.h: new arrays: new, of, from, filled. */
#ifndef BINDING_METHODS_CONSTRUCTORS_H
#define BINDING_METHODS_CONSTRUCTORS_H

#include "lua/base/compat.h"

extern const luaL_Reg constructors_functions[]; /* of the module */

#endif
