/* columns_out.h: columns of numbers written as text. */
#ifndef BINDING_METHODS_COLUMNS_OUT_H
#define BINDING_METHODS_COLUMNS_OUT_H

#include "lua/base/compat.h"

extern const luaL_Reg columns_out_methods[];

#endif
