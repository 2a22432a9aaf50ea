/* statistics.h: statistics of numbers. */
#ifndef BINDING_METHODS_STATISTICS_H
#define BINDING_METHODS_STATISTICS_H

#include "lua/base/compat.h"

extern const luaL_Reg statistics_methods[];

#endif
