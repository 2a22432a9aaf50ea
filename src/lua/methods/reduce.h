/* reduce.h: one result from all elements. */
#ifndef BINDING_METHODS_REDUCE_H
#define BINDING_METHODS_REDUCE_H

#include "lua/base/compat.h"

extern const luaL_Reg reduce_methods[];

#endif
