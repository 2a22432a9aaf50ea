/* sort.h: sort, argsort, top, nth and their kin. */
#ifndef BINDING_METHODS_SORT_H
#define BINDING_METHODS_SORT_H

#include "lua/base/compat.h"

extern const luaL_Reg sort_methods[];

#endif
