/* fill.c: one value for many elements. */
#include "lua/methods/fill.h"

#include "core/rearrange.h"
#include "lua/array/argument.h"
#include "lua/array/conversion.h"
#include "lua/array/view_sync.h"

static void fill_values(lua_State *L, Array *A, range r) {
    uint64_t word, *words;
    const size_t objects = value_plain(L, 2, &word) ? 0 : r.end - r.first;
    value_reserve_slots(L, A, 1, objects);
    check_still_has(L, A, r.end);
    value_release(L, A, 1, r.first, r.end);
    words = A->core.data;
    for (size_t i = r.first; i < r.end; i++) words[i] = value_encode(L, A, 1, 2);
}

/* fill(a, value [, i [, j]]) -> a; elements i to j, all by default, become the value */
static int method_fill(lua_State *L) {
    Array *A = self_writable_most(L, 4);
    uint64_t element;
    range r;
    luaL_checkany(L, 2);
    lua_settop(L, 4);
    r = check_range(L, A, 3);
    if (!holds_values(A)) {
        convert_or_fail(L, (dynarray_type)A->core.type, 2, r.first, &element);
        if (r.end > r.first) dynarray_fill(&A->core, r.first, r.end, &element);
    } else if (r.end > r.first)
        fill_values(L, A, r);
    lua_settop(L, 1);
    return 1;
}

const luaL_Reg fill_methods[] = {
    {"fill", method_fill},
    {NULL, NULL},
};
