/* access.h: elements by index, the size, fields. */
#ifndef BINDING_METHODS_ACCESS_H
#define BINDING_METHODS_ACCESS_H

#include "lua/base/compat.h"

/* The function __index has the table of members as its second upvalue. */
extern const luaL_Reg access_methods[];

/* Names of fields, NULL at the end; that table has for each its place here, from 1 on. */
extern const char *const access_fields[];

#endif
