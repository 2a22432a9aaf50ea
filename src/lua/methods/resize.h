/* resize.h: size and capacity: clear, resize, reserve, shrink_to_fit. */
#ifndef BINDING_METHODS_RESIZE_H
#define BINDING_METHODS_RESIZE_H

#include "lua/base/compat.h"

extern const luaL_Reg resize_methods[];

#endif
