/* ranges.h: new arrays of numbers by a rule. */
#ifndef BINDING_METHODS_RANGES_H
#define BINDING_METHODS_RANGES_H

#include "lua/base/compat.h"

extern const luaL_Reg ranges_functions[];

#endif
