/* save_load.h: save, load, map, flush. */
#ifndef BINDING_METHODS_SAVE_LOAD_H
#define BINDING_METHODS_SAVE_LOAD_H

#include "lua/base/compat.h"

extern const luaL_Reg save_load_methods[];
extern const luaL_Reg save_load_functions[]; /* of the module */

#endif
