/* insert_remove.h: inserts and removes elements. */
#ifndef BINDING_METHODS_INSERT_REMOVE_H
#define BINDING_METHODS_INSERT_REMOVE_H

#include "lua/base/compat.h"

extern const luaL_Reg insert_remove_methods[];

#endif
