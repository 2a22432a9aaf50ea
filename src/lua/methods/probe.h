/* probe.h: instruments. */
#ifndef BINDING_METHODS_PROBE_H
#define BINDING_METHODS_PROBE_H

#include "lua/base/compat.h"

extern const luaL_Reg probe_values[]; /* of the module */

#endif
