/* distinct.h: different elements: unique, dedup. */
#ifndef BINDING_METHODS_DISTINCT_H
#define BINDING_METHODS_DISTINCT_H

#include "lua/base/compat.h"

extern const luaL_Reg distinct_methods[];

#endif
