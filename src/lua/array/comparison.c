/* comparison.c: which of two Lua values sorts before the other. */
#include "lua/array/comparison.h"

#include <math.h>

#include "lua/base/error.h"

int check_less(lua_State *L, int arg) {
    if (lua_isnoneornil(L, arg)) return 0;
    luaL_checktype(L, arg, LUA_TFUNCTION);
    return arg;
}

static bool called_less(lua_State *L, int less, int x, int y) {
    bool result;
    x = lua_absindex(L, x);
    y = lua_absindex(L, y);
    lua_pushvalue(L, less);
    lua_pushvalue(L, x);
    lua_pushvalue(L, y);
    lua_call(L, 2, 1);
    result = lua_toboolean(L, -1);
    lua_pop(L, 1);
    return result;
}

bool value_less(lua_State *L, int less, int x, int y) {
    int type, other;
    if (less != 0) return called_less(L, less, x, y);
    type = lua_type(L, x);
    other = lua_type(L, y);
    if (type == LUA_TNUMBER && other == LUA_TNUMBER) {
        if (isnan(lua_tonumber(L, y))) return !isnan(lua_tonumber(L, x));
    } else if (type != other || (type != LUA_TSTRING && type != LUA_TTABLE))
        check_comparable(L, x, y, NO_ELEMENT);
    return lua_compare(L, x, y, LUA_OPLT);
}
