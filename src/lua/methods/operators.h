/* operators.h: the operators that are not in arithmetic.c. */
#ifndef BINDING_METHODS_OPERATORS_H
#define BINDING_METHODS_OPERATORS_H

#include "lua/base/compat.h"

extern const luaL_Reg operators_methods[];

#endif
