/* list.c: elements put in, taken out and moved about. */
#include <string.h>

#include "core/algorithm.h"
#include "lua/private.h"

/* ---------------------------------------------------------------------------------------------
** In
*/

/*
** The last n elements, just appended, move to `position`. Appending first means that all that may fail
** or run Lua code is over before an element moves.
*/
static void move_appended(lua_State *L, Array *A, size_t position, size_t n) {
    const size_t size = A->core.size;
    dynarray tail = A->core;
    if (n == 0) return;
    if (size < n || position > size - n) { /* a callback shortened the array */
        truncate_to(L, A, 1, size < n ? 0 : size - n);
        fail_changed(L);
    }
    tail.data = element_at(A, position);
    tail.size = size - position;
    dynarray_rotate(&tail, tail.size - n);
}

/* insert(a, pos, ...) -> a; the first of the values becomes a[pos]; O(#a - pos + values) */
int method_insert(lua_State *L) {
    Array *A = self_writable(L);
    size_t position;
    const int n = lua_gettop(L) - 2;
    luaL_checkany(L, 3); /* insert(v) of who thinks of table.insert is an error */
    position = check_place(L, A, 2, A->core.size + 1);
    for (int k = 0; k < n; k++) check_element(L, A, 3 + k, position + (size_t)k);
    append_values(L, A, 1, 3, n);
    move_appended(L, A, position, (size_t)n);
    lua_settop(L, 1);
    return 1;
}

/* insert_all(a, pos, source) -> a; sources as in extend */
int method_insert_all(lua_State *L) {
    Array *A = self_writable(L);
    const size_t position = check_place(L, A, 2, A->core.size + 1);
    lua_settop(L, 3);
    move_appended(L, A, position, extend_from_as(L, A, 1, 3, position));
    lua_settop(L, 1);
    return 1;
}

/* ---------------------------------------------------------------------------------------------
** Out
*/

static void check_not_fixed(lua_State *L, const Array *A) {
    if (A->core.fixed) fail_status(L, A, DYNARRAY_FIXED, 0);
}

/* Elements first to end - 1 go. */
static void remove_elements(lua_State *L, Array *A, size_t first, size_t end) {
    value_release(L, A, 1, first, end);
    dynarray_remove(&A->core, first, end - first);
}

/* Whether there is nothing at the index at arg (the end by default) that a sequence would miss. */
static bool removes_nothing(lua_State *L, const Array *A, int arg) {
    const lua_Unsigned size = A->core.size;
    int is_integer;
    lua_Unsigned i;
    if (!(A->core.flags & ARRAY_SEQUENCE)) return false;
    if (lua_isnone(L, arg)) return size == 0;
    if (lua_type(L, arg) != LUA_TNUMBER) return false; /* strings are no indices */
    i = (lua_Unsigned)lua_tointegerx(L, arg, &is_integer);
    return is_integer && (i == size + 1 || (i == 0 && size == 0)); /* as table.remove */
}

/* remove(a [, pos]) -> the element, the last by default; O(#a - pos) */
int method_remove(lua_State *L) {
    Array *A = self_writable(L);
    size_t i;
    if (removes_nothing(L, A, 2)) {
        lua_pushnil(L);
        return 1;
    }
    if (lua_isnone(L, 2) && A->core.size == 0) return luaL_error(L, "remove from an empty array");
    /* nil, which index_of gives for what is not there, is not the last one */
    i = lua_isnone(L, 2) ? A->core.size - 1 : check_place(L, A, 2, A->core.size);
    check_not_fixed(L, A);
    push_element(L, A, 1, i);
    remove_elements(L, A, i, i + 1);
    return 1;
}

/* remove_range(a, i, j) -> a */
int method_remove_range(lua_State *L) {
    Array *A = self_writable(L);
    range r;
    for (int arg = 2; arg <= 3; arg++) { /* neither has a default, for absent and nil */
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
int method_swap_remove(lua_State *L) {
    Array *A = self_writable(L);
    const size_t i = check_place(L, A, 2, A->core.size);
    const size_t last = A->core.size - 1;
    check_not_fixed(L, A);
    push_element(L, A, 1, i);
    value_release(L, A, 1, i, i + 1);
    if (i < last) memcpy(element_at(A, i), element_at(A, last), A->core.element_size);
    A->core.size = last;
    return 1;
}

/*
** Equality may run metamethods, so that what goes is only marked at first. Each element is compared
** with the last that stays.
*/
static void dedup_values(lua_State *L, Array *A) {
    const size_t n = A->core.size;
    size_t kept = 0;
    bool *goes = lua_newuserdatauv(L, n, 0);
    uint64_t *words;
    memset(goes, 0, n);
    for (size_t i = 1; i < n; i++) {
        if (A->core.size != n) fail_changed(L);
        push_element(L, A, 1, kept);
        push_element(L, A, 1, i);
        goes[i] = lua_compare(L, -2, -1, LUA_OPEQ);
        lua_pop(L, 2);
        if (!goes[i]) kept = i;
    }
    if (A->core.size != n) fail_changed(L);
    words = A->core.data;
    kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (goes[i])
            value_release_word(L, A, 1, words[i]);
        else
            words[kept++] = words[i];
    }
    A->core.size = kept;
}

/* dedup(a) -> a; of neighbours that are equal the first stays; O(#a) */
int method_dedup(lua_State *L) {
    Array *A = self_writable(L);
    lua_settop(L, 1);
    if (A->core.size > 0) check_not_fixed(L, A);
    if (!holds_values(A))
        dynarray_dedup_numeric(&A->core);
    else if (A->core.size > 1)
        dedup_values(L, A);
    lua_settop(L, 1);
    return 1;
}

/* ---------------------------------------------------------------------------------------------
** About
*/

/* swap(a, i, j) -> a; O(1) */
int method_swap(lua_State *L) {
    Array *A = self_writable(L);
    const size_t size = A->core.size;
    char *x = element_at(A, check_place(L, A, 2, size));
    char *y = element_at(A, check_place(L, A, 3, size));
    uint64_t element;
    memcpy(&element, x, A->core.element_size);
    memmove(x, y, A->core.element_size);
    memcpy(y, &element, A->core.element_size);
    lua_settop(L, 1);
    return 1;
}

/* reverse(a) -> a; O(#a) */
int method_reverse(lua_State *L) {
    Array *A = self_writable(L);
    dynarray_reverse(&A->core);
    lua_settop(L, 1);
    return 1;
}

/* rotate(a, k) -> a; k places towards the end, the last k become the first; O(#a) */
int method_rotate(lua_State *L) {
    Array *A = self_writable(L);
    const lua_Integer size = (lua_Integer)A->core.size;
    lua_Integer k;
    luaL_checktype(L, 2, LUA_TNUMBER); /* strings are no indices */
    k = luaL_checkinteger(L, 2);
    if (size > 0) {
        const lua_Integer places = k % size; /* has the sign of k */
        dynarray_rotate(&A->core, (size_t)(places > 0 ? size - places : -places));
    }
    lua_settop(L, 1);
    return 1;
}

static void fill_values(lua_State *L, Array *A, range r) {
    uint64_t word, *words;
    const size_t objects = value_plain(L, 2, &word) ? 0 : r.end - r.first;
    value_reserve_slots(L, A, 1, objects);
    view_sync(A);
    if (r.end > A->core.size) fail_changed(L);
    value_release(L, A, 1, r.first, r.end);
    words = A->core.data;
    for (size_t i = r.first; i < r.end; i++) words[i] = value_encode(L, A, 1, 2);
}

/* fill(a, value [, i [, j]]) -> a; elements i to j, all by default, become the value */
int method_fill(lua_State *L) {
    Array *A = self_writable(L);
    uint64_t element;
    range r;
    luaL_checkany(L, 2);
    lua_settop(L, 4);
    r = check_range(L, A, 3);
    if (!holds_values(A)) {
        const misfit why = conversions[A->core.type].put(L, 2, &element);
        if (why != FITS) fail_element(L, (dynarray_type)A->core.type, 2, why, r.first);
        if (r.end > r.first) dynarray_fill(&A->core, r.first, r.end, &element);
    } else if (r.end > r.first)
        fill_values(L, A, r);
    lua_settop(L, 1);
    return 1;
}
