/* rearrange.h: moves elements: swap, reverse, rotate. */
#ifndef BINDING_METHODS_REARRANGE_H
#define BINDING_METHODS_REARRANGE_H

#include "lua/base/compat.h"

extern const luaL_Reg rearrange_methods[];

#endif
