/* where.h: where, indices, set_where. */
#ifndef BINDING_METHODS_WHERE_H
#define BINDING_METHODS_WHERE_H

#include "lua/base/compat.h"

extern const luaL_Reg where_methods[];

#endif
