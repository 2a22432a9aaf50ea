/* view.c: windows on the elements of other arrays, and slices, which are copies. */
#include "lua/methods/view.h"

#include "core/owner.h"
#include "lua/array/argument.h"
#include "lua/array/construction.h"
#include "lua/array/lifecycle.h"
#include "lua/array/source.h"
#include "lua/array/user_table.h"
#include "lua/array/view_sync.h"

/* Pushes a view of `length` elements, from `offset` on, of the array at index 1. */
static void push_view(lua_State *L, Array *A, size_t offset, size_t length, unsigned flags) {
    View *V;
    int index;
    check_open(L, A);
    V = (View *)array_create(L, A->state, (dynarray_type)A->core.type, sizeof *V, 0, 0);
    index = lua_gettop(L);
    push_user_table(L, index,
                    0); /* checked here, since finalizers may close A here and in array_create */
    check_open(L, A);
    push_anchor_owner(L, A, 1);
    V->parent = lua_touserdata(L, -1);
    lua_setfield(L, -2, PARENT_KEY);
    lua_pop(L, 1);
    if (A->core.flags & ARRAY_VIEW) { /* a view of a view is a view of its parent */
        const View *W = (const View *)A;
        offset += W->offset;
        if (length > W->length) length = W->length;
    }
    V->offset = offset;
    V->length = length;
    array_fix(&V->array.core);
    forget_array(A->state, &V->array); /* a view is never a known array, see view_sync */
    V->array.core.flags = (uint8_t)(ARRAY_VIEW | flags | (A->core.flags & ARRAY_READ_ONLY));
    view_sync(&V->array);
}

/* view(a [, i [, j]]) -> a window on elements i to j */
static int method_view(lua_State *L) {
    Array *A = self_most(L, 3);
    const range r = check_range(L, A, 2);
    push_view(L, A, r.first, r.end - r.first, 0);
    return 1;
}

/* slice(a [, i [, j]]) -> a new array with elements i to j */
static int method_slice(lua_State *L) {
    Array *A = self_most(L, 3), *B;
    const range r = check_range(L, A, 2);
    Options options = options_like(A);
    check_open(L, A);
    options.capacity = r.end - r.first;
    lua_settop(L, 1);
    B = array_new(L, A->state, &options);
    push_view(L, A, r.first, r.end - r.first, 0);
    extend_from(L, B, 2, 3);
    check_still_has(L, B, r.end - r.first);
    lua_settop(L, 2);
    return 1;
}

/* frozen(a) -> a read-only window on all elements, also on those that are added later */
static int method_frozen(lua_State *L) {
    push_view(L, self_most(L, 1), 0, SIZE_MAX, ARRAY_READ_ONLY);
    return 1;
}

const luaL_Reg view_methods[] = {
    {"view", method_view},
    {"frozen", method_frozen},
    {"slice", method_slice},
    {NULL, NULL},
};
