/* equality.h: a == b. */
#ifndef BINDING_METHODS_EQUALITY_H
#define BINDING_METHODS_EQUALITY_H

#include "lua/base/compat.h"

extern const luaL_Reg equality_methods[];

#endif
