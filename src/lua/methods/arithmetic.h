/* arithmetic.h: element-wise arithmetic. */
#ifndef BINDING_METHODS_ARITHMETIC_H
#define BINDING_METHODS_ARITHMETIC_H

#include "lua/base/compat.h"

extern const luaL_Reg arithmetic_methods[];

#endif
