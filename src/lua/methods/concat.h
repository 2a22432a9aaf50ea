/* concat.h: elements joined to a string. */
#ifndef BINDING_METHODS_CONCAT_H
#define BINDING_METHODS_CONCAT_H

#include "lua/base/compat.h"

extern const luaL_Reg concat_methods[];

#endif
