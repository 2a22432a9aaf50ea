/* unique_dedup.c: unique: each different element, and how often it occurs; dedup: of equal neighbours, only the first. */
#include "lua/methods/unique_dedup.h"

#include <string.h>

#include "core/open_file.h"
#include "core/rearrange.h"
#include "core/sort.h"
#include "core/unique.h"
#include "lua/array/argument.h"
#include "lua/array/construction.h"
#include "lua/array/conversion.h"
#include "lua/array/view_sync.h"

/* unique(a) -> a new array of the different elements, sorted, and an int64 array of how often each occurs */
static int method_unique(lua_State *L) {
    Array *A = self_most(L, 1), *result, *counts;
    size_t n;
    check_numeric(L, A, 1);
    lua_settop(L, 1);
    result = push_copy(L, A);
    dynarray_sort(&result->core);
    n = dynarray_distinct(&result->core, NULL);
    counts = array_new_plain(L, A, DYNARRAY_INT64, n);
    dynarray_distinct(&result->core, counts->core.data);
    dynarray_set_size(&counts->core, n);
    dynarray_set_size(&result->core, n);
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
