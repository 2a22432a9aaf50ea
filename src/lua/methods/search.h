/* search.h: finds elements. */
#ifndef BINDING_METHODS_SEARCH_H
#define BINDING_METHODS_SEARCH_H

#include "lua/base/compat.h"

extern const luaL_Reg search_methods[];

#endif
