/* range_linspace.h: range, linspace, zeros. */
#ifndef BINDING_METHODS_RANGE_LINSPACE_H
#define BINDING_METHODS_RANGE_LINSPACE_H

#include "lua/base/compat.h"

extern const luaL_Reg range_linspace_functions[];

#endif
