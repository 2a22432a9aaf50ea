/* running.h: elements with those before them. */
#ifndef BINDING_METHODS_RUNNING_H
#define BINDING_METHODS_RUNNING_H

#include "lua/base/compat.h"

extern const luaL_Reg running_methods[];

#endif
