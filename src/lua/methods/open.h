/* open.h: arrays that are files. */
#ifndef BINDING_METHODS_OPEN_H
#define BINDING_METHODS_OPEN_H

#include "lua/array/options.h"
#include "lua/base/compat.h"

extern const luaL_Reg open_functions[]; /* of the module */

#endif
