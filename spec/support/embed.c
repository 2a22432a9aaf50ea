/* embed.c: a program with a lua_State that uses an installed copy; C and C++. See install_spec.lua. */
#include <dynarray_lua.h>
#ifndef __cplusplus
#include <lualib.h>
#endif
#include <stdio.h>

int main(void) {
    lua_State *L = luaL_newstate();
    const dynarray_lua_api *api;
    dynarray *a, out;
    if (L == NULL) return 1;
    luaL_openlibs(L);
    luaL_requiref(L, "dynarray", luaopen_dynarray, 0);
    lua_pop(L, 1);
    api = dynarray_lua(L);
    a = api->push(api, L, DYNARRAY_INT64, 100);
    for (int i = 0; i < 100; i++) dynarray_data_int64(a)[i] = i;
    a->size = 100;
    lua_setglobal(L, "a");
    if (luaL_dostring(L, "for i = 1, 10000 do a:append(i) end print(#a, a:sum(), a[101])") !=
        LUA_OK)
        return 1;
    lua_getglobal(L, "a");
    api->detach(api, L, -1, &out);
    lua_close(L);
    if (dynarray_append_int64(&out, -1) != DYNARRAY_OK) return 1;
    printf("%d\n", (int)out.size);
    dynarray_free(&out);
    return 0;
}
