/* bytes.h: elements as bytes. */
#ifndef BINDING_METHODS_BYTES_H
#define BINDING_METHODS_BYTES_H

#include "lua/base/compat.h"

extern const luaL_Reg bytes_methods[];
extern const luaL_Reg bytes_functions[]; /* of the module */

#endif
