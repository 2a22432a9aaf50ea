/* compat.h: all that differs between the versions of Lua. */
#ifndef BINDING_COMPAT_H
#define BINDING_COMPAT_H

#include <lauxlib.h>
#include <lua.h>
#include <stdbool.h>

#if LUA_VERSION_NUM < 503 || LUA_VERSION_NUM > 505
#error "dynarray needs Lua 5.3, 5.4 or 5.5"
#endif
#define COMPAT_MANY_USER_VALUES (LUA_VERSION_NUM > 503) /* a userdata can have more than one */
#if LUA_VERSION_NUM == 503
#define lua_newuserdatauv(L, size, nuvalue) ((void)(nuvalue), lua_newuserdata((L), (size)))
#define lua_getiuservalue(L, index, n) ((void)(n), lua_getuservalue((L), (index)))
#define lua_setiuservalue(L, index, n) ((void)(n), lua_setuservalue((L), (index)))
#define luaL_pushfail lua_pushnil
#endif
#if !defined(lua_writestring) /* Lua 5.5 does not declare these */
#include <stdio.h>
#define lua_writestring(s, n) fwrite((s), 1, (n), stdout)
#define lua_writeline() (lua_writestring("\n", 1), fflush(stdout))
#endif

/*
** compat_has_stack: lua_checkstack, which from Lua 5.4.5 on gives up for lack of memory without the collection
** that earlier versions run first. May run finalizers.
*/
static inline bool compat_has_stack(lua_State *L, int n) {
    if (lua_checkstack(L, n)) return true;
    lua_gc(L, LUA_GCCOLLECT, 0);
    return lua_checkstack(L, n) != 0;
}

/* compat_check_stack: the same, but raises an error if there is no room. */
static inline void compat_check_stack(lua_State *L, int n) {
    if (!compat_has_stack(L, n)) luaL_error(L, "stack overflow");
}

_Static_assert(sizeof(lua_Integer) == 8 && sizeof(lua_Number) == 8,
               "dynarray needs a Lua with 64-bit integers and doubles, not one with LUA_32BITS");

#endif
