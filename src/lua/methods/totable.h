/* totable.h: elements as a table, and as results. */
#ifndef BINDING_METHODS_TOTABLE_H
#define BINDING_METHODS_TOTABLE_H

#include "lua/base/compat.h"

extern const luaL_Reg totable_methods[];

#endif
