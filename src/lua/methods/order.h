/* order.h: sorting and selection. */
#ifndef BINDING_METHODS_ORDER_H
#define BINDING_METHODS_ORDER_H

#include "lua/base/compat.h"

extern const luaL_Reg order_methods[];

#endif
