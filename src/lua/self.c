/* self.c: which values are arrays. */
#include <string.h>

#include "private.h"

static bool is_array(lua_State *L, const State *S, int index) {
    bool same;
    if (lua_type(L, index) != LUA_TUSERDATA || !lua_getmetatable(L, index)) return false;
    same = lua_topointer(L, -1) == S->metatable;
    lua_pop(L, 1);
    return same;
}

Array *array_test(lua_State *L, State *S, int index) {
    Array *A;
    if (!is_array(L, S, index)) return NULL;
    A = (Array *)lua_touserdata(L, index);
    if (A->core.flags & ARRAY_VIEW)
        view_sync(A);
    else if (!(A->core.flags & ARRAY_FINALIZED))
        S->known[known_place(A)] = A;
    return A;
}

Array *self_writable(lua_State *L) {
    Array *A = self(L);
    if (A->core.flags & ARRAY_READ_ONLY) fail_read_only(L);
    return A;
}

Array *array_check(lua_State *L, State *S, int index) {
    Array *A = array_test(L, S, index);
    if (A == NULL) {
        const char *got = luaL_getmetafield(L, index, "__name") == LUA_TSTRING
                              ? lua_tostring(L, -1)
                              : luaL_typename(L, index);
        luaL_argerror(L, index, lua_pushfstring(L, "dynarray expected, got %s", got));
    }
    return A;
}

const char *name_at(lua_State *L, int index) {
    size_t length;
    const char *name;
    if (lua_type(L, index) != LUA_TSTRING) return "";
    name = lua_tolstring(L, index, &length);
    return strlen(name) == length ? name : "";
}
