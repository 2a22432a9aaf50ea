/* map_filter_reduce.h: methods that call a function for each element. */
#ifndef BINDING_METHODS_MAP_FILTER_REDUCE_H
#define BINDING_METHODS_MAP_FILTER_REDUCE_H

#include "lua/base/compat.h"

extern const luaL_Reg map_filter_reduce_methods[];

#endif
