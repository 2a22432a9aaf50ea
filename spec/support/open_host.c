/* open_host.c: a C module that opens arrays through the table of dynarray_lua.h; see open_spec.lua. */
#include <string.h>

#include "dynarray_lua.h"

/* open(path [, type]) -> an array of the int32 1, 2, 3, appended from C, or nil and why not */
static int open_and_append(lua_State *L) {
    const dynarray_lua_api *api = dynarray_lua(L);
    const dynarray_type type = (dynarray_type)luaL_optinteger(L, 2, DYNARRAY_INT32);
    const char *const path = luaL_checkstring(L, 1);
    const int top = lua_gettop(L);
    dynarray_failure why;
    dynarray *a = api->open(api, L, path, type, DYNARRAY_MODE_APPEND, &why);
    if (lua_gettop(L) != (a == NULL ? top : top + 1))
        return luaL_error(L, "the stack is not as it should be");
    if (a == NULL) {
        lua_pushnil(L);
        lua_pushstring(L, why.message[0] != '\0' ? why.message : strerror(why.code));
        return 2;
    }
    api->room(api, L, -1, 3);
    for (int i = 1; i <= 3; i++) dynarray_data_int32(a)[a->size + (size_t)i - 1] = i;
    dynarray_set_size(a, a->size + 3);
    api->commit(api, L, -1);
    if (api->flush(api, L, -1, &why) != DYNARRAY_OK) return luaL_error(L, "%s", why.message);
    return 1;
}

/* moves(a): errors of detach and adopt; a status of flush */
static int moves(lua_State *L) {
    const dynarray_lua_api *api = dynarray_lua(L);
    dynarray out;
    lua_pushinteger(L, api->flush(api, L, 2, NULL));
    api->detach(api, L, 1, &out);
    return 1;
}

static int pin(lua_State *L) {
    const dynarray_lua_api *api = dynarray_lua(L);
    api->pin(api, L, 1);
    return 0;
}

static int unpin(lua_State *L) {
    const dynarray_lua_api *api = dynarray_lua(L);
    api->unpin(api, L, 1);
    return 0;
}

int luaopen_open_host(lua_State *L) {
    lua_newtable(L);
    lua_pushcfunction(L, pin);
    lua_setfield(L, -2, "pin");
    lua_pushcfunction(L, unpin);
    lua_setfield(L, -2, "unpin");
    lua_pushcfunction(L, open_and_append);
    lua_setfield(L, -2, "open");
    lua_pushcfunction(L, moves);
    lua_setfield(L, -2, "moves");
    return 1;
}
