/* priority_queue.h: heap_push, heap_pop, heapify. */
#ifndef BINDING_METHODS_PRIORITY_QUEUE_H
#define BINDING_METHODS_PRIORITY_QUEUE_H

#include "lua/base/compat.h"

extern const luaL_Reg priority_queue_methods[];

#endif
