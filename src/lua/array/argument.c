/* argument.c: arguments that are arrays, places and ranges in them, numbers and names. */
#include "lua/array/argument.h"

#include <string.h>

#include "lua/array/holding.h"
#include "lua/array/lifecycle.h"
#include "lua/array/view_sync.h"

static bool is_array(lua_State *L, const State *S, int index) {
    const void *metatable;
    if (lua_type(L, index) != LUA_TUSERDATA || !lua_getmetatable(L, index)) return false;
    metatable = lua_topointer(L, -1);
    lua_pop(L, 1);
    return metatable == S->metatable || metatable == S->closed_metatable;
}

/* A pinned block stays where it is, and so as large as it is. */
static void refresh(Array *A) {
    if (is_pinned(A)) return;
    dynarray_refresh(&A->core);
    holding_note(A);
}

Array *array_test(lua_State *L, State *S, int index) {
    Array *A = (Array *)lua_touserdata(L, index), *owner;
    if (is_known(L, S, index, A)) return A;
    if (!is_array(L, S, index)) return NULL;
    if (S->closed) {
        array_lose(A);
        return A;
    }
    owner = anchor_owner(A);
    if (is_reader(owner)) refresh(owner);
    if (A->core.flags & ARRAY_VIEW)
        view_sync(A);
    else if (!(A->core.flags & ARRAY_FINALIZED) && !is_reader(A))
        remember_array(S, A);
    return A;
}

Array *self_at(lua_State *L, lua_Unsigned i) {
    State *S = state_of(L);
    Array *A = (Array *)lua_touserdata(L, 1);
    if (is_array(L, S, 1) && !S->closed && is_reader(anchor_owner(A))) {
        view_sync(A);
        if (i < A->core.size) return A;
    }
    return array_check(L, S, 1);
}

Array *array_check(lua_State *L, State *S, int index) {
    Array *A = array_test(L, S, index);
    if (A == NULL) {
        const char *got = named_type(L, index);
        luaL_argerror(L, index, lua_pushfstring(L, "dynarray expected, got %s", got));
    }
    return A;
}

Array *self_with_bytes(lua_State *L) {
    Array *A = self(L);
    if (holds_values(A))
        luaL_error(L, "elements of type value have no bytes, wanted an array of numbers");
    check_open(L, A);
    return A;
}

void check_numeric(lua_State *L, const Array *A, int arg) {
    if (holds_values(A))
        luaL_argerror(L, arg, "numeric array expected, got a value array: astype makes one");
}

void check_same_kind(lua_State *L, const Array *A, const Array *B) {
    if (A->core.type != B->core.type || A->core.size != B->core.size) fail_operands(L, A, B);
}

void check_index(lua_State *L, int arg) {
    if (lua_type(L, arg) != LUA_TNUMBER)
        luaL_argerror(L, arg, lua_pushfstring(L, "index expected, got %s", luaL_typename(L, arg)));
}

size_t check_place(lua_State *L, const Array *A, int arg, size_t most) {
    int is_integer;
    lua_Integer i;
    check_index(L, arg);
    i = lua_tointegerx(L, arg, &is_integer);
    if (!is_integer) fail_key(L, arg);
    if (i < 1 || (lua_Unsigned)i > most) fail_index(L, A, i);
    return (size_t)i - 1;
}

void push_function_of(lua_State *L, int index, int arg, const char *name) {
    const int type = lua_getfield(L, index, name);
    if (type == LUA_TFUNCTION) return;
    if (type == LUA_TNIL) luaL_argerror(L, arg, lua_pushfstring(L, "file has no %s", name));
    if (luaL_getmetafield(L, -1, "__call") == LUA_TNIL)
        luaL_argerror(L, arg,
                      lua_pushfstring(L, "%s of the file is a %s, wanted a function", name,
                                      named_type(L, -1)));
    lua_pop(L, 1);
}

size_t check_size(lua_State *L, int arg, const char *what, size_t least, size_t most) {
    int is_integer;
    lua_Integer n;
    if (lua_type(L, arg) != LUA_TNUMBER)
        luaL_argerror(
            L, arg,
            lua_pushfstring(L, "%s expected an integer, got %s", what, luaL_typename(L, arg)));
    n = lua_tointegerx(L, arg, &is_integer);
    if (!is_integer || n < (lua_Integer)least || (lua_Unsigned)n > most)
        luaL_argerror(
            L, arg,
            lua_pushfstring(
                L, is_integer ? "%s %s out of range (%I to %I)" : "%s %s is not an integer", what,
                luaL_tolstring(L, arg, NULL), (LUAI_UACINT)least, (LUAI_UACINT)most));
    return (size_t)n;
}

range check_range(lua_State *L, const Array *A, int arg) {
    const size_t size = A->core.size;
    size_t i = lua_isnoneornil(L, arg) ? 1 : check_size(L, arg, "index", 1, size + 1);
    size_t j = lua_isnoneornil(L, arg + 1) ? size : check_size(L, arg + 1, "index", 0, size);
    range r;
    r.first = i - 1;
    r.end = j < i ? i - 1 : j;
    return r;
}

const char *name_at(lua_State *L, int index) {
    size_t length;
    const char *name;
    if (lua_type(L, index) != LUA_TSTRING) return "";
    name = lua_tolstring(L, index, &length);
    return strlen(name) == length ? name : "";
}

bool call_other(lua_State *L, const char *event) {
    State *const S = state_of(L);
    const bool left = array_test(L, S, 1) != NULL, right = array_test(L, S, 2) != NULL;
    const int other = left ? 2 : 1, type = lua_type(L, other);
    if (left == right || (type != LUA_TTABLE && type != LUA_TUSERDATA) ||
        luaL_getmetafield(L, other, event) == LUA_TNIL)
        return false;
    lua_pushvalue(L, 1);
    lua_pushvalue(L, 2);
    lua_call(L, 2, 1);
    return true;
}
