/* records.h: records of elements side by side. */
#ifndef BINDING_METHODS_RECORDS_H
#define BINDING_METHODS_RECORDS_H

#include "lua/base/compat.h"

extern const luaL_Reg records_methods[];

#endif
