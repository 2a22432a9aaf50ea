/* path.h: arguments that name files, and how functions say that a file failed. */
#ifndef BINDING_PATH_H
#define BINDING_PATH_H

#include "lua/base/compat.h"

/* The string at arg, or an argument error. */
const char *check_path(lua_State *L, int arg);

/*
** Pushes nil, "PATH: what failed" and the system's error number, or nil where what the file holds is the
** reason. message: "" if the number says it all. Returns 3.
*/
int push_failure(lua_State *L, const char *path, int code, const char *message);

#endif
