/*
** functional.c: functions on each element, and elements as Lua has them.
**
** A function gets an element and its index, and may do anything, to the array as well: it is called
** for the elements that were there at the beginning, as long as they are there and as they are then.
*/
#include <limits.h>
#include <string.h>

#include "lua/private.h"

/* Argument 1, with a function as argument 2 and nothing behind argument `last`. */
static Array *self_and_function(lua_State *L, int last) {
    Array *A = self(L);
    luaL_checktype(L, 2, LUA_TFUNCTION);
    lua_settop(L, last);
    return A;
}

/* Whether element i is still there, after a call into Lua. */
static bool is_there(Array *A, size_t i) {
    view_sync(A);
    return i < A->core.size;
}

/* Calls the function at index 2 with element i and its index. */
static void call_with(lua_State *L, const Array *A, size_t i, int results) {
    lua_pushvalue(L, 2);
    push_element(L, A, 1, i);
    lua_pushinteger(L, (lua_Integer)i + 1);
    lua_call(L, 2, results);
}

/* ---------------------------------------------------------------------------------------------
** Functions
*/

/* map(a, f [, type]) -> a new array of what f returns, by default of the type of a */
int method_map(lua_State *L) {
    Array *A = self_and_function(L, 3), *B;
    const size_t n = A->core.size;
    Options options = options_like(A);
    if (!lua_isnil(L, 3)) options.type = check_type_argument(L, 3, false);
    options.capacity = n;
    B = array_new(L, A->state, &options);
    for (size_t i = 0; i < n && is_there(A, i); i++) {
        call_with(L, A, i, 1);
        append_values(L, B, 4, 5, 1);
        lua_settop(L, 4);
    }
    return 1;
}

/* filter(a, f) -> a new array, of the type of a, of the elements for which f returns a true value */
int method_filter(lua_State *L) {
    Array *A = self_and_function(L, 2), *B;
    const size_t n = A->core.size;
    Options options = options_like(A);
    B = array_new(L, A->state, &options);
    for (size_t i = 0; i < n && is_there(A, i); i++) {
        uint64_t element; /* as it was before f, and exactly, which a Lua number need not be */
        memcpy(&element, element_at(A, i), A->core.element_size);
        push_element(L, A, 1, i);
        lua_pushvalue(L, 2);
        lua_pushvalue(L, 4);
        lua_pushinteger(L, (lua_Integer)i + 1);
        lua_call(L, 2, 1);
        if (lua_toboolean(L, -1)) {
            if (holds_values(A))
                append_values(L, B, 3, 4, 1);
            else {
                make_room(L, B, 3, 1);
                dynarray_extend(&B->core, &element, 1);
            }
        }
        lua_settop(L, 3);
    }
    return 1;
}

/*
** reduce(a, f [, init]) -> f(... f(f(init, a[1], 1), a[2], 2) ..., a[#a], #a). Without init the first
** element is it, and f is called from the second on.
*/
int method_reduce(lua_State *L) {
    const bool has_init = !lua_isnone(L, 3);
    Array *A = self_and_function(L, 3);
    const size_t n = A->core.size;
    if (!has_init) {
        if (n == 0) return luaL_error(L, "reduce of an empty array needs an initial value");
        push_element(L, A, 1, 0);
        lua_replace(L, 3);
    }
    for (size_t i = has_init ? 0 : 1; i < n && is_there(A, i); i++) {
        lua_pushvalue(L, 2);
        lua_insert(L, 3);
        push_element(L, A, 1, i);
        lua_pushinteger(L, (lua_Integer)i + 1);
        lua_call(L, 3, 1);
    }
    return 1;
}

/* each(a, f) -> a */
int method_each(lua_State *L) {
    Array *A = self_and_function(L, 2);
    const size_t n = A->core.size;
    for (size_t i = 0; i < n && is_there(A, i); i++) call_with(L, A, i, 0);
    lua_settop(L, 1);
    return 1;
}

/* ---------------------------------------------------------------------------------------------
** Elements
*/

/* totable(a [, i [, j]]) -> a table of elements i to j, all by default */
int method_totable(lua_State *L) {
    Array *A = self(L);
    const range r = check_range(L, A, 2);
    const size_t n = r.end - r.first;
    lua_createtable(L, n < INT_MAX ? (int)n : INT_MAX, 0);
    for (size_t i = r.first; i < r.end && is_there(A, i); i++) {
        push_element(L, A, 1, i);
        lua_rawseti(L, -2, (lua_Integer)(i - r.first) + 1);
    }
    return 1;
}

/* unpack(a [, i [, j]]) -> elements i to j, all by default */
int method_unpack(lua_State *L) {
    const Array *A = self(L);
    const range r = check_range(L, A, 2);
    const size_t n = r.end - r.first;
    /* push_element uses a few places more; no Lua code runs from here on */
    if (n >= INT_MAX - LUA_MINSTACK || !lua_checkstack(L, (int)n + LUA_MINSTACK))
        return luaL_error(L, "too many results to unpack (%I)", (LUAI_UACINT)n);
    for (size_t i = r.first; i < r.end; i++) push_element(L, A, 1, i);
    return (int)n;
}

/* The closure's array and the index it gave last are its upvalues 2 and 3. */
static int next_element(lua_State *L) {
    const int array = lua_upvalueindex(2), index = lua_upvalueindex(3);
    const Array *A = array_test(L, state_of(L), array);
    const size_t i = (size_t)lua_tointeger(L, index);
    if (A == NULL || i >= A->core.size) {
        lua_pushnil(L);
        return 1;
    }
    lua_pushinteger(L, (lua_Integer)i + 1);
    lua_copy(L, -1, index);
    push_element(L, A, array, i);
    lua_insert(L, -2);
    return 2;
}

/* iter(a) -> a function that returns the next element and its index at each call, nil at the end */
int method_iter(lua_State *L) {
    self(L);
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_pushvalue(L, 1);
    lua_pushinteger(L, 0);
    lua_pushcclosure(L, next_element, 3);
    return 1;
}
