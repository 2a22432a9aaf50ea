/* tostring.h: what tostring shows. */
#ifndef BINDING_METHODS_TOSTRING_H
#define BINDING_METHODS_TOSTRING_H

#include "lua/base/compat.h"

extern const luaL_Reg tostring_methods[];

#endif
