/* file.h: elements as .npy files. */
#ifndef BINDING_METHODS_FILE_H
#define BINDING_METHODS_FILE_H

#include "lua/base/compat.h"

extern const luaL_Reg file_methods[];
extern const luaL_Reg file_functions[]; /* of the module */

#endif
