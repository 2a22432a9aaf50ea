/* unique_dedup.c: unique: each different element, and how often it occurs; dedup: of equal neighbours, only the first. */
#include "lua/methods/unique_dedup.h"

#include <string.h>

#include "core/open_file.h"
#include "core/rearrange.h"
#include "core/sort.h"
#include "core/unique.h"
#include "lua/array/append.h"
#include "lua/array/argument.h"
#include "lua/array/comparison.h"
#include "lua/array/construction.h"
#include "lua/array/conversion.h"
#include "lua/array/growth.h"
#include "lua/array/sorting.h"
#include "lua/array/view_sync.h"

/*
** unique for values that only Lua can compare: of neighbours in the sorted order, a new one begins where the first of the
** last ones is less. Leaves the results on the stack.
*/
static void unique_values(lua_State *L, Array *A, Array *result) {
    const Order natural = {0, false};
    const size_t n = A->core.size;
    Array *const C = array_new_plain(L, A, DYNARRAY_INT64, n);
    int64_t *const counts = C->core.data;
    const uint64_t *places;
    const void *before;
    size_t k = 0;
    int first; /* of those that are the same */
    check_unchanged(L, A, n);
    places = push_sorted(L, A, natural, true, &before);
    check_as_before(L, A, n, before);
    lua_pushnil(L);
    first = lua_gettop(L);
    for (size_t i = 0; i < n; i++) {
        check_unchanged(L, A, n);
        push_element(L, A, 1, (size_t)places[i] - 1);
        if (i > 0 && !value_less(L, 0, -2, -1)) {
            counts[k - 1]++;
            lua_pop(L, 1);
            continue;
        }
        append_values(L, result, 2, first + 1, 1);
        lua_replace(L, first);
        counts[k++] = 1;
    }
    dynarray_set_size(&C->core, k);
    cut_room(C);
    cut_room(result);
    lua_settop(L, 3);
}

/* unique(a) -> a new array of the different elements, sorted, and an int64 array of how often each occurs */
static int method_unique(lua_State *L) {
    Array *A = self_most(L, 1), *result, *counts;
    const size_t n = A->core.size;
    dynarray numbers;
    size_t k;
    lua_settop(L, 1);
    result = array_new_plain(L, A, (dynarray_type)A->core.type, n);
    check_unchanged(L, A, n);
    numbers = holds_values(A) ? plain_words(A) : A->core;
    if (numbers.type == DYNARRAY_VALUE) {
        unique_values(L, A, result);
        return 2;
    }
    dynarray_extend(&result->core, A->core.data, n);
    numbers.data = result->core.data;
    (holds_values(A) ? sort_plain_words : dynarray_sort)(&numbers);
    k = dynarray_distinct(&numbers, NULL);
    counts = array_new_plain(L, A, DYNARRAY_INT64, k);
    dynarray_distinct(&numbers, counts->core.data);
    dynarray_set_size(&counts->core, k);
    dynarray_set_size(&result->core, k);
    cut_room(result);
    return 2;
}

/*
** To compare may run metamethods, so elements are only marked at first. Each element is compared with the last one
** that stays.
*/
static void dedup_values(lua_State *L, Array *A) {
    const size_t n = A->core.size;
    size_t kept = 0;
    bool *goes = lua_newuserdatauv(L, n, 0);
    uint64_t *words;
    memset(goes, 0, n);
    for (size_t i = 1; i < n; i++) {
        check_unchanged(L, A, n);
        push_element(L, A, 1, kept);
        push_element(L, A, 1, i);
        goes[i] = lua_compare(L, -2, -1, LUA_OPEQ);
        lua_pop(L, 2);
        if (!goes[i]) kept = i;
    }
    check_unchanged(L, A, n);
    words = A->core.data;
    kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (goes[i])
            value_release_word(L, A, 1, words[i]);
        else
            words[kept++] = words[i];
    }
    array_set_size(&A->core, kept);
}

/* dedup(a) -> a; where neighbours are equal, keeps the first; O(#a) */
static int method_dedup(lua_State *L) {
    Array *A = self_writable_most(L, 1);
    lua_settop(L, 1);
    if (A->core.size > 0) check_not_fixed(L, A);
    if (!holds_values(A))
        dynarray_dedup_numeric(&A->core);
    else if (A->core.size > 1)
        dedup_values(L, A);
    lua_settop(L, 1);
    return 1;
}

const luaL_Reg unique_dedup_methods[] = {
    {"unique", method_unique},
    {"dedup", method_dedup},
    {NULL, NULL},
};
