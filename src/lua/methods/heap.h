/* heap.h: priority queues. */
#ifndef BINDING_METHODS_HEAP_H
#define BINDING_METHODS_HEAP_H

#include "lua/base/compat.h"

extern const luaL_Reg heap_methods[];

#endif
