/* choose.h: elements picked by truth values. */
#ifndef BINDING_METHODS_CHOOSE_H
#define BINDING_METHODS_CHOOSE_H

#include "lua/base/compat.h"

extern const luaL_Reg choose_methods[];

#endif
