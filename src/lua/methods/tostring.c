/* tostring.c: what tostring shows. */
#include "lua/methods/tostring.h"

#include "lua/array/argument.h"
#include "lua/array/conversion.h"
#include "lua/array/view_sync.h"

#define SHOWN_ELEMENTS 8

/* Adds the element as text, without running metamethods. */
static void add_element(lua_State *L, luaL_Buffer *buffer, const Array *A, size_t i) {
    int index;
    push_element(L, A, 1, i);
    index = lua_gettop(L);
    switch (lua_type(L, -1)) {
    case LUA_TNUMBER:
        describe(L, index); /* without the sign of a NaN */
        lua_remove(L, index);
        luaL_addvalue(buffer);
        break;
    case LUA_TBOOLEAN:
    case LUA_TNIL:
        luaL_tolstring(L, -1, NULL);
        lua_remove(L, -2);
        luaL_addvalue(buffer);
        break;
    case LUA_TSTRING:
        quote_string(L);
        luaL_addvalue(buffer);
        break;
    default:
        if (luaL_getmetafield(L, -1, "__name") != LUA_TSTRING) {
            lua_settop(L, index); /* the field may be anything */
            lua_pushstring(L, luaL_typename(L, index));
        }
        lua_pushfstring(L, "%s: %p", lua_tostring(L, -1), lua_topointer(L, index));
        lua_replace(L, index);
        lua_settop(L, index);
        luaL_addvalue(buffer);
    }
}

static int meta_tostring(lua_State *L) {
    Array *A = self(L);
    const char *type = dynarray_type_name((dynarray_type)A->core.type);
    luaL_Buffer buffer;
    if (A->core.flags & ARRAY_CLOSED) {
        lua_pushfstring(L, "dynarray<%s>(closed)", type);
        return 1;
    }
    lua_settop(L, 1);
    luaL_buffinit(L, &buffer);
    lua_pushfstring(L, "dynarray<%s>(size %I, capacity %I)", type, (LUAI_UACINT)A->core.size,
                    (LUAI_UACINT)A->core.capacity);
    luaL_addvalue(&buffer);
    for (size_t i = 0; i < A->core.size && i < SHOWN_ELEMENTS; i++) {
        luaL_addstring(&buffer, i == 0 ? ": " : ", ");
        view_sync(A); /* the buffer allocates, which may run finalizers */
        if (i < A->core.size) add_element(L, &buffer, A, i);
    }
    if (A->core.size > SHOWN_ELEMENTS) luaL_addstring(&buffer, ", ...");
    luaL_pushresult(&buffer);
    return 1;
}

const luaL_Reg tostring_methods[] = {
    {"__tostring", meta_tostring},
    {NULL, NULL},
};
