/* join.h: elements joined to a string. */
#ifndef BINDING_METHODS_JOIN_H
#define BINDING_METHODS_JOIN_H

#include "lua/base/compat.h"

extern const luaL_Reg join_methods[];

#endif
