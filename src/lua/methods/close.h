/* close.h: the end of an array: close, to-be-closed variables, the collector. */
#ifndef BINDING_METHODS_CLOSE_H
#define BINDING_METHODS_CLOSE_H

#include "lua/base/compat.h"

extern const luaL_Reg close_methods[];

#endif
