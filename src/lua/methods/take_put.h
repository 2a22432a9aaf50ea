/* take_put.h: take, put. */
#ifndef BINDING_METHODS_TAKE_PUT_H
#define BINDING_METHODS_TAKE_PUT_H

#include "lua/base/compat.h"

extern const luaL_Reg take_put_methods[];

#endif
