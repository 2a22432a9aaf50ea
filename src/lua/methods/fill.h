/* fill.h: one value for many elements. */
#ifndef BINDING_METHODS_FILL_H
#define BINDING_METHODS_FILL_H

#include "lua/base/compat.h"

extern const luaL_Reg fill_methods[];

#endif
