/*
** dynarray_lua.h: arrays for hosts that have a lua_State.
**
** A host that links the library statically opens the module itself:
**
**     luaL_requiref(L, "dynarray", luaopen_dynarray, 0);
**     lua_pop(L, 1);
*/
#ifndef DYNARRAY_LUA_H
#define DYNARRAY_LUA_H

#include <lua.h>

#include "dynarray.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
** luaopen_dynarray: pushes the module's table. Blocks come from the state's own allocator; if that is
** the stock one of luaL_newstate, large ones come from pages.
*/
DYNARRAY_API int luaopen_dynarray(lua_State *L);

#ifdef __cplusplus
}
#endif

#endif
