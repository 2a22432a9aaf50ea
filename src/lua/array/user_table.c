/* user_table.c: the table that is an array's user value. */
#include "lua/array/user_table.h"

#include "lua/base/error.h"

void push_user_table(lua_State *L, int index, int slots) {
    Array *A = lua_touserdata(L, index);
    if (lua_getiuservalue(L, index, 1) == LUA_TTABLE) return;
    lua_createtable(L, slots, 0);
    check_open(L, A);                                   /* by a finalizer */
    if (lua_getiuservalue(L, index, 1) != LUA_TTABLE) { /* a finalizer may have made one */
        lua_pop(L, 1);
        lua_pushvalue(L, -1);
        lua_setiuservalue(L, index, 1);
        A->has_table = true;
    } else
        lua_replace(L, -2);
    lua_replace(L, -2);
}

void set_callback(lua_State *L, int index, const char *key, int arg) {
    arg = lua_absindex(L, arg);
    push_user_table(L, lua_absindex(L, index), 0);
    lua_pushvalue(L, arg);
    lua_setfield(L, -2, key);
    lua_pop(L, 1);
}

void push_callback(lua_State *L, int index, const char *key) {
    lua_getiuservalue(L, index, 1);
    lua_getfield(L, -1, key);
    lua_remove(L, -2);
}
