/* columns.h: columns of numbers as text. */
#ifndef BINDING_METHODS_COLUMNS_H
#define BINDING_METHODS_COLUMNS_H

#include "lua/base/compat.h"

extern const luaL_Reg columns_functions[];

#endif
