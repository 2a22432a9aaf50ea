/* functional.h: methods that call a function for each element. */
#ifndef BINDING_METHODS_FUNCTIONAL_H
#define BINDING_METHODS_FUNCTIONAL_H

#include "lua/base/compat.h"

extern const luaL_Reg functional_methods[];

#endif
