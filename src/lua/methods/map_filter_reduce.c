/*
** map_filter_reduce.c: map, filter, reduce, each, update: methods that call a function for each element.
**
** The function gets an element and its index, and may do anything, even change the array. It is called for the
** indices that there were at the beginning, as long as these exist, with the element that is there then.
*/
#include "lua/methods/map_filter_reduce.h"

#include <string.h>

#include "lua/array/append.h"
#include "lua/array/argument.h"
#include "lua/array/construction.h"
#include "lua/array/conversion.h"
#include "lua/array/growth.h"
#include "lua/array/view_sync.h"

/* Argument 1 of at most `last`; argument 2 must be a function. */
static Array *self_and_function(lua_State *L, int last) {
    Array *A = self_most(L, last);
    luaL_checktype(L, 2, LUA_TFUNCTION);
    lua_settop(L, last);
    return A;
}

/* Whether element i still exists after a call into Lua. */
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

/* map(a, f [, type]) -> a new array of what f returns; it has the type of a unless another is given */
static int method_map(lua_State *L) {
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

/* update(a, f [, i [, j]]) -> a; elements i to j, all by default, become what f returns for each */
static int method_update(lua_State *L) {
    Array *A = self_writable_most(L, 4);
    range r;
    luaL_checktype(L, 2, LUA_TFUNCTION);
    lua_settop(L, 4);
    r = check_range(L, A, 3);
    for (size_t i = r.first; i < r.end && is_there(A, i); i++) {
        call_with(L, A, i, 1);
        if (!is_there(A, i)) break;
        if (holds_values(A))
            value_set(L, A, 1, i, 5);
        else {
            uint64_t element;
            convert_or_fail(L, (dynarray_type)A->core.type, 5, i, &element);
            memcpy(element_at(A, i), &element, A->core.element_size);
        }
        lua_settop(L, 4);
    }
    lua_settop(L, 1);
    return 1;
}

/* filter(a, f) -> a new array, with the type of a, of the elements for which f returns a true value */
static int method_filter(lua_State *L) {
    Array *A = self_and_function(L, 2), *B;
    const size_t n = A->core.size;
    Options options = options_like(A);
    B = array_new(L, A->state, &options);
    for (size_t i = 0; i < n && is_there(A, i); i++) {
        uint64_t
            element; /* the element before the call of f, and exactly: a Lua number need not be exact */
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
** reduce(a, f [, init]) -> f(... f(f(init, a[1], 1), a[2], 2) ..., a[#a], #a). Without init, the first element
** takes its place, and f is called from the second element on.
*/
static int method_reduce(lua_State *L) {
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
static int method_each(lua_State *L) {
    Array *A = self_and_function(L, 2);
    const size_t n = A->core.size;
    for (size_t i = 0; i < n && is_there(A, i); i++) call_with(L, A, i, 0);
    lua_settop(L, 1);
    return 1;
}

const luaL_Reg map_filter_reduce_methods[] = {
    {"map", method_map},       {"update", method_update}, {"filter", method_filter},
    {"reduce", method_reduce}, {"each", method_each},     {NULL, NULL},
};
