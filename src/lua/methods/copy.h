/* copy.h: copies of arrays, and elements copied into an array. */
#ifndef BINDING_METHODS_COPY_H
#define BINDING_METHODS_COPY_H

#include "lua/base/compat.h"

extern const luaL_Reg copy_methods[];

#endif
