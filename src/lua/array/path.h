/* path.h: arguments that are paths, and the results of functions whose file failed. */
#ifndef BINDING_PATH_H
#define BINDING_PATH_H

#include "lua/base/compat.h"

/* The path at arg; anything else is an argument error. */
const char *check_path(lua_State *L, int arg);

/*
** Pushes nil, "PATH: what failed" and the system's error number (nil if the content of the file is the reason). message
** is "" if the number says enough. Returns 3.
*/
int push_failure(lua_State *L, const char *path, int code, const char *message);

#endif
