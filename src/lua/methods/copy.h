/* copy.h: an array copied, and elements copied into one. */
#ifndef BINDING_METHODS_COPY_H
#define BINDING_METHODS_COPY_H

#include "lua/base/compat.h"

extern const luaL_Reg copy_methods[];

#endif
