/* insert_remove.c: inserts and removes elements. */
#include "lua/methods/insert_remove.h"

#include <string.h>

#include "core/open_file.h"
#include "core/rearrange.h"
#include "lua/array/append.h"
#include "lua/array/argument.h"
#include "lua/array/conversion.h"
#include "lua/array/source.h"
#include "lua/array/truncate.h"
#include "lua/array/view_sync.h"

/* insert(a, pos, ...) -> a; the first of the values becomes a[pos]; O(#a - pos + values) */
static int method_insert(lua_State *L) {
    Array *A = self_writable(L);
    size_t position;
    const int n = lua_gettop(L) - 2;
    luaL_checkany(L, 3); /* insert(v), which would be right for table.insert, is an error */
    position = check_place(L, A, 2, A->core.size + 1);
    for (int k = 0; k < n; k++) check_element(L, A, 3 + k, position + (size_t)k);
    append_values(L, A, 1, 3, n);
    move_appended(L, A, 1, position, (size_t)n);
    lua_settop(L, 1);
    return 1;
}

/* insert_all(a, pos, source) -> a; sources as in extend */
static int method_insert_all(lua_State *L) {
    Array *A = self_writable_most(L, 3);
    const size_t position = check_place(L, A, 2, A->core.size + 1);
    lua_settop(L, 3);
    move_appended(L, A, 1, position, extend_from_as(L, A, 1, 3, position));
    lua_settop(L, 1);
    return 1;
}

/* ---------------------------------------------------------------------------------------------
** Out
*/

/* pop(a) -> the last element */
static int method_pop(lua_State *L) {
    Array *A = self_most(L, 1);
    if (A->core.size > 0)
        pop_element(L, A, 1);
    else if (A->core.flags & ARRAY_SEQUENCE)
        lua_pushnil(L);
    else
        return luaL_error(L, "pop from an empty array");
    return 1;
}

/* Removes elements first to end - 1. */
static void remove_elements(lua_State *L, Array *A, size_t first, size_t end) {
    value_release(L, A, 1, first, end);
    dynarray_remove(&A->core, first, end - first);
}

/* Whether a sequence has nothing to remove at the index at arg (by default the end): remove returns nil then. */
static bool removes_nothing(lua_State *L, const Array *A, int arg) {
    const lua_Unsigned size = A->core.size;
    int is_integer;
    lua_Unsigned i;
    if (!(A->core.flags & ARRAY_SEQUENCE)) return false;
    if (lua_isnone(L, arg)) return size == 0;
    if (lua_type(L, arg) != LUA_TNUMBER) return false; /* a string is not an index */
    i = (lua_Unsigned)lua_tointegerx(L, arg, &is_integer);
    return is_integer && (i == size + 1 || (i == 0 && size == 0)); /* as table.remove does */
}

/* remove(a [, pos]) -> the element, the last by default; O(#a - pos) */
static int method_remove(lua_State *L) {
    Array *A = self_writable_most(L, 2);
    size_t i;
    if (removes_nothing(L, A, 2)) {
        lua_pushnil(L);
        return 1;
    }
    if (lua_isnone(L, 2) && A->core.size == 0) return luaL_error(L, "remove from an empty array");
    /* nil does not mean the last element: index_of returns it for a value that it does not find */
    i = lua_isnone(L, 2) ? A->core.size - 1 : check_place(L, A, 2, A->core.size);
    check_not_fixed(L, A);
    push_element(L, A, 1, i);
    remove_elements(L, A, i, i + 1);
    return 1;
}

/* remove_range(a, i, j) -> a */
static int method_remove_range(lua_State *L) {
    Array *A = self_writable_most(L, 3);
    range r;
    for (int arg = 2; arg <= 3; arg++) { /* neither index has a default */
        luaL_checkany(L, arg);
        if (lua_isnil(L, arg)) check_size(L, arg, "index", 0, 0);
    }
    r = check_range(L, A, 2);
    if (r.end > r.first) {
        check_not_fixed(L, A);
        remove_elements(L, A, r.first, r.end);
    }
    lua_settop(L, 1);
    return 1;
}

/* swap_remove(a, pos) -> the element; the last one takes its place; O(1) */
static int method_swap_remove(lua_State *L) {
    Array *A = self_writable_most(L, 2);
    const size_t i = check_place(L, A, 2, A->core.size);
    const size_t last = A->core.size - 1;
    check_not_fixed(L, A);
    push_element(L, A, 1, i);
    value_release(L, A, 1, i, i + 1);
    if (i < last) memcpy(element_at(A, i), element_at(A, last), A->core.element_size);
    array_set_size(&A->core, last);
    return 1;
}

const luaL_Reg insert_remove_methods[] = {
    {"insert", method_insert},
    {"insert_all", method_insert_all},
    {"pop", method_pop},
    {"remove", method_remove},
    {"remove_range", method_remove_range},
    {"swap_remove", method_swap_remove},
    {NULL, NULL},
};
