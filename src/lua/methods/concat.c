/* concat.c: elements joined to a string. */
#include "lua/methods/concat.h"

#include "lua/array/argument.h"
#include "lua/array/conversion.h"
#include "lua/array/view_sync.h"

/* concat(a [, separator [, i [, j]]]) -> a string of elements i to j, which are strings or numbers, as table.concat */
static int method_concat(lua_State *L) {
    Array *A = self_most(L, 4);
    size_t length;
    const char *const separator = luaL_optlstring(L, 2, "", &length);
    const range r = check_range(L, A, 3);
    luaL_Buffer buffer;
    lua_settop(L, 4);
    luaL_buffinit(L, &buffer);
    for (size_t i = r.first; i < r.end; i++) {
        if (i > r.first) luaL_addlstring(&buffer, separator, length);
        view_sync(A); /* the buffer allocates, which may have run finalizers */
        if (i >= A->core.size) return fail_changed(L);
        push_element(L, A, 1, i);
        if (!lua_isstring(L, -1))
            return luaL_error(L, "element at index %I is a %s, wanted a string or a number",
                              (LUAI_UACINT)i + 1, luaL_typename(L, -1));
        luaL_addvalue(&buffer);
    }
    luaL_pushresult(&buffer);
    return 1;
}

const luaL_Reg concat_methods[] = {
    {"concat", method_concat},
    {NULL, NULL},
};
