/* sum_mean_min_max.h: sum, mean, min, max, dot. */
#ifndef BINDING_METHODS_SUM_MEAN_MIN_MAX_H
#define BINDING_METHODS_SUM_MEAN_MIN_MAX_H

#include "lua/base/compat.h"

extern const luaL_Reg sum_mean_min_max_methods[];

#endif
