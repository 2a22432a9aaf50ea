/* view.h: windows on the elements of other arrays, and slices, which are copies. */
#ifndef BINDING_METHODS_VIEW_H
#define BINDING_METHODS_VIEW_H

#include "lua/base/compat.h"

extern const luaL_Reg view_methods[];

#endif
