/* unique_dedup.h: different elements: unique, dedup. */
#ifndef BINDING_METHODS_UNIQUE_DEDUP_H
#define BINDING_METHODS_UNIQUE_DEDUP_H

#include "lua/base/compat.h"

extern const luaL_Reg unique_dedup_methods[];

#endif
