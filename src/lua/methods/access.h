/* access.h: elements by index, the size, fields. */
#ifndef BINDING_METHODS_ACCESS_H
#define BINDING_METHODS_ACCESS_H

#include "lua/base/compat.h"

/* The second upvalue of the function __index is the table of members. */
extern const luaL_Reg access_methods[];

/*
** Names of fields, NULL at the end. The table of members has the place of each here, from 1 on; those of option_fields
** follow.
*/
extern const char *const access_fields[];

#endif
