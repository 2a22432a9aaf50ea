/* append_extend.h: append and extend. */
#ifndef BINDING_METHODS_APPEND_EXTEND_H
#define BINDING_METHODS_APPEND_EXTEND_H

#include "lua/base/compat.h"

extern const luaL_Reg append_extend_methods[];

#endif
