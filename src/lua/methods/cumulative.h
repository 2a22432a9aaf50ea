/* cumulative.h: cumsum, cummax, cummin, diff. */
#ifndef BINDING_METHODS_CUMULATIVE_H
#define BINDING_METHODS_CUMULATIVE_H

#include "lua/base/compat.h"

extern const luaL_Reg cumulative_methods[];

#endif
