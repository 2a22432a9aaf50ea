/* astype.h: elements as another type. */
#ifndef BINDING_METHODS_ASTYPE_H
#define BINDING_METHODS_ASTYPE_H

#include "lua/base/compat.h"

extern const luaL_Reg astype_methods[];

#endif
