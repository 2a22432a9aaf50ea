/* path.c: see path.h. */
#include "lua/array/path.h"

#include <string.h>

const char *check_path(lua_State *L, int arg) {
    size_t length;
    const char *path = luaL_checklstring(L, arg, &length);
    if (strlen(path) != length) luaL_argerror(L, arg, "path with a zero byte");
    return path;
}

int push_failure(lua_State *L, const char *path, int code, const char *message) {
    luaL_pushfail(L);
    lua_pushfstring(L, "%s: %s", path, message[0] != '\0' ? message : strerror(code));
    if (code != 0)
        lua_pushinteger(L, code);
    else
        lua_pushnil(L);
    return 3;
}
